"""Write the workbooks that people print and fill in: A4, the header on every page, fonts of official documents."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from policycore.papers.typography import BODY, HEADING, TITLE
from policycore.system.atomic_files import write_atomically
from policycore.text.shown import shown

__all__ = ["new_workbook", "offer_choices", "save_workbook", "set_table", "set_title"]

_MM_A_CHARACTER = 2.0
"""How many millimetres of paper one unit of a column's width takes in the body's font."""


def new_workbook(title: str, *, landscape: bool = False) -> tuple[Workbook, Worksheet]:
    """Return a workbook with one sheet that prints on A4, as wide as the page, with page numbers."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    prepare_page(sheet, landscape=landscape)
    return book, sheet


def prepare_page(sheet: Worksheet, *, landscape: bool = False) -> None:
    """Let a sheet print on A4, as wide as the page, with page numbers."""
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.center.text = "— &P —"


def set_title(sheet: Worksheet, title: str, columns: int) -> None:
    """Write the title over all columns of the first row."""
    sheet.append([title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=columns)
    cell = sheet.cell(1, 1)
    cell.font = Font(name=TITLE.name, size=TITLE.points)
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
    sheet.row_dimensions[1].height = 48


def set_table(
    sheet: Worksheet, headers: Sequence[str], widths: Iterable[float], rows: Iterable[Sequence[object]]
) -> int:
    """Write a table with borders below what stands there, its header frozen and repeated; return its header's row."""
    line = Side(style="thin")
    border = Border(left=line, right=line, top=line, bottom=line)
    sheet.append(list(headers))
    header = int(sheet.max_row)
    for row in rows:
        sheet.append([shown(cell) if isinstance(cell, str) else cell for cell in row])
    for number in range(header, int(sheet.max_row) + 1):
        for column in range(1, len(headers) + 1):
            cell = sheet.cell(number, column)
            cell.border = border
            font = HEADING if number == header else BODY
            cell.font = Font(name=font.name, size=12)
            cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)
            cell.number_format = "@"
        sheet.row_dimensions[number].height = 28 if number == header else None
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = round(width / _MM_A_CHARACTER, 1)
    sheet.freeze_panes = sheet.cell(header + 1, 1)
    sheet.print_title_rows = f"{header}:{header}"
    return header


def offer_choices(
    sheet: Worksheet, headers: Sequence[str], choices: Mapping[str, Sequence[str]], first: int, last: int
) -> None:
    """Offer by header what may be chosen in the rows from `first` to `last`."""
    for header, words in choices.items():
        letter = get_column_letter(headers.index(header) + 1)
        # What is not on the list is told and may stand all the same: forms must never keep people from the truth.
        choice = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True, errorStyle="warning")
        choice.add(f"{letter}{first}:{letter}{last}")
        sheet.add_data_validation(choice)


def save_workbook(book: Workbook, path: Path, made: datetime, keywords: str = "") -> None:
    """Save a workbook whose bytes depend on its content and the moment `made` alone."""
    from policycore.reports.xlsx_report import SteadyZip

    book.properties.creator = "policycore"
    book.properties.keywords = keywords or None
    book.properties.created = book.properties.modified = made.replace(tzinfo=None)
    written = io.BytesIO()
    ExcelWriter(book, SteadyZip(written)).save()
    write_atomically(path, written.getvalue())
