"""Check the SQL of a rule set before it runs anywhere: one SELECT, known tables, harmless functions.

The syntax tree is walked with lists of what is allowed; then the query is bound to empty tables, which finds
unknown columns and tells what it returns and reads. The engine's locked connection stands behind all this.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar

import duckdb

from policycore.model.schema import ColumnSchema, own_columns
from policycore.model.words import closed_columns, meant_word
from policycore.rulesets.sql.columns import Columns
from policycore.rulesets.sql.empty_schema import BIND_PREFIX, BoundSql, EmptyEstate, tables_and_columns, typed_columns
from policycore.rulesets.sql.expressions import Expressions
from policycore.rulesets.sql.provenance import Provenance
from policycore.rulesets.sql.relations import Relation, estate_relations
from policycore.rulesets.sql.results import cut_short, never_changing, wrong_results
from policycore.rulesets.sql.told import words_of_people
from policycore.rulesets.sql.tree import SqlFault, Tree, as_called, cte_entries, function_name, moved, nodes, offset_of

__all__ = ["SqlChecker"]

Own = tuple[ColumnSchema, ...]

_TABLE_FUNCTIONS = {"unnest", "range", "generate_series", "generate_subscripts"}
_SOURCES = {"BASE_TABLE", "SUBQUERY", "JOIN", "TABLE_FUNCTION", "EXPRESSION_LIST", "EMPTY"}
_refused = re.compile(
    r"current_|get_current|localtime|json_serialize|json_deserialize|json_execute|parse_duckdb|pg_|add_parquet|is_histogram|version$|getenv|"
    r"(session_)?user$"
)
_macros = re.compile(
    r"(list|array|map|json)_|(as_of|elapsed_days|days_after|local_date|local_hour|local_weekday|is_workday|nullif|split_part|fmod|fdiv|geomean|geometric_mean|wavg|weighted_avg|date_add|"
    r"days_in_month|if|md5_number.*)$"
)


_FAILURES = (duckdb.DataError, duckdb.InvalidInputException, duckdb.SyntaxException, duckdb.NotImplementedException)


class SqlChecker:
    """A checker of statements and conditions; the empty estate opens with the first of them, answers are kept."""

    _rows: ClassVar[list[tuple[str, str, str]]] = []
    """What DuckDB says of its functions: the same for every estate of a process."""
    _relations: ClassVar[dict[Own, dict[str, Relation]]] = {}
    """By what is declared beyond the model, the tables that SQL may read, with what each column can hold."""

    def __init__(self) -> None:
        self._estates: dict[Own, EmptyEstate] = {}
        self._functions: dict[str, bool] = {}
        self._known: dict[tuple[Own, str], tuple[BoundSql | None, list[SqlFault]]] = {}

    def select(self, sql: str, values: Mapping[str, object]) -> tuple[BoundSql | None, list[SqlFault]]:
        """Return what a rule's SELECT returns and reads, or every fault found in it."""
        key = own_columns(), json.dumps([sql, values], default=str, ensure_ascii=False)
        if key not in self._known:
            self._known[key] = self._select(sql, values)
        return self._known[key]

    def condition(self, text: str) -> tuple[BoundSql | None, list[SqlFault]]:
        """Return what a condition over groups reads, or every fault found in it."""
        key = own_columns(), f"condition {text}"
        if key not in self._known:
            self._known[key] = self._condition(text)
        return self._known[key]

    def harmless(self, sql: str, tables: Sequence[str] = ()) -> list[SqlFault]:
        """Return whatever in `sql` is not one SELECT over the estate's tables, or `tables`, by harmless functions."""
        try:
            statement, fault = self._statement(sql)
            return [fault] if fault else list(self._faults(sql, statement["node"], tables))
        except (duckdb.Error, RecursionError, UnicodeError, ValueError):
            return [SqlFault("sql.syntax", None)]

    def tree(self, sql: str) -> Tree:
        """Return the syntax tree of one SELECT; {} where `sql` is none, or cannot be read."""
        try:
            return dict(self._statement(sql)[0].get("node", {}))
        except (duckdb.Error, RecursionError, UnicodeError, ValueError):
            return {}

    def close(self) -> None:
        """Close the empty estates that were opened."""
        while self._estates:
            self._estates.popitem()[1].close()

    def _open(self) -> EmptyEstate:
        """Return the empty estate, opened when first needed."""
        own = own_columns()
        if own not in self._estates:
            self._estates[own] = EmptyEstate()
            for name, kind, stability in self._function_rows(self._estates[own]):
                allowed = stability == "CONSISTENT" if kind != "macro" else bool(_macros.match(name))
                if kind in ("scalar", "aggregate", "window", "macro"):
                    allowed = allowed and not _refused.match(name)
                    self._functions[name] = self._functions.get(name, True) and allowed
        return self._estates[own]

    @classmethod
    def _function_rows(cls, estate: EmptyEstate) -> list[tuple[str, str, str]]:
        """Return name, kind and stability of every function; asked once, for it costs as much as opening an estate."""
        if not cls._rows:
            cls._rows = estate.connection.execute(
                "SELECT function_name, function_type, stability FROM duckdb_functions() ORDER BY ALL"
            ).fetchall()
        return cls._rows

    @cached_property
    def _aggregates(self) -> set[str]:
        """The names of the functions of many rows."""
        return {name for name, kind, _ in self._rows if kind == "aggregate"}

    def _statement(self, sql: str) -> tuple[Tree, SqlFault | None]:
        """Return the one statement of `sql` as a tree; {} and why where there is none."""
        rows = self._open().connection.execute("SELECT json_serialize_sql(?)", [sql]).fetchall()
        answer = json.loads(rows[0][0])
        if not answer.get("error"):
            found: list[Tree] = as_called(answer["statements"])
            return (found[0], None) if len(found) == 1 else ({}, SqlFault("sql.several", None))
        code = "sql.syntax" if answer.get("error_type") == "parser" else "sql.not-select"
        return {}, SqlFault(code, offset_of(sql, answer.get("position")), _near(str(answer.get("error_message", ""))))

    def _select(self, sql: str, values: Mapping[str, object]) -> tuple[BoundSql | None, list[SqlFault]]:
        try:
            statement, fault = self._statement(sql)
            if fault is not None:
                return None, [fault]
            tree = statement["node"]
            faults = list(self._faults(sql, tree))
            faults += [
                SqlFault("sql.unknown-value", _find(sql, f"${name}"), f"${name}", (*values, "as_of"))
                for name in _value_names(statement)
                if name not in values and name != "as_of"
            ]
            if faults:
                return None, faults
            bound = self._open().bind(sql, values)
            aggregates = self._aggregates
            faults = [
                *cut_short(sql, tree, self._computed, aggregates),
                *self._looked_at(sql, tree, bound, values, aggregates),
            ]
            return (None if faults else bound), faults
        except duckdb.Error as error:
            return None, [_fault_of(sql, error)]
        except MemoryError:
            return None, [SqlFault("sql.too-large", None)]
        except (RecursionError, UnicodeError, ValueError):
            return None, [SqlFault("sql.syntax", None)]

    def _looked_at(
        self, sql: str, tree: Tree, bound: BoundSql, values: Mapping[str, object], aggregates: Collection[str]
    ) -> Iterator[SqlFault]:
        """Yield what the expressions of a statement compare in vain, and what of them fails when it runs."""
        expressions = Expressions(sql, values, aggregates, self._computed, self._ordered)
        result = Columns(self._tables(), expressions.look).query(tree)
        yield from expressions.faults
        provenance = Provenance(sql, aggregates)
        read = frozenset(words_of_people()) & bound.scans
        yield from provenance.refused(tree, Columns(self._tables(), provenance.look).query(tree), read) if read else ()
        yield from wrong_results(sql, tree, result, bound)
        yield from self._tried(expressions.trials, values)

    def _tables(self) -> Mapping[str, Relation]:
        """Return the tables that SQL may read; made once for all sets of a process that declare the same."""
        own = own_columns()
        if own not in self._relations:
            typed = typed_columns()
            constants = sorted({constant for columns in typed.values() for _, constant in columns.values()})
            samples = dict(zip(constants, self.tree(f"SELECT {', '.join(constants)}")["select_list"], strict=True))
            listed = {
                table: {name: (field, samples[constant]) for name, (field, constant) in columns.items()}
                for table, columns in typed.items()
            }
            self._relations[own] = estate_relations(listed)
        return self._relations[own]

    def _tried(self, trials: Sequence[tuple[Tree, int | None]], values: Mapping[str, object]) -> Iterator[SqlFault]:
        """Yield the first expression that fails with a value of the type that it is given."""
        try:
            self._try([sample for sample, _ in trials], values)
        except (duckdb.Error, MemoryError):
            for sample, offset in trials:
                try:
                    self._try([sample], values)
                except _FAILURES as error:
                    yield SqlFault("sql.fails", offset, _told(error))
                    return
                except (duckdb.OutOfMemoryException, MemoryError):
                    yield SqlFault("sql.too-large", offset)
                    return
                except duckdb.InterruptException:
                    yield SqlFault("sql.endless", offset)
                    return
                except duckdb.Error:
                    continue

    def _computed(self, expressions: Sequence[Tree]) -> Sequence[Any]:
        """Return what each of some constant expressions comes to; nothing where one of them comes to nothing."""
        try:
            return self._open().compute(self._written(expressions), {})
        except duckdb.Error:
            return ()

    def _ordered(self, constants: Sequence[Tree]) -> Sequence[bytes]:
        """Return by what constants are sorted once they have one type; nothing where they cannot have one."""
        listed = ", ".join("1" for _ in constants)
        keys = (
            f"create_sort_key(list_value({listed})[{number}], 'ASC NULLS LAST')"
            for number in range(1, len(constants) + 1)
        )
        selected = self.tree(f"SELECT {', '.join(keys)}")["select_list"]
        for node in nodes(selected):
            if function_name(node) == "list_value":
                node["arguments"] = [{"name": "", "expression": constant} for constant in constants]
        # The key of a short type comes as a number of eight bytes, of which it takes five.
        return [key if isinstance(key, bytes) else key.to_bytes(8)[:5] for key in self._computed(selected)]

    @cached_property
    def _hashing(self) -> Tree:
        """The syntax tree of a statement that selects one hash."""
        return self._statement("SELECT hash(1)")[0]

    def _written(self, expressions: Sequence[Tree]) -> str:
        """Return SQL that selects what some syntax trees say."""
        node = {**self._hashing["node"], "select_list": list(expressions)}
        told = json.dumps({"error": False, "statements": [{**self._hashing, "node": node}]})
        return str(self._open().connection.execute("SELECT json_deserialize_sql(?)", [told]).fetchall()[0][0])

    def _try(self, samples: Sequence[Tree], values: Mapping[str, object]) -> None:
        """Compute what `samples` say."""
        if not samples:
            return
        # What they come to may be large, and nobody wants to see it.
        call = self._hashing["node"]["select_list"][0]
        hashes = [{**call, "arguments": [{**call["arguments"][0], "expression": sample}]} for sample in samples]
        self._open().compute(self._written(hashes), values)

    def _condition(self, text: str) -> tuple[BoundSql | None, list[SqlFault]]:
        head = "SELECT (\n"
        if any(kind == duckdb.token_type.comment for _, kind in duckdb.tokenize(text)) or ";" in text:
            return None, [SqlFault("sql.condition", None)]
        # Alone and in parentheses: otherwise `a) OR (b` would close what the engine opens.
        tree: Tree = {}
        for before, after in (("SELECT ", ""), (head, "\n) FROM groups")):
            statement, fault = self._statement(f"{before}{text}{after}")
            if fault is not None:
                return None, [moved(fault, len(before))]
            tree = statement["node"]
            listed: list[Tree] = tree.get("select_list", [])
            if len(listed) != 1 or (not after and _has_source(tree)):
                return None, [SqlFault("sql.condition", None)]
        if any(node.get("class") == "SUBQUERY" for node in nodes(tree)):
            return None, [SqlFault("sql.subquery", None)]
        sql = f"{head}{text}\n) AS holds FROM groups"
        bound, faults = self._select(sql, {})
        kind = "" if bound is None else bound.columns.get("holds")
        if kind and kind not in ("BOOLEAN", '"NULL"'):
            return None, [SqlFault("sql.not-condition", None)]
        if kind:
            faults = list(never_changing(sql, listed[0], self._computed, self._aggregates))
            bound = None if faults else bound
        return bound, [moved(fault, len(head)) for fault in faults]

    def _faults(self, sql: str, tree: Any, more: Sequence[str] = ()) -> Iterator[SqlFault]:
        """Yield what in a syntax tree is not on the lists of what is allowed."""
        tables = {**tables_and_columns(), **dict.fromkeys(more, ())}
        own = {entry["key"].lower() for node in nodes(tree) for entry in cte_entries(node)}
        columns = {column for names in tables.values() for column in names}
        # A table function is judged as what is read from, not again as the function in it.
        called = {id(node["function"]) for node in nodes(tree) if node.get("type") == "TABLE_FUNCTION"}
        for node in nodes(tree):
            offset = offset_of(sql, node.get("query_location"))
            if str(node.get("type")).endswith("_NODE") and node.get("sample"):
                yield SqlFault("sql.sample", offset)
            elif _is_source(node):
                yield from self._source_faults(node, offset, tables, own)
            elif node.get("class") in ("FUNCTION", "WINDOW") and node.get("function_name"):
                name = str(node["function_name"]).lower()
                if node.get("is_operator") or name in _TABLE_FUNCTIONS or id(node) in called:
                    continue
                if not self._functions.get(name, False):
                    known = name in self._functions
                    near = tuple(word for word, allowed in self._functions.items() if allowed and word.isidentifier())
                    yield SqlFault(
                        "sql.refused-function" if known or _refused.match(name) else "sql.unknown-function",
                        offset,
                        name,
                        () if known else near,
                    )
            elif node.get("class") == "COLUMN_REF" and len(node.get("column_names", ())) == 1:
                # `current_date` and its like are written as if they were columns.
                name = str(node["column_names"][0]).lower()
                if name not in columns and (self._functions.get(name) is False or _refused.match(name)):
                    yield SqlFault("sql.refused-function", offset, name)

    def _source_faults(
        self, node: dict[str, Any], offset: int | None, tables: Mapping[str, tuple[str, ...]], own: set[str]
    ) -> Iterator[SqlFault]:
        """Yield what is wrong with one thing that a query reads from."""
        kind = node["type"]
        if kind not in _SOURCES:
            yield SqlFault("sql.not-select", offset)
        elif node.get("sample") or node.get("at_clause"):
            yield SqlFault("sql.sample", offset)
        elif node.get("ref_type") == "POSITIONAL":
            yield SqlFault("sql.positional", offset)
        elif kind == "BASE_TABLE":
            path = [str(part) for part in (node.get("qualified_name") or {}).get("path", [node.get("table_name", "")])]
            name = path[-1].lower()
            if len(path) != 1 or (name not in tables and name not in own):
                yield SqlFault("sql.unknown-table", offset, ".".join(path), tuple(tables))
        elif kind == "TABLE_FUNCTION":
            name = str(node["function"].get("function_name", "")).lower()
            if name not in _TABLE_FUNCTIONS:
                yield SqlFault("sql.refused-function", offset, name)


def _is_source(node: dict[str, Any]) -> bool:
    """Return whether a node is something that a query reads from (they, and only they, can carry a sample)."""
    return "sample" in node and "type" in node and "class" not in node and not str(node["type"]).endswith("_NODE")


def _told(error: duckdb.Error) -> str:
    """Return the first line of what the database says."""
    try:
        return str(json.loads(str(error).partition(": ")[2])["exception_message"]).splitlines()[0]
    except (ValueError, KeyError, IndexError):
        return str(error).splitlines()[0]


def _has_source(node: dict[str, Any]) -> bool:
    """Return whether a SELECT reads from anything or has more than its list of results."""
    source = (node.get("from_table") or {}).get("type")
    return source not in (None, "EMPTY") or bool(node.get("where_clause") or node.get("group_expressions"))


def _value_names(statement: Mapping[str, Any]) -> list[str]:
    """Return the names of the ``$name`` places, in order of their first use."""
    names = [
        str(node.get("identifier", ""))
        for node in nodes(statement)
        if node.get("class") == "PARAMETER" and node.get("identifier")
    ]
    return list(dict.fromkeys(names))


def _find(sql: str, word: str) -> int | None:
    found = sql.find(word)
    return found if found >= 0 else None


def _near(message: str) -> str:
    """Return the word that the parser stumbled over."""
    found = re.search(r'at or near "([^"]{1,40})"', message)
    return found[1] if found else ""


def _quoted(word: str) -> tuple[str, ...]:
    """Return in quotes the text that a name which no column has was meant to be; nothing where it may be a column's."""
    closed = closed_columns()
    meant = {meant_word(word, words, field) for field, words in closed.items()} - {None}
    return (f"'{meant.pop() if len(meant) == 1 else word}'",) if meant or not word.isascii() else ()


def _fault_of(sql: str, error: duckdb.Error) -> SqlFault:
    """Return what a binder says, as a fault."""
    try:
        told: dict[str, Any] = json.loads(str(error).partition(": ")[2])
    except ValueError:
        told = {}
    word = str(told.get("name", ""))
    # The binder met the statement behind DESCRIBE, and counts from there.
    offset = offset_of(f"{BIND_PREFIX}{sql}", told.get("position"))
    offset = None if offset is None else max(0, offset - len(BIND_PREFIX))
    if isinstance(error, duckdb.InterruptException):
        return SqlFault("sql.endless", None)
    if told.get("error_subtype") == "COLUMN_NOT_FOUND":
        tables = tables_and_columns()
        elsewhere = tuple(f"{table}.{word}" for table, names in tables.items() if word in names) or _quoted(word)
        if elsewhere:
            return SqlFault("sql.unknown-column", offset, word, elsewhere)
        columns = tuple(dict.fromkeys(column for names in tables.values() for column in names))
        near = tuple(str(told.get("candidates", "")).split(",")) if told.get("candidates") else ()
        return SqlFault("sql.unknown-column", offset, word, tuple(near) + columns)
    if told.get("error_subtype") == "MISSING_ENTRY":
        kind = "sql.unknown-function" if "Function" in str(told.get("type")) else "sql.unknown-table"
        return SqlFault(kind, offset, word, tuple(str(told.get("candidates", "")).split(",")))
    message = str(told.get("exception_message") or type(error).__name__).splitlines()[0]
    return SqlFault("sql.bind", offset, message)
