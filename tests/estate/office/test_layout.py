"""How people lay out lists: titles and units above, totals and signatures below, headers spelt in every way."""

from __future__ import annotations

import pytest

from policycore.estate.office.layout import close_up, foot_of, header_key, said_unit
from tests.workbooks import save

_KEYS = {"name": 1}


@pytest.mark.parametrize(
    "row",
    [
        ["合计", None, None, "28"],
        ["合 计", "5", None, None],
        ["总计：", "5个", None, None],
        ["小计", None, None, None],
        ["教务处 小计", "1个", None, None],
        [None, "学生处合计：", None, "28人"],
        ["一、机关合计", None, None, "28"],
        ["备注：1.群类型请填写常设、专项或临时。", None, None, None],
        ["注：本表一式两份", None, None, None],
        ["填表人：王芳", None, "审核人：张敏", None],
        [None, None, "负责人签字：", None],
        [None, None, "教务处（盖章）：", None],
        [None, None, None, "2024年3月26日"],
        ["（盖章）", None, None, None],
        ["7", None, None, None],
        [None, None, None, None],
        ["单位负责人（签字）：", None, None, None],
    ],
)
def test_rows_that_are_no_data(row: list[str | None]) -> None:
    assert foot_of(row, _KEYS, 0)


@pytest.mark.parametrize(
    "row",
    [
        ["1", "教务处工作群", None, None],
        [None, "合计工作群", "张三", None],
        [None, "财务处经费总计", "张三", None],
        ["教务处", "月度小计", "张三", None],
        ["教务处", None, "张三", "人数合计"],
        ["1", "负责人联系群", "张三", "2024年3月26日"],
        ["1", None, "张三", "教务"],
        [None, "备注群", None, None],
        [None, "日期", None, None],
    ],
)
def test_rows_that_are_data_or_that_somebody_must_look_at(row: list[str | None]) -> None:
    assert not foot_of(row, _KEYS, 0)


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("群 名 称", "群名称"),
        ("群\n名称", "群名称"),
        ("*群名称", "群名称"),
        ("群名称*", "群名称"),
        ("群类型（常设/专项/临时）", "群类型"),
        ("建群时间(年月)", "建群时间"),
        ("群\u3000主：", "群主"),
        ("（备注）", "(备注)"),
    ],
)
def test_a_header_is_read_without_what_people_write_around_it(written: str, key: str) -> None:
    assert header_key(written) == key


@pytest.mark.parametrize(
    ("above", "unit"),
    [
        ([["填报单位（盖章）：教务处", None, "填报日期：2024年3月25日"]], "教务处"),
        ([["部门：学 生 处"]], "学生处"),
        ([["单位名称: 后勤处 "]], "后勤处"),
        ([["教务处工作群统计表"]], None),
        ([["填报单位（盖章）："]], None),
    ],
)
def test_the_unit_that_fills_in_a_list(above: list[list[str | None]], unit: str | None) -> None:
    assert said_unit(above) == unit


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("张 敏", "张敏"),
        ("张\u3000\u3000敏", "张敏"),
        ("欧阳 修", "欧阳修"),
        ("张敏 李强", "张敏 李强"),
        ("张敏、李 强", "张敏、李强"),
        ("Ann Lee", "Ann Lee"),
    ],
)
def test_names_that_were_made_as_wide_as_their_neighbours(written: str, name: str) -> None:
    assert close_up(written) == name


_HEADER = ["序号", "微信群名称*", "群类型（常设/专项/临时）", "群 主", "群管理员", "成员人数", "建群\n时间", "主要用途"]


def _list(*rows: list[object], unit: str = "") -> list[list[object]]:
    above = [["工作群统计表"], [f"填报单位（盖章）：{unit}"]] if unit else [["工作群统计表"]]
    foot = [["合计", len(rows)], [], ["填表人：王芳", None, None, None, "审核人：张敏"]]
    return [*above, _HEADER, *rows, *foot]


_DIRECTORY = {
    "在职人员": [["序号", "工号", "姓名", "部门", "职务"], [1, 1001, "张 敏", "教务处", "处长"], ["合计", None, "1人"]],
    "退休人员": [["序号", "姓名", "原部门", "退休时间"], [1, "钱 勇", "教务处", "2023.6"]],
}


def test_a_workbook_with_a_sheet_for_each_department_and_everything_around_the_lists(estate, rows):
    save(
        estate,
        {
            "教务处": _list([1, "教务群", "常设", "张　敏", "无", 28, "2019.9", "通知"]),
            "第二页": _list([1, "学生群", "临时", "钱勇", None, 3, "/", "迎新"], unit="学生处"),
            "填表说明": [["请如实填写"]],
        },
        "汇总.xlsx",
    )
    save(estate, _DIRECTORY, "花名册.xlsx")
    snapshot = estate.run()
    found = [(row["name"], row["department_id"], row["owner_id"], row["kind"]) for row in rows(snapshot, "groups")]
    assert found == [("教务群", "教务处", "1001", "standing"), ("学生群", None, "钱勇", "temporary")]
    assert rows(snapshot, "groups")[1]["_unknown"] == ["department_id", "created_at"]
    people = {row["name"]: (row["status"], row["status_since"]) for row in rows(snapshot, "people")}
    assert people["张敏"][0] == "active"
    assert people["钱勇"][0] == "retired"
    assert people["钱勇"][1].isoformat() == "2023-05-31T16:00:00+00:00"
    aside = [note.what for note in snapshot.notes if note.code == "estate.note-aside"]
    assert len(aside) == 3
    assert all("合计" in what for what in aside)
    assert {note.code for note in snapshot.notes} >= {
        "estate.note-given",
        "estate.note-columns",
        "estate.note-not-read",
    }
