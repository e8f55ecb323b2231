"""What the store knows of a rule set's findings before a run, under the names that rules have today."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, func, select, update

from policycore.model.result import Finding
from policycore.store import schema
from policycore.store.life_cycle import Known, Life, Reason, State

__all__ = ["AT_ONCE", "PreviousState", "RuleNames", "Vanished", "begun", "known_again", "previous_states", "vanished"]

_BEGINNINGS = (State.NEW.value, State.REOPENED.value)

AT_ONCE = 5000
"""Numbers in one statement; databases take 32,000 parameters."""


class PreviousState(NamedTuple):
    """What the store knows of one finding before the run; a hundred thousand of them are made."""

    id: int
    life: Life
    occurrence: int | None
    closed: bool
    body_hash: str


@dataclass(frozen=True, slots=True)
class Vanished:
    """A known finding that the run does not report, with the id of the snapshot in which it was last seen."""

    known: Known
    snapshot: str


def previous_states(connection: Connection, ruleset: str) -> dict[str, PreviousState]:
    """Return what the store knows of every finding of `ruleset`, by fingerprint."""
    finding, said = schema.findings.c, schema.occurrences.c
    query = (
        select(
            finding.fingerprint,
            finding.id,
            finding.state,
            finding.known_state,
            finding.reason,
            finding.occurrence_id,
            said.last_run,
            said.body_hash,
        )
        .outerjoin_from(schema.findings, schema.occurrences, said.id == finding.occurrence_id)
        .where(finding.ruleset == ruleset)
    )
    lives: dict[tuple[str, str, str], Life] = {}
    found = {}
    for fingerprint, number, *life, occurrence, last, digest in connection.execute(query).all():
        stands = tuple(life)
        if stands not in lives:
            state, known_state, reason = stands
            lives[stands] = Life(State(state), State(known_state), Reason(reason))
        found[fingerprint] = PreviousState(number, lives[stands], occurrence, last is not None, digest or "")
    return found


def known_again(
    connection: Connection, findings: Iterable[Finding], before: dict[str, PreviousState], names: RuleNames
) -> None:
    """Put what is known under a finding's former fingerprint under the present one, in `before` and in the store."""
    moved = []
    for finding in findings:
        if finding.fingerprint in before:
            continue
        former = next((name for name in names.former_fingerprints(finding) if name in before), None)
        if former is not None:
            item = before[finding.fingerprint] = before.pop(former)
            moved.append({"key": item.id, "to_fingerprint": finding.fingerprint})
    if moved:
        table = schema.findings
        statement = update(table).where(table.c.id == bindparam("key")).values(fingerprint=bindparam("to_fingerprint"))
        connection.execute(statement, moved)


def vanished(
    connection: Connection, gone: Mapping[str, PreviousState], names: RuleNames, latest: int | None
) -> dict[str, Vanished]:
    """Return by fingerprint what to know of findings that a run does not report, under their rules' present ids.

    `latest` is the newest run: what was not closed was still said in it.
    """
    finding, said, run = schema.findings.c, schema.occurrences.c, schema.runs.c
    query = (
        select(finding.id, finding.rule, finding.subject_kind, finding.subject_id, finding.group_id, run.snapshot)
        .outerjoin_from(schema.findings, schema.occurrences, said.id == finding.occurrence_id)
        .outerjoin(schema.runs, run.id == func.coalesce(said.last_run, latest))
    )
    by_number = {item.id: (fingerprint, item.life) for fingerprint, item in gone.items()}
    numbers = sorted(by_number)
    found = {}
    for begin in range(0, len(numbers), AT_ONCE):
        some = query.where(finding.id.in_(numbers[begin : begin + AT_ONCE]))
        for number, rule, kind, subject, group, snapshot in connection.execute(some):
            fingerprint, life = by_number[number]
            known = Known(fingerprint, names.id_of(rule), kind, subject, group, life)
            found[fingerprint] = Vanished(known, snapshot or "")
    return found


def begun(connection: Connection, numbers: Sequence[int]) -> dict[int, datetime]:
    """Return by number the as-of time of the run with which each finding's present life began."""
    table = schema.transitions.c
    # Of two runs as of one moment either will do: what counts is the newest moment.
    query = select(table.finding_id, func.max(table.at, type_=table.at.type)).group_by(table.finding_id)
    found: dict[int, datetime] = {}
    for begin in range(0, len(numbers), AT_ONCE):
        some = table.finding_id.in_(numbers[begin : begin + AT_ONCE])
        rows = connection.execute(query.where(some, table.state.in_(_BEGINNINGS)))
        found |= {number: moment for number, moment in rows}  # noqa: C416 - mypy does not know rows as pairs
    return found


@dataclass(frozen=True, slots=True)
class RuleNames:
    """Every name of every rule, and which facts tell a rule's findings apart."""

    ids: Mapping[str, str] = field(default_factory=dict)
    """Rule id by every id, name and former name."""
    former: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Former ids and names by rule id, for the rules that have any."""
    key_facts: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def id_of(self, name: str) -> str:
        """Return the id of the rule that `name` means; a name nobody knows is returned as it is."""
        return self.ids.get(name, name)

    def former_fingerprints(self, finding: Finding) -> tuple[str, ...]:
        """Return the fingerprints that `finding` would have had under the former ids of its rule."""
        aliases = self.former.get(finding.rule, ())
        if finding.former or not aliases:
            return finding.former
        # What was stored by a version that kept no former fingerprints: they follow from the facts that are shown.
        # Where there are no former names, which is nearly always, nothing of the engine is loaded.
        from policycore.model.found import fingerprint

        subject = finding.subject
        keys = {name: finding.facts.get(name) for name in self.key_facts.get(finding.rule, ())}
        return tuple(fingerprint(alias, subject.kind, subject.id, keys) for alias in aliases)
