"""Two things in one cell are taken apart; what nobody can tell stays unknown."""

from __future__ import annotations

from pathlib import Path

import pyarrow.parquet as pq
import pytest
from openpyxl import Workbook

from policycore.estate.importing import import_estate

CELLS = {
    "教务处处长": ("教务处", "处长"),
    "教务处/处长": ("教务处", "处长"),
    "教务处 处长": ("教务处", "处长"),
    "学生处（副处长）": ("学生处", "副处长"),
    "文学院党委副书记、副院长": ("文学院", "党委副书记、副院长"),
    "信息化建设与管理中心主任": ("信息化建设与管理中心", "主任"),
    "机关党委办公室主任科员": ("机关党委办公室", "主任科员"),
    "后勤管理处": ("后勤管理处", None),
    "校长": (False, "校长"),
    "教务处长": (False, "教务处长"),
}


@pytest.mark.parametrize("header", ["单位及职务", "部门/职务", "所在单位 及职务", "工作单位、职务"])
def test_units_and_posts_in_one_cell(tmp_path: Path, header: str) -> None:
    book = Workbook()
    book.worksheets[0].title = "人员名册"
    for row in (("姓名", header), *((f"甲{chr(0x4E00 + n)}", cell) for n, cell in enumerate(CELLS))):
        book.worksheets[0].append(row)
    book.save(tmp_path / "人员名册.xlsx")
    estate = import_estate([tmp_path / "人员名册.xlsx"], tmp_path / "out")
    rows = pq.read_table(estate.tables["appointments"].path).to_pylist()
    read = {
        row["person_id"]: ("department_id" not in (row["_unknown"] or ()) and row["department_id"], row["title"])
        for row in rows
    }
    assert read == {f"甲{chr(0x4E00 + n)}": said for n, said in enumerate(CELLS.values())}


MADE = {
    "甲天 2019.9": ("甲天", "2019-08-31T16:00"),
    "甲地（2020年3月15日）": ("甲地", "2020-03-14T16:00"),
    "甲玄/2021-05-06": ("甲玄", "2021-05-05T16:00"),
    "2018.1.1\n甲 黄": ("甲黄", "2017-12-31T16:00"),
    "甲宇 13800000001 二〇二一年三月": ("甲宇", "2021-02-28T16:00"),
    "甲宙": ("甲宙", "?"),
    "2020年": ("?", "2019-12-31T16:00"),
    "甲洪于2022年11月创建": ("甲洪", "2022-10-31T16:00"),
}


@pytest.mark.parametrize("header", ["创建人及时间", "建群人/建群时间", "创建人（时间）"])
def test_who_made_a_group_and_when_in_one_cell(tmp_path: Path, header: str) -> None:
    book = Workbook()
    people, groups = book.worksheets[0], book.create_sheet("群")
    people.title = "人员名册"
    for row in (("姓名", "部门"), *((f"甲{name}", "教务处") for name in "天地玄黄宇宙洪荒")):
        people.append(row)
    for row in (("群名称", "群主", header), *((f"群{n}", "甲天", cell) for n, cell in enumerate(MADE))):
        groups.append(row)
    book.save(tmp_path / "台账.xlsx")
    estate = import_estate([tmp_path / "台账.xlsx"], tmp_path / "out", as_of="2024-04-15")
    read = [
        tuple("?" if name in (row["_unknown"] or ()) else row[name] for name in ("creator_id", "created_at"))
        for row in pq.read_table(estate.tables["groups"].path).to_pylist()
    ]
    assert [(who, when if when == "?" else when.isoformat()[:16]) for who, when in read] == list(MADE.values())


def test_units_that_are_paths_from_one_root_are_their_last_part_and_several_are_several_posts(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].title = "成员列表"
    units = {"甲": "某大学/教务处", "乙": "某大学/学生处;某大学/机关/教务处", "丙": "某大学"}
    for row in (("姓名", "账号", "职务", "部门"), *((name, "x", "科员", unit) for name, unit in units.items())):
        book.worksheets[0].append(row)
    book.save(tmp_path / "通讯录.xlsx")
    estate = import_estate([tmp_path / "通讯录.xlsx"], tmp_path / "out", as_of="2024-04-15")
    posts = pq.read_table(estate.tables["appointments"].path).to_pylist()
    assert [(row["person_id"], row["department_id"]) for row in posts] == [
        *(("甲", "教务处"), ("乙", "学生处"), ("乙", "教务处"), ("丙", "某大学"))
    ]


FLAGS = {
    ("是否群主", "是否管理员"): [("是", "否"), ("否", "是"), ("否", None), ("否", "否")],
    ("是否为群主", "是否为群管理员"): [("√", None), (None, "✓"), (None, None), (None, "×")],
    ("是否群主/管理员", "备注"): [("群主", None), ("管理员", None), ("是", None), ("否", None)],
}


@pytest.mark.parametrize("heads", FLAGS)
def test_ticks_beside_members_say_who_is_owner_and_admin(tmp_path: Path, heads: tuple[str, str]) -> None:
    book = Workbook()
    people, members = book.worksheets[0], book.create_sheet("群成员名单")
    people.title = "人员名册"
    people.append(("姓名", "部门"))
    members.append(("群名称", "姓名", *heads))
    for number, flags in enumerate(FLAGS[heads]):
        people.append((f"甲{number}", "教务处"))
        members.append((None if number else "甲群", f"甲{number}", *flags))
    book.save(tmp_path / "台账.xlsx")
    estate = import_estate([tmp_path / "台账.xlsx"], tmp_path / "out", as_of="2024-04-15")
    stays = pq.read_table(estate.tables["memberships"].path).to_pylist()
    roles = ["?" if "role" in (row.get("_unknown") or ()) else row["role"] for row in stays]
    # An empty cell is no answer where others are answered with a no.
    third = "member" if heads[0] == "是否为群主" else "?"
    assert (roles, {row["group_id"] for row in stays}) == (["owner", "admin", third, "member"], {"甲群"})
    [group] = pq.read_table(estate.tables["groups"].path).to_pylist()
    assert (group["name"], group["owner_id"]) == ("甲群", "甲0")


def test_states_with_their_dates_and_departments_over_people_without_a_cell_of_their_own(tmp_path: Path) -> None:
    rows = [
        *([["序号", "姓名", "职务", "人员状态"], ["一、教务处（1人）"], [1, "李雷", "处长", "在岗"]]),
        *([["二、学生处"], [1, "韩梅", "科员", "2023.6退休"], [2, "林涛", "科长", "挂职（县里）"]]),
    ]
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(tmp_path / "花名册.xlsx")
    snapshot = import_estate([tmp_path / "花名册.xlsx"], tmp_path / "estate", as_of="2024-04-15")
    posts = pq.read_table(snapshot.tables["appointments"].path).to_pylist()
    assert [row["department_id"] for row in posts] == ["教务处", "学生处", "学生处"]
    people = pq.read_table(snapshot.tables["people"].path).to_pylist()
    assert [row["status"] for row in people] == ["active", "retired", "seconded"]
    assert people[1]["status_since"].isoformat() == "2023-05-31T16:00:00+00:00"
