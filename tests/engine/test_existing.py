"""A hit on a subject that is not there is the rule's error; one on a subject outside the scope is dropped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from policycore.engine.run import evaluate
from policycore.model.result import RunResult
from policycore.model.verdict import Verdict
from policycore.plugin_api.rule import Case
from policycore.rulesets.load import LoadedRuleSet
from policycore.testing import estate_of
from tests.rulesets.conftest import catalogue, load, write

__all__ = ["catalogue", "load", "write"]

CASE = Case(
    "three groups",
    given={
        "departments": [{"id": "d1", "name": "教务处"}],
        "people": [{"id": "p1", "name": "张敏"}],
        "accounts": [{"id": "a1", "person_id": "p1", "name": "张敏"}, {"id": "a2", "name": "李强"}],
        "tasks": [{"id": "t1", "title": "迎新"}],
        "submissions": [{"id": "s1", "kind": "form"}],
        "groups": [
            {"id": "g1", "name": "甲群", "kind": "project", "owner_id": "a1"},
            {"id": "g2", "name": "乙群", "kind": "standing"},
            {"id": "g3", "name": "丙群", "dissolved_at": "2024-01-01"},
            {"id": "g4", "name": "丁群", "created_at": "2030-01-01"},
        ],
        "memberships": [
            {"group_id": "g1", "account_id": "a1"},
            {"group_id": "g1", "account_id": "a3", "left_at": "2024-02-01"},
        ],
        "messages": [{"id": "m1", "group_id": "g1", "sender_id": "a2", "sent_at": "2024-03-01"}],
        "events": [{"id": "e1", "group_id": "g2", "at": "2024-03-01", "kind": "join", "subject_id": "a2"}],
    },
)
Run = Callable[..., RunResult]


@pytest.fixture
def run(write: Callable[..., Path], load: Callable[[Path], LoadedRuleSet]) -> Run:
    """Return a function that runs one SQL rule."""

    def run_rule(sql: str, more: str = "") -> RunResult:
        path = write(
            f"rules:\n  - id: L-1\n    name: local/rule\n    sql: |\n      {sql}\n    message: {{zh: 不对}}\n{more}"
        )
        return evaluate(estate_of(CASE), load(path).ruleset)

    return run_rule


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        ("SELECT 'x' || id AS group_id FROM groups", "xg1"),
        ("SELECT coalesce(owner_id, 'nobody') AS group_id FROM groups", "a1"),
        ("SELECT upper(id) AS group_id FROM groups", "G1"),
        ("SELECT '' AS group_id FROM groups", ""),
        ("SELECT id AS group_id, 'a9' AS account_id FROM groups WHERE id = 'g1'", "g1/a9"),
        ("SELECT id AS group_id, 'a1' AS account_id FROM groups WHERE id = 'g2'", "g2/a1"),
        ("SELECT g.id || '' AS group_id, m.id || '' AS message_id FROM groups g, messages m", "g2/m1"),
        ("SELECT 'p9' AS person_id FROM people", "p9"),
        ("SELECT id || '' AS person_id FROM accounts", "a1"),
        ("SELECT '教务处' AS department_id FROM departments", "教务处"),
        ("SELECT 't9' AS task_id FROM tasks", "t9"),
        ("SELECT 's9' AS submission_id FROM submissions", "s9"),
        ("SELECT nullif(id, 'g1') AS group_id FROM groups", ""),
        ("SELECT '教务处 13812345678' AS department_id FROM departments", "教务处 138****5678"),
    ],
)  # fmt: skip
def test_a_hit_on_nothing_is_the_rules_error(run: Run, sql: str, value: str) -> None:
    result = run(sql)
    assert [finding.verdict for finding in result.findings] == [Verdict.ERROR]
    (problem,) = result.problems
    assert "local/rule" in problem.what
    assert value in problem.what
    assert problem.place is not None
    assert problem.place.line == 5
    assert result.outcomes[0].verdicts.get(Verdict.FAIL, 0) == 0


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("SELECT id AS group_id FROM all_groups", ["g1", "g2"]),
        ("SELECT group_id FROM membership_history", ["g1", "g1"]),
        ("SELECT 'g4' AS group_id FROM groups WHERE id = 'g1'", []),
        ("SELECT group_id, account_id FROM membership_history", ["g1/a1", "g1/a3"]),
        ("SELECT group_id, sender_id AS account_id FROM messages", ["g1/a2"]),
        ("SELECT group_id, subject_id AS account_id FROM events", ["g2/a2"]),
        ("SELECT id AS group_id, owner_id AS account_id FROM groups WHERE owner_id IS NOT NULL", ["g1/a1"]),
        ("SELECT person_id FROM accounts WHERE person_id IS NOT NULL", ["p1"]),
    ],
)
def test_a_hit_outside_the_scope_is_dropped(run: Run, sql: str, found: list[str]) -> None:
    result = run(sql)
    assert result.problems == ()
    assert [finding.subject.id for finding in result.findings] == found


def test_a_narrow_scope_hides_no_invented_subject(run: Run) -> None:
    scope = "    applies_to: kind = 'standing'\n"
    result = run("SELECT 'x' || id AS group_id FROM all_groups", scope)
    assert [finding.verdict for finding in result.findings] == [Verdict.ERROR]
    result = run("SELECT 'p' || id AS person_id FROM people", scope)
    assert [finding.verdict for finding in result.findings] == [Verdict.ERROR]
