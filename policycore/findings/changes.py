"""Write what one run changed, set by set: new findings, changed words, changed states."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, bindparam, delete, func, insert, select, update

from policycore.findings import schema
from policycore.findings.bodies import WORDS, finding_body, said_hash
from policycore.findings.life_cycle import ACTIVE, Known, Reason, State, Transition
from policycore.findings.places import keep_places
from policycore.findings.rows import column_text, finding_row, step_rows
from policycore.model.result import Finding, RunResult, Source
from policycore.model.verdict import Verdict

_AT_ONCE = 5000
"""Numbers in one statement; databases take 32,000 parameters."""

__all__ = ["Before", "ChangeWriter", "add_rows", "occurrence_row"]


@dataclass(frozen=True, slots=True)
class Before:
    """Hold what the store knows of one finding before the run."""

    id: int
    known: Known
    occurrence: int | None
    reason: str
    closed: bool
    body_hash: str
    snapshot: str = ""
    """Id of the snapshot in which it was last seen."""


@dataclass(frozen=True, slots=True)
class _Move:
    """Be one change of state that many findings make alike; `lost` when the run reported none of them."""

    state: State
    reason: Reason
    known_state: State
    violated: bool
    was: State | None
    lost: bool

    def columns(self) -> dict[str, Any]:
        """Return the columns of a finding's row that follow."""
        columns: dict[str, Any] = {
            "state": self.state.value,
            "reason": self.reason.value,
            "known_state": self.known_state.value,
            "violated": self.violated,
            "active": self.state in ACTIVE,
        }
        # What can't be seen any more is listed and counted as unknown, whatever it last said.
        return columns | ({"verdict": Verdict.UNKNOWN.value} if self.lost else {})


def add_rows(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> None:
    """Insert `rows`, all with the same columns, in one go; none is no statement.

    The statement is compiled once and given to the driver with plain values: the ordinary way spends
    more time on each row's parameters than the database on the row.
    """
    if not rows:
        return
    names = list(rows[0])
    compiled = insert(table).compile(dialect=connection.dialect, column_keys=names)
    order = compiled.positiontup if compiled.positional else None
    moments = [name for name in names if isinstance(table.c[name].type, schema.Moment)]
    for row in rows:
        for name in moments:
            row[name] = schema.microseconds(row[name])
    values: Any = rows if order is None else [tuple([row[name] for name in order]) for row in rows]
    connection.exec_driver_sql(str(compiled), values)


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
        self, connection: Connection, run: int, previous: int | None, result: RunResult, before: Mapping[str, Before]
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
        self.reworded: list[dict[str, Any]] = []
        self.moved: dict[_Move, list[int]] = {}
        self.transitions: list[dict[str, Any]] = []
        self.said: list[dict[str, Any]] = []
        self.closed: list[dict[str, Any]] = []
        self.clauses: list[dict[str, Any]] = []
        self.steps: list[dict[str, Any]] = []
        self.refreshed: list[dict[str, Any]] = []
        self.places: dict[int, Source | None] = {}
        """Findings of which only the row moved."""

    def write(self, changes: Iterable[Transition]) -> None:
        """Sort the changes into sets, then write each set with one statement."""
        for change in changes:
            self._sort(change)
        # What is replaced goes first: a clause or step that stays is written again.
        self._each(delete(schema.finding_clauses), schema.finding_clauses.c.finding_id, self.refreshed)
        self._each(delete(schema.steps), schema.steps.c.finding_id, self.refreshed)
        self._each(update(schema.occurrences).values(last_run=self.previous), schema.occurrences.c.id, self.closed)
        add_rows(self.connection, schema.findings, self.new)
        add_rows(self.connection, schema.occurrences, self.said)
        self._update(self.reworded)
        self._move()
        add_rows(self.connection, schema.transitions, self.transitions)
        add_rows(self.connection, schema.finding_clauses, self.clauses)
        add_rows(self.connection, schema.steps, self.steps)
        keep_places(self.connection, self.run, self.places)

    def _sort(self, change: Transition) -> None:
        """Put one finding's change into the sets it belongs to."""
        item = self.before.get(change.fingerprint)
        finding = self.found.get(change.fingerprint)
        number = self.next_finding if item is None else item.id
        if finding is not None:
            self._sort_words(number, item, finding, change)
        elif item is not None and not item.closed and item.occurrence is not None:
            self.closed.append({"key": item.occurrence})
        if item is None or change.state is not change.was:
            self._remember(number, change)
        if item is not None:
            self._sort_state(item, change)
        self.next_finding += item is None

    def _sort_words(self, number: int, item: Before | None, finding: Finding, change: Transition) -> None:
        """Keep what the finding says when it is not what it said in the run before."""
        digest = said_hash(finding)
        if item is not None and not item.closed and item.body_hash[:WORDS] == digest[:WORDS]:
            if item.body_hash != digest:
                self.places[number] = finding.source
            return
        body = finding_body(finding)
        if item is not None and not item.closed and item.occurrence is not None:
            self.closed.append({"key": item.occurrence})
        occurrence = self.next_occurrence
        self.next_occurrence += 1
        self.said.append(occurrence_row(occurrence, number, self.run, finding, body, digest))
        row = finding_row(finding) | {"occurrence_id": occurrence}
        self.clauses += [{"clause": clause, "finding_id": number} for clause in dict.fromkeys(finding.clauses)]
        self.steps += step_rows(number, finding)
        if item is None:
            as_of = self.result.as_of
            self.new.append(
                row
                | {
                    "id": number,
                    "ruleset": self.result.ruleset,
                    "fingerprint": finding.fingerprint,
                    "first_run": self.run,
                    "first_seen": as_of,
                    "times_reopened": 0,
                }
                | _Move(change.state, change.reason, change.known_state, change.violated, None, lost=False).columns()
                | {"state_run": self.run, "state_since": as_of}
            )
        else:
            self.reworded.append(row | {"key": number})
            self.refreshed.append({"key": number})

    def _remember(self, number: int, change: Transition) -> None:
        """Remember when and why the finding came into its new state."""
        self.transitions.append(
            {
                "finding_id": number,
                "run_id": self.run,
                "state": change.state.value,
                "was": None if change.was is None else change.was.value,
                "reason": change.reason.value,
                "decided_by": self._decided_by(change),
                "at": self.result.as_of,
            }
        )

    def _sort_state(self, item: Before, change: Transition) -> None:
        """Put a known finding among those whose state, or what is remembered beside it, becomes the same."""
        known = item.known
        before = (known.state, item.reason, known.known_state, known.violated)
        after = (change.state, change.reason.value, change.known_state, change.violated)
        if before != after:
            lost = change.state is State.UNKNOWN and change.fingerprint not in self.found
            moved = _Move(change.state, change.reason, change.known_state, change.violated, known.state, lost)
            self.moved.setdefault(moved, []).append(item.id)

    def _decided_by(self, change: Transition) -> str | None:
        """Return who settled the finding, where a person did."""
        finding = self.found.get(change.fingerprint)
        decision = None if finding is None else finding.decision
        return None if decision is None else column_text(decision.decided_by)

    def _move(self) -> None:
        """Move each set of findings with one statement for every few thousand of them."""
        table = schema.findings
        for move, numbers in self.moved.items():
            values = move.columns()
            if move.state is not move.was:
                values |= {"state_run": self.run, "state_since": self.result.as_of}
                if move.state is State.REOPENED:
                    values["times_reopened"] = table.c.times_reopened + 1
            for begin in range(0, len(numbers), _AT_ONCE):
                some = numbers[begin : begin + _AT_ONCE]
                self.connection.execute(update(table).where(table.c.id.in_(some)).values(values))

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
