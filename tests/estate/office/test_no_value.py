"""A failed lookup, and a formula that nobody worked out, are unknown: neither "none" nor a name."""

from __future__ import annotations

import pytest

from tests.workbooks import save

_PEOPLE = [["工号", "姓名", "部门", "状态"], [1001, "张敏", "教务处", "在职"]]
_HEADER = ["序号", "群名称", "群类型", "所属部门", "群主", "群管理员", "建群时间"]


def _save(estate, *rows: list[object]) -> None:
    save(estate, {"工作群": [_HEADER, *rows], "人员": _PEOPLE})


@pytest.mark.parametrize("cell", ["#N/A", "#REF!", "=人员!B2", "=VLOOKUP(A2,人员!A:B,2,0)"])
@pytest.mark.parametrize("column", ["群类型", "群主", "建群时间"])
def test_a_cell_without_a_value_is_unknown_and_told(estate, rows, cell: str, column: str):
    row = dict(zip(_HEADER, [1, "甲群", "常设", "教务处", "张敏", None, "2023-09-01"], strict=True)) | {column: cell}
    _save(estate, [*row.values()])
    snapshot = estate.run()
    [group] = rows(snapshot, "groups")
    name = {"群类型": "kind", "群主": "owner_id", "建群时间": "created_at"}[column]
    assert group[name] is None
    assert group["_unknown"] == [name]
    assert "estate.said-unknown" in [note.code for note in snapshot.notes]


@pytest.mark.parametrize("cell", ["#N/A", "=人员!B2"])
def test_a_group_without_a_name_is_named_as_missing(estate, cell: str):
    _save(estate, [1, cell, "常设", "教务处", "张敏", None, None])
    assert "missing-value" in estate.codes()


def test_a_value_that_a_formula_comes_to_is_read(estate, rows, tmp_path):
    _save(estate, [1, "甲群", "常设", "教务处", "张敏", None, "2023-09-01"])
    assert rows(estate.run(), "groups")[0]["owner_id"] == "1001"


@pytest.mark.parametrize("ends", ["至今", "长期", "9999-12-31", "99991231", "9999/12/31 00:00:00"])
def test_words_that_people_write_into_the_programs_own_lists_are_read(estate, rows, ends: str):
    people = [["姓名", "部门", "状态", "任职时间", "免职时间"], ["张敏", "教务处", "在职", "2019-09-01", ends]]
    came = [["部门名称", "报送类型", "报送形式", "已签字", "已盖章"], ["教务处", "清理表", "纸质", "已签", "没盖"]]
    save(estate, {"人员": people, "报送登记": came})
    snapshot = estate.run()
    [appointment], [paper] = rows(snapshot, "appointments"), rows(snapshot, "submissions")
    assert appointment["until"] is None
    assert (paper["kind"], paper["signed"], paper["sealed"]) == ("规范清理情况", True, False)
    assert not [note.code for note in snapshot.notes if note.code == "estate.bad-value"]


def test_rows_in_which_one_thing_is_wrong_are_told_together_each_with_what_it_says(estate):
    kinds = ("常设", "其它", "其它", "长线")
    _save(estate, *([n, f"{n}群", kind, "教务处", "张敏", None, None] for n, kind in enumerate(kinds, 1)))
    [told] = [str(note) for note in estate.run().notes if note.code == "estate.bad-value"]
    assert (told.count("“其它”"), told.count("“长线”")) == (1, 1)


def test_an_officer_whom_nobody_knows_is_told_once_and_where_it_was_written(estate):
    _save(estate, [1, "甲群", "常设", "教务处", "张敏", "#NAME?", None])
    told = [str(note) for note in estate.run().notes if note.code == "estate.said-unknown"]
    assert ["群管理员" in one for one in told] == [True]


@pytest.mark.parametrize(("ticks", "said"), [("√✓✔☑✅", True), ("×✗✘✖❌", False)])
def test_ticks_and_crosses_of_every_shape_say_yes_and_no(estate, rows, ticks: str, said: bool):
    lists = [["序号", "群名称", "入群确认"], *([n, f"{n}群", tick] for n, tick in enumerate(ticks, 1))]
    save(estate, {"工作群": lists, "人员": _PEOPLE})
    assert [group["join_approval"] for group in rows(estate.run(), "groups")] == [said] * len(ticks)


@pytest.mark.parametrize("written", ["教务处（原教学处）", "教学运行中心(原名：教务处)"])
def test_a_unit_that_was_renamed_is_known_by_either_name(estate, rows, written: str):
    _save(estate, [1, "甲群", "常设", written, "张敏", None, None])
    assert rows(estate.run(), "groups")[0]["department_id"] == "教务处"
