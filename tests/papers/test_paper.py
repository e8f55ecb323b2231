"""A paper has the same bytes whenever it is written, opens in other libraries, and shows nothing that it must not."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from openpyxl import load_workbook

from policycore.papers.paper import Paper, Table, write_paper

MADE = datetime(2024, 4, 15, tzinfo=UTC)


def paper() -> Paper:
    made = Paper("报告", "关于规范清理情况的报告", signature=("负责人签字：", "2024年4月15日"))
    made.add("addressee", "机关党委")
    made.add("heading", "一、基本情况")
    made.add("text", "共有工作群1个。")
    rows = [[1, "=HYPERLINK(1)\x00\x1b[31m", "联系13800001234"], [2, "机密★10年", None]]
    made.add("table", Table(("序号", "群名称", "备注"), rows, (10, 60, 40), "工作群"))
    return made


@pytest.mark.parametrize("form", ["docx", "xlsx"])
def test_the_same_paper_has_the_same_bytes(form: str, tmp_path: Path) -> None:
    first = write_paper(paper(), tmp_path, form, MADE).read_bytes()
    assert write_paper(paper(), tmp_path, form, MADE).read_bytes() == first


def test_a_document_looks_as_official_documents_do(tmp_path: Path) -> None:
    document = Document(str(write_paper(paper(), tmp_path, "docx", MADE)))
    section = document.sections[0]
    assert (round(section.page_width / Mm(1)), round(section.top_margin / Mm(1))) == (210, 37)
    faces = {
        paragraph.text: paragraph.runs[0]._r.rPr.rFonts.get(qn("w:eastAsia"))
        for paragraph in document.paragraphs
        if paragraph.text
    }
    assert faces["关于规范清理情况的报告"] == "方正小标宋简体"
    assert (faces["一、基本情况"], faces["共有工作群1个。"]) == ("黑体", "仿宋_GB2312")
    body = next(one for one in document.paragraphs if one.text == "共有工作群1个。")
    assert (body.paragraph_format.line_spacing, body.runs[0].font.size) == (Pt(28), Pt(16))
    assert "PAGE" in section.footer._element.xml


def test_no_cell_acts_and_none_gives_away_what_is_withheld(tmp_path: Path) -> None:
    document = Document(str(write_paper(paper(), tmp_path, "docx", MADE)))
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    sheet = load_workbook(write_paper(paper(), tmp_path, "xlsx", MADE))["工作群"]
    values = [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]
    for texts in (cells, values):
        assert not any("机密★10年" in text or "13800001234" in text or "\x1b" in text for text in texts)
    assert not any(text.startswith("=") for text in values)
    assert sheet.freeze_panes == "A3"
