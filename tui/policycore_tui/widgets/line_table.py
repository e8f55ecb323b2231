"""A table over any number of rows that draws only the lines on the screen.

Textual's own table builds every row before the first paint: 30 seconds for 100,000 rows of Chinese
text. This one asks for a row when its line is drawn and keeps the drawn lines of the last screens.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from policycore_tui.cells import fit

__all__ = ["Column", "LineTable"]


@dataclass(frozen=True, slots=True)
class Column:
    """Describe one column: its key, title, cells (0 takes what is left) and narrowest useful screen."""

    key: str
    title: str
    cells: int
    from_width: int = 0
    right: bool = False


Cells = Sequence[tuple[str, str]]
"""One row: for each column its text and the name of a component class ('' for the usual look)."""


class LineTable(ScrollView, can_focus=True, inherit_bindings=False):
    """Show rows that `row_at` gives by index; the header stays in place, the cursor is always in view."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line-table--header",
        "line-table--cursor",
        "line-table--marked",
        "line-table--error",
        "line-table--warning",
        "line-table--info",
        "line-table--muted",
    }
    DEFAULT_CSS = """
    LineTable { height: 1fr; background: $surface; overflow-x: hidden; scrollbar-size-vertical: 1; }
    LineTable > .line-table--header { text-style: bold; background: $panel; color: $foreground; }
    LineTable > .line-table--cursor { text-style: reverse; }
    LineTable > .line-table--marked { text-style: bold; color: $accent; }
    LineTable > .line-table--error { color: $error; text-style: bold; }
    LineTable > .line-table--warning { color: $warning; }
    LineTable > .line-table--info { color: $secondary; }
    LineTable > .line-table--muted { color: $text-muted; }
    """

    cursor: reactive[int] = reactive(0)

    class Moved(Message):
        """Say that the cursor is on another row."""

        def __init__(self, table: LineTable, index: int) -> None:
            super().__init__()
            self.table = table
            self.index = index

        @property
        def control(self) -> LineTable:
            """Return the table."""
            return self.table

    class Chosen(Message):
        """Say that a row was chosen with Enter or a double click."""

        def __init__(self, table: LineTable, index: int) -> None:
            super().__init__()
            self.table = table
            self.index = index

        @property
        def control(self) -> LineTable:
            """Return the table."""
            return self.table

    class HeaderClicked(Message):
        """Say that a column's title was clicked, to sort by it."""

        def __init__(self, table: LineTable, key: str) -> None:
            super().__init__()
            self.table = table
            self.key = key

        @property
        def control(self) -> LineTable:
            """Return the table."""
            return self.table

    def __init__(
        self,
        columns: Sequence[Column],
        row_at: Callable[[int], Cells | None],
        *,
        is_marked: Callable[[int], bool] = lambda _index: False,
        id: str | None = None,  # noqa: A002 - the name that every widget of the library gives it
    ) -> None:
        super().__init__(id=id)
        self.columns = list(columns)
        self.row_at = row_at
        self.is_marked = is_marked
        self.count = 0
        self.empty_text = ""
        self.lines_drawn = 0
        self.first_drawn = 0.0
        """When the first screen of rows was complete, by `time.perf_counter`: what is measured, not claimed."""
        self._drawn: LRUCache[tuple[int, int, bool, bool], Strip] = LRUCache(512)

    def show(self, count: int, cursor: int = 0) -> None:
        """Show `count` rows anew with the cursor on one of them."""
        self.count = count
        self._drawn.clear()
        self.virtual_size = Size(self.size.width, count + 1)
        self.cursor = max(0, min(cursor, count - 1))
        self._keep_in_view()
        self.refresh()

    def redraw(self) -> None:
        """Draw the visible rows anew: marks, language or colours changed."""
        self._drawn.clear()
        self.refresh()

    def validate_cursor(self, cursor: int) -> int:
        """Keep the cursor on a row that exists."""
        return max(0, min(cursor, self.count - 1))

    def watch_cursor(self, before: int, after: int) -> None:
        """Draw the two lines that changed and tell whoever listens."""
        if before != after:
            self._keep_in_view()
            self.refresh()
            self.post_message(self.Moved(self, after))

    def _keep_in_view(self) -> None:
        """Scroll so that the cursor's line is visible below the header."""
        height = max(1, self.size.height - 1)
        top = round(self.scroll_y)
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, force=True)

    def move(self, step: int) -> None:
        """Move the cursor by some rows."""
        self.cursor = self.cursor + step

    @property
    def page_rows(self) -> int:
        """Return how many rows a screen shows."""
        return max(1, self.size.height - 1)

    def on_resize(self, _event: events.Resize) -> None:
        """Lay the columns out for the new width."""
        self._drawn.clear()
        self.virtual_size = Size(self.size.width, self.count + 1)
        self._keep_in_view()

    def _layout(self, width: int) -> list[tuple[Column, int]]:
        """Return the visible columns with their cells; what is left goes to the flexible ones."""
        visible = [column for column in self.columns if width >= column.from_width]
        fixed = sum(column.cells for column in visible) + max(0, len(visible) - 1)
        flexible = [column for column in visible if column.cells == 0]
        rest = max(0, width - fixed)
        share, extra = divmod(rest, len(flexible)) if flexible else (0, 0)
        laid = []
        for column in visible:
            cells = column.cells
            if cells == 0:
                cells = share + (extra if column is flexible[-1] else 0)
            laid.append((column, cells))
        return laid

    def render_line(self, y: int) -> Strip:
        """Return one line of the screen: the header, a row, or nothing."""
        width = self.scrollable_content_region.width
        if y == 0:
            return self._header(width)
        index = round(self.scroll_y) + y - 1
        if index >= self.count:
            text = self.empty_text if self.count == 0 and y == 1 else ""
            return Strip([Segment(fit(text, width), self.rich_style)], width)
        cursor, marked = index == self.cursor, self.is_marked(index)
        key = (index, width, cursor and self.has_focus, marked)
        strip = self._drawn.get(key)
        if strip is None:
            strip, whole = self._row(index, width, cursor, marked)
            if not whole:
                return strip
            self._drawn[key] = strip
            if not self.lines_drawn and y >= min(self.size.height - 1, self.count):
                self.lines_drawn, self.first_drawn = y, time.perf_counter()
        return strip

    def _header(self, width: int) -> Strip:
        """Return the line of titles."""
        style = self.rich_style + self.get_component_rich_style("line-table--header", partial=True)
        text = " ".join(fit(column.title, cells, right=column.right) for column, cells in self._layout(width))
        return Strip([Segment(text, style)]).adjust_cell_length(width, style)

    def _row(self, index: int, width: int, cursor: bool, marked: bool) -> tuple[Strip, bool]:
        """Return the line of one row, and whether the row was there to be drawn."""
        base = self.rich_style
        over = Style.null()
        if marked:
            over += self.get_component_rich_style("line-table--marked", partial=True)
        if cursor:
            over += self.get_component_rich_style("line-table--cursor", partial=True)
        cells = self.row_at(index)
        if cells is None:
            return Strip([Segment(" " * width, base + over)], width), False
        by_key = dict(zip((column.key for column in self.columns), cells, strict=True))
        segments: list[Segment] = []
        for column, room in self._layout(width):
            text, look = by_key[column.key]
            style = base + self.get_component_rich_style(f"line-table--{look}", partial=True) if look else base
            if segments:
                segments.append(Segment(" ", base + over))
            segments.append(Segment(fit(text, room, right=column.right), style + over))
        return Strip(segments, width).adjust_cell_length(width, base + over), True

    def on_focus(self) -> None:
        """Draw the cursor strongly."""
        self.redraw()

    def on_blur(self) -> None:
        """Draw the cursor again without the focus."""
        self.redraw()

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; a double click chooses, a click on a title sorts."""
        if event.y == 0:
            left = 0
            for column, cells in self._layout(self.scrollable_content_region.width):
                if left <= event.x < left + cells + 1:
                    self.post_message(self.HeaderClicked(self, column.key))
                    return
                left += cells + 1
            return
        index = round(self.scroll_y) + event.y - 1
        if 0 <= index < self.count:
            self.cursor = index
            if event.chain == 2:
                self.post_message(self.Chosen(self, index))

    def choose(self) -> None:
        """Choose the row under the cursor."""
        if self.count:
            self.post_message(self.Chosen(self, self.cursor))

    def cursor_region(self) -> Region:
        """Return where the cursor's line is on the screen, for pop-ups."""
        return Region(0, self.cursor - round(self.scroll_y) + 1, self.size.width, 1)
