"""Keep what a run changed in the lives of findings, set by set: all that moved alike are one row.

A hundred thousand findings that a run reports for the first time are one row of some hundred bytes.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, insert, select

from policycore.errors import DataError, Problem
from policycore.store import schema
from policycore.store.lives.life_cycle import Life, Reason, State

if TYPE_CHECKING:
    import numpy

__all__ = ["Move", "keep_moves", "moves_of", "newest_moves"]


@dataclass(frozen=True, slots=True)
class Move:
    """What happened to findings, by their numbers, in one run: they came from `was` (None: they are new) to `now`.

    Without `now` they stayed where they were, and say something else than they said before.
    """

    run: int
    was: State | None
    now: Life | None
    decided_by: str | None
    findings: Sequence[int]

    @property
    def another(self) -> bool:
        """Return whether they came into another state, and not only for another reason into the same."""
        return self.now is not None and self.now.state is not self.was


def keep_moves(connection: Connection, moves: Iterable[Move]) -> None:
    """Keep the moves of a run, in an order that depends on nothing else."""
    rows: list[dict[str, object]] = []
    for move in sorted((move for move in moves if move.findings), key=lambda move: (min(move.findings), not move.now)):
        now = move.now
        rows.append(
            {
                "run_id": move.run,
                "position": len(rows),
                "was": None if move.was is None else move.was.value,
                "state": None if now is None else now.state.value,
                "known_state": None if now is None else now.known_state.value,
                "reason": None if now is None else now.reason.value,
                "decided_by": move.decided_by,
                "finding_count": len(move.findings),
                "findings": _packed(move.findings),
            }
        )
    if rows:
        connection.execute(insert(schema.moves), rows)


def moves_of(
    connection: Connection, ruleset: str, *, first: int = 0, last: int | None = None, finding: int | None = None
) -> Iterator[Move]:
    """Yield what the runs of a rule set from `first` to `last` changed, oldest first; with `finding` of that alone."""
    moves, runs = schema.moves.c, schema.runs.c
    query = (
        select(
            *(moves.run_id, moves.was, moves.state, moves.known_state, moves.reason, moves.decided_by, moves.findings)
        )
        .join_from(schema.moves, schema.runs, runs.id == moves.run_id)
        .where(runs.ruleset == ruleset, moves.run_id >= first)
        .order_by(moves.run_id, moves.position)
    )
    if last is not None:
        query = query.where(moves.run_id <= last)
    for row in connection.execute(query):
        try:
            move, numbers = _move(*row)
        except (ValueError, TypeError, zlib.error) as error:
            # Written past this program: what is sealed by the run's entry says no such thing.
            raise DataError(Problem.of("store.sealed", code="store.altered", run=row[0], parts="moves")) from error
        if finding is not None:
            place = int(numbers.searchsorted(finding))
            if place == len(numbers) or numbers[place] != finding:
                continue
        yield replace(move, findings=[finding] if finding else numbers.tolist())


def _move(
    run: int, was: str | None, state: str | None, known: str, reason: str, by: str | None, packed: bytes
) -> tuple[Move, Any]:
    """Return what one row says, but for the numbers of the findings, and those."""
    now = None if state is None else Life(State(state), State(known), Reason(reason))
    return Move(run, None if was is None else State(was), now, by, ()), _unpacked(packed)


def newest_moves(connection: Connection, ruleset: str, *, last: int) -> dict[int, tuple[int, Life]]:
    """Return by finding where it stood after run `last`, and the run with which it came there."""
    found: dict[int, tuple[int, Life]] = {}
    for move in moves_of(connection, ruleset, last=last):
        if move.now is not None:
            stands = (move.run, move.now)
            for number in move.findings:
                before = found.get(number)
                found[number] = (before[0], move.now) if before and before[1].state is move.now.state else stands
    return found


def _packed(numbers: Sequence[int]) -> bytes:
    """Return numbers as compressed steps from one to the next; the same ones give the same bytes."""
    import numpy

    steps = numpy.diff(numpy.sort(numpy.asarray(numbers, dtype=numpy.int64)), prepend=0)
    return zlib.compress(steps.astype("<i8").tobytes(), 6)


def _unpacked(packed: bytes) -> numpy.ndarray:
    """Return the numbers that were packed, in order."""
    import numpy

    found: numpy.ndarray = numpy.cumsum(numpy.frombuffer(zlib.decompress(packed), "<i8"))
    return found
