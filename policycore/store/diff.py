"""Compare two runs: what is new, fixed, still there, changed, waived, no longer visible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, and_, func, select

from policycore.model.result import Finding, RunResult
from policycore.model.verdict import Verdict
from policycore.store import schema
from policycore.store.life_cycle import State, judged_by
from policycore.store.presence import everything_present
from policycore.store.runs import RunSummary, load_run

__all__ = ["Change", "RunDiff", "compare_results", "compare_runs"]

_DECIDED = frozenset({Verdict.WAIVED, Verdict.ATTESTED})
_COMPARED = ("verdict", "severity", "enforcement", "clauses", "facts", "message")


@dataclass(frozen=True, slots=True)
class Change:
    """What one finding said before and after; `fields` names what differs."""

    before: Finding
    after: Finding
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RunDiff:
    """Two runs side by side, every list sorted by rule and subject."""

    new: tuple[Finding, ...]
    fixed: tuple[Finding, ...]
    unknown: tuple[Finding, ...]
    """Gone from the later run, but that run could not have reported them."""
    changed: tuple[Change, ...]
    decided: tuple[Change, ...]
    """Waived or attested in the later run only."""
    undecided: tuple[Change, ...]
    """Waived or attested in the earlier run only."""
    still: tuple[Finding, ...]

    def counts(self) -> dict[str, int]:
        """Return how many findings each list holds."""
        return {name: len(getattr(self, name)) for name in self.__slots__}


def compare_runs(connection: Connection, before: RunSummary, after: RunSummary) -> RunDiff:
    """Return what changed from run `before` to run `after`."""
    lost = _lost(connection, after)
    return compare_results(load_run(connection, before), load_run(connection, after), lost=lost)


def _lost(connection: Connection, run: RunSummary) -> frozenset[str]:
    """Return the fingerprints whose state was unknown after `run`: its snapshot decided that, not the result."""
    if run.replay:
        return frozenset()
    moved, finding = schema.transitions, schema.findings
    newest = (
        select(moved.c.finding_id, func.max(moved.c.run_id).label("run_id"))
        .where(moved.c.run_id <= run.id)
        .group_by(moved.c.finding_id)
        .subquery()
    )
    query = (
        select(finding.c.fingerprint)
        .join_from(finding, newest, newest.c.finding_id == finding.c.id)
        .join(moved, and_(moved.c.finding_id == newest.c.finding_id, moved.c.run_id == newest.c.run_id))
        .where(finding.c.ruleset == run.ruleset, moved.c.state == State.UNKNOWN.value)
    )
    return frozenset(connection.scalars(query))


def compare_results(before: RunResult, after: RunResult, *, lost: frozenset[str] = frozenset()) -> RunDiff:
    """Return what changed between two results; `lost` names what is known to be out of sight."""
    old = {finding.fingerprint: finding for finding in before.findings}
    new = {finding.fingerprint: finding for finding in after.findings}
    judged = judged_by(after, everything_present)
    fixed: list[Finding] = []
    unknown: list[Finding] = []
    for fingerprint, finding in old.items():
        if fingerprint not in new:
            subject = finding.subject
            hidden = judged.hidden(finding.rule, subject.kind.value, subject.id, subject.group_id)
            (fixed if hidden is None and fingerprint not in lost else unknown).append(finding)
    changed, decided, undecided, still = _pairs(old, new)
    return RunDiff(
        new=tuple(finding for fingerprint, finding in new.items() if fingerprint not in old),
        fixed=tuple(fixed),
        unknown=tuple(unknown),
        changed=tuple(changed),
        decided=tuple(decided),
        undecided=tuple(undecided),
        still=tuple(still),
    )


def _pairs(
    old: Mapping[str, Finding], new: Mapping[str, Finding]
) -> tuple[list[Change], list[Change], list[Change], list[Finding]]:
    """Return what became of the findings that both runs have."""
    changed: list[Change] = []
    decided: list[Change] = []
    undecided: list[Change] = []
    still: list[Finding] = []
    for fingerprint, after in new.items():
        before = old.get(fingerprint)
        if before is None:
            continue
        differing = tuple(name for name in _COMPARED if getattr(before, name) != getattr(after, name))
        was, now = before.verdict in _DECIDED, after.verdict in _DECIDED
        if now and not was:
            decided.append(Change(before, after, differing))
        elif was and not now:
            undecided.append(Change(before, after, differing))
        elif differing:
            changed.append(Change(before, after, differing))
        else:
            still.append(after)
    return changed, decided, undecided, still
