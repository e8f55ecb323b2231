"""Let go of what old runs found, and of findings that were put right long ago.

Of a run that goes the line in the history stays, with its numbers, and so does what it moved in the lives of findings;
what it found and could not judge, its words and files go. A run stays whole as long as it is the newest of its rule set
or a finding that stays said its last words in it. The entry of the audit trail says what was left of each run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Table, delete, func, select

from policycore.errors import DataError
from policycore.store import schema
from policycore.store.connect import overwrite_removed
from policycore.store.kept import audit
from policycore.store.kept.acts import everything_held, require_acts
from policycore.store.kept.found_files import remove_unnamed
from policycore.store.kept.seal import PRUNE, altered, altered_parts, digests, left_of_runs
from policycore.store.lives.last_words import said_last_in
from policycore.store.lives.life_cycle import State

__all__ = ["Pruned", "prune"]

_GOING = ("body", "files", "gaps")
"""The parts of a run that go."""

_OF_FINDINGS: tuple[Table, ...] = (schema.notes, schema.step_ticks)


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was let go: the numbers of runs, and how many findings."""

    runs: tuple[int, ...]
    findings: int


def prune(connection: Connection, before: datetime, *, now: datetime | None = None) -> Pruned:
    """Let go of runs that were recorded before a time, and of findings that were resolved in such a run.

    In the transaction of `connection`, with an entry in the audit trail where anything goes. Raises DataError where
    a run was altered since it was recorded.
    """
    overwrite_removed(connection)
    held = everything_held(connection)
    require_acts(connection)
    old = _old_runs(connection, before)
    if not old:
        return Pruned((), 0)
    findings = _remove_findings(connection, max(old))
    left = left_of_runs(connection)
    runs = [run for run in _not_needed(connection, old) if not (run in left and left[run].let_go)]
    entries = schema.runs.c
    for run in runs:
        number = connection.scalar(select(entries.entry).where(entries.id == run))
        parts = altered_parts(connection, run, audit.entry_at(connection, number or 0), left)
        if parts:
            raise DataError(altered(run, parts))
    for table in (schema.run_files, schema.run_bodies, schema.run_gaps):
        connection.execute(delete(table).where(table.c.run_id.in_(runs)))
    remove_unnamed(connection)
    if runs or findings:
        after = {run: digests(connection, run) for run in runs}
        now_held = everything_held(connection)
        details = {
            "before": before.isoformat(),
            "runs": {str(run): {name: found[name] for name in _GOING} for run, found in after.items()},
            "findings": findings,
            "until": max(old),
        }
        holds = {name: now_held.get(name, "") for name in held if now_held.get(name) != held[name]}
        audit.append(connection, PRUNE, details, at=now, holds=holds)
    return Pruned(tuple(runs), findings)


def _old_runs(connection: Connection, before: datetime) -> Sequence[int]:
    """Return the runs that are old: all up to the last one that was recorded before a time."""
    runs = schema.runs.c
    # By number, for a clock may go back: what came after a younger run is younger.
    youngest = connection.scalar(select(func.min(runs.id)).where(runs.recorded_at >= before))
    query = select(runs.id).order_by(runs.id)
    return connection.scalars(query if youngest is None else query.where(runs.id < youngest)).all()


def _not_needed(connection: Connection, old: Sequence[int]) -> Sequence[int]:
    """Return which old runs neither are the newest of a rule set nor hold the last words of a finding that stays."""
    runs = schema.runs.c
    newest = select(func.max(runs.id)).group_by(runs.ruleset)
    moved = newest.where(runs.replay.is_(False))
    needed = {*connection.scalars(newest), *connection.scalars(moved)}
    needed.update(connection.scalars(select(said_last_in()).distinct()))
    return [run for run in old if run not in needed]


def _remove_findings(connection: Connection, until: int) -> int:
    """Remove the findings that are resolved since run `until` or an earlier one; return how many."""
    table = schema.findings
    last = select(func.max(table.c.id)).scalar_subquery()
    going = select(table.c.id).where(
        table.c.state == State.RESOLVED.value,
        table.c.state_run <= until,
        # Numbers are never given twice.
        table.c.id < last,
        table.c.last_run.is_not(None),
    )
    count = connection.scalar(select(func.count()).select_from(going.subquery())) or 0
    for other in _OF_FINDINGS:
        connection.execute(delete(other).where(other.c.finding_id.in_(going)))
    connection.execute(delete(table).where(table.c.id.in_(going)))
    return count
