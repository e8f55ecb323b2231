"""Decide what state every finding is in after a run: pure, from what was known and what was found.

What a run no longer reports counts as resolved only when the run could have reported it: its rule
was judged, no missing field hid it, and its subject is still in the data. Everything else is
unknown, which stays on the list of what somebody has to look at. A rule that broke judged nothing at
all: its findings stay as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from policycore.model.result import Finding, RuleOutcome
from policycore.model.verdict import Subject, Verdict

__all__ = [
    "ACTIVE",
    "Judged",
    "Known",
    "Life",
    "Reason",
    "State",
    "judged_by",
    "next_life",
    "vanished_life",
]


class State(StrEnum):
    """Name where a finding stands."""

    NEW = "new"
    OPEN = "open"
    REOPENED = "reopened"
    RESOLVED = "resolved"
    WAIVED = "waived"
    ATTESTED = "attested"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Say why a finding is in its state."""

    FOUND = "found"
    STILL_FOUND = "still-found"
    CAME_BACK = "came-back"
    DECISION_ENDED = "decision-ended"
    NO_LONGER_FOUND = "no-longer-found"
    DATA_MISSING = "data-missing"
    SUBJECT_MISSING = "subject-missing"
    RULE_NOT_JUDGED = "rule-not-judged"
    WAIVER = "waiver"
    ATTESTATION = "attestation"


ACTIVE = frozenset({State.NEW, State.OPEN, State.REOPENED, State.UNKNOWN})
"""States in which somebody still has something to do."""

_DECIDED = {Verdict.WAIVED: (State.WAIVED, Reason.WAIVER), Verdict.ATTESTED: (State.ATTESTED, Reason.ATTESTATION)}
_UNJUDGED = frozenset({Verdict.UNKNOWN, Verdict.ERROR})


@dataclass(frozen=True, slots=True)
class Life:
    """Say where a finding stands; thousands of findings share one.

    `known_state` is the last state other than unknown; `violated` says whether any run saw it as
    more than a gap in the data.
    """

    state: State
    known_state: State
    violated: bool
    reason: Reason


@dataclass(frozen=True, slots=True)
class Known:
    """What earlier runs left of one finding."""

    fingerprint: str
    rule: str
    kind: str
    subject_id: str
    group_id: str | None
    life: Life


@dataclass(frozen=True, slots=True)
class Judged:
    """What a run was able to judge: its rules, those of them that broke, and what was hidden from them.

    `present` says whether a subject (kind, id, group id) is still in the data.
    """

    rules: frozenset[str]
    broken: frozenset[str]
    everything: frozenset[str]
    groups: frozenset[tuple[str, str]]
    subjects: frozenset[tuple[str, str, str]]
    present: Callable[[str, str, str | None], bool]

    def hidden(self, rule: str, kind: str, subject: str, group: str | None) -> Reason | None:
        """Return why the run could not have reported this subject under `rule`, None when it could have."""
        # Attestations are asked for by the rule set itself, whatever the data holds.
        if rule in self.broken or (rule not in self.rules and not rule.startswith("ATTEST:")):
            return Reason.RULE_NOT_JUDGED
        if rule in self.everything or (rule, kind, subject) in self.subjects:
            return Reason.DATA_MISSING
        if group is not None and (rule, group) in self.groups:
            return Reason.DATA_MISSING
        return None if self.present(kind, subject, group) else Reason.SUBJECT_MISSING


def judged_by(
    outcomes: Iterable[RuleOutcome],
    findings: Iterable[Finding],
    present: Callable[[str, str, str | None], bool],
    *,
    incomplete: frozenset[str] = frozenset(),
    lost: frozenset[tuple[str, str, str]] = frozenset(),
) -> Judged:
    """Return what a run judged, from its outcomes and from the findings that say it could not.

    `incomplete` names rules that saw only a part of the data, as when rows were set aside; `lost` names by
    rule, kind and id the subjects whose own rows are gone from what the rule reads.
    """
    # Lists and screens read states too, and must not pay for the engine.
    from policycore.engine.findings import rest_fingerprint

    everything, broken = set(incomplete), set()
    groups: set[tuple[str, str]] = set()
    subjects = set(lost)
    for finding in findings:
        subject = finding.subject
        if subject.kind is Subject.ESTATE and finding.fingerprint == rest_fingerprint(finding.rule):
            # Beyond the most that a rule lists, what is not listed may be among the rest.
            everything.add(finding.rule)
        if finding.verdict is Verdict.ERROR:
            broken.add(finding.rule)
        if finding.verdict is not Verdict.UNKNOWN:
            continue
        if subject.kind is Subject.ESTATE:
            everything.add(finding.rule)
        elif subject.kind is Subject.GROUP:
            groups.add((finding.rule, subject.id))
        subjects.add((finding.rule, subject.kind.value, subject.id))
    return Judged(
        rules=frozenset(outcome.rule for outcome in outcomes),
        broken=frozenset(broken),
        everything=frozenset(everything),
        groups=frozenset(groups),
        subjects=frozenset(subjects),
        present=present,
    )


def next_life(before: Life | None, verdict: Verdict) -> Life:
    """Return where a finding stands that the run reported with `verdict`; None before it was ever seen."""
    gap = verdict in _UNJUDGED
    violated = not gap or (before is not None and before.violated)
    state, reason = _DECIDED.get(verdict) or _found(before, gap)
    known_state = state
    if state is State.UNKNOWN and before is not None:
        known_state = before.known_state
    return Life(state, known_state, violated, reason)


def _found(before: Life | None, gap: bool) -> tuple[State, Reason]:
    """Return the state of a finding that nobody has decided about."""
    if before is None:
        return State.NEW, Reason.FOUND
    if gap and before.violated:
        return State.UNKNOWN, Reason.DATA_MISSING
    if before.known_state is State.RESOLVED:
        return State.REOPENED, Reason.CAME_BACK
    if before.known_state in (State.WAIVED, State.ATTESTED):
        return State.REOPENED, Reason.DECISION_ENDED
    return State.OPEN, Reason.STILL_FOUND


def vanished_life(before: Known, judged: Judged) -> Life:
    """Return where a finding stands that the run did not report."""
    life = before.life
    if before.rule in judged.broken:
        return life
    hidden = None
    if life.state is not State.RESOLVED:
        hidden = judged.hidden(before.rule, before.kind, before.subject_id, before.group_id)
    if hidden is None:
        return Life(State.RESOLVED, State.RESOLVED, life.violated, Reason.NO_LONGER_FOUND)
    return Life(State.UNKNOWN, life.known_state, life.violated, hidden)
