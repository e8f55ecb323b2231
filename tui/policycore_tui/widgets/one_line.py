"""A widget of one line: the bar of sections, the status, the footer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.strip import Strip
from textual.widget import Widget

from policycore_tui.widgets.looks import LOOKS, LOOKS_CSS, drawn

__all__ = ["OneLine"]


class OneLine(Widget):
    """Show words in their looks on one line; what does not fit is cut."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"look--{look}" for look in LOOKS}
    DEFAULT_CSS = "OneLine { height: 1; background: $panel; }" + LOOKS_CSS.format(name="OneLine")

    def __init__(self, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - the library's name
        super().__init__(id=id, classes=classes)
        self.spans: Sequence[tuple[str, str]] = ()

    def say(self, *spans: tuple[str, str] | str) -> None:
        """Show these words."""
        self.spans = tuple((span, "") if isinstance(span, str) else span for span in spans)
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Return the line."""
        return drawn(self, self.spans if y == 0 else (), self.size.width)
