"""Find who and what several sources mean though their ids differ, and call them by one id.

What one source calls p1 and another 张三 is the same person where both give that name, one department in common, and
nobody else of that name and department. Rows that only their name tells apart are two where their departments differ.
A row of a register of what came in is the file that it speaks of (`registered`). An account made up for a person of a
register is the one account that another source knows of that person. A group of which one source does not know the
department is the only one of its name. Where that does not decide, they stay two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from policycore.errors import Problem
from policycore.estate.checked import CheckedPart
from policycore.estate.parts import HandIn
from policycore.estate.problems import problem
from policycore.estate.several.registered import files_of_registers
from policycore.model.schema import ColumnSchema, table_schema
from policycore.model.tables import Scope
from policycore.model.words import fold_word
from policycore.system.grouped import grouped

__all__ = ["by_hand_in", "call_alike", "pairs_of"]

Tables = Mapping[str, Sequence[CheckedPart]]
_MENTIONS = "mentions"
_PLATFORMS = {"微信": "wechat", "企业微信": "wecom", "钉钉": "dingtalk", "飞书": "feishu"}
"""What registers call platforms, as exports do."""


def call_alike(tables: Tables) -> list[Problem]:
    """Give what several sources know under several ids one id, the first that is no name; return notes of how many.

    Every reference follows.
    """
    if len({part.part.handed_in.place for parts in tables.values() for part in parts}) < 2:
        return []
    # Ids that are only the name of a row, or of the person whose account it is.
    named = {"departments": "name", "people": "name", "groups": "name", "accounts": "person_id"}
    made_up = {
        table: {identity for identity, name in _values(tables.get(table, ()), "id", name) if identity == name}
        for table, name in named.items()
    }
    notes = _files_of_registers(tables)
    for table in named:
        places = list(by_hand_in(tables.get(table, ())))
        steps = [(set(places[:number]), place) for number, place in enumerate(places[1:], 1)]
        if table in ("people", "groups"):
            for earlier, place in steps:
                _tell_apart(tables, table, earlier, place, made_up[table])
        for earlier, place in steps:
            pairs = pairs_of(_signs(tables, table, earlier), _signs(tables, table, {place}))
            if table == "groups":
                alone = _by_name_alone(tables, earlier, place)
                pairs |= {late: early for late, early in alone.items() if late not in pairs}
                notes += [problem("note-same-by-name", names=tuple(sorted(alone)))] if alone else []
            names: dict[str, str] = {}
            if table == "accounts":
                # Two accounts that somebody has are two, though it be one person's.
                pairs = {late: early for late, early in pairs.items() if {late, early} & made_up[table]}
            for late, early in pairs.items():
                real = early in made_up[table] and late not in made_up[table]
                names |= {early: late} if real else {late: early}
            _rename(tables, table, names)
            if pairs:
                notes.append(problem("note-same", table=table, count=len(pairs)))
    return notes


def _files_of_registers(tables: Tables) -> list[Problem]:
    """Call rows of registers of what came in by the files that they speak of; return a note of how many."""
    registered = files_of_registers(tables.get("submissions", ()))
    _rename(tables, "submissions", registered)
    return [problem("note-registered", count=len(registered))] if registered else []


def _by_name_alone(tables: Tables, earlier: set[str], place: str) -> dict[str, str]:
    """Return by id of a group at `place` the earlier one that only its name speaks for.

    An export of chats says nothing of departments: it is the one group of that name, of the same platform as far as
    both say it, where there is no other of that name on either side.
    """
    signs = [_named(tables, earlier), _named(tables, {place})]
    found = {}
    for name, here in signs[1].items():
        there = signs[0].get(name, {})
        for late, (department, platform) in here.items() if len(here) == len(there) == 1 else ():
            [(early, (other, on))] = there.items()
            if late != early and not (department and other) and (not platform or not on or platform == on):
                found[late] = early
    return found


def _named(tables: Tables, places: set[str]) -> dict[str, dict[str, tuple[str, str]]]:
    """Return by name the groups that parts from `places` hold, each with its department and its platform."""
    named: dict[str, dict[str, tuple[str, str]]] = {}
    for part in (one for one in tables.get("groups", ()) if one.part.handed_in.place in places):
        for identity, name, unit, platform in _values([part], "id", "name", "department_id", "platform"):
            on = fold_word(platform or part.part.platform or "")
            if name:
                known = named.setdefault(fold_word(name), {}).get(identity, ("", ""))
                named[fold_word(name)][identity] = (known[0] or unit or "", known[1] or _PLATFORMS.get(on, on))
    return named


def _tell_apart(tables: Tables, table: str, earlier: set[str], place: str, made_up: set[str]) -> None:
    """Give rows that only a name identifies ids of their own where an earlier one of that name is of elsewhere."""
    before, here = _signs(tables, table, earlier), _signs(tables, table, {place})
    names = {
        one: f"{one}({min(here[one])[-1]})"
        for one in made_up & before.keys() & here.keys()
        if before[one] and here[one] and not before[one] & here[one]
    }
    _rename(tables, table, names, {place})


def _signs(tables: Tables, table: str, places: set[str]) -> dict[str, set[tuple[str, ...]]]:
    """Return by id what the rows of `table` in parts from `places` are known by where ids differ."""
    signs: dict[str, set[tuple[str, ...]]] = {}
    parts = [part for part in tables[table] if part.part.handed_in.place in places]
    if table == "accounts":
        for identity, person in _values(parts, "id", "person_id"):
            signs.setdefault(identity, set()).update([(person,)] if person else [])
        return signs
    listed = [part for part in tables.get("appointments", ()) if part.part.handed_in.place in places]
    posts = grouped(_values(listed if table == "people" else (), "person_id", "department_id"))
    for identity, name, department in _values(parts, "id", "name", "department_id"):
        where = posts.get(identity, []) if table == "people" else [department]
        called = fold_word(name or "")
        beside = [()] if table == "departments" else [(one,) for one in where if one]
        signs.setdefault(identity, set()).update((called, *one) for one in beside if called)
    return signs


def _values(parts: Iterable[CheckedPart], *columns: str) -> Iterator[Any]:
    """Yield the values of `columns` row by row; None for a column that a part does not have."""
    return (row for part in parts for row in part.values(*columns) if row[0] is not None)


def by_hand_in(parts: Iterable[CheckedPart]) -> dict[str, list[CheckedPart]]:
    """Return parts by the place of what they were handed in with, in the order in which hand-ins count.

    Of groups what lists of them say counts before what lists of members tell of them beside.
    """

    def counts(part: CheckedPart) -> tuple[bool, HandIn]:
        return part.part.table == "groups" and part.part.derived, part.part.handed_in

    return grouped((part.part.handed_in.place, part) for part in sorted(parts, key=counts))


def pairs_of(first: Mapping[str, set[tuple[str, ...]]], second: Mapping[str, set[tuple[str, ...]]]) -> dict[str, str]:
    """Return by id of the second the id of the first that bears the same signs, where there is exactly one of each."""
    bearers = grouped((sign, identity) for identity in first.keys() - second.keys() for sign in first[identity])
    wanted = {
        late: {early for sign in signs for early in bearers.get(sign, ())}
        for late, signs in second.items()
        if late not in first
    }
    meant = Counter(early for earlies in wanted.values() for early in earlies)
    return {
        late: next(iter(earlies)) for late, earlies in wanted.items() if len(earlies) == 1 and meant[min(earlies)] == 1
    }


def _rename(tables: Tables, table: str, names: Mapping[str, str], places: set[str] | None = None) -> None:
    """Call rows of `table`, and what refers to them, by their new ids: everywhere, or in parts from `places`."""
    for parts in tables.values() if names else ():
        for part in parts:
            if places is not None and part.part.handed_in.place not in places:
                continue
            for name, column in table_schema(part.part.table).columns.items():
                refers = column.references == table or (name == "id" and column.table == table)
                if name in part.columns and (refers or column.type == "scope" or name == _MENTIONS):
                    part.columns[name] = _renamed(part.columns[name], column, table, names)


def _renamed(values: pa.ChunkedArray, column: ColumnSchema, table: str, names: Mapping[str, str]) -> pa.ChunkedArray:
    """Return a column with new ids in place of old ones."""
    if column.type == "text":
        places = pc.index_in(values, value_set=pa.array(list(names), pa.string()))
        return pc.coalesce(pa.array(list(names.values()), pa.string()).take(places.combine_chunks()), values)
    rows = values.to_pylist()
    if column.type == "scope" and table in Scope.model_fields:
        for row in rows:
            if row is not None and row[table]:
                row[table] = [names.get(one, one) for one in row[table]]
    elif column.name == _MENTIONS and table == "accounts":
        rows = [row if row is None else [names.get(one, one) for one in row] for row in rows]
    return pa.chunked_array([pa.array(rows, values.type)])
