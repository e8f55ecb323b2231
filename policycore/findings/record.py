"""Record a run: its findings, what changed since the run before, its counts, its audit entry — all or nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from policycore.findings import audit, schema
from policycore.findings.bodies import body_hash, finding_body, run_body
from policycore.findings.life_cycle import ACTIVE, Known, State, Transition, judged_by, next_states
from policycore.findings.presence import Present
from policycore.findings.rows import column_text, finding_row, step_rows
from policycore.findings.store import Store
from policycore.findings.totals import run_row, total_rows
from policycore.model.result import Finding, RunResult
from policycore.model.verdict import Verdict

__all__ = ["DecisionRow", "Presence", "RecordedRun", "record"]

Presence = Callable[[Iterable[tuple[str, str, str | None]]], Present]
"""Called with the subjects (kind, id, group id) that the run no longer reports; see `presence.present_in`."""


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """Say what became of one waiver or attestation in a run."""

    kind: str
    id: str
    status: str
    reason: str
    findings: int
    until: datetime | None


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """Say what recording a run came to; `states` counts the findings that changed into each state."""

    id: int
    replay: bool
    previous: int | None
    states: Mapping[State, int]
    head: str
    clock_went_back: bool


@dataclass(frozen=True, slots=True)
class _Before:
    """Hold what the store knows of one finding before the run."""

    id: int
    known: Known
    occurrence: int | None
    closed: bool
    body_hash: str


def record(
    store: Store,
    result: RunResult,
    *,
    presence: Presence,
    decisions: Iterable[DecisionRow] = (),
    decisions_hash: str = "",
    parameters: Mapping[str, object] | None = None,
    complete: bool = True,
    seconds: float = 0.0,
    actor: str = "",
    now: datetime | None = None,
) -> RecordedRun:
    """Store `result` and move every finding of its rule set on, in one transaction.

    Runs are ordered by number, never by the clock. A run of data older than the newest recorded
    one is kept as a replay: it can be reported again but changes the state of no finding.
    """
    moment = now or datetime.now(UTC)
    with store.write() as connection:
        latest = _latest(connection, result.ruleset)
        number = (connection.scalar(select(func.max(schema.runs.c.id))) or 0) + 1
        clock = connection.scalar(select(func.max(schema.runs.c.recorded_at)))
        replay = latest is not None and result.as_of < latest.as_of
        changes: list[Transition] = []
        before: dict[str, _Before] = {}
        if not replay:
            before = _known(connection, result.ruleset)
            changes = _transitions(result, before, presence)
        states = Counter(change.state for change in changes if change.state is not change.was)
        connection.execute(
            insert(schema.runs).values(
                id=number,
                recorded_at=moment,
                replay=replay,
                previous=None if latest is None else latest.id,
                decisions_hash=decisions_hash,
                seconds=seconds,
                complete=complete,
                new=states[State.NEW],
                reopened=states[State.REOPENED],
                resolved=states[State.RESOLVED],
                lost=states[State.UNKNOWN],
                **run_row(result),
            )
        )
        connection.execute(
            insert(schema.run_bodies).values(
                run_id=number,
                body=run_body(result),
                parameters=json.dumps(parameters or {}, ensure_ascii=True, sort_keys=True),
            )
        )
        _add(connection, schema.run_totals, total_rows(number, result, changes))
        _add(connection, schema.decisions, [_decision_row(number, row) for row in decisions])
        if replay:
            _write_replay(connection, number, result)
        else:
            _Writer(connection, number, None if latest is None else latest.id, result, before).write(changes)
        _refresh_statistics(connection)
        head = audit.append(
            connection,
            "run",
            {
                "run": number,
                "ruleset": result.ruleset,
                "ruleset_hash": result.ruleset_hash,
                "snapshot": result.snapshot,
                "decisions_hash": decisions_hash,
                "as_of": result.as_of.isoformat(),
                "findings": len(result.findings),
                "complete": complete,
            },
            actor=actor,
            at=moment,
        )
    back = clock is not None and moment < clock
    return RecordedRun(number, replay, None if latest is None else latest.id, dict(states), head, back)


def _refresh_statistics(connection: Connection) -> None:
    """Let SQLite look at a sample of every index, so that it picks the right one; PostgreSQL does so itself."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA analysis_limit=1000")
        connection.exec_driver_sql("ANALYZE")


def _latest(connection: Connection, ruleset: str) -> Any:
    """Return number and as-of time of the newest run of `ruleset` that is no replay."""
    table = schema.runs
    return connection.execute(
        select(table.c.id, table.c.as_of)
        .where(table.c.ruleset == ruleset, table.c.replay.is_(False))
        .order_by(table.c.id.desc())
        .limit(1)
    ).one_or_none()


def _known(connection: Connection, ruleset: str) -> dict[str, _Before]:
    """Return what the store knows of every finding of `ruleset`, by fingerprint."""
    finding, said = schema.findings.c, schema.occurrences.c
    query = (
        select(
            finding.id,
            finding.fingerprint,
            finding.rule,
            finding.subject_kind,
            finding.subject_id,
            finding.group_id,
            finding.state,
            finding.known_state,
            finding.violated,
            finding.occurrence_id,
            said.last_run,
            said.body_hash,
        )
        .outerjoin_from(schema.findings, schema.occurrences, said.id == finding.occurrence_id)
        .where(finding.ruleset == ruleset)
    )
    return {
        fingerprint: _Before(
            number,
            Known(fingerprint, rule, kind, subject, group, State(state), State(known), violated),
            occurrence,
            last is not None,
            digest or "",
        )
        for number, fingerprint, rule, kind, subject, group, state, known, violated, occurrence, last, digest in (
            connection.execute(query)
        )
    }


def _transitions(result: RunResult, before: Mapping[str, _Before], presence: Presence) -> list[Transition]:
    """Return where every finding stands after the run."""
    found: dict[str, Verdict] = {finding.fingerprint: finding.verdict for finding in result.findings}
    gone = [
        item.known
        for fingerprint, item in before.items()
        if fingerprint not in found and item.known.state is not State.RESOLVED
    ]
    present = presence([(known.kind, known.subject_id, known.group_id) for known in gone])
    judged = judged_by(result.outcomes, result.findings, present)
    return list(next_states({name: item.known for name, item in before.items()}, found, judged))


def _add(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    """Insert `rows` in one go; none is no statement."""
    if rows:
        connection.execute(insert(table), rows)


def _decision_row(run: int, row: DecisionRow) -> dict[str, Any]:
    """Return a decision's row of one run."""
    return {
        "run_id": run,
        "kind": row.kind,
        "id": row.id,
        "status": row.status,
        "reason": row.reason,
        "findings": row.findings,
        "until": row.until,
    }


def _write_replay(connection: Connection, run: int, result: RunResult) -> None:
    """Keep what a replay said, tied to that run alone."""
    first = (connection.scalar(select(func.max(schema.occurrences.c.id))) or 0) + 1
    rows = []
    for number, finding in enumerate(result.findings, start=first):
        body = finding_body(finding)
        rows.append(_occurrence(number, None, run, finding, body, body_hash(body), last=run, replay=True))
    _add(connection, schema.occurrences, rows)


def _occurrence(
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


class _Writer:
    """Write what a run changed, set by set: new findings, changed words, changed states."""

    def __init__(
        self, connection: Connection, run: int, previous: int | None, result: RunResult, before: Mapping[str, _Before]
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
        self.moved: list[dict[str, Any]] = []
        self.moved_transitions: list[dict[str, Any]] = []
        self.said: list[dict[str, Any]] = []
        self.closed: list[dict[str, Any]] = []
        self.clauses: list[dict[str, Any]] = []
        self.steps: list[dict[str, Any]] = []
        self.refreshed: list[dict[str, Any]] = []

    def write(self, changes: Iterable[Transition]) -> None:
        """Sort the changes into sets, then write each set with one statement."""
        for change in changes:
            self._sort(change)
        # What is replaced goes first: a clause or step that stays is written again.
        self._each(delete(schema.finding_clauses), schema.finding_clauses.c.finding_id, self.refreshed)
        self._each(delete(schema.steps), schema.steps.c.finding_id, self.refreshed)
        self._each(update(schema.occurrences).values(last_run=self.previous), schema.occurrences.c.id, self.closed)
        _add(self.connection, schema.findings, self.new)
        _add(self.connection, schema.occurrences, self.said)
        self._update(self.reworded)
        self._update(self.moved)
        _add(self.connection, schema.transitions, self.moved_transitions)
        _add(self.connection, schema.finding_clauses, self.clauses)
        _add(self.connection, schema.steps, self.steps)

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
            self._sort_state(number, item, change)
        self.next_finding += item is None

    def _sort_words(self, number: int, item: _Before | None, finding: Finding, change: Transition) -> None:
        """Keep what the finding says when it is not what it said in the run before."""
        body = finding_body(finding)
        digest = body_hash(body)
        if item is not None and not item.closed and item.body_hash == digest:
            return
        if item is not None and not item.closed and item.occurrence is not None:
            self.closed.append({"key": item.occurrence})
        occurrence = self.next_occurrence
        self.next_occurrence += 1
        self.said.append(_occurrence(occurrence, number, self.run, finding, body, digest))
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
                | self._state(change)
            )
        else:
            self.reworded.append(row | {"key": number})
            self.refreshed.append({"key": number})

    def _sort_state(self, number: int, item: _Before | None, change: Transition) -> None:
        """Move the finding to its new state and remember when and why."""
        self.moved_transitions.append(
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
        if item is not None:
            verdict = self.found[change.fingerprint].verdict if change.fingerprint in self.found else None
            lost = change.state is State.UNKNOWN and verdict is None
            self.moved.append(
                self._state(change)
                | {
                    "key": number,
                    "times_reopened": int(change.state is State.REOPENED),
                    # What can't be seen any more is listed and counted as unknown, whatever it last said.
                    "verdict": Verdict.UNKNOWN.value if lost else None if verdict is None else verdict.value,
                }
            )

    def _decided_by(self, change: Transition) -> str | None:
        """Return who settled the finding, where a person did."""
        finding = self.found.get(change.fingerprint)
        decision = None if finding is None else finding.decision
        return None if decision is None else column_text(decision.decided_by)

    def _state(self, change: Transition) -> dict[str, Any]:
        """Return the columns of a finding's row that hold its state."""
        return {
            "state": change.state.value,
            "reason": change.reason.value,
            "known_state": change.known_state.value,
            "violated": change.violated,
            "active": change.state in ACTIVE,
            "state_run": self.run,
            "state_since": self.result.as_of,
        }

    def _update(self, rows: list[dict[str, Any]]) -> None:
        """Update findings by the ``key`` of each row."""
        if not rows:
            return
        table = schema.findings
        names = {name: f"to_{name}" for name in rows[0] if name != "key"}
        values: dict[str, Any] = {name: bindparam(bound, type_=table.c[name].type) for name, bound in names.items()}
        if "times_reopened" in values:
            values["times_reopened"] = table.c.times_reopened + values["times_reopened"]
            values["verdict"] = func.coalesce(values["verdict"], table.c.verdict)
        bound_rows = [{"key": row["key"], **{names[name]: row[name] for name in names}} for row in rows]
        self.connection.execute(update(table).where(table.c.id == bindparam("key")).values(values), bound_rows)

    def _each(self, statement: Any, column: Any, rows: list[dict[str, Any]]) -> None:
        """Run `statement` for the row of every ``key``."""
        if rows:
            self.connection.execute(statement.where(column == bindparam("key")), rows)
