"""Seal what is kept of a run by its entry in the audit trail, and notice what was altered or taken out since.

The entry holds one hash for each table that has rows of the run; those name files by the hash of their content. The
life of a finding follows from sealed rows alone; see `policycore.store.verify`.

What is erased of a person, and what is let go for its age, is an entry of its own: it holds the hashes of what was
left. Counts, verdicts and the lives of findings have one more hash in the run's own entry, which no later entry
replaces: an erasure that took a finding away would be noticed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import Connection, Table, select
from sqlalchemy.exc import DBAPIError

from policycore.errors import DataError, Problem
from policycore.model.findings import Findings
from policycore.store import schema
from policycore.store.kept import audit

__all__ = [
    "ERASE",
    "LASTING",
    "PARTS",
    "PRUNE",
    "Left",
    "altered",
    "altered_parts",
    "digests",
    "lasting_digest",
    "left_of_runs",
    "let_go_until",
    "require_every_run",
    "require_sealed",
    "sealed_of",
]

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


LASTING = "lasting"
"""What an entry calls the hash of what no erasure changes."""

ERASE, PRUNE = "erase", "prune"
"""The actions whose entries say what was left of runs."""


@dataclass(slots=True)
class Left:
    """What was left of a run: by part the hashes that replace the sealed ones, and whether its findings were let go."""

    parts: dict[str, str] = field(default_factory=dict)
    let_go: bool = False


def left_of_runs(connection: Connection) -> dict[int, Left]:
    """Return by run what erasures, and the rule of how long runs are kept, left of it."""
    found: dict[int, Left] = {}
    for action, details in _acts(connection, ERASE, PRUNE):
        for run, parts in details.get("runs", {}).items():
            left = found.setdefault(int(run), Left())
            left.let_go |= action == PRUNE
            # The line of a run in the history, and its number of findings, stay whatever becomes of the rest.
            left.parts |= {name: digest for name, digest in parts.items() if name != "run"}
    return found


def let_go_until(connection: Connection) -> int:
    """Return the last run such that findings that were resolved in it, or before it, were let go; 0 for none."""
    return max((int(details["until"]) for _, details in _acts(connection, PRUNE)), default=0)


def _acts(connection: Connection, *actions: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield action and details of the entries of some actions that are what was sealed, oldest first."""
    table = schema.audit.c
    query = select(table.sequence).where(table.action.in_(actions)).order_by(table.sequence)
    for number in connection.scalars(query).all():
        entry = audit.entry_at(connection, number)
        if entry is not None and entry.hash == entry.expected_hash():
            yield entry.action, json.loads(entry.details)


def lasting_digest(connection: Connection, run: int, findings: Findings) -> str:
    """Return the hash of what no erasure changes in a run: what was found by rule and verdict, gaps, lives, counts."""
    total = hashlib.sha256()
    columns = ("rule", "fingerprint", "verdict", "severity", "enforcement", "kind")
    index = findings.index
    total.update(
        msgspec.msgpack.encode(sorted(zip(*(index.column(name).to_pylist() for name in columns), strict=True)))
    )
    for name, text in (("gaps", "subjects"), ("moves", "decided_by"), ("decisions", "reason")):
        table, column = PARTS[name]
        kept = select(*(one for one in table.columns if one.name != text)).where(table.c[column] == run)
        for row in connection.execute(kept.order_by(*table.primary_key.columns)):
            total.update(msgspec.msgpack.encode(list(row)))
    return total.hexdigest()


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


def altered_parts(
    connection: Connection, run: int, entry: audit.AuditEntry | None, left: Mapping[int, Left] | None = None
) -> tuple[str, ...]:
    """Return the parts of a run that are not what its entry sealed; all of them where that is not its entry.

    `left` is what `left_of_runs` returns, for those who ask about many runs.
    """
    sealed = sealed_of(entry, run)
    if sealed:
        sealed |= (left_of_runs(connection) if left is None else left).get(run, Left()).parts
    found = digests(connection, run)
    return tuple(name for name in PARTS if not found[name] or found[name] != sealed.get(name))


def sealed_of(entry: audit.AuditEntry | None, run: int) -> dict[str, Any]:
    """Return the hashes that the entry of a run holds; none where it is changed or another's."""
    if entry is None or entry.action != "run" or entry.hash != entry.expected_hash():
        return {}
    details = json.loads(entry.details)
    sealed = details.get("sealed")
    return sealed if details.get("run") == run and isinstance(sealed, dict) else {}


def require_sealed(connection: Connection, *runs: int) -> None:
    """Raise DataError with all that was altered of `runs`, and where the newest recorded run is gone altogether."""
    problems = []
    left = left_of_runs(connection)
    for run in runs:
        number = connection.scalar(select(schema.runs.c.entry).where(schema.runs.c.id == run))
        parts = altered_parts(connection, run, None if number is None else audit.entry_at(connection, number), left)
        if parts:
            problems.append(altered(run, parts))
    last = audit.last_entry(connection, "run")
    newest = None if last is None else json.loads(last.details).get("run")
    if newest is not None and connection.scalar(select(schema.runs.c.id).where(schema.runs.c.id == newest)) is None:
        problems.append(altered(newest, tuple(PARTS)))
    if problems:
        raise DataError(*problems)


def require_every_run(connection: Connection) -> None:
    """Raise DataError where a run that the trail sealed is gone altogether."""
    table = schema.audit.c
    sealed = {json.loads(one)["run"] for one in connection.scalars(select(table.details).where(table.action == "run"))}
    gone = sorted(sealed - {*connection.scalars(select(schema.runs.c.id))})
    if gone:
        raise DataError(*(altered(run, tuple(PARTS)) for run in gone))


def altered(run: int, parts: tuple[str, ...]) -> Problem:
    """Return the problem that parts of a run were altered or taken out."""
    return Problem.of("store.sealed", code="store.altered", run=run, parts=", ".join(parts))
