"""What people do about findings: notes, assignments, ticked steps, and the plan of what is left to do.

Every act is one transaction with its entry in the audit trail. Each returns what undoes it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, and_, delete, func, insert, select, update

from policycore.language import Text
from policycore.store import audit, schema
from policycore.store.query import FindingFilter
from policycore.store.store import Store

__all__ = [
    "PlannedStep",
    "Tick",
    "add_notes",
    "assign",
    "remove_notes",
    "reveal",
    "tick",
    "untick",
    "work_plan",
]


_AT_ONCE = 500
"""Numbers in one statement: databases limit how many a statement may have."""


@dataclass(frozen=True, slots=True)
class Tick:
    """Who ticked a step, and when."""

    at: datetime
    author: str


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """One remediation step of one finding; `done` is None while it is open."""

    finding_id: int
    label: str
    position: int
    subject: str
    department: str | None
    responsible: str | None
    who: str
    person: str | None
    what: Text
    due: datetime | None
    done: Tick | None


def add_notes(
    store: Store, finding_ids: Iterable[int], text: str, *, author: str = "", now: datetime | None = None
) -> list[int]:
    """Add the same note to findings, to all or to none, and return the notes' numbers."""
    who, at = author or audit.this_person(), now or datetime.now(UTC)
    made: list[int] = []
    with store.write() as connection:
        number = connection.scalar(select(func.max(schema.notes.c.id))) or 0
        for finding in finding_ids:
            number += 1
            made.append(number)
            values = {"id": number, "finding_id": finding, "at": at, "author": _storable(who), "text": _storable(text)}
            connection.execute(insert(schema.notes).values(values))
            audit.append(connection, "note", {"finding": _label(connection, finding), "note": number}, actor=who, at=at)
    return made


def remove_notes(store: Store, numbers: Iterable[int], *, author: str = "") -> None:
    """Take notes back, all or none; those that are gone already count as taken back."""
    with store.write() as connection:
        for number in numbers:
            finding = connection.scalar(select(schema.notes.c.finding_id).where(schema.notes.c.id == number))
            if finding is not None:
                connection.execute(delete(schema.notes).where(schema.notes.c.id == number))
                details = {"finding": _label(connection, finding), "note": number}
                audit.append(connection, "note-removed", details, actor=author)


def assign(store: Store, finding_ids: Iterable[int], person: str | None, *, author: str = "") -> dict[int, str | None]:
    """Make somebody (None: nobody) responsible for working on findings; return who was before."""
    numbers = sorted(set(finding_ids))
    table = schema.findings
    before: dict[int, str | None] = {}
    labels: list[str] = []
    with store.write() as connection:
        for start in range(0, len(numbers), _AT_ONCE):
            some = numbers[start : start + _AT_ONCE]
            columns = select(table.c.id, table.c.assigned_to, table.c.label)
            for row in connection.execute(columns.where(table.c.id.in_(some)).order_by(table.c.id)):
                before[row.id] = row.assigned_to
                labels.append(row.label)
            connection.execute(update(table).where(table.c.id.in_(some)).values(assigned_to=_storable(person)))
        audit.append(connection, "assign", {"findings": labels, "to": person}, actor=author)
    return before


def tick(store: Store, finding_id: int, position: int, *, author: str = "", now: datetime | None = None) -> bool:
    """Mark a remediation step as done; False when it was already."""
    who, at = author or audit.this_person(), now or datetime.now(UTC)
    table = schema.step_ticks
    with store.write() as connection:
        same = and_(table.c.finding_id == finding_id, table.c.position == position)
        if connection.scalar(select(func.count()).select_from(table).where(same)):
            return False
        connection.execute(insert(table).values(finding_id=finding_id, position=position, at=at, author=_storable(who)))
        details = {"finding": _label(connection, finding_id), "step": position}
        audit.append(connection, "tick", details, actor=who, at=at)
    return True


def untick(store: Store, finding_id: int, position: int, *, author: str = "") -> bool:
    """Mark a step as not done; False when it was not."""
    table = schema.step_ticks
    with store.write() as connection:
        same = and_(table.c.finding_id == finding_id, table.c.position == position)
        if not connection.execute(delete(table).where(same)).rowcount:
            return False
        details = {"finding": _label(connection, finding_id), "step": position}
        audit.append(connection, "untick", details, actor=author)
    return True


def reveal(store: Store, finding_id: int, reason: str, *, author: str = "") -> str:
    """Leave the entry that revealing masked evidence requires; return the new head of the audit trail."""
    if not reason.strip():
        raise ValueError("revealing evidence needs a reason")
    with store.write() as connection:
        details = {"finding": _label(connection, finding_id), "reason": reason}
        return audit.append(connection, "reveal", details, actor=author)


def work_plan(
    connection: Connection, wanted: FindingFilter | None = None, *, open_only: bool = True, limit: int = 10_000
) -> list[PlannedStep]:
    """Return the steps that are left to do, by responsible person and due date."""
    conditions = (wanted or FindingFilter()).conditions()
    if open_only:
        conditions.append(schema.step_ticks.c.at.is_(None))
    finding, step, done = schema.findings.c, schema.steps.c, schema.step_ticks.c
    query = (
        select(
            finding.id,
            finding.label,
            step.position,
            finding.subject_name,
            finding.department,
            finding.responsible,
            step.who,
            step.person,
            step.what_zh,
            step.what_en,
            step.due,
            done.at,
            done.author,
        )
        .join_from(schema.findings, schema.steps, step.finding_id == finding.id)
        .outerjoin(schema.step_ticks, and_(done.finding_id == step.finding_id, done.position == step.position))
        .where(and_(True, *conditions))
        .order_by(finding.responsible, step.due.is_(None), step.due, finding.id, step.position)
        .limit(limit)
    )
    return [
        PlannedStep(*names, who, person, Text(zh, en), due, None if at is None else Tick(at, author))
        for names, who, person, zh, en, due, at, author in ((row[:6], *row[6:]) for row in connection.execute(query))
    ]


def _label(connection: Connection, finding_id: int) -> str:
    """Return the id that people know a finding by."""
    table = schema.findings
    return connection.scalar(select(table.c.label).where(table.c.id == finding_id)) or str(finding_id)


def _storable(text: str | None) -> str | None:
    """Return text as every database takes it."""
    from policycore.store.rows import column_text

    return column_text(text)
