"""A file of which nothing can be read: the others are imported, and what it was is known by nobody, nor passes."""

from __future__ import annotations

import pytest

from policycore.errors import DataError
from policycore.estate.snapshot import open_snapshot
from policycore.operations.check import check
from tests.workbooks import PEOPLE, save

BROKEN = {
    "学生处清理情况.xlsx": b"PK\x03\x04 no archive",
    "甲群成员.docx": b"no document",
    "乙群成员.xlsx": b"",
    "其他.zip": b"PK\x03\x04",
}

RULESET = """\
policycore: 1
ruleset: one-rule
title: {zh: 一条规则, en: One rule}
document: {title: 通知, clauses: [{id: 一-1, text: 群主在职}]}
rules:
  - {use: ownership/owner-present, clause: [一-1]}
"""


def test_files_that_cannot_be_read_leave_the_others_and_gaps(estate, rows, tmp_path):
    listed = [["群名称", "部门", "群主"], ["甲群", "教务处", "张三"], ["丙群", "教务处", "李四"]]
    save(estate, {"Sheet1": listed, "人员": PEOPLE}, "清理情况.xlsx")
    save(estate, {"Sheet1": [["时间", "地点"], ["周一", "523"]]}, "会议安排.xlsx")
    for name, content in BROKEN.items():
        estate.write(name, content)
    strict = estate.problems(strict=True)
    assert {text.split(":")[0].split("[")[0] for _, text in strict} == {*BROKEN, "会议安排.xlsx"}
    snapshot = estate.run()
    assert set(open_snapshot(estate.out).unread) == {*BROKEN, "会议安排.xlsx"} == set(snapshot.unread)
    unknown = {(row["group_id"], tuple(row["_unknown"] or ())) for row in rows(snapshot, "memberships")}
    assert unknown == {("甲群", ("account_id", "role")), ("甲群", ()), ("丙群", ())}
    # Whoever handed in something that nobody can read has handed it in.
    handed_in = {(row["department_id"], row["nil_return"]) for row in rows(snapshot, "submissions")}
    assert handed_in == {("教务处", False), ("学生处", None)}
    (tmp_path / "one-rule.yaml").write_text(RULESET, encoding="utf-8")
    outcome = check(estate.out, tmp_path / "one-rule.yaml", record=False)
    assert outcome.exit_code == 3
    [told] = [one for one in outcome.result.problems if one.code == "cli.unread"]
    assert all(name in told.what for name in BROKEN)


def test_without_the_list_of_people_that_cannot_be_read_whom_names_mean_is_unknown(estate, rows):
    save(estate, {"Sheet1": [["群名称", "群主", "管理员"], ["甲群", "张三", "李四"], ["乙群", "无", "无"]]})
    estate.write("花名册.xlsx", b"PK\x03\x04")
    snapshot = estate.run()
    assert snapshot.unread == ("花名册.xlsx",)
    found = [(row["name"], row["owner_id"], row["_unknown"]) for row in rows(snapshot, "groups")]
    assert found == [("甲群", None, ["owner_id"]), ("乙群", None, None)]


def test_where_nothing_at_all_can_be_read_nothing_is_written(estate):
    for name, content in BROKEN.items():
        estate.write(name, content)
    with pytest.raises(DataError):
        estate.run()
    assert not estate.out.exists()
