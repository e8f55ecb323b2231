"""Lists of groups that say in words which of them are dissolved."""

from __future__ import annotations

from pathlib import Path

import pytest

from policycore.estate.importing import import_estate
from policycore.estate.inputs import FilledSheet
from policycore.estate.office.draft import Draft, take_end
from policycore.operations.query_estate import query_estate
from policycore.plugin_api.plugins import load_plugins
from tests.workbooks import workbook

SAID = {
    # state, whether dissolved: what is known of the end
    ("正常", "否"): "goes on",
    ("使用中", "无"): "goes on",
    (None, None): "goes on",
    ("拟解散", None): "goes on",
    ("未解散", None): "goes on",
    ("已解散", None): "unknown",
    (None, "是"): "unknown",
    ("停用", None): "unknown",
    ("不详", None): "unknown",
    ("不清楚", "否"): "unknown",
    ("2024年3月解散", None): "2024-03",
    ("已解散（2024-03-02）", "是"): "2024-03",
    (None, "2024-03-01"): "2024-03",
    ("正常", "是"): "unknown",
}


def test_a_group_that_is_said_to_be_dissolved_has_an_end_or_a_gap(tmp_path: Path) -> None:
    listed = [(f"第{number}工作群", "张三", *said) for number, said in enumerate(SAID, 10)]
    register = workbook(
        tmp_path / "台账.xlsx",
        Sheet=[("群名称", "群主", "群状态", "是否解散"), *listed],
        人员名册=[("工号", "姓名", "部门", "状态"), ("1", "张三", "教务处", "在职")],
    )
    out = import_estate([register], tmp_path / "out", as_of="2024-04-15").folder
    sql = """SELECT CASE WHEN list_contains(_unknown, 'dissolved_at') THEN 'unknown'
        WHEN dissolved_at IS NULL THEN 'goes on'
        ELSE strftime(dissolved_at, '%Y-%m') END FROM all_groups ORDER BY name"""
    assert [row[0] for row in query_estate(out, sql, plugins=load_plugins()).rows] == list(SAID.values())


@pytest.mark.parametrize(
    ("said", "end"),
    [
        ("2023年底已解散", "2023年底"),
        ("未解散", None),
        ("2024.3.25", "2024.3.25"),
        ("已解散", "已解散"),
        ("拟解散", None),
    ],
)
def test_words_where_only_the_date_of_the_end_is_asked_for(said: str, end: str | None) -> None:
    kept: dict[str, str | None] = {"dissolved_at": said}
    take_end(Draft("groups", FilledSheet("groups", "", "", {}, [], []), ("dissolved_at",)), {}, kept)
    assert kept == {"dissolved_at": end}
