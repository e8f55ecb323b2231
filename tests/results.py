"""Findings and results built by hand: a pytest plugin for all folders."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from policycore.language import Text
from policycore.model.found import fingerprint
from policycore.model.gap import Gap, compressed
from policycore.model.result import ClauseResult, Finding, RemediationStep, RuleOutcome, RunResult, Source, SubjectRef
from policycore.model.verdict import Enforcement, Severity, Subject, Verdict

AS_OF = datetime(2024, 4, 15, tzinfo=UTC)


def make_finding(
    rule: str = "OWN001",
    subject: str = "g1",
    *,
    verdict: Verdict = Verdict.FAIL,
    severity: Severity = Severity.ERROR,
    facts: dict[str, object] | None = None,
    department: str = "教务处",
    kind: Subject = Subject.GROUP,
    name: str = "",
    group: str | None = None,
    clauses: tuple[str, ...] = ("一(一)-3",),
    enforcement: Enforcement = Enforcement.MANDATORY,
    due: datetime | None = None,
) -> Finding:
    """Return a finding with the identity the engine would give it."""
    digest = fingerprint(rule, kind, subject, {})
    group_id = group or (subject.partition("/")[0] if kind in (Subject.GROUP, Subject.MEMBERSHIP) else None)
    return Finding(
        id=f"{rule}-{digest[:12]}",
        rule=rule,
        name=f"ownership/{rule.lower()}",
        title=Text("群主在职", "Owner in post"),
        clauses=clauses,
        verdict=verdict,
        severity=severity,
        enforcement=enforcement,
        subject=SubjectRef(
            kind,
            subject,
            name or f"工作群{subject}",
            group_id,
            group_id,
            "d-" + department,
            department,
            "wechat",
            "p9",
            "王五",
        ),
        message=Text(f"{subject}的群主已退休", f"owner of {subject} has retired"),
        facts={"owner": "张三"} if facts is None else facts,
        remediation=(RemediationStep("department", None, Text("更换群主", "appoint another owner"), due),),
        fingerprint=digest,
        source=Source("groups.csv", 3),
    )


def make_gap(
    *subjects: str,
    rule: str = "OWN001",
    kind: Subject = Subject.GROUP,
    fields: tuple[str, ...] = ("groups.owner_id",),
    source: str | None = None,
    severity: Severity = Severity.ERROR,
) -> Gap:
    """Return a gap of `rule` about `subjects`; about the estate as a whole without any."""
    return Gap(
        rule=rule,
        name=f"ownership/{rule.lower()}",
        title=Text("群主在职", "Owner in post"),
        clauses=("一(一)-3",),
        severity=severity,
        enforcement=Enforcement.MANDATORY,
        kind=kind if subjects else Subject.ESTATE,
        fields=fields,
        source=source,
        count=len(subjects) or 1,
        packed=compressed(subjects),
    )


def make_result(
    *findings: Finding,
    gaps: tuple[Gap, ...] = (),
    as_of: datetime = AS_OF,
    rules: tuple[str, ...] = ("OWN001", "OWN002"),
    ruleset: str = "demo",
    passes: int = 5,
    snapshot: str = "00ff00ff00ff00ff",
) -> RunResult:
    """Return a run over `findings`; every rule in `rules` was judged."""
    outcomes = []
    for rule in rules:
        counts = {Verdict.PASS: passes}
        for finding in findings:
            if finding.rule == rule:
                counts[finding.verdict] = counts.get(finding.verdict, 0) + 1
        unknown = sum(gap.count for gap in gaps if gap.rule == rule)
        counts |= {Verdict.UNKNOWN: unknown} if unknown else {}
        outcomes.append(RuleOutcome(rule, f"ownership/{rule.lower()}", ("一(一)-3",), counts, 0.25, 3))
    return RunResult(
        ruleset=ruleset,
        ruleset_title=Text("示例", "Demo"),
        ruleset_hash="ab" * 32,
        snapshot=snapshot,
        as_of=as_of,
        timezone="Asia/Shanghai",
        engine_version="0.1.0",
        findings=tuple(sorted(findings, key=lambda item: (item.rule, item.subject.id, item.fingerprint))),
        gaps=tuple(sorted(gaps, key=lambda gap: gap.key)),
        outcomes=tuple(outcomes),
        clauses=(ClauseResult("一(一)-3", "群主为直接责任人", "一(一)", ("ownership/own001",), 0, {Verdict.FAIL: 1}),),
        counts={"groups": 5},
    )


@dataclass(frozen=True)
class Days:
    """Count whole days from the first as-of time."""

    first: datetime = AS_OF

    def __call__(self, number: int) -> datetime:
        return self.first + timedelta(days=number)


@pytest.fixture(scope="session")
def build() -> type[Build]:
    """Give the builders to tests."""
    return Build


class Build:
    """Collect the builders, so that tests need no import from this file."""

    finding = staticmethod(make_finding)
    gap = staticmethod(make_gap)
    result = staticmethod(make_result)
    day = Days()
    replace = staticmethod(replace)
