"""Lists whose rows, columns and files say together what one of them does not: merged groups, ticks, accounts."""

from __future__ import annotations

from typing import Any

import pytest

from policycore.estate.reading import ReadColumn, Reading
from tests.estate.office.test_messy_lists import imported, officers, save

LISTS: dict[str, tuple[list[list[Any]], tuple[str, ...], dict[str, tuple[str | None, str]]]] = {
    "ticks under the words of a closed column, in a header of two lines": (
        [
            ["序号", "工作群名称", "群主信息", None, "群类别\n（打√）", None, "备注"],
            [None, None, "姓名", "电话", "常设", "临时", None],
            [1, "甲群", "张敏", 1, "√", None, None],
            [2, "乙群", "周涛", 2, "□", "☑", None],
            ["合计", None, None, None, 1, 1, None],
        ],
        ("A1:A2", "B1:B2", "C1:D1", "E1:F1", "G1:G2"),
        {"甲群": ("1001", ""), "乙群": ("1003", "")},
    ),
    "a group merged over the rows of its admins": (
        [
            ["序号", "群名称", "群主", "管理员", "电话"],
            [1, "甲群", "张敏", "李强", 1],
            [None, None, None, "周涛", 2],
            [2, "乙群", "周涛", "张敏", 3],
            [None, None, None, "李强", 4],
            [3, "乙群", "周涛", "王芳", 5],
        ],
        ("A2:A3", "B2:B3", "C2:C3"),
        {"甲群": ("1001", "1002 1003"), "乙群": ("1003", "1001 1002"), "乙群#2": ("1003", "1004")},
    ),
    "numbered names, members in a cell, a name over two lines": (
        [
            ["群名称", "群主", "群管理员", "群成员"],
            ["甲\n群", "张敏", "1.王芳 2.李强", "张敏、周涛"],
            ["乙群", "李强", "①王芳②周涛", "12人"],
        ],
        (),
        {"甲群": ("1001", "1002 1004"), "乙群": ("1002", "1003 1004")},
    ),
    "several groups in a cell, and a name on two lines": (
        [
            ["部门", "群名称", "群主", "群管理员"],
            ["学生处", "1.甲群\n2.乙群", "李强\n周涛", "张敏"],
            ["教务处", "丙\n群", "张敏", None],
            ["教务处", "教务群、考务群", "张敏", None],
            ["教务处", "党群、宣传工作群", "张敏", None],
        ],
        (),
        {
            **dict.fromkeys(("教务群", "考务群", "党群、宣传工作群"), ("1001", "")),
            "甲群": ("1002", "1001"),
            "乙群": ("1003", "1001"),
            "丙群": ("1001", ""),
        },
    ),
    "a department in its own column over its groups": (
        [
            ["序号", "部门", "群名称", "群主"],
            ["一", "后勤处"],
            [1, None, "甲群", "张伟"],
            ["二", "教务处"],
            [1, None, "乙群", "张伟"],
        ],
        (),
        {"甲群": ("1008", ""), "乙群": ("1007", "")},
    ),
}


@pytest.mark.parametrize("kind", LISTS)
def test_what_stands_apart_is_read_together(tmp_path, kind):
    rows, merges, expected = LISTS[kind]
    tables = imported(tmp_path, save(tmp_path / "台账.xlsx", rows, merges))
    assert officers(tables) == expected
    if kind.startswith("ticks"):
        assert [row["kind"] for row in tables["groups"]] == ["standing", "temporary"]


def test_people_are_known_by_the_accounts_beside_them_and_have_retired_where_the_file_says_so(tmp_path):
    people = save(
        tmp_path / "2023年离退休人员名册.xlsx",
        [["姓名", "账号", "原部门", "退休时间"], ["孙国富", "SunGuofu", "教务处", "2019.8"]],
    )
    groups = [["群名称", "群主账号", "管理员"], ["甲群", "sunguofu", "张敏"], ["乙群", "孙国富", None]]
    tables = imported(tmp_path, people, save(tmp_path / "群.xlsx", groups))
    assert officers(tables) == {"甲群": ("SunGuofu", "1001"), "乙群": ("SunGuofu", "")}
    assert [one["person_id"] for one in tables["accounts"] if one["id"] == "SunGuofu"] == ["孙国富"]
    assert [one["status"] for one in tables["people"] if one["id"] == "孙国富"] == ["retired"]


def test_what_each_column_means_is_told_however_many_there_are():
    columns = [ReadColumn(f"Column {number}", number, "name") for number in range(1, 40)]
    told = Reading("a.xlsx", "groups", header=1, columns=columns).notes()[0]
    assert "Column 39 → name" in str(told)
