"""Confirm or dismiss a suspect where it is shown: one key, and the next one is there."""

from __future__ import annotations

import pytest

from policycore.model.result import Finding, SubjectRef
from policycore.model.verdict import Subject, Verdict
from tests.tui.conftest import World, finding
from tests.tui.test_actions import actions_in


def suspect(number: int, message: str, group: str, text: str) -> Finding:
    """Return a suspect about a message of the estate; `text` stands for the hash of what it says."""
    about = SubjectRef(Subject.MESSAGE, message, message, group, f"{group}工作群", "d1", "教务处", "wechat")
    facts = {"field": "messages.text", "evidence": text, "offset": 1, "length": 2, "sender_kind": "internal"}
    return finding(number, rule="CON003", verdict=Verdict.SUSPECT, subject=about, facts=facts)


@pytest.fixture
def suspects(world: World) -> World:
    """Return a workspace whose newest run has five suspects among others; the first and the fourth say the same."""
    texts = (("m0", "g2", "aa"), ("m2", "g2", "bb"), ("m3", "g1", "cc"), ("m4", "g2", "aa"), ("m5", "g2", "dd"))
    found = [suspect(20 + place, *one) for place, one in enumerate(texts)]
    world.record((*found[:1], finding(1), finding(2), *found[1:]), minutes=90)
    return world


def test_one_key_decides_goes_on_and_can_be_undone(suspects, rest, screen):
    async def script(app, pilot):
        await rest(app, pilot)
        await pilot.press("home")
        while app.listing.read_current().finding.verdict != "suspect":
            await pilot.press("j")
        first = app.listing.read_current().id
        await pilot.press("minus")
        after = app.listing.read_current()
        assert (after.verdict, after.id == first) == ("suspect", False), "the next one is there at once"
        await rest(app, pilot)
        assert app.listing.read_current().id == after.id
        assert screen(app).count("[dismissed] ") == 2, "so does the very same text"
        assert actions_in(app)[-1] == "dismiss"
        while app.listing.read_current().id != first:
            await pilot.press("k")
        await pilot.press("plus")
        await rest(app, pilot)
        assert actions_in(app)[-1] == "dismiss", "what was reviewed is reviewed once"
        await pilot.press("u")
        await rest(app, pilot)
        assert actions_in(app)[-1] == "review-withdrawn"
        await pilot.press("enter", "plus")
        await rest(app, pilot)
        assert actions_in(app)[-1] == "confirm"

    suspects.drive(script)


@pytest.mark.parametrize("sort", ["severity", "message", "state"])
def test_keys_pressed_without_a_pause_are_about_one_suspect_each(suspects, rest, narrow, sort):
    async def script(app, pilot):
        await narrow(app, pilot, "rule:CON003")
        app.listing.sort_by(sort)
        await rest(app, pilot)
        before = len(actions_in(app))
        await pilot.press("home", "minus", "plus", "plus")
        await rest(app, pilot)
        assert actions_in(app)[before:] == ["dismiss", "confirm", "confirm"]

    suspects.drive(script)


def test_what_a_suspect_says_is_seen_before_it_is_judged(suspects, rest, narrow, screen):
    async def script(app, pilot):
        await narrow(app, pilot, "rule:CON003")
        await rest(app, pilot)
        await pilot.press("home")
        await rest(app, pilot)
        # Of m0, whose number stays masked.
        assert "张敏 有⟦事请⟧打138****5678" in screen(app).partition("─" * 40)[2]

    suspects.drive(script, (80, 24))


def test_the_overview_says_how_often_each_rule_was_right_and_which_asks_for_attention(
    suspects, rest, narrow, screen, monkeypatch
):
    async def script(app, pilot):
        await narrow(app, pilot, "rule:CON003")
        await rest(app, pilot)
        await pilot.press("home", "minus", "minus", "plus")
        await rest(app, pilot)
        await pilot.press("f2")
        await rest(app, pilot)
        assert "test/CON003  fewer than 10, too few to tell  1 confirmed  2 dismissed" in screen(app)
        monkeypatch.setattr("policycore.operations.review.FEWEST", 3)
        await pilot.press("l")
        await rest(app, pilot)
        assert "test/CON003  33 % right  1 confirmed  2 dismissed  below its floor" in screen(app)

    suspects.drive(script)
