"""Tell the life of one finding: every state with when, why and by whom, what it said, notes, ticks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, or_, select

from policycore.errors import Problem, UsageError
from policycore.model.result import Finding
from policycore.store import schema
from policycore.store.bodies import finding_from
from policycore.store.life_cycle import Reason, State
from policycore.store.query import said_in
from policycore.store.row_positions import RowPositions

__all__ = ["FindingHistory", "Happening", "Said", "find_finding", "history_of"]


@dataclass(frozen=True, slots=True)
class Happening:
    """One change of state in one run."""

    run: int
    at: datetime
    recorded_at: datetime
    was: State | None
    state: State
    reason: Reason
    decided_by: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What a finding said from one run to another (None: it still says so)."""

    first_run: int
    last_run: int | None
    finding: Finding


@dataclass(frozen=True, slots=True)
class FindingHistory:
    """Everything the store knows of one finding over time."""

    finding_id: int
    ruleset: str
    state: State
    happenings: tuple[Happening, ...]
    said: tuple[Said, ...]
    notes: tuple[tuple[datetime, str, str], ...]

    @property
    def finding(self) -> Finding:
        """Return what the finding said last."""
        return self.said[-1].finding


def find_finding(connection: Connection, name: str) -> int:
    """Return the number of the finding that `name` means: its id, its fingerprint, or the beginning of one.

    Raises UsageError when none or several fit.
    """
    table = schema.findings
    prefix = name.strip()
    pattern = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    found: Sequence[int] = []
    if len(prefix) >= 4:
        query = select(table.c.id).where(
            or_(table.c.label.like(pattern, escape="\\"), table.c.fingerprint.like(pattern.lower(), escape="\\"))
        )
        found = connection.scalars(query.limit(2)).all()
    if len(found) == 1:
        return found[0]
    key = "store.many-findings" if found else "store.no-finding"
    raise UsageError(Problem.of(key, name=prefix[:60]))


def history_of(connection: Connection, finding_id: int, timezone: ZoneInfo) -> FindingHistory:
    """Return the life of one finding, oldest first."""
    finding = schema.findings
    row = connection.execute(select(finding.c.ruleset, finding.c.state).where(finding.c.id == finding_id)).one()
    return FindingHistory(
        finding_id=finding_id,
        ruleset=row.ruleset,
        state=State(row.state),
        happenings=tuple(_happenings(connection, finding_id)),
        said=tuple(_said(connection, finding_id, timezone)),
        notes=tuple(
            (at, author, text)
            for at, author, text in connection.execute(
                select(schema.notes.c.at, schema.notes.c.author, schema.notes.c.text)
                .where(schema.notes.c.finding_id == finding_id)
                .order_by(schema.notes.c.id)
            )
        ),
    )


def _happenings(connection: Connection, finding_id: int) -> list[Happening]:
    """Return every change of state."""
    moved, runs = schema.transitions, schema.runs
    query = (
        select(
            moved.c.run_id,
            moved.c.at,
            runs.c.recorded_at,
            moved.c.was,
            moved.c.state,
            moved.c.reason,
            moved.c.decided_by,
        )
        .join_from(moved, runs, runs.c.id == moved.c.run_id)
        .where(moved.c.finding_id == finding_id)
        .order_by(moved.c.run_id)
    )
    return [
        Happening(run, at, recorded, None if was is None else State(was), State(state), Reason(reason), by)
        for run, at, recorded, was, state, reason, by in connection.execute(query)
    ]


def _said(connection: Connection, finding_id: int, timezone: ZoneInfo) -> list[Said]:
    """Return everything the finding ever said."""
    said = schema.occurrences
    query = (
        select(said.c.first_run, said.c.last_run, said.c.body, said_in(said))
        .join_from(said, schema.findings, schema.findings.c.id == said.c.finding_id)
        .where(said.c.finding_id == finding_id)
        .order_by(said.c.first_run)
    )
    places = RowPositions(connection)
    return [
        Said(first, last, finding_from(places.placed(body, finding_id, run), timezone))
        for first, last, body, run in connection.execute(query).all()
    ]
