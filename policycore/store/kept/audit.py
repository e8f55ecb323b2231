"""The audit trail: entries that are only ever added, each sealed with the hash of the one before.

A chain shows that an entry in the middle was changed. It cannot show that the newest entries were
cut off or that the whole trail was written anew; that takes a head hash kept elsewhere, which is
why every run prints it and `verify` takes one.
"""

from __future__ import annotations

import getpass
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Select, insert, select
from sqlalchemy.exc import DBAPIError

from policycore.errors import DataError
from policycore.store import schema
from policycore.store.kept.acts import hold_names
from policycore.store.kept.roles import database_user, require_role

__all__ = [
    "GENESIS",
    "AuditEntry",
    "AuditFault",
    "append",
    "entries",
    "entry_at",
    "head",
    "last_entry",
    "next_sequence",
    "this_person",
    "verify",
]

GENESIS = "0" * 64
"""What the first entry names as the one before it."""

_EPOCH = datetime.fromtimestamp(0, UTC)
_UNREADABLE = (TypeError, ValueError, OverflowError, DataError, DBAPIError)
"""What reading an entry raises that was written past this program: a word for a time, bytes that are no text."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One sealed entry."""

    sequence: int
    at: datetime
    actor: str
    action: str
    details: str
    previous: str
    hash: str

    def expected_hash(self) -> str:
        """Return the hash that this entry's content has."""
        return _seal(self.sequence, self.at, self.actor, self.action, self.details, self.previous)


@dataclass(frozen=True, slots=True)
class AuditFault:
    """Where the trail breaks and how: ``changed``, ``gap``, ``unlinked``, ``cut-off``."""

    sequence: int
    kind: str


def _seal(sequence: int, at: datetime, actor: str, action: str, details: str, previous: str) -> str:
    """Return the hash over everything in an entry and the hash of the entry before it."""
    parts = [sequence, at.astimezone(UTC).isoformat(timespec="microseconds"), actor, action, details, previous]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()


def this_person() -> str:
    """Return the name of the account this process runs under."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        # Containers run under numbers that no account belongs to.
        return "unknown"


def append(
    connection: Connection,
    action: str,
    details: Mapping[str, object],
    *,
    actor: str = "",
    at: datetime | None = None,
    holds: Mapping[str, str] | None = None,
) -> str:
    """Add an entry inside the transaction of what it speaks of, and return the new head hash.

    `holds` are the rows that the act left, as `policycore.store.kept.acts` names them. The transaction must hold the
    writer's lock, so that two entries never follow the same one. Raises UsageError where the actor's role does not
    allow the action.
    """
    who = (actor or this_person()).replace("\x00", "")
    require_role(connection, action, who)
    sequence, previous = _last(connection)
    moment = at or datetime.now(UTC)
    # The store keeps microseconds; the seal must be over what is read back.
    moment = moment.astimezone(UTC)
    told = dict(details)
    if holds:
        told["holds"] = hold_names(holds)
    user = database_user(connection)
    if user:
        told["database_user"] = user
    text = json.dumps(told, ensure_ascii=True, sort_keys=True, default=str)
    seal = _seal(sequence + 1, moment, who, action, text, previous)
    connection.execute(
        insert(schema.audit).values(
            sequence=sequence + 1, at=moment, actor=who, action=action, details=text, previous=previous, hash=seal
        )
    )
    return seal


def next_sequence(connection: Connection) -> int:
    """Return the number that the next entry gets, as long as the transaction holds the writer's lock."""
    return _last(connection)[0] + 1


def head(connection: Connection) -> str:
    """Return the hash of the newest entry, the genesis hash for an empty trail."""
    return _last(connection)[1]


def _last(connection: Connection) -> tuple[int, str]:
    """Return number and hash of the newest entry."""
    table = schema.audit
    row = connection.execute(
        select(table.c.sequence, table.c.hash).order_by(table.c.sequence.desc()).limit(1)
    ).one_or_none()
    return (0, GENESIS) if row is None else (row.sequence, row.hash)


def entries(connection: Connection, *, since: int = 0) -> Iterator[AuditEntry]:
    """Yield the entries after number `since`, oldest first."""
    table = schema.audit
    query = select(table).where(table.c.sequence > since).order_by(table.c.sequence)
    # On the query: on the connection it would hold for every later statement, and a cursor takes no INSERT.
    for row in connection.execute(query.execution_options(yield_per=1000)):
        yield AuditEntry(row.sequence, row.at, row.actor, row.action, row.details, row.previous, row.hash)


def entry_at(connection: Connection, sequence: int) -> AuditEntry | None:
    """Return the entry of that number; None where there is none that can be read."""
    return _one(connection, select(schema.audit).where(schema.audit.c.sequence == sequence))


def last_entry(connection: Connection, action: str) -> AuditEntry | None:
    """Return the newest entry of an action; None where there is none that can be read."""
    table = schema.audit
    return _one(connection, select(table).where(table.c.action == action).order_by(table.c.sequence.desc()).limit(1))


def _one(connection: Connection, query: Select[Any]) -> AuditEntry | None:
    """Return the entry that `query` finds."""
    try:
        row = connection.execute(query).one_or_none()
        entry = None if row is None else AuditEntry(*row)
        if entry is not None:
            entry.expected_hash()
    except _UNREADABLE:
        return None
    return entry


def verify(connection: Connection, kept_heads: tuple[str, ...] = ()) -> AuditFault | None:
    """Return the first fault of the trail, None when it holds.

    `kept_heads` are head hashes that were kept elsewhere; each must still be in the trail.
    """
    try:
        return _first_fault(entries(connection), kept_heads)
    except _UNREADABLE:
        # Somebody wrote what no column of ours can hold; which entry it is shows when each is read alone.
        return _first_fault(_one_by_one(connection), kept_heads)


def _one_by_one(connection: Connection) -> Iterator[AuditEntry]:
    """Yield every entry; one that can't be read has no content, which no seal fits."""
    table = schema.audit
    numbers = connection.scalars(select(table.c.sequence).order_by(table.c.sequence)).all()
    for number in numbers:
        try:
            row = connection.execute(select(table).where(table.c.sequence == number)).one()
            entry = AuditEntry(row.sequence, row.at, row.actor, row.action, row.details, row.previous, row.hash)
            entry.expected_hash()
        except _UNREADABLE:
            entry = AuditEntry(number, _EPOCH, "", "", "", "", "")
        yield entry


def _first_fault(trail: Iterable[AuditEntry], kept_heads: tuple[str, ...]) -> AuditFault | None:
    """Return where the chain of entries breaks first."""
    previous, expected = GENESIS, 1
    missing = set(kept_heads) - {GENESIS}
    for entry in trail:
        if entry.sequence != expected:
            return AuditFault(expected, "gap")
        if entry.expected_hash() != entry.hash:
            return AuditFault(entry.sequence, "changed")
        if entry.previous != previous:
            return AuditFault(entry.sequence, "unlinked")
        missing.discard(entry.hash)
        previous, expected = entry.hash, entry.sequence + 1
    return AuditFault(expected, "cut-off") if missing else None
