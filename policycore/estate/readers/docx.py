"""Read the tables of a text document as sheets: what stands above a table is its title rows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from policycore.errors import DataError, Place
from policycore.estate.problems import problem
from policycore.estate.readers.xlsx import Sheet, refuse_bombs

__all__ = ["read_tables"]

_ABOVE = 3
"""Paragraphs that count as what stands above a table."""


def read_tables(path: Path, name: str) -> list[Sheet]:
    """Return the tables of a document, each with the last paragraphs before it as its first rows.

    Raises DataError for a file that is no such document, or unpacks to more than one is.
    """
    from docx import Document

    refuse_bombs(path, name)
    sheets: list[Sheet] = []
    above: list[list[str | None]] = []
    try:
        for block in Document(str(path)).iter_inner_content():
            if hasattr(block, "rows"):
                sheets.append(Sheet(f"表{len(sheets) + 1}", above[-_ABOVE:] + _rows(block), 1))
                above = []
            elif block.text.strip():
                above.append([block.text.strip()])
    except Exception as error:  # the library raises a dozen kinds on broken archives
        raise DataError(problem("docx", Place(name), reason=type(error).__name__)) from None
    return sheets


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
