"""Open an estate for one run: a locked-down DuckDB connection over the snapshot's tables.

Parquet is queried in place; the registers that most rules read are copied into memory once where they are small,
because opening a file costs every query about a millisecond. After opening, the connection can neither touch another
file nor change a setting, so that the SQL of a rule set is as harmless as its YAML.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from zoneinfo import ZoneInfo

import duckdb
from pydantic import BaseModel

from policycore.estate.database import MemoryDatabase
from policycore.estate.views import (
    DERIVED,
    GROUP_FACTS,
    PREPARED,
    as_of_views,
    begins,
    raw_columns,
    raw_view,
)
from policycore.model.moments import MACROS, with_latest
from policycore.model.schema import key_columns, table_schemas
from policycore.plugin_api.rule import Query

if TYPE_CHECKING:
    import pyarrow

    from policycore.estate.snapshot import Snapshot

__all__ = ["EstateData", "EstateSession", "SourceData"]

Made = TypeVar("Made")

# Up to this many rows a register is copied into memory; beyond it every query reads Parquet in place. Copying a larger
# one costs more than the five or six rules that read it save.
IN_MEMORY_ROWS = 20_000
_IN_MEMORY = ("departments", "appointments", "accounts")
_KEPT_AS_OF = {"all_groups": "groups", "people": "people"}
"""Tables that nearly every rule reads, with what is behind them: small ones are kept as they stood at the moment."""
_BLOCK = 10_000
_own_scope = re.compile(r"scope_[0-9]+", re.IGNORECASE)
_prepared = re.compile(rf"\b(?:{'|'.join((*PREPARED, 'group_facts'))})\b")
_scoped = re.compile(r"\b(groups|group_facts)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourceData:
    """One source of groups and the ``table.column`` fields it cannot supply."""

    name: str
    lacks: frozenset[str]


@dataclass(frozen=True, slots=True)
class EstateData:
    """Where an estate's tables are: Parquet files, or Arrow tables in memory."""

    id: str
    as_of: datetime
    timezone: str
    sources: tuple[SourceData, ...]
    relations: Mapping[str, Path | pyarrow.Table]
    columns: Mapping[str, tuple[str, ...]]
    rows: Mapping[str, int]

    @classmethod
    def from_snapshot(cls, snapshot: Snapshot) -> EstateData:
        """Return the data of a snapshot on disk."""
        return cls(
            id=snapshot.id,
            as_of=snapshot.as_of,
            timezone=snapshot.timezone,
            sources=tuple(SourceData(source.name, frozenset(source.lacks)) for source in snapshot.sources),
            relations={name: file.path for name, file in snapshot.tables.items()},
            # Every table of a snapshot holds keys and where its rows came from, beside the columns that were supplied.
            columns={
                name: (
                    *file.columns,
                    *(key for column, (key, _) in key_columns()[name].items() if column in file.columns),
                    "_file",
                    "_row",
                )
                for name, file in snapshot.tables.items()
            },
            rows={name: file.rows for name, file in snapshot.tables.items()},
        )


class EstateSession:
    """Answer queries over one estate as of one moment; the `RuleEstate` that rules are given."""

    def __init__(self, data: EstateData, as_of: datetime | None = None, *, threads: int | None = None) -> None:
        self.data = data
        self.as_of = as_of or data.as_of
        self.timezone = ZoneInfo(data.timezone)
        self._scopes: dict[tuple[str, ...], str] = {}
        self._counts: dict[str, int] = {}
        self._prepared: set[str] = set()
        self._begun: set[str] = set()
        self._made = 0
        self.memory: dict[Hashable, Any] = {}
        """What parts of the engine remember for the rest of the run, by name."""
        self._scope = ""
        self._kept = [name for name, behind in _KEPT_AS_OF.items() if self._is_small(behind)]
        self._database = MemoryDatabase()
        self.connection = self._database.connection
        if threads:
            self.connection.execute(f"SET threads = {int(threads)}")
        self._open()

    def _open(self) -> None:
        """Create the tables and views, then lock the connection."""
        run = self.connection.execute
        run(f"SET TimeZone = '{self.timezone.key}'")
        # Progress bars and replacement scans would let SQL see Python variables of this process.
        run("SET python_enable_replacements = false")
        run("SET enable_progress_bar = false")
        self._set_moment()
        run(MACROS)
        # One transaction: committing each of some thirty statements on its own costs more than they do.
        run("BEGIN")
        self._open_raw()
        for name, select in as_of_views(self.data.columns).items():
            run(f"CREATE {'TABLE' if name in self._kept else 'VIEW'} {name} AS {select}")
        run("CREATE VIEW groups AS SELECT * FROM all_groups WHERE dissolved_at IS NULL")
        run("COMMIT")
        paths = [str(path) for path in self.data.relations.values() if isinstance(path, Path)]
        if paths:
            listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
            run(f"SET allowed_paths = [{listed}]")
        run("SET enable_external_access = false")
        run("SET lock_configuration = true")

    def _open_raw(self) -> None:
        """Create ``raw.<table>`` for every table of the model, with all its columns."""
        self.connection.execute("CREATE SCHEMA raw")
        for name, schema in table_schemas().items():
            relation = self.data.relations.get(name)
            columns = self.data.columns.get(name, ())
            if relation is None:
                self.connection.execute(f"CREATE TABLE raw.{name} ({raw_columns(schema)})")
                continue
            if isinstance(relation, Path):
                quoted = str(relation).replace("'", "''")
                source = f"read_parquet('{quoted}')"
                kind = "TABLE" if name in _IN_MEMORY and self._is_small(name) else "VIEW"
            else:
                self.connection.register(f"arrow_{name}", relation)
                source, kind = f"arrow_{name}", "TABLE"
            self.connection.execute(f"CREATE {kind} raw.{name} AS {raw_view(schema, source, columns)}")
            if not isinstance(relation, Path):
                self.connection.unregister(f"arrow_{name}")

    def _is_small(self, table: str) -> bool:
        """Return whether a table is worth a copy in memory."""
        return self.data.rows.get(table, 0) <= IN_MEMORY_ROWS

    def _set_moment(self) -> None:
        """Let SQL know the as-of time."""
        moment = self.as_of.astimezone(UTC).isoformat()
        self.connection.execute(f"CREATE OR REPLACE MACRO as_of() AS TIMESTAMPTZ '{moment}'")

    def move_to(self, as_of: datetime) -> None:
        """Show the estate as it stood at another moment; what was worked out for the one before is forgotten."""
        self.as_of = as_of
        run = self.connection.execute
        run("BEGIN")
        self._set_moment()
        views = as_of_views(self.data.columns)
        for name in self._kept:
            run(f"CREATE OR REPLACE TABLE {name} AS {views[name]}")
        run("CREATE OR REPLACE VIEW groups AS SELECT * FROM all_groups WHERE dissolved_at IS NULL")
        for wanted in list(filter(_looks_up, self._scopes)):
            run(f"DROP TABLE {self._scopes.pop(wanted)}")
        run("COMMIT")
        self._counts.clear()
        self.memory.clear()
        self._scope = ""
        self._begun |= self._prepared
        self._prepared.clear()

    # What rules are given -------------------------------------------------------------------

    def query(self, sql: str, params: BaseModel | Mapping[str, object] | None = None) -> Query:
        """Return a query for the engine to run, with `params` as the values of its ``$name`` places."""
        return Query(sql, self._values(params))

    def rows(self, sql: str, params: BaseModel | Mapping[str, object] | None = None) -> Iterator[dict[str, Any]]:
        """Run `sql` and yield its rows as dictionaries, block by block."""
        table = self.arrow(sql, self._values(params))
        for batch in table.to_batches(max_chunksize=_BLOCK):
            yield from batch.to_pylist()

    def _values(self, params: BaseModel | Mapping[str, object] | None) -> dict[str, object]:
        """Return parameter values by name; nested models as structures."""
        if params is None:
            return {}
        if isinstance(params, BaseModel):
            return params.model_dump()
        return dict(params)

    # What the engine uses -------------------------------------------------------------------

    def arrow(self, sql: str, values: Mapping[str, object] | None = None, where: str = "") -> pyarrow.Table:
        """Run one SELECT and return those of its rows that meet `where` (the result is called ``h`` there).

        Raises duckdb.Error for SQL that does not run, and ValueError for anything but one SELECT.
        """
        sql, where = with_latest(sql), with_latest(where)
        statements = self._single_select(sql)
        if where:
            bare = sql.strip().rstrip(";")
            statements = self._single_select(f"SELECT * FROM (\n{bare}\n) h WHERE {where}")
        # SQL knows names in any case.
        for name in _prepared.findall(sql.lower()):
            self.prepare_named(name)
        offered: dict[str, object] = {"as_of": self.as_of, **(values or {})}
        names = statements[0].named_parameters
        used = {name: _plain(offered[name]) for name in names if name in offered}
        return self.connection.sql(statements[0], params=used or None).to_arrow_table()

    def _single_select(self, sql: str) -> list[duckdb.Statement]:
        """Return the one statement of `sql`; ValueError when it is not one SELECT."""
        statements = self.connection.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise ValueError("a rule's SQL must be a single SELECT")
        return statements

    def batches(self, sql: str, rows: int) -> Iterator[pyarrow.RecordBatch]:
        """Yield the result of one of the engine's own SELECTs in batches of at most `rows` rows."""
        yield from self.connection.sql(sql).to_arrow_reader(rows)

    def scalar(self, sql: str) -> int:
        """Return the one number that `sql` computes."""
        # All rows are fetched: a result that is not read to its end blocks the connection.
        rows = self.connection.execute(with_latest(sql)).fetchall()
        return int(rows[0][0] or 0)

    def cached_count(self, sql: str) -> int:
        """Return the count that `sql` computes, asked only once in a session."""
        if sql not in self._counts:
            self._counts[sql] = self.scalar(sql)
        return self._counts[sql]

    def later_rows(self) -> dict[str, int]:
        """Return by table how many rows lie after the moment, and are not there yet for any rule."""
        counts = [
            f"""SELECT '{table}', count(*) FROM raw.{table} WHERE "{begins(table)}" > as_of()"""
            for table, columns in self.data.columns.items()
            if begins(table) in columns and self.data.rows.get(table)
        ]
        # One statement: what planning each would cost, counting seldom does.
        counted = self.connection.execute(" UNION ALL ".join(counts)).fetchall() if counts else ()
        return {table: number for table, number in counted if number}

    def table_count(self, table: str) -> int:
        """Return the number of rows of a table that does not change any more."""
        return self.cached_count(f"SELECT count(*) FROM {table}")

    @contextmanager
    def relation(self, name: str, table: pyarrow.Table) -> Iterator[None]:
        """Let SQL see `table` under `name` inside a ``with`` block."""
        self.connection.register(name, table)
        try:
            yield
        finally:
            self.connection.unregister(name)

    def offer(self, name: str, table: pyarrow.Table) -> None:
        """Let the engine's SQL see `table` under `name` until another takes its place."""
        self.connection.register(name, table)

    def use_scope(self, *conditions: str) -> str:
        """Make ``groups`` the groups that meet all `conditions`; return the name of the table behind it."""
        wanted = tuple(condition for condition in conditions if condition)
        table = self._scopes.get(wanted)
        if table is None:
            self._made += 1
            table = f"scope_{self._made}"
            where = with_latest(" AND ".join(f"({condition})" for condition in wanted)) or "true"
            kind = "TABLE" if _looks_up(wanted) else "VIEW"
            self.connection.execute(f"CREATE {kind} {table} AS SELECT * FROM all_groups WHERE {where}")
            self._scopes[wanted] = table
        if table != self._scope:
            # Forgotten before it changes: a rule may be stopped between any two of these steps, and the next one must
            # not be judged over the groups of that one.
            self._scope = ""
            self.connection.execute(f"CREATE OR REPLACE VIEW groups AS SELECT * FROM {table}")
            self._scope = table
        return table

    def in_scope(self, rows: pyarrow.Table) -> pyarrow.Table:
        """Return those of `rows` whose ``group_id`` is in scope, or is null (a mistake that must be seen)."""
        import pyarrow.compute

        # A hash lookup in Arrow: as a semi-join in every rule's SQL it would cost each four milliseconds of planning.
        ids = self.memory.get(f"ids of {self._scope}")
        if ids is None:
            ids = self.arrow(f"SELECT id FROM {self._scope}").column("id").combine_chunks()
            self.memory[f"ids of {self._scope}"] = ids
        groups = rows.column("group_id").cast(ids.type)
        kept = pyarrow.compute.or_(pyarrow.compute.is_in(groups, value_set=ids), pyarrow.compute.is_null(groups))
        return rows.filter(kept)

    def prepare(self, table: str, select: str) -> None:
        """Fill a table of the engine's own when it is first needed."""
        if table not in self._prepared:
            # Begun before and not finished: the rule that needed it first was stopped in between.
            again = "OR REPLACE " if table in self._begun else ""
            self._begun.add(table)
            self.connection.execute(f"CREATE {again}TABLE {table} AS {with_latest(select)}")
            self._prepared.add(table)

    def prepare_shared(self, table: str, select: str) -> None:
        """Fill a table that a family of rules shares; ValueError when two mean different things by one name."""
        if self.memory.setdefault(f"shared {table}", select) != select or not table.isidentifier():
            raise ValueError("two rules share different tables under one name")
        taken = (*table_schemas(), *DERIVED)
        if table.lower() in taken or re.fullmatch(r"scope_[0-9]+", table.lower()):
            raise ValueError("a shared table must not take the name of a table of the estate")
        if _scoped.search(select):
            raise ValueError("a shared table must not read groups, whose scope changes from rule to rule")
        self._single_select(select)
        self.prepare(table, select)

    def prepare_named(self, name: str) -> None:
        """Fill a table of `PREPARED`, or what is behind ``group_facts``, when it is first asked for."""
        if name != "group_facts":
            self.prepare(name, PREPARED[name])
        elif name not in self._prepared:
            for part in ("member_counts", "message_counts"):
                self.prepare(part, PREPARED[part])
            self.connection.execute(f"CREATE OR REPLACE VIEW group_facts AS {GROUP_FACTS}")
            self._prepared.add(name)

    def once(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """Return what `make` returned when a rule of this run first asked for `key`: all that the answer rests on."""
        if ("once", key) not in self.memory:
            self.memory["once", key] = make()
        made: Made = self.memory["once", key]
        return made

    def interrupt(self) -> None:
        """Stop the statement that runs now; its caller gets duckdb.InterruptException."""
        self.connection.interrupt()

    def close(self) -> None:
        """Close the connection; harmless when it is closed already."""
        self._database.close()

    def __enter__(self) -> EstateSession:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _looks_up(conditions: tuple[str, ...]) -> bool:
    """Return whether a scope is kept as a table: a plain filter is cheaper asked again, a lookup per group is not."""
    return any("select" in condition.lower() for condition in conditions)


def _plain(value: object) -> object:
    """Return `value` as DuckDB takes it: tuples and sets as lists, enumerations as their words."""
    if isinstance(value, (tuple, set, frozenset)):
        return [_plain(item) for item in value]
    if isinstance(value, str):
        return str(value)
    return value
