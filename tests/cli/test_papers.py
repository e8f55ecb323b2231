"""Papers of a run: each kind is written, opened again, and says what the run found; PDF where LibreOffice is."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from docx import Document
from openpyxl import load_workbook

from policycore.demo.generate import generate_demo
from tests.command_line import Run


@pytest.fixture
def checked(tmp_path: Path, run: Run) -> Path:
    """Return a workspace with one run of the demo."""
    generate_demo(tmp_path / "demo")
    run("init", tmp_path / "ws")
    estate = tmp_path / "demo" / "estate"
    run("check", "--ruleset", "xxu-2024-wechat-groups", "--estate", estate, "--workspace", tmp_path / "ws")
    return tmp_path / "ws"


def words(path: Path) -> str:
    document = Document(str(path))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


@pytest.mark.long
def test_every_kind_of_paper_is_written(checked: Path, run: Run) -> None:
    out = checked.parent / "papers"

    def write(kind: str, *more: object) -> dict[str, Path]:
        ended = run("--lang", "zh", "report", kind, "--workspace", checked, "--output", out / kind, *more)
        assert ended.code == 0, ended.err
        return {Path(line).name: Path(line) for line in ended.out.splitlines()}

    reports = write("rectification", "--format", "docx,xlsx")
    assert len(reports) == 2 * 22
    whole = words(reports["规范清理情况-全部.docx"])
    assert "关于工作群规范清理情况的报告" in whole
    assert "不计为合规" in whole
    book = load_workbook(reports["规范清理情况-全部.xlsx"])
    assert book.sheetnames == ["工作群", "问题"]
    rows = list(book["工作群"].iter_rows(min_row=3, values_only=True))
    assert all(row[1] for row in rows[:40])
    (one,) = write("rectification", "--department", "教务处", "--force").values()
    assert "教务处（盖章）" in words(one)
    letters = write("letters")
    assert "整改要求" in words(next(iter(letters.values())))
    assert "书面确认书" in words(write("statements")["书面确认-教务处.docx"])
    members = words(write("membership")["成员调整-机关党委工作群.docx"])
    assert {"拉入", "移出"} <= set(members.split("\n"))
    again = run("--lang", "zh", "report", "letters", "--workspace", checked, "--output", out / "letters")
    assert again.code == 2
    assert run("report", "letters", "--workspace", checked, "--format", "odt").code == 2
    same = run("--lang", "zh", "report", "letters", "--workspace", checked, "--output", out / "twice")
    assert same.code == 0
    first = next(iter(letters))
    assert (out / "twice" / first).read_bytes() == letters[first].read_bytes()


@pytest.mark.long
def test_a_paper_is_a_pdf_of_pages_where_libreoffice_is(checked: Path, run: Run) -> None:
    if not shutil.which("soffice"):
        pytest.skip("LibreOffice is not installed")
    ended = run(
        *("--lang", "zh", "report", "rectification", "--workspace", checked, "--department", "教务处"),
        *("--format", "pdf", "--output", checked.parent / "pdf"),
    )
    assert ended.code == 0, ended.err
    (path,) = (Path(line) for line in ended.out.splitlines())
    assert path.read_bytes().startswith(b"%PDF-")
