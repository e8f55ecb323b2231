"""Everything a reader sees of a built-in rule is there in Chinese and in English, and a page is in one of them."""

from __future__ import annotations

import re

import pytest

from bench.docs.rules import page
from policycore import Case, Field, Rule
from policycore.cli.rule_page import RulePage
from policycore.language import Text, use_language
from policycore.plugin_api.plugins import load_plugins
from policycore.plugin_api.rule import meaning

RULES = [rule for rule in load_plugins({}).rules.all() if type(rule).__module__.startswith("policycore_")]
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SENTENCE = re.compile(r"(?<![\w.])[a-z]{2,}(?: [a-z]{2,}){2,}")
"""Three plain English words in a row: no name of a field, no value, no SQL."""


def shown(rule: Rule) -> list[tuple[str, Text]]:
    """Return what parameters mean and what cases are called, each with where it stands."""
    properties = rule.Params.model_json_schema().get("properties", {})
    found = [(f"{rule.id} {name}", meaning(entry)) for name, entry in properties.items()]
    return found + [(f"{rule.id} {case.name}", case.title) for case in rule.cases]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_parameters_and_cases_have_both_languages(rule: Rule) -> None:
    for where, text in shown(rule):
        assert CHINESE.search(text.zh), where
        assert re.search("[a-z]{2}", text.en), where
        assert text.zh != text.en, where


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_chinese_page_holds_no_english_sentence(rule: Rule) -> None:
    with use_language("zh"):
        lines = list(RulePage(rule, 200, colour=False).lines(None, ()))
    told = "\n".join(lines)
    assert [line for line in lines if SENTENCE.search(line)] == []
    for where, text in shown(rule):
        assert text.zh in told, where


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_english_page_says_all_of_it(rule: Rule) -> None:
    with use_language("en"):
        told = "\n".join(RulePage(rule, 200, colour=False).lines(None, ()))
    for where, text in shown(rule):
        assert text.en in told, where


def test_the_catalogue_shows_both() -> None:
    told = page()
    for rule in RULES:
        for where, text in shown(rule):
            for words in (text.zh, text.en):
                assert words.replace("|", "\\|") in told, where


def test_one_language_stands_for_both_where_the_other_is_missing() -> None:
    class Params(Rule.Params):
        """Say one thing in English only, one in Chinese only, one not at all."""

        first: int = Field(1, description="days")
        second: int = Field(1, json_schema_extra={"zh": "天数"})
        third: int = 1

    entries = Params.model_json_schema()["properties"]
    assert [meaning(entry) for entry in entries.values()] == [Text("days", "days"), Text("天数", "天数"), Text("", "")]
    assert Case("of old", given={}).title == Text("of old", "of old")
