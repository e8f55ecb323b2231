"""An office's own spreadsheet, from the file to the verdicts, through the real command line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.workbooks import workbook

Run = Callable[..., Any]
TIME = ("--as-of", "2024-04-15", "--timezone", "Asia/Shanghai")
PEOPLE = [
    ["人员名册"],
    ["序号", "姓名", "部门", "职务", "状态", "状态起始"],
    [1, "张敏", "教务处", "科长", "在职", "2010-07-01"],
    [2, "李强", "学生处", "科员", "退休", "2024-01-31"],
    [3, "王芳", "教务处", "科员", "在职", "2015-07-01"],
]
GROUPS = [
    ["某某大学微信工作群台账"],
    ["序号", "群名称", "群主", "群管理员", "人数", "用途", "建群时间"],
    [1, "教务处工作群", "张敏", "王芳、李强", 38, "教学通知", "2023-09-01"],
    [2, "招生工作群", "李强", None, 12, "招生", "2023/8/15"],
    [3, "宿舍报修群", None, None, 155, "报修", "2022年3月10日"],
]
MEMBERS = [["群名称", "姓名", "群昵称"], ["教务处工作群", "张敏", "敏敏"], ["教务处工作群", "王芳", "教务处-王芳"]]


@pytest.fixture
def verdicts(run: Run, tmp_path: Path) -> Callable[..., dict[str, list[dict[str, Any]]]]:
    """Return a function that imports and checks a workbook; its findings by rule."""

    def check(**sheets: list[list[object]]) -> dict[str, list[dict[str, Any]]]:
        register = workbook(tmp_path / "台账.xlsx", **sheets)
        imported = run("import", register, "--estate", tmp_path / "estate", *TIME)
        assert imported.code == 0, imported.err
        checked = run(
            "check",
            "--no-store",
            "--ruleset",
            "work-groups-base",
            "--estate",
            tmp_path / "estate",
            "--format",
            "json",
            "--gap-subjects",
        )
        report = json.loads(checked.out)
        found: dict[str, list[dict[str, Any]]] = {}
        for finding in report["findings"]:
            found.setdefault(finding["rule"], []).append(finding)
        for gap in report["gaps"]:
            unknown = [{"subject": {"id": subject}, "verdict": "unknown"} for subject in gap["subjects"]]
            found.setdefault(gap["rule"], []).extend(unknown)
        return found

    return check


def said(findings: list[dict[str, Any]]) -> dict[str, str]:
    return {finding["subject"]["id"]: finding["verdict"] for finding in findings}


def test_owners_and_admins_are_judged_and_nothing_is_said_about_members_nobody_listed(verdicts) -> None:
    found = verdicts(工作群=GROUPS, 人员名册=PEOPLE)
    assert said(found["OWN001"]) == {"宿舍报修群": "fail"}
    assert said(found["OWN002"]) == {"招生工作群": "fail"}
    assert said(found["OWN005"]) == {"招生工作群": "fail", "宿舍报修群": "fail"}
    assert said(found["OWN006"]) == {"教务处工作群": "fail"}
    unknown = {"教务处工作群": "unknown", "招生工作群": "unknown", "宿舍报修群": "unknown"}
    for rule in ("ADM001", "ADM002", "ADM003", "ADM004", "ADM006", "ADM007", "ADM008"):
        assert unknown.items() <= said(found[rule]).items(), rule
    # Of those whom the register does name, what is certain is said; and it counts whom it names, no more.
    assert {name for name, verdict in said(found["ADM007"]).items() if verdict == "fail"} == {
        "教务处工作群/李强",
        "招生工作群/李强",
    }
    assert said(found["DOR005"]) == {"招生工作群": "unknown", "宿舍报修群": "unknown"}


def test_no_column_of_admins_leaves_the_rules_about_admins_unknown(verdicts) -> None:
    found = verdicts(工作群=[["群名称", "群主"], ["教务处工作群", "张敏"]], 人员名册=PEOPLE)
    assert said(found["OWN005"]) == said(found["OWN006"]) == {"教务处工作群": "unknown"}


def test_a_member_is_told_their_own_name_and_unit(verdicts) -> None:
    found = verdicts(
        工作群=[*GROUPS[:2], [1, "教务处工作群", "张敏", "王芳", 2, "x", None]], 成员=MEMBERS, 人员名册=PEOPLE
    )
    [finding] = found["ADM001"]
    assert finding["remediation"][0]["what"]["zh"] == "把本群昵称改为“教务处-张敏”"
    assert "ADM007" not in found


OWN = "own:\n  groups:\n    filing_no: {type: text, zh: 备案号}\n"


def test_a_gap_calls_an_own_column_by_its_header(run: Run, tmp_path: Path) -> None:
    folder, rules = tmp_path / "in", tmp_path / "r.yaml"
    folder.mkdir()
    (folder / "groups.csv").write_text("id,name,备案号\ng1,甲群,BA-1\ng2,乙群,\n", "utf-8")
    (folder / "manifest.yaml").write_text(f"policycore: 1\n{OWN}", "utf-8")
    sql = "SELECT id AS group_id FROM groups WHERE filing_no LIKE 'X%'"
    rule = f'{{id: LOCAL-1, name: local/filed, sql: "{sql}", message: {{zh: 错, en: wrong}}}}'
    head = f"policycore: 1\nruleset: r\ntitle: {{zh: 规, en: r}}\n{OWN}"
    rules.write_text(f"{head}rules:\n  - {rule}\n", "utf-8")
    assert run("import", folder, "--estate", tmp_path / "estate", *TIME).code == 0
    asked = ("--estate", tmp_path / "estate", "--ruleset", rules, "--lang", "zh")
    for command in (("gaps",), ("gaps", "--format", "json"), ("check", "--no-store")):
        assert "“备案号 / filing_no”" in run(*command, *asked).out
