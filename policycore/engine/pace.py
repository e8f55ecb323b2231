"""Let a caller say which rules need no judging because the answer is known, and when to stop.

The engine itself knows no clock and no cache: it asks. What is recalled must be what judging would
have said; what was not reached is unknown, never passed and never put right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from policycore.engine.tally import GroupTally
from policycore.model.result import Finding, RuleOutcome
from policycore.rulesets.resolved import ResolvedRule

__all__ = ["EveryRule", "JudgedRule", "Pace", "PartlyKnown"]


@dataclass(frozen=True, slots=True)
class JudgedRule:
    """Hold what one rule said, and the SQL it asked while it was judged."""

    outcome: RuleOutcome
    findings: tuple[Finding, ...]
    asked: tuple[str, ...] = ()
    tally: GroupTally | None = None
    """What the outcome counts by group, where the rule judges groups one by one."""


@dataclass(frozen=True, slots=True)
class PartlyKnown:
    """Hold what a rule said of groups that are as they were; `changed` are the groups to judge (maybe none)."""

    findings: tuple[Finding, ...]
    tally: GroupTally
    """Over the groups of the estate now; the places of changed groups are to be filled."""
    changed: tuple[str, ...]
    gone: tuple[str, ...] = ()
    """Groups that were judged then and are not in the estate now."""
    moved: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)
    """By table and group, how much further down its rows stand now; None where they did not move alike."""


class Pace(Protocol):
    """Be asked by a run before and after every rule."""

    def recall(self, resolved: ResolvedRule) -> JudgedRule | PartlyKnown | None:
        """Return what `resolved` would say of this estate now, or of part of it; None when that is not known."""
        ...

    def order(self, rules: Sequence[ResolvedRule]) -> Sequence[ResolvedRule]:
        """Return the rules that have to be judged in the order in which to do so."""
        ...

    def stop(self) -> bool:
        """Return whether the run shall end before the next rule."""
        ...

    def judged(self, resolved: ResolvedRule, judged: JudgedRule, *, recalled: bool, broke: bool) -> None:
        """Learn what `resolved` said: recalled, judged, or broken."""
        ...


class EveryRule:
    """Judge every rule in the order of the rule set."""

    def recall(self, resolved: ResolvedRule) -> JudgedRule | PartlyKnown | None:  # noqa: ARG002 - nothing is known
        """Return None."""
        return None

    def order(self, rules: Sequence[ResolvedRule]) -> Sequence[ResolvedRule]:
        """Return the rules as they are."""
        return rules

    def stop(self) -> bool:
        """Return False."""
        return False

    def judged(self, resolved: ResolvedRule, judged: JudgedRule, *, recalled: bool, broke: bool) -> None:
        """Forget it."""
