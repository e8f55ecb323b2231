"""Ten thousand hostile names and texts through every screen: no crash, no executed markup, no broken column."""

from __future__ import annotations

import unicodedata

import pytest
from rich.cells import cell_len

from policycore_tui.cells import fit, shown

HOSTILE = (
    "[/x]",
    "[bold red]loud[/bold red]",
    "[@click=app.quit]press me[/]",
    "[link=https://example.org]here[/link]",
    "\x1b[2J\x1b[31mred\x1b]52;c;aGk=\x07",
    "\x1b]8;;https://example.org\x07x\x1b]8;;\x07",
    "left\u202eright\u2066in\u2069",
    "zero\u200bwidth\u200d\ufeff\u2060",
    "👨‍👩‍👧‍👦👍🏽🏳️‍🌈🇨🇳",
    "a" + "\u0301" * 500,
    "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘!",
    "\x00\x07\x08\x7f\x85\u2028\u2029",
    "\t\r\n line\nbreaks\r",
    "ﷺ﷽" * 10,
    "',\"<script>alert(1)</script>&amp;",
    "{owner} %s \\ $(reboot) `id`",
    "\ud800 alone",
    "\ue000\U000f0000\U0010ffff",
    "全角　空格・：？",
    "...",
    "",
    " ",
)


def hostile(number: int) -> str:
    """Return one of ten thousand names."""
    first, second = HOSTILE[number % len(HOSTILE)], HOSTILE[(number // len(HOSTILE)) % len(HOSTILE)]
    return f"{first}{number}{second}"


@pytest.mark.parametrize("width", [1, 2, 3, 7, 20, 81])
def test_ten_thousand_names_fit_their_column_exactly(width):
    for number in range(10_000):
        cell = fit(hostile(number), width)
        assert cell_len(cell) == width, ascii(cell)
        assert cell.isprintable()


def test_what_is_shown_neither_acts_nor_hides():
    for number in range(10_000):
        text = shown(hostile(number))
        assert not any(unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn") for character in text)


@pytest.fixture
def hostile_world(world, make_finding, with_name):
    """Return a world of ten thousand findings with hostile names and one text of a million characters."""
    found = tuple(with_name(make_finding(number), hostile(number)) for number in range(1, 10_001))
    long = with_name(make_finding(10_001), "长" * 500_000 + "x[/]\x1b" * 125_000)
    world.record((*found, long), minutes=30)
    return world


def assert_sound(app, name: str) -> None:
    """Assert that every line has the screen's width and holds nothing that acts."""
    for y, strip in enumerate(app.screen._compositor.render_strips()):
        line = "".join(segment.text for segment in strip)
        assert cell_len(line) == app.size.width, f"{name} line {y}: {line!a}"
        assert line.isprintable(), f"{name} line {y}: {line!a}"
        for segment in strip:
            meta = segment.style.meta if segment.style else {}
            # The scroll bars' own mouse actions are the only ones.
            assert "@click" not in meta, f"{name}: {meta}"
            assert segment.style is None or segment.style.link is None


@pytest.mark.parametrize("size", [(120, 40), (60, 20)])
def test_hostile_names_go_through_every_screen(hostile_world, rest, size):
    async def script(app, pilot):
        for key in ("f2", "end", "f3", "end", "pageup", "home", "pagedown", "f", "down", "enter", "f", "f4", "f5", "f6",
                    "enter", "end", "f7", "end", "enter", "escape", "f3", "end", "enter", "end", "f1", "escape",
                    "escape", "ctrl+p", "escape", "A", "escape", "n", "escape", "y", "Y", "E"):  # fmt: skip
            await pilot.press(key)
            await rest(app, pilot)
            assert_sound(app, key)
        assert app.is_running
        assert app.clipboard.isprintable() or "\t" in app.clipboard

    hostile_world.drive(script, size)


def test_each_hostile_text_in_the_detail_page(world, rest, make_finding, with_name):
    world.record(tuple(with_name(make_finding(number + 1), text) for number, text in enumerate(HOSTILE)), minutes=30)

    async def script(app, pilot):
        for _ in HOSTILE:
            await pilot.press("down")
            await pilot.pause()
            assert_sound(app, "detail")
            app.tell(app.listing.current.subject_name)
        await rest(app, pilot)
        assert_sound(app, "notices")

    world.drive(script, (140, 60))


def test_clicks_on_names_run_nothing(world, rest, make_finding, with_name):
    world.record(
        tuple(with_name(make_finding(number), "[@click=app.quit]press me[/]") for number in range(1, 30)), minutes=30
    )

    async def script(app, pilot):
        for y in range(2, 12):
            await pilot.click(offset=(40, y))
            await pilot.click(offset=(100, y))
        await rest(app, pilot)
        assert app.is_running

    world.drive(script)
