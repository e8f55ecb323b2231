"""The reference pages: which there are, and how they reach a folder."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

__all__ = ["PAGES", "page_text", "write_pages"]

PAGES: dict[str, tuple[str, str]] = {
    "cli.md": ("bench.docs.cli_page", "page"),
    "estate.md": ("bench.docs.estate_page", "page"),
    "hooks.md": ("bench.docs.hooks_page", "page"),
    "rules.md": ("bench.docs.rules_page", "page"),
    "images/demo.en.svg": ("bench.docs.screenshot", "demo_in_english"),
    "images/demo.zh.svg": ("bench.docs.screenshot", "demo_in_chinese"),
    "images/tui.en.svg": ("bench.docs.interface_picture", "interface_in_english"),
    "images/tui.zh.svg": ("bench.docs.interface_picture", "interface_in_chinese"),
}
"""Each page's file name with the module and the function that make it."""


def page_text(name: str) -> str:
    """Return the page called `name`; the same program always makes the same page."""
    module, maker = PAGES[name]
    text = str(getattr(importlib.import_module(module), maker)())
    return "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"


def write_pages(folder: Path) -> Iterator[Path]:
    """Write every page into `folder` and yield its path."""
    for name in PAGES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page_text(name), encoding="utf-8", newline="\n")
        yield path
