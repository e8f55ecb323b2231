"""A result built by hand, with every verdict, severity and kind of subject that formats must show."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from policycore.errors import Place, Problem
from policycore.language import Text
from policycore.model.gap import Gap, compressed
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


def build_gap(*subjects: str, **changes: object) -> Gap:
    """Return a gap about groups: nobody says who owns them."""
    listed = subjects or ("g2", "g8")
    gap = Gap(
        rule="OWN001",
        name="ownership/owner-present",
        title=Text("工作群有群主", "Group has an owner"),
        clauses=("一(一)-3",),
        severity=Severity.ERROR,
        enforcement=Enforcement.MANDATORY,
        kind=Subject.GROUP,
        fields=("groups.owner_id",),
        source="register",
        count=len(listed),
        packed=compressed(listed),
    )
    return replace(gap, **changes)  # type: ignore[arg-type]


def build_result(findings: tuple[Finding, ...] | None = None, **changes: object) -> RunResult:
    """Return a result with violations of every severity, a waived finding, a gap, and an uncovered clause."""
    if findings is None:
        findings = (
            build_finding(1),
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
            {Verdict.PASS: 57, Verdict.FAIL: 1, Verdict.WAIVED: 1, Verdict.UNKNOWN: 2},
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
        gaps=(build_gap(),),
        counts={"departments": 3, "people": 80, "groups": 60, "memberships": 900, "messages": 0},
    )
    return replace(result, **changes)  # type: ignore[arg-type]


@pytest.fixture
def make_finding() -> Callable[..., Finding]:
    """Return the maker of findings."""
    return build_finding


@pytest.fixture
def make_gap() -> Callable[..., Gap]:
    """Return the maker of gaps."""
    return build_gap


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


FRAGMENTS = (
    "<script>alert(1)</script>",
    "</script>",
    "<!--",
    "-->",
    "]]>",
    "<img src=x onerror=alert(1)>",
    '" onmouseover="x',
    "' OR 1=1",
    "&lt;",
    "&#x3c;",
    "\x1b[31m",
    "\x1b]0;title\x07",
    "\x9b2J",
    "\u202e",
    "\u2066",
    "\u200b",
    "\u200d",
    "\ufeff",
    "\x00",
    "\x7f",
    "\x85",
    "\r\n",
    "\n",
    "\t",
    "=1+1",
    '=HYPERLINK("http://evil.example","x")',
    "+1",
    "-2+3",
    "@SUM(1)",
    "＝1＋1",
    "=cmd|' /C calc'!A0",
    "; =1",
    '"',
    "''",
    ",",
    ";",
    "|",
    "[a](javascript:alert(1))",
    "![x](http://evil.example/x.png)",
    "`code`",
    "**b**",
    "# h",
    "1. x",
    "- x",
    "> q",
    "http://evil.example",
    "www.evil.example",
    "a@evil.example",
    "{{7*7}}",
    "{0.__class__}",
    "%s%n",
    "$(id)",
    "\\",
    "\\u0000",
    "\ud800",
    "\U0001f600",
    "\ufffe",
    "\ue000",
    "e" + "\u0301" * 50,
    "群",
    "教务处",
    "𠀀",
    "Ａ",
    " ",
    "\u3000",
    "_x000D_",
    "NaN",
    "null",
)


@pytest.fixture(scope="session")
def hostile_names() -> list[str]:
    """Return 1,000 names that try to break out of every format, always the same ones, and one of a megabyte."""
    chance = random.Random(20240322)  # noqa: S311 - the same names in every run
    names = list(FRAGMENTS)
    while len(names) < 999:
        names.append("".join(chance.choices(FRAGMENTS, k=chance.randint(1, 6))))
    return [*names, "=群<b>\x1b" * 200_000]


@pytest.fixture(scope="session")
def hostile_result(hostile_names: list[str]) -> RunResult:
    """Return a result in which every foreign string is hostile."""
    findings = []
    for number, name in enumerate(hostile_names):
        short = name[:1000]
        subject = SubjectRef(
            Subject.MEMBERSHIP, f"{short}/{number}", name, short, name, short, short, short, short, short
        )
        findings.append(
            build_finding(
                number,
                subject=subject,
                message=Text(f"群昵称“{name}”", f"display name “{short}”"),
                facts={"name": short, name[:50]: [name[:50]]},
                remediation=(RemediationStep("owner", short, Text(f"移出{name}", f"remove {short}"), AS_OF),),
                source=Source(f"{name[:100]}.csv", number + 1),
                clauses=("一(一)-3", name[:20]),
            )
        )
    problems = tuple(Problem("x.y", name, name, name, Place(name[:50], 1, 1)) for name in hostile_names[:80])
    return build_result(tuple(findings), problems=problems, ruleset_title=Text(hostile_names[0], hostile_names[1]))
