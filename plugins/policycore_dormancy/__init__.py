"""Rules on groups that outlived their purpose: finished, silent, left over, deserted, doubled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policycore import hookimpl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from policycore import Rule


@hookimpl
def policycore_rules() -> Sequence[type[Rule]]:
    """Return the dormancy rules."""
    from policycore_dormancy.rules.dor001_finished_not_dissolved import FinishedNotDissolved
    from policycore_dormancy.rules.dor002_quiet import Quiet
    from policycore_dormancy.rules.dor003_leftover_name import LeftoverName
    from policycore_dormancy.rules.dor004_task_unknown import TaskUnknown
    from policycore_dormancy.rules.dor005_ownerless_or_empty import OwnerlessOrEmpty
    from policycore_dormancy.rules.dor006_overlapping_groups import OverlappingGroups

    return (FinishedNotDissolved, Quiet, LeftoverName, TaskUnknown, OwnerlessOrEmpty, OverlappingGroups)
