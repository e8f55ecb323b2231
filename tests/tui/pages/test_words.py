"""Facts are called what people call them."""

from __future__ import annotations

from policycore.language import use_language
from policycore_tui.pages.words import fact_word


def test_the_engines_own_facts_have_words_and_a_plugins_stay():
    names = ("fields", "source", "reason", "owner", "person", "x y")
    with use_language("zh"):
        assert [fact_word(name) for name in names] == ["缺少的数据项", "数据来源", "原因", "群主", "人员", "x y"]
    with use_language("en"):
        assert fact_word("fields") == "missing data"


def test_the_page_of_a_finding_labels_facts_in_words(world, screen, rest):
    async def script(app, pilot):
        await pilot.press("down", "enter")
        await rest(app, pilot)
        assert "群主 李强" in screen(app)
        assert "宽限天数 7" in screen(app)
        assert "grace_days" not in screen(app)

    world.drive(script, (100, 60), "zh")
