"""Confirm or dismiss a suspect where it is shown: one key, and the next one is there."""

from __future__ import annotations

from tests.tui.test_actions import actions_in


def test_one_key_decides_goes_on_and_can_be_undone(world, rest, narrow, screen):
    async def script(app, pilot):
        await narrow(app, pilot, "rule:own*")
        await rest(app, pilot)
        await pilot.press("home")
        while app.listing.read_current().finding.verdict != "suspect":
            await pilot.press("j")
        before = app.listing.cursor
        await pilot.press("minus")
        await rest(app, pilot)
        assert app.listing.cursor == before + 1
        assert "复核排除" in screen(app) or "dismissed" in screen(app)
        assert actions_in(app)[-1] == "dismiss"
        await pilot.press("k", "plus")
        await rest(app, pilot)
        assert actions_in(app)[-1] == "dismiss", "what was reviewed is reviewed once"
        await pilot.press("u")
        await rest(app, pilot)
        assert actions_in(app)[-1] == "review-withdrawn"
        await pilot.press("enter", "plus")
        await rest(app, pilot)
        assert actions_in(app)[-1] == "confirm"

    world.drive(script)
