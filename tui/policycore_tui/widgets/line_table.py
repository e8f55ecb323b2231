"""A table over any number of rows that draws only the lines on the screen.

Textual's own table builds every row before the first paint: 30 seconds for 100,000 rows of Chinese
text. This one asks for a row when its line is drawn and keeps the drawn lines of the last screens.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.cache import LRUCache
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from typing_extensions import override

from policycore_tui.state.cells import fit
from policycore_tui.widgets.cursor_view import CursorView

__all__ = ["Column", "LineTable"]

_WIDEST = 9_999
_FLEXIBLE = 20
"""Cells that a flexible column makes room for when it is scrolled out."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its key, title, cells (0 takes what is left), what it shows of a row, narrowest useful screen.

    Of what is left a flexible column takes its `share`, and no more than `most` cells where that is not 0.
    """

    key: str
    title: str
    cells: int
    cell: Callable[[Any], str | tuple[str, str]]
    """Gives a row's text, with the name of a component class where it has a look of its own."""
    from_width: int = 0
    right: bool = False
    until_width: int = 10_000
    share: int = 1
    most: int = 0
    fixed: bool = False
    """Whether it stays at the left, whatever is scrolled or chosen."""

    def shown(self, row: Any) -> tuple[str, str]:
        """Return a row's text and look, '' for the usual one."""
        cell = self.cell(row)
        return (cell, "") if isinstance(cell, str) else cell


class LineTable(CursorView):
    """The rows that `row_at` gives by index, None for one that was not read yet; the header stays in place."""

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
    header = 1

    @dataclass
    class Moved(Message):
        """The cursor is on another row."""

        index: int

    @dataclass
    class Chosen(Message):
        """A row was chosen with Enter or a double click."""

        index: int

    @dataclass
    class HeaderClicked(Message):
        """A column's title was clicked, to sort by it."""

        key: str

    def __init__(
        self,
        row_at: Callable[[int], Any],
        is_marked: Callable[[Any], bool],
        *,
        id: str | None = None,  # noqa: A002 - the name that every widget of the library gives it
    ) -> None:
        super().__init__(id=id)
        self.columns: Sequence[Column] = ()
        self.row_at = row_at
        self.is_marked = is_marked
        self.count = 0
        self.chosen: Mapping[str, bool] = {}
        """Columns that a person always or never wants, by their key; the width decides about all others."""
        self.skipped = 0
        """Columns that are scrolled out to the left."""
        self.empty_text = ""
        self._drawn: LRUCache[tuple[int, int, bool, bool], Strip] = LRUCache(512)

    @property
    @override
    def line_count(self) -> int:
        return self.count

    @property
    def has_drawn(self) -> bool:
        """Return whether the rows that fit the screen were drawn."""
        return 0 < min(self.page_rows, self.count) <= len(self._drawn)

    def show(self, count: int, cursor: int = 0) -> None:
        """Show `count` rows anew with the cursor on one of them."""
        self.count = count
        self.virtual_size = Size(self.size.width, count + 1)
        self.cursor = cursor
        self.keep_in_view()
        self.redraw()

    def redraw(self) -> None:
        """Draw the visible rows anew: marks, language or colours changed."""
        self._drawn.clear()
        self.refresh()

    def watch_cursor(self) -> None:
        """Keep the cursor in view and tell whoever listens."""
        super().watch_cursor()
        self.post_message(self.Moved(self.cursor))

    def on_resize(self, _event: events.Resize) -> None:
        """Lay the columns out for the new width."""
        self.show(self.count, self.cursor)

    def columns_shown(self) -> list[Column]:
        """Return the columns that there is room for; what is scrolled out makes room for others."""
        width = self.scrollable_content_region.width
        movable = [column for column in self._wanted(width) if not column.fixed]
        out = movable[: min(self.skipped, max(0, len(movable) - 1))]
        width += sum((column.cells or _FLEXIBLE) + 1 for column in out)
        gone = {column.key for column in out}
        return [column for column in self._wanted(width) if column.fixed or column.key not in gone]

    def _wanted(self, width: int) -> list[Column]:
        """Return the columns that a person chose, and those that are of use at a width."""
        return [
            column
            for column in self.columns
            if width < column.until_width and (column.fixed or self.chosen.get(column.key, column.from_width <= width))
        ]

    def scroll_sideways(self, step: int) -> bool:
        """Scroll by some columns; False where the end was reached."""
        most = sum(not column.fixed for column in self._wanted(_WIDEST)) - 1
        before, self.skipped = self.skipped, max(0, min(self.skipped + step, most))
        self.redraw()
        return self.skipped != before

    def _layout(self, width: int) -> list[tuple[Column, int]]:
        """Return the visible columns with their cells; what is left goes to the flexible ones."""
        visible = self.columns_shown()
        rest = max(0, width - sum(column.cells for column in visible) - max(0, len(visible) - 1))
        flexible = [column for column in visible if column.cells == 0]
        shares = sum(column.share for column in flexible)
        rooms: dict[str, int] = {}
        # Those that may not take everything come first; the last one takes what they leave.
        for column in sorted(flexible, key=lambda column: not column.most):
            room = rest * column.share // max(1, shares)
            rooms[column.key] = min(room, column.most) if column.most else room
            rest, shares = rest - rooms[column.key], shares - column.share
        return [(column, column.cells or rooms[column.key]) for column in visible]

    def render_line(self, y: int) -> Strip:
        """Return one line of the screen: the header, a row, or nothing."""
        width = self.scrollable_content_region.width
        if y == 0:
            style = self.rich_style + self.get_component_rich_style("line-table--header", partial=True)
            text = " ".join(fit(column.title, cells, right=column.right) for column, cells in self._layout(width))
            return Strip([Segment(text, style)]).adjust_cell_length(width, style)
        index = self.line_at(y)
        if index >= self.count:
            text = self.empty_text if self.count == 0 and y == 1 else ""
            return Strip([Segment(fit(text, width), self.rich_style)], width)
        row = self.row_at(index)
        marked = row is not None and self.is_marked(row)
        key = (index, width, index == self.cursor, marked)
        strip = self._drawn.get(key)
        if strip is None or row is None:
            strip = self._row(row, *key[1:])
        if row is not None:
            self._drawn[key] = strip
        return strip

    def _row(self, row: Any, width: int, cursor: bool, marked: bool) -> Strip:
        """Return the line of one row, an empty one for a row that was not read yet."""
        base, over = self.rich_style, Style.null()
        for name in ("marked",) * marked + ("cursor",) * cursor:
            over += self.get_component_rich_style(f"line-table--{name}", partial=True)
        segments: list[Segment] = []
        for column, room in self._layout(width) if row is not None else ():
            text, look = column.shown(row)
            style = base + self.get_component_rich_style(f"line-table--{look}", partial=True) if look else base
            segments.append(Segment(" " * bool(segments), base + over))
            segments.append(Segment(fit(text, room, right=column.right), style + over))
        return Strip(segments).adjust_cell_length(width, base + over)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; a double click chooses, a click on a title sorts."""
        index, left = self.line_at(event.y), 0
        if event.y == 0:
            for column, cells in self._layout(self.scrollable_content_region.width):
                if left <= event.x < left + cells + 1:
                    self.post_message(self.HeaderClicked(column.key))
                left += cells + 1
        elif index < self.count:
            self.cursor = index
            if event.chain == 2:
                self.choose()

    @override
    def choose(self) -> None:
        if self.count:
            self.post_message(self.Chosen(self.cursor))
