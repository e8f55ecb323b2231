"""Apply what people decided to a result: waived and attested findings, and what became of each decision."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from policycore.decisions.attestations import Attested, SignedStatement, ends, judge_attestation, speaks_of
from policycore.decisions.disputes import disputed
from policycore.decisions.waivers import Standing, Waiver, WaiverContext, fits, judge_waiver
from policycore.model.findings import Findings
from policycore.model.result import Decision, Finding, RunResult
from policycore.model.verdict import Verdict
from policycore.store.decided import Record
from policycore.store.lives.reviews import reviewed

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

    def expiring(self, at: datetime) -> bool:
        """Return whether it counts now and will not for long."""
        return self.status == Standing.IN_FORCE and self.ends is not None and self.ends - at <= EXPIRING


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
    disputes: Iterable[Record] = (),
    reviews: Sequence[Record] = (),
) -> Decided:
    """Return `result` with every finding settled that a decision in force at its as-of time settles; pure.

    `disputes` that are open stand beside their findings, and settle nothing. `reviews` settle suspects that no
    waiver did.
    """
    at = result.as_of
    by_waiver: Counter[str] = Counter()
    by_statement: Counter[str] = Counter()
    why_not: dict[tuple[str, str], str] = {}
    findings = Findings.of(result.findings)
    index = _Index(waivers, context)
    settled: dict[str, Decision] = {}
    for finding in _asked(findings, index):
        decision = _waived(finding, index, at, context, by_waiver, why_not)
        if decision is None and finding.verdict is Verdict.NEEDS_ATTESTATION:
            decision = _attested(finding, attestations, at, context, by_statement, why_not)
        if decision is not None:
            settled[finding.fingerprint] = decision
    until = {decision.id: decision.until for decision in settled.values()}
    statuses = (
        *(_waiver_status(waiver, at, context, by_waiver[waiver.id], why_not) for waiver in waivers),
        *(_statement_status(item, by_statement[item.id], until.get(item.id), why_not) for item in attestations),
    )
    findings = findings.settled(settled)
    findings = findings.settled(reviewed(reviews, findings))
    mine = (record for record in disputes if record.ruleset == result.ruleset)
    return Decided(_recounted(result, findings.settled(disputed(mine, findings))), statuses)


def _asked(findings: Findings, index: _Index) -> Iterator[Finding]:
    """Yield the findings that a decision may be about, as objects: of many findings they are few."""
    yield from findings.loose
    if not index.by_key:
        return
    fingerprints = index.values("finding")
    for number, rows in enumerate(findings.rows):
        columns = rows.columns
        asked = (
            ("fingerprint", fingerprints),
            ("subject_id", index.values("subject")),
            ("group_id", index.values("group")),
            ("department_id", index.values("department")),
        )
        places = {place for name, values in asked if values for place, one in enumerate(columns[name]) if one in values}
        # A waiver may still name a finding as it was called under a former id of its rule.
        places |= {place for place, former in enumerate(columns["former"]) if former and fingerprints}
        if places:
            yield from findings.at(number, sorted(places))


class _Index:
    """The waivers that may be about a finding without asking each one of many."""

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

    def values(self, kind: str) -> frozenset[str]:
        """Return what waivers name of one kind."""
        return frozenset(value for of, value in self.by_key if of == kind)

    def about(self, finding: Finding) -> Iterable[Waiver]:
        """Yield the waivers about `finding`, in the order of the file."""
        subject = finding.subject
        keys = (
            *(("finding", fingerprint) for fingerprint in finding.fingerprints),
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
) -> Decision | None:
    """Return the decision of the first waiver that counts."""
    for waiver in index.about(finding):
        standing = judge_waiver(waiver, at, context, finding)
        if standing is Standing.IN_FORCE:
            counts[waiver.id] += 1
            name = context.directory.name(waiver.approver)
            return Decision("waiver", waiver.id, waiver.reason, waiver.text, name, waiver.ends)
        why_not.setdefault(("waiver", waiver.id), standing.value)
    return None


def _attested(
    finding: Finding,
    statements: Sequence[SignedStatement],
    at: datetime,
    context: WaiverContext,
    counts: Counter[str],
    why_not: dict[tuple[str, str], str],
) -> Decision | None:
    """Return the decision of the newest statement that counts about a finding that asks for one."""
    for statement in sorted(statements, key=lambda item: item.signed, reverse=True):
        if not speaks_of(statement, finding):
            continue
        standing = judge_attestation(statement, at, context.directory, finding)
        if standing is Attested.IN_FORCE:
            counts[statement.id] += 1
            name = context.directory.name(statement.person)
            until = ends(statement, finding)
            return Decision("attestation", statement.id, "attestation", statement.text, name, until)
        why_not.setdefault(("attestation", statement.id), standing.value)
    return None


def _waiver_status(
    waiver: Waiver, at: datetime, context: WaiverContext, settled: int, why_not: Mapping[tuple[str, str], str]
) -> DecisionStatus:
    status = judge_waiver(waiver, at, context).value
    if status == Standing.IN_FORCE and not settled:
        status = why_not.get(("waiver", waiver.id), NOT_NEEDED)
    return DecisionStatus("waiver", waiver.id, status, settled, waiver.ends)


def _statement_status(
    statement: SignedStatement, settled: int, until: datetime | None, why_not: Mapping[tuple[str, str], str]
) -> DecisionStatus:
    status = Attested.IN_FORCE.value if settled else why_not.get(("attestation", statement.id), NOT_NEEDED)
    if until is None and statement.valid_days is not None:
        until = statement.signed + timedelta(days=statement.valid_days)
    return DecisionStatus("attestation", statement.id, status, settled, until)


def _recounted(result: RunResult, findings: Findings) -> RunResult:
    """Return the result with `findings`, every count moved from the old verdict to the new one."""
    by_rule: dict[str, Counter[Verdict]] = {}
    by_clause: dict[str, Counter[Verdict]] = {}
    for kinds, step in ((Findings.of(result.findings).kinds, -1), (findings.kinds, 1)):
        for kind, count in kinds.items():
            for counts, keys in ((by_rule, (kind.rule,)), (by_clause, kind.clauses)):
                for key in keys:
                    counts.setdefault(key, Counter())[kind.verdict] += step * count
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
    if moved is None or not any(moved.values()):
        return counts
    totals = {verdict: counts.get(verdict, 0) + moved[verdict] for verdict in Verdict}
    return {verdict: count for verdict, count in totals.items() if count}
