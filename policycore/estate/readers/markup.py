"""Read the tables of web pages and XML spreadsheets, which older systems save as .xls."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

from policycore.errors import DataError, Place
from policycore.estate.problems import problem
from policycore.estate.readers.encoding import as_utf8, mapped
from policycore.estate.readers.xlsx import MAX_CELLS, MILLION, Sheet

__all__ = ["read_tables"]

_ROWS, _CELLS = ("tr", "row"), ("td", "th", "cell")
_MOST_SPANNED = 1_000
_MOST_REPEATED = 1_000_000
"""Cells that spans make of others: a page of a few kilobytes would take minutes."""


def read_tables(path: Path, name: str) -> list[Sheet]:
    """Return the tables of a page, or the sheets of an XML spreadsheet.

    Raises DataError for a file that holds none, or more cells than a sheet may have.
    """
    with mapped(path, name) as raw:
        text = bytes(as_utf8(raw, name)[:]).decode()
    tables = _Tables(Place(name))
    tables.feed(text)
    tables.close()
    sheets = [
        Sheet(title or (f"表{number}" if len(tables.found) > 1 else path.stem), rows, 1)
        for number, (title, rows) in enumerate(tables.found, 1)
        if any(any(row) for row in rows)
    ]
    if not sheets:
        raise DataError(problem("xlsx", Place(name), reason="HTML"))
    return sheets


class _Tables(HTMLParser):
    """The tables of a page: titles, rows and cells; one that spans several rows stands in each of them."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        self.found: list[tuple[str, list[list[str | None]]]] = []
        self._place = place
        self._title = ""
        self._text: list[str] | None = None
        self._column = self._cells = 0
        self._spans: dict[int, tuple[int, int]] = {}
        """By column, the first and the last row of the cell that reaches down there."""
        self._repeated = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        said = {name.removeprefix("ss:"): value or "" for name, value in attrs}
        if tag == "worksheet":
            self._title = said.get("name", "")
        elif tag == "table":
            self.found.append((self._title, []))
            self._spans = {}
        elif tag in _ROWS and self.found:
            self._end_cell()
            rows = self.found[-1][1]
            rows += [[] for _ in range(max(1, _number(said.get("index")) - len(rows)))]
            self._column = 0
        elif tag in _CELLS and self.found and self.found[-1][1]:
            self._end_cell()
            self._begin_cell(said)
        elif tag == "br" and self._text is not None:
            self._text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        """End a cell."""
        if tag in (*_CELLS, *_ROWS, "table"):
            self._end_cell()

    def handle_data(self, data: str) -> None:
        """Take in the text of a cell."""
        if self._text is not None:
            self._text.append(data)

    def _begin_cell(self, said: dict[str, str]) -> None:
        rows = self.found[-1][1]
        self._column = max(self._column, min(_number(said.get("index")), _MOST_SPANNED) - 1)
        while len(rows) <= self._spans.get(self._column, (0, 0))[1]:
            self._repeat(rows[self._spans[self._column][0]][self._column])
        down = _number(said.get("rowspan")) or _number(said.get("mergedown")) + 1
        if down > 1:
            self._spans[self._column] = (len(rows) - 1, len(rows) - 1 + min(down, _MOST_SPANNED))
        self._text, self._across = [], _number(said.get("colspan")) or _number(said.get("mergeacross")) + 1

    def _end_cell(self) -> None:
        if self._text is None:
            return
        lines = [re.sub(r"[^\S\n]+", " ", line).strip() for line in "".join(self._text).split("\n")]
        self._put("\n".join(filter(None, lines)) or None)
        for _ in range(min(self._across, _MOST_SPANNED) - 1):
            self._repeat(None)
        self._text = None

    def _repeat(self, cell: str | None) -> None:
        self._repeated += 1
        if self._repeated > _MOST_REPEATED:
            raise DataError(problem("xlsx-cells", self._place, limit=_MOST_REPEATED // MILLION))
        self._put(cell)

    def _put(self, cell: str | None) -> None:
        row = self.found[-1][1][-1]
        row += [None] * (self._column - len(row)) + [cell]
        self._column += 1
        self._cells += 1
        if self._cells > MAX_CELLS:
            raise DataError(problem("xlsx-cells", self._place, limit=MAX_CELLS // MILLION))


def _number(text: str | None) -> int:
    """Return a number of rows or columns, 0 where none is said."""
    return int(text) if text and text.isdecimal() and len(text) < 6 else 0
