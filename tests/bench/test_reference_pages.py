"""The committed reference pages are what the program would write now."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from bench import docs
from bench.docs import PAGES
from bench.docs.outlines import Outlines, words_in
from bench.docs.pictures import picture

ROOT = Path(__file__).resolve().parents[2]
TEXTS = [name for name in PAGES if name.endswith(".md")]
PICTURES = [name for name in PAGES if name.endswith(".svg")]


@cache
def page_text(name: str) -> str:
    """Return a page as the program writes it now, made once for all that is asked about it."""
    return docs.page_text(name)


@pytest.mark.parametrize("name", [pytest.param(one, marks=[pytest.mark.long] * one.endswith(".svg")) for one in PAGES])
def test_the_page_is_up_to_date(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POLICYCORE_PLUGINS", raising=False)
    committed = (ROOT / "docs" / name).read_text(encoding="utf-8")
    if name in PICTURES:
        # Not every machine has the font that pictures are drawn with: their words are what can be stale.
        monkeypatch.setattr(Outlines, "text", lambda *_given, **_named: "")
        committed, now = words_in(committed), words_in(page_text(name))
        assert len(committed.splitlines()) > 20
    else:
        now = page_text(name)
    assert committed == now, f"docs/{name} is stale, refresh it: python -m bench.docs"


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
    assert elements <= {"svg", "rect", "circle", "g", "style", "defs", "clipPath", "line", "desc", "path", "use"}, (
        "words are outlines: what draws them must not depend on the fonts of whoever looks"
    )
    names = {etree.QName(key).localname for node in tree.iter() for key in node.attrib}
    assert "src" not in names
    known = {node.get("id") for node in tree.iter("{*}path")}
    assert {node.get("href") for node in tree.iter("{*}use")} <= {f"#{name}" for name in known}
    assert not [name for name in names if name.startswith("on")]
    addresses = re.findall(rb"https?://[^\s\"')]+", written)
    assert set(addresses) == {b"http://www.w3.org/2000/svg"}


def test_a_picture_keeps_columns_and_escapes_names(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: dict[str, tuple[float, float]] = {}

    def text(_self: Outlines, words: str, x: float, y: float, _look: str, **_named: bool) -> str:
        drawn[words.strip()] = x, y
        return ""

    monkeypatch.setattr(Outlines, "text", text)
    made = picture(["\x1b[31m严重\x1b[0m  12", "<script>  &"], "a <title>", 20)
    assert words_in(made) == "严重  12\n<script>  &"
    etree.fromstring(made.encode())
    assert drawn["12"][0] - drawn["严重"][0] == pytest.approx(4 * 12.2)
    assert drawn["12"][1] == drawn["严重"][1] < drawn["<script>  &"][1]


def test_words_are_drawn_as_the_outlines_of_the_font() -> None:
    pytest.importorskip("fontTools", reason="fonttools is not installed (pip install 'policycore[bench]')")
    try:
        drawn = etree.fromstring(picture(["严严a ▃"], "", 20).encode())
    except RuntimeError as error:
        pytest.skip(str(error))
    assert len([node for node in drawn.iter("{*}path") if node.get("id")]) == 3, "each glyph once"
    assert [int(node.get("x")) for node in drawn.iter("{*}use")] == [0, 1000, 2000, 3000]
