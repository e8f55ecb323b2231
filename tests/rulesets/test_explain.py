"""Explain says what holds, where it was said, and what it was said against."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from policycore.errors import UsageError
from policycore.language import use_language
from policycore.rulesets.explain import as_json, as_text, chosen_origins
from policycore.rulesets.load import LoadedRuleSet
from policycore.rulesets.resolved import ResolvedRuleSet


@pytest.fixture
def ruleset(write: Callable[..., Path], load: Callable[[Path], LoadedRuleSet]) -> ResolvedRuleSet:
    """Return a chain of three sets."""
    write("parameters: {grace: 5}\nrules:\n  - use: test/small\n    with: {days: $grace}\n", "base.yaml")
    write("extends: [base]\nrules:\n  - use: test/small\n    with: {days: 4}\n", "middle.yaml")
    return load(
        write("extends: [middle]\nrules:\n  - {use: TST001, severity: error, with: {days: 3}}\n  - use: test/other\n")
    ).ruleset


def brief(lines: list[str]) -> list[str]:
    """Return lines with the folder left out of paths."""
    return [" ".join(word.rpartition("/")[2] if ".yaml:" in word else word for word in line.split()) for line in lines]


def test_the_winner_and_every_loser_newest_first(ruleset: ResolvedRuleSet) -> None:
    with use_language("en"):
        lines = brief(list(as_text(chosen_origins(ruleset, ["TST001"]))))
    at = lines.index("rules.test/small.with.days = 3")
    assert lines[at : at + 5] == [
        "rules.test/small.with.days = 3",
        "won a.yaml:6:49",
        "lost middle.yaml:7:18 4",
        'lost base.yaml:7:18 "$grace"',
        "lost test/small (the rule's default) 7",
    ]
    at = lines.index('rules.test/small.severity = "error"')
    assert lines[at + 1 : at + 3] == ["won a.yaml:6:29", 'lost test/small (the rule\'s default) "warning"']


def test_every_parameter_is_explained_whoever_set_it(ruleset: ResolvedRuleSet) -> None:
    for rule in ruleset.rules:
        shown = {one.path: one.value for one in chosen_origins(ruleset, [rule.id])}
        for name, value in rule.params.model_dump(mode="json").items():
            assert shown[f"rules.{rule.name}.with.{name}"] == value


@pytest.mark.parametrize("word", ["TST002", "test/other"])
def test_one_rule_by_any_of_its_names(ruleset: ResolvedRuleSet, word: str) -> None:
    found = chosen_origins(ruleset, [word])
    assert found
    assert all(one.path.startswith("rules.test/other.") for one in found)


def test_an_unknown_rule_is_a_mistake_of_use(ruleset: ResolvedRuleSet) -> None:
    with pytest.raises(UsageError) as caught:
        chosen_origins(ruleset, ["TST003"])
    assert "TST00" in caught.value.problems[0].fix


def test_as_data(ruleset: ResolvedRuleSet) -> None:
    data = as_json(ruleset, chosen_origins(ruleset, []))
    values = {one["path"]: one for one in data["values"]}
    days = values["rules.test/small.with.days"]
    assert (days["value"], days["won"]["line"], days["won"]["column"]) == (3, 6, 49)
    assert [one.get("value") for one in days["lost"]] == [4, "$grace", 7]
    assert days["lost"][-1]["default_of"] == "test/small"
    assert values["parameters.grace"]["value"] == 5
    assert data["hash"] == ruleset.hash
