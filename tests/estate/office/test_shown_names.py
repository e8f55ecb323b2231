"""A list of what the members of one group are shown as is enough to know its members by that."""

from __future__ import annotations

import openpyxl

from policycore.model.verdict import Verdict
from policycore.operations.check import check
from tests.workbooks import save

_NAMES = ["教务处-张敏", "教务处 孙 丽", "张敏", "🌻向阳花", "13837312600", "科研处-冯刚", "🌻向阳花", "学生处-张敏"]


def _save(estate, directory: bool = True) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "机关工作群"
    for text in ["群成员（8）", *_NAMES]:
        sheet.append([text])
    book.save(estate.folder / "成员.xlsx")
    if directory:
        book = openpyxl.Workbook()
        book.active.title = "人员"
        for row in (["工号", "姓名", "部门"], [1, "张敏", "教务处"], [2, "孙丽", "教务处"], [3, "李强", "学生处"]):
            book.active.append(row)
        book.save(estate.folder / "名册.xlsx")


def test_nobody_is_who_they_show(estate, rows):
    _save(estate)
    snapshot = estate.run()
    assert [row["name"] for row in rows(snapshot, "groups")] == ["机关工作群"]
    members = rows(snapshot, "memberships")
    assert [row["display_name"] for row in members] == _NAMES
    assert len({row["account_id"] for row in members}) == len(members)
    owned = {row["id"]: row.get("person_id") for row in rows(snapshot, "accounts")}
    assert [owned[row["account_id"]] for row in members] == [None] * 8
    [note] = [note for note in snapshot.notes if note.code == "estate.note-shown-names"]
    assert "8 members" in note.what
    assert "0 of them" in note.what


def test_the_list_is_read_without_a_directory_too(estate, rows):
    _save(estate, directory=False)
    assert len(rows(estate.run(), "memberships")) == len(_NAMES)


def test_labels_of_the_app_are_no_members_and_any_separator_parts_unit_and_name(estate, rows):
    _save(estate)
    (estate.folder / "成员.xlsx").unlink()
    shown = ["教务处+张敏", "【教务处】孙丽", "学生处|李强"]
    lines = ["机关工作群(3)", "群主", shown[0], "管理员", *shown[1:], "查看更多群成员"]
    (estate.folder / "机关工作群.txt").write_text("\n".join(lines), encoding="utf-8")
    members = rows(estate.run(), "memberships")
    assert [row["display_name"] for row in members] == shown
    assert [row["account_id"] for row in members] == [f"机关工作群#{one}#1" for one in shown]


def test_whom_a_list_of_groups_names_is_the_one_who_shows_their_unit_and_name(estate, rows):
    _save(estate)
    book = openpyxl.Workbook()
    book.active.title = "工作群"
    for row in (["群名称", "所属部门", "群主", "管理员"], ["机关工作群", "教务处", "张敏", "孙丽"]):
        book.active.append([*row])
    book.save(estate.folder / "台账.xlsx")
    snapshot = estate.run()
    members = [(row["account_id"], row["role"]) for row in rows(snapshot, "memberships")]
    assert members[:2] == [("1", "owner"), ("2", "admin")]
    assert [role for _, role in members] == ["owner", "admin", *["member"] * 6]
    assert [account for account, _ in members if "#" not in account] == ["1", "2"]


def test_nobody_is_accused_nor_acquitted_by_what_anybody_may_show(estate):
    _save(estate)
    used = ["name-in-directory", "unit-matches", "departed-member", "outside-scope"]
    rules = "".join(f"  - use: admission/{name}\n" for name in used)
    file = estate.folder.parent / "rules.yaml"
    file.write_text(f"policycore: 1\nruleset: r\ntitle: {{zh: t, en: t}}\nrules:\n{rules}", encoding="utf-8")
    estate.run()
    result = check(estate.out, file, record=False).result
    assert not result.findings
    assert {outcome.rule: outcome.verdicts.get(Verdict.PASS, 0) for outcome in result.outcomes} == dict.fromkeys(
        ("ADM002", "ADM003", "ADM006", "ADM007"), 0
    )
    assert {gap.rule for gap in result.gaps} == {"ADM002", "ADM003", "ADM006", "ADM007"}


def test_a_list_of_one_groups_members_casts_no_doubt_on_the_officers_of_others(estate, rows):
    _save(estate)
    book = openpyxl.Workbook()
    book.active.title = "工作群"
    for row in (["群名称", "所属部门", "群主", "管理员"], ["学生群", "学生处", "李强", "孙丽"]):
        book.active.append(row)
    book.save(estate.folder / "台账.xlsx")
    found = [row for row in rows(estate.run(), "memberships") if row["group_id"] == "学生群"]
    assert [(row["account_id"], row["role"]) for row in found] == [("3", "owner"), ("2", "admin")]
    assert not any("account_id" in (row["_unknown"] or ()) for row in found)


def test_beside_a_list_of_groups_in_one_workbook_it_is_their_list_of_members(estate, rows):
    sheets = {
        "人员": [["工号", "姓名", "部门"], [1, "张敏", "教务处"]],
        "工作群": [["群编号", "群名称", "群主"], ["g1", "甲群", "张敏"]],
        "群成员": [["群名称", "群昵称"], ["甲群", "教务处-张敏"], ["甲群", "开心就好"]],
    }
    save(estate, sheets)
    snapshot = estate.run()
    assert "estate.note-no-members" not in {note.code for note in snapshot.notes}
    assert [(row["group_id"], row["role"]) for row in rows(snapshot, "memberships")] == [
        ("g1", "owner"),
        ("g1", "member"),
    ]
    result = check(estate.out, "work-groups-base", record=False).result
    found = {one.subject.id: one.verdict for one in result.findings if one.rule == "ADM001"}
    assert found == {"g1/g1#开心就好#1": Verdict.SUSPECT}
    assert [gap for gap in result.gaps if gap.rule == "ADM001"] == []
