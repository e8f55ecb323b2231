"""Seal what is kept of a run by its entry in the audit trail, and notice what was altered or taken out since.

The entry holds one hash for each table that has rows of the run; those name files by the hash of their content. The
life of a finding follows from sealed rows alone; see `policycore.store.verify_lives`.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, select
from sqlalchemy.exc import DBAPIError

from policycore.errors import DataError, Problem
from policycore.store import schema
from policycore.store.kept import audit

__all__ = ["PARTS", "altered_parts", "digests", "require_sealed"]

PARTS: dict[str, tuple[Table, str]] = {
    "run": (schema.runs, "id"),
    "body": (schema.run_bodies, "run_id"),
    "files": (schema.run_files, "run_id"),
    "gaps": (schema.run_gaps, "run_id"),
    "moves": (schema.moves, "run_id"),
    "decisions": (schema.run_decisions, "run_id"),
}
"""By what an entry calls them, the tables that hold rows of a run, and the column that names it."""

_UNREADABLE = (TypeError, ValueError, OverflowError, AttributeError, DataError, DBAPIError)
"""What is raised by a row that was written past this program."""


def digests(connection: Connection, run: int) -> dict[str, str]:
    """Return by part the hash of all rows that are kept of a run, '' where they can't even be read."""
    return {name: _digest(connection, table, column, run) for name, (table, column) in PARTS.items()}


def _digest(connection: Connection, table: Table, column: str, run: int) -> str:
    """Return the hash of a run's rows of one table, in the order of their keys."""
    query = select(table).where(table.c[column] == run).order_by(*table.primary_key.columns)
    total = hashlib.sha256()
    try:
        for row in connection.execute(query):
            total.update(msgspec.msgpack.encode(list(row)))
    except _UNREADABLE:
        return ""
    return total.hexdigest()


def altered_parts(connection: Connection, run: int, entry: audit.AuditEntry | None) -> tuple[str, ...]:
    """Return the parts of a run that are not what its entry sealed; all of them where that is not its entry."""
    sealed = _sealed(entry, run)
    found = digests(connection, run)
    return tuple(name for name in PARTS if not found[name] or found[name] != sealed.get(name))


def _sealed(entry: audit.AuditEntry | None, run: int) -> dict[str, Any]:
    """Return the hashes that the entry of a run holds; none where it is changed or another's."""
    if entry is None or entry.action != "run" or entry.hash != entry.expected_hash():
        return {}
    details = json.loads(entry.details)
    sealed = details.get("sealed")
    return sealed if details.get("run") == run and isinstance(sealed, dict) else {}


def require_sealed(connection: Connection, *runs: int) -> None:
    """Raise DataError with all that was altered of `runs`, and where the newest recorded run is gone altogether."""
    problems = []
    for run in runs:
        number = connection.scalar(select(schema.runs.c.entry).where(schema.runs.c.id == run))
        parts = altered_parts(connection, run, None if number is None else audit.entry_at(connection, number))
        if parts:
            problems.append(altered(run, parts))
    last = audit.last_entry(connection, "run")
    newest = None if last is None else json.loads(last.details).get("run")
    if newest is not None and connection.scalar(select(schema.runs.c.id).where(schema.runs.c.id == newest)) is None:
        problems.append(altered(newest, tuple(PARTS)))
    if problems:
        raise DataError(*problems)


def altered(run: int, parts: tuple[str, ...]) -> Problem:
    """Return the problem that parts of a run were altered or taken out."""
    return Problem.of("store.sealed", code="store.altered", run=run, parts=", ".join(parts))
