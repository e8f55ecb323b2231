"""Facts are called what people call them."""

from __future__ import annotations


def test_the_page_of_a_finding_labels_facts_in_words(world, screen, rest):
    async def script(app, pilot):
        await pilot.press("down", "enter")
        await rest(app, pilot)
        assert "群主 李强" in screen(app)
        assert "宽限天数 7" in screen(app)
        assert "grace_days" not in screen(app)

    world.drive(script, (100, 60), "zh")
