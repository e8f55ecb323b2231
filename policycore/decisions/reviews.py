"""Find what reviews are about: the suspects that people looked at, and those of the very same text."""

from __future__ import annotations

import json
from collections.abc import Sequence

from policycore.decisions.facts import changed_facts
from policycore.model.findings import Findings
from policycore.model.result import Decision, Finding
from policycore.model.verdict import Verdict
from policycore.store.decided import Record
from policycore.store.lives.reviews import DISMISSED, review_said

__all__ = ["Reviewed", "exception_of", "reviewed"]

_LEARNED = "content/learned"
"""The rule whose weights reviews teach: what was judged is no question of it."""


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

    def __init__(self, reviews: Sequence[Record]) -> None:
        self._by_name = {name: record for record in reviews for name in record.covers["findings"]}
        dismissed = (record for record in reviews if record.kind == DISMISSED)
        self._by_text = {text: record for record in dismissed for text in record.covers.get("texts", ())}
        # Confirmed under one rule and dismissed under another one it is confirmed.
        ordered = sorted(reviews, key=lambda record: record.kind != DISMISSED)
        self._by_evidence = {record.evidence: record for record in ordered if record.evidence}

    def of(self, finding: Finding) -> Record | None:
        """Return the review that decides a suspect.

        That is its own as long as the facts are the same, else that of a text that was learned from, or an exception.
        """
        for name in finding.fingerprints:
            record = self._by_name.get(name)
            if record is not None and not changed_facts(json.loads(record.body)["facts"], finding.facts):
                return record
        judged = self._by_evidence.get(str(finding.facts.get("evidence"))) if finding.name == _LEARNED else None
        return judged or self._by_text.get(exception_of(finding))


def reviewed(reviews: Sequence[Record], findings: Findings) -> dict[str, Decision]:
    """Return by fingerprint what reviews make of suspects that nothing else has settled."""
    if not reviews:
        return {}
    verdicts = findings.index.column("verdict").to_pylist()
    places = [place for place, verdict in enumerate(verdicts) if verdict == Verdict.SUSPECT.value]
    known = Reviewed(reviews)
    pairs = ((finding.fingerprint, known.of(finding)) for finding in (findings.only(places) if places else ()))
    return {name: review_said(record) for name, record in pairs if record is not None}
