"""Rules on who answers for a group: owner, creator, admins, first responsible person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policycore import hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policycore import Rule


@hookimpl
def policycore_rules() -> Sequence[type[Rule]]:
    """Return the ownership rules."""
    from policycore_ownership.rules.own001_owner_present import OwnerPresent

    return (OwnerPresent,)
