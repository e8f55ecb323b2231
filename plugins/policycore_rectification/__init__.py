"""Rules on the clean-up that a notice orders: inventories, forms, deadlines, what was announced and what was done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policycore import hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policycore import Rule


@hookimpl
def policycore_rules() -> Sequence[type[Rule]]:
    """Return the rules on rectification."""
    from policycore_rectification.rules.rec001_inventory_handed_in import InventoryHandedIn
    from policycore_rectification.rules.rec003_right_place import RightPlace
    from policycore_rectification.rules.rec004_copies_agree import CopiesAgree
    from policycore_rectification.rules.rec005_group_listed import GroupListed
    from policycore_rectification.rules.rec006_change_done import ChangeDone
    from policycore_rectification.rules.rec007_form_handed_in import FormHandedIn
    from policycore_rectification.rules.rec008_form_signed import FormSigned
    from policycore_rectification.rules.rec009_form_as_issued import FormAsIssued
    from policycore_rectification.rules.rec010_designated_person import DesignatedPerson
    from policycore_rectification.rules.rec011_two_roles import TwoRoles

    return (
        InventoryHandedIn,
        RightPlace,
        CopiesAgree,
        GroupListed,
        ChangeDone,
        FormHandedIn,
        FormSigned,
        FormAsIssued,
        DesignatedPerson,
        TwoRoles,
    )
