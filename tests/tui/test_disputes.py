"""Dispute a finding where it is shown."""

from __future__ import annotations

from tests.tui.test_actions import actions_in, type_into


def test_a_dispute_stands_before_the_message_and_undo_takes_it_back(world, rest, narrow, screen):
    async def script(app, pilot):
        await narrow(app, pilot, "rule:own* severity:error")
        await rest(app, pilot)
        await pilot.press("home", "D")
        await type_into(app, pilot, rest, text="名册有误")
        await pilot.press("ctrl+s")
        await rest(app, pilot)
        assert "有异议：名册有误" in screen(app) or "disputed: 名册有误" in screen(app)
        await pilot.press("enter")
        await rest(app, pilot)
        assert "D-" in screen(app)
        await pilot.press("escape", "u")
        await rest(app, pilot)
        assert "名册有误" not in screen(app)
        assert actions_in(app)[-2:] == ["dispute", "dispute-withdrawn"]

    world.drive(script)
