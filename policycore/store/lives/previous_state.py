"""What the store knows of a rule set's lives before a run, under the names that rules have today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import BigInteger, Connection, bindparam, func, select, type_coerce, update

from policycore.model.findings import Findings
from policycore.store import schema
from policycore.store.lives.life_cycle import Known, Life, Reason, State

__all__ = ["AT_ONCE", "PreviousState", "RuleNames", "Vanished", "known_again", "previous_states", "vanished"]

AT_ONCE = 5000
"""Numbers in one statement; databases take 32,000 parameters."""


class PreviousState(NamedTuple):
    """What the store knows of one finding before the run; a hundred thousand of them are made."""

    id: int
    life: Life
    said: bool
    """Whether the run before reported it."""
    begun: int
    """When its present life began, in microseconds."""


@dataclass(frozen=True, slots=True)
class Vanished:
    """A known finding that the run does not report, with the id of the snapshot in which it was last seen."""

    known: Known
    snapshot: str


def previous_states(connection: Connection, ruleset: str) -> dict[str, PreviousState]:
    """Return what the store knows of every finding of `ruleset`, by fingerprint."""
    finding = schema.findings.c
    query = select(
        *(finding.fingerprint, finding.id, finding.state, finding.known_state, finding.reason),
        *(finding.last_run.is_(None), type_coerce(finding.begun, BigInteger)),
    ).where(finding.ruleset == ruleset)
    lives: dict[tuple[str, str, str], Life] = {}
    found = {}
    for fingerprint, number, *life, said, begun in connection.execute(query).all():
        stands = tuple(life)
        if stands not in lives:
            state, known_state, reason = stands
            lives[stands] = Life(State(state), State(known_state), Reason(reason))
        found[fingerprint] = PreviousState(number, lives[stands], bool(said), begun)
    return found


def known_again(connection: Connection, findings: Findings, before: dict[str, PreviousState]) -> None:
    """Put what is known under a finding's former fingerprint under the present one, in `before` and in the store."""
    moved = []
    for fingerprint, names in _renamed(findings):
        former = None if fingerprint in before else next((name for name in names if name in before), None)
        if former is not None:
            item = before[fingerprint] = before.pop(former)
            moved.append({"key": item.id, "to_fingerprint": fingerprint})
    if moved:
        table = schema.findings
        statement = update(table).where(table.c.id == bindparam("key")).values(fingerprint=bindparam("to_fingerprint"))
        connection.execute(statement, moved)


def _renamed(findings: Findings) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the fingerprint of each finding that had others under former names of its rule, and those."""
    for finding in findings.loose:
        yield finding.fingerprint, finding.former
    for rows in findings.rows:
        former = rows.table.column("former")
        if former.null_count < len(former):
            pairs = zip(rows.table.column("fingerprint").to_pylist(), former.to_pylist(), strict=True)
            yield from ((fingerprint, names or ()) for fingerprint, names in pairs)


def vanished(
    connection: Connection, gone: Mapping[str, PreviousState], names: RuleNames, latest: int | None
) -> Iterator[tuple[int, Vanished]]:
    """Yield number and what to know of findings that a run does not report, under their rules' present ids.

    `latest` is the newest run: what was not closed was still said in it.
    """
    finding, run = schema.findings.c, schema.runs.c
    query = select(
        finding.id, finding.rule, finding.subject_kind, finding.subject_id, finding.group_id, run.snapshot
    ).outerjoin_from(schema.findings, schema.runs, run.id == func.coalesce(finding.last_run, latest))
    by_number = {item.id: (fingerprint, item.life) for fingerprint, item in gone.items()}
    numbers = sorted(by_number)
    for begin in range(0, len(numbers), AT_ONCE):
        some = query.where(finding.id.in_(numbers[begin : begin + AT_ONCE]))
        for number, rule, kind, subject, group, snapshot in connection.execute(some):
            fingerprint, life = by_number[number]
            known = Known(fingerprint, names.id_of(rule), kind, subject, group, life)
            yield number, Vanished(known, snapshot or "")


@dataclass(frozen=True, slots=True)
class RuleNames:
    """Every name of every rule."""

    ids: Mapping[str, str] = field(default_factory=dict)
    """Rule id by every id, name and former name."""

    def id_of(self, name: str) -> str:
        """Return the id of the rule that `name` means; a name nobody knows is returned as it is."""
        return self.ids.get(name, name)
