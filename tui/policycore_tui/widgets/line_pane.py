"""A page of lines to read, with a cursor that leads on from lines that lead somewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from policycore_tui.state.lines import Line
from policycore_tui.widgets.looks import LOOKS, LOOKS_CSS, drawn

__all__ = ["LinePane"]


class LinePane(ScrollView, can_focus=True, inherit_bindings=False):
    """Show the lines that `build` makes for a width; they are made anew only when something changed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {*(f"look--{look}" for look in LOOKS), "line-pane--cursor"}
    DEFAULT_CSS = """
    LinePane { height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; scrollbar-gutter: stable; }
    LinePane > .line-pane--cursor { text-style: reverse; }
    """ + LOOKS_CSS.format(name="LinePane")

    class Chosen(Message):
        """Say that a line that leads somewhere was chosen."""

        def __init__(self, pane: LinePane, target: object) -> None:
            super().__init__()
            self.pane = pane
            self.target = target

        @property
        def control(self) -> LinePane:
            """Return the pane."""
            return self.pane

    def __init__(self, build: Callable[[int], Sequence[Line]], *, id: str | None = None) -> None:  # noqa: A002 - the library's name
        super().__init__(id=id)
        self.build = build
        self.lines: Sequence[Line] = ()
        self.cursor = 0
        self.always_cursor = False
        self._width = 0
        self._late = False

    def rebuild(self, *, top: bool = False) -> None:
        """Make the lines anew; `top` begins at the first one again."""
        self._late = False
        self._width = self.scrollable_content_region.width
        if self._width < 1:
            return
        before = len(self.lines)
        self.lines = self.build(self._width)
        self.virtual_size = Size(self._width, len(self.lines))
        if len(self.lines) != before and self.styles.is_auto_height:
            # A pane as high as its text must be laid out anew, or it keeps the height that it had.
            self.refresh(layout=True)
        if top:
            self.cursor = 0
            self.scroll_to(y=0, animate=False, force=True)
        self.cursor = max(0, min(self.cursor, len(self.lines) - 1))
        self.refresh()

    def on_resize(self, _event: events.Resize) -> None:
        """Lay the page out for the new width."""
        if self.scrollable_content_region.width != self._width:
            self.rebuild()

    def on_mount(self) -> None:
        """Lay the page out once its width is known."""
        self.call_after_refresh(self.rebuild)

    @property
    def target(self) -> object:
        """Return where the line under the cursor leads."""
        return self.lines[self.cursor].target if self.lines else None

    @property
    def page_rows(self) -> int:
        """Return how many lines a screen shows."""
        return max(1, self.size.height)

    def move(self, step: int) -> None:
        """Move the cursor and keep it in view."""
        if not self.lines:
            return
        self.cursor = max(0, min(self.cursor + step, len(self.lines) - 1))
        top, height = round(self.scroll_y), self.page_rows
        if self.cursor < top:
            self.scroll_to(y=self.cursor, animate=False, force=True)
        elif self.cursor >= top + height:
            self.scroll_to(y=self.cursor - height + 1, animate=False, force=True)
        self.refresh()

    def choose(self) -> None:
        """Follow the line under the cursor."""
        if self.target is not None:
            self.post_message(self.Chosen(self, self.target))

    def render_line(self, y: int) -> Strip:
        """Return one line of the screen."""
        index = round(self.scroll_y) + y
        width = self.scrollable_content_region.width
        if width != self._width and not self._late:
            # A scroll bar came or went: that is no resize, yet the lines no longer fit.
            self._late = True
            self.call_after_refresh(self.rebuild)
        if index >= len(self.lines):
            return drawn(self, (), width)
        over = None
        if (self.has_focus or self.always_cursor) and index == self.cursor:
            over = self.get_component_rich_style("line-pane--cursor", partial=True)
        return drawn(self, self.lines[index].spans, width, over)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is and follow a line that leads somewhere."""
        index = round(self.scroll_y) + event.y
        if 0 <= index < len(self.lines):
            self.cursor = index
            self.refresh()
            self.choose()

    def on_focus(self) -> None:
        """Show the cursor."""
        self.refresh()

    def on_blur(self) -> None:
        """Hide the cursor."""
        self.refresh()
