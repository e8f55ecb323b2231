"""Apply what people decided to a result: waived and attested findings, and what became of each decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from policycore.decisions.attestations import Attested, SignedStatement, ends, judge_attestation, speaks_of
from policycore.decisions.waivers import Standing, Waiver, WaiverContext, fits, judge_waiver
from policycore.model.result import Decision, Finding, RunResult
from policycore.model.verdict import Verdict

__all__ = ["NOT_NEEDED", "Decided", "DecisionStatus", "apply_decisions"]

NOT_NEEDED = "not-needed"
"""Status of a decision that would count, and that nothing needs any longer."""

EXPIRING = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class DecisionStatus:
    """What became of one decision: ``in-force``, ``not-needed``, or why it does not count.

    `settled` counts the findings it settled; `ends` is when it stops counting.
    """

    kind: str
    id: str
    status: str
    settled: int
    ends: datetime | None

    def expiring(self, at: datetime, within: timedelta = EXPIRING) -> bool:
        """Return whether it counts now and will not for long."""
        return self.status == Standing.IN_FORCE and self.ends is not None and self.ends - at <= within


@dataclass(frozen=True, slots=True)
class Decided:
    """The result with decisions applied, and the fate of every decision."""

    result: RunResult
    statuses: tuple[DecisionStatus, ...]


def apply_decisions(
    result: RunResult,
    waivers: Sequence[Waiver],
    attestations: Sequence[SignedStatement],
    context: WaiverContext,
    as_of: datetime | None = None,
) -> Decided:
    """Return `result` with every finding settled that a decision in force at `as_of` settles; pure."""
    at = as_of or result.as_of
    by_waiver: Counter[str] = Counter()
    by_statement: Counter[str] = Counter()
    why_not: dict[tuple[str, str], str] = {}
    findings = []
    index = _Index(waivers, context)
    for finding in result.findings:
        settled = _waived(finding, index, at, context, by_waiver, why_not) if index.by_key else finding
        if settled is finding and finding.verdict is Verdict.NEEDS_ATTESTATION:
            settled = _attested(finding, attestations, at, context, by_statement, why_not)
        findings.append(settled)
    statuses = (
        *(_waiver_status(waiver, at, context, by_waiver[waiver.id], why_not) for waiver in waivers),
        *(_statement_status(item, by_statement[item.id], why_not) for item in attestations),
    )
    return Decided(_recounted(result, tuple(findings)), statuses)


class _Index:
    """Find the waivers that may be about a finding without asking each one of many."""

    def __init__(self, waivers: Iterable[Waiver], context: WaiverContext) -> None:
        self.context = context
        self.by_key: dict[tuple[str, str], list[Waiver]] = {}
        for waiver in waivers:
            scope = waiver.scope
            parts = (
                ("finding", scope.findings),
                ("subject", scope.subjects),
                ("group", scope.groups),
                ("department", scope.departments),
            )
            for kind, values in parts:
                for value in values:
                    self.by_key.setdefault((kind, value), []).append(waiver)

    def about(self, finding: Finding) -> Iterable[Waiver]:
        """Yield the waivers about `finding`, in the order of the file."""
        subject = finding.subject
        keys = (
            *(("finding", fingerprint) for fingerprint in self.context.fingerprints(finding)),
            ("subject", subject.id),
            ("group", subject.group_id),
            ("department", subject.department_id),
        )
        seen: set[str] = set()
        for kind, value in keys:
            for waiver in self.by_key.get((kind, value), ()) if value is not None else ():
                if waiver.id not in seen and fits(waiver, finding, self.context):
                    seen.add(waiver.id)
                    yield waiver


def _waived(
    finding: Finding,
    index: _Index,
    at: datetime,
    context: WaiverContext,
    counts: Counter[str],
    why_not: dict[tuple[str, str], str],
) -> Finding:
    """Return the finding as waived by the first waiver that counts, else as it is."""
    for waiver in index.about(finding):
        standing = judge_waiver(waiver, at, context, finding)
        if standing is Standing.IN_FORCE:
            counts[waiver.id] += 1
            name = context.directory.name(waiver.approver)
            decision = Decision("waiver", waiver.id, waiver.reason, waiver.text, name, waiver.ends)
            return replace(finding, verdict=Verdict.WAIVED, decision=decision)
        why_not.setdefault(("waiver", waiver.id), standing.value)
    return finding


def _attested(
    finding: Finding,
    statements: Sequence[SignedStatement],
    at: datetime,
    context: WaiverContext,
    counts: Counter[str],
    why_not: dict[tuple[str, str], str],
) -> Finding:
    """Return the finding, which asks for it, as attested by the newest statement that counts, else as it is."""
    for statement in sorted(statements, key=lambda item: item.signed, reverse=True):
        if not speaks_of(statement, finding):
            continue
        standing = judge_attestation(statement, at, context.directory, finding)
        if standing is Attested.IN_FORCE:
            counts[statement.id] += 1
            name = context.directory.name(statement.person)
            until = ends(statement, finding)
            decision = Decision("attestation", statement.id, "attestation", statement.text, name, until)
            return replace(finding, verdict=Verdict.ATTESTED, decision=decision)
        why_not.setdefault(("attestation", statement.id), standing.value)
    return finding


def _waiver_status(
    waiver: Waiver, at: datetime, context: WaiverContext, settled: int, why_not: Mapping[tuple[str, str], str]
) -> DecisionStatus:
    status = judge_waiver(waiver, at, context).value
    if status == Standing.IN_FORCE and not settled:
        status = why_not.get(("waiver", waiver.id), NOT_NEEDED)
    return DecisionStatus("waiver", waiver.id, status, settled, waiver.ends)


def _statement_status(
    statement: SignedStatement, settled: int, why_not: Mapping[tuple[str, str], str]
) -> DecisionStatus:
    status = Attested.IN_FORCE.value if settled else why_not.get(("attestation", statement.id), NOT_NEEDED)
    until = None if statement.valid_days is None else statement.signed + timedelta(days=statement.valid_days)
    return DecisionStatus("attestation", statement.id, status, settled, until)


def _recounted(result: RunResult, findings: tuple[Finding, ...]) -> RunResult:
    """Return the result with `findings`, every count moved from the old verdict to the new one."""
    by_rule: dict[str, Counter[Verdict]] = {}
    by_clause: dict[str, Counter[Verdict]] = {}
    for before, after in zip(result.findings, findings, strict=True):
        if before.verdict is after.verdict:
            continue
        for counts, keys in ((by_rule, (after.rule,)), (by_clause, after.clauses)):
            for key in keys:
                moved = counts.setdefault(key, Counter())
                moved[before.verdict] -= 1
                moved[after.verdict] += 1
    return replace(
        result,
        findings=findings,
        outcomes=tuple(
            replace(outcome, verdicts=_moved(outcome.verdicts, by_rule.get(outcome.rule)))
            for outcome in result.outcomes
        ),
        clauses=tuple(
            replace(clause, verdicts=_moved(clause.verdicts, by_clause.get(clause.id))) for clause in result.clauses
        ),
    )


def _moved(counts: Mapping[Verdict, int], moved: Counter[Verdict] | None) -> Mapping[Verdict, int]:
    """Return counts by verdict after some findings changed theirs, in the order of the verdicts."""
    if not moved:
        return counts
    totals = {verdict: counts.get(verdict, 0) + moved[verdict] for verdict in Verdict}
    return {verdict: count for verdict, count in totals.items() if count}
