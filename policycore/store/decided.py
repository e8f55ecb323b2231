"""Keep what people decided, whatever the kind: what it covers, why, who, when, until when, on what evidence, its state.

What a kind says beyond that is its `body`, which whoever defines the kind writes and reads. A record never changes but
by its end; each act is sealed by its entry of the audit trail.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from policycore.store import schema
from policycore.store.kept.acts import rehold, require_acts

__all__ = ["IN_FORCE", "Record", "add_records", "end_record", "records", "remove_record"]

IN_FORCE = "in-force"
"""The state of a record that nobody ended."""


@dataclass(frozen=True, slots=True)
class Record:
    """One decision as the store keeps it."""

    kind: str
    id: str
    body: str
    at: datetime
    ruleset: str = ""
    covers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    reason: str = ""
    person: str = ""
    until: datetime | None = None
    evidence: str = ""
    state: str = IN_FORCE
    ended: datetime | None = None
    ended_by: str = ""
    ended_why: str = ""


_columns = tuple(field.name for field in fields(Record))


def _names(kind: str, ids: Iterable[str]) -> list[str]:
    """Return the names that the audit trail knows records by."""
    return [f"decision {kind} {one}" for one in ids]


def _held(connection: Connection, kind: str, ids: Sequence[str]) -> dict[str, str]:
    """Return what the entry of an act holds of some records."""
    table = schema.decisions.c
    return rehold(connection, "decision", _names(kind, ids), table.kind == kind, table.id.in_(ids))


def add_records(connection: Connection, made: Sequence[Record]) -> dict[str, str]:
    """Keep records, all of one kind, and return what the entry of that act holds."""
    number = connection.scalar(select(func.max(schema.decisions.c.number))) or 0
    rows = [
        {name: getattr(record, name) for name in _columns}
        | {"number": number + place, "covers": json.dumps(record.covers, ensure_ascii=True, sort_keys=True)}
        for place, record in enumerate(made, 1)
    ]
    if not rows:
        return {}
    connection.execute(insert(schema.decisions), rows)
    return _held(connection, made[0].kind, [record.id for record in made])


def end_record(
    connection: Connection, kind: str, name: str, state: str, *, at: datetime, by: str, why: str = ""
) -> dict[str, str]:
    """End a record with a `state` and return what the entry of that act holds."""
    table = schema.decisions
    same = (table.c.kind == kind, table.c.id == name)
    values = {"state": state, "ended": at, "ended_by": by, "ended_why": why}
    connection.execute(update(table).where(*same).values(values))
    return _held(connection, kind, [name])


def remove_record(connection: Connection, kind: str, name: str) -> dict[str, str]:
    """Take a record out that nothing rested on and return what the entry of that act holds."""
    table = schema.decisions
    connection.execute(delete(table).where(table.c.kind == kind, table.c.id == name))
    return _held(connection, kind, [name])


def records(connection: Connection, *kinds: str) -> list[Record]:
    """Return the records of some kinds in the order in which they were made.

    Raises DataError where any is not as the audit trail's entries left it: it must not count.
    """
    require_acts(connection, "decision")
    table = schema.decisions.c
    query = select(*(table[name] for name in _columns)).where(table.kind.in_(kinds)).order_by(table.number)
    rows = (dict(row) for row in connection.execute(query).mappings())
    return [Record(**row | {"covers": json.loads(row["covers"])}) for row in rows]
