"""The committed reference pages are what the program would write now."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from bench import docs
from bench.docs import PAGES
from bench.docs.pictures import picture

ROOT = Path(__file__).resolve().parents[2]
TEXTS = [name for name in PAGES if name.endswith(".md")]
PICTURES = [name for name in PAGES if name.endswith(".svg")]


@cache
def page_text(name: str) -> str:
    """Return a page as the program writes it now, made once for all that is asked about it."""
    return docs.page_text(name)


@pytest.mark.parametrize("name", PAGES)
def test_the_page_is_up_to_date(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POLICYCORE_PLUGINS", raising=False)
    committed = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert committed == page_text(name), f"docs/{name} is stale, refresh it: python -m bench.docs"


@pytest.mark.parametrize("name", TEXTS)
def test_links_inside_the_page_lead_somewhere(name: str) -> None:
    text = page_text(name)
    headings = {heading.lower().replace(" ", "-") for heading in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}
    for target in re.findall(r"\]\(#([^)]+)\)", text):
        assert target in headings


def test_every_table_row_has_as_many_cells_as_its_head() -> None:
    for name in TEXTS:
        head = 0
        for line in page_text(name).splitlines():
            cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
            assert not (head and cells) or cells == head, f"{name}: {line}"
            head = cells


def test_no_catalogue_key_shows_through() -> None:
    for name in TEXTS:
        assert re.findall(r"(?<![\w./`])(?:cli|docs|engine)\.[a-z-]+\.[a-z.-]+", page_text(name)) == []


@pytest.mark.parametrize("name", PICTURES)
def test_pictures_stand_on_their_own(name: str) -> None:
    written = (ROOT / "docs" / name).read_bytes()
    tree = etree.fromstring(written)
    elements = {etree.QName(node).localname for node in tree.iter()}
    assert elements <= {"svg", "rect", "circle", "g", "text", "style", "defs", "clipPath", "line"}
    names = {etree.QName(key).localname for node in tree.iter() for key in node.attrib}
    assert names & {"href", "src"} == set()
    assert not [name for name in names if name.startswith("on")]
    addresses = re.findall(rb"https?://[^\s\"')]+", written)
    assert set(addresses) == {b"http://www.w3.org/2000/svg"}


def test_a_picture_keeps_columns_and_escapes_names() -> None:
    drawn = etree.fromstring(picture(["\x1b[31m严重\x1b[0m  12", "<script>  &"], "a <title>", 20).encode())
    blocks = [node for node in drawn.iter("{*}text") if node.get("clip-path") and node.text.strip()]
    assert [node.text.replace("\xa0", " ").strip() for node in blocks] == ["严重", "12", "<script>  &"]
    place = [float(node.get("x")) for node in blocks]
    length = [float(node.get("textLength")) for node in blocks]
    assert length[0] / 4 == pytest.approx(length[1] / 4)
    assert place[1] + length[1] / 2 - place[0] == pytest.approx(length[0] / 4 * 6)
    assert blocks[0].get("class") != blocks[1].get("class")
