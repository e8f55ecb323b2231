"""Name the looks that words can have; every colour also has a word or a symbol beside it."""

from __future__ import annotations

from collections.abc import Iterable

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from policycore_tui.cells import width_of
from policycore_tui.state.steady import steady

__all__ = ["LOOKS", "LOOKS_CSS", "drawn"]

LOOKS = ("title", "error", "warning", "info", "muted", "good", "key", "off", "chosen")

_LONGEST = 2000
"""Characters of one piece that are looked at: no screen is wider."""

LOOKS_CSS = """
    {name} > .look--title {{ text-style: bold; color: $foreground; }}
    {name} > .look--error {{ color: $text-error; text-style: bold; }}
    {name} > .look--warning {{ color: $text-warning; }}
    {name} > .look--info {{ color: $text-secondary; }}
    {name} > .look--muted {{ color: $text-muted; }}
    {name} > .look--good {{ color: $text-success; }}
    {name} > .look--key {{ text-style: bold; color: $text-accent; }}
    {name} > .look--off {{ color: $text-disabled; }}
    {name} > .look--chosen {{ text-style: bold reverse; }}
"""


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
        used += width_of(safe)
        if used > width:
            break
    return Strip(segments).adjust_cell_length(width, end)
