"""What a rule says it requires is what its SQL reads: asked of the query plan, not of the author."""

from __future__ import annotations

import pytest

from policycore import Needs
from policycore.needs_proof import check_conditions, check_reads
from policycore.plugin_api.plugins import load_plugins

RULES = load_plugins().rules.all()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_requires_every_column_it_judges_by(rule):
    check_reads(rule)


def test_what_is_no_sql_in_a_need_is_named_though_no_case_asks_it():
    check_conditions(RULES)
    for when in ("the owner is missing", "groups.ownr_id = 'x'", "(groups.kind = 'x'"):
        broken = type("Broken", (type(RULES[0]),), {"requires": (Needs("groups.owner_id", when=when),)})()
        with pytest.raises(AssertionError, match=r"groups\.owner_id: \w+ Error"):
            check_conditions([broken])
