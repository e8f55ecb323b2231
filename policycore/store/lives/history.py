"""Tell the life of one finding: every state with when, why and by whom, what it said, notes, ticks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, or_, select

from policycore.errors import Problem, UsageError
from policycore.model.result import Finding
from policycore.store import schema
from policycore.store.lives.disputes import beside
from policycore.store.lives.last_words import RunWords, said_last_in
from policycore.store.lives.life_cycle import Reason, State
from policycore.store.lives.moves import Move, moves_of

__all__ = ["FindingHistory", "Happening", "Said", "find_finding", "history_of"]

_BEGINNINGS = (State.NEW, State.REOPENED)


@dataclass(frozen=True, slots=True)
class Happening:
    """One change of state in one run."""

    run: int
    at: datetime
    recorded_at: datetime
    was: State | None
    state: State
    reason: Reason
    decided_by: str | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What a finding said from one run to another (None: it still says so)."""

    first_run: int
    last_run: int | None
    finding: Finding


@dataclass(frozen=True, slots=True)
class FindingHistory:
    """Everything the store knows of one finding over time."""

    finding_id: int
    ruleset: str
    state: State
    happenings: tuple[Happening, ...]
    said: tuple[Said, ...]
    notes: tuple[tuple[datetime, str, str], ...]

    @property
    def finding(self) -> Finding:
        """Return what the finding said last."""
        return self.said[-1].finding


def find_finding(connection: Connection, name: str) -> int:
    """Return the number of the finding that `name` means: its id, its fingerprint, or the beginning of one.

    Raises UsageError when none or several fit.
    """
    table = schema.findings
    prefix = name.strip()
    pattern = prefix.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
    found: Sequence[int] = []
    if len(prefix) >= 4:
        query = select(table.c.id, table.c.fingerprint).where(
            or_(table.c.label.like(pattern, escape="\\"), table.c.fingerprint.like(pattern.lower(), escape="\\"))
        )
        rows = connection.execute(query.order_by(table.c.last_run.desc(), table.c.id)).all()
        # One finding that several rule sets report has a life in each: the one that was checked last is meant.
        found = [number for number, fingerprint in rows if fingerprint == rows[0].fingerprint][:1]
        found += [number for number, fingerprint in rows if fingerprint != rows[0].fingerprint][:1]
    if len(found) == 1:
        return found[0]
    key = "store.many-findings" if found else "store.no-finding"
    raise UsageError(Problem.of(key, name=prefix[:60]))


def history_of(connection: Connection, finding_id: int) -> FindingHistory:
    """Return the life of one finding, oldest first."""
    finding, runs, notes = schema.findings.c, schema.runs.c, schema.notes.c
    columns = (finding.ruleset, finding.state, finding.rule, finding.fingerprint, finding.first_run, said_last_in())
    ruleset, state, rule, fingerprint, first, last = connection.execute(
        select(*columns).where(finding.id == finding_id)
    ).one()
    moves = tuple(moves_of(connection, ruleset, first=first, finding=finding_id))
    query = select(runs.id, runs.as_of, runs.recorded_at).where(runs.ruleset == ruleset, runs.replay.is_(False))
    moments = {run: (at, recorded) for run, at, recorded in connection.execute(query.order_by(runs.id))}
    happenings = tuple(
        Happening(move.run, *moments[move.run], move.was, move.now.state, move.now.reason, move.decided_by)
        for move in moves
        if move.now is not None and move.another
    )
    query = select(notes.at, notes.author, notes.text).where(notes.finding_id == finding_id).order_by(notes.id)
    said = _Sayings(connection, rule, fingerprint, moments).said(first, last, moves)
    if said:
        said[-1] = replace(said[-1], finding=beside(connection, {finding_id: said[-1].finding})[finding_id])
    return FindingHistory(
        finding_id=finding_id,
        ruleset=ruleset,
        state=State(state),
        happenings=happenings,
        said=tuple(said),
        notes=tuple((at, author, text) for at, author, text in connection.execute(query)),
    )


class _Sayings:
    """What one finding said, in the few runs in which it said something else than before."""

    def __init__(
        self,
        connection: Connection,
        rule: str,
        fingerprint: str,
        moments: Mapping[int, tuple[datetime, datetime]],
    ) -> None:
        self._connection, self._rule, self._moments = connection, rule, moments
        self._names = [fingerprint]

    def said(self, first: int, last: int, moves: Sequence[Move]) -> list[Said]:
        """Return everything that was said from run `first` to run `last`."""
        begun = {move.run: self._moments[move.run][0] for move in moves if move.now and move.now.state in _BEGINNINGS}
        begun.setdefault(first, self._moments[first][0])
        worded = sorted({first, *(move.run for move in moves if move.now is None)})
        found = []
        after: int | None = None
        # Backwards: only what is said now tells how the finding was called before its rule was renamed.
        for run in reversed(worded):
            until = self._last(run, last if after is None else self._before(after))
            since = max(moment for began, moment in begun.items() if began <= run)
            said = self._in(until, since)
            if said is not None:
                found.append(Said(run, None if after is None and until == self._newest else until, said))
            after = run
        return found[::-1]

    @property
    def _newest(self) -> int:
        return max(self._moments)

    def _before(self, run: int) -> int:
        """Return the run before one."""
        return max((number for number in self._moments if number < run), default=run)

    def _last(self, first: int, run: int) -> int:
        """Return the last run up to `run`, and from `first` on, that reported the finding."""
        while run > first and self._in(run, self._moments[run][0]) is None:
            run = self._before(run)
        return run

    def _in(self, run: int, begun: datetime) -> Finding | None:
        """Return what the finding said in a run, None where that did not report it."""
        found = RunWords(self._connection, run).named(self._rule, self._names, begun)
        if found is not None:
            self._names = list(dict.fromkeys((*self._names, *found.former)))
        return found
