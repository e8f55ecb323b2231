"""Small rules and estates with which the engine's own behaviour is tested."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from policycore import Case, Field, Query, Rule, RuleEstate, Step, Subject, Text
from policycore.engine.run import evaluate as engine_evaluate
from policycore.engine.session import EstateData, SourceData
from policycore.errors import Place
from policycore.model.result import RunResult
from policycore.model.verdict import Enforcement
from policycore.rulesets.resolved import Clause, PolicyDocument, ResolvedRule, ResolvedRuleSet
from policycore.testing import estate_of

SAY = Text("问题{name}", "problem {name}")


class NoOwner(Rule):
    """A group without an owner."""

    id = "TST001"
    name = "test/no-owner"
    subject = Subject.GROUP
    requires = ("groups.owner_id",)
    title = explanation = Text("有群主", "has an owner")
    message = SAY
    remediation = (Step("owner", Text("处理{name}", "put {name} right"), within_days=3),)

    class Params(Rule.Params):
        grace_days: int = Field(0, ge=0)

    def check(self, estate: RuleEstate, params: Any) -> Query:
        return estate.query("SELECT id AS group_id FROM groups WHERE owner_id IS NULL")


@pytest.fixture
def no_owner() -> type[Rule]:
    """Return a plain rule over groups, for tests to run or to derive from."""
    return NoOwner


@pytest.fixture
def estate() -> Callable[..., EstateData]:
    """Return a function that makes an estate of tables given as rows."""

    def make(
        tables: Mapping[str, Sequence[Mapping[str, object]]],
        *,
        as_of: str = "2024-04-15T00:00:00+08:00",
        sources: Mapping[str, Sequence[str]] | None = None,
        without: str = "",
    ) -> EstateData:
        data = estate_of(Case("estate", given=tables, as_of=as_of), without=without)
        if sources is not None:
            data = replace(data, sources=tuple(SourceData(name, frozenset(lacks)) for name, lacks in sources.items()))
        return data

    return make


@pytest.fixture
def evaluate() -> Callable[..., RunResult]:
    """Return a function that runs rules over an estate."""

    def run(data: EstateData, *rules: type[Rule], applies_to: str | None = None, **options: Any) -> RunResult:
        as_of, asked = options.pop("as_of", None), options.pop("attestations", ())
        ruleset = ResolvedRuleSet(
            name="test",
            title=SAY,
            document=PolicyDocument(clauses=(Clause("一", "甲"), Clause("二", "乙"))),
            rules=tuple(
                ResolvedRule(
                    rule=rule(),
                    id=rule.id,
                    name=rule.name,
                    clauses=("一",),
                    severity=rule.severity,
                    enforcement=Enforcement.MANDATORY,
                    params=rule.Params(),
                    applies_to=applies_to,
                    place=Place("test.yaml", 1, 1),
                )
                for rule in rules
            ),
            attestations=asked,
            parameters={},
            origins=(),
            files=(),
            hash="0",
        )
        return engine_evaluate(data, ruleset, as_of=datetime.fromisoformat(as_of) if as_of else None, **options)

    return run
