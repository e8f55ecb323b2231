"""List what the cells may hold that a rule set's SQL reads and nobody knows, so that the rule can be asked with each.

Of a rule in Python its author says when a value matters (`Needs`); SQL says it itself, once it is asked. Whoever it
judges alike with each word of a closed column is judged; where rows are told from one another, two of them may differ.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from policycore.engine.judging.needs import Knowledge, unknown_in_row
from policycore.engine.judging.reads import deciding_fields
from policycore.engine.judging.rough_times import Shown, compared
from policycore.model.schema import ColumnSchema, table_schema
from policycore.plugin_api.paths import visible

if TYPE_CHECKING:
    from pydantic import BaseModel

    from policycore.engine.session import EstateSession
    from policycore.rulesets.sql.rule import SqlRule

__all__ = ["Tried", "values_to_try"]

_MOST_BITS = 8
_MOST_VALUES = 4
_FEWEST_TRIALS, _MOST_TRIALS, _ROWS_TRIED = 8, 200, 4_000_000
"""How often one rule is asked for what it says of other values: as often as the rows of the estate allow."""

_word = re.compile(r"\w+")
_gathers = re.compile(
    r"\b(group|over|having|distinct|count|sum|avg|min|max|list|mode|any_value|bool_and|bool_or|string_agg|except)\b",
    re.IGNORECASE,
)
_OF_COUNTS = ("memberships", "messages", "accounts")
"""Tables that ``group_facts`` counts: the counts were made before any value is tried."""


@dataclass(frozen=True, slots=True)
class Tried:
    """Columns of which cells are unknown, and what SQL is shown in their place, one after the other."""

    fields: tuple[str, ...]
    options: Sequence[Shown]
    values: int = 0
    """How many of the options show one value in all of the cells; the others mix two."""
    closed: bool = False
    """Whether there are no other values: whom all of them leave as they are needs none."""


def values_to_try(
    session: EstateSession, knowledge: Knowledge, rule: SqlRule, params: BaseModel, ends: Sequence[Tried]
) -> list[Tried]:
    """Return what the cells that nobody knows may hold of the columns that decide what the rule says, beside `ends`.

    Of an open column only those are tried of which rows are compared: of the row itself the engine asks anyway.
    """
    allowed = min(_MOST_TRIALS, _ROWS_TRIED // max(1, sum(session.data.rows.values())))
    most, few = max(_FEWEST_TRIALS, allowed), allowed <= _MOST_VALUES
    found = [one for field in rule.parts.requires for one in _values_of(session, knowledge, rule, params, field, few)]
    closed = [one for one in found if one.closed]
    for chosen in (found, closed, [replace(one, options=one.options[: one.values]) for one in closed]):
        if math.prod(len(one.options) for one in (*ends, *chosen)) <= most:
            return chosen
    return []


def _values_of(
    session: EstateSession, knowledge: Knowledge, rule: SqlRule, params: BaseModel, field: str, few: bool
) -> Iterator[Tried]:
    """Yield what the cells of one column may hold that nobody knows, where there are any and it decides.

    Where there may be `few` trials an open column is not tried: over millions of rows each takes seconds.
    """
    sql, (table, _, name) = rule.parts.sql, field.partition(".")
    words, column = set(_word.findall(sql.lower())), table_schema(table).columns[name]
    if not column.nullable or ("group_facts" in words and table in _OF_COUNTS) or not _has_rows(knowledge, column):
        return
    unknown = unknown_in_row(column, knowledge, visible(table), judged=False)
    rows = unknown and session.cached_count(f"SELECT count(*) FROM {visible(table)} t WHERE {unknown}")
    if not rows or field not in deciding_fields(rule, params):
        return
    compares = compared(table, sql) or _gathers.search(sql) is not None
    closed = bool(column.values) or column.type == "boolean"
    if few and not closed:
        return
    values = _values(session, column, closed=closed) if closed or compares else []
    if values:
        bits = min(_MOST_BITS, rows.bit_length()) if closed and compares and rows > 1 else 0
        options = [{(table, name): one} for one in _options(column, unknown, values, bits)]
        yield Tried((field,), options, len(values), closed)


def _has_rows(knowledge: Knowledge, column: ColumnSchema) -> bool:
    """Return whether all rows are there of which the cells of a column are unknown, and each row tells who lacks it."""
    told = column.table == "groups" or "group_id" in table_schema(column.table).columns
    partial = knowledge.absent(column.table) or knowledge.partial(column.table)
    return not partial and (told or not knowledge.lacking(column.field))


def _values(session: EstateSession, column: ColumnSchema, *, closed: bool) -> list[str]:
    """Return SQL for the values that a column may hold; of an open one the ends, or some that other rows hold."""
    none = [] if column.always == "true" else ["NULL"]
    if closed:
        return [*([f"'{value}'" for value in column.values] or ["true", "false"]), *none]
    if column.type == "time":
        return [f"TIMESTAMPTZ '{column.earliest}'", "as_of()", *none]
    if column.type != "text":
        return []
    held = f"SELECT DISTINCT {column.name} FROM {visible(column.table)} WHERE {column.name} IS NOT NULL ORDER BY 1"
    some = session.arrow(f"{held} LIMIT {_MOST_VALUES}").column(0).to_pylist()
    return ["''", *("'" + value.replace("'", "''") + "'" for value in some), *none]


def _options(column: ColumnSchema, unknown: str, values: Sequence[str], bits: int) -> list[str]:
    """Return SQL for the column with each value in its unknown cells, and with two of them in some and in others."""
    order = ", ".join(f"t.{name}" for name in table_schema(column.table).key)
    number = f"row_number() OVER (PARTITION BY ({unknown}) ORDER BY {order})"
    mixed = [
        f"CASE WHEN (CAST({number} AS BIGINT) >> {bit}) & 1 = 1 THEN {one} ELSE {other} END"
        for bit in range(bits)
        for one in values
        for other in values
        if one != other
    ]
    return [f"CASE WHEN {unknown} THEN {value} ELSE t.{column.name} END" for value in (*values, *mixed)]
