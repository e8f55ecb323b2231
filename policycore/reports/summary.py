"""Add a result up: the one place that decides what counts as open and what is worst."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from policycore.model.result import Finding, RunResult, SubjectRef
from policycore.model.verdict import Enforcement, Severity, Verdict

__all__ = ["OPEN_VERDICTS", "NextStep", "Summary", "Worst", "fails", "summarize", "urgency"]

OPEN_VERDICTS = (Verdict.FAIL, Verdict.ERROR, Verdict.SUSPECT, Verdict.UNKNOWN, Verdict.NEEDS_ATTESTATION)
"""Verdicts that somebody has to act on, the most pressing first; waived and attested are settled."""

_COUNTED_ONLY = (Verdict.PASS, Verdict.NOT_APPLICABLE)
_place = {verdict: place for place, verdict in enumerate(OPEN_VERDICTS)}


@dataclass(frozen=True, slots=True)
class Worst:
    """Name one group (or other subject) to begin with, and what is wrong with it."""

    subject: SubjectRef
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class NextStep:
    """Say what to do next about one rule: its most urgent finding and how many there are."""

    example: Finding
    count: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Hold the counts of a result; every screen and every report shows these and no others."""

    by_verdict: Mapping[str, int]
    by_severity: Mapping[str, int]
    by_rule: Mapping[str, Mapping[str, int]]
    by_clause: Mapping[str, Mapping[str, int]]
    by_department: Mapping[str, Mapping[str, int]]
    """Open findings by department name and severity, in the order of names: this is no ranking."""
    open: int
    worst: tuple[Worst, ...]
    next_steps: tuple[NextStep, ...]


def fails(findings: Iterable[Finding], fail_on: Severity) -> bool:
    """Return whether a finding is open at `fail_on` or above.

    Suspect, unknown and missing attestations count like failures, at their rule's severity: missing
    data never passes.
    """
    return any(finding.verdict in _place and finding.severity.weight >= fail_on.weight for finding in findings)


def urgency(finding: Finding) -> tuple[int, int, int, str, str]:
    """Return a key that sorts the most urgent finding first."""
    binding = finding.enforcement is Enforcement.MANDATORY_WITHOUT_WAIVERS
    place = _place.get(finding.verdict, len(_place))
    return -finding.severity.weight, place, -int(binding), finding.rule, finding.subject.id


def summarize(result: RunResult, *, worst: int = 3) -> Summary:
    """Return the counts of `result`, the `worst` subjects and the next steps."""
    open_findings = [finding for finding in result.findings if finding.verdict in _place]
    severities = Counter(finding.severity for finding in open_findings)
    return Summary(
        by_verdict=_verdicts(result),
        by_severity={severity.value: severities[severity] for severity in Severity},
        by_rule=_by_rule(result),
        by_clause=_by_clause(result),
        by_department=_by_department(open_findings),
        open=len(open_findings),
        worst=_worst(open_findings, worst),
        next_steps=_next_steps(open_findings),
    )


def _in_order(counts: Mapping[Verdict, int]) -> dict[str, int]:
    """Return counts by the verdict's word, in the order of `Verdict`."""
    return {verdict.value: counts[verdict] for verdict in Verdict if counts.get(verdict)}


def _verdicts(result: RunResult) -> dict[str, int]:
    """Count subjects by verdict: passes from the rules' counts, all else from the findings themselves."""
    counts = Counter(finding.verdict for finding in result.findings)
    for outcome in result.outcomes:
        for verdict in _COUNTED_ONLY:
            counts[verdict] += outcome.verdicts.get(verdict, 0)
    return _in_order(counts)


def _by_rule(result: RunResult) -> dict[str, dict[str, int]]:
    """Count verdicts rule by rule, in the order of rule ids."""
    counts: dict[str, Counter[Verdict]] = {}
    for outcome in result.outcomes:
        counts[outcome.rule] = Counter({verdict: outcome.verdicts.get(verdict, 0) for verdict in _COUNTED_ONLY})
    for finding in result.findings:
        counts.setdefault(finding.rule, Counter())[finding.verdict] += 1
    return {rule: _in_order(counts[rule]) for rule in sorted(counts)}


def _by_clause(result: RunResult) -> dict[str, dict[str, int]]:
    """Count verdicts clause by clause, in the document's order; a clause nobody covers has no counts."""
    counts: dict[str, Counter[Verdict]] = {clause.id: Counter() for clause in result.clauses}
    for outcome in result.outcomes:
        for clause in outcome.clauses:
            for verdict in _COUNTED_ONLY:
                counts.setdefault(clause, Counter())[verdict] += outcome.verdicts.get(verdict, 0)
    for finding in result.findings:
        for clause in finding.clauses:
            counts.setdefault(clause, Counter())[finding.verdict] += 1
    return {clause: _in_order(verdicts) for clause, verdicts in counts.items()}


def _by_department(findings: Iterable[Finding]) -> dict[str, dict[str, int]]:
    """Count open findings by department and severity; the name "" gathers those without one."""
    counts: dict[str, Counter[Severity]] = {}
    for finding in findings:
        department = finding.subject.department or finding.subject.department_id or ""
        counts.setdefault(department, Counter())[finding.severity] += 1
    return {
        department: {
            severity.value: counts[department][severity] for severity in Severity if counts[department][severity]
        }
        for department in sorted(counts)
    }


def _worst(findings: Iterable[Finding], most: int) -> tuple[Worst, ...]:
    """Return the groups with the most pressing findings: failed errors first, then how many there are."""
    gathered: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.verdict in (Verdict.FAIL, Verdict.SUSPECT):
            subject = finding.subject
            gathered.setdefault(
                f"{'group' if subject.group_id else subject.kind}:{subject.group_id or subject.id}", []
            ).append(finding)

    def weight(listed: list[Finding]) -> tuple[object, ...]:
        found = Counter((finding.severity, finding.verdict) for finding in listed)
        counts = (-found[severity, verdict] for severity in Severity for verdict in (Verdict.FAIL, Verdict.SUSPECT))
        return (
            *counts,
            -len(listed),
            listed[0].subject.group_id or listed[0].subject.id,
        )

    chosen = sorted(gathered.values(), key=weight)[:most]
    return tuple(Worst(listed[0].subject, tuple(sorted(listed, key=urgency))) for listed in chosen)


def _next_steps(findings: Iterable[Finding]) -> tuple[NextStep, ...]:
    """Return one step a rule, the most urgent rule first."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    examples = sorted((min(found, key=urgency) for found in by_rule.values()), key=urgency)
    return tuple(NextStep(finding, len(by_rule[finding.rule])) for finding in examples if finding.remediation)
