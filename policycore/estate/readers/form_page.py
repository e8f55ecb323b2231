"""Read the page that a form is: cells of a workbook or of a document's table, and what stands in their way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policycore.errors import DataError
from policycore.model.forms import FormLayout
from policycore.model.words import fold_word

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["FormPage", "cell_name", "header_score", "is_scan", "read_page"]

_MAX_BYTES = 20 * 1024 * 1024
_MAX_ROWS, _MAX_COLUMNS = 2_000, 60
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SCANS = frozenset((".pdf", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".bmp", ".heic"))
_spaces = re.compile(r"[ \t\u3000]+")


@dataclass(slots=True)
class FormPage:
    """What stands on a form, row by row, and what is wrong with the file: each as ``kind@place``."""

    rows: list[list[str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    mark: str = ""
    """The keyword by which a blank form says what it is; empty where the form was made by hand."""

    def fault(self, kind: str, place: str = "") -> None:
        """Note that something is wrong, once for each place."""
        found = f"{kind}@{place}" if place else kind
        if found not in self.faults:
            self.faults.append(found)


def cell_name(row: int, column: int) -> str:
    """Return a place as spreadsheet programs call it, counted from 0: C5; of a document, the same in its table."""
    return f"{chr(65 + column) if column < 26 else '?'}{row + 1}"


def is_scan(path: Path) -> bool:
    """Return whether a file is a picture of paper, by its ending."""
    return path.suffix.lower() in _SCANS


def read_page(path: Path, name: str, layout: FormLayout) -> FormPage:
    """Return what stands in a form, whatever the file is; what cannot be read is a fault, never an error."""
    page = FormPage()
    with path.open("rb") as stream:
        head = stream.read(8)
    suffix = path.suffix.lower()
    if is_scan(path):
        page.fault("scan")
    elif path.stat().st_size > _MAX_BYTES:
        page.fault("too-large")
    elif head == _COMPOUND and "EncryptedPackage".encode("utf-16-le") in path.read_bytes():
        # A workbook or document under a password is packed into a compound file, as those of old programs are.
        page.fault("password")
    elif suffix not in (".xlsx", ".xlsm", ".docx"):
        page.fault("old-format")
        _read_other(path, name, layout, page)
    else:
        try:
            (_read_document if suffix == ".docx" else _read_workbook)(path, name, layout, page)
        except Exception:  # the libraries raise a dozen kinds on broken archives
            page.fault("damaged")
    return page


def _read_other(path: Path, name: str, layout: FormLayout, page: FormPage) -> None:
    """Read the form out of another format as far as it can be; the format itself is a fault already."""
    from policycore.estate.inputs import InputFile
    from policycore.estate.readers.sheets import read_sheets

    with suppress(DataError):
        sheets: list[list[list[str]]] = [
            [[]] * (sheet.first_row - 1) + [[cell or "" for cell in row] for row in sheet.rows]
            for sheet in read_sheets(InputFile(path, name))
        ]
        page.rows = max(sheets, key=lambda rows: _best_score(rows, layout), default=[])


def _words(value: object) -> str:
    """Return a cell as it reads, its outer spaces left out."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return _spaces.sub(" ", str(value)).strip()


def header_score(row: Sequence[str], layout: FormLayout) -> int:
    """Return how many of the form's headers stand in a row."""
    return len({fold_word(cell) for cell in row} & {fold_word(header) for header in layout.columns})


def _read_workbook(path: Path, name: str, layout: FormLayout, page: FormPage) -> None:
    """Read the sheet that is most like the form; note the others, formulas, merged cells, pictures, locks."""
    from openpyxl import load_workbook

    from policycore.estate.readers.xlsx import refuse_bombs

    refuse_bombs(path, name)
    book: Workbook = load_workbook(path)
    page.mark = str(book.properties.keywords or "")
    if book.vba_archive is not None or path.suffix.lower() == ".xlsm":
        page.fault("macros")
    sheets = {sheet.title: [[_words(cell.value) for cell in row] for row in _cells(sheet)] for sheet in book.worksheets}
    best = max(book.worksheets, key=lambda sheet: _best_score(sheets[sheet.title], layout))
    for sheet in book.worksheets:
        # The lists to choose from stand on a hidden sheet of the blank form.
        filled = any(map(any, sheets[sheet.title])) or sheet._images
        if sheet is not best and filled and sheet.title != LISTS_SHEET:
            page.fault("extra-sheet", sheet.title)
    page.rows = sheets[best.title]
    if best._images:
        page.fault("picture" if not any(map(any, page.rows)) else "picture-beside")
    if best.sheet_state != "visible":
        page.fault("hidden", best.title)
    _look_at_cells(best, layout, page)


def _best_score(rows: Sequence[Sequence[str]], layout: FormLayout) -> int:
    """Return how many of the form's headers stand in the row that has most."""
    return max((header_score(row, layout) for row in rows), default=0)


def _look_at_cells(sheet: Worksheet, layout: FormLayout, page: FormPage) -> None:
    """Note merged cells in the table, whose text counts in each of their rows, and formulas anywhere."""
    header = next((n for n, row in enumerate(page.rows) if header_score(row, layout) >= 2), 0)
    for merged in sheet.merged_cells.ranges:
        # What spans the page above or below the table is its title or its signature.
        below = page.rows[merged.min_row - 1 : merged.min_row] if merged.min_row > header + 1 else []
        if below and not any(word in cell for cell in below[0] for word in ("签字", "盖章", "日期", "年月日")):
            page.fault("merged", str(merged))
            # It holds for every row, as in a document.
            for cells in page.rows[merged.min_row : merged.max_row]:
                cells[merged.min_col - 1] = below[0][merged.min_col - 1]
    for row in _cells(sheet):
        for cell in row:
            if cell.data_type == "f":
                page.fault("formula", cell.coordinate)


LISTS_SHEET = "选项"
"""The hidden sheet of a blank form that holds what may be chosen."""


def _cells(sheet: Worksheet) -> Iterator[Sequence[Any]]:
    """Return the cells of a sheet row by row; beyond what a form can be nothing is looked at."""
    yield from sheet.iter_rows(max_row=min(sheet.max_row, _MAX_ROWS), max_col=min(sheet.max_column, _MAX_COLUMNS))


def _read_document(path: Path, name: str, layout: FormLayout, page: FormPage) -> None:
    """Read the table that is most like the form, with the paragraphs before and after it as rows of one cell."""
    from docx import Document
    from docx.oxml.ns import qn

    from policycore.estate.readers.xlsx import refuse_bombs

    refuse_bombs(path, name)
    document = Document(str(path))
    page.mark = str(document.core_properties.keywords or "")
    blocks: list[tuple[int, list[list[str]]]] = []
    pictures = len(document.element.body.findall(f".//{qn('w:drawing')}"))
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            rows = _table_rows(block, page)
            blocks.append((_best_score(rows, layout), rows))
        else:
            blocks.append((-1, [[_words(block.text)]]))
    page.rows = [row for _, rows in blocks for row in rows]
    scores = [score for score, _ in blocks]
    if max(scores, default=-1) <= 0:
        page.fault("picture" if pictures else "no-table")
        return
    # What is signed may stand in a small table of its own.
    kept = scores.index(max(scores))
    for other, score in enumerate(scores):
        if score > 0 and other != kept:
            page.fault("extra-table", str(other + 1))
    if pictures:
        page.fault("picture-beside")


def _table_rows(table: Any, page: FormPage) -> list[list[str]]:
    """Return the cells of a document's table; a cell over several columns or rows is a fault where the data stand."""
    rows: list[list[str]] = []
    for row in table.rows:
        cells: list[str] = []
        seen: set[int] = set()
        for cell in row.cells:
            again = id(cell._tc) in seen
            seen.add(id(cell._tc))
            cells.append("" if again else _words(cell.text.replace("\n", " ")))
            merged = cell._tc.vMerge is not None or again
            if merged and rows and not any(word in "".join(cells) for word in ("签字", "盖章")):
                page.fault("merged", cell_name(len(rows), len(cells) - 1))
        rows.append(cells)
    return rows
