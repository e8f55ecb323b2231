"""Seal what people did by the entries of the audit trail, and notice what was altered since.

An entry names under ``holds`` each row that the act wrote, with the hash of what it holds from then on ('' where it is
gone). Replayed in order, the entries say what must be there.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import BigInteger, Column, ColumnElement, Connection, Text, cast, func, select, true, type_coerce
from sqlalchemy.exc import DBAPIError

from policycore.errors import DataError, Problem
from policycore.language import say
from policycore.store import schema
from policycore.text.clean import clean

__all__ = [
    "KINDS",
    "LIVES",
    "altered_acts",
    "everything_held",
    "held_rows",
    "hold_names",
    "lives_left_by",
    "rehold",
    "require_acts",
]

_TABLES: dict[str, tuple[Any, tuple[str, ...]]] = {
    "note": (schema.notes, ("finding_id", "id")),
    "tick": (schema.step_ticks, ("finding_id", "position")),
    "assigned": (schema.findings, ("id",)),
    "decision": (schema.decisions, ("kind", "id")),
    "role": (schema.roles, ("kind", "who")),
}
"""By the first word of a row's name the table that it stands in, and the columns that the rest of the name gives."""


LIVES = "lives"
"""The kind of one hash for all lives of a rule set."""
KINDS = (*_TABLES, LIVES)
_AT_ONCE = 5000


def held_rows(connection: Connection, kind: str, *conditions: ColumnElement[bool]) -> dict[str, str]:
    """Return by name the hash of each row of a kind that fits."""
    if kind == LIVES:
        return _lives(connection, *conditions)
    table, keys = _TABLES[kind]
    columns = table.columns
    if kind == "assigned":
        columns, conditions = (table.c.assigned_to,), (*conditions, table.c.assigned_to.is_not(None))
    query = select(*(table.c[key].label(f"key_{key}") for key in keys), *_plain(columns)).where(true(), *conditions)
    found = {}
    for row in connection.execute(query):
        name = " ".join((kind, *map(str, row[: len(keys)])))
        found[name] = hashlib.sha256(msgspec.msgpack.encode(list(row[len(keys) :]), enc_hook=str)).hexdigest()
    return found


def _plain(columns: Iterable[Column[Any]]) -> Iterator[ColumnElement[Any]]:
    """Yield columns, times as the numbers they are: one that was altered may be none."""
    yield from (type_coerce(one, BigInteger) if isinstance(one.type, schema.Moment) else one for one in columns)


def _lives(connection: Connection, *conditions: ColumnElement[bool]) -> dict[str, str]:
    """Return one hash for all lives of each rule set: who works on them may change between two runs, nothing else."""
    table, found = schema.findings, {}
    columns = [*_plain(one for one in table.columns if one.name != "assigned_to")]
    # One text a row, made by the database: a hundred thousand are read with every list and every run.
    made = func.json_build_array if connection.dialect.name == "postgresql" else func.json_array
    whole = cast(made(*columns), Text)
    for ruleset in connection.scalars(select(table.c.ruleset).where(true(), *conditions).distinct()).all():
        total = hashlib.sha256()
        query = select(whole).where(table.c.ruleset == ruleset).order_by(table.c.id)
        try:
            for text in connection.scalars(query.execution_options(yield_per=_AT_ONCE)):
                total.update(f"{text}\n".encode())
        except DBAPIError:
            # Bytes where a text stood.
            total.update(b"?")
        found[f"{LIVES} {ruleset}"] = total.hexdigest()
    return found


def everything_held(connection: Connection) -> dict[str, str]:
    """Return by name the hash of each row of every kind."""
    return {name: digest for kind in KINDS for name, digest in held_rows(connection, kind).items()}


def rehold(connection: Connection, kind: str, names: Iterable[str], *conditions: ColumnElement[bool]) -> dict[str, str]:
    """Return what an entry has to hold of the rows of a kind called `names`, as they are now; '' for what is gone."""
    now = held_rows(connection, kind, *conditions)
    return {name: now.get(name, "") for name in names}


def hold_names(holds: Mapping[str, str]) -> dict[str, list[str]]:
    """Return what an entry holds as it is written down: by hash all rows that have it."""
    by_hash: dict[str, list[str]] = {}
    for name, digest in holds.items():
        by_hash.setdefault(digest, []).append(name)
    return {digest: sorted(names) for digest, names in sorted(by_hash.items())}


def _sealed(connection: Connection) -> dict[str, str]:
    """Return by name the hash of each row that must be there."""
    table, found = schema.audit.c, dict[str, str]()
    query = select(table.details).where(table.details.like('%"holds": {%')).order_by(table.sequence)
    for details in connection.scalars(query):
        for digest, names in json.loads(details)["holds"].items():
            found.update(dict.fromkeys(names, digest))
    return {name: digest for name, digest in found.items() if digest}


def lives_left_by(connection: Connection, ruleset: str) -> str:
    """Return the action whose entry sealed the lives of a rule set as they are; '' where it sealed others."""
    name, table = f"{LIVES} {ruleset}", schema.audit.c
    found = held_rows(connection, LIVES, schema.findings.c.ruleset == ruleset).get(name, "")
    query = select(table.action, table.details).where(table.details.like('%"holds": {%'))
    for action, details in connection.execute(query.order_by(table.sequence.desc())):
        for digest, names in json.loads(details)["holds"].items():
            if name in names:
                return action if digest == found else ""
    return ""


def altered_acts(connection: Connection, kinds: Sequence[str]) -> Iterator[Problem]:
    """Yield what is not as the trail's entries left it: altered, added or taken out."""
    sealed = {name: digest for name, digest in _sealed(connection).items() if name.split(" ", 1)[0] in kinds}
    found: dict[str, str] = {}
    for kind in kinds:
        found |= held_rows(connection, kind)
    for name in sorted(sealed.keys() | found.keys()):
        if sealed.get(name) != found.get(name):
            kind, _, rest = name.partition(" ")
            what = say(f"store.act.{kind}", id=clean(rest, limit=80))
            key = "gone" if name not in found else "added" if name not in sealed else "altered"
            yield Problem.of("store.act", code="store.altered", what=say(f"store.act-{key}", what=what))


def require_acts(connection: Connection, *kinds: str) -> None:
    """Raise DataError with everything of some kinds, or of all, that is not as the trail's entries left it."""
    problems = tuple(altered_acts(connection, kinds or KINDS))
    if problems:
        raise DataError(*problems)
