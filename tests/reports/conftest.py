"""A result built by hand, with every verdict, severity and kind of subject that formats must show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from policycore.errors import Place, Problem
from policycore.language import Text
from policycore.model.result import (
    ClauseResult,
    Finding,
    RemediationStep,
    RuleOutcome,
    RunResult,
    Source,
    SubjectRef,
)
from policycore.model.verdict import Enforcement, Severity, Subject, Verdict

AS_OF = datetime(2024, 4, 15, tzinfo=ZoneInfo("Asia/Shanghai"))


def build_finding(number: int = 1, **changes: object) -> Finding:
    """Return a finding about group `number`."""
    finding = Finding(
        id=f"OWN001-{number:012x}",
        rule="OWN001",
        name="ownership/owner-present",
        title=Text("工作群有群主", "Group has an owner"),
        clauses=("一(一)-3",),
        verdict=Verdict.FAIL,
        severity=Severity.ERROR,
        enforcement=Enforcement.MANDATORY,
        subject=SubjectRef(
            kind=Subject.GROUP,
            id=f"g{number}",
            name=f"教务处通知群{number}",
            group_id=f"g{number}",
            group=f"教务处通知群{number}",
            department_id="d1",
            department="教务处",
            platform="wechat",
            responsible_id="p1",
            responsible="张三",
        ),
        message=Text("没有群主", "the group has no owner"),
        facts={
            "created": datetime(2023, 9, 1, 8, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
            "members": number,
            "names": ["甲", "乙"],
        },
        remediation=(
            RemediationStep(
                "department",
                "李四",
                Text("指定一名在职人员担任群主", "name a person in post as owner"),
                AS_OF.replace(day=18),
            ),
        ),
        fingerprint=f"{number:032x}",
        source=Source("groups.csv", number),
    )
    return replace(finding, **changes)  # type: ignore[arg-type]


def build_result(findings: tuple[Finding, ...] | None = None, **changes: object) -> RunResult:
    """Return a result with one finding of every open verdict, a waived one, and an uncovered clause."""
    if findings is None:
        findings = (
            build_finding(1),
            build_finding(
                2, verdict=Verdict.UNKNOWN, message=Text("缺少数据", "not known: no data for groups.owner_id")
            ),
            build_finding(3, verdict=Verdict.WAIVED),
            build_finding(
                4,
                rule="DOR002",
                name="dormancy/quiet",
                title=Text("群长期无人发言", "Group is quiet"),
                verdict=Verdict.SUSPECT,
                severity=Severity.WARNING,
                clauses=("一(二)",),
                message=Text("200天没有消息", "no message for 200 days"),
            ),
            build_finding(
                5,
                rule="ADM001",
                name="admission/display-name-format",
                severity=Severity.INFO,
                title=Text("群昵称为单位+姓名", "Display name is unit + name"),
                clauses=("一(三)-1",),
                subject=SubjectRef(Subject.MEMBERSHIP, "g5/a1", "小明", "g5", "招生群", None, None, "wechat"),
                message=Text("昵称“小明”不含单位", "display name “小明” lacks the unit"),
            ),
        )
    outcomes = (
        RuleOutcome(
            "ADM001", "admission/display-name-format", ("一(三)-1",), {Verdict.PASS: 9, Verdict.FAIL: 1}, 0.25, 10
        ),
        RuleOutcome(
            "DOR002",
            "dormancy/quiet",
            ("一(二)",),
            {Verdict.PASS: 4, Verdict.SUSPECT: 1, Verdict.NOT_APPLICABLE: 2},
            0.5,
            5,
        ),
        RuleOutcome(
            "OWN001",
            "ownership/owner-present",
            ("一(一)-3",),
            {Verdict.PASS: 57, Verdict.FAIL: 1, Verdict.UNKNOWN: 1},
            0.1,
            2,
        ),
    )
    result = RunResult(
        ruleset="xxu-2024-wechat-groups",
        ruleset_title=Text("微信工作群规范管理", "Work group management"),
        ruleset_hash="ab" * 32,
        snapshot="0123456789abcdef",
        as_of=AS_OF,
        timezone="Asia/Shanghai",
        engine_version="0.1.0",
        findings=findings,
        outcomes=outcomes,
        clauses=(
            ClauseResult("一(一)-3", "群主是直接责任人", None, ("ownership/owner-present",), 0, {Verdict.FAIL: 1}),
            ClauseResult("一(二)", "任务完成后解散", None, ("dormancy/quiet",), 1, {Verdict.SUSPECT: 1}),
            ClauseResult("二(三)-1", "严禁涉密", None, (), 0, {}),
        ),
        counts={"departments": 3, "people": 80, "groups": 60, "memberships": 900, "messages": 0},
    )
    return replace(result, **changes)  # type: ignore[arg-type]


@pytest.fixture
def make_finding() -> Callable[..., Finding]:
    """Return the maker of findings."""
    return build_finding


@pytest.fixture
def make_result() -> Callable[..., RunResult]:
    """Return the maker of results."""
    return build_result


@pytest.fixture
def broken_problem() -> Problem:
    """Return a problem with a place."""
    return Problem(
        "engine.rule-failed", "dormancy/quiet: ran too long", "no result", "mend it", Place("rules.yaml", 7, 3)
    )
