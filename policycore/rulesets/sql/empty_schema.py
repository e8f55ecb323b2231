"""Bind SQL against an estate without rows: what it returns, which fields it reads, what is wrong with it.

Every name that rules may read is an empty base table here. DuckDB plans the query with no optimizer but
the one that drops unused columns, so the scans of the plan are exactly the columns that the query needs.
"""

from __future__ import annotations

import _thread
import json
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic, sleep
from typing import Any

import duckdb

from policycore.model.moments import MACROS, with_latest
from policycore.model.schema import ColumnSchema, all_schemas, kept_by_schema, key_columns, latest_of, table_schema
from policycore.model.tables import MADE_TABLES
from policycore.model.workdays import assume_workday
from policycore.system.memory import memory_bounded

__all__ = ["BIND_PREFIX", "BoundSql", "EmptyEstate", "tables_and_columns", "typed_columns"]

BIND_PREFIX = "DESCRIBE "
_BIND_SECONDS = 5.0
_BIND_MEMORY = 512 * 1024**2
"""Bytes that the planning of one statement may take beyond what the process has."""
_TYPES = {
    "text": "VARCHAR",
    "enum": "VARCHAR",
    "time": "TIMESTAMPTZ",
    "integer": "BIGINT",
    "number": "DOUBLE",
    "boolean": "BOOLEAN",
    "list": "VARCHAR[]",
    "scope": "STRUCT(departments VARCHAR[], ranks VARCHAR[], titles VARCHAR[], duties VARCHAR[], people VARCHAR[])",
}
_SAME = {
    "all_groups": "groups",
    "group_facts": "groups",
    "membership_history": "memberships",
    "appointment_history": "appointments",
}
# What each count of group_facts is made of; absent fields here make the count itself unknown.
_COUNTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "member_count": ("BIGINT", ("memberships.group_id", "memberships.account_id")),
    "owner_count": ("BIGINT", ("memberships.group_id", "memberships.account_id", "memberships.role")),
    "admin_count": ("BIGINT", ("memberships.group_id", "memberships.account_id", "memberships.role")),
    "message_count": ("BIGINT", ("messages.group_id",)),
    "last_message_at": ("TIMESTAMPTZ", ("messages.group_id", "messages.sent_at")),
    "last_human_message_at": (
        "TIMESTAMPTZ",
        ("messages.group_id", "messages.sent_at", "messages.type", "messages.sender_id", "accounts.kind"),
    ),
}


@kept_by_schema
def tables_and_columns() -> Mapping[str, tuple[str, ...]]:
    """Return the columns of every table and view that SQL may read."""
    tables = {name: (*schema.columns, *map(latest_of, schema.times)) for name, schema in all_schemas().items()}
    tables |= {view: tables[table] for view, table in _SAME.items()}
    tables["group_facts"] += tuple(_COUNTS)
    return tables


_SAMPLES = {
    "VARCHAR": "CAST('文字' AS VARCHAR)",
    "TIMESTAMPTZ": "CAST('2024-03-01 08:30:00+08' AS TIMESTAMPTZ)",
    "BIGINT": "CAST(3 AS BIGINT)",
    "DOUBLE": "CAST(1.5 AS DOUBLE)",
    "BOOLEAN": "CAST(true AS BOOLEAN)",
    "VARCHAR[]": "CAST(['文字'] AS VARCHAR[])",
    _TYPES["scope"]: f"CAST({{'departments': ['文字']}} AS {_TYPES['scope']})",
}


@kept_by_schema
def typed_columns() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """Return by table and column the ``table.column`` of the model that it is, and SQL for a value of its type."""
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for name in tables_and_columns():
        schema = table_schema(_SAME.get(name, name))
        typed = {column.name: (column.field, _TYPES[column.type]) for column in schema.columns.values()}
        typed |= {latest_of(time): ("", "TIMESTAMPTZ") for time in schema.times}
        typed |= {count: ("", kind) for count, (kind, _) in _COUNTS.items() if name == "group_facts"}
        found[name] = {
            column: (field, _SAMPLES.get(kind, f"CAST(NULL AS {kind})")) for column, (field, kind) in typed.items()
        }
    return found


@dataclass(frozen=True, slots=True)
class BoundSql:
    """What one SELECT returns and reads."""

    columns: Mapping[str, str]
    """Type by name of each result column, in order."""
    reads: frozenset[str]
    """Each ``table.column`` of the model that the SELECT cannot do without and that can be missing."""
    scans: frozenset[str]
    """Those, and the ones of tables that the import itself made, which hold words of people too."""
    names: frozenset[str]
    """Names of the ``$name`` places."""


_BEFORE = """
SET TimeZone = 'Asia/Shanghai';
SET python_enable_replacements = false;
SET enable_progress_bar = false;
SET memory_limit = '256MB';
SET temp_directory = '';
CREATE MACRO as_of() AS TIMESTAMPTZ '2024-04-15T00:00:00+00:00';
"""
_AFTER = """
SET errors_as_json = true;
SET enable_external_access = false;
SET lock_configuration = true;
"""


class EmptyEstate:
    """The locked connection over empty tables; SQL bound here can touch nothing at all.

    The keys of a snapshot are no business of a rule set: only with `keys` do the tables have them.
    """

    def __init__(self, *, keys: bool = False) -> None:
        self.connection = duckdb.connect(
            config={"autoinstall_known_extensions": "false", "autoload_known_extensions": "false", "threads": "1"}
        )
        run = self.connection.execute
        run(f"{_BEFORE}{MACROS}{assume_workday(True)};")  # what is unknown is compared without ever failing
        for name in tables_and_columns():
            run(f"CREATE TABLE {name} ({', '.join(_definitions(name, keys=keys))})")
        optimizers = [str(row[0]) for row in run("SELECT name FROM duckdb_optimizers()").fetchall()]
        run(f"SET disabled_optimizers = '{','.join(name for name in optimizers if name != 'unused_columns')}'")
        run(_AFTER)
        self._clock = threading.Lock()
        self._ends: float | None = None
        self._watched = False

    def bind(self, sql: str, values: Mapping[str, object] | None = None) -> BoundSql:
        """Plan `sql` with `values` for its ``$name`` places and return what it returns and reads.

        Raises duckdb.Error for SQL that cannot be bound; nothing is executed.
        """
        sql = with_latest(sql)
        statement, used = self._given(sql, values)
        with self._limited(), memory_bounded(_BIND_MEMORY):
            described = self.connection.execute(f"{BIND_PREFIX}{sql}", used or None).fetchall()
            plan = self.connection.execute(f"EXPLAIN (FORMAT JSON) {sql}", used or None).fetchall()[0][1]
        columns = {str(row[0]): str(row[1]) for row in described}
        scans = [(name, frozenset(_model_fields(name, read))) for name, read in _scans(json.loads(plan))]
        reads = frozenset[str]().union(*(fields for name, fields in scans if name not in MADE_TABLES))
        every = frozenset[str]().union(*(fields for _, fields in scans))
        return BoundSql(columns, reads, every, frozenset(statement.named_parameters))

    def compute(self, sql: str, values: Mapping[str, object] | None = None) -> tuple[object, ...]:
        """Return the one row of `sql`, which reads no table; raises what is raised on the way."""
        _, used = self._given(sql, values)
        with self._limited(), memory_bounded(_BIND_MEMORY):
            return tuple(self.connection.execute(sql, used or None).fetchall()[0])

    def _given(self, sql: str, values: Mapping[str, object] | None) -> tuple[duckdb.Statement, dict[str, object]]:
        """Return the statement of `sql` and those of the `values` that it takes."""
        statement = self.connection.extract_statements(sql)[0]
        offered: dict[str, object] = {"as_of": datetime(2024, 4, 15, tzinfo=UTC), **(values or {})}
        return statement, {name: _bindable(offered[name]) for name in statement.named_parameters if name in offered}

    @contextmanager
    def _limited(self) -> Iterator[None]:
        """Interrupt what takes longer than any honest query takes to be planned."""
        with self._clock:
            self._ends = monotonic() + _BIND_SECONDS
            if not self._watched:
                self._watched = True
                # No thread of a plugin's, whose rule may be what asks first.
                _thread.start_new_thread(_watch, (weakref.ref(self),))
        try:
            yield
        finally:
            with self._clock:
                self._ends = None

    def time_left(self) -> float | None:
        """Return the seconds until the running statement has had its time, None where none runs; interrupt it then."""
        with self._clock:
            if self._ends is None:
                self._watched = False
                return None
            left = self._ends - monotonic()
            if left <= 0:
                self.connection.interrupt()
            return max(left, _BIND_SECONDS / 10)  # an interruption can come before the statement does

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


def _watch(estate: weakref.ref[EmptyEstate]) -> None:
    """Interrupt the statement that outlives its time; end when there is none, or no estate any more.

    One thread serves all statements: a large rule set has thousands, each shorter than the start of a thread.
    """
    left: float | None = _BIND_SECONDS
    while left is not None:
        sleep(left)
        there = estate()
        left = there.time_left() if there else None
        del there  # while it sleeps it keeps nothing


def _definitions(name: str, *, keys: bool) -> list[str]:
    table = _SAME.get(name, name)
    columns: list[ColumnSchema] = list(table_schema(table).columns.values())
    defined = [f'"{column.name}" {_TYPES[column.type]}' for column in columns]
    defined += [f"{latest_of(time)} TIMESTAMPTZ" for time in table_schema(table).times]
    if keys:
        defined += [f"{key} INTEGER" for key, _ in key_columns().get(table, {}).values()]
    if name == "group_facts":
        defined += [f"{count} {kind}" for count, (kind, _) in _COUNTS.items()]
    return defined


def _bindable(value: object) -> object:
    if isinstance(value, (tuple, set, frozenset)):
        return [_bindable(item) for item in value]
    return str(value) if isinstance(value, str) else value


def _scans(plan: list[dict[str, Any]]) -> Iterator[tuple[str, list[str]]]:
    """Yield the table and the columns that each scan of a plan reads."""
    waiting = list(plan)
    while waiting:
        operator = waiting.pop()
        waiting += operator.get("children", ())
        info = operator.get("extra_info", {})
        if "Table" not in info:
            continue
        read = info.get("Projections") or ()
        yield str(info["Table"]).rpartition(".")[2].strip('"'), [read] if isinstance(read, str) else list(read)


def _model_fields(name: str, columns: list[str]) -> Iterator[str]:
    """Yield the model's fields behind columns of one table or view."""
    table = _SAME.get(name, name)
    fields = table_schema(table).columns
    beside = {key: column for column, (key, _) in key_columns().get(table, {}).items()}
    beside |= {latest_of(time): time for time in table_schema(table).times}
    # Without its key columns there are no rows to count.
    keys = [column.name for column in fields.values() if column.key and not column.nullable]
    for column in [part.strip('"') for part in columns] or keys:
        # A field of a structure is read as `scope.people`.
        whole = column.partition(".")[0].strip('"')
        yield from _COUNTS[whole][1] if whole in _COUNTS else (fields[beside.get(whole, whole)].field,)
