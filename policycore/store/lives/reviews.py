"""Reviews of suspects: a person confirms one, or dismisses it, which makes an exception for the same text.

A review is a record of the store. The next check applies it; until then it is shown beside the finding.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, exists, select

from policycore.model.facts import changed_facts
from policycore.model.findings import Findings
from policycore.model.result import Decision, Finding
from policycore.model.verdict import Verdict
from policycore.store import schema
from policycore.store.decided import IN_FORCE, Record, records

__all__ = [
    "CONFIRMED",
    "DISMISSED",
    "REVIEWS",
    "Precision",
    "Reviewed",
    "exception_of",
    "open_reviews",
    "precision",
    "reviewed",
]

CONFIRMED, DISMISSED = "confirmation", "dismissal"
REVIEWS = (CONFIRMED, DISMISSED)
"""The kinds of record; what each makes of a suspect, `policycore.model.result.Decision.verdict` says."""
_LEARNED = "content/learned"
"""The rule whose weights reviews teach: what was judged is no question of it."""


def open_reviews(connection: Connection) -> list[Record]:
    """Return the reviews that nobody took back, in the order in which they were made."""
    table = schema.decisions.c
    if not connection.scalar(select(exists().where(table.kind.in_(REVIEWS), table.state == IN_FORCE))):
        return []
    return [record for record in records(connection, *REVIEWS) if record.state == IN_FORCE]


def exception_of(finding: Finding) -> str:
    """Return what a dismissal excepts beyond the finding itself; '' where no hash tells its text.

    That is the rule, the keyed hash of the exact text, what was found in it, the kind of group (the group itself
    where the rule does not tell the kind) and the class of the sender.
    """
    facts = finding.facts
    if not facts.get("evidence"):
        return ""
    where = facts.get("group_kind") or finding.subject.group_id
    parts = (finding.rule, facts["evidence"], facts.get("topic") or facts.get("reason"), where)
    return json.dumps([*parts, facts.get("sender_kind")], ensure_ascii=True)


class Reviewed:
    """The reviews in force, asked about one finding after the other."""

    def __init__(self, reviews: Iterable[Record]) -> None:
        self._by_name: dict[str, Record] = {}
        self._by_text: dict[str, Record] = {}
        self._by_evidence: dict[str, Record] = {}
        for record in reviews:
            self.add(record)

    def add(self, record: Record) -> None:
        """Take one more review."""
        self._by_name.update(dict.fromkeys(record.covers["findings"], record))
        if record.kind == DISMISSED:
            self._by_text.update(dict.fromkeys(record.covers.get("texts", ()), record))
        before = self._by_evidence.get(record.evidence)
        # Confirmed under one rule and dismissed under another one it is confirmed.
        if record.evidence and (before is None or before.kind == DISMISSED or record.kind != DISMISSED):
            self._by_evidence[record.evidence] = record

    def of(self, finding: Finding) -> Record | None:
        """Return the review that decides a suspect.

        That is its own as long as the facts are the same, else that of a text that was learned from, or an exception.
        """
        if not self._by_name:
            return None
        for name in finding.fingerprints:
            record = self._by_name.get(name)
            if record is not None and not changed_facts(json.loads(record.body)["facts"], finding.facts):
                return record
        judged = self._by_evidence.get(str(finding.facts.get("evidence"))) if finding.name == _LEARNED else None
        return judged or self._by_text.get(exception_of(finding))

    def said_of(self, finding: Finding) -> Decision | None:
        """Return what is shown beside a suspect that was reviewed, and settles it in a check; None for any other."""
        record = self.of(finding) if finding.verdict is Verdict.SUSPECT else None
        if record is None:
            return None
        return Decision(record.kind, record.id, record.kind, record.reason, record.person, None)


def reviewed(reviews: Sequence[Record], findings: Findings) -> dict[str, Decision]:
    """Return by fingerprint what reviews make of suspects that nothing else has settled."""
    if not reviews:
        return {}
    verdicts = findings.index.column("verdict").to_pylist()
    places = [place for place, verdict in enumerate(verdicts) if verdict == Verdict.SUSPECT.value]
    known = Reviewed(reviews)
    pairs = ((one.fingerprint, known.said_of(one)) for one in (findings.only(places) if places else ()))
    return {name: said for name, said in pairs if said is not None}


@dataclass(frozen=True, slots=True)
class Precision:
    """How often people who looked found that a rule was right."""

    rule: str
    confirmed: int
    dismissed: int

    @property
    def count(self) -> int:
        """Return how many were reviewed."""
        return self.confirmed + self.dismissed

    @property
    def percent(self) -> int:
        """Return the share of what was confirmed, in percent, rounded down."""
        return 100 * self.confirmed // self.count


def precision(reviews: Iterable[Record]) -> list[Precision]:
    """Return by rule what reviews say of it, the least precise first.

    The same text counts once on either side: it is dismissed once wherever it stands, and confirmed each time.
    """
    told = {(record.covers["rules"][0], record.kind, record.evidence or record.id) for record in reviews}
    counted = Counter((rule, kind) for rule, kind, _ in told)
    rules = {rule for rule, _ in counted}
    found = [Precision(rule, counted[rule, CONFIRMED], counted[rule, DISMISSED]) for rule in rules]
    return sorted(found, key=lambda one: (one.percent, one.rule))
