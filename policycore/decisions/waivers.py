"""Waivers: what each is for, whether it stands, and every reason why one would not count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from policycore.decisions.policy import WaiverPolicy, meant_reason
from policycore.decisions.standing import Directory
from policycore.decisions.tightening import echoes, tightened
from policycore.errors import Place, Problem
from policycore.language import say
from policycore.model.facts import changed_facts
from policycore.model.moments import through
from policycore.model.result import Finding
from policycore.model.schema import field_names
from policycore.model.verdict import Enforcement, Verdict
from policycore.plugin_api.rule import Tighter
from policycore.store.lives.previous_state import RuleNames
from policycore.text.clean import clean
from policycore.text.shown import shown_id

__all__ = [
    "WAIVABLE",
    "Scope",
    "Standing",
    "Waiver",
    "WaiverContext",
    "WaiverPolicy",
    "fits",
    "judge_waiver",
    "reasons_against",
    "refusals",
    "untold",
]

WAIVABLE = frozenset({Verdict.FAIL, Verdict.SUSPECT, Verdict.WAIVED})
"""A gap in the data or a broken rule is nothing that anybody could accept; what is waived may be waived again."""


class Standing(StrEnum):
    """Whether a waiver counts, and the first reason why not."""

    IN_FORCE = "in-force"
    NOT_YET = "not-yet"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    SAME_PERSON = "same-person"
    NO_PERSON = "no-person"
    NOT_IN_POST = "not-in-post"
    UNTOLD = "untold"
    NO_AUTHORITY = "no-authority"
    NO_DIRECTORY = "no-directory"
    UNKNOWN_REASON = "unknown-reason"
    TOO_LONG = "too-long"
    NOT_WAIVABLE = "not-waivable"
    NO_RULE = "no-rule"
    PARAMETERS_CHANGED = "parameters-changed"
    FACTS_CHANGED = "facts-changed"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a waiver is about: any of these; an empty scope fits nothing."""

    findings: frozenset[str] = frozenset()
    subjects: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    departments: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.findings or self.subjects or self.groups or self.departments)


@dataclass(frozen=True, slots=True)
class Waiver:
    """One entry of the reviewed file."""

    id: str
    rule: str
    clause: str
    scope: Scope
    reason: str
    text: str
    ticket: str
    requester: str
    approver: str
    approved: datetime
    begins: datetime
    ends: datetime
    """The moment from which it no longer counts."""
    withdrawn: datetime | None = None
    """When it was taken back, for people to read: from then on no check counts it, of whatever date its data are."""
    parameters: Mapping[str, object] | None = None
    """The rule's parameters when it was granted; None where it does not depend on them."""
    facts: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """By fingerprint, the facts that it was granted for."""
    place: Place | None = None

    def __post_init__(self) -> None:
        """Withhold what bears a classification mark: it is shown wherever the decision is."""
        object.__setattr__(self, "text", shown_id(self.text))


@dataclass(frozen=True, slots=True)
class WaiverContext:
    """What a judgement of waivers rests on besides the waiver and the finding."""

    policy: WaiverPolicy
    directory: Directory
    parameters: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    """The rules' parameters in force, by rule id."""
    tighter: Mapping[str, Mapping[str, Tighter]] = field(default_factory=dict)
    """By rule id and parameter, which way it becomes tighter, where anybody said so."""
    names: RuleNames = field(default_factory=RuleNames)

    def rule_of(self, waiver: Waiver) -> str:
        """Return the id of the rule that a waiver names, '' when it names none."""
        return self.names.id_of(waiver.rule)


def fits(waiver: Waiver, finding: Finding, context: WaiverContext) -> bool:
    """Return whether `waiver` is about `finding` at all."""
    if waiver.rule and finding.rule != context.rule_of(waiver) and finding.name != waiver.rule:
        return False
    if waiver.clause and waiver.clause not in finding.clauses:
        return False
    scope, subject = waiver.scope, finding.subject
    return (
        not scope.findings.isdisjoint(finding.fingerprints)
        or subject.id in scope.subjects
        or (subject.group_id is not None and subject.group_id in scope.groups)
        or (subject.department_id is not None and subject.department_id in scope.departments)
    )


def judge_waiver(waiver: Waiver, at: datetime, context: WaiverContext, finding: Finding | None = None) -> Standing:
    """Return whether `waiver` is in force at `at`: in general, and for `finding` where one is given.

    This is the one place that decides it; of several reasons against it the first is returned.
    """
    return next(reasons_against(waiver, at, context, finding), Standing.IN_FORCE)


def reasons_against(
    waiver: Waiver, at: datetime, context: WaiverContext, finding: Finding | None = None
) -> Iterator[Standing]:
    """Yield every reason why `waiver` does not count at `at`, as `judge_waiver` has it; none for one in force."""
    yield from _in_time(waiver, at)
    yield from _approved(waiver, context)
    yield from _allowed(waiver, context, finding)


def _in_time(waiver: Waiver, at: datetime) -> Iterator[Standing]:
    """Judge the dates."""
    if waiver.withdrawn is not None:
        # Not compared with `at`: people withdraw today, and the data judged may be of last year.
        yield Standing.WITHDRAWN
    if at < waiver.begins or at < waiver.approved:
        yield Standing.NOT_YET
    elif at >= waiver.ends:
        yield Standing.EXPIRED


def _approved(waiver: Waiver, context: WaiverContext) -> Iterator[Standing]:
    """Judge whether somebody else with the standing to do so approved it on that day."""
    if waiver.approver == waiver.requester:
        yield Standing.SAME_PERSON
    if not context.directory.people:
        yield Standing.NO_DIRECTORY
        return
    if waiver.approver not in context.directory.people:
        yield Standing.NO_PERSON
        return
    posts = context.directory.posts(waiver.approver, waiver.approved)
    if not posts:
        lacking = context.directory.lacking(waiver.approver, waiver.approved)
        yield Standing.UNTOLD if lacking else Standing.NOT_IN_POST
        return
    policy = context.policy
    entitled = any(post.rank in policy.ranks or post.duties & policy.duties for post in posts)
    if (policy.ranks or policy.duties) and not entitled:
        yield Standing.NO_AUTHORITY


def _allowed(waiver: Waiver, context: WaiverContext, finding: Finding | None) -> Iterator[Standing]:
    """Judge what the rule set allows, and whether what it was granted for still holds."""
    if {waiver.reason, meant_reason(waiver.reason)}.isdisjoint(context.policy.reasons):
        yield Standing.UNKNOWN_REASON
    if waiver.rule and context.names.ids and waiver.rule not in context.names.ids:
        yield Standing.NO_RULE
        return
    rule = context.rule_of(waiver)
    now = context.parameters.get(rule)
    # A change that nobody can tell to be looser ends it: it might be tighter.
    tied = waiver.parameters if waiver.rule else None
    if tied is not None and (now is None or tightened(tied, now, context.tighter.get(rule, {}))):
        yield Standing.PARAMETERS_CHANGED
    if finding is None:
        return
    if finding.enforcement is Enforcement.MANDATORY_WITHOUT_WAIVERS or finding.verdict not in WAIVABLE:
        yield Standing.NOT_WAIVABLE
    if waiver.ends - waiver.begins > context.policy.longest[finding.severity]:
        yield Standing.TOO_LONG
    for fingerprint in finding.fingerprints:
        facts = waiver.facts.get(fingerprint, {})
        # A fact that only repeats a parameter is none of its own: what its change means was judged above.
        repeated = echoes(waiver.parameters or {}, now or {}, facts, finding.facts)
        if not repeated.issuperset(changed_facts(facts, finding.facts)):
            yield Standing.FACTS_CHANGED
            return


def refusals(
    waiver: Waiver, findings: Iterable[Finding], context: WaiverContext, *, unknown: bool = False
) -> list[Problem]:
    """Return why the waiver would not count at its beginning, in general and finding by finding.

    `unknown` people were named: they are refused elsewhere, and nothing can be said of their standing.
    """
    at = max(waiver.begins, waiver.approved)
    skipped = {
        Standing.SAME_PERSON,
        Standing.NO_DIRECTORY,
        Standing.NO_PERSON,
        Standing.NOT_IN_POST,
        Standing.NO_AUTHORITY,
    }
    general = [found for found in reasons_against(waiver, at, context) if not (unknown and found in skipped)]
    seen = set(general) | (skipped if unknown else set())
    problems = [_problem(found, waiver, context, waiver.rule or waiver.id) for found in general]
    for finding in findings:
        more = [found for found in reasons_against(waiver, at, context, finding) if found not in seen]
        problems += [_problem(found, waiver, context, finding.id, finding) for found in more]
    return problems


def _problem(
    standing: Standing, waiver: Waiver, context: WaiverContext, what: str, finding: Finding | None = None
) -> Problem:
    """Return one reason with its limits."""
    words = {"begins": _shown(waiver.begins), "approved": _shown(waiver.approved), "until": through(waiver.ends)}
    fix = "decisions.decide.refused.fix"
    if standing is Standing.EXPIRED:
        fix = f"{fix}-expired"
    elif standing is Standing.UNTOLD:
        return untold(context.directory, waiver.approver, waiver.approved, what)
    elif standing is Standing.NO_AUTHORITY:
        fix, words = f"{fix}-approver", {"posts": context.policy.approvers}
    elif standing is Standing.UNKNOWN_REASON:
        fix, words = f"{fix}-reason", {"reasons": clean(", ".join(context.policy.reasons), limit=400)}
    elif standing is Standing.TOO_LONG and finding is not None:
        longest = context.policy.longest[finding.severity]
        words |= {
            "days": f"{(waiver.ends - waiver.begins).total_seconds() / 86400:g}",
            "limit": str(longest.days),
            "latest": through(waiver.begins + longest),
        }
        fix = f"{fix}-too-long"
    return _refused(standing, what, say(fix, **words))


def untold(directory: Directory, person: str, at: datetime, what: str) -> Problem:
    """Return the problem of data that don't tell whether `person` was in post, with the columns that would."""
    named = field_names(directory.lacking(person, at)).in_language()
    return _refused(Standing.UNTOLD, what, say("decisions.decide.refused.fix-untold", columns=named))


def _refused(standing: Standing, what: str, fix: str) -> Problem:
    """Return the problem of a decision that does not count."""
    why = say(f"decisions.standing.{standing}")
    return Problem.of("decisions.decide.refused", code="decide.refused", why=why, what=what, fix=fix)


def _shown(moment: datetime) -> str:
    """Return a time as people read it; it is in the zone of the estate, as it was asked for."""
    return moment.isoformat(sep=" ", timespec="minutes")
