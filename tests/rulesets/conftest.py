"""A small catalogue and short ways to write a rule set and see what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Literal

import pytest

from policycore import Field, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore.errors import RuleSetError
from policycore.plugin_api.rule_catalogue import RuleCatalogue
from policycore.rulesets.load import LoadedRuleSet, check_ruleset

SAY = Text("说", "say")


class Small(Rule):
    """A rule with the usual kinds of parameters."""

    id = "TST001"
    name = "test/small"
    aliases = ("test/former",)
    subject = Subject.GROUP
    severity = Severity.WARNING
    requires = ("groups.owner_id",)
    title = message = explanation = SAY
    remediation = (Step("owner", SAY),)

    class Params(Rule.Params):
        """Offer a number, a switch, words and a date."""

        days: int = Field(7, ge=0, le=365)
        strict: bool = False
        mode: Literal["one", "two"] = "one"
        words: tuple[str, ...] = ("甲",)
        since: date | None = None
        share: float = 0.5

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find nothing."""
        return estate.query("SELECT id AS group_id FROM groups WHERE false")


class Other(Small):
    """A second rule."""

    id = "TST002"
    name = "test/other"
    aliases = ()


@pytest.fixture(scope="session")
def catalogue() -> RuleCatalogue:
    """Return a catalogue of two rules."""
    return RuleCatalogue([Small(), Other()])


HEAD = "policycore: 1\nruleset: a\ntitle: {zh: 甲}\n"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes a file; text without a head gets the three keys every set needs."""

    def make(text: str | bytes, name: str = "a.yaml", *, head: bool = True) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            start = HEAD.replace("ruleset: a", f"ruleset: {Path(name).stem}") if head else ""
            path.write_text(start + text, encoding="utf-8")
        return path

    return make


@pytest.fixture
def load(catalogue: RuleCatalogue) -> Callable[..., LoadedRuleSet]:
    """Return a function that loads a set without the cache."""

    def run(path: Path) -> LoadedRuleSet:
        return check_ruleset(path, catalogue, [path.parent])

    return run


@pytest.fixture
def mistakes(catalogue: RuleCatalogue) -> Callable[[Path], list[str]]:
    """Return a function that lists what is wrong with a set as ``code file:line:col``."""

    def run(path: Path) -> list[str]:
        with pytest.raises(RuleSetError) as caught:
            check_ruleset(path, catalogue, [path.parent])
        found = []
        for problem in caught.value.problems:
            assert problem.what
            assert problem.why
            assert problem.fix
            assert problem.place is not None
            place = problem.place
            code = problem.code.removeprefix("ruleset.")
            found.append(f"{code} {Path(place.file).name}:{place.line}:{place.column}")
        return found

    return run
