"""Rule sets that would go wrong in silence: words that are no reasons, values of a wrong type, nothing to check."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from policycore.errors import RuleSetError
from policycore.rulesets.load import LoadedRuleSet
from tests.rulesets.test_fuzz import VALID

Write = Callable[..., Path]
Mistakes = Callable[[Path], list[str]]
OFF = "rules: [{{use: test/small}}, {{use: test/other, off: {}}}]\n"


@pytest.mark.parametrize(
    "word",
    [
        *("no", "No", "off", "n", '"false"', '"FALSE"', "none", "Ｎｏ", "否", "未", "不", "关", "是", "yes", "y", "on"),
        *("x", "-", "...", "'0'", "'1'", "'null'", "n/a", "todo", "tbd", "待定", "无", "没有", "没有理由", "disabled"),
        *("never", "don't", "keep it on", "不要关闭", "请勿停用", "不得关闭规则", "保留规则", "保持启用"),
        *("关闭规则", "'????'", "aaaa", "' off. '", "switched off"),
    ],
)
def test_a_word_for_yes_no_or_nothing_is_no_reason(write: Write, mistakes: Mistakes, word: str) -> None:
    assert mistakes(write(OFF.format(word))) == ["no-reason a.yaml:4:51"]


@pytest.mark.parametrize(
    "word", ["no admins there", "本单位没有外部人员", "暂不适用", "由纪委另行检查", "covered by L-1"]
)
def test_a_reason_switches_a_rule_off(write: Write, load: Callable[[Path], LoadedRuleSet], word: str) -> None:
    assert [rule.id for rule in load(write(OFF.format(word))).ruleset.rules] == ["TST001"]


@pytest.mark.parametrize(
    "text",
    ["", "rules: []\n", "parameters: {a: 3}\n", "rules: [{use: test/small, off: 本校没有这类群}]\n",
     "document: {title: 甲, clauses: [{id: 一, text: 甲}]}\n"],
)  # fmt: skip
def test_a_set_without_a_rule_in_force_is_a_mistake(write: Write, mistakes: Mistakes, text: str) -> None:
    assert mistakes(write(text)) == ["no-rules a.yaml:2:10"]


def test_a_set_of_parameters_is_there_to_be_built_on(write: Write, load: Callable[[Path], LoadedRuleSet]) -> None:
    write("parameters: {a: 3}\n", "base.yaml")
    path = write("extends: [base]\nrules: [{use: test/small, with: {days: $a}}]\n")
    assert load(path).ruleset.rules[0].params.model_dump()["days"] == 3


def places(data: Any, path: tuple[object, ...] = ()) -> Iterator[tuple[object, ...]]:
    """Yield the way to every value below."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in items:
        yield (*path, key)
        yield from places(value, (*path, key))


PLAIN = YAML(typ="safe", pure=True).load(VALID)
WRONG: tuple[Any, ...] = (["error"], {"a": "b"}, 3, -1.5, True, False, "", "x", None, [], {}, [[1]], [None])


PLACES = list(places(PLAIN))


@pytest.mark.parametrize("number", range(len(PLACES)), ids=lambda number: ".".join(map(str, PLACES[number])))
@pytest.mark.parametrize("some", [True, pytest.param(False, marks=pytest.mark.long)], ids=["some", "all"])
def test_a_value_of_any_type_anywhere_is_taken_or_told(
    tmp_path: Path, load: Callable[[Path], LoadedRuleSet], number: int, some: bool
) -> None:
    path = PLACES[number]
    for wrong in WRONG[number % 3 :: 3] if some else WRONG:
        changed = deepcopy(PLAIN)
        within = changed
        for step in path[:-1]:
            within = within[step]
        within[path[-1]] = wrong
        file = tmp_path / "a.yaml"
        # As JSON, which is YAML too and is written in no time.
        file.write_text(json.dumps(changed, ensure_ascii=False, default=str), encoding="utf-8")
        try:
            load(file)
        except RuleSetError as error:
            for problem in error.problems:
                assert problem.place is not None
                assert problem.place.line


def test_what_is_changed_there_holds_as_it_stands(tmp_path: Path, load: Callable[[Path], LoadedRuleSet]) -> None:
    file = tmp_path / "a.yaml"
    file.write_text(json.dumps(PLAIN, ensure_ascii=False, default=str), encoding="utf-8")
    assert len(load(file).ruleset.rules) == 2


def test_a_file_full_of_aliases_is_told_once(write: Write, mistakes: Mistakes) -> None:
    bomb = "x: &a [1]\n" + "".join(f"y{number}: &b{number} [*a, *a, *a]\n" for number in range(50))
    told = mistakes(write(bomb + "rules: [{use: test/small}]\n"))
    assert told == ["anchor a.yaml:4:4"]
    few = mistakes(write("x: &a [1]\nseverity: *a\nrules: [{use: test/small}]\n"))
    assert few == ["unknown-key a.yaml:4:1", "anchor a.yaml:4:4", "unknown-key a.yaml:5:1"]


def test_words_that_people_write_are_understood_where_a_choice_is_asked_for(
    write: Write, load: Callable[[Path], LoadedRuleSet]
) -> None:
    from policycore.plugin_api.plugins import load_plugins
    from policycore.rulesets.load import check_ruleset

    plugins = load_plugins({})
    path = write(
        "rules: [{use: content/unrelated-by-type, with: {forbidden: [红包, transfer, 接龙], questionable: []}}]\n"
    )
    (rule,) = check_ruleset(path, plugins.rules, plugins.ruleset_folders).ruleset.rules
    assert rule.params.model_dump()["forbidden"] == ("red_packet", "transfer", "poll")


def test_a_word_that_nobody_writes_is_refused_where_a_choice_is_asked_for(write: Write) -> None:
    from policycore.plugin_api.plugins import load_plugins
    from policycore.rulesets.load import check_ruleset

    plugins = load_plugins({})
    path = write("rules: [{use: content/unrelated-by-type, with: {forbidden: [红包封面]}}]\n")
    with pytest.raises(RuleSetError) as caught:
        check_ruleset(path, plugins.rules, plugins.ruleset_folders)
    assert [problem.code for problem in caught.value.problems] == ["ruleset.unknown-word"]
