"""Workbooks that claim or hold more than a machine can take are refused before they are opened."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

import docx
import openpyxl
import pytest

from policycore.errors import DataError
from policycore.estate.importing import import_estate
from policycore.estate.readers.docx import read_tables
from policycore.estate.readers.xlsx import read_sheets
from tests.workbooks import save


def cell_at(reference: str) -> str:
    return f'<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c {reference}><v>1</v></c></row>'


FAR = (
    'r="ZZZZZZZ99999999999"',
    "r='ZZZZ1'",
    'r="A1048577"',
    'r = "XFE1"',
    'r="a99999999"',
    f'r="{"Z" * 500}1"',
    'r="XFE"',
)
"""References to cells that no sheet has: the reader would take all memory, panic or abort."""


def sheet_xml(cells: str, dimension: str = "A1:B2") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<dimension ref="{dimension}"/><sheetData>{cells}</sheetData></worksheet>'
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (sheet_xml("", "A1:XFD1048576"), "xlsx-dimension"),
        (
            sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
            "xlsx-cells",
        ),
        (sheet_xml("<row>" + " " * 60_000_000 + "</row>"), "xlsx-bomb"),
        *((sheet_xml(cell_at(reference)), "xlsx-far") for reference in FAR),
        (sheet_xml('<row r="1"><c r="A1"><v>1</v></c></row><row r="4294967295"><c><v>1</v></c></row>'), "xlsx-far"),
        (sheet_xml("<row>" + "<c><v>1</v></c>" * 20_000 + "</row>"), "xlsx-far"),
        (sheet_xml("<row>" + "".join(f'<c r="{c}{n}1"/>' for c in "AZ" for n in ("ZZ", "ZZZ")) + "</row>"), "xlsx-far"),
        (sheet_xml(cell_at('r="XFD1000"')), "xlsx-cells"),
        ("<worksheet", "xlsx"),
    ],
    ids=["dimension", "far-cell", "bomb", *FAR, "far-row", "unnamed-cells", "wide", "stray", "broken"],
)
def test_hostile_workbooks_are_refused_before_they_are_opened(estate, content, code):
    save(estate, {"人员": [["工号", "姓名"], [1, "张三"]]}, "model.xlsx")
    with (
        zipfile.ZipFile(estate.folder / "model.xlsx") as model,
        zipfile.ZipFile(estate.folder / "people.xlsx", "w", zipfile.ZIP_DEFLATED) as hostile,
    ):
        for entry in model.infolist():
            inside = content if entry.filename == "xl/worksheets/sheet1.xml" else model.read(entry)
            hostile.writestr(entry.filename, inside)
    (estate.folder / "model.xlsx").unlink()
    assert code in estate.codes()


def test_one_part_that_is_thousands_of_sheets_is_refused(estate):
    save(estate, {"人员": [["工号", "姓名"], [1, "张三"]]}, "model.xlsx")
    more = "".join(f'<sheet name="s{number}" sheetId="{number + 9}" r:id="rId1"/>' for number in range(5_000))
    with (
        zipfile.ZipFile(estate.folder / "model.xlsx") as model,
        zipfile.ZipFile(estate.folder / "people.xlsx", "w", zipfile.ZIP_DEFLATED) as hostile,
    ):
        for entry in model.infolist():
            inside = model.read(entry).decode("utf-8")
            if entry.filename == "xl/workbook.xml":
                inside = inside.replace("</sheets>", f"{more}</sheets>").replace(
                    "<workbook ",
                    '<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ',
                    1,
                )
            hostile.writestr(entry.filename, inside)
    (estate.folder / "model.xlsx").unlink()
    assert "xlsx-sheets" in estate.codes()


def test_a_list_of_texts_that_claims_to_be_endless_is_refused(estate):
    save(estate, {"人员": [["工号", "姓名"], [1, "张三"]]}, "people.xlsx")
    with zipfile.ZipFile(estate.folder / "people.xlsx", "a", zipfile.ZIP_DEFLATED) as hostile:
        space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        hostile.writestr(
            "xl/sharedStrings.xml", f'<sst xmlns="{space}" count="9" uniqueCount="99999999999"><si/></sst>'
        )
    assert "xlsx-counts" in estate.codes()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04junk", b"not a workbook"])
def test_what_is_no_workbook_is_a_data_error(estate, content):
    estate.write("people.xlsx", content)
    with pytest.raises(DataError):
        estate.run()


def packed(parts: Mapping[str, str | bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def changed(saved: Callable[[io.BytesIO], object], name: str, change: Callable[[str], str]) -> bytes:
    """Return what `saved` writes, with one part as `change` changed it."""
    saved(stream := io.BytesIO())
    with zipfile.ZipFile(stream) as archive:
        parts = {one: archive.read(one) for one in archive.namelist()}
    return packed({**parts, name: change(parts[name].decode())})


def open_document(row: str, cell: str) -> bytes:
    names = "".join(f' xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    rows = f'<table:table-row {row}><table:table-cell {cell} office:value-type="string"><text:p>x</text:p>'
    table = f'<table:table table:name="a">{rows}</table:table-cell></table:table-row></table:table>'
    body = f"<office:body><office:spreadsheet>{table}</office:spreadsheet></office:body>"
    content = f"<office:document-content{names}>{body}</office:document-content>"
    return packed({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content})


def document(before: str, after: str) -> bytes:
    """Return a text document with one table, in whose text `after` stands for the first `before`."""
    made = docx.Document()
    made.add_table(1, 2).cell(0, 0).text = "姓名"
    return changed(made.save, "word/document.xml", lambda text: text.replace(before, after, 1))


def in_workbook(sheet: str) -> bytes:
    return changed(openpyxl.Workbook().save, "xl/worksheets/sheet1.xml", lambda _: sheet)


SPAN = '<w:tc><w:tcPr><w:gridSpan w:val="100000000"/></w:tcPr>'
LONG = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 200_000}</t></is></c></row>'
SMALL_AND_LARGE = {
    "rows.ods": (lambda: open_document('table:number-rows-repeated="4000000000"', ""), "xlsx-far"),
    "cells.ods": (lambda: open_document("", "table:number-columns-repeated='4000000000'"), "xlsx-far"),
    "span.docx": (lambda: document("<w:tc>", SPAN), "xlsx-far"),
    "rows.docx": (lambda: document("</w:tbl>", "<w:tr><w:tc><w:p/></w:tc></w:tr>" * 30_000 + "</w:tbl>"), "xlsx-far"),
    "wide.xls": (lambda: b"<table>" + b"<tr><td colspan=9999 rowspan=9999>x" * 3_000, "xlsx-cells"),
    "deep.xls": (lambda: b"<table><tr><td>x" + b"<tr><td rowspan=1000>x</td></tr>" * 20_000, "xlsx-cells"),
    "名单.csv": (lambda: f"序号,姓名,{'列' * 200_000}\n1,张三,x\n".encode(), "xlsx-long"),
    "text.xlsx": (lambda: in_workbook(sheet_xml(LONG)), "xlsx-long"),
}
"""Files of some kilobytes that make hours of work, or gigabytes."""


@pytest.mark.parametrize("name", SMALL_AND_LARGE)
def test_what_a_small_file_says_over_and_over_is_refused(estate, name):
    made, code = SMALL_AND_LARGE[name]
    estate.write(name, made())
    assert code in estate.codes()


def test_what_is_hidden_formulas_and_paragraphs_cost_what_is_read_of_them(estate):
    columns = "<cols>" + '<col min="1" max="16383" hidden="1"/>' * 20_000 + "</cols>"
    cells = f'<c r="A1"><f>{"A1+" * 300_000}1</f><v/></c><c r="B1"><v>1</v></c>'
    sheet = sheet_xml(f'<row r="1">{cells}</row>').replace("<sheetData>", f"{columns}<sheetData>")
    (read,) = read_sheets(estate.write("hidden.xlsx", in_workbook(sheet)), "hidden.xlsx")
    assert len(read.unseen) == 16_383
    assert len(read.rows[0][0]) < 1000
    paragraphs = "<w:p><w:r><w:t>字</w:t></w:r></w:p>" * 50_000
    (read,) = read_tables(estate.write("long.docx", document("<w:tbl>", f"{paragraphs}<w:tbl>")), "long.docx")
    assert read.rows[:4] == [["字"], ["字"], ["字"], ["姓名", None]]


def test_a_link_to_itself_is_no_file(estate):
    loop = estate.folder.parent / "loop.xlsx"
    loop.symlink_to("loop.xlsx")
    with pytest.raises(DataError) as caught:
        import_estate([loop], estate.out)
    assert [problem.code for problem in caught.value.problems] == ["estate.no-file"]
