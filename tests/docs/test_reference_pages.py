"""The committed reference pages are what the program would write now."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from policycore.docs.pages import PAGES, page_text

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_up_to_date(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POLICYCORE_PLUGINS", raising=False)
    committed = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert committed == page_text(name), f"docs/{name} is stale, refresh it: python -m policycore.docs"


@pytest.mark.parametrize("name", PAGES)
def test_links_inside_the_page_lead_somewhere(name: str) -> None:
    text = page_text(name)
    headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}
    for target in re.findall(r"\]\(#([^)]+)\)", text):
        assert target in headings


def test_every_table_row_has_as_many_cells_as_its_head() -> None:
    for name in PAGES:
        head = 0
        for line in page_text(name).splitlines():
            cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
            assert not (head and cells) or cells == head, f"{name}: {line}"
            head = cells


def test_no_catalogue_key_shows_through() -> None:
    for name in PAGES:
        assert re.findall(r"(?<![\w./`])(?:cli|docs|engine)\.[a-z-]+\.[a-z.-]+", page_text(name)) == []
