"""Read whatever people keep lists in as sheets: workbooks, CSV, tables in documents, pasted lines."""

from __future__ import annotations

import re
from pathlib import Path

from policycore.errors import DataError, Place
from policycore.estate.inputs import InputFile
from policycore.estate.parts import Unreadable, row_said
from policycore.estate.problems import problem
from policycore.estate.readers import xlsx
from policycore.estate.readers.encoding import as_utf8, mapped
from policycore.estate.readers.xlsx import Sheet

__all__ = ["SHEET_SUFFIXES", "read_sheets"]

SHEET_SUFFIXES = (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".docx", ".txt", ".tsv")


# What programs leave around what was pasted is seen by nobody; joiners within letters of emoji and scripts stay.
_no_width = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_blank = re.compile("[\u00a0\u1680\u2000-\u200a\u202f\u205f]")
_MOMENT = (
    r"(?:[12][0-9]{3}[-/.年][01]?[0-9][-/.月][0-3]?[0-9]日?|[0-3]?[0-9][-/.][0-3]?[0-9][-/.](?:20)?[0-9]{2})"
    r"[ ,，T\u202f上下午中凌晨早晚]{1,6}[0-2]?[0-9][:：][0-5][0-9]"
)
# With it the messages of a chat that was copied or exported as text begin, or the line that says who wrote them ends.
_said_at = re.compile(rf"^\W{{0,4}}{_MOMENT}|{_MOMENT}(?::[0-5][0-9])?\W{{0,3}}$")
_MESSAGES = 2


LONGEST_CELL = 100_000
"""Characters of a cell; spreadsheet programs keep 32,767, and what reads headers looks at them some hundred times."""


def read_sheets(file: InputFile) -> list[Sheet]:
    """Return the sheets of a file by its ending; DataError for one that is not what its ending says."""
    sheets = _sheets_of(file)
    for row in (row for sheet in sheets for row in sheet.rows):
        for place, cell in enumerate(row):
            if cell is not None and not cell.isprintable():
                row[place] = _no_width.sub("", _blank.sub(" ", cell)).strip() or None
    if any(cell is not None and len(cell) > LONGEST_CELL for sheet in sheets for row in sheet.rows for cell in row):
        raise DataError(problem("xlsx-long", Place(file.name), limit=LONGEST_CELL))
    return sheets


def _sheets_of(file: InputFile) -> list[Sheet]:
    suffix = file.path.suffix.lower()
    if suffix in (".csv", ".tsv"):
        return _csv_sheet(file)
    if suffix == ".txt":
        return _lines(file)
    if suffix == ".docx":
        from policycore.estate.readers.docx import read_tables

        return read_tables(file.path, file.name)
    with file.path.open("rb") as stream:
        head = stream.read(_LOOKED_AT)
    if head.startswith((b"PK", _OLE)) or not head:
        return xlsx.read_sheets(file.path, file.name)
    # What other systems write under the ending of a workbook: a page, or cells between marks.
    if re.match(rb"(?:\xef\xbb\xbf|\xff\xfe)?\s*\x00?<", head):
        from policycore.estate.readers.markup import read_tables as read_markup

        return read_markup(file.path, file.name)
    lines = suffix in (".xls", ".et") and (b"\0" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff")))
    return _csv_sheet(file) if lines else xlsx.read_sheets(file.path, file.name)


def _csv_sheet(file: InputFile) -> list[Sheet]:
    from policycore.estate.readers.csv import read_csv_header, read_csv_rows

    with mapped(file.path, file.name) as raw:
        data = as_utf8(raw, file.name)
        if not len(data):
            return []
        unreadable: list[Unreadable] = []
        # A comma parts the cells of a list, or what other programs and countries write.
        counts = {one: bytes(data[:_LOOKED_AT]).count(one.encode()) for one in (",", "\t", ";")}
        best = max(counts, key=lambda one: counts[one])
        mark = best if counts[best] > 2 * counts[","] else ","
        rows: list[list[str | None]] = [[_cell(cell) for cell in read_csv_header(data, file.name, mark)]]
        for number, _, record in read_csv_rows(data, file.name, unreadable, mark):
            while len(rows) < number:
                rows.append([])
            rows.append([_cell(cell) for cell in record])
    if unreadable:
        raise DataError(
            *(
                problem("csv-quote", Place(file.name), suggested=bad.expected, row=row_said(bad.row, is_line=True))
                for bad in unreadable
            )
        )
    return [Sheet(Path(file.name).stem, rows, 1)]


_LOOKED_AT = 4096
_kept_as_text = re.compile(r"=\"([^\"]*)\"|'([0-9]+)")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _cell(text: str) -> str | None:
    """Return a cell without what makes a spreadsheet program keep a number as text: ="001001", '001001."""
    found = _kept_as_text.fullmatch(text.strip())
    return (found[1] or found[2] if found else text.strip()) or None


def _lines(file: InputFile) -> list[Sheet]:
    """Return pasted text as a sheet of one column; of several where lines hold tabs."""
    with mapped(file.path, file.name) as raw:
        text = bytes(as_utf8(raw, file.name)[:]).decode()
    lines = text.splitlines()
    said = [line for line in lines if line.strip()]
    if sum(1 for line in said if "\t" not in line and _said_at.search(line)) >= _MESSAGES:
        raise DataError(problem("chat-text", Place(file.name)))
    if len(said) == 1 and "\t" not in said[0]:
        lines = re.split("[、,，;；]", said[0])
    rows: list[list[str | None]] = [[cell.strip() or None for cell in line.split("\t")] for line in lines]
    return [Sheet(Path(file.name).stem, rows, 1, lines=True)] if any(map(any, rows)) else []
