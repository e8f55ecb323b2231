"""Which change of a rule's parameters ends a waiver, and which does not."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore.decisions.policy import WaiverPolicy
from policycore.decisions.standing import Directory, Roster
from policycore.decisions.waivers import Standing, Waiver, WaiverContext, judge_waiver

from .conftest import HEAD, NOON, waiver

APPROVER = Roster("批准人", "active", None, (HEAD,))


def own001(**changes: Any) -> Waiver:
    return waiver(rule="OWN001", **changes)


def context(parameters: dict[str, dict[str, object]]) -> WaiverContext:
    return WaiverContext(WaiverPolicy(), Directory({"p2": APPROVER}), parameters, TIGHTER)


TIGHTER = {
    "OWN001": {"maximum": "lower", "minimum": "higher", "kinds": "more", "words": "fewer", "mode": (True, "x", False)}
}


@pytest.mark.parametrize(
    ("name", "granted", "now", "counts"),
    [
        ("maximum", 5, 6, True),
        ("maximum", "5", 6, True),  # a file holds texts
        ("maximum", "9", 10, True),  # and texts are no numbers
        ("maximum", 5, 4, False),
        ("maximum", "five", 4, False),
        ("maximum", None, 4, False),
        ("maximum", 5, None, False),
        ("maximum", True, 4, False),
        ("maximum", "2024-03-01", "2024-04-01T00:00:00+08:00", True),
        ("maximum", "2024-04-01", "2024-03-01", False),
        ("maximum", "2024-04-01", 5, False),
        ("minimum", 5, 4, True),
        ("minimum", 5, 6, False),
        ("minimum", 0.5, 0.25, True),
        ("kinds", ["a", "b"], ["b"], True),
        ("kinds", ["a", "b"], ["b", "a"], True),
        ("kinds", ["a"], ["a", "b"], False),
        ("kinds", ["a", "b"], ["b", "c"], False),
        ("kinds", "a", ["a"], False),
        ("words", ["a"], ["a", "b"], True),
        ("words", ["a", "b"], ["a"], False),
        ("mode", "false", True, True),
        ("mode", False, "x", True),
        ("mode", "true", False, False),
        ("mode", "unheard of", True, False),
        ("elsewhere", 1, 2, False),  # nobody says which way is tighter
        ("elsewhere", 1, 1, True),
    ],
)
def test_only_tightening_or_doubt_ends_a_waiver(
    build: Any, name: str, granted: object, now: object, counts: bool
) -> None:
    held = own001(parameters={name: granted})
    at = context({"OWN001": {name: now}})
    expected = Standing.IN_FORCE if counts else Standing.PARAMETERS_CHANGED
    assert judge_waiver(held, NOON, at, build.finding()) is expected


def test_a_parameter_that_is_gone_ends_a_waiver(build: Any) -> None:
    at = context({"OWN001": {}})
    assert judge_waiver(own001(parameters={"maximum": 5}), NOON, at) is Standing.PARAMETERS_CHANGED


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"maximum": 6, "owned": 7}, Standing.IN_FORCE),  # the fact repeats the looser parameter
        ({"maximum": 6, "owned": 8}, Standing.FACTS_CHANGED),
        ({"maximum": 7, "owned": 7}, Standing.FACTS_CHANGED),  # it does not repeat it
    ],
)
def test_a_fact_that_repeats_a_loosened_parameter_ends_nothing(
    build: Any, facts: dict[str, object], expected: Standing
) -> None:
    finding = build.finding(facts=facts)
    held = own001(parameters={"maximum": 5}, facts={finding.fingerprint: {"maximum": 5, "owned": 7}})
    at = context({"OWN001": {"maximum": 6}})
    assert judge_waiver(held, NOON, at, finding) is expected


@given(st.integers(-1000, 1000), st.integers(-1000, 1000))
def test_one_of_two_ways_of_a_number_ends_a_waiver(granted: int, now: int) -> None:
    held = own001(parameters={"maximum": granted})
    standing = judge_waiver(held, NOON, context({"OWN001": {"maximum": now}}))
    assert (standing is Standing.IN_FORCE) is (now >= granted)
