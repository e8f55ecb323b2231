"""Check that a rule which says it can judge part of an estate says the same there as in the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policycore.engine.pace import EveryRule, JudgedRule, PartlyKnown
from policycore.plugin_api.rule import Case, Rule

if TYPE_CHECKING:
    from policycore.engine.pace import JudgedRule, PartlyKnown
    from policycore.rulesets.resolved import ResolvedRule

__all__ = ["check_split"]


def check_split(rule: Rule, case: Case) -> None:
    """Judge each group of a case as if it alone had changed; AssertionError when that is not what the whole says."""
    from policycore.engine.run import evaluate_data
    from policycore.testing import estate_of, ruleset_of

    data = estate_of(case)
    ruleset = ruleset_of(rule, case)
    whole = _Remembering()
    expected = evaluate_data(data, ruleset, pace=whole)
    judged = whole.said[rule.id]
    if judged.tally is None:
        return
    for group in judged.tally.ids.to_pylist():
        part = evaluate_data(data, ruleset, pace=_Remembering(_known(judged, group)))
        if part.findings != expected.findings or part.outcomes[0].verdicts != expected.outcomes[0].verdicts:
            raise AssertionError(
                f"{rule.name}: {case.name}: judged with group {group} alone it says something else than of the whole\n"
                f"  expected {[finding.subject.id for finding in expected.findings]} {expected.outcomes[0].verdicts}\n"
                f"  got      {[finding.subject.id for finding in part.findings]} {part.outcomes[0].verdicts}"
            )


def _known(judged: JudgedRule, group: str) -> PartlyKnown:
    """Return what is known when only `group` has changed: of itself nothing, not even that it passed."""
    from policycore.engine.tally import GroupTally

    assert judged.tally is not None  # noqa: S101 - the caller asked
    here = [one == group for one in judged.tally.ids.to_pylist()]
    passes, outside = judged.tally.passes.copy(), judged.tally.not_applicable.copy()
    passes[here] = 0
    outside[here] = False
    return PartlyKnown(judged.findings, GroupTally(judged.tally.ids, passes, outside), (group,))


class _Remembering(EveryRule):
    """Judge everything, or what is not `known`, and remember what was said."""

    def __init__(self, known: PartlyKnown | None = None) -> None:
        self.known = known
        self.said: dict[str, JudgedRule] = {}

    def recall(self, resolved: ResolvedRule) -> PartlyKnown | None:  # noqa: ARG002 - there is one rule
        """Return what is known."""
        return self.known

    def judged(self, resolved: ResolvedRule, judged: JudgedRule, **_: bool) -> None:
        """Remember it."""
        self.said[resolved.id] = judged
