"""What a rule says is looser must find nothing that the tighter value does not find, on the rule's own cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from pydantic import ValidationError

from policycore.plugin_api.plugins import load_plugins
from policycore.plugin_api.rule import Case, Rule
from policycore.testing import run_rule

DECLARED = [(rule, name) for rule in load_plugins().rules.all() for name in rule.tighter]

FOUND: dict[tuple[str, str, str], frozenset[str]] = {}


def name(value: object) -> str:
    return value.id if isinstance(value, Rule) else str(value)


def pairs(way: Any, value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield (looser, tighter) values, `value` among them."""
    if not isinstance(way, str):
        yield from pairwise(way)
    elif way in ("more", "fewer"):
        for less in (value[:1], value[1:]):
            yield (less, value) if way == "more" else (value, less)
    elif value is not None:
        step: Any = timedelta(days=30) if isinstance(value, (date, datetime)) else 0.1 if value < 1 else 2
        for smaller, larger in ((value - step, value), (value, value + step)):
            yield (smaller, larger) if way == "higher" else (larger, smaller)


@pytest.mark.parametrize(("rule", "parameter"), DECLARED, ids=name)
def test_looser_never_finds_more(rule: Rule, parameter: str) -> None:
    telling = sorted(rule.cases, key=lambda case: -len(case.finds))
    assert tries(rule, parameter, telling[:1], most=1)


@pytest.mark.long
@pytest.mark.parametrize(("rule", "parameter"), DECLARED, ids=name)
def test_looser_never_finds_more_in_any_case(rule: Rule, parameter: str) -> None:
    assert tries(rule, parameter, rule.cases)


def tries(rule: Rule, parameter: str, cases: Iterable[Case], most: int | None = None) -> int:
    """Compare what looser and tighter values find, in at most `most` pairs; return in how many it was done."""
    tried = 0
    for case in cases:
        for looser, tighter in pairs(rule.tighter[parameter], getattr(rule.Params(**case.params), parameter)):
            try:
                for value in (looser, tighter):
                    rule.Params(**{**case.params, parameter: value})
            except ValidationError:
                continue
            if tried == most:
                return tried
            tried += 1
            loose, tight = (
                violations(rule, replace(case, params={**case.params, parameter: value})) for value in (looser, tighter)
            )
            assert not loose - tight, (case.name, looser, tighter, loose - tight)
    return tried


def violations(rule: Rule, case: Case) -> frozenset[str]:
    # What a case finds as it stands is asked for each parameter: the same parameters find the same.
    key = (rule.id, case.name, repr(rule.Params(**case.params).model_dump()))
    if key not in FOUND:
        found = run_rule(rule, case).findings
        FOUND[key] = frozenset(one.subject.id for one in found if one.verdict.value in ("fail", "suspect"))
    return FOUND[key]


def test_every_number_and_yes_or_no_of_a_shipped_rule_is_declared_or_known_to_have_no_direction() -> None:
    undirected = {("ADM008", "listed"), ("CON002", "period_days"), ("CHA006", "begins"), ("CHA006", "ends")}
    for rule in load_plugins().rules.all():
        for parameter, info in rule.Params.model_fields.items():
            if info.annotation in (int, float, bool) and (rule.id, parameter) not in undirected:
                grammar_only = parameter == "longest" and rule.id in ("ADM002", "ADM003")
                assert parameter in rule.tighter or grammar_only, (rule.id, parameter)
