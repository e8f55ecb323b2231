"""A workspace in which nothing was checked says what to do; the overview says what it counts."""

from __future__ import annotations

import pytest

from policycore.language import say
from policycore.store.workspace import init_workspace


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_screen_says_what_to_do_before_the_first_check(world, screen, rest, tmp_path, language):
    world.workspace = init_workspace(tmp_path / "empty")

    async def script(app, pilot):
        for key in ("f3", "f4", "f6", "f7"):
            await pilot.press(key)
            await rest(app, pilot)
            assert say("tui.overview.no-run") in screen(app), key
            assert say("tui.list.empty") not in screen(app), key

    world.drive(script, language=language)


def test_a_filter_that_fits_nothing_is_still_said_to_fit_nothing(world, screen, rest):
    async def script(app, pilot):
        await pilot.press("slash", *"zzzz", "enter")
        await rest(app, pilot)
        assert say("tui.list.empty") in screen(app)

    world.drive(script)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "这个群没有待处理的问题；按 Ctrl+L 看全部问题"),
        ("en", "this group has no open findings; Ctrl+L lists all"),
    ],
)
def test_a_group_without_findings_says_so_and_how_all_are_seen(world, screen, rest, language, words):
    async def script(app, pilot):
        app.show_violations("", {"group": ("g99",)})
        await rest(app, pilot)
        assert words in screen(app)
        app.show_violations("", {"rule": ("OWN099",)})
        await rest(app, pilot)
        assert say("tui.list.empty.rule") in screen(app)
        app.show_violations("severity:warning", {"group": ("g99",)})
        await rest(app, pilot)
        assert say("tui.list.empty.group") not in screen(app)
        await pilot.press("ctrl+l")
        await rest(app, pilot)
        assert len(app.listing.pages) > 0

    world.drive(script, size=(60, 20), language=language)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("不合规和存疑按严重程度", "必须整改（不合规和存疑）")),
        ("en", ("fail and suspect by severity", "must-fix (fail and suspect)")),
    ],
)
def test_overview_and_runs_say_what_each_counts(world, screen, rest, language, words):
    async def script(app, pilot):
        await pilot.press("f2")
        await rest(app, pilot)
        assert words[0] in screen(app)
        await pilot.press("f6")
        await rest(app, pilot)
        assert words[1] in screen(app)

    world.drive(script, language=language)
