"""Write one table of texts: aligned for a person, as CSV or XLSX that opens rightly, as JSON."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import BinaryIO

from policycore.reports.words import defused, safe
from policycore.text.width import fill_line, width

__all__ = ["TABLE_FORMATS", "Cell", "text_lines", "write_table"]

Cell = str | int | float | bool | None
TABLE_FORMATS = ("text", "csv", "xlsx", "json")
_MADE = datetime(2024, 1, 1)  # a workbook remembers when it was made; the same rows give the same bytes
_WIDEST = 100


def write_table(name: str, columns: Sequence[str], rows: Sequence[Sequence[Cell]], stream: BinaryIO) -> None:
    """Write `rows` under `columns` in the format called `name`, one of `TABLE_FORMATS`."""
    if name == "xlsx":
        _xlsx(columns, rows, stream)
    elif name == "csv":
        # As the reports do: BOM, CRLF, every cell quoted.
        text = io.StringIO(newline="")
        writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows([_csv_cell(cell) for cell in row] for row in rows)
        stream.write(codecs.BOM_UTF8 + text.getvalue().encode())
    elif name == "json":
        listed = [dict(zip(columns, row, strict=True)) for row in rows]
        stream.write((json.dumps(listed, ensure_ascii=False, indent=2) + "\n").encode())
    else:
        stream.write("".join(f"{line}\n" for line in text_lines(columns, rows)).encode())


def text_lines(columns: Sequence[str], rows: Sequence[Sequence[Cell]]) -> Iterator[str]:
    """Yield a table for a person: columns as wide as what stands in them, the last one as it comes."""
    cells = [list(columns), *([_shown(cell) for cell in row] for row in rows)]
    widths = [min(_WIDEST, max(width(row[place]) for row in cells)) for place in range(len(columns))]
    for row in cells:
        *first, last = (fill_line(cell, wide) for cell, wide in zip(row, [*widths[:-1], 0], strict=True))
        yield "  ".join([*first, last or row[-1]]).rstrip()


def _shown(cell: Cell) -> str:
    """Return a cell for a person; nothing for null."""
    return "" if cell is None else str(cell).lower() if isinstance(cell, bool) else safe(cell)


def _csv_cell(cell: Cell) -> Cell:
    """Return a cell that is no formula; numbers stay numbers."""
    return defused(cell) if isinstance(cell, str) else _shown(cell) if isinstance(cell, bool) else cell


def _xlsx(columns: Sequence[str], rows: Sequence[Sequence[Cell]], stream: BinaryIO) -> None:
    """Write a workbook of one sheet with a frozen header that filters."""
    from openpyxl import Workbook
    from openpyxl.writer.excel import ExcelWriter

    from policycore.reports.xlsx_report import SteadyZip, add_sheet

    book = Workbook(write_only=True)
    book.properties.created = book.properties.modified = _MADE
    widths = tuple(
        min(_WIDEST, 2 + max([width(title), *(width(_shown(row[place])) for row in rows[:1000])]))
        for place, title in enumerate(columns)
    )
    add_sheet(book, "Sheet", columns, (map(_csv_cell, row) for row in rows), widths)
    ExcelWriter(book, SteadyZip(stream)).save()
