"""A unit and a post in one cell are taken apart; where nobody can tell, the unit stays unknown."""

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
