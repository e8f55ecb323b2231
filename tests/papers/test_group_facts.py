"""What papers say of groups is what the data says, and no more."""

from __future__ import annotations

from pathlib import Path

from policycore.estate.importing import import_estate
from policycore.operations.hand_ins import estate_session
from policycore.papers.group_facts import group_facts
from tests.workbooks import workbook


def test_owners_and_admins_alone_are_not_how_many_are_in_a_group(tmp_path: Path) -> None:
    sheets = {
        "工作群": [["群名称", "群主", "群管理员"], ["甲群", "张敏", "王芳"], ["乙群", "张敏", None]],
        "人员": [["姓名", "部门"], ["张敏", "教务处"], ["王芳", "教务处"]],
        "群成员": [["群名称", "姓名"], ["甲群", "张敏"], ["甲群", "王芳"]],
    }
    told = []
    for without in ("", "群成员"):
        sheets.pop(without, None)
        register = workbook(tmp_path / "台账.xlsx", **sheets)
        out = import_estate([register], tmp_path / f"without {without}", lenient=True).folder
        with estate_session(out, None, None) as session:
            told.append({facts.name: facts.members for facts in group_facts(session)})
    assert told == [{"甲群": 2, "乙群": None}, {"甲群": None, "乙群": None}]


def test_a_handling_that_nobody_can_read_is_not_kept(tmp_path: Path) -> None:
    rows = [["群名称", "群主", "处理方式"], ["甲群", "张敏", "待定"], ["乙群", "张敏", "保留"]]
    sheets = {"规范清理情况": rows, "人员": [["姓名", "部门"], ["张敏", "教务处"]]}
    out = import_estate([workbook(tmp_path / "清理.xlsx", **sheets)], tmp_path / "out", lenient=True).folder
    with estate_session(out, None, None) as session:
        assert {facts.name: facts.state for facts in group_facts(session)} == {"甲群": "unknown", "乙群": "keep"}


def test_a_group_without_an_owner_has_none_where_the_register_says_so(tmp_path: Path) -> None:
    rows = [["群名称", "群主"], ["甲群", "张敏"], ["乙群", "无"], ["丙群", "不详"], ["丁群", "/"]]
    sheets = {"工作群": rows, "人员": [["姓名", "部门"], ["张敏", "教务处"]]}
    without = {"工作群": [["群名称", "用途"], ["甲群", "通知"]]}
    told = []
    for number, one in enumerate((sheets, without)):
        register = workbook(tmp_path / f"{number}.xlsx", **one)
        out = import_estate([register], tmp_path / f"out {number}", lenient=True).folder
        with estate_session(out, None, None) as session:
            told.append({facts.name: facts.owner for facts in group_facts(session)})
    assert told == [{"甲群": "张敏", "乙群": "", "丙群": None, "丁群": ""}, {"甲群": None}]
