"""What the shipped text rules look for is nothing that the fast engine cannot take whole."""

from __future__ import annotations

import pytest

from policycore import load_ruleset
from policycore.plugin_api.rule import TextRule
from policycore.text import engines


@pytest.mark.skipif(not engines.hyperscan_is_here(), reason="hyperscan is not installed")
@pytest.mark.long
def test_the_fast_engine_takes_every_expression_of_the_shipped_rules_as_it_stands():
    looked_for = {
        expression: f"{resolved.rule.name} {pattern.id}"
        for resolved in load_ruleset("xxu-2024-wechat-groups").rules
        if isinstance(resolved.rule, TextRule)
        for pattern in resolved.rule.patterns(resolved.params)
        for expression in pattern.expressions()
    }
    rough = engines.Hyperscan(list(looked_for)).rough
    assert [list(looked_for.values())[number] for number in rough] == []
