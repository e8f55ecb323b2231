"""What offices say of a row beside its columns: in remarks, behind names, in titles, by zeros."""

from __future__ import annotations

import openpyxl
import pytest

from tests.workbooks import save

PERSON = {
    # title, header, row: status and the beginning of since
    "借调人员名单": (["姓名", "部门"], ["甲一", "教务处"], ("seconded", None)),
    "2024年挂职干部名单": (["姓名", "部门", "挂职起始时间"], ["甲一", "教务处", "2023.9"], ("seconded", "2023-08-31")),
    "退休返聘人员": (["姓名", "返聘部门"], ["甲一", "教务处"], ("active", None)),
    "外单位借调来校人员名单": (["姓名", "部门"], ["甲一", "教务处"], (None, None)),
    "人员一": (["姓名", "部门", "借调单位"], ["甲一", "教务处", "省教育厅"], ("seconded", None)),
    "人员二": (["姓名", "部门", "备注"], ["甲一", "教务处", "2024年3月退休"], ("retired", "2024-02-29")),
    "人员三": (["姓名", "部门", "备注"], ["甲一", "教务处", "已调离"], ("departed", None)),
    "人员四": (["姓名", "部门", "备注"], ["甲一", "教务处", "负责退休人员工作"], (None, None)),
    "人员五": (["姓名", "部门", "备注"], ["甲一", "教务处", "拟2024年6月退休"], (None, None)),
    "人员六": (["姓名", "部门", "状态", "备注"], ["甲一", "教务处", "在职", "已退休"], (None, None)),
    "人员七": (["姓名", "部门", "状态"], ["甲一", "教务处", "借调至省厅（2023.9起）"], ("seconded", "2023-08-31")),
    "人员八": (["姓名", "部门", "备注"], ["甲一", "教务处", "借调2023.9-2024.2"], (None, "2023-08-31")),
    "人员九": (["姓名", "部门"], ["甲一（女，蒙古族）", "教务处"], (None, None)),
    "人员十": (["姓名", "部门"], ["甲一（借调）", "教务处"], ("seconded", None)),
    "在职人员": (["姓名", "部门", "备注"], ["甲一", "教务处", "借调市委办"], ("seconded", None)),
    "在岗人员": (["姓名", "部门", "备注"], ["甲一", "教务处", "党支部书记"], ("active", None)),
}


@pytest.mark.parametrize("said", ["退休（2024.1）", "2024.1退休", "退休(2024.1)", "2024.1办理退休"])
def test_a_month_that_stands_in_words_has_lost_no_zero(estate, rows, said):
    save(estate, {"人员": [["姓名", "部门", "状态"], ["甲一", "教务处", said]]}, "人员.xlsx")
    (row,) = rows(estate.run(), "people")
    ends = (row["status_since"].date().isoformat(), row["status_since_latest"].date().isoformat())
    assert (row["status"], *ends) == ("retired", "2023-12-31", "2024-01-31")


def test_states_of_people_are_known_from_titles_columns_remarks_and_brackets(estate, rows, tmp_path):
    for title, (header, row, _) in PERSON.items():
        save(estate, {title: [header, [f"{title}{row[0]}", *row[1:]]]}, f"{title}.xlsx")
    found = {}
    for row in rows(estate.run(), "people"):
        since = row.get("status_since")
        found[row["name"]] = (row["status"], since and since.date().isoformat())
    assert found == {f"{title}甲一": said for title, (_, _, said) in PERSON.items()}


def test_remarks_tell_of_groups_that_ended_and_of_members_who_left(estate, rows):
    listed = [
        ["群名称", "群主", "备注"],
        ["甲群", None, "教务处常用"],
        ["乙群（已解散）", None, None],
        ["丙群", None, "2023年12月已解散"],
        ["丁群（测试）", None, "拟于6月解散"],
    ]
    members = [
        ["姓名", "部门", "群主", "管理员", "备注"],
        *([["甲一", "教务处", "√", None, None], ["甲二", "教务处", None, "√", "2024.3退群"]]),
        *([["甲三", "教务处", None, None, "已退出群聊"], ["甲四", "教务处", None, None, "已离职"]]),
    ]
    people = [["姓名", "部门", "状态"], ["甲一", "教务处", "在职"], *([f"甲{n}", "教务处", None] for n in "二三四")]
    save(estate, {"群组": listed, "甲群成员": members, "人员": people})
    snapshot = estate.run()
    groups = rows(snapshot, "groups")
    assert [row["name"] for row in groups] == ["甲群", "乙群", "丙群", "丁群（测试）"]
    assert [bool(row["dissolved_at"]) for row in groups] == [False, False, True, False]
    assert ["dissolved_at" in (row["_unknown"] or ()) for row in groups] == [False, True, False, False]
    stays = [row for row in rows(snapshot, "memberships") if row["group_id"] == "甲群"]
    assert [row["role"] for row in stays] == ["owner", "admin", "member", "member"]
    assert [bool(row["left_at"]) for row in stays] == [False, True, False, False]
    assert ["left_at" in (row["_unknown"] or ()) for row in stays] == [False, False, True, False]
    assert [row["status"] for row in rows(snapshot, "people")] == ["active", None, None, "departed"]


@pytest.mark.parametrize(
    ("number", "shown_by", "shown"),
    [
        (42, "000000", "000042"),
        (1234567, "000000", "1234567"),
        (42, '"G"0000', "G0042"),
        (20240042, "0000-0000", "2024-0042"),
        (42, "General", "42"),
        (42, "0_ ", "42"),
        (42, "#,##0", "42"),
    ],
)
def test_an_id_is_what_the_program_shows(estate, rows, number, shown_by, shown):
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (["工号", "姓名", "部门"], [number, "甲一", "教务处"]):
        sheet.append(row)
    sheet["A2"].number_format = shown_by
    book.save(estate.folder / "花名册.xlsx")
    assert [row["id"] for row in rows(estate.run(), "people")] == [shown]


def test_tasks_are_read_as_offices_head_and_word_them(estate, rows):
    listed = [
        ["序号", "任务名称", "牵头部门", "完成时限", "完成情况", "完成时间"],
        ["甲", "乙", 1, 2, 3, 4],
        [1, "审核评估", "教务处", "2023.12.31", "已完成", "23.12.20"],
        [2, "迎新", "学生处", "2024年9月", "推进中", None],
        [3, "搬迁", "后勤处", "2024.3", "已于2024年2月办结", None],
        [4, "普查", "学生处", "2024.3", "看情况", None],
    ]
    save(estate, {"Sheet1": listed}, "专项工作任务台账.xlsx")
    found = rows(estate.run(), "tasks")
    assert [row["state"] for row in found] == ["done", "open", "done", None]
    assert [bool(row["done_at"]) for row in found] == [True, False, True, False]
    assert [row["department_id"] for row in found] == ["教务处", "学生处", "后勤处", "学生处"]
