"""The page of one rule speaks the language in force."""

from __future__ import annotations

import pytest

from policycore.errors import Place
from policycore.language import Language, use_language
from policycore.model.verdict import Enforcement
from policycore.plugin_api.plugins import load_plugins
from policycore.rulesets.resolved import ResolvedRule
from policycore_tui.pages.rules import rule_lines


@pytest.mark.parametrize(
    ("language", "meant", "case"),
    [
        ("zh", "状态变化后的宽限天数", "退休，宽限的最后一天"),
        ("en", "days after the change of status", "on the last day of grace"),
    ],
)
def test_it_says_what_parameters_mean_and_what_cases_show(language: Language, meant: str, case: str) -> None:
    rule = load_plugins({}).rules.get("OWN002")
    assert rule is not None
    resolved = ResolvedRule(
        rule, rule.id, rule.name, (), rule.severity, Enforcement.MANDATORY, rule.Params(), None, Place("a.yaml", 1, 1)
    )
    with use_language(language):
        told = "\n".join(line.text for line in rule_lines(resolved, (), 100))
    assert meant in told
    assert case in told
