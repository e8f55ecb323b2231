"""Tell which columns a condition names, and which a rule's SQL judges by without saying so.

Where such a column is missing, the rule would pass in silence.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from functools import lru_cache
from threading import Lock
from typing import NamedTuple

import duckdb
from pydantic import BaseModel

from policycore.engine.judging.existing import BrokenRuleError
from policycore.engine.judging.subjects import subject_table
from policycore.engine.session import EstateData
from policycore.estate.views import PREPARED, SHARED
from policycore.language import say_both
from policycore.model.schema import kept_by_schema, table_schema, table_schemas
from policycore.plugin_api.paths import as_needs, need_fields
from policycore.plugin_api.rule import Query, Rule
from policycore.rulesets.sql.empty_schema import EmptyEstate
from policycore.rulesets.sql.rule import SqlRule

__all__ = ["check_reads", "deciding_fields", "fields_of_condition", "undeclared_reads"]

_word = re.compile(r"[a-z_]+")
_planning = Lock()
_DEEPEST = 4
"""How many tables of the engine stand behind one another at most."""

_name = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def check_reads(data: EstateData, rule: Rule, query: Query) -> None:
    """Raise BrokenRuleError where `query` judges by columns that the estate lacks and the rule does not declare.

    Only words are compared as long as none of them could be such a column: planning the SQL takes some milliseconds.
    """
    if isinstance(rule, SqlRule):  # what those read is taken from their SQL
        return
    decides, tables = _words(rule, query.sql)
    lacked = {field for source in data.sources for field in source.lacks}
    doubtful = {
        column.field
        for schema in table_schemas().values()
        for column in schema.columns.values()
        if column.name in decides and tables & _views(schema.name)
        if column.name not in data.columns.get(schema.name, ()) or column.field in lacked
    } - _settled(rule)
    missing = undeclared_reads(rule, query) & doubtful if doubtful else ()
    if missing:
        raise BrokenRuleError(say_both("engine.broken.reads", fields=", ".join(sorted(missing))))


def undeclared_reads(rule: Rule, query: Query) -> frozenset[str]:
    """Return each ``table.column`` by which `query` finds its subjects and which the rule does not declare.

    Columns that only facts show are left aside. Empty where the SQL cannot be bound: running it tells why.
    """
    try:
        return _decisive(_Asked(_whole(rule, query.sql), rule.subject.keys, query.values)) - _settled(rule)
    except duckdb.Error:
        return frozenset()


def deciding_fields(rule: SqlRule, params: BaseModel) -> frozenset[str]:
    """Return the fields that the verdicts of a rule set's SQL hang on, those aside that only facts show."""
    sql = rule.parts.sql.strip().rstrip(";")
    told = [name for name in ("verdict",) if name in sql.lower()]
    with suppress(duckdb.Error):
        return _decisive(_Asked(sql, (*rule.subject.keys, *told), params.model_dump()))
    return frozenset(rule.parts.requires)


def _settled(rule: Rule) -> frozenset[str]:
    """Return the fields that a rule declares, those too that it only reads, and those that no row is without."""
    table = subject_table(rule.subject)
    scope = fields_of_condition(rule.applies_when, table.table) if rule.applies_when and table else ()
    needed = (field for need in as_needs(rule.requires) for field in need_fields(need.path))
    return _always_known() | {*scope, *needed, *rule.only_read}


@kept_by_schema
def _always_known() -> frozenset[str]:
    """Return the columns without which there is no row, names, which are shown, and the end that scopes look at."""
    columns = [column for schema in table_schemas().values() for column in schema.columns.values()]
    known = (column.field for column in columns if not column.nullable or column.name in ("name", "title"))
    return frozenset({*known, "groups.dissolved_at"})


def _views(table: str) -> set[str]:
    """Return the names under which SQL may read `table`."""
    return {table, f"all_{table}", f"{table.removesuffix('s')}_history"}


def _selects(rule: Rule) -> dict[str, str]:
    """Return the SELECTs behind the names of shared and prepared tables, but those of whole groups."""
    views = {name: select for name, select in SHARED.items() if "group" not in name}
    return {name.lower(): select for name, select in {**rule.shared, **views, **PREPARED}.items()}


def _words(rule: Rule, sql: str) -> tuple[set[str], set[str]]:
    """Return the words of `sql` that may be columns it judges by, and those that may be tables.

    Of the engine's own tables only what follows WHERE decides which rows there are; the rest is as it is shown.
    """
    selects = _selects(rule)
    decides = set(_word.findall(sql.lower()))
    tables = set(decides)
    for name in sorted(decides & selects.keys()):
        own = name in map(str.lower, rule.shared)
        select = selects[name].lower()
        decides |= set(_word.findall(select if own else select.partition("where")[2]))
        tables |= set(_word.findall(select))
    return decides, tables


def _whole(rule: Rule, sql: str) -> str:
    """Return `sql` with the SELECTs of shared and prepared tables in place of their names."""
    selects = _selects(rule)
    named = re.compile(rf"\b(FROM|JOIN)\s+({'|'.join(map(re.escape, selects))})\b", re.IGNORECASE)
    for _ in range(_DEEPEST):
        sql = named.sub(lambda found: f"{found[1]} ({selects[found[2].lower()]})", sql)
    return sql


class _Asked(NamedTuple):
    """SQL, the keys of its subjects and the values of its parameters, which may be lists of lists."""

    sql: str
    keys: tuple[str, ...]
    values: Mapping[str, object]

    def __hash__(self) -> int:
        return hash((self.sql, self.keys, repr(self.values)))


@lru_cache(256)
def _decisive(asked: _Asked) -> frozenset[str]:
    """Return the columns that the keys, or the number, of the rows of some SQL hang on."""
    chosen = ", ".join(asked.keys) or "count(*)"
    with _planning:
        return _planner().bind(f"SELECT {chosen} FROM (\n{asked.sql}\n)", asked.values).reads


@kept_by_schema
def _planner() -> EmptyEstate:
    """Return the empty estate on which SQL is planned, kept: opening one takes as long as planning ten rules."""
    return EmptyEstate(keys=True)


def fields_of_condition(condition: str, table: str) -> tuple[str, ...]:
    """Return the columns of `table` that a SQL condition names, string literals left aside.

    SQL knows a column in any case (``KIND``). A condition over whole rows (``COLUMNS(…)``, the table as
    a value) reads every column: rather too many groups are unknown than one passes unseen.
    """
    encoded = condition.encode()
    tokens = duckdb.tokenize(condition)
    ends = [start for start, _ in tokens[1:]] + [len(encoded)]
    bare = " ".join(
        encoded[start:end].decode(errors="replace")
        for (start, kind), end in zip(tokens, ends, strict=False)
        if kind is not duckdb.token_type.string_const
    ).lower()
    words = set(_name.findall(bare))
    whole = "columns" in words or re.search(rf"\b(all_)?{table}\b(?!\"?\s*\.)", bare)
    columns = table_schema(table).columns.values()
    return tuple(column.field for column in columns if whole or column.name.lower() in words)
