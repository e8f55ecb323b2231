"""Lines that were pasted: who is named, and as what, whatever stands around the names."""

from __future__ import annotations

import pytest

from policycore.estate.office.pasted import first_numbered, part_line
from tests.workbooks import save

LINES = {
    "院办-张敏 群主": [("院办-张敏", "owner", None)],
    "[管理员]院办 王芳": [("院办 王芳", "admin", None)],
    "【群主】院办-张敏": [("院办-张敏", "owner", None)],
    "院办-张敏（群主）": [("院办-张敏", "owner", None)],
    "张敏(群主)": [("张敏", "owner", None)],
    "院办 王芳 | 群管理员": [("院办 王芳", "admin", None)],
    "@张敏 院办": [("张敏 院办", None, None)],
    "@院办-张敏 @院办-王芳 @所有人": [("院办-张敏", None, None), ("院办-王芳", None, None)],
    "管理员：院办-李强、院办-王芳": [("院办-李强", "admin", None), ("院办-王芳", "admin", None)],
    "• 院办-张敏": [("院办-张敏", None, None)],
    "- 院办-张敏": [("院办-张敏", None, None)],
    "③院办-张敏": [("院办-张敏", None, None)],
    "院办-张敏（已退群）": [("院办-张敏", None, "已退群")],
    "院办-张敏 已离职": [("院办-张敏", None, "已离职")],
    "院办-张敏": [("院办-张敏", None, None)],
    "买买提·艾力": [("买买提·艾力", None, None)],
    "13800001111": [("13800001111", None, None)],
    "🌻向阳花": [("🌻向阳花", None, None)],
}


@pytest.mark.parametrize("number", ["", "1. ", "2、", "（3）", "4) "])
def test_a_line_names_somebody_in_a_role(number):
    found = {line: [tuple(one) for one in part_line(number + line, numbered=bool(number))] for line in LINES}
    assert {line: said for line, said in found.items() if not line[0].isdigit()} == {
        line: said for line, said in LINES.items() if not line[0].isdigit()
    }


def test_numbers_count_the_lines_or_are_a_part_of_names():
    assert first_numbered(["#接龙", "", "1. 张敏", "2. 李强"]) == 2
    assert first_numbered(["3班-张敏", "1) 李强"]) == -1
    assert first_numbered(["1. 张敏"]) == -1


def test_a_pasted_relay_gives_members_roles_and_who_has_left(estate, rows):
    lines = "#接龙\n请各位接龙\n\n1. 教务处-甲一 群主\n2. [管理员]学生处 甲二\n3. 教务处-甲三（已退群）\n4. 向阳花\n"
    estate.write("甲群.txt", lines)
    estate.write("people.csv", "id,name\n" + "".join(f"{n},甲{n}\n" for n in "一二三"))
    stays = rows(estate.run(), "memberships")
    assert [(row["display_name"], row["role"]) for row in stays] == [
        ("教务处-甲一", "owner"),
        ("学生处 甲二", "admin"),
        ("教务处-甲三", "member"),
        ("向阳花", "member"),
    ]
    assert [row["_unknown"] for row in stays] == [None, None, ["left_at"], None]


def test_a_role_behind_a_name_in_a_list_of_members_is_the_role(estate, rows):
    save(estate, {"甲群成员": [["姓名", "部门"], ["甲一（群主）", "教务处"], ["甲二", "教务处"]]}, "甲群成员.xlsx")
    estate.write("people.csv", "id,name\n一,甲一\n二,甲二\n")
    assert [(row["account_id"], row["role"]) for row in rows(estate.run(), "memberships")] == [
        ("一", "owner"),
        ("二", "member"),
    ]
