"""What a rule says it requires is what its SQL reads: asked of the query plan, not of the author."""

from __future__ import annotations

import pytest

from policycore.needs_proof import check_reads
from policycore.plugin_api.plugins import load_plugins

RULES = load_plugins().rules.all()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_requires_every_column_it_judges_by(rule):
    check_reads(rule)
