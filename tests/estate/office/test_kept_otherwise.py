"""Lists that offices keep in shapes of their own, all in one folder: who owns, runs and is in each group."""

from __future__ import annotations

from docx import Document

from tests.workbooks import save

PEOPLE = "id,name\n" + "".join(f"{n},甲{n}\n" for n in "一二三四")
SHEETS = {
    "天群成员名单": [["天群成员名单"], ["教务处", "学生处"], ["甲一", "甲三"], ["甲二", None]],
    "地群成员": [["地群成员"], ["部门", "成员"], ["教务处", "甲一、甲二"], ["学生处", "甲三 甲四"]],
    "玄群成员导出": [
        ["姓名", "退群日期", "备注"],
        *([["甲一", "至今", "群主"], ["甲二", None, "管理员"], ["甲三", "2023.6", None]]),
    ],
    "各群成员": [
        *([["姓名", "部门", "身份"], ["一、黄群（2人）"], ["甲一", "教务处", "群主"], ["甲二", "教务处", "成员"]]),
        *([["二、宇群（1人）"], ["甲三", "学生处", "群主"]]),
    ],
    "台账一": [
        ["群名称 Group Name", "原群主", "现群主", "建群人 Creator", "备注"],
        ["“宙群”", "甲一", "甲二", "同群主", "未建QQ群"],
    ],
}
LETTER = ["群名称：洪群", "群主：甲一", "管理员：甲二、甲三"]
MEMBERS = {
    "天群": "一二三",
    "地群": "一二三四",
    "玄群": "一二三",
    "黄群": "一二",
    "宇群": "三",
    "宙群": "二",
    "洪群": "一二三",
    "荒群": "四",
}
OWNERS = {"玄群": "一", "黄群": "一", "宇群": "三", "宙群": "二", "洪群": "一", "荒群": "四"}


def test_each_shape_gives_its_groups_and_members(estate, rows):
    estate.write("people.csv", PEOPLE)
    for title, sheet in SHEETS.items():
        save(estate, {"Sheet1": sheet}, f"{title}.xlsx")
    document = Document()
    for line in LETTER:
        document.add_paragraph(line)
    document.save(estate.folder / "洪群登记.docx")
    estate.write("荒群台账.txt", "群名称：荒群\n群主：甲四\n管理员：无\n")
    snapshot = estate.run()
    members: dict[str, str] = {}
    for row in sorted(rows(snapshot, "memberships"), key=lambda row: "一二三四".index(row["account_id"])):
        members[row["group_id"]] = members.get(row["group_id"], "") + row["account_id"]
    assert members == MEMBERS
    groups = rows(snapshot, "groups")
    assert {row["name"]: row["owner_id"] for row in groups if row["owner_id"]} == OWNERS
    assert {row["name"]: row["creator_id"] for row in groups if row["creator_id"]} == {"宙群": "二"}
    admins = {(row["group_id"], row["account_id"]) for row in rows(snapshot, "memberships") if row["role"] == "admin"}
    assert admins == {("玄群", "二"), ("洪群", "二"), ("洪群", "三")}
    gone = [row["account_id"] for row in rows(snapshot, "memberships") if row["left_at"]]
    assert (gone, snapshot.unread) == (["三"], ())


def test_a_register_of_hand_ins_with_ticks_under_the_media_is_one_for_each(estate, rows):
    listed = [["附件1交表登记"], ["部门", "纸质", "电子", "收表时间"], ["教务处", "√", "√", "2024年3月26日下午"]]
    save(estate, {"Sheet1": [*listed, ["学生处", None, "√", "2024-3-27 9:00"]]}, "附件1交表登记.xlsx")
    found = rows(estate.run(), "submissions")
    assert sorted((row["department_id"], row["medium"]) for row in found) == [
        ("学生处", "electronic"),
        ("教务处", "electronic"),
        ("教务处", "paper"),
    ]


def test_groups_of_lists_of_members_that_no_register_names_are_groups_but_slips_are_told(estate, rows):
    estate.write("people.csv", PEOPLE)
    listed = [["群名称", "群主"], ["教务处工作群", "甲一"], ["值班1群", "甲一"]]
    save(estate, {"群组": listed, "成员": [["群名称", "姓名"], ["教务处工做群", "甲二"]]}, "台账.xlsx")
    for name in ("教务处通知群", "值班2群", "教务处工作君", "工作群"):
        save(estate, {"Sheet1": [["群名称", "姓名", "部门"], [name, "甲二", "教务处"]]}, f"{name}成员.xlsx")
    snapshot = estate.run()
    assert {row["name"] for row in rows(snapshot, "groups")} == {"教务处工作群", "值班1群", "教务处通知群", "值班2群"}
    assert sum("group_id" in (row["_unknown"] or ()) for row in rows(snapshot, "memberships")) == 3
