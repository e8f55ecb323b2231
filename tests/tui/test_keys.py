"""The one table of keys holds what it promises, and everything made from it agrees."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from policycore.language import say_both, texts_of
from policycore_tui.state.keys import KEYS, SECTIONS, KeyTable, key_name

ROOT = Path(__file__).resolve().parents[2]
FULL_WIDTH = {"question_mark": "fullwidth_question_mark", "colon": "fullwidth_colon", "slash": "ideographic_comma"}


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.action)
def test_every_letter_also_has_a_key_that_an_input_method_leaves_alone(key):
    letters = [name for name in key.keys if len(name) == 1 and name.isalpha()]
    others = [name for name in key.keys if len(name) > 1 and name not in ("space", *FULL_WIDTH, *FULL_WIDTH.values())]
    assert not letters or others, key.action


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.action)
def test_punctuation_is_bound_in_full_width_too(key):
    for half, full in FULL_WIDTH.items():
        assert half not in key.keys or full in key.keys


def test_no_key_starts_two_actions_on_one_screen():
    assert KeyTable().clashes() == []


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.action)
def test_every_action_and_condition_has_its_words(key):
    assert say_both(f"tui.key.{key.action}")
    assert say_both(f"tui.about.{key.action}")
    for condition in key.needs:
        assert say_both(f"tui.needs.{'view' if condition.startswith('view_') else condition}")


def test_both_languages_have_the_same_places_to_fill():
    for key, (zh, en) in texts_of("tui").items():
        assert all((zh.strip(), en.strip())), key
        assert set(re.findall(r"\{(\w+)\}", zh)) == set(re.findall(r"\{(\w+)\}", en)), key


def test_every_key_that_the_screens_ask_for_is_in_the_catalogue():
    asked = set()
    for path in (ROOT / "tui").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and re.fullmatch(r"tui(\.[a-z-]+)+", node.value)
            ):
                asked.add(node.value)
    assert asked - set(texts_of("tui")) == set()


def test_a_persons_own_keys_take_the_place_of_the_tables():
    table = KeyTable({"waive": "f10,W", "nonsense": "x", "note": ""})
    keys = {key.action: key.keys for key in table.all()}
    assert keys["waive"] == ("f10", "W")
    assert keys["note"] == ("ctrl+n", "n")
    assert table.problems == ["nonsense", "note"]
    assert table.clashes() == [("waive", "assign")]


def test_names_of_keys():
    assert [key_name(name) for name in ("ctrl+a", "f1", "G", "slash", "fullwidth_colon", "escape")] == [
        "Ctrl+A",
        "F1",
        "G",
        "/",
        "：",
        "Esc",
    ]


def test_own_keys_work_on_the_screen_in_the_footer_and_in_help(world, screen, rest):
    async def script(app, pilot):
        assert "waive" not in screen(app).splitlines()[-1], "the first finding must not be waived"
        await pilot.press("down")
        await rest(app, pilot)
        assert "F5 waive" in screen(app).splitlines()[-1]
        await pilot.press("f5")
        await rest(app, pilot)
        assert len(app.screen_stack) == 3

    world.drive(script, keys=KeyTable({"waive": "f5", "rules": "shift+f9"}))


def test_help_follows_the_focus_and_can_be_searched(world, screen, rest):
    async def script(app, pilot):
        await pilot.press("f", "question_mark")
        for key in ("fullwidth_question_mark", "f1"):
            await rest(app, pilot)
            assert "Facets" in screen(app)
            await pilot.press("escape", key)
        await rest(app, pilot)
        assert "Facets" in screen(app)
        await pilot.press(*"waiver")
        await rest(app, pilot)
        text = screen(app)
        assert "waive" in text
        assert "mandatory, no waivers" in text, "a disabled key says why not for this finding"
        assert "page down" not in text

    world.drive(script)


def test_help_can_be_searched_by_pinyin_initials(world, screen, rest):
    async def script(app, pilot):
        await pilot.press("f1", *"hm")
        await rest(app, pilot)
        assert "豁免" in screen(app)

    world.drive(script, language="zh")


def test_the_palette_offers_only_what_is_possible_and_starts_it(world, screen, rest):
    async def script(app, pilot):
        for key, section in (("colon", "runs"), ("fullwidth_colon", "plan"), ("ctrl+p", "rules")):
            await pilot.press(key)
            await rest(app, pilot)
            assert "take back" not in screen(app).lower(), "there is nothing to undo yet"
            await pilot.press(*section, "enter")
            await rest(app, pilot)
            assert app.screen.where == section

    world.drive(script)


def test_the_language_switches_while_running(world, screen, rest):
    async def script(app, pilot):
        assert "findings" in screen(app)
        for section in SECTIONS[:-1]:
            app.open_section(section)
            await rest(app, pilot)
        app.open_section("violations")
        await pilot.press("f12")
        await rest(app, pilot)
        text = screen(app)
        assert "问题" in text
        assert "findings" not in text
        await pilot.press("f7")
        await rest(app, pilot)
        assert "责任人" in screen(app)
        await pilot.press("L")
        await rest(app, pilot)
        assert "步骤" not in screen(app)

    world.drive(script)


def test_the_theme_is_remembered_and_own_colours_hold(world, rest):
    async def change(app, pilot):
        before = app.theme
        await pilot.press("ctrl+t")
        assert app.theme != before
        assert json.loads((settings / "theme.json").read_text("utf-8"))["theme"] == app.theme

    settings = world.folder / "settings" / "policycore"
    world.drive(change)
    (settings / "theme.json").write_text(json.dumps({"colours": {"primary": "#112233", "error": "#aa0000"}}), "utf-8")

    async def own(app, pilot):
        assert app.theme == "own"
        assert app.current_theme.primary.lower() == "#112233"

    world.drive(own)
    (settings / "theme.json").write_text('{"colours": {"primary": "no colour"}}', "utf-8")

    async def wrong(app, pilot):
        assert app.theme != "own"

    world.drive(wrong)
