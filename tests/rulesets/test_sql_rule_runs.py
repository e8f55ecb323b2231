"""Rules written in SQL run in the real engine: findings, unknown by derived fields, ends to rows and time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from policycore.engine.run import evaluate
from policycore.model.result import RunResult
from policycore.model.verdict import Verdict
from policycore.plugin_api.rule import Case
from policycore.rulesets.load import LoadedRuleSet
from policycore.rulesets.sql import rule as sql_rule
from policycore.testing import estate_of

GROUPS = [{"id": "g1", "name": "甲群", "kind": "project"}, {"id": "g2", "name": "乙群", "kind": "standing"}]
MEMBERS = [{"group_id": "g1", "account_id": f"a{number}"} for number in range(3)]
MEMBERS.append({"group_id": "g2", "account_id": "a1"})
CASE = Case("sql", given={"groups": GROUPS, "memberships": MEMBERS})
Run = Callable[..., RunResult]


@pytest.fixture
def run(write: Callable[..., Path], load: Callable[[Path], LoadedRuleSet]) -> Run:
    """Return a function that runs one SQL rule over two groups."""

    def run_rule(sql: str, more: str = "", *, without: str = "", time_limit: float | None = None) -> RunResult:
        text = f"rules:\n  - id: L-1\n    name: local/rule\n    sql: |\n      {sql}\n"
        path = write(text + "    message: {zh: '{name}有{member_count}人', en: '{name} has {member_count}'}\n" + more)
        return evaluate(estate_of(CASE, without=without), load(path).ruleset, time_limit=time_limit)

    return run_rule


LARGE = "SELECT id AS group_id, member_count FROM group_facts WHERE member_count > $limit -- too many;"
LIMIT = "    with: {limit: 2}\n"


def test_it_finds_what_its_select_returns(run: Run) -> None:
    result = run(LARGE, LIMIT)
    (finding,) = result.findings
    assert finding.subject.id == "g1"
    assert finding.message.en == "甲群 has 3"
    assert finding.facts["member_count"] == 3
    assert result.outcomes[0].verdicts == {Verdict.PASS: 1, Verdict.FAIL: 1}
    assert finding.remediation


def test_a_missing_field_that_it_reads_makes_it_unknown(run: Run) -> None:
    result = run(LARGE, LIMIT, without="memberships.account_id")
    assert result.findings == ()
    assert {subject for gap in result.gaps for subject in gap.subjects} == {"g1", "g2"}
    assert all("memberships.account_id" in gap.fields for gap in result.gaps)


def test_a_missing_field_that_it_does_not_read_changes_nothing(run: Run) -> None:
    assert run(LARGE, LIMIT, without="messages.sent_at").outcomes[0].verdicts == {Verdict.PASS: 1, Verdict.FAIL: 1}


def test_its_scope_holds(run: Run) -> None:
    result = run(LARGE, "    with: {limit: 0}\n    applies_to: kind = 'project'\n")
    assert [finding.subject.id for finding in result.findings] == ["g1"]


def test_a_join_without_end_becomes_an_error_and_nothing_hangs(run: Run) -> None:
    endless = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
      SELECT g.id AS group_id, max(i) AS member_count FROM groups g, n GROUP BY 1"""
    result = run(endless, time_limit=0.5)
    assert [finding.verdict for finding in result.findings] == [Verdict.ERROR]
    assert result.problems


def test_too_many_rows_are_an_error_and_never_a_shortened_list(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql_rule, "ROW_LIMIT", 3)
    many = "SELECT g.id AS group_id, i AS member_count FROM groups g, range({}) AS r(i)"
    assert [finding.verdict for finding in run(many.format(2)).findings] == [Verdict.ERROR]
    assert {finding.verdict for finding in run(many.format(1)).findings} == {Verdict.FAIL}


def test_a_column_may_have_a_chinese_name(write: Callable[..., Path], load: Callable[[Path], LoadedRuleSet]) -> None:
    sql = "SELECT id AS group_id, member_count AS 人数 FROM group_facts WHERE member_count > 2"
    step = "{who: owner, what: {zh: '减少{人数}人'}}"
    path = write(
        f"rules:\n  - id: L-1\n    name: local/rule\n    sql: {sql}\n"
        f"    message: {{zh: '{{name}}有{{人数}}人'}}\n    remediation: [{step}]\n"
    )
    (finding,) = evaluate(estate_of(CASE), load(path).ruleset).findings
    assert (finding.message.zh, finding.remediation[0].what.zh) == ("甲群有3人", "减少3人")
