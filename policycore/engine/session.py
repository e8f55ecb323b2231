"""Open an estate for one run: a locked-down DuckDB connection over the snapshot's tables.

Nothing is read before SQL names it: every table and view is made when it is first needed, those of few rows in
memory, because opening a file costs every query about a millisecond; large ones are queried in place. The connection
can neither touch another file nor change a setting, so that the SQL of a rule set is as harmless as its YAML.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, cast
from zoneinfo import ZoneInfo

import duckdb
from pydantic import BaseModel

from policycore.engine.as_shown import select_shown
from policycore.engine.estate_data import EstateData, SourceData
from policycore.estate.database import MemoryDatabase
from policycore.estate.views import DERIVED, PREPARED, SHARED, as_of_views, begins, raw_view
from policycore.model.moments import MACROS, with_latest
from policycore.model.schema import all_schemas, declared, latest_of
from policycore.model.workdays import CalendarYear, assume_workday, workday_macro
from policycore.plugin_api.rule import Query

if TYPE_CHECKING:
    import pyarrow


__all__ = ["EstateData", "EstateSession", "SourceData"]

Made = TypeVar("Made")

# Up to this many rows a table is kept in memory as it stood at the moment; beyond it every query reads Parquet in
# place. Copying a larger one costs more than the five or six rules that read it save.
IN_MEMORY_ROWS = 20_000
# Up to this many rows in all, a second thread costs more than it saves.
ONE_THREAD_ROWS = 100_000
_BLOCK = 10_000
_names = re.compile(r"(?:\braw\.)?\b[a-z_]\w*")
_scoped = re.compile(r"\b(groups|group_facts)\b", re.IGNORECASE)
_late = re.compile(r"as_of|elapsed_days|days_after", re.IGNORECASE)
"""What asks how late it is."""


class EstateSession:
    """One estate as of one moment, which answers queries; the `RuleEstate` that rules are given."""

    def __init__(
        self,
        data: EstateData,
        as_of: datetime | None = None,
        *,
        threads: int | None = None,
        evidence_key: bytes | None = None,
    ) -> None:
        self.data = data
        self.evidence_key = evidence_key
        """The workspace's secret for keyed hashes of texts that must not be kept."""
        self.as_of = as_of or data.as_of
        self.timezone = ZoneInfo(data.timezone)
        self._scopes: dict[tuple[str, ...], str] = {}
        self._counts: dict[str, int] = {}
        self._scope_numbers = count(1)
        with declared(data.own):
            self._offered = {**self._relations(), **as_of_views(self.data.columns), **SHARED, **PREPARED}
        self._held = ExitStack()
        self._made: set[str] = set()
        self._expected: Mapping[str, str] = {}
        self.memory: dict[Hashable, Any] = {}
        """What parts of the engine remember for the rest of the run, by name."""
        self.asked_moment = False
        """Whether anything that was asked asks how late it is; whoever wants to know sets it to False before."""
        self._scope = ""
        self._database = self._locked(threads or (1 if sum(data.rows.values()) <= ONE_THREAD_ROWS else None))
        self.connection = self._database.connection
        self.connection.execute(f"CREATE SCHEMA raw; {self._moment()}; {MACROS}")
        for name, relation in data.relations.items():
            if not isinstance(relation, Path):
                self.connection.register(f"arrow_{name}", relation)

    def _locked(self, threads: int | None) -> MemoryDatabase:
        """Return a database that can read the files of the estate and no other, and change no setting."""
        database = MemoryDatabase()
        paths = [str(path) for path in self.data.relations.values() if isinstance(path, Path)]
        listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
        # Replacement scans would let SQL see Python variables of this process.
        database.connection.execute(f"""SET GLOBAL TimeZone = '{self.timezone.key}';
            SET GLOBAL python_enable_replacements = false;
            {f"SET threads = {threads};" if threads else ""} {f"SET allowed_paths = [{listed}];" if paths else ""}
            SET enable_external_access = false; SET lock_configuration = true""")
        return database

    def _moment(self) -> str:
        """Return the statement that lets SQL know the as-of time."""
        return f"CREATE OR REPLACE MACRO as_of() AS TIMESTAMPTZ '{self.as_of.astimezone(UTC).isoformat()}'"

    def _relations(self) -> dict[str, str]:
        """Return SELECTs of ``raw.<table>`` for every table of the model, with all its columns."""
        selects = {}
        for name, schema in all_schemas().items():
            relation: Path | pyarrow.Table | str | None = self.data.relations.get(name)
            if isinstance(relation, Path):
                relation = "read_parquet('" + str(relation).replace("'", "''") + "')"
            elif relation is not None:
                relation = f"arrow_{name}"
            selects[f"raw.{name}"] = raw_view(schema, relation, self.data.columns.get(name, ()))
        return selects

    def _make_named(self, sql: str, *, given: bool = True) -> None:
        """Make what `sql` names and is not there yet; note what asks how late it is where rules have `given` it."""
        self.asked_moment = self.asked_moment or (given and bool(_late.search(sql)))
        # SQL knows names in any case.
        for name in dict.fromkeys(_names.findall(sql.lower())):
            if name in self._offered and (name not in self._made or self._is_given(name)):
                if not name.startswith("raw."):  # whose SELECT names a file
                    self._make_named(self._offered[name], given=self._is_given(name))
                if name in self._made:
                    continue
                kind = "TABLE" if self._is_kept(name) else "VIEW"
                # Begun before and not finished: the rule that needed it first may have been stopped in between.
                self.connection.execute(f"CREATE OR REPLACE {kind} {name} AS {with_latest(self._offered[name])}")
                self._made.add(name)

    def _is_given(self, name: str) -> bool:
        """Return whether rules, or the rule set, say what a table holds."""
        return name in self._expected or f"shared {name}" in self.memory

    def _asks(self, name: str) -> bool:
        """Return whether a table that rules gave, or one that it reads, asks how late it is."""
        sql = self._offered[name]
        named = {one for one in _names.findall(sql.lower()) if one != name and self._is_given(one)}
        return bool(_late.search(sql)) or any(self._asks(one) for one in named & self._offered.keys())

    def _is_kept(self, name: str) -> bool:
        """Return whether what has this name is kept in memory."""
        if name in PREPARED or self._is_given(name):
            return True
        rows = 0 if name == "groups" else self.data.rows.get("groups" if name == "all_groups" else name, 0)
        return 0 < rows <= IN_MEMORY_ROWS

    def move_to(self, as_of: datetime) -> bool:
        """Show the estate as it stood at another moment; return whether nothing of it is another then.

        What was worked out for the moment before is forgotten: all of it, or what asked how late it is.
        """
        still = self._nothing_until(as_of)
        self.as_of = as_of
        for name in [name for name in self._made if not name.startswith("raw.")]:
            if not still or name == "groups" or (self._is_given(name) and self._asks(name)):
                self._made.discard(name)
        for wanted, table in self._scopes.items():
            self.connection.execute(f"DROP {'TABLE' if _looks_up(wanted) else 'VIEW'} {table}")
        self._scopes.clear()
        self._counts.clear()
        self.memory = {
            key: made for key, made in self.memory.items() if still and not (isinstance(made, _Once) and made.late)
        }
        self._scope = ""
        self.connection.execute(self._moment())
        return still

    def _nothing_until(self, moment: datetime) -> bool:
        """Return whether no time in the data lies after the session's moment and not after a later `moment`.

        Tables compare moments of the data with the moment of the run, and nothing else: they hold the same at both.
        """
        found = [
            f'EXISTS (FROM raw.{name} WHERE "{column}" > $begin AND "{column}" <= $end)'
            for name, schema in all_schemas().items()
            for column in (*schema.times, *map(latest_of, schema.times))
            if column in self.data.columns.get(name, ()) and self.data.rows.get(name)
        ]
        asked = f"SELECT {' OR '.join(found) or 'false'} AS something"
        span = {"begin": self.as_of, "end": moment}
        return moment >= self.as_of and not self.arrow(asked, span).column(0)[0].as_py()

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
        if isinstance(params, BaseModel):
            return params.model_dump()
        return dict(params or {})

    def arrow(self, sql: str, values: Mapping[str, object] | None = None, where: str = "") -> pyarrow.Table:
        """Run one SELECT and return those of its rows that meet `where` (the result is called ``h`` there).

        Raises duckdb.Error for SQL that does not run, and ValueError for anything but one SELECT.
        """
        sql, where = with_latest(sql), with_latest(where)
        asked = f"SELECT * FROM (\n{sql.strip().rstrip(';')}\n) h WHERE {where}" if where else sql
        try:
            statements = self._single_select(asked)
        except Exception:
            self._single_select(sql)  # says what is wrong with what was written
            raise
        self._make_named(asked)
        offered: dict[str, object] = {"as_of": self.as_of, **(values or {})}
        names = statements[0].named_parameters
        used = {name: _plain(offered[name]) for name in names if name in offered}
        with warnings.catch_warnings():
            # A relation would be bound once more when it runs, which costs every rule more than a millisecond; what
            # the warning speaks of, one more copy of the rows, costs two in 300,000 rows.
            warnings.simplefilter("ignore", UserWarning)
            return self.connection.execute(statements[0], used or None).to_arrow_table()

    def _single_select(self, sql: str) -> list[duckdb.Statement]:
        """Return the one statement of `sql`; ValueError when it is not one SELECT."""
        statements = self.connection.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise ValueError("a rule's SQL must be a single SELECT")
        return statements

    def batches(self, sql: str, rows: int) -> Iterator[pyarrow.RecordBatch]:
        """Yield the result of one of the engine's own SELECTs in batches of at most `rows` rows."""
        self._make_named(sql)
        yield from self.connection.sql(sql).to_arrow_reader(rows)

    def use_calendar(self, calendar: Mapping[str, CalendarYear]) -> None:
        """Let ``is_workday`` go by a calendar."""
        self.connection.execute(workday_macro(calendar))

    def assume_workday(self, answer: bool | None) -> None:
        """Take the days of years that no calendar lists for working days or not; None leaves them unknown."""
        self.connection.execute(assume_workday(answer))

    def scalar(self, sql: str) -> int:
        """Return the one number that `sql` computes."""
        # All rows are fetched: a result that is not read to its end blocks the connection.
        self._make_named(sql)
        rows = self.connection.execute(with_latest(sql)).fetchall()
        return int(rows[0][0] or 0)

    def cached_count(self, sql: str) -> int:
        """Return the count that `sql` computes, asked only once in a session."""
        self.asked_moment = self.asked_moment or bool(_late.search(sql))
        if sql not in self._counts:
            self._counts[sql] = self.scalar(sql)
        return self._counts[sql]

    def later_rows(self) -> dict[str, int]:
        """Return by table how many rows lie after the moment, and are not there yet for any rule."""
        dated = [
            table
            for table, columns in self.data.columns.items()
            if begins(table) in columns and self.data.rows.get(table)
        ]
        # One statement: what planning each would cost, counting seldom does.
        asked = ", ".join(f'(SELECT count(*) FROM raw.{table} WHERE "{begins(table)}" > as_of())' for table in dated)
        self._make_named(asked)
        counted = self.connection.execute(f"SELECT {asked}").fetchall()[0] if asked else ()
        return {table: number for table, number in zip(dated, counted, strict=True) if number}

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
        self.asked_moment = self.asked_moment or any(map(_late.search, wanted))
        table = self._scopes.get(wanted)
        if table is None:
            table = f"scope_{next(self._scope_numbers)}"
            where = with_latest(" AND ".join(f"({condition})" for condition in wanted)) or "true"
            kind = "TABLE" if _looks_up(wanted) else "VIEW"
            select = f"SELECT * FROM all_groups WHERE {where}"
            self._make_named(select)
            self.connection.execute(f"CREATE {kind} {table} AS {select}")
            self._scopes[wanted] = table
        if table != self._scope:
            # Forgotten before it changes: a rule may be stopped between any two of these steps, and the next one must
            # not be judged over the groups of that one.
            self._scope = ""
            self.connection.execute(f"CREATE OR REPLACE VIEW groups AS SELECT * FROM {table}")
            self._made.add("groups")
            self._scope = table
        return table

    def in_scope(self, rows: pyarrow.Table) -> pyarrow.Table:
        """Return those of `rows` whose ``group_id`` is in scope, or is null (a mistake that must be seen)."""
        # Asked of the hits: as a semi-join in every rule's SQL it would cost each four milliseconds of planning. Nor by
        # pyarrow.compute, whose import costs more than the rules over five thousand groups. Of few groups the ids are
        # at hand: what SQL names `groups` finds is in scope.
        if self.table_count("all_groups") <= IN_MEMORY_ROWS:
            ids = self.once(
                ("ids", self._scope),
                lambda: {None, *self.arrow(f"SELECT id FROM {self._scope}").column("id").to_pylist()},
            )
            if ids.issuperset(rows.column("group_id").to_pylist()):
                return rows
        with self.relation("rows", rows):
            return self.arrow(
                f"SELECT * FROM rows WHERE group_id IS NULL OR group_id IN (SELECT id FROM {self._scope})"
            )

    def prepare_shared(self, table: str, select: str) -> None:
        """Offer a table that a family of rules shares; ValueError when two mean different things by one name."""
        if self.memory.setdefault(f"shared {table.lower()}", select) != select or not table.isidentifier():
            raise ValueError("two rules share different tables under one name")
        taken = (*all_schemas(), *DERIVED, *self._expected)
        if table.lower() in taken or re.fullmatch(r"scope_[0-9]+", table.lower()):
            raise ValueError("a shared table must not take the name of a table of the estate")
        if _scoped.search(select):
            raise ValueError("a shared table must not read groups, whose scope changes from rule to rule")
        self._single_select(select)
        self._offered[table.lower()] = select

    def show_only(self, shown: Callable[[str], str], shown_id: Callable[[str], str]) -> None:
        """Put what may be shown in the place of every text, before any SQL reads one: no piece of another is left.

        Ids take what `shown_id` returns, which must be another one for each: joins go by them.
        """
        self.connection.create_function("shown_text", shown, ["VARCHAR"], "VARCHAR")
        self.connection.create_function("shown_id", shown_id, ["VARCHAR"], "VARCHAR")
        self._offered |= {f"raw.{table}": select_shown(table, self._offered[f"raw.{table}"]) for table in all_schemas()}

    def offer_expected(self, tables: Mapping[str, str]) -> None:
        """Offer the tables that the formulas of a rule set make: a SELECT by name, run when SQL first names it."""
        self._expected = tables
        self._offered.update(tables)

    def once(self, key: Hashable, make: Callable[[], Made], *, keep: Callable[[Made], bool] = lambda _: True) -> Made:
        """Return what `make` returned when a rule of this run first asked for `key`: all that the answer rests on.

        What `keep` refuses is made again for whoever asks next.
        """
        before, self.asked_moment = self.asked_moment, False
        made: _Once | None = self.memory.get(("once", key))
        if made is None:
            made = _Once(make(), self.asked_moment)
            if keep(made.value):
                self.memory["once", key] = made
        self.asked_moment = before or made.late
        return cast("Made", made.value)

    def interrupt(self) -> None:
        """Stop the statement that runs now; its caller gets duckdb.InterruptException."""
        self.connection.interrupt()

    def close(self) -> None:
        """Close the connection; harmless when it is closed already."""
        self._database.close()

    def __enter__(self) -> EstateSession:
        self._held.enter_context(declared(self.data.own))
        return self

    def __exit__(self, *_: object) -> None:
        self._held.close()
        self.close()


class _Once(NamedTuple):
    """What was made for several rules, and whether it asked how late it is."""

    value: Any
    late: bool


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
