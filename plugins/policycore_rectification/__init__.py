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
    from policycore_rectification.rules.rec009_form_as_issued import FormAsIssued

    return (FormAsIssued,)
