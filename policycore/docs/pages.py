"""The reference pages: which there are, and how they reach a folder."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

__all__ = ["PAGES", "page_text", "write_pages"]

PAGES: dict[str, str] = {
    "cli.md": "policycore.docs.cli_page",
    "estate.md": "policycore.docs.estate_page",
    "hooks.md": "policycore.docs.hooks_page",
    "rules.md": "policycore.docs.rules_page",
}
"""Each page's file name and the module whose ``page()`` makes it."""


def page_text(name: str) -> str:
    """Return the page called `name`; the same program always makes the same page."""
    text = str(importlib.import_module(PAGES[name]).page())
    return "\n".join(line.rstrip() for line in text.strip().splitlines()) + "\n"


def write_pages(folder: Path) -> Iterator[Path]:
    """Write every page into `folder` and yield its path."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PAGES:
        path = folder / name
        path.write_text(page_text(name), encoding="utf-8", newline="\n")
        yield path
