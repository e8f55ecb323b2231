"""Words in their looks on one line, and a line to type into; beside every colour stands a word or a symbol."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input
from typing_extensions import override

from policycore.text.clean import clean
from policycore_tui.state.cells import steady

__all__ = ["LOOK_CLASSES", "LOOK_STYLES", "OneLine", "TypedLine", "drawn"]

_LONGEST = 2000
"""Characters of one piece that are looked at: no screen is wider."""
_LONGEST_TYPED = 4000
"""Characters of one line; more is a paste by mistake."""
_LOOKS = {
    "title": "text-style: bold; color: $foreground;",
    "error": "color: $text-error; text-style: bold;",
    "warning": "color: $text-warning;",
    "info": "color: $text-secondary;",
    "muted": "color: $text-muted;",
    "good": "color: $text-success;",
    "key": "text-style: bold; color: $text-accent;",
    "off": "color: $text-disabled;",
    "chosen": "text-style: bold reverse;",
}
LOOK_CLASSES = frozenset(f"look--{look}" for look in _LOOKS)
LOOK_STYLES = "\n".join(f"& > .look--{look} {{ {style} }}" for look, style in _LOOKS.items())


def drawn(widget: Widget, spans: Iterable[tuple[str, str]], width: int, over: Style | None = None) -> Strip:
    """Return words in their looks as a line of exactly `width` cells; markup in them is only text."""
    base = widget.rich_style
    end = base + over if over else base
    segments: list[Segment] = []
    used = 0
    for text, look in spans:
        safe = steady(text[:_LONGEST], _LONGEST)
        style = base + widget.get_component_rich_style(f"look--{look}", partial=True) if look else base
        segments.append(Segment(safe, style + over if over else style))
        used += cell_len(safe)
        if used > width:
            break
    return Strip(segments).adjust_cell_length(width, end)


class OneLine(Widget):
    """Words on one line: the bar of sections, the status, a title; what does not fit is cut."""

    COMPONENT_CLASSES: ClassVar[set[str]] = set(LOOK_CLASSES)
    DEFAULT_CSS = "OneLine { height: 1; background: $panel;" + LOOK_STYLES + "}"

    def __init__(self, *spans: tuple[str, str] | str, id: str | None = None, classes: str = "") -> None:  # noqa: A002 - the library's name
        super().__init__(id=id, classes=classes)
        self.say(*spans)

    def say(self, *spans: tuple[str, str] | str) -> None:
        """Show these words."""
        self.spans: Sequence[tuple[str, str]] = [(span, "") if isinstance(span, str) else span for span in spans]
        self.refresh()

    @override
    def render_line(self, y: int) -> Strip:
        return drawn(self, self.spans if y == 0 else (), self.size.width)


class TypedLine(Input):
    """The library's line to type into, with pasted and given text cleaned: it draws control characters as they are."""

    def validate_value(self, value: str) -> str:
        """Return the value as it may be drawn."""
        return clean(value[:_LONGEST_TYPED])

    def insert_text_at_cursor(self, text: str) -> None:
        """Insert text as it may be drawn, so that the cursor stands behind what is left of it."""
        super().insert_text_at_cursor(clean(text[:_LONGEST_TYPED]))
