"""The list of findings: wider shows more, never less; acts are seen at once; the facets come and go."""

from __future__ import annotations

TITLES = ("Verdict", "group", "what is wrong", "state", "due", "who", "rule", "department", "since")


def test_wider_shows_more_and_never_less(world, screen, rest):
    seen: list[set[str]] = []

    async def script(app, pilot):
        for width in (60, 80, 120, 160, 240):
            await pilot.resize_terminal(width, 40)
            await rest(app, pilot)
            header, row, *_ = screen(app).splitlines()[1:]
            seen.append({title for title in TITLES if title in header})
            assert row.startswith("  !! fail"), "verdict and severity in a glyph and a word"
        assert app.screen.has_class("-wide")

    world.drive(script, (60, 40))
    assert seen[0] == {"Verdict", "group", "what is wrong", "department"}
    assert all(narrower <= wider for narrower, wider in zip(seen, seen[1:], strict=False)), seen
    assert {"who", "due"} <= seen[2]


def test_what_was_done_stands_in_the_row_at_once_at_every_width(world, screen, rest):
    async def script(app, pilot):
        await pilot.press("down", "f11")
        await rest(app, pilot)
        assert "1/2 done" in screen(app)
        await pilot.press("ctrl+n", *"asked", "enter")
        await rest(app, pilot)
        assert app.size.width < 110 or "1/2 done, 1" in screen(app)
        await pilot.press("ctrl+z")
        await rest(app, pilot)
        assert "1/2 done, 1" not in screen(app)
        await pilot.press("ctrl+z")
        await rest(app, pilot)
        assert "1/2 done" not in screen(app)

    for width in (60, 100, 120):
        world.drive(script, (width, 30))


def test_facets_close_with_their_key_and_with_escape_and_survive_a_resize(world, screen, rest):
    async def script(app, pilot):
        for close in ("f", "ctrl+g", "escape"):
            await pilot.press("f")
            await rest(app, pilot)
            assert "[ ] !! error" in screen(app)
            await pilot.press(close)
            await rest(app, pilot)
            assert "[ ] !! error" not in screen(app)
        await pilot.press("f", "tab")
        await pilot.resize_terminal(60, 20)
        await rest(app, pilot)
        assert "第1工作群" in screen(app), "the list does not disappear"

    world.drive(script, (80, 24))
