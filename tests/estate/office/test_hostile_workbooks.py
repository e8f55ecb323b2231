"""Workbooks that claim or hold more than a machine can take are refused before they are opened."""

from __future__ import annotations

import zipfile

import pytest

from policycore.errors import DataError
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
