"""A person's own settings: keys, theme, colours."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from textual.theme import Theme

from policycore_tui.state.views import settings_folder

__all__ = ["THEMES", "own_theme", "read_settings", "write_settings"]

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


def read_settings(name: str) -> dict[str, Any]:
    """Return what a settings file says; an unreadable one counts as empty."""
    try:
        found = json.loads((settings_folder() / name).read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def write_settings(name: str, content: Mapping[str, Any]) -> None:
    """Keep settings; raises OSError."""
    folder = settings_folder()
    folder.mkdir(parents=True, exist_ok=True)
    fresh = folder / f"{name}.new"
    fresh.write_text(json.dumps(dict(content), ensure_ascii=False, indent=1), "utf-8")
    fresh.replace(folder / name)


def own_theme(settings: Mapping[str, Any]) -> Theme | None:
    """Return the theme that a person's own colours make, None where there are none or they are wrong."""
    from textual.color import Color, ColorParseError

    colours = settings.get("colours")
    if not isinstance(colours, dict) or "primary" not in colours:
        return None
    try:
        chosen: dict[str, Any] = {name: Color.parse(str(colours[name])).hex for name in _COLOURS if name in colours}
    except ColorParseError:
        return None
    return Theme(name="own", dark=bool(settings.get("dark", True)), **chosen)
