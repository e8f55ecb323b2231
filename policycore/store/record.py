"""Record a run: its findings, what changed since the run before, its counts, its audit entry — all or nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, insert, select

from policycore.model.findings import Findings
from policycore.model.result import RunResult
from policycore.store import schema
from policycore.store.kept import audit
from policycore.store.kept.acts import LIVES, rehold, require_acts
from policycore.store.kept.found_files import keep_found
from policycore.store.kept.gaps import gap_rows
from policycore.store.kept.runs import run_body, run_row
from policycore.store.kept.seal import LASTING, digests, lasting_digest
from policycore.store.lives.changes import ChangeWriter, add_rows, next_number
from policycore.store.lives.disputes import close_disputes
from policycore.store.lives.life_cycle import State, judged_by
from policycore.store.lives.presence import Losses, Present, nothing_lost
from policycore.store.lives.previous_state import RuleNames, known_again, previous_states, vanished
from policycore.store.lives.reworded import reworded_since
from policycore.store.lives.step import Changes, changes_by, gone_by
from policycore.store.missed_run import RULE as PUNCTUALITY
from policycore.store.store import Store

__all__ = ["DecisionRow", "Presence", "RecordedRun", "record"]

_MOST_AHEAD = timedelta(days=1)
"""An estate may be dated at the end of its day, and clocks differ."""

Presence = Callable[[Iterable[tuple[str, str, str | None]]], Present]
"""Called with the subjects (kind, id, group id) that the run no longer reports; see `presence.present_in`."""


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """What became of one waiver or attestation in a run."""

    kind: str
    id: str
    status: str
    reason: str
    findings: int
    until: datetime | None


@dataclass(frozen=True, slots=True)
class RecordedRun:
    """What recording a run came to; `states` counts the findings that changed into each state."""

    id: int
    replay: bool
    cut: bool
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
    found_otherwise: Collection[str] = (),
    complete: bool = True,
    rejected: int = 0,
    question: bool = False,
    seconds: float = 0.0,
    actor: str = "",
    now: datetime | None = None,
) -> RecordedRun:
    """Store `result` and move every finding of its rule set on, in one transaction.

    Runs are ordered by number, never by the clock. A run that was cut short, of data older than the newest
    recorded one, as of a time that has not come, or that only answers a `question` (what would the rules of
    then have said) is kept as a replay: it can be reported again but changes the state of no finding, and
    nothing that speaks of the newest or the previous run means it.
    `found_otherwise` names the disputes whose findings are there for other facts than those that were disputed.
    `rejected` counts the rows and files that were set aside: with any, nothing that vanished counts as resolved.
    Raises ValueError for a result whose time has no offset, DataError where findings were altered since the run before.
    """
    moment = now or datetime.now(UTC)
    if result.as_of.tzinfo is None:
        raise ValueError("a result's as-of time needs an offset")
    findings = replace(Findings.of(result.findings), as_of=result.as_of, timezone=result.timezone)
    zone = ZoneInfo(result.timezone)
    with store.write() as connection:
        # What was altered since the run before would be sealed anew by this one.
        require_acts(connection, LIVES)
        latest = _latest(connection, result.ruleset)
        previous = None if latest is None else latest.id
        number = (connection.scalar(select(func.max(schema.runs.c.id))) or 0) + 1
        clock = connection.scalar(select(schema.runs.c.recorded_at).order_by(schema.runs.c.id.desc()).limit(1))
        old = latest is not None and result.as_of < latest.as_of
        replay = question or result.cut or old or _ahead(result, moment)
        made = Changes()
        if not replay:
            made = _changes(connection, result, findings, names or RuleNames(), latest, presence, losses, rejected)
        states = made.states
        connection.execute(
            insert(schema.runs).values(
                id=number,
                recorded_at=moment,
                replay=replay,
                cut=result.cut,
                previous=previous,
                seconds=seconds,
                complete=complete and not result.cut,
                new=states[State.NEW],
                reopened=states[State.REOPENED],
                resolved=states[State.RESOLVED],
                lost=states[State.UNKNOWN],
                entry=audit.next_sequence(connection),
                **run_row(result, findings.kinds),
            )
        )
        beside = keep_found(connection, number, findings, zone)
        connection.execute(
            insert(schema.run_bodies).values(
                run_id=number,
                body=run_body(result),
                beside=beside,
                parameters=json.dumps(parameters or {}, ensure_ascii=True, sort_keys=True),
            )
        )
        add_rows(connection, schema.run_gaps, gap_rows(number, result))
        counted = [_decision_row(number, row) for row in decisions]
        changed = {} if replay else _decisions_changed(connection, latest, counted)
        add_rows(connection, schema.run_decisions, counted)
        if not replay:
            ChangeWriter(connection, number, result, findings).write(made, previous)
        _refresh_statistics(connection)
        same = schema.findings.c.ruleset == result.ruleset
        holds = {} if replay else rehold(connection, LIVES, [f"{LIVES} {result.ruleset}"], same)
        if not replay:
            holds |= close_disputes(connection, result.ruleset, number, found_otherwise, at=moment)
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
                "findings": len(findings),
                "complete": complete and not result.cut,
                **changed,
                "sealed": digests(connection, number) | {LASTING: lasting_digest(connection, number, findings)},
            },
            actor=actor,
            at=moment,
            holds=holds,
        )
    back = clock is not None and moment < clock
    return RecordedRun(number, replay, result.cut, previous, dict(states), head, back)


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


def _changes(
    connection: Connection,
    result: RunResult,
    findings: Findings,
    names: RuleNames,
    latest: Any,
    presence: Presence,
    losses: Losses,
    rejected: int,
) -> Changes:
    """Return what the run changes in the lives of findings."""
    run, then = (None, None) if latest is None else (latest.id, latest.as_of)
    before = previous_states(connection, result.ruleset)
    known_again(connection, findings, before)
    reworded = reworded_since(connection, run, then, findings)
    as_of = schema.microseconds(result.as_of) or 0
    made = changes_by(findings, before, reworded, next_number(connection), as_of)
    found = frozenset(findings.index.column("fingerprint").to_pylist())
    missing = {fingerprint: item for fingerprint, item in before.items() if fingerprint not in found}
    made.closed = [item.id for item in missing.values() if item.said]
    # What is resolved stays so.
    unsettled = {name: item for name, item in missing.items() if item.life.state is not State.RESOLVED}
    gone = dict(vanished(connection, unsettled, names, run))
    known = [item.known for item in gone.values()]
    present = presence([(item.kind, item.subject_id, item.group_id) for item in known])
    lost = losses(list(gone.values())) if gone else {}
    # The store itself says whether a run was missed; every other rule read what the rows set aside are missing from.
    incomplete = frozenset(outcome.rule for outcome in result.outcomes) - {PUNCTUALITY} if rejected else frozenset()
    gone_by(made, gone.items(), judged_by(result, present, incomplete=incomplete, lost=lost))
    return made


def _decisions_changed(connection: Connection, latest: Any, counted: list[dict[str, Any]]) -> dict[str, list[str]]:
    """Return which decisions this run saw first and which no longer, for those that no command wrote or took out."""
    table = schema.run_decisions
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
