"""Let a check that is kept reuse what it knows, keep to a budget, and notice that a run was missed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from policycore.cli.keeping import Keeping
    from policycore.cli.run_log import RunLog
    from policycore.estate.snapshot import Snapshot
    from policycore.model.result import RunResult
    from policycore.operations.pacing import CheckPace
    from policycore.operations.run_context import RunStory
    from policycore.rulesets.resolved import ResolvedRuleSet
    from policycore.store.workspace import Workspace

__all__ = ["pace_of", "punctual", "story_of"]


def pace_of(
    keeping: Keeping,
    snapshot: Snapshot,
    ruleset: ResolvedRuleSet,
    as_of: datetime | None,
    *,
    budget: timedelta | None,
    full: bool,
    log: RunLog,
) -> CheckPace:
    """Return the pace of a check; `full` judges every rule whatever earlier runs said.

    The budget counts from the start of the command, which `log` knows.
    """
    from policycore.operations.pacing import CheckPace
    from policycore.operations.result_cache import ResultCache
    from policycore.operations.rule_inputs import RunInputs

    cache = None
    if keeping.workspace is not None and keeping.keep and not full:
        key = keeping.workspace.key()
        inputs = RunInputs.of(snapshot, as_of, key)
        cache = ResultCache(keeping.workspace.folder / "results", key, ruleset.name, inputs)
    seconds = None if budget is None else max(0.0, budget.total_seconds() - log.seconds)
    return CheckPace(cache, seconds=seconds, listener=log.rule)


def punctual(workspace: Workspace | None, result: RunResult) -> RunResult:
    """Return `result` with what can be said of the run that was due before it, where somebody said when runs are."""
    if workspace is None or workspace.expected_every is None:
        return result
    from policycore.store.missed_run import last_success, punctuality, with_punctuality

    with workspace.open_store() as store, store.read() as connection:
        last = last_success(connection, result.ruleset)
    return with_punctuality(result, punctuality(last, workspace.expected_every, datetime.now(UTC)))


def story_of(keeping: Keeping, format_name: str) -> RunStory | None:
    """Return what the workspace knows of the run that was just recorded, for the formats that tell it."""
    if keeping.workspace is None or keeping.run is None or format_name not in ("prom", "sarif"):
        return None
    from policycore.operations.run_context import run_story
    from policycore.store.runs import find_run

    with keeping.workspace.open_store(read_only=True) as store, store.read() as connection:
        return run_story(connection, find_run(connection, str(keeping.run)))
