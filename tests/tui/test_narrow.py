"""At 60 by 20 there is room for one thing only, and everything is within reach all the same."""

from __future__ import annotations

import pytest

from policycore.language import say

SIZE = (60, 20)


SECTIONS = {
    "f4": ("who it is for", "filter: group:g1"),
    "f5": ("Parameters in force", "filter: rule:OWN001"),
    "f6": ("recorded", "From run"),
    "f7": ("ID OWN001", "What to do"),
}


def test_the_page_takes_the_tables_place_and_leads_on(world, screen, rest):
    async def script(app, pilot):
        for section, (page, leads_to) in SECTIONS.items():
            await pilot.press(section)
            await rest(app, pilot)
            assert page not in screen(app), "the table has the screen"
            await pilot.press("enter")
            await rest(app, pilot)
            assert page in screen(app), "Enter shows the page"
            await pilot.press("escape")
            await rest(app, pilot)
            assert page not in screen(app)
            await pilot.press("tab")
            await rest(app, pilot)
            assert page in screen(app), "so does Tab"
            await pilot.press("home", "enter")
            await rest(app, pilot)
            assert leads_to in screen(app), "Enter on a line that leads nowhere goes where the row leads"

    world.drive(script, SIZE)


def test_a_row_without_anything_to_show_turns_no_page(world, screen, rest):
    async def script(app, pilot):
        await pilot.press("f4", "slash", *"nothing has this name", "enter")
        await rest(app, pilot)
        await pilot.press("enter")
        await rest(app, pilot)
        assert "nothing fits" in screen(app)

    world.drive(script, SIZE)


@pytest.mark.long
def test_numbers_beside_facets_are_never_cut(world, screen, rest, make_finding):
    world.record(tuple(make_finding(number) for number in range(1, 1235)), minutes=20)

    async def script(app, pilot):
        await pilot.press("f")
        await rest(app, pilot)
        line = next(line for line in screen(app).splitlines() if "must-fix" in line and "[ ]" in line)
        assert "1234" in line

    for size in (SIZE, (80, 24), (120, 40)):
        world.drive(script, size)


@pytest.mark.parametrize(("size", "beside"), [((60, 20), False), ((240, 40), True)])
def test_a_screen_has_its_layout_from_the_first_paint(world, size, beside):
    async def script(app, pilot):
        app.open_section("groups")
        await pilot.pause()
        assert app.screen.has_class("-wide") is beside
        assert app.screen.has_class("-narrow") is not beside

    world.drive(script, size)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_screen_is_named_at_sixty_columns(world, screen, language):
    async def script(app, pilot):
        for key in ("f2", "f3", "f8"):
            await pilot.press(key)
            top = screen(app).splitlines()[0]
            for action in ("overview", "violations", "groups", "rules", "runs", "plan", "gaps"):
                assert say(f"tui.key.{action}") in top

    world.drive(script, SIZE, language)


def test_the_overview_says_what_to_do_now_and_leads_there(world, screen, rest):
    async def script(app, pilot):
        await pilot.press("f2")
        await rest(app, pilot)
        lines = screen(app).splitlines()
        first = next(place for place, line in enumerate(lines) if "To do now" in line) + 1
        assert lines[first].split() == ["04-16", "张敏", "第1工作群", "the", "owner", "李强1", "has", "retired"]
        assert any("days old" in line for line in lines)
        await pilot.press(*["down"] * (first - 1), "enter")
        await rest(app, pilot)
        assert (app.screen.where, app.screen.row.subject_name) == ("detail", "第1工作群")

    world.drive(script, (120, 40))
