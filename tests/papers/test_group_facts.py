"""What papers say of groups is what the data says, and no more."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook

from policycore.estate.importing import import_estate
from policycore.operations.hand_ins import estate_session
from policycore.papers.group_facts import group_facts


def test_owners_and_admins_alone_are_not_how_many_are_in_a_group(tmp_path: Path) -> None:
    book = Workbook()
    sheets = {
        "工作群": [["群名称", "群主", "群管理员"], ["甲群", "张敏", "王芳"], ["乙群", "张敏", None]],
        "人员": [["姓名", "部门"], ["张敏", "教务处"], ["王芳", "教务处"]],
        "群成员": [["群名称", "姓名"], ["甲群", "张敏"], ["甲群", "王芳"]],
    }
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    told = []
    for without in (["Sheet"], ["群成员"]):
        for title in without:
            del book[title]
        book.save(tmp_path / "台账.xlsx")
        import_estate([tmp_path / "台账.xlsx"], tmp_path / without[0], lenient=True)
        with estate_session(tmp_path / without[0], None, None) as session:
            told.append({facts.name: facts.members for facts in group_facts(session)})
    assert told == [{"甲群": 2, "乙群": None}, {"甲群": None, "乙群": None}]
