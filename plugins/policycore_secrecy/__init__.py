"""Rules on what must never be in a chat group: secrets and what bears their mark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policycore import hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policycore import Rule


@hookimpl
def policycore_rules() -> Sequence[type[Rule]]:
    """Return the secrecy rules."""
    from policycore_secrecy.rules.sec001_classification_mark import ClassificationMark
    from policycore_secrecy.rules.sec002_classification_mark_on_group import ClassificationMarkOnGroup
    from policycore_secrecy.rules.sec003_name_hides_unit import NameHidesUnit
    from policycore_secrecy.rules.sec004_announcement_reminds import AnnouncementReminds
    from policycore_secrecy.rules.sec005_bulk_personal_data import BulkPersonalData
    from policycore_secrecy.rules.sec006_credential import Credential
    from policycore_secrecy.rules.sec007_passed_on import PassedOn

    return (
        ClassificationMark,
        ClassificationMarkOnGroup,
        NameHidesUnit,
        AnnouncementReminds,
        BulkPersonalData,
        Credential,
        PassedOn,
    )
