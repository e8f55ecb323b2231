"""What people do about findings: notes, assignments, ticked steps, and the plan of what is left to do.

Every act is one transaction with its entry in the audit trail. Each returns what undoes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, func, insert, select, update

from policycore.language import Text
from policycore.model.result import subject_shown
from policycore.store import schema
from policycore.store.kept import audit
from policycore.store.kept.acts import rehold
from policycore.store.lives.last_words import last_words
from policycore.store.lives.life_rows import column_text
from policycore.store.query import FindingFilter
from policycore.store.store import Store
from policycore.text.shown import shown_id

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
_NO_DATE = datetime.max.replace(tzinfo=UTC)


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
    kind: str = ""
    group: str | None = None

    @property
    def about(self) -> str:
        """Return what a person finds it by: the group, and who or what in it."""
        name = subject_shown(self.kind, self.subject)
        return name if self.group in (None, name) else f"{self.group} {name}"


def add_notes(
    store: Store, finding_ids: Iterable[int], text: str, *, author: str = "", now: datetime | None = None
) -> list[int]:
    """Add the same note to findings, to all or to none, and return the notes' numbers."""
    who, at = author or audit.this_person(), now or datetime.now(UTC)
    text = shown_id(text)  # a note stands in every report of its finding
    said = {"at": at, "author": column_text(who), "text": column_text(text)}
    with store.write() as connection:
        first = (connection.scalar(select(func.max(schema.notes.c.id))) or 0) + 1
        made = dict(enumerate(finding_ids, first))
        rows = [{"id": number, "finding_id": finding, **said} for number, finding in made.items()]
        for begin in range(0, len(rows), _AT_ONCE):
            connection.execute(insert(schema.notes), rows[begin : begin + _AT_ONCE])
        _tell_notes(connection, "note", made, who, at)
    return list(made)


def remove_notes(store: Store, numbers: Iterable[int], *, author: str = "") -> None:
    """Take notes back, all or none; those that are gone already count as taken back."""
    note, listed = schema.notes.c, list(numbers)
    with store.write() as connection:
        there: dict[int, int] = {}
        for begin in range(0, len(listed), _AT_ONCE):
            some = note.id.in_(listed[begin : begin + _AT_ONCE])
            there |= {
                row.id: row.finding_id for row in connection.execute(select(note.id, note.finding_id).where(some))
            }
            connection.execute(delete(schema.notes).where(some))
        _tell_notes(connection, "note-removed", there, author, None)


def _tell_notes(connection: Connection, action: str, notes: Mapping[int, int], who: str, at: datetime | None) -> None:
    """Leave an entry in the trail for each few hundred notes that came or went; `notes` says whose each is."""
    numbers, label = sorted(notes), schema.findings.c
    for begin in range(0, len(numbers), _AT_ONCE):
        some = numbers[begin : begin + _AT_ONCE]
        holds = rehold(
            connection, "note", [f"note {notes[number]} {number}" for number in some], schema.notes.c.id.in_(some)
        )
        query = select(label.id, label.label).where(label.id.in_({notes[number] for number in some}))
        labels = {row.id: row.label for row in connection.execute(query)}
        named = [labels.get(notes[number]) or str(notes[number]) for number in some]
        details: dict[str, object] = {"findings": named, "notes": some}
        if len(some) == 1:
            details = {"finding": named[0], "note": some[0]}
        audit.append(connection, action, details, actor=who, at=at, holds=holds)


def assign(store: Store, finding_ids: Iterable[int], person: str | None, *, author: str = "") -> dict[int, str | None]:
    """Make somebody (None: nobody) responsible for working on findings; return who was before."""
    numbers = sorted(set(finding_ids))
    table = schema.findings
    before: dict[int, str | None] = {}
    labels: list[str] = []
    holds: dict[str, str] = {}
    with store.write() as connection:
        for start in range(0, len(numbers), _AT_ONCE):
            some = numbers[start : start + _AT_ONCE]
            columns = select(table.c.id, table.c.assigned_to, table.c.label)
            for row in connection.execute(columns.where(table.c.id.in_(some)).order_by(table.c.id)):
                before[row.id] = row.assigned_to
                labels.append(row.label)
            connection.execute(update(table).where(table.c.id.in_(some)).values(assigned_to=column_text(person)))
            holds |= rehold(connection, "assigned", [f"assigned {number}" for number in some], table.c.id.in_(some))
        audit.append(connection, "assign", {"findings": labels, "to": person}, actor=author, holds=holds)
    return before


def tick(store: Store, finding_id: int, position: int, *, author: str = "", now: datetime | None = None) -> bool:
    """Mark a remediation step as done; False when it was already."""
    who, at = author or audit.this_person(), now or datetime.now(UTC)
    table = schema.step_ticks
    with store.write() as connection:
        same = and_(table.c.finding_id == finding_id, table.c.position == position)
        if connection.scalar(select(func.count()).select_from(table).where(same)):
            return False
        connection.execute(
            insert(table).values(finding_id=finding_id, position=position, at=at, author=column_text(who))
        )
        details, holds = _of_tick(connection, finding_id, position)
        audit.append(connection, "tick", details, actor=who, at=at, holds=holds)
    return True


def untick(store: Store, finding_id: int, position: int) -> bool:
    """Mark a step as not done; False when it was not."""
    table = schema.step_ticks
    with store.write() as connection:
        same = and_(table.c.finding_id == finding_id, table.c.position == position)
        if not connection.execute(delete(table).where(same)).rowcount:
            return False
        details, holds = _of_tick(connection, finding_id, position)
        audit.append(connection, "untick", details, holds=holds)
    return True


def _of_tick(connection: Connection, finding: int, position: int) -> tuple[dict[str, object], dict[str, str]]:
    """Return what the entry of a tick's coming or going says and holds."""
    holds = rehold(connection, "tick", [f"tick {finding} {position}"], schema.step_ticks.c.finding_id == finding)
    return {"finding": _label(connection, finding), "step": position}, holds


def reveal(store: Store, finding_id: int, reason: str, *, author: str = "") -> str:
    """Leave the entry that revealing masked evidence requires; return the new head of the audit trail."""
    if not reason.strip():
        raise ValueError("revealing evidence needs a reason")
    with store.write() as connection:
        details = {"finding": _label(connection, finding_id), "reason": reason}
        return audit.append(connection, "reveal", details, actor=author)


def work_plan(connection: Connection, *, open_only: bool = True, limit: int = 10_000) -> list[PlannedStep]:
    """Return the steps that are left to do, by responsible person and due date."""
    finding = schema.findings.c
    columns = (
        *(finding.id, finding.label, finding.subject_name, finding.department, finding.responsible, finding.due),
        *(finding.subject_kind, finding.group_name),
    )
    query = (
        select(*columns)
        .where(and_(True, *FindingFilter().conditions()))
        .order_by(finding.responsible.nulls_first(), finding.due.nulls_last(), finding.id)
    )
    # Names stand in the order of the database, whichever that is.
    people: dict[str | None, int] = {}

    def order(step: PlannedStep) -> tuple[Any, ...]:
        due = step.due
        return people[step.responsible], due is None, due or _NO_DATE, step.finding_id, step.position

    plan: list[PlannedStep] = []
    # A part at a time: of what comes after the last one that is listed nothing is read.
    for some in connection.execute(query).partitions(_AT_ONCE):
        for row in some:
            people.setdefault(row.responsible, len(people))
        plan += (step for step in _steps(connection, some) if step.done is None or not open_only)
        # A finding is due when its first step is: what comes after the last one here comes after all before it.
        reached = people[some[-1].responsible], some[-1].due is None, some[-1].due or _NO_DATE
        if len(plan) >= limit and sum(order(step)[:3] < reached for step in plan) >= limit:
            break
    return sorted(plan, key=order)[:limit]


def _steps(connection: Connection, rows: Sequence[Any]) -> Iterator[PlannedStep]:
    """Yield the steps of some findings, in the words of what was reported last."""
    numbers = [row.id for row in rows]
    said, done = last_words(connection, numbers), _ticks(connection, numbers)
    for number, label, subject, department, responsible, _, kind, group in rows:
        for place, step in enumerate(said[number].remediation if number in said else ()):
            tick = done.get((number, place))
            names = subject, department, responsible
            yield PlannedStep(
                number, label, place, *names, step.who, step.person, step.what, step.due, tick, kind, group
            )


def _ticks(connection: Connection, numbers: Sequence[int]) -> dict[tuple[int, int], Tick]:
    """Return which steps of findings are ticked."""
    tick = schema.step_ticks.c
    query = select(tick.finding_id, tick.position, tick.at, tick.author).where(tick.finding_id.in_(numbers))
    return {(number, place): Tick(at, author) for number, place, at, author in connection.execute(query)}


def _label(connection: Connection, finding_id: int) -> str:
    """Return the id that people know a finding by."""
    table = schema.findings
    return connection.scalar(select(table.c.label).where(table.c.id == finding_id)) or str(finding_id)
