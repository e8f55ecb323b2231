"""Attestations: signed statements about what no data can show; missing, expired or withdrawn ones count for nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from policycore.decisions.standing import Directory, Post
from policycore.errors import Place
from policycore.language import say
from policycore.model.result import Finding
from policycore.model.verdict import Subject, Verdict
from policycore.text.clean import clean
from policycore.text.shown import shown_id

__all__ = ["Attested", "SignedStatement", "ends", "judge_attestation", "may_sign", "signers_words", "speaks_of"]


class Attested(StrEnum):
    """Whether a statement counts, and the first reason why not."""

    IN_FORCE = "in-force"
    NOT_YET = "not-yet"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    NOT_IN_POST = "not-in-post"
    UNTOLD = "untold"
    NO_DIRECTORY = "no-directory"
    NOT_ENTITLED = "not-entitled"


@dataclass(frozen=True, slots=True)
class SignedStatement:
    """One entry of the file of attestations; `evidence` is the hash of what was signed."""

    id: str
    clause: str
    subject: str
    person: str
    signed: datetime
    evidence: str
    evidence_name: str
    valid_days: int | None = None
    finding: str = ""
    """Fingerprint of what was asked, where one clause asks for several statements."""
    withdrawn: datetime | None = None
    """When it was taken back; as with waivers, no check counts it from then on, of whatever date its data are."""
    text: str = ""
    place: Place | None = None

    def __post_init__(self) -> None:
        """Withhold what bears a classification mark: it is shown wherever the decision is."""
        for name in ("text", "evidence_name"):
            object.__setattr__(self, name, shown_id(getattr(self, name)))


def speaks_of(statement: SignedStatement, finding: Finding) -> bool:
    """Return whether the statement is an answer to what `finding` asks for."""
    return (
        finding.verdict is Verdict.NEEDS_ATTESTATION
        and statement.clause in finding.clauses
        and statement.finding in ("", finding.fingerprint)
        and statement.subject == finding.subject.id
    )


def ends(statement: SignedStatement, finding: Finding) -> datetime:
    """Return when the statement stops counting: after the rule set's days, or its own if fewer."""
    asked = finding.facts.get("valid_days")
    days = [number for number in (asked, statement.valid_days) if isinstance(number, int)]
    return statement.signed + timedelta(days=min(days, default=0))


def may_sign(post: Post, finding: Finding) -> bool:
    """Return whether who holds `post` may state what `finding` asks for: in its department, with a post it names."""
    subject, facts = finding.subject, finding.facts
    if subject.kind is not Subject.ESTATE and (
        not subject.department_id or post.department_id != subject.department_id
    ):
        return False
    asked = {name: set(map(str, listed)) for name in _BY if isinstance(listed := facts.get(name), (list, tuple))}
    held = {"ranks": {post.rank}, "titles": {post.title}, "duties": post.duties}
    return not asked or any(asked[name] & held[name] for name in asked)


def signers_words(finding: Finding) -> str:
    """Return in words who may state what `finding` asks for."""
    listed = [word for name in _BY if isinstance(words := finding.facts.get(name), (list, tuple)) for word in words]
    posts = say("text.and").join(clean(str(word), limit=60) for word in listed) or say("decisions.signer.any")
    place = finding.subject.department
    return posts if place is None else say("decisions.signer", place=clean(place, limit=60), posts=posts)


_BY = ("ranks", "titles", "duties")


def judge_attestation(statement: SignedStatement, at: datetime, directory: Directory, finding: Finding) -> Attested:
    """Return whether `statement` counts for `finding` at `at`: signed by then, not lapsed, by a post that may sign."""
    if statement.withdrawn is not None:
        return Attested.WITHDRAWN
    if at < statement.signed:
        return Attested.NOT_YET
    if at >= ends(statement, finding):
        return Attested.EXPIRED
    if not directory.people:
        return Attested.NO_DIRECTORY
    posts = directory.posts(statement.person, statement.signed)
    if not posts:
        lacking = directory.lacking(statement.person, statement.signed)
        return Attested.UNTOLD if lacking else Attested.NOT_IN_POST
    if finding.facts.get("missing") or not any(may_sign(post, finding) for post in posts):
        return Attested.NOT_ENTITLED
    return Attested.IN_FORCE
