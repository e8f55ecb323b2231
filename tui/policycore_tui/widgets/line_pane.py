"""A page of lines to read, with a cursor that leads on from lines that lead somewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip
from typing_extensions import override

from policycore_tui.pages.lines import Line
from policycore_tui.widgets.cursor_view import CursorView
from policycore_tui.widgets.words import LOOK_CLASSES, LOOK_STYLES, drawn

__all__ = ["LinePane"]


class LinePane(CursorView):
    """The lines that `build` makes for a width; they are made anew only when something changed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {*LOOK_CLASSES, "line-pane--cursor"}
    DEFAULT_CSS = (
        "LinePane { height: 1fr; overflow-x: hidden; scrollbar-size-vertical: 1; scrollbar-gutter: stable;"
        "& > .line-pane--cursor { text-style: reverse; }" + LOOK_STYLES + "}"
    )

    @dataclass
    class Chosen(Message):
        """A line that leads somewhere was chosen."""

        target: object

    def __init__(
        self,
        build: Callable[[int], Sequence[Line]],
        *,
        id: str | None = None,  # noqa: A002 - the library's name
        focus: bool = True,
        always_cursor: bool = False,
    ) -> None:
        super().__init__(id=id)
        self.build = build
        self.can_focus = focus
        self.always_cursor = always_cursor
        self.lines: Sequence[Line] = ()
        self._width = 0
        self._late = False

    @property
    @override
    def line_count(self) -> int:
        return len(self.lines)

    def rebuild(self, *, top: bool = False) -> None:
        """Make the lines anew; `top` begins at the first one again."""
        self._late = False
        self._width = self.scrollable_content_region.width
        if self._width < 1:
            return
        self.lines = self.build(self._width)
        self.virtual_size = Size(self._width, len(self.lines))
        if self.styles.is_auto_height and len(self.lines) != self.size.height:
            # A pane as high as its text must be laid out anew, or it keeps the height that it had. Asked of what it
            # has: lines that were made before the last layout may not have been in it.
            self.refresh(layout=True)
        if top:
            self.scroll_to(y=0, animate=False, force=True)
        self.cursor = 0 if top else self.cursor
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

    @override
    def move(self, step: int) -> None:
        """Move the cursor; where none is drawn, the page itself moves, or a key would seem to do nothing."""
        if self.has_focus or self.always_cursor:
            super().move(step)
        else:
            self.scroll_relative(y=step, animate=False, force=True)

    @override
    def choose(self) -> None:
        if self.target is not None:
            self.post_message(self.Chosen(self.target))

    @override
    def render_line(self, y: int) -> Strip:
        index, width = self.line_at(y), self.scrollable_content_region.width
        if width != self._width and not self._late:
            # A scroll bar came or went: that is no resize, yet the lines no longer fit.
            self._late = True
            self.call_after_refresh(self.rebuild)
        spans = self.lines[index].spans if index < len(self.lines) else ()
        on_cursor = (self.has_focus or self.always_cursor) and index == self.cursor and bool(self.lines)
        over = self.get_component_rich_style("line-pane--cursor", partial=True) if on_cursor else None
        return drawn(self, spans, width, over)

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is and follow a line that leads somewhere."""
        index = self.line_at(event.y)
        if 0 <= index < len(self.lines):
            self.cursor = index
            self.choose()
