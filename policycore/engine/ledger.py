"""Keep the ledger of clauses: how each is covered and what came out of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from policycore.model.result import ClauseResult, Finding, RuleOutcome
from policycore.model.verdict import Verdict
from policycore.rulesets.resolved import ResolvedRuleSet

__all__ = ["clause_results"]


def clause_results(
    ruleset: ResolvedRuleSet, outcomes: Iterable[RuleOutcome], findings: Iterable[Finding]
) -> tuple[ClauseResult, ...]:
    """Return one result per clause of the policy, in the document's order; uncovered ones included."""
    counts: dict[str, Counter[Verdict]] = {clause.id: Counter() for clause in ruleset.document.clauses}
    for outcome in outcomes:
        for clause in outcome.clauses:
            if clause in counts:
                counts[clause].update(dict(outcome.verdicts))
    asked: Counter[str] = Counter()
    for attestation in ruleset.attestations:
        asked[attestation.clause] += 1
    for finding in findings:
        if finding.verdict in (Verdict.NEEDS_ATTESTATION, Verdict.ATTESTED):
            for clause in finding.clauses:
                if clause in counts:
                    counts[clause][finding.verdict] += 1
    return tuple(
        ClauseResult(
            id=clause.id,
            text=clause.text,
            parent=clause.parent,
            # A rule that a run did not reach enforces its clause all the same.
            rules=tuple(sorted({rule.name for rule in ruleset.rules if clause.id in rule.clauses})),
            attestations=asked[clause.id],
            verdicts={verdict: counts[clause.id][verdict] for verdict in Verdict if counts[clause.id][verdict]},
        )
        for clause in ruleset.document.clauses
    )
