"""Write what one run changes in the lives of findings, set by set."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BigInteger, Connection, Table, TextClause, bindparam, func, insert, select, text, update

from policycore.model.findings import Findings
from policycore.model.result import RunResult
from policycore.model.verdict import Verdict
from policycore.store import schema
from policycore.store.lives.life_cycle import ACTIVE, Life, State
from policycore.store.lives.life_rows import Wording, life_rows
from policycore.store.lives.moves import Move, keep_moves
from policycore.store.lives.previous_state import AT_ONCE
from policycore.store.lives.step import Alike, Changes

__all__ = ["ChangeWriter", "add_rows", "add_values", "next_number"]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def add_rows(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert `rows`, all with the same columns, in one go; none is no statement."""
    if not rows:
        return
    names = tuple(rows[0])
    moments = [name for name in names if isinstance(table.c[name].type, schema.Moment)]
    for row in rows:
        for name in moments:
            row[name] = schema.microseconds(row[name])
    take = itemgetter(*names)
    add_values(connection, table, names, [take(row) for row in rows])


def add_values(connection: Connection, table: Table, names: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    """Insert rows of plain values for the columns `names`, times as microseconds; none is no statement.

    The statement is compiled once and given to the driver as it is: the ordinary way spends
    more time on each row's parameters than the database on the row.
    """
    if not rows:
        return
    compiled = insert(table).compile(dialect=connection.dialect, column_keys=list(names))
    values: Any = rows
    if not compiled.positional:
        values = [dict(zip(names, row, strict=True)) for row in rows]
    elif compiled.positiontup is not None and tuple(compiled.positiontup) != tuple(names):
        places = [names.index(name) for name in compiled.positiontup]
        values = [tuple([row[place] for place in places]) for row in rows]
    connection.exec_driver_sql(str(compiled), values)


def _among(numbers: Sequence[int]) -> Iterator[TextClause]:
    """Yield conditions that findings have one of `numbers`, a few thousand in each.

    Written into the statement as the digits they are: as parameters each would be looked at three times by SQLAlchemy.
    """
    for begin in range(0, len(numbers), AT_ONCE):
        listed = ",".join(str(int(number)) for number in numbers[begin : begin + AT_ONCE])
        yield text(f"findings.id IN ({listed})")


def _stands(life: Life) -> dict[str, Any]:
    """Return the columns of a finding's row that say where it stands."""
    return {
        "state": life.state.value,
        "reason": life.reason.value,
        "known_state": life.known_state.value,
        "active": life.state in ACTIVE,
    }


class ChangeWriter:
    """The writer of what one run changes, set by set: new findings, changed columns, changed states."""

    def __init__(self, connection: Connection, run: int, result: RunResult, findings: Findings) -> None:
        self.connection, self.run, self.findings = connection, run, findings
        self.ruleset, self.as_of, self.zone = result.ruleset, result.as_of, ZoneInfo(result.timezone)

    def write(self, made: Changes, previous: int | None) -> None:
        """Write everything that is `made`; `previous` is the run before."""
        self._add(made)
        self._refresh(made.refreshed)
        for numbers, last in ((made.closed, previous), (made.again, None)):
            for some in _among(numbers):
                self.connection.execute(update(schema.findings).where(some).values(last_run=last))
        for alike in made.found:
            if alike.was is not None:
                self._move(alike.was, alike, lost=False)
        for alike in made.gone:
            if alike.was is not None:
                self._move(alike.was, alike, lost=alike.now.state is State.UNKNOWN)
        moves = [
            Move(self.run, None if alike.was is None else alike.was.state, alike.now, alike.decided_by, alike.numbers)
            for alike in (*made.found, *made.gone)
        ]
        keep_moves(self.connection, [*moves, Move(self.run, None, None, None, made.reworded)])

    def _add(self, made: Changes) -> None:
        """Write the findings that were never seen before, where they stand too."""
        if not made.new:
            return
        stands_by = ((_stands(alike.now), alike.numbers) for alike in made.found if alike.was is None)
        lives = {number: stands for stands, numbers in stands_by for number in numbers}
        count = len(made.new)
        columns = self._columns([place for place, _ in made.new], [self.as_of] * count)
        stands = [lives[number] for _, number in made.new]
        columns |= {name: [one[name] for one in stands] for name in stands[0]}
        columns["id"] = [number for _, number in made.new]
        same = {"ruleset": self.ruleset, "state_run": self.run, "first_run": self.run, "times_reopened": 0}
        same |= dict.fromkeys(("state_since", "begun", "first_seen"), schema.microseconds(self.as_of))
        columns |= {name: [value] * count for name, value in same.items()}
        names = [column.name for column in schema.findings.columns if column.name in columns]
        rows = [*zip(*(columns[name] for name in names), strict=True)]
        add_values(self.connection, schema.findings, names, rows)

    def _refresh(self, refreshed: list[tuple[int, int, int]]) -> None:
        """Write the columns anew of known findings that changed."""
        if not refreshed:
            return
        places, numbers, begun = zip(*refreshed, strict=True)
        columns = self._columns(places, [_EPOCH + timedelta(microseconds=since) for since in begun])
        columns["begun"] = begun
        table = schema.findings
        # Times are microseconds already.
        plain = {name: BigInteger() if isinstance(table.c[name].type, schema.Moment) else None for name in columns}
        values: dict[str, Any] = {name: bindparam(f"to_{name}", type_=kind) for name, kind in plain.items()}
        names = ("key", *(f"to_{name}" for name in columns))
        rows = [dict(zip(names, row, strict=True)) for row in zip(numbers, *columns.values(), strict=True)]
        self.connection.execute(update(table).where(table.c.id == bindparam("key")).values(values), rows)

    def _columns(self, places: Sequence[int], begun: Sequence[datetime]) -> dict[str, Sequence[Any]]:
        """Return the columns of findings that follow from what was found and when they began."""
        columns, wordings = life_rows(self.findings, places, begun, self.zone)
        # By identity: a hundred thousand findings share a few dozen.
        distinct = {id(wording): wording for wording in wordings}
        numbers = self._numbers({wording.digest: wording for wording in distinct.values()})
        known = {name: numbers[wording.digest] for name, wording in distinct.items()}
        return columns | {"wording_id": [known[id(wording)] for wording in wordings]}

    def _numbers(self, wordings: dict[str, Wording]) -> dict[str, int]:
        """Return the numbers of wordings by digest; those that are not there yet are kept."""
        table = schema.wordings
        known = {row.digest: row.id for row in self.connection.execute(select(table.c.digest, table.c.id))}
        number = max(known.values(), default=0)
        for digest, wording in wordings.items():
            if digest not in known:
                number = known[digest] = number + 1
                self.connection.execute(insert(table).values(id=number, digest=digest, words=wording.words))
                clauses = [{"clause": clause, "wording_id": number} for clause in dict.fromkeys(wording.clauses)]
                add_rows(self.connection, schema.wording_clauses, clauses)
        return known

    def _move(self, was: Life, alike: Alike, *, lost: bool) -> None:
        """Move known findings with one statement for every few thousand of them."""
        table = schema.findings
        before, after = _stands(was), _stands(alike.now)
        # What stays as it is keeps its indexes from being written again.
        values: dict[str, Any] = {name: value for name, value in after.items() if before[name] != value}
        if lost:
            # What can't be seen any more is listed and counted as unknown, whatever it last said.
            values["verdict"] = Verdict.UNKNOWN.value
        if alike.now.state is not was.state:
            values |= {"state_run": self.run, "state_since": self.as_of}
            if alike.now.state is State.REOPENED:
                values["times_reopened"] = table.c.times_reopened + 1
        for some in _among(alike.numbers):
            self.connection.execute(update(table).where(some).values(values))


def next_number(connection: Connection) -> int:
    """Return the number that the next new finding gets."""
    return (connection.scalar(select(func.max(schema.findings.c.id))) or 0) + 1
