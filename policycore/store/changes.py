"""Write what one run changed, set by set: new findings, changed words, changed states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Table, TextClause, bindparam, delete, func, insert, literal, select, text, update

from policycore.model.result import Finding, RunResult, Source
from policycore.model.verdict import Verdict
from policycore.store import schema
from policycore.store.bodies import WORDS, finding_body, said_hash
from policycore.store.deadlines import dated
from policycore.store.life_cycle import ACTIVE, Life, State
from policycore.store.previous_state import AT_ONCE, PreviousState, begun
from policycore.store.row_positions import keep_places
from policycore.store.rows import column_text, finding_row, step_rows

__all__ = ["ChangeWriter", "add_rows", "add_values", "occurrence_row"]

_TRANSITION = ("finding_id", "run_id", "state", "was", "reason", "decided_by", "at")


@dataclass(frozen=True, slots=True)
class _Move:
    """One change that many findings make alike; `lost` when the run reported none of them."""

    was: Life
    now: Life
    lost: bool

    def columns(self) -> dict[str, Any]:
        """Return the columns that change: what stays as it is keeps its indexes from being written again."""
        before, after = _life_columns(self.was), _life_columns(self.now)
        columns = {name: value for name, value in after.items() if before[name] != value}
        # What can't be seen any more is listed and counted as unknown, whatever it last said.
        return columns | ({"verdict": Verdict.UNKNOWN.value} if self.lost else {})


def _life_columns(life: Life) -> dict[str, Any]:
    """Return the columns of a finding's row that say where it stands."""
    return {
        "state": life.state.value,
        "reason": life.reason.value,
        "known_state": life.known_state.value,
        "active": life.state in ACTIVE,
    }


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


def occurrence_row(
    number: int,
    finding_id: int | None,
    run: int,
    finding: Finding,
    body: str,
    digest: str,
    *,
    last: int | None = None,
    replay: bool = False,
) -> dict[str, Any]:
    """Return the row for what a finding says from `run` on."""
    return {
        "id": number,
        "finding_id": finding_id,
        "first_run": run,
        "last_run": last,
        "replay": replay,
        "verdict": finding.verdict.value,
        "severity": finding.severity.value,
        "body_hash": digest,
        "body": body,
    }


class ChangeWriter:
    """Write what a run changed, set by set: new findings, changed words, changed states."""

    def __init__(
        self,
        connection: Connection,
        run: int,
        previous: int | None,
        result: RunResult,
        before: Mapping[str, PreviousState],
    ) -> None:
        self.connection = connection
        self.run = run
        self.previous = previous
        self.result = result
        self.before = before
        self.found = {finding.fingerprint: finding for finding in result.findings}
        self.next_finding = (connection.scalar(select(func.max(schema.findings.c.id))) or 0) + 1
        self.next_occurrence = (connection.scalar(select(func.max(schema.occurrences.c.id))) or 0) + 1
        self.new: list[dict[str, Any]] = []
        self.other_words: list[tuple[int, Finding, str, bool]] = []
        """Known findings with their hash, and whether they came back with this run."""
        self.reworded: list[dict[str, Any]] = []
        self.moved: dict[tuple[int, int, bool], tuple[_Move, list[int]]] = {}
        self.transitions: list[tuple[Any, ...]] = []
        self.settled: set[int] = set()
        """Known findings whose transition names who settled them; those of the others are written set by set."""
        self.said: list[dict[str, Any]] = []
        self.closed: list[dict[str, Any]] = []
        self.clauses: list[dict[str, Any]] = []
        self.steps: list[dict[str, Any]] = []
        self.refreshed: list[dict[str, Any]] = []
        self.places: dict[int, Source | None] = {}
        """Findings of which only the row moved."""

    def write(self, after: Mapping[str, Life]) -> None:
        """Sort what the run changed into sets, then write each set with one statement; `after` is by fingerprint."""
        self._sort(after)
        self._reword()
        # What is replaced goes first: a clause or step that stays is written again.
        self._each(delete(schema.finding_clauses), schema.finding_clauses.c.finding_id, self.refreshed)
        self._each(delete(schema.steps), schema.steps.c.finding_id, self.refreshed)
        self._each(update(schema.occurrences).values(last_run=self.previous), schema.occurrences.c.id, self.closed)
        add_rows(self.connection, schema.findings, self.new)
        add_rows(self.connection, schema.occurrences, self.said)
        self._update(self.reworded)
        self._move()
        add_values(self.connection, schema.transitions, _TRANSITION, self.transitions)
        add_rows(self.connection, schema.finding_clauses, self.clauses)
        add_rows(self.connection, schema.steps, self.steps)
        keep_places(self.connection, self.run, self.places)

    def _sort(self, after: Mapping[str, Life]) -> None:
        """Put every finding into the sets it belongs to; most belong to none."""
        for fingerprint, life in after.items():
            item, finding = self.before.get(fingerprint), self.found.get(fingerprint)
            if item is None:
                if finding is not None:
                    self._remember(self._add(finding, life), None, life, finding)
                continue
            if finding is not None:
                self._compare(item, finding, life)
            elif not item.closed and item.occurrence is not None:
                self.closed.append({"key": item.occurrence})
            if life is not item.life:
                self._sort_life(item, life, finding)

    def _sort_life(self, item: PreviousState, life: Life, finding: Finding | None) -> None:
        """Put a known finding among those that stand somewhere else now, or whose reason is another."""
        lost = finding is None and life.state is State.UNKNOWN
        # By identity: tens of thousands move alike, and hashing what they share costs more than all else here.
        key = id(item.life), id(life), lost
        if key not in self.moved:
            self.moved[key] = _Move(item.life, life, lost), []
        self.moved[key][1].append(item.id)
        if finding is not None and finding.decision is not None and life.state is not item.life.state:
            self.settled.add(item.id)
            self._remember(item.id, item.life.state.value, life, finding)

    def _compare(self, item: PreviousState, finding: Finding, life: Life) -> None:
        """Note what a known finding says when it is not what it said in the run before."""
        digest = said_hash(finding, self.result.as_of)
        if item.closed or item.body_hash[:WORDS] != digest[:WORDS]:
            if not item.closed and item.occurrence is not None:
                self.closed.append({"key": item.occurrence})
            again = life.state is State.REOPENED and life.state is not item.life.state
            self.other_words.append((item.id, finding, digest, again))
        elif item.body_hash != digest:
            self.places[item.id] = finding.source

    def _reword(self) -> None:
        """Keep what known findings say now; their deadlines are counted from the run with which they began."""
        as_of = self.result.as_of
        since = begun(self.connection, [number for number, _, _, again in self.other_words if not again])
        for number, finding, digest, again in self.other_words:
            counted = as_of if again or number not in since else since[number].astimezone(as_of.tzinfo)
            said = self._say(number, dated(finding, as_of, counted), digest, counted)
            self.reworded.append(said | {"key": number})
            self.refreshed.append({"key": number})

    def _add(self, finding: Finding, life: Life) -> int:
        """Keep a finding that was never seen before and return its number."""
        number, as_of = self.next_finding, self.result.as_of
        self.next_finding += 1
        self.new.append(
            self._say(number, finding, said_hash(finding, as_of), as_of)
            | {
                "id": number,
                "ruleset": self.result.ruleset,
                "fingerprint": finding.fingerprint,
                "first_run": self.run,
                "first_seen": as_of,
                "times_reopened": 0,
            }
            | _life_columns(life)
            | {"state_run": self.run, "state_since": as_of}
        )
        return number

    def _say(self, number: int, finding: Finding, digest: str, counted: datetime) -> dict[str, Any]:
        """Keep what a finding says from this run on, and return the columns that follow from it.

        Its deadlines are counted from `counted`.
        """
        occurrence = self.next_occurrence
        self.next_occurrence += 1
        body = finding_body(finding, counted)
        self.said.append(occurrence_row(occurrence, number, self.run, finding, body, digest))
        self.clauses += [{"clause": clause, "finding_id": number} for clause in dict.fromkeys(finding.clauses)]
        self.steps += step_rows(number, finding)
        return finding_row(finding) | {"occurrence_id": occurrence}

    def _remember(self, number: int, was: str | None, life: Life, finding: Finding | None) -> None:
        """Remember when and why a finding came into its new state, and who settled it, where a person did."""
        decision = None if finding is None else finding.decision
        by = None if decision is None else column_text(decision.decided_by)
        at = schema.microseconds(self.result.as_of)
        self.transitions.append((number, self.run, life.state.value, was, life.reason.value, by, at))

    def _move(self) -> None:
        """Move each set of findings with one statement for every few thousand of them."""
        table = schema.findings
        for move, numbers in self.moved.values():
            values = move.columns()
            another = move.now.state is not move.was.state
            if another:
                values |= {"state_run": self.run, "state_since": self.result.as_of}
                if move.now.state is State.REOPENED:
                    values["times_reopened"] = table.c.times_reopened + 1
                self._remember_all(move, [number for number in numbers if number not in self.settled])
            for some in _among(numbers):
                self.connection.execute(update(table).where(some).values(values))

    def _remember_all(self, move: _Move, numbers: Sequence[int]) -> None:
        """Remember when and why findings came into their new state that nobody settled."""
        table, at = schema.findings.c, schema.transitions.c.at.type
        values = (self.run, move.now.state.value, move.was.state.value, move.now.reason.value, None)
        alike = [literal(value) for value in values]
        rows = select(table.id, *alike, literal(self.result.as_of, at))
        for some in _among(numbers):
            self.connection.execute(insert(schema.transitions).from_select(_TRANSITION, rows.where(some)))

    def _update(self, rows: list[dict[str, Any]]) -> None:
        """Update findings by the ``key`` of each row."""
        if not rows:
            return
        table = schema.findings
        names = {name: f"to_{name}" for name in rows[0] if name != "key"}
        values: dict[str, Any] = {name: bindparam(bound, type_=table.c[name].type) for name, bound in names.items()}
        bound_rows = [{"key": row["key"], **{names[name]: row[name] for name in names}} for row in rows]
        self.connection.execute(update(table).where(table.c.id == bindparam("key")).values(values), bound_rows)

    def _each(self, statement: Any, column: Any, rows: list[dict[str, Any]]) -> None:
        """Run `statement` for the row of every ``key``."""
        if rows:
            self.connection.execute(statement.where(column == bindparam("key")), rows)
