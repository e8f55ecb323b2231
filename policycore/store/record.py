"""Record a run: its findings, what changed since the run before, its counts, its audit entry — all or nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, insert, select

from policycore.model.findings import Findings
from policycore.model.result import RunResult
from policycore.store import audit, schema
from policycore.store.bodies import finding_body, run_body, said_hash
from policycore.store.changes import ChangeWriter, add_rows, occurrence_row
from policycore.store.gaps import gap_rows
from policycore.store.life_cycle import Life, State, judged_by, next_life, vanished_life
from policycore.store.missed_run import RULE as PUNCTUALITY
from policycore.store.presence import Losses, Present, nothing_lost
from policycore.store.previous_state import PreviousState, RuleNames, known_again, previous_states, vanished
from policycore.store.rows import run_row
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
        old = latest is not None and result.as_of < latest.as_of
        replay = question or result.cut or old or _ahead(result, moment)
        moves = _Moves({}, {})
        if not replay:
            moves = _moves(connection, result, names or RuleNames(), latest, presence, losses, rejected)
        states, kinds = moves.into, Findings.of(result.findings).kinds
        connection.execute(
            insert(schema.runs).values(
                id=number,
                recorded_at=moment,
                replay=replay,
                cut=result.cut,
                previous=None if latest is None else latest.id,
                seconds=seconds,
                complete=complete and not result.cut,
                new=states[State.NEW],
                reopened=states[State.REOPENED],
                resolved=states[State.RESOLVED],
                lost=states[State.UNKNOWN],
                **run_row(result, kinds),
            )
        )
        connection.execute(
            insert(schema.run_bodies).values(
                run_id=number,
                body=run_body(result),
                parameters=json.dumps(parameters or {}, ensure_ascii=True, sort_keys=True),
            )
        )
        add_rows(connection, schema.run_gaps, gap_rows(number, result))
        counted = [_decision_row(number, row) for row in decisions]
        changed = {} if replay else _decisions_changed(connection, latest, counted)
        add_rows(connection, schema.decisions, counted)
        if replay:
            _write_replay(connection, number, result)
        else:
            writer = ChangeWriter(connection, number, None if latest is None else latest.id, result, moves.before)
            writer.write(moves.after)
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
                "complete": complete and not result.cut,
                **changed,
            },
            actor=actor,
            at=moment,
        )
    back = clock is not None and moment < clock
    return RecordedRun(number, replay, result.cut, None if latest is None else latest.id, dict(states), head, back)


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


@dataclass(frozen=True, slots=True)
class _Moves:
    """Where every finding stood before a run and stands after it, by fingerprint."""

    before: Mapping[str, PreviousState]
    after: Mapping[str, Life]

    @property
    def into(self) -> Counter[State]:
        """Count the findings that came into another state."""
        counts: Counter[State] = Counter()
        for fingerprint, life in self.after.items():
            item = self.before.get(fingerprint)
            if item is None or item.life.state is not life.state:
                counts[life.state] += 1
        return counts


def _moves(
    connection: Connection,
    result: RunResult,
    names: RuleNames,
    latest: Any,
    presence: Presence,
    losses: Losses,
    rejected: int,
) -> _Moves:
    """Return where every finding stood and where it stands after the run."""
    before = previous_states(connection, result.ruleset)
    known_again(connection, result.findings, before, names)
    after: dict[str, Life] = {}
    lives: dict[Life, Life] = {}
    nexts: dict[tuple[int, int], Life] = {}
    for finding in result.findings:
        item = before.get(finding.fingerprint)
        life = None if item is None else item.life
        # By identity: there are few lives and verdicts, both outlive the loop, and hashing them would cost most of it.
        key = id(life), id(finding.verdict)
        if key not in nexts:
            nexts[key] = _shared(next_life(life, finding.verdict), life, lives)
        after[finding.fingerprint] = nexts[key]
    missing = {fingerprint: item for fingerprint, item in before.items() if fingerprint not in after}
    gone = vanished(connection, missing, names, None if latest is None else latest.id)
    unsettled = [item for item in gone.values() if item.known.life.state is not State.RESOLVED]
    present = presence([(item.known.kind, item.known.subject_id, item.known.group_id) for item in unsettled])
    lost = losses(unsettled) if unsettled else frozenset()
    # The store itself says whether a run was missed; every other rule read what the rows set aside are missing from.
    incomplete = frozenset(outcome.rule for outcome in result.outcomes) - {PUNCTUALITY} if rejected else frozenset()
    judged = judged_by(result, present, incomplete=incomplete, lost=lost)
    for fingerprint, vanished_item in gone.items():
        life = before[fingerprint].life
        after[fingerprint] = _shared(vanished_life(vanished_item.known, judged), life, lives)
    return _Moves(before, after)


def _shared(life: Life, before: Life | None, lives: dict[Life, Life]) -> Life:
    """Return the one object that stands for a life: that of before where nothing changed."""
    return before if before is not None and life == before else lives.setdefault(life, life)


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
        body, digest = finding_body(finding, result.as_of), said_hash(finding, result.as_of)
        rows.append(occurrence_row(number, None, run, finding, body, digest, last=run, replay=True))
    add_rows(connection, schema.occurrences, rows)
