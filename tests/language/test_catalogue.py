"""Every text stands in both languages, with the same places to fill."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import policycore
from policycore.errors import Place, Problem
from policycore.language import Language, Text, say, say_both, texts_of, use_language

ROOT = Path(policycore.__file__).parent
HOMES = {
    home.parent.name.removeprefix("policycore_"): home
    for folder in ("policycore/*", "*/policycore_*", "policycore_*")
    for home in ROOT.parent.glob(f"{folder}/catalogue*")
}
AREAS = sorted(HOMES)
PLACES = re.compile(r"\{([A-Za-z_]\w*)\}")
FOLLOWED = re.compile(r"\{[A-Za-z_]\w*[.\[!]")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("area", AREAS)
def test_keys_belong_to_their_area(area: str) -> None:
    assert [key for key in texts_of(area) if not key.startswith(f"{area}.")] == []


@pytest.mark.parametrize("area", AREAS)
def test_both_languages_are_there_with_the_same_places(area: str) -> None:
    wrong = []
    for key, pair in texts_of(area).items():
        zh, en = pair
        if not zh.strip() or not en.strip():
            wrong.append(f"{key}: empty")
        if set(PLACES.findall(zh)) != set(PLACES.findall(en)):
            wrong.append(f"{key}: {sorted(set(PLACES.findall(zh)) ^ set(PLACES.findall(en)))}")
        if FOLLOWED.search(zh) or FOLLOWED.search(en):
            wrong.append(f"{key}: a place that wants to be followed is never filled")
    assert wrong == []


@pytest.mark.parametrize("area", AREAS)
def test_no_key_is_written_twice(area: str) -> None:
    home = HOMES[area]
    keys: list[object] = []
    for path in sorted(home.glob("*.py")) if home.is_dir() else [home]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for table in (node for node in ast.walk(tree) if isinstance(node, ast.Dict)):
            keys += [key.value for key in table.keys if isinstance(key, ast.Constant)]
    assert keys
    assert [key for key in set(keys) if keys.count(key) > 1] == []


def called_keys() -> list[tuple[str, str]]:
    """Return every literal key that the program asks the catalogue for, with the module that does."""
    found = []
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args):
                continue
            first = node.args[0]
            if node.func.id in ("say", "say_both") and isinstance(first, ast.Constant):
                found.append((str(path.relative_to(ROOT)), str(first.value)))
    return found


def test_every_key_that_is_asked_for_exists() -> None:
    assert len(called_keys()) > 100
    missing = []
    for module, key in called_keys():
        area = key.partition(".")[0]
        if area not in AREAS or key not in texts_of(area):
            missing.append(f"{module}: {key}")
    assert missing == []


def test_user_facing_chinese_stands_in_the_catalogue_only() -> None:
    """Modules of the engine hold no Chinese sentences; words of the data's own language are another matter."""
    wrong = []
    for folder in ("cli", "reports", "engine", "store", "decisions", "notices", "operations"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path.name == "new_plugin.py" or "catalogue" in str(path.relative_to(ROOT)):
                continue
            tree = ast.parse(path.read_text(encoding="utf-8"))
            docstrings = [node.value for node in ast.walk(tree) if isinstance(node, ast.Expr)]
            wrong += [
                f"{folder}/{path.name}:{node.lineno}: {node.value[:30]}"
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant)
                and node not in docstrings
                and isinstance(node.value, str)
                and len(CHINESE.findall(node.value)) > 4
            ]
    assert wrong == []


@pytest.mark.parametrize("function", ["echo", "secho"])
def test_commands_print_no_english_sentence_of_their_own(function: str) -> None:
    wrong = []
    for path in sorted((ROOT / "cli").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == function:
                literal = node.args[0] if node.args else None
                if isinstance(literal, ast.Constant) and re.search(r"[A-Za-z]{3,} [A-Za-z]{2,}", str(literal.value)):
                    wrong.append(f"{path.name}:{node.lineno}")
    assert wrong == []


def test_a_place_is_filled_and_never_followed() -> None:
    text = Text("{a}和{b.c}", "{a} and {b.c}").fill(a="{b}", b="x")
    assert (text.zh, text.en) == ("{b}和{b.c}", "{b} and {b.c}")


def test_a_key_nobody_wrote_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("cli.nothing-of-the-kind")
    assert say_both("cli.help").en


@pytest.mark.parametrize(("language", "words"), [("zh", "甲，乙，丙"), ("en", "甲, 乙, 丙")])
def test_the_parts_of_an_error_are_joined_as_the_language_does(language: Language, words: str) -> None:
    with use_language(language):
        assert str(Problem("x", "甲", "乙", "丙", Place("f", 1, 2))) == f"f:1:2: {words}"


def test_every_field_that_a_comparison_names_has_words() -> None:
    from policycore.store.diff import _COMPARED

    for name in _COMPARED:
        assert say(f"store.diff.field.{name}")
