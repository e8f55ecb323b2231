"""Put together what a person should be told after a run: new and due findings, and never evidence.

A notice names rule, group, clause, date and number of a finding; the reader opens the workspace for
the rest. What a text rule found is named by its group's id alone, for the name may be the evidence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, or_, select

from policycore.language import say
from policycore.model.result import Finding
from policycore.model.verdict import Subject
from policycore.store import schema
from policycore.store.bodies import finding_from
from policycore.store.life_cycle import State
from policycore.store.query import SORTS
from policycore.store.runs import RunSummary
from policycore.text.clean import clean

__all__ = ["Item", "Notice", "combined", "notices_of"]

LISTED = 30
"""Findings that a notice lists for one person; the rest are a number."""
_EVIDENCE = frozenset({"field", "evidence"})
"""Facts that only a finding in a text has."""
_FRESH = (State.NEW.value, State.REOPENED.value)


@dataclass(frozen=True, slots=True)
class Item:
    """One finding in a notice."""

    id: str
    title: str
    where: str
    severity: str
    clauses: tuple[str, ...]
    fresh: bool
    """Whether it is new or came back; else it is listed because it is due."""
    due: datetime | None
    overdue: bool = False
    """Whether it was to be put right before the run."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What one responsible person is told; `person` is empty where nobody is named."""

    run: int
    person: str
    name: str
    items: tuple[Item, ...]

    @property
    def title(self) -> str:
        """Return the subject line."""
        fresh = sum(item.fresh for item in self.items)
        return say("notices.title", fresh=fresh, due=len(self.items) - fresh)

    def text(self) -> str:
        """Return the notice as plain text."""
        lines = [say("notices.for", name=self.name or say("notices.nobody")), ""]
        for item in self.items[:LISTED]:
            kind = say(f"notices.{'fresh' if item.fresh else 'overdue' if item.overdue else 'due'}")
            until = "" if item.due is None else say("notices.until", date=item.due.date().isoformat())
            clauses = " ".join(item.clauses)
            lines.append(f"[{kind}] {item.title} · {item.where}{f' · {clauses}' if clauses else ''}{until} ({item.id})")
        if len(self.items) > LISTED:
            lines.append(say("notices.more", count=len(self.items) - LISTED))
        lines += ["", say("notices.open", run=self.run)]
        return "\n".join(lines)


def notices_of(connection: Connection, run: RunSummary, *, due_within: timedelta) -> list[Notice]:
    """Return a notice for each responsible person with findings that `run` brought or that are due soon."""
    finding, said, moved = schema.findings.c, schema.occurrences.c, schema.transitions.c
    fresh = select(moved.finding_id).where(moved.run_id == run.id, moved.state.in_(_FRESH)).scalar_subquery()
    query = (
        select(finding.id.in_(fresh), finding.due, finding.responsible_id, finding.responsible, said.body)
        .join_from(schema.findings, schema.occurrences, said.id == finding.occurrence_id)
        .where(
            finding.ruleset == run.ruleset,
            finding.active.is_(True),
            or_(finding.id.in_(fresh), finding.due <= run.as_of + due_within),
        )
        .order_by(*SORTS["severity"])
    )
    zone = ZoneInfo(run.timezone)
    unnamed = _groups_not_named(connection, run)
    people: dict[tuple[str, str], list[Item]] = {}
    for is_fresh, due, person, name, body in connection.execute(query):
        when = None if due is None else due.astimezone(zone)
        item = _item(finding_from(body, zone), unnamed, fresh=bool(is_fresh), due=when, now=run.as_of)
        people.setdefault((person or "", clean(name or "", limit=80)), []).append(item)
    return [Notice(run.id, person, name, tuple(items)) for (person, name), items in sorted(people.items())]


def _groups_not_named(connection: Connection, run: RunSummary) -> frozenset[str]:
    """Return the ids of groups in whose own texts something was found, settled or not: the name may be it."""
    finding, said = schema.findings.c, schema.occurrences.c
    query = (
        select(said.body)
        .join_from(schema.findings, schema.occurrences, said.id == finding.occurrence_id)
        .where(
            finding.ruleset == run.ruleset,
            finding.subject_kind == Subject.GROUP.value,
            finding.state != State.RESOLVED.value,
            or_(*(said.body.contains(f'"{name}":', autoescape=True) for name in _EVIDENCE)),
        )
    )
    found = (finding_from(body, ZoneInfo(run.timezone)) for body in connection.scalars(query))
    return frozenset(item.subject.id for item in found if _EVIDENCE & item.facts.keys())


def _item(finding: Finding, unnamed: frozenset[str], *, fresh: bool, due: datetime | None, now: datetime) -> Item:
    """Return what a notice says of one finding at `now`; groups in `unnamed` go by their ids."""
    subject = finding.subject
    hidden = subject.group_id in unnamed or bool(_EVIDENCE & finding.facts.keys())
    group = subject.group_id if hidden else subject.group
    # A person's, message's or member's own name says more than who has to act needs.
    where = " · ".join(clean(part, limit=80) for part in (subject.department, group) if part)
    return Item(
        id=finding.id,
        title=clean(str(finding.title), limit=120),
        where=where or subject.kind.value,
        severity=finding.severity.value,
        clauses=tuple(clean(clause, limit=40) for clause in finding.clauses),
        fresh=fresh,
        due=due,
        overdue=due is not None and due < now,
    )


def combined(notices: Iterable[Notice]) -> tuple[str, str]:
    """Return title and text of one message that holds several notices."""
    listed = list(notices)
    items = [item for notice in listed for item in notice.items]
    whole = Notice(listed[0].run if listed else 0, "", "", tuple(items))
    return whole.title, "\n\n".join(notice.text() for notice in listed)
