"""Record a run: its findings, what changed since the run before, its counts, its audit entry — all or nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from policycore.findings import audit, schema
from policycore.findings.bodies import finding_body, run_body, said_hash
from policycore.findings.changes import Before, ChangeWriter, add_rows, occurrence_row
from policycore.findings.due import RULE as PUNCTUALITY
from policycore.findings.identity import RuleNames
from policycore.findings.life_cycle import Known, State, Transition, judged_by, next_states
from policycore.findings.lost_rows import Losses, nothing_lost
from policycore.findings.presence import Present
from policycore.findings.store import Store
from policycore.findings.totals import run_row, total_rows
from policycore.model.result import RunResult
from policycore.model.verdict import Verdict

__all__ = ["DecisionRow", "Presence", "RecordedRun", "record"]

_MOST_AHEAD = timedelta(days=1)
"""An estate may be dated at the end of its day, and clocks differ."""

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


def record(
    store: Store,
    result: RunResult,
    *,
    presence: Presence,
    losses: Losses = nothing_lost,
    decisions: Iterable[DecisionRow] = (),
    parameters: Mapping[str, object] | None = None,
    names: RuleNames | None = None,
    complete: bool = True,
    rejected: int = 0,
    question: bool = False,
    seconds: float = 0.0,
    actor: str = "",
    now: datetime | None = None,
) -> RecordedRun:
    """Store `result` and move every finding of its rule set on, in one transaction.

    Runs are ordered by number, never by the clock. A run of data older than the newest recorded
    one, as of a time that has not come, or that only answers a `question` (what would the rules of then
    have said) is kept as a replay: it can be reported again but changes the state of no finding.
    `rejected` counts the rows that were set aside: with any, nothing that vanished counts as resolved.
    Raises ValueError for a result whose time has no offset.
    """
    moment = now or datetime.now(UTC)
    if result.as_of.tzinfo is None:
        raise ValueError("a result's as-of time needs an offset")
    with store.write() as connection:
        latest = _latest(connection, result.ruleset)
        number = (connection.scalar(select(func.max(schema.runs.c.id))) or 0) + 1
        clock = connection.scalar(select(schema.runs.c.recorded_at).order_by(schema.runs.c.id.desc()).limit(1))
        replay = question or _ahead(result, moment) or (latest is not None and result.as_of < latest.as_of)
        changes: list[Transition] = []
        before: dict[str, Before] = {}
        if not replay:
            before = _renamed(connection, result, _known(connection, latest, result.ruleset), names or RuleNames())
            changes = _transitions(result, before, presence, losses, rejected)
        states = Counter(change.state for change in changes if change.state is not change.was)
        connection.execute(
            insert(schema.runs).values(
                id=number,
                recorded_at=moment,
                replay=replay,
                previous=None if latest is None else latest.id,
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
        add_rows(connection, schema.run_totals, total_rows(number, result, changes))
        counted = [_decision_row(number, row) for row in decisions]
        changed = {} if replay else _decisions_changed(connection, latest, counted)
        add_rows(connection, schema.decisions, counted)
        if replay:
            _write_replay(connection, number, result)
        else:
            ChangeWriter(connection, number, None if latest is None else latest.id, result, before).write(changes)
        _refresh_statistics(connection)
        head = audit.append(
            connection,
            "run",
            {
                "run": number,
                "ruleset": result.ruleset,
                "ruleset_hash": result.ruleset_hash,
                "snapshot": result.snapshot,
                "decisions_hash": result.decisions_hash,
                "engine_code": result.engine_code,
                "as_of": result.as_of.isoformat(),
                "findings": len(result.findings),
                "complete": complete,
                **changed,
            },
            actor=actor,
            at=moment,
        )
    back = clock is not None and moment < clock
    return RecordedRun(number, replay, None if latest is None else latest.id, dict(states), head, back)


def _ahead(result: RunResult, now: datetime) -> bool:
    """Return whether a result speaks of a time that has not come: every later run would be older than it."""
    return result.as_of > now + _MOST_AHEAD


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


def _known(connection: Connection, latest: Any, ruleset: str) -> dict[str, Before]:
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
            finding.reason,
            finding.occurrence_id,
            said.last_run,
            said.body_hash,
            schema.runs.c.snapshot,
        )
        .outerjoin_from(schema.findings, schema.occurrences, said.id == finding.occurrence_id)
        # What was not closed was still said in the newest run.
        .outerjoin(schema.runs, schema.runs.c.id == func.coalesce(said.last_run, latest.id if latest else None))
        .where(finding.ruleset == ruleset)
    )
    found = {}
    states = {state.value: state for state in State}
    # Values by their place: by name they would cost twice as much, a hundred thousand times.
    for number, name, rule, kind, subject, group, state, known_state, violated, *rest in connection.execute(query):
        known = Known(name, rule, kind, subject, group, states[state], states[known_state], violated)
        reason, occurrence, last, digest, snapshot = rest
        found[name] = Before(number, known, occurrence, reason, last is not None, digest or "", snapshot or "")
    return found


def _renamed(
    connection: Connection, result: RunResult, before: Mapping[str, Before], names: RuleNames
) -> dict[str, Before]:
    """Return what is known under the rules' present ids, and write down the findings that are known again."""
    current = dict(before)
    for fingerprint, item in before.items():
        rule = names.id_of(item.known.rule)
        if rule != item.known.rule:
            current[fingerprint] = replace(item, known=replace(item.known, rule=rule))
    moved = []
    for finding in result.findings:
        if finding.fingerprint in current:
            continue
        former = next((name for name in names.former_fingerprints(finding) if name in current), None)
        if former is not None:
            item = current.pop(former)
            known = replace(item.known, fingerprint=finding.fingerprint)
            current[finding.fingerprint] = replace(item, known=known)
            moved.append({"key": item.id, "to_fingerprint": finding.fingerprint})
    if moved:
        table = schema.findings
        statement = update(table).where(table.c.id == bindparam("key")).values(fingerprint=bindparam("to_fingerprint"))
        connection.execute(statement, moved)
    return current


def _transitions(
    result: RunResult, before: Mapping[str, Before], presence: Presence, losses: Losses, rejected: int
) -> list[Transition]:
    """Return where every finding stands after the run."""
    found: dict[str, Verdict] = {finding.fingerprint: finding.verdict for finding in result.findings}
    gone = [
        item
        for fingerprint, item in before.items()
        if fingerprint not in found and item.known.state is not State.RESOLVED
    ]
    present = presence([(item.known.kind, item.known.subject_id, item.known.group_id) for item in gone])
    lost = losses(gone) if gone else frozenset()
    # The store itself says whether a run was missed; every other rule read what the rows set aside are missing from.
    incomplete = frozenset(outcome.rule for outcome in result.outcomes) - {PUNCTUALITY} if rejected else frozenset()
    judged = judged_by(result.outcomes, result.findings, present, incomplete=incomplete, lost=lost)
    return list(next_states({name: item.known for name, item in before.items()}, found, judged))


def _decisions_changed(connection: Connection, latest: Any, counted: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Return which decisions this run saw first and which no longer, for those that no command wrote or took out."""
    table = schema.decisions
    before = set()
    if latest is not None:
        query = select(table.c.kind, table.c.id).where(table.c.run_id == latest.id)
        before = {(kind, name) for kind, name in connection.execute(query)}
    now = {(row["kind"], row["id"]) for row in counted}
    found = {"decisions_added": now - before, "decisions_removed": before - now}
    return {name: [f"{kind} {item}" for kind, item in sorted(items)] for name, items in found.items() if items}


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
        rows.append(occurrence_row(number, None, run, finding, body, said_hash(finding), last=run, replay=True))
    add_rows(connection, schema.occurrences, rows)
