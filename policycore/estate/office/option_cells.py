"""Read ticks among options: a column for each of 常设, 专项, 临时, or ☑是 □否 in one cell."""

from __future__ import annotations

import re
from collections.abc import Sequence

from policycore.estate.cells.words import truth_of
from policycore.estate.office.layout import header_key
from policycore.model.schema import table_schema
from policycore.model.words import enumeration_words

__all__ = ["chosen", "is_option", "with_options_joined"]

_OPTIONS = {"groups": "kind", "submissions": "medium"}
"""Columns whose words head columns of their own, by table."""
_TICKED = "☑✓✔√■☒"
_BOXES = f"{_TICKED}□☐○◻"
_before = re.compile(f"([{_BOXES}])\\s*([^{_BOXES}\\s、,，;；/]+)")
_after = re.compile(f"([^{_BOXES}\\s、,，;；/]+)\\s*([{_BOXES}])")


def chosen(cell: str) -> str:
    """Return what is ticked in a cell that holds options with boxes: ☑是 □否 is 是; any other cell as it is."""
    if not re.search(f"[{_BOXES}]", cell) or not re.search(f"[^{_BOXES}\\s]", cell):
        return cell
    pairs = _before.findall(cell) if cell.lstrip()[0] in _BOXES else [pair[::-1] for pair in _after.findall(cell)]
    ticked = [word for mark, word in pairs if mark in _TICKED]
    return ticked[0] if len(ticked) == 1 else cell


def is_option(table: str, cell: str | None) -> bool:
    """Return whether a header is one of the words of a closed column, to be ticked below."""
    column = _OPTIONS.get(table)
    return bool(cell and column) and header_key(cell or "") in enumeration_words(
        table_schema(table).columns[str(column)]
    )


def with_options_joined(
    table: str, cells: Sequence[str | None], rows: Sequence[Sequence[str | None]]
) -> tuple[list[str | None], list[list[str | None]]]:
    """Return a header and the rows below it with one column for those of which each is an option, ticked or not.

    Where something else than ticks stands in any of them, all stays as it is.
    """
    header, below = list(cells), [list(row) for row in rows]
    places = [place for place, cell in enumerate(cells) if is_option(table, cell)]
    said = {(row[place] or "").strip() for row in below for place in places if place < len(row)}
    # Numbers stand below, in the row of totals.
    if len(places) < 2 or any(
        not one.isdigit() and _is_ticked(one) is None and not is_option(table, one) for one in said
    ):
        return header, below
    first = places[0]
    options = "/".join(str(cells[one]) for one in places)
    header[first] = f"{table_schema(table).columns[_OPTIONS[table]].zh}（{options}）"
    for row in below:
        ticked = [str(cells[place]) for place in places if place < len(row) and _is_ticked(row[place] or "")]
        if len(row) > first:
            # The header again, on the next page.
            again = all(is_option(table, row[place]) for place in places if place < len(row))
            row[:] = [None if place in places else cell for place, cell in enumerate(row)]
            row[first] = header[first] if again else "、".join(ticked) or None
    for place in places[1:]:
        header[place] = None
    return header, below


def _is_ticked(cell: str) -> bool | None:
    """Return whether a cell is a tick, or none; None for any other text."""
    cell = cell.strip()
    return bool(cell) and cell in _TICKED if cell in _BOXES else truth_of(cell)
