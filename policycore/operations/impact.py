"""Compare two rule sets over kept snapshots: what would appear, vanish, change, and which waivers would lapse."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from policycore.decisions.read import workspace_decisions
from policycore.decisions.waivers import Standing
from policycore.engine.run import evaluate
from policycore.estate.snapshot import Snapshot
from policycore.model.result import Finding
from policycore.operations.record_check import settle
from policycore.rulesets.resolved import ResolvedRuleSet
from policycore.store.diff import RunDiff, compare_results
from policycore.store.workspace import Workspace

__all__ = ["Impact", "Lapse", "impact_on", "tally"]


@dataclass(frozen=True, slots=True)
class Lapse:
    """A decision that settles something under the old rule set and would not under the new one."""

    kind: str
    id: str
    status: str
    """Why it would not count, or ``not-needed``."""
    settled: int
    """Findings it settles now."""


@dataclass(frozen=True, slots=True)
class Impact:
    """What the change of rule set would do to one snapshot."""

    snapshot: str
    as_of: datetime
    diff: RunDiff
    lapses: tuple[Lapse, ...]
    incomplete: bool
    """Whether a rule broke under either set, so that the comparison misses something."""


def impact_on(workspace: Workspace, snapshot: Snapshot, old: ResolvedRuleSet, new: ResolvedRuleSet) -> Impact:
    """Return what changing `old` for `new` would do to `snapshot`, decisions applied, as of its own time."""
    key, made = workspace.key(), workspace_decisions(workspace)
    before, after = (
        settle(made, evaluate(snapshot, ruleset, evidence_key=key), snapshot, ruleset) for ruleset in (old, new)
    )
    then = {(item.kind, item.id): item for item in after.decided.statuses}
    later = [(item, then.get((item.kind, item.id))) for item in before.decided.statuses]
    lapses = tuple(
        Lapse(now.kind, now.id, str(new.status), now.settled)
        for now, new in later
        if now.status == Standing.IN_FORCE and new is not None and new.status != Standing.IN_FORCE
    )
    return Impact(
        snapshot=snapshot.id,
        as_of=before.result.as_of,
        diff=compare_results(before.result, after.result),
        lapses=lapses,
        incomplete=bool(before.result.problems or after.result.problems),
    )


def tally(findings: Sequence[Finding]) -> tuple[Counter[str], Counter[str]]:
    """Return how many findings there are by department and by clause; '' where they have none."""
    departments = Counter(item.subject.department or item.subject.department_id or "" for item in findings)
    return departments, Counter(clause for item in findings for clause in item.clauses or ("",))
