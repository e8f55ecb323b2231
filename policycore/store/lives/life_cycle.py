"""Decide what state every finding is in after a run: pure, from what was known and what was found.

What a run no longer reports counts as resolved only when the run could have reported it: its rule
was judged, no gap hid it, and its subject is still in the data as it was. Everything else cannot be judged
now, and stays on the list of what somebody has to look at. A rule that broke judged nothing at
all: its findings stay as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from policycore.model.findings import Findings
from policycore.model.found import rest_fingerprint
from policycore.model.gap import GapIndex
from policycore.model.result import RunResult
from policycore.model.verdict import Verdict

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
    """Where a finding stands."""

    NEW = "new"
    OPEN = "open"
    REOPENED = "reopened"
    RESOLVED = "resolved"
    WAIVED = "waived"
    ATTESTED = "attested"
    UNKNOWN = "unknown"


class Reason(StrEnum):
    """Why a finding is in its state."""

    FOUND = "found"
    STILL_FOUND = "still-found"
    CAME_BACK = "came-back"
    DECISION_ENDED = "decision-ended"
    NO_LONGER_FOUND = "no-longer-found"
    DATA_MISSING = "data-missing"
    SUBJECT_MISSING = "subject-missing"
    TEXT_GONE = "text-gone"
    RULE_NOT_JUDGED = "rule-not-judged"
    WAIVER = "waiver"
    ATTESTATION = "attestation"
    DISMISSAL = "dismissal"


ACTIVE = frozenset({State.NEW, State.OPEN, State.REOPENED, State.UNKNOWN})
"""States in which somebody still has something to do."""

_DECIDED = {
    Verdict.WAIVED: (State.WAIVED, Reason.WAIVER),
    Verdict.ATTESTED: (State.ATTESTED, Reason.ATTESTATION),
    Verdict.PASS: (State.RESOLVED, Reason.DISMISSAL),
}


@dataclass(frozen=True, slots=True)
class Life:
    """Where a finding stands; thousands of findings share one.

    `known_state` is the last state other than unknown.
    """

    state: State
    known_state: State
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

    `partly` names the rules that saw or listed only a part; `lost` says by rule, kind and id why subjects that are
    there are no longer what the finding was about; `gaps` know what could not be judged for want of data. `present`
    says whether a subject (kind, id, group id) is still in the data.
    """

    rules: frozenset[str]
    broken: frozenset[str]
    partly: frozenset[str]
    lost: Mapping[tuple[str, str, str], Reason]
    gaps: GapIndex
    present: Callable[[str, str, str | None], bool]

    def hidden(self, rule: str, kind: str, subject: str, group: str | None) -> Reason | None:
        """Return why the run could not have reported this subject under `rule`, None when it could have."""
        # Attestations are asked for by the rule set itself, whatever the data holds.
        if rule in self.broken or (rule not in self.rules and not rule.startswith("ATTEST:")):
            return Reason.RULE_NOT_JUDGED
        if rule in self.partly or self.gaps.holds(rule, kind, subject, group):
            return Reason.DATA_MISSING
        if reason := self.lost.get((rule, kind, subject)):
            return reason
        return None if self.present(kind, subject, group) else Reason.SUBJECT_MISSING


def judged_by(
    result: RunResult,
    present: Callable[[str, str, str | None], bool],
    *,
    incomplete: frozenset[str] = frozenset(),
    lost: Mapping[tuple[str, str, str], Reason] = MappingProxyType({}),
) -> Judged:
    """Return what a run judged, from its outcomes, its gaps and the findings that say more than what they found.

    `incomplete` names rules that saw only a part of the data, as when rows were set aside; `lost` says by
    rule, kind and id why what a finding was about is gone from what the rule reads.
    """
    # Beyond the most that a rule lists, what is not listed may be among the rest.
    cut = {item.rule for item in Findings.of(result.findings).loose if item.fingerprint == rest_fingerprint(item.rule)}
    return Judged(
        rules=frozenset(outcome.rule for outcome in result.outcomes),
        broken=frozenset(outcome.rule for outcome in result.outcomes if Verdict.ERROR in outcome.verdicts),
        partly=incomplete | cut,
        lost=lost,
        gaps=GapIndex(result.gaps),
        present=present,
    )


def next_life(before: Life | None, verdict: Verdict) -> Life:
    """Return where a finding stands that the run reported with `verdict`; None before it was ever seen."""
    state, reason = _DECIDED.get(verdict) or _found(before)
    return Life(state, state, reason)


def _found(before: Life | None) -> tuple[State, Reason]:
    """Return the state of a finding that nobody has decided about."""
    if before is None:
        return State.NEW, Reason.FOUND
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
        return Life(State.RESOLVED, State.RESOLVED, Reason.NO_LONGER_FOUND)
    return Life(State.UNKNOWN, life.known_state, hidden)
