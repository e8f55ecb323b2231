"""Rules on who is in a group: real names, admission, scope, departures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policycore import hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policycore import Rule


@hookimpl
def policycore_rules() -> Sequence[type[Rule]]:
    """Return the admission rules."""
    from policycore_admission.rules.adm001_display_name_format import DisplayNameFormat
    from policycore_admission.rules.adm002_name_in_directory import NameInDirectory
    from policycore_admission.rules.adm003_unit_matches import UnitMatches
    from policycore_admission.rules.adm004_admitted_by_owner import AdmittedByOwner
    from policycore_admission.rules.adm005_approval_on import ApprovalOn
    from policycore_admission.rules.adm006_outside_scope import OutsideScope
    from policycore_admission.rules.adm007_departed_member import DepartedMember
    from policycore_admission.rules.adm008_expected_member_missing import ExpectedMemberMissing

    return (
        DisplayNameFormat,
        NameInDirectory,
        UnitMatches,
        AdmittedByOwner,
        ApprovalOn,
        OutsideScope,
        DepartedMember,
        ExpectedMemberMissing,
    )
