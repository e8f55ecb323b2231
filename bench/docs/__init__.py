"""Reference pages made from what the program itself knows: ``python -m bench.docs``."""

from __future__ import annotations

import importlib

__all__ = ["PAGES", "page_text"]

PAGES = {
    "cli.md": ("bench.docs.cli", "page"),
    "estate.md": ("bench.docs.estate", "page"),
    "hooks.md": ("bench.docs.hooks", "page"),
    "keys.md": ("bench.docs.keys", "page"),
    "rules.md": ("bench.docs.rules", "page"),
    "images/demo.en.svg": ("bench.docs.pictures", "demo_picture", "en"),
    "images/demo.zh.svg": ("bench.docs.pictures", "demo_picture", "zh"),
    "images/tui.en.svg": ("bench.docs.pictures", "interface_picture", "en"),
    "images/tui.zh.svg": ("bench.docs.pictures", "interface_picture", "zh"),
}
"""Each page's file name with the module, the function that makes it, and what it is told."""


def page_text(name: str) -> str:
    """Return the page called `name`; the same program always makes the same page."""
    module, maker, *told = PAGES[name]
    text = str(getattr(importlib.import_module(module), maker)(*told))
    return "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"
