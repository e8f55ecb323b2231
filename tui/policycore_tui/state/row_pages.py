"""Read a list of any length page by page and keep the pages that were looked at last."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

__all__ = ["PAGE", "RowPages"]

PAGE = 200
"""Rows fetched at once: four tall screens."""
_KEPT = 24

Row = TypeVar("Row")


class RowPages(Generic[Row]):
    """A list whose rows are fetched when somebody looks at them."""

    def __init__(self, total: int, fetch: Callable[[int, int], Sequence[Row]]) -> None:
        self.total = total
        self._fetch = fetch
        self._pages: OrderedDict[int, Sequence[Row]] = OrderedDict()

    def __len__(self) -> int:
        return self.total

    def held(self, index: int) -> Row | None:
        """Return one row if it was read already, else None: what is drawn must not wait."""
        if not 0 <= index < self.total or not self.is_held(index):
            return None
        number, place = divmod(index, PAGE)
        self._pages.move_to_end(number)
        return next(iter(self._pages[number][place : place + 1]), None)

    def is_held(self, index: int) -> bool:
        """Return whether the page of a row was read."""
        return index // PAGE in self._pages

    def fetched(self, index: int) -> Sequence[Row]:
        """Read the page of a row without keeping it, in any thread; `hold` keeps it."""
        return self._fetch(index // PAGE * PAGE, PAGE)

    def hold(self, index: int, page: Sequence[Row]) -> None:
        """Keep the page of a row; of many pages those that were looked at last."""
        self._pages[index // PAGE] = page
        if len(self._pages) > _KEPT:
            self._pages.popitem(last=False)

    def row(self, index: int) -> Row | None:
        """Return one row, read now if need be; None when the list has become shorter since it was counted."""
        if 0 <= index < self.total and not self.is_held(index):
            self.hold(index, self.fetched(index))
        return self.held(index)

    def rows(self, start: int, stop: int) -> list[Row]:
        """Return the rows from `start` up to `stop` that there are."""
        found = (self.row(index) for index in range(max(0, start), min(stop, self.total)))
        return [row for row in found if row is not None]
