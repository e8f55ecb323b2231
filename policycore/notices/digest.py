"""Put together what a person should be told after a run: new and due findings, and never evidence.

A notice says verdict and message of a finding, and names department and group with their ids, clause, date and number.
What a text rule found is named by its group's id alone, for the name may be the evidence; what another rule says of
that group is left out where it quotes the name.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, and_, func, select

from policycore.language import say
from policycore.model.result import Finding
from policycore.model.verdict import Subject
from policycore.store import schema
from policycore.store.kept.runs import RunSummary
from policycore.store.lives.last_words import last_words
from policycore.store.lives.life_cycle import State
from policycore.store.lives.moves import moves_of
from policycore.store.query import SORTS
from policycore.text.clean import clean

__all__ = ["Item", "Notice", "combined", "merged", "notices_of"]

LISTED = 30
"""Findings that a notice lists for one person; the rest are a number."""
_EVIDENCE = frozenset({"field", "evidence"})
"""Facts that only a finding in a text has."""
_FRESH = (State.NEW, State.REOPENED)


@dataclass(frozen=True, slots=True)
class Item:
    """One finding in a notice."""

    id: str
    key: str
    """What the finding is called whatever it says: its rule set and number."""
    title: str
    message: str
    verdict: str
    where: str
    severity: str
    clauses: tuple[str, ...]
    fresh: bool
    """Whether it is new or came back; else it is listed because it is due or `changed`."""
    due: datetime | None
    overdue: bool = False
    """Whether it was to be put right before the run."""
    changed: bool = False
    """Whether it says something else than before."""
    begun: datetime | None = None
    """The as-of time of the run with which its present life began."""

    @property
    def kind(self) -> str:
        """Return why it is listed."""
        return "fresh" if self.fresh else "overdue" if self.overdue else "changed" if self.changed else "due"


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
        kinds = Counter(item.kind for item in self.items)
        changed = say("notices.title.changed", count=kinds["changed"]) if kinds["changed"] else ""
        return say("notices.title", fresh=kinds["fresh"], due=kinds["due"] + kinds["overdue"]) + changed

    def text(self) -> str:
        """Return the notice as plain text."""
        lines = [say("notices.for", name=self.name or say("notices.nobody")), ""]
        for item in self.items[:LISTED]:
            kind = say(f"notices.{item.kind}")
            until = "" if item.due is None else say("notices.until", date=item.due.date().isoformat())
            clauses = " ".join(item.clauses)
            verdict = say(f"reports.verdict.{item.verdict}")
            clause = f" · {clauses}" if clauses else ""
            lines.append(f"[{kind}] {verdict} · {item.title} · {item.where}{clause}{until} ({item.id})")
            lines += [f"    {item.message}"] if item.message else []
        if len(self.items) > LISTED:
            lines.append(say("notices.more", count=len(self.items) - LISTED))
        lines += ["", say("notices.open", run=self.run)]
        return "\n".join(lines)


def notices_of(connection: Connection, run: RunSummary, *, due_within: timedelta) -> list[Notice]:
    """Return a notice for each responsible person with findings that `run` brought or that are due soon."""
    finding = schema.findings.c
    moves = list(moves_of(connection, run.ruleset, first=run.id, last=run.id))
    changed = {number for move in moves if move.now is None for number in move.findings}
    begun = (move for move in moves if move.another and move.now and move.now.state in _FRESH)
    fresh = {number for move in begun for number in move.findings}
    query = (
        select(finding.id, finding.due, finding.responsible_id, finding.responsible, finding.begun)
        .where(finding.ruleset == run.ruleset, finding.active.is_(True))
        .order_by(*SORTS["severity"])
    )
    soon = run.as_of + due_within
    told = [
        row
        for row in connection.execute(query)
        if row.id in fresh or row.id in changed or (row.due is not None and row.due <= soon)
    ]
    zone = ZoneInfo(run.timezone)
    unnamed = _groups_not_named(connection, run)
    said = last_words(connection, [row.id for row in told])
    people: dict[tuple[str, str], list[Item]] = {}
    for number, due, person, name, begun in told:
        when = None if due is None else due.astimezone(zone)
        item = _item(said[number], unnamed, fresh=number in fresh, due=when, now=run.as_of)
        item = replace(item, key=f"{run.ruleset}#{number}", begun=begun, changed=number in changed)
        people.setdefault((person or "", clean(name or "", limit=80)), []).append(item)
    return [Notice(run.id, person, name, tuple(items)) for (person, name), items in sorted(people.items())]


def merged(several: Iterable[Iterable[Notice]]) -> list[Notice]:
    """Return the notices of several runs with those of one person as one."""
    people: dict[tuple[str, str], Notice] = {}
    for notice in (notice for notices in several for notice in notices):
        known = people.get((notice.person, notice.name))
        items = notice.items if known is None else (*known.items, *notice.items)
        people[notice.person, notice.name] = replace(notice, items=items)
    return [notice for _, notice in sorted(people.items())]


def _groups_not_named(connection: Connection, run: RunSummary) -> frozenset[str]:
    """Return the ids of groups in whose own texts something was found, settled or not: the name may be it."""
    finding = schema.findings.c
    standing = and_(
        finding.ruleset == run.ruleset,
        finding.subject_kind == Subject.GROUP.value,
        finding.state != State.RESOLVED.value,
    )
    # All that a rule found in one run has the same facts: one finding tells for all.
    examples = select(func.min(finding.id)).where(standing).group_by(finding.rule, finding.last_run)
    said = last_words(connection, connection.scalars(examples).all())
    rules = {item.rule for item in said.values() if _EVIDENCE & item.facts.keys()}
    return frozenset(connection.scalars(select(finding.subject_id).where(standing, finding.rule.in_(rules))))


def _item(finding: Finding, unnamed: frozenset[str], *, fresh: bool, due: datetime | None, now: datetime) -> Item:
    """Return what a notice says of one finding at `now`; groups in `unnamed` go by their ids."""
    subject = finding.subject
    hidden = subject.group_id in unnamed or bool(_EVIDENCE & finding.facts.keys())
    names = ((subject.department, subject.department_id), (None if hidden else subject.group, subject.group_id))
    where = " · ".join(_named(name, number) for name, number in names if name or number)
    message = str(finding.message)
    # What a text rule says holds places and hashes; what another says of such a group may quote the group's name.
    quotes = subject.group_id in unnamed and bool(subject.group) and str(subject.group) in message
    return Item(
        id=finding.id,
        key="",
        message="" if quotes else clean(message, limit=400),
        verdict=finding.verdict.value,
        title=clean(str(finding.title), limit=120),
        where=where or subject.kind.value,
        severity=finding.severity.value,
        clauses=tuple(clean(clause, limit=40) for clause in finding.clauses),
        fresh=fresh,
        due=due,
        overdue=due is not None and due < now,
    )


def _named(name: str | None, number: str | None) -> str:
    """Return a name with its id: names are given twice."""
    shown, known = clean(name or "", limit=80), clean(number or "", limit=60)
    return f"{shown} ({known})" if shown and known and shown != known else shown or known


def combined(notices: Iterable[Notice]) -> tuple[str, str]:
    """Return title and text of one message that holds several notices."""
    listed = list(notices)
    items = [item for notice in listed for item in notice.items]
    whole = Notice(listed[0].run if listed else 0, "", "", tuple(items))
    return whole.title, "\n\n".join(notice.text() for notice in listed)
