"""Write down what came of several sources: who supplies what of which group, and where they differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import numpy
import pyarrow as pa

from policycore.errors import Place, Problem, located
from policycore.estate.checked import CheckedPart
from policycore.estate.manifest import EstateSource
from policycore.estate.parts import FILE_COLUMN, ROW_COLUMN, arrow_schema, row_said
from policycore.estate.problems import PRINTED, problem
from policycore.estate.several.rows import Differing, StackedRows
from policycore.language import say
from policycore.model.moments import known_to
from policycore.model.schema import ColumnSchema, table_schema, table_schemas

__all__ = ["difference_notes", "differences", "group_sources", "is_several", "made_table"]

Tables = Mapping[str, Sequence[CheckedPart]]
_REGISTERS = ("departments", "people", "appointments")
"""Tables whose texts stand in findings as they are; those of groups, members and messages may hold secrets."""
_OF_MESSAGES = ("attachments", "receipts", "approvals")


def is_several(tables: Tables) -> bool:
    """Return whether any table comes from more than one source, or what is said of groups does."""
    named = [{part.part.handed_in.place for part in parts} for parts in tables.values()]
    of_groups = {part.part.handed_in.place for table in _of_groups() for part in tables.get(table, ())}
    return any(len(places) > 1 for places in (*named, of_groups))


def _of_groups() -> list[str]:
    """Return the tables that say something of groups."""
    return ["groups", *(name for name, schema in table_schemas().items() if "group_id" in schema.columns)]


def group_sources(tables: Tables, groups: pa.Table, sources: Sequence[EstateSource]) -> pa.Table:
    """Return which source supplies what of each group: the columns that its files have, less what it lacks.

    A source with a list of groups says of each of them what it says of any; one without speaks of those that it names.
    """
    found: dict[tuple[str, str], frozenset[str]] = {}
    # A hundred thousand groups are supplied in a handful of ways: each of those is kept once.
    together = cache(frozenset[str].union)
    for place in {part.part.handed_in.place for table in _of_groups() for part in tables.get(table, ())}:
        own = {name: [part for part in parts if part.part.handed_in.place == place] for name, parts in tables.items()}
        named = {
            group: source or part.part.handed_in.name
            for part in own.get("groups", ())
            for group, source in zip(_values(part, "id"), _values(part, "source"), strict=True)
        }
        for table in _of_groups():
            parts = own.get(table, [])
            # What it supplies of messages is known by their attachments and the like as well.
            fields = frozenset(
                table_schema(name).columns[column].field
                for name in ((table, *_OF_MESSAGES) if table == "messages" else (table,))
                for part in own.get(name, ())
                for column in part.columns
            )
            about = {group for part in parts for group in _values(part, "id" if table == "groups" else "group_id")}
            for group in about | named.keys() if parts else ():
                key = group, named.get(group) or parts[0].part.handed_in.name
                found[key] = together(found.get(key, frozenset()), fields)
    lacks = {source.name: source.lacks for source in sources}
    places = {group: place for place, group in enumerate(groups.column("id").to_pylist())}
    rows = sorted(key for key in found if key[0] in places)
    from_row = pa.array([places[group] for group, _ in rows], pa.int64())
    listed = cache(lambda fields, source: sorted(fields - lacks.get(source, frozenset())))
    supplied = [listed(found[key], key[1]) for key in rows]
    origin = groups.select([FILE_COLUMN, ROW_COLUMN]).take(from_row)
    named_columns = {"group_id": [group for group, _ in rows], "source": [source for _, source in rows]}
    return made_table("group_sources", {**named_columns, "fields": supplied}, origin.columns)


def _values(part: CheckedPart, name: str) -> Any:
    """Return one column of the good rows of a part; nothing where it does not have it."""
    kept = part.columns[name].filter(pa.array(part.good)) if name in part.columns else pa.nulls(int(part.good.sum()))
    return kept.to_pylist()


def made_table(table: str, columns: Mapping[str, Sequence[Any]], origin: Sequence[Any]) -> pa.Table:
    """Return a table that the import makes, with the place that each row speaks of."""
    schema = arrow_schema(table_schema(table), tuple(columns))
    arrays = [pa.array(values, schema.field(name).type) for name, values in columns.items()]
    return pa.table([*arrays, *origin], names=schema.names).cast(schema)


def differences(found: Sequence[Differing], zone: ZoneInfo) -> pa.Table:
    """Return one row for each cell of which two sources say different things, in the order of tables and columns."""
    tables = [_rows(one, zone) for one in found]
    if not tables:
        nothing: dict[str, list[str]] = {name: [] for name in table_schema("differences").columns}
        return made_table("differences", nothing, [pa.array([], pa.string()), pa.array([], pa.int32())])
    return pa.concat_tables(tables, promote_options="none").unify_dictionaries()


def _rows(found: Differing, zone: ZoneInfo) -> pa.Table:
    """Return the differences in one column of one table."""
    rows = found.rows
    schema = rows.schema
    column = schema.columns[found.column]
    keys = [name for name, part in schema.columns.items() if part.key and not part.nullable]
    identities = zip(*(_taken(rows, name, found.counts) for name in keys), strict=True)
    group = "id" if schema.name == "groups" else "group_id"
    sources = _told_apart(rows, found.counts, found.other)
    columns = {
        "field": [column.field] * len(found.counts),
        "id": ["/".join(map(str, one)) for one in identities],
        "group_id": _taken(rows, group, found.counts) if group in rows.columns else [None] * len(found.counts),
        "source": sources[0],
        "value": _all_said(rows, column, found.counts, zone),
        "other_source": sources[1],
        "other_value": _all_said(rows, column, found.other, zone),
    }
    return made_table("differences", columns, rows.origin(found.counts))


def _taken(rows: StackedRows, name: str, positions: numpy.ndarray) -> Any:
    return rows.columns[name].take(pa.array(positions)).to_pylist()


def _named(rows: StackedRows, positions: numpy.ndarray) -> list[str]:
    """Return the sources of rows: what the file says of a group, else what it was handed in as."""
    named = [part.part.handed_in.name for part in rows.parts]
    sources = _taken(rows, "source", positions) if "source" in rows.columns else [None] * len(positions)
    return [source or named[part] for source, part in zip(sources, rows.part_of[positions].tolist(), strict=True)]


def _told_apart(rows: StackedRows, *positions: numpy.ndarray) -> list[list[str]]:
    """Return the sources of rows that differ in pairs; where both bear one name, where each was handed in."""
    named = [_named(rows, at) for at in positions]
    handed_in = [[rows.parts[part].part.handed_in.place for part in rows.part_of[at].tolist()] for at in positions]
    alike = [len({*pair}) == 1 for pair in zip(*named, strict=True)]
    return [
        [(place if same else "") or name for name, place, same in zip(names, places, alike, strict=True)]
        for names, places in zip(named, handed_in, strict=True)
    ]


def _all_said(rows: StackedRows, column: ColumnSchema, positions: numpy.ndarray, zone: ZoneInfo) -> list[str | None]:
    """Return what the cells of a column at `positions` say."""
    values = _taken(rows, column.name, positions)
    latest = rows.latest[column.name].take(pa.array(positions)).to_pylist() if column.name in rows.latest else values
    return [_said(column, *one, zone) for one in zip(values, latest, strict=True)]


def _said(column: ColumnSchema, value: Any, latest: Any, zone: ZoneInfo) -> str | None:
    """Return what a cell says: of a text that may hold a secret, or a list, only how long it is."""
    if value is None:
        return None
    if column.type == "time":
        local = value.astimezone(zone)
        return known_to(local, (latest or value).astimezone(zone)) or str(local.isoformat())
    if column.type == "boolean":
        return "true" if value else "false"
    plain = column.type in ("enum", "integer", "number") or column.key or column.references
    if plain or (column.type == "text" and column.table in _REGISTERS):
        return str(value)
    return f"[{len(str(value)) if column.type == 'scope' else len(value)}]"


def _in_words(said: object) -> object:
    """Return what a difference says of a cell as a person reads it."""
    if said is None:
        return say("estate.nothing")
    length = re.fullmatch(r"\[([0-9]+)\]", str(said))
    return say("estate.not-shown", length=length[1]) if length else said


def difference_notes(found: pa.Table) -> list[Problem]:
    """Return a note for each field, with how often its sources differ and the first time, and one for all of them."""
    counts = Counter(found.column("field").to_pylist())
    first = {row["field"]: row for row in found.to_pylist()[::-1]}
    notes = []
    for field, count in list(counts.items())[:PRINTED]:
        row = {name: _in_words(value) for name, value in first[field].items()}
        file, inside = located(first[field][FILE_COLUMN], first[field][ROW_COLUMN])
        told: dict[str, Any] = {**row, "row": inside or row_said(first[field][ROW_COLUMN]), "count": count}
        notes.append(problem("note-difference", Place(file), **told))
    if counts:
        notes.append(problem("note-differences", count=found.num_rows))
    return notes
