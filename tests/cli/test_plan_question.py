"""Who is to take many members out of a group is asked; only a yes is one, in either language."""

from __future__ import annotations

import click
import pytest
from click.testing import CliRunner

from policycore.cli import plan
from policycore.errors import UsageError
from policycore.language import use_language
from policycore.operations.plan_membership import MembershipPlan


@pytest.mark.parametrize(
    ("typed", "goes_on"), [("y", True), ("Yes", True), ("是", True), ("", False), ("n", False), ("好像吧", False)]
)
def test_only_a_yes_goes_on_and_nothing_is_said_in_another_language(monkeypatch, typed, goes_on):
    monkeypatch.setattr(plan, "is_terminal", lambda _: True)

    @click.command()
    def ask() -> None:
        plan._ask_again(MembershipPlan("g1", "甲群", 40, (), {}), 10)

    with use_language("zh"):
        ended = CliRunner().invoke(ask, input=f"{typed}\n")
    assert (ended.exception is None) is goes_on
    assert goes_on or isinstance(ended.exception, UsageError)
    assert "Error" not in ended.stderr
    assert "继续吗？" in ended.stderr
