"""Run every rule's own cases, and fill and take away in them what it needs."""

from __future__ import annotations

import pytest

from policycore.needs_proof import check_needs, must_be_tried
from policycore.plugin_api.plugins import load_plugins
from policycore.plugin_api.rule import Case, Rule
from policycore.testing import (
    case_parameters,
    check_case,
    check_per_group,
    per_group_rules,
)

RULES = load_plugins().rules.all()


def _alike(rule: Rule, most_of_each: int | None = None) -> Rule:
    """Return the rule with the most of its cases that share moment, parameters and what their source lacks.

    `most_of_each` is how many that find something, and how many that do not, are enough.
    """
    alike: dict[str, list[Case]] = {}
    for case in rule.cases:
        alike.setdefault(repr((case.as_of, case.params, case.lacks)), []).append(case)
    most = sorted(alike.values(), key=len)[-1]
    finding, clean = ([case for case in most if bool(case.finds) == finds] for finds in (True, False))
    few = (*finding[:most_of_each], *clean[:most_of_each])
    made: Rule = type(rule.id, (type(rule),), {"cases": few})()
    return made


def _name(value: object) -> str | None:
    if isinstance(value, Rule):
        return value.id
    if isinstance(value, Case):
        return value.name
    return None


@pytest.mark.parametrize(("rule", "case"), case_parameters(RULES), ids=_name)
def test_case(rule: Rule, case: Case) -> None:
    check_case(rule, case)


# The variants of a formula are judged one by one, which takes a minute a rule: the long test below tries them.
_TOGETHER = [rule for rule in RULES if not any(case.memberships for case in rule.cases)]


@pytest.mark.parametrize("rule", _TOGETHER, ids=_name)
def test_a_rule_needs_exactly_what_its_verdicts_hang_on(rule: Rule) -> None:
    check_needs(_alike(rule, 1), columns=False)


@pytest.mark.long
@pytest.mark.parametrize("rule", RULES, ids=_name)
def test_a_rule_needs_exactly_that_whatever_its_parameters(rule: Rule) -> None:
    """Try every field that a rule reads with nobody supplying it, empty cells, unreadable ones and several values."""
    tried = check_needs(rule).tried
    assert rule not in _TOGETHER or must_be_tried(rule) <= tried


@pytest.mark.parametrize("rule", per_group_rules(RULES), ids=_name)
@pytest.mark.long
def test_groups_together_are_judged_as_apart(rule: Rule) -> None:
    check_per_group(_alike(rule))


@pytest.mark.long
@pytest.mark.parametrize("rule", per_group_rules(RULES), ids=_name)
def test_groups_together_are_judged_as_apart_whatever_the_parameters(rule: Rule) -> None:
    check_per_group(rule)


@pytest.mark.parametrize("name", ["DOR006", "OWN008"])
def test_a_rule_that_looks_at_other_groups_cannot_pass_for_one_that_does_not(name: str) -> None:
    (rule,) = (rule for rule in RULES if rule.id == name)
    assert not rule.per_group
    with pytest.raises(AssertionError, match="together, and apart"):
        check_per_group(rule)


@pytest.mark.parametrize("rule", RULES, ids=_name)
def test_every_rule_has_a_finding_and_a_clean_case(rule: Rule) -> None:
    assert any(case.finds for case in rule.cases), "no case shows what the rule finds"
    assert any(not case.finds for case in rule.cases), "no case shows what the rule leaves alone"
    assert len({case.name for case in rule.cases}) == len(rule.cases)
