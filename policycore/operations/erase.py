"""Erase a person from a workspace: from the store, from its files of decisions, and from snapshots that may go."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

from policycore.decisions.write import undone_on_failure
from policycore.errors import Problem, UsageError
from policycore.operations.address_book import book_without
from policycore.operations.snapshots import needed_snapshots
from policycore.store.erasure import Erased, erase, known_names
from policycore.store.person import MARK, Person, longer_names
from policycore.store.snapshots import Kept, kept_snapshots, remove
from policycore.store.store import Store
from policycore.store.workspace import Workspace
from policycore.system.atomic_files import write_atomically
from policycore.text.clean import clean

__all__ = ["Erasure", "erase_person"]


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was erased of a person, and what goes on naming them."""

    mark: str
    """What stands in their place."""
    stored: Erased
    removed: tuple[str, ...]
    """The snapshots that went because they held the person."""
    held: tuple[str, ...]
    """The snapshots that hold the person and stay: those of newest runs."""
    files: tuple[str, ...]
    """The files of decisions and addresses that named the person."""


@dataclass(slots=True)
class _Known:
    names: set[str] = field(default_factory=set)
    accounts: set[str] = field(default_factory=set)
    called: set[str] = field(default_factory=set)
    snapshots: dict[str, Kept] = field(default_factory=dict)


def erase_person(workspace: Workspace, name: str, *, reason: str = "") -> Erasure:
    """Erase the person whose id, or whose name, is `name`, with an entry in the audit trail that names nobody.

    Raises UsageError for somebody that nothing here knows and for a name that several people have; DataError where the
    store was altered.
    """
    with workspace.lock(), workspace.open_store() as store:
        person, snapshots = _found(store, list(kept_snapshots(workspace.snapshots)), name)
        with store.read() as connection:
            needed = needed_snapshots(connection)
        going = [item.id for item in snapshots if item.id not in needed]
        files = [path for path in (workspace.waivers, workspace.attestations) if path.is_file()]
        # Only names go out of files of decisions: what is decided rests on ids.
        by_name, said = person.by_name(), {path: path.read_bytes() for path in files}
        changed = {path: after for path in files if (after := by_name.text(said[path].decode()).encode()) != said[path]}
        changed |= dict(filter(None, [book_without(workspace, person.ids)]))
        # By the keyed hash the person who asked can be told that it was done.
        told = b"policycore-erased\0" + (person.ids[0] if person.ids else name).encode()
        details = {
            "reason": person.text(reason),
            "snapshots": going,
            "files": [path.name for path in changed],
            "person": hmac.new(workspace.key(), told, "sha256").hexdigest()[:32],
        }
        with ExitStack() as stack:
            for path in changed:
                stack.enter_context(undone_on_failure(path))
            with store.write() as connection:
                stored = erase(connection, person, details)
                for path, content in changed.items():
                    write_atomically(path, content)
        remove(workspace.snapshots, going)
        store.forget()
    held = tuple(item.id for item in snapshots if item.id in needed)
    return Erasure(person.mark, stored, tuple(going), held, tuple(path.name for path in changed))


def _found(store: Store, kept: Sequence[Kept], name: str) -> tuple[Person, list[Kept]]:
    """Return the one person that is meant, and the snapshots that hold them."""
    known: dict[str, _Known] = {}
    everybody: set[str] = set()
    called: set[str] = set()
    # Twice: what one snapshot tells of a person may be looked for in those before it.
    for item in (*kept, *kept):
        _look(item, name, known, everybody)
    for item in kept:
        rows = (row for table in ("groups", "departments") for row in _rows(item, table, ("name",)))
        called.update(row.get("name") or "" for row in rows)
    with store.read() as connection:
        for number, names_told in known_names(connection, name).items():
            known.setdefault(number, _Known()).names |= names_told
    if name in known:
        known = {name: known[name]}
    if len(known) != 1:
        listed = clean(", ".join(sorted(known)), limit=200)
        key = "operations.erase.several" if known else "operations.erase.nobody"
        raise UsageError(Problem.of(key, name=clean(name, limit=60), ids=listed))
    [(number, one)] = known.items()
    names = frozenset(filter(None, one.names))
    person = Person(
        mark=MARK + secrets.token_hex(4),
        ids=(number, *sorted(one.accounts - {number})),
        names=names,
        # Who is called like a group or a department is not told apart from it by that word.
        called=frozenset(filter(None, one.called)) - names - called,
        others=longer_names(names, everybody),
    )
    return person, list(one.snapshots.values())


def _look(item: Kept, name: str, known: dict[str, _Known], everybody: set[str]) -> None:
    """Add what a snapshot knows of everybody whose id, name or account is `name`; who has an account only is that."""
    people = _rows(item, "people", ("id", "name", "former_names"))
    everybody.update(row["name"] for row in people if row.get("name"))
    for row in _rows(item, "accounts", ("id", "person_id"), id=[name]):
        known.setdefault(row.get("person_id") or name, _Known()).accounts.add(name)
    for row in people:
        if name in (row["id"], row.get("name")) or row["id"] in known:
            one = known.setdefault(row["id"], _Known())
            one.names |= {row.get("name") or "", *(row.get("former_names") or ())}
            one.snapshots[item.id] = item
    for number, one in known.items():
        accounts = _rows(item, "accounts", ("id", "name"), person_id=[number])
        accounts += _rows(item, "accounts", ("id", "name"), id=sorted(one.accounts))
        one.accounts |= {row["id"] for row in accounts}
        members = _rows(item, "memberships", ("account_id", "display_name"), account_id=sorted(one.accounts))
        one.called |= {row.get("name") or "" for row in accounts}
        one.called |= {row.get("display_name") or "" for row in members}
        if accounts:
            one.snapshots[item.id] = item


def _rows(item: Kept, table: str, columns: Iterable[str], **wanted: Sequence[str]) -> list[dict[str, Any]]:
    """Return columns of a table of a snapshot, of the rows that have one of the values that are `wanted`."""
    import pyarrow.parquet

    file = item.folder / f"{table}.parquet"
    if not file.is_file() or not all(wanted.values()):
        return []
    there = pyarrow.parquet.ParquetFile(file).schema_arrow.names
    if not ({"id"} & {*columns} | {*wanted}) <= {*there}:
        return []
    filters = [(name, "in", list(values)) for name, values in wanted.items()]
    found = pyarrow.parquet.read_table(
        file, columns=[name for name in columns if name in there], filters=filters or None, partitioning=None
    )
    return list(found.to_pylist())
