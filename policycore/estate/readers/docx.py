"""Read the tables of a text document as sheets: what stands above a table is its title rows."""

from __future__ import annotations

from collections import deque
from pathlib import Path
from typing import Any

from docx import Document

from policycore.errors import DataError, Place
from policycore.estate.problems import problem
from policycore.estate.readers.xlsx import LAST_COLUMN, Sheet, refuse_bombs

__all__ = ["read_paragraphs", "read_tables"]

_ABOVE = 3
"""Paragraphs that count as what stands above a table."""
_LOOKED_AT = 100
"""Paragraphs before a table among which those are looked for that say anything."""
_MOST_ROWS = 20_000
"""More than any table that somebody wrote; each takes a tenth of a millisecond."""


def read_tables(path: Path, name: str) -> list[Sheet]:
    """Return the tables of a document, each with the last paragraphs before it as its first rows.

    Raises DataError for a file that is no such document, or unpacks to more than one is.
    """
    refuse_bombs(path, name)
    sheets: list[Sheet] = []
    before: deque[Any] = deque(maxlen=_LOOKED_AT)
    read = 0
    try:
        for block in Document(str(path)).iter_inner_content():
            if not hasattr(block, "rows"):
                before.append(block)
                continue
            read += len(block.rows)
            # How many columns the cells of a row say that they span.
            widths = (sum(max(1, cell.grid_span) for cell in row._tr.tc_lst) for row in block.rows)
            if read > _MOST_ROWS or max(widths, default=0) > LAST_COLUMN:
                raise DataError(problem("xlsx-far", Place(name), columns=LAST_COLUMN, rows=_MOST_ROWS))
            above: list[list[str | None]] = [[said] for one in before if (said := one.text.strip())]
            sheets.append(Sheet(f"表{len(sheets) + 1}", above[-_ABOVE:] + _rows(block), 1))
            before.clear()
    except DataError:
        raise
    except Exception as error:  # the library raises a dozen kinds on broken archives
        raise DataError(problem("docx", Place(name), reason=type(error).__name__)) from None
    return sheets


def read_paragraphs(path: Path, name: str) -> list[str]:
    """Return the paragraphs of a document without tables, the first of them; none of one that has any or is broken."""
    refuse_bombs(path, name)
    try:
        document = Document(str(path))
        return [] if document.tables else [one.text.strip() for one in document.paragraphs[:_LOOKED_AT]]
    except Exception:  # as above: what is wrong with it is told when its tables are read
        return []


def _rows(table: Any) -> list[list[str | None]]:
    """Return the cells of a table; one that is merged over several rows stands in each, over columns in the first."""
    rows: list[list[str | None]] = []
    for row in table.rows:
        cells = row.cells
        before = [None, *(cell._tc for cell in cells)]
        rows.append(
            [None if cell._tc is left else cell.text.strip() or None for cell, left in zip(cells, before, strict=False)]
        )
    return rows
