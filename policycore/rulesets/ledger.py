"""List every clause of the policy with what enforces it, so that nothing is quietly left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from policycore.language import Text
from policycore.model.result import ClauseResult
from policycore.model.verdict import VIOLATIONS, Verdict
from policycore.rulesets.resolved import Attestation, ResolvedRule, ResolvedRuleSet

__all__ = ["Entry", "Totals", "ledger", "totals"]


_STATES = (
    ("error", (Verdict.ERROR,)),
    ("violated", VIOLATIONS),
    ("unknown", (Verdict.UNKNOWN,)),
    ("awaits-attestation", (Verdict.NEEDS_ATTESTATION,)),
    ("met", (Verdict.PASS, Verdict.ATTESTED, Verdict.WAIVED)),
)
"""What a clause comes to, the worst first, and the verdicts that make it so."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger."""

    id: str
    text: str
    parent: str | None
    depth: int
    is_heading: bool
    """Whether it only heads other clauses, with no rule or attestation of its own."""
    rules: tuple[ResolvedRule, ...]
    attestations: tuple[Attestation, ...]
    verdicts: Mapping[Verdict, int] | None = field(default=None)
    """What came out of it; None when no estate was checked."""
    derived: Text | None = None
    """What the program makes out of it."""
    wording: str = ""
    reworded: bool = False
    """Whether its words changed after its rules were reviewed."""

    @property
    def covered(self) -> bool:
        """Return whether a rule or an attestation enforces the clause, or the program makes what it orders."""
        return bool(self.rules or self.attestations or self.derived)

    @property
    def state(self) -> str:
        """Return heading, open, checked, attested or derived; with an estate what is the worst that came out of it."""
        if self.is_heading or not self.covered:
            return "heading" if self.is_heading else "open"
        if self.verdicts is None:
            return "checked" if self.rules else "attested" if self.attestations else "derived"
        return next((state for state, named in _STATES if any(self.verdicts.get(one) for one in named)), "unjudged")


@dataclass(frozen=True, slots=True)
class Totals:
    """Count clauses by how they are covered; headings are not counted."""

    clauses: int
    checked: int
    attested: int
    derived: int = 0

    @property
    def covered(self) -> int:
        """Return how many clauses a rule, an attestation or what the program makes covers."""
        return self.checked + self.attested + self.derived


def ledger(ruleset: ResolvedRuleSet, results: Iterable[ClauseResult] = ()) -> list[Entry]:
    """Return one entry per clause, in the document's order; `results` are those of a run."""
    parents = {clause.id: clause.parent for clause in ruleset.document.clauses}
    above = set(parents.values())
    verdicts = {result.id: result.verdicts for result in results}
    entries = []
    for clause in ruleset.document.clauses:
        rules = tuple(rule for rule in ruleset.rules if clause.id in rule.clauses)
        asked = tuple(attestation for attestation in ruleset.attestations if attestation.clause == clause.id)
        entries.append(
            Entry(
                id=clause.id,
                text=clause.text,
                parent=clause.parent,
                depth=_depth(clause.id, parents),
                is_heading=clause.id in above and not rules and not asked and clause.derived is None,
                rules=rules,
                attestations=asked,
                verdicts=verdicts.get(clause.id),
                derived=clause.derived,
                wording=clause.wording,
                reworded=bool(clause.reviewed) and clause.reviewed != clause.wording,
            )
        )
    return entries


def _depth(clause: str, parents: Mapping[str, str | None]) -> int:
    """Return how many clauses stand above `clause`."""
    depth = 0
    above = parents.get(clause)
    while above is not None and depth < len(parents):
        depth += 1
        above = parents.get(above)
    return depth


def totals(entries: Iterable[Entry]) -> Totals:
    """Return the counts of a ledger."""
    counted = [entry for entry in entries if not entry.is_heading]
    checked = sum(1 for entry in counted if entry.rules)
    attested = sum(1 for entry in counted if entry.attestations and not entry.rules)
    covered = sum(1 for entry in counted if entry.covered)
    return Totals(len(counted), checked, attested, covered - checked - attested)
