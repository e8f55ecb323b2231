"""The reference of keys, made from the one table of keys."""

from __future__ import annotations

from policycore.language import say_both, use_language
from policycore_tui.state.keys import EVERYWHERE, KEYS, SECTIONS, Key, key_name

__all__ = ["page"]


def page() -> str:
    """Return the page: one table a screen."""
    with use_language("en"):
        lines = [
            "# Keys of the terminal interface",
            "",
            "Made by the program: `python -m bench.docs`. Every letter also has a key that",
            "an input method does not take, punctuation also its full-width form. Any action can have other keys in",
            '`~/.config/policycore/keymap.json`, for example `{"waive": "f10,W"}`; the theme stands in `theme.json`.',
        ]
        for where in (EVERYWHERE, *SECTIONS, "detail"):
            keys = [key for key in KEYS if where in key.where]
            if keys:
                lines += [
                    "",
                    f"## {_title(where)}",
                    "",
                    "| key | action | what it does | 操作 | 说明 |",
                    "|---|---|---|---|---|",
                    *map(_row, keys),
                ]
    return "\n".join(lines) + "\n"


def _title(where: str) -> str:
    """Return the heading of one screen's keys."""
    if where == EVERYWHERE:
        return "On every screen"
    return "One finding" if where == "detail" else say_both(f"tui.key.{where}").en.capitalize()


def _row(key: Key) -> str:
    names = " ".join(f"`{key_name(name)}`" for name in key.keys)
    short, about = say_both(f"tui.key.{key.action}"), say_both(f"tui.about.{key.action}")
    return f"| {names} | `{key.action}` | {about.en} | {short.zh} | {about.zh} |"
