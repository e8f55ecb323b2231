"""Arrows, letters and the mouse move the cursor, never the view away from it; what is beside follows."""

from __future__ import annotations

import pytest

ROWS = 300


@pytest.fixture
def long_world(world, make_finding):
    """Return a world with more findings than any screen shows."""
    world.record(tuple(make_finding(number) for number in range(1, ROWS + 1)), minutes=20)
    return world


def test_the_cursor_moves_stays_in_view_and_the_detail_follows(long_world, screen, rest):
    moves = (
        (("down", "down"), 2),
        (("home", "j", "j", "k"), 1),
        (("end",), ROWS - 1),
        (("G", "g"), 0),
        (("pagedown", "pageup"), 0),
        (("end", "up", "up"), ROWS - 3),
        (("home", "up"), 0),
        (("end", "down"), ROWS - 1),
    )

    async def script(app, pilot):
        for keys, row in moves:
            for key in keys:
                await pilot.press(key)
            await rest(app, pilot)
            table = app.screen.table
            assert (table.cursor, app.listing.cursor) == (row, row), keys
            top = round(table.scroll_y)
            assert top <= row < top + table.page_rows, keys
            assert app.listing.current.label in screen(app), f"{keys}: the detail is about the row under the cursor"

    long_world.drive(script, (140, 40))


def test_the_mouse_chooses_sorts_and_picks(long_world, rest):
    async def script(app, pilot):
        await pilot.click("#table", offset=(20, 6))
        await rest(app, pilot)
        assert app.listing.cursor == 5
        await pilot.click("#table", offset=(15, 0))
        await rest(app, pilot)
        assert app.listing.view.sort == "group"
        await pilot.press("f")
        await rest(app, pilot)
        await pilot.click("#facets", offset=(5, 1))
        await rest(app, pilot)
        assert list(app.listing.view.facets) == ["severity"]
        await pilot.click("#table", offset=(20, 3), times=2)
        await rest(app, pilot)
        assert app.screen.where == "detail"

    long_world.drive(script, (140, 40))


def test_a_long_page_moves_by_its_cursor_too(long_world, screen, rest):
    async def script(app, pilot):
        await pilot.press("enter")
        await rest(app, pilot)
        await pilot.press("end")
        await rest(app, pilot)
        assert "a retired owner" in screen(app)
        await pilot.press("home")
        await rest(app, pilot)
        assert "The owner is in post" in screen(app)

    long_world.drive(script, (60, 20))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_space_picks_a_facet_and_what_is_not_listed_can_be_typed_as_it_says(
    world, screen, rest, make_finding, language
):
    world.record(tuple(make_finding(number, rule=f"OWN{number:03}") for number in range(1, 15)), minutes=20)

    async def script(app, pilot):
        await pilot.press("f")
        await rest(app, pilot)
        key = {"zh": "规则", "en": "rule"}[language]
        more = {"zh": f"还有2项：按 / 输入 {key}:", "en": f"2 more: press / and type {key}:"}[language]
        facets = app.screen.query_one("#facets")
        listed = "".join(line.text for line in facets.lines)
        assert more.replace(" ", "") in listed.replace(" ", "")
        await pilot.press("down", "space")
        await rest(app, pilot)
        assert app.listing.view.facets == {"severity": ("error",)}
        assert len(app.listing.marks) == 0
        await pilot.press("space", "slash", *f"{key}:own014", "enter")
        await rest(app, pilot)
        assert [app.listing.view.facets, len(app.listing.pages)] == [{}, 1]

    world.drive(script, (140, 60), language)
