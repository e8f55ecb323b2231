"""List every clause of the policy with what enforces it, so that nothing is quietly left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field

from policycore.language import Text
from policycore.model.result import ClauseResult, RuleOutcome
from policycore.model.verdict import VIOLATIONS, Verdict
from policycore.rulesets.resolved import Attestation, Clause, ResolvedRule, ResolvedRuleSet

__all__ = ["Duty", "Entry", "Totals", "ledger", "totals"]


_STATES = (
    ("error", (Verdict.ERROR,)),
    ("violated", VIOLATIONS),
    ("unknown", (Verdict.UNKNOWN,)),
    ("awaits-attestation", (Verdict.NEEDS_ATTESTATION,)),
    ("met", (Verdict.PASS, Verdict.ATTESTED, Verdict.WAIVED)),
)
"""What a clause comes to, the worst first, and the verdicts that make it so."""


def _worst(verdicts: Mapping[Verdict, int]) -> str:
    """Return what some verdicts come to: the worst of them."""
    return next((state for state, named in _STATES if any(verdicts.get(one) for one in named)), "unjudged")


@dataclass(frozen=True, slots=True)
class Duty:
    """One obligation of a clause, with what came out of its rules."""

    text: str
    rules: tuple[str, ...]
    attested: bool
    derived: bool
    verdicts: Mapping[Verdict, int] | None
    """None when no estate was checked."""

    @property
    def state(self) -> str:
        """Return open, checked, attested or derived; with an estate what is the worst that came out of its rules."""
        if self.rules:
            return "checked" if self.verdicts is None else _worst(self.verdicts)
        return "attested" if self.attested else "derived" if self.derived else "open"


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
    duties: tuple[Duty, ...] = ()
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
        return _worst(self.verdicts)


@dataclass(frozen=True, slots=True)
class Totals:
    """Clauses, counted by how they are covered; headings are not counted."""

    clauses: int
    checked: int
    attested: int
    derived: int = 0

    @property
    def covered(self) -> int:
        """Return how many clauses a rule, an attestation or what the program makes covers."""
        return self.checked + self.attested + self.derived


def ledger(
    ruleset: ResolvedRuleSet, results: Iterable[ClauseResult] = (), outcomes: Iterable[RuleOutcome] | None = None
) -> list[Entry]:
    """Return one entry per clause, in the document's order; `results` and `outcomes` are those of a run."""
    said = None if outcomes is None else {outcome.name: outcome.verdicts for outcome in outcomes}
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
                duties=tuple(_duties(clause, {rule.name for rule in rules}, said)),
                reworded=bool(clause.reviewed) and clause.reviewed != clause.wording,
            )
        )
    return entries


def _duties(clause: Clause, inside: Set[str], said: Mapping[str, Mapping[Verdict, int]] | None) -> Iterator[Duty]:
    """Yield the obligations of a clause; rules that are not in force for it check nothing."""
    for one in clause.obligations:
        rules = tuple(name for name in one.rules if name in inside)
        counts: Counter[Verdict] = Counter()
        for name in rules:
            counts.update(dict((said or {}).get(name, {})))
        verdicts = None if said is None else {verdict: counts[verdict] for verdict in Verdict if counts[verdict]}
        yield Duty(one.text, rules, one.attested, one.derived, verdicts)


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
