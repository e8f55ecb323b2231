"""Notice that a run was missed, and tell reports what the workspace knows of a run."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policycore.cli.keeping import Keeping
    from policycore.model.result import RunResult
    from policycore.operations.run_context import RunStory
    from policycore.store.workspace import Workspace

__all__ = ["punctual", "story_of"]


def punctual(workspace: Workspace | None, result: RunResult) -> RunResult:
    """Return `result` with what can be said of the run that was due before it, where somebody said when runs are."""
    if workspace is None or workspace.expected_every is None:
        return result
    from policycore.store.missed_run import last_run, punctuality, with_punctuality

    with workspace.open_store() as store, store.read() as connection:
        last = last_run(connection, result.ruleset)
    return with_punctuality(result, punctuality(last, workspace.expected_every, datetime.now(UTC)))


def story_of(keeping: Keeping, format_name: str) -> RunStory | None:
    """Return what the workspace knows of the run that was just recorded, for the formats that tell it."""
    if keeping.workspace is None or keeping.run is None or format_name not in ("prom", "sarif"):
        return None
    from policycore.operations.run_context import run_story
    from policycore.store.runs import find_run

    with keeping.workspace.open_store(read_only=True) as store, store.read() as connection:
        return run_story(connection, find_run(connection, str(keeping.run)))
