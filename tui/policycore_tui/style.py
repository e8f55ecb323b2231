"""How the screens are laid out and coloured."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual.color import Color, ColorParseError
from textual.theme import Theme

__all__ = ["STYLE", "THEMES", "own_theme"]

STYLE = """
Screen { background: $surface; }
.hidden { display: none; }
#banner { background: $warning-muted; }
#status { background: $panel; }
#main { height: 1fr; }
#split { width: 1fr; height: 1fr; layout: vertical; }
#facets { width: 30; border-right: solid $panel; display: none; }
#table { height: 3fr; }
#detail { padding: 0 1; }
#filter { height: 1; border: none; padding: 0 1; }
.-narrow #split #detail { display: none; }
.-narrow.page-on #split #detail { display: block; height: 1fr; }
.-narrow.page-on #split #table { display: none; }
.-medium #split #detail { height: 2fr; border-top: solid $panel; }
.plain .-medium #split #detail, .plain .-wide #split #detail { border: none; }
.-wide #split { layout: horizontal; }
.-wide #split #table { width: 2fr; height: 1fr; }
.-wide #split #detail { width: 1fr; height: 1fr; border-left: solid $panel; }
.facets-on #facets { display: block; }
.-narrow.facets-on #facets { width: 1fr; border-right: none; }
.-narrow.facets-on #split { display: none; }
.box { width: 76; max-width: 100%; height: auto; max-height: 100%; padding: 0 1; }
.box { border: round $accent; background: $surface; }
.box Input { height: 1; border: none; background: $boost; padding: 0 1; }
.box Input:focus { background: $primary-muted; }
.box LinePane { height: auto; max-height: 20; scrollbar-gutter: auto; }
Box { align: center middle; background: $background 60%; }
.pane { padding: 0 1; }
ToastRack { margin-bottom: 3; }
.plain Toast { border-left: ascii $panel; }
.plain .box { border: ascii $accent; }
.plain #facets { border-right: none; }
.plain #detail { border: none; }
.plain PanelFrame { border: ascii $panel; }
"""

THEMES = ("textual-dark", "textual-light", "nord", "gruvbox", "solarized-light", "textual-ansi")
"""Themes that the theme key goes through; a person's own one comes first."""

_COLOURS = (
    "primary",
    "secondary",
    "accent",
    "warning",
    "error",
    "success",
    "foreground",
    "background",
    "surface",
    "panel",
)


def own_theme(settings: Mapping[str, Any]) -> Theme | None:
    """Return the theme that a person's own colours make, None where there are none or they are wrong."""
    colours = settings.get("colours")
    if not isinstance(colours, dict) or "primary" not in colours:
        return None
    try:
        chosen: dict[str, Any] = {name: Color.parse(str(colours[name])).hex for name in _COLOURS if name in colours}
    except ColorParseError:
        return None
    return Theme(name="own", dark=bool(settings.get("dark", True)), **chosen)
