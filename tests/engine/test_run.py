"""A run: broken rules, time limits, order, identity, the ledger."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import ClassVar

import pytest

from policycore import Query, Rule, Subject, Text, Verdict
from policycore.model.result import RunResult


def _verdicts(result: RunResult, rule: str) -> dict[Verdict, int]:
    return dict(next(outcome.verdicts for outcome in result.outcomes if outcome.rule == rule))


GROUPS = {
    "groups": [
        {"id": "g2", "name": "乙群"},
        {"id": "g1", "name": "甲群", "owner_id": "a1", "department_id": "d1", "responsible_id": "p2"},
        {"id": "g3", "name": "丙群", "department_id": "d1", "platform": "wechat"},
    ],
    "accounts": [{"id": "a1", "person_id": "p1"}],
    "people": [{"id": "p1", "name": "张三"}, {"id": "p2", "name": "李四"}],
    "departments": [{"id": "d1", "name": "教务处"}],
}


def test_findings_name_subject_department_and_source_row(estate, evaluate, no_owner):
    result = evaluate(estate(GROUPS), no_owner)
    assert [finding.subject.id for finding in result.findings] == ["g2", "g3"]
    third = result.findings[1]
    assert (third.subject.name, third.subject.department, third.subject.platform) == ("丙群", "教务处", "wechat")
    assert third.source is not None
    assert (third.source.file, third.source.row) == ("groups.csv", 3)
    assert third.message == Text("问题丙群", "problem 丙群")
    assert third.remediation[0].due is not None
    assert (third.remediation[0].due - result.as_of).days == 3
    assert _verdicts(result, "TST001") == {Verdict.PASS: 1, Verdict.FAIL: 2}


def test_an_owner_is_named_in_the_steps_with_the_account_where_no_register_confirms_the_name(
    estate, evaluate, no_owner
):
    class Any1(no_owner):
        requires = ("groups.id",)

        def check(self, estate, params):
            return Query("SELECT id AS group_id FROM groups WHERE id = 'g1'")

    for account, said in (({"person_id": "p1"}, "张三"), ({"name": "张三"}, "“张三” (a1)")):
        finding = evaluate(
            estate(GROUPS | {"accounts": [{"id": "a1", **account}], "people": GROUPS["people"][:1]}), Any1
        ).findings[0]
        assert (finding.subject.responsible, finding.remediation[0].person) == (said, said)


def test_keys_of_a_snapshot_never_leave_it(estate, evaluate, no_owner):
    class Members(no_owner):
        subject = Subject.MEMBERSHIP
        requires = ("memberships.account_id",)

        def check(self, estate, params):
            rows = estate.rows("SELECT * FROM memberships")
            return [{**row, "owner_key": 7, "key": 7} for row in rows]

    class Groups(no_owner):
        id = "TST002"
        requires = ("groups.id",)

        def check(self, estate, params):
            return Query("SELECT g.*, g.id AS group_id FROM groups g JOIN memberships m USING (group_key)")

    there = {**GROUPS, "memberships": [{"group_id": "g1", "account_id": account} for account in ("a1", "nobody")]}
    found = evaluate(estate(there), Members, Groups).findings
    assert [finding.subject.id for finding in found] == ["g1/a1", "g1/nobody", "g1", "g1"]
    assert {name for finding in found for name in finding.facts if "key" in name} == {"key"}


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_the_same_inputs_give_the_same_result_whatever_the_threads(estate, evaluate, no_owner, threads):
    many = {"groups": [{"id": f"g{number:04}", "name": f"群{number}"} for number in range(3000)]}
    result = evaluate(estate(many), no_owner, threads=threads)
    again = evaluate(estate(many), no_owner, threads=3)
    assert result.findings == again.findings
    assert [finding.subject.id for finding in result.findings] == sorted(f"g{number:04}" for number in range(3000))


def test_a_rule_that_raises_is_an_error_and_the_rest_goes_on(estate, evaluate, no_owner):
    class Raises(no_owner):
        id = "TST002"
        name = "test/raises"

        def check(self, estate, params):
            raise ValueError("机密★10年 13800138000")

    result = evaluate(estate(GROUPS), Raises, no_owner)
    assert _verdicts(result, "TST002") == {Verdict.ERROR: 1}
    assert _verdicts(result, "TST001")[Verdict.FAIL] == 2
    error = next(finding for finding in result.findings if finding.verdict is Verdict.ERROR)
    assert "ValueError" in error.message.en
    assert "test_run.py" in error.message.en
    assert "机密" not in str(result)
    assert "13800138000" not in str(result)
    assert [problem.code for problem in result.problems] == ["engine.rule-failed"]
    assert str(result.problems[0].place) == "test.yaml:1:1"


@pytest.mark.parametrize(
    ("sql", "says"),
    [
        ("SELECT nonsense FROM groups", "nonsense"),
        ("SELECT id FROM groups", "group_id"),
        ("SELECT NULL AS group_id FROM groups", "group_id"),
        ("SELECT 1; SELECT 2", "ValueError"),
        ("COPY groups TO 'stolen.csv'", "ValueError"),
        ("SELECT * FROM read_csv('/etc/passwd')", "PermissionException"),
        ("SET threads = 1", "ValueError"),
        ("DROP TABLE raw.groups", "ValueError"),
    ],
)
def test_sql_that_is_no_result_or_reaches_out_is_an_error(estate, evaluate, no_owner, sql, says):
    class Bad(no_owner):
        def check(self, estate, params):
            return Query(sql)

    result = evaluate(estate(GROUPS), Bad)
    assert [finding.verdict for finding in result.findings] == [Verdict.ERROR]
    assert says in result.findings[0].message.en
    assert Verdict.PASS not in _verdicts(result, "TST001")


def endless_sql(self, estate, params):
    return Query(
        "SELECT count(*)::VARCHAR AS group_id FROM range(100000000) a, range(100000000) b"
        " WHERE a.range * b.range % 7 = 3"
    )


def endless_loop(self, estate, params):
    while True:
        pass
    yield {}


def nothing_stops_it(self, estate, params):
    time.sleep(6)
    return Query("SELECT 1 AS group_id")


@pytest.mark.parametrize("check", [endless_sql, endless_loop, nothing_stops_it])
def test_a_rule_that_does_not_end_is_stopped_at_the_limit_or_left_behind(estate, evaluate, no_owner, check):
    slow = type("Slow", (no_owner,), {"id": "TST002", "name": "test/slow", "check": check})
    result = evaluate(estate(GROUPS), slow, no_owner, time_limit=0.3)
    assert _verdicts(result, "TST002") == {Verdict.ERROR: 1}
    assert "0.3" in next(finding.message.en for finding in result.findings if finding.verdict is Verdict.ERROR)
    assert _verdicts(result, "TST001")[Verdict.FAIL] == 2


def test_a_python_rule_yields_rows_with_different_facts(estate, evaluate, no_owner):
    class Python(no_owner):
        key_facts = ("what",)

        def check(self, estate, params):
            for row in estate.rows("SELECT id AS group_id FROM groups WHERE owner_id IS NULL ORDER BY id"):
                yield {**row, "what": "one"}
                yield {**row, "what": "two", "more": [1, 2]}

    result = evaluate(estate(GROUPS), Python)
    assert sorted((finding.subject.id, finding.facts["what"]) for finding in result.findings) == [
        ("g2", "one"),
        ("g2", "two"),
        ("g3", "one"),
        ("g3", "two"),
    ]
    assert len({finding.fingerprint for finding in result.findings}) == 4
    assert _verdicts(result, "TST001") == {Verdict.PASS: 1, Verdict.FAIL: 4}


def test_two_hits_that_nothing_tells_apart_are_both_kept(estate, evaluate, no_owner):
    class Twice(no_owner):
        def check(self, estate, params):
            return Query("SELECT id AS group_id FROM groups, range(2) WHERE owner_id IS NULL")

    result = evaluate(estate(GROUPS), Twice)
    assert len(result.findings) == 4
    assert len({finding.fingerprint for finding in result.findings}) == 4


def test_a_fingerprint_survives_renaming_and_moving(estate, evaluate, no_owner):
    before = evaluate(estate(GROUPS), no_owner).findings
    moved = {**GROUPS, "groups": [{**row, "name": f"新{row['name']}"} for row in reversed(GROUPS["groups"])]}
    after = evaluate(estate(moved), no_owner).findings
    assert [finding.fingerprint for finding in before] == [finding.fingerprint for finding in after]
    assert [finding.id for finding in before] == [finding.id for finding in after]


def test_facts_are_masked_and_bounded(estate, evaluate, no_owner):
    class Facts(no_owner):
        def check(self, estate, params):
            return Query("SELECT id AS group_id, announcement, created_at FROM groups WHERE id = 'g1'")

    text = "电话13812345678" + "长" * 2000
    data = estate({"groups": [{"id": "g1", "announcement": text, "created_at": "2024-01-01T00:00:00+00:00"}]})
    facts = evaluate(data, Facts).findings[0].facts
    assert "13812345678" not in str(facts)
    assert len(str(facts["announcement"])) <= 501
    assert str(facts["created_at"]) == "2024-01-01 08:00:00+08:00"


def test_the_ledger_lists_every_clause(estate, evaluate, no_owner):
    result = evaluate(estate(GROUPS), no_owner)
    assert [(clause.id, clause.covered) for clause in result.clauses] == [("一", True), ("二", False)]
    assert result.clauses[0].verdicts[Verdict.FAIL] == 2


def test_checking_later_than_the_data_is_said(estate, evaluate, no_owner):
    result = evaluate(estate(GROUPS), no_owner, as_of="2024-05-01T00:00:00+08:00")
    assert [problem.code for problem in result.problems] == ["engine.as-of-after-data"]


def test_a_hit_on_what_does_not_exist_breaks_the_rule_and_passes_nobody(estate, evaluate, no_owner):
    class Elsewhere(no_owner):
        def check(self, estate, params):
            return Query("SELECT 'nowhere' AS group_id")

    result = evaluate(estate(GROUPS), Elsewhere)
    assert [finding.verdict for finding in result.findings] == [Verdict.ERROR]
    assert "nowhere" in result.problems[0].what
    assert _verdicts(result, "TST001") == {Verdict.ERROR: 1}


def test_a_key_that_is_no_text_is_an_error_with_an_example(estate, evaluate, no_owner):
    class Numbered(no_owner):
        def check(self, estate, params):
            return Query("SELECT 17 AS group_id")

    result = evaluate(estate(GROUPS), Numbered)
    assert [finding.verdict for finding in result.findings] == [Verdict.ERROR]
    assert "17" in result.problems[0].what


def test_rules_that_apply_to_nothing_are_a_problem(estate, evaluate, no_owner):
    result = evaluate(estate(GROUPS), no_owner, applies_to="kind = 'temporary' AND false")
    assert [problem.code for problem in result.problems] == ["engine.nothing-judged"]


def test_a_rule_over_people_counts_people(estate, evaluate, no_owner):
    class People(no_owner):
        subject = Subject.PERSON
        requires = ("groups.owner_id", "accounts.person_id")

        def check(self, estate, params):
            return Query("SELECT a.person_id FROM groups g JOIN accounts a ON a.id = g.owner_id")

    result = evaluate(estate(GROUPS), People)
    assert [(finding.subject.id, finding.subject.name) for finding in result.findings] == [("p1", "张三")]
    assert _verdicts(result, "TST001") == {Verdict.PASS: 1, Verdict.FAIL: 1}


def test_the_engine_judges_an_estate_without_any_table(estate, evaluate, no_owner):
    data = estate({})
    empty = replace(data, relations={}, columns={}, rows={})
    (gap,) = evaluate(empty, no_owner).gaps
    assert (gap.kind, gap.fields) == (Subject.ESTATE, ("groups.owner_id",))
    assert Rule.verdict is Verdict.FAIL


def test_too_many_hits_are_counted_and_not_listed(estate, evaluate, no_owner, monkeypatch):
    monkeypatch.setattr("policycore.engine.judging.hits.MOST_FINDINGS", 10)
    many = {"groups": [{"id": f"g{number:02}"} for number in range(30)] + [{"id": "h", "owner_id": "a"}]}
    result = evaluate(estate(many), no_owner)
    assert [finding.subject.id for finding in result.findings] == ["estate", *(f"g{number:02}" for number in range(10))]
    assert result.findings[0].facts == {"unlisted": 20}
    assert _verdicts(result, "TST001") == {Verdict.PASS: 1, Verdict.FAIL: 30}


def test_facts_that_look_alike_once_masked_are_still_two_findings(estate, evaluate, no_owner):
    class Phones(no_owner):
        key_facts = ("phone",)

        def check(self, estate, params):
            yield {"group_id": "g1", "phone": "13812345678"}
            yield {"group_id": "g1", "phone": "13887655678"}

    first, second = evaluate(estate(GROUPS), Phones).findings
    assert first.facts == second.facts
    assert first.fingerprint != second.fingerprint


def test_a_shared_table_is_made_once_and_serves_a_family(estate, evaluate, no_owner):
    class Shares(no_owner):
        shared: ClassVar = {"ownerless": "SELECT id FROM all_groups WHERE owner_id IS NULL"}

        def check(self, estate, params):
            return Query("SELECT id AS group_id FROM ownerless")

    class SharesToo(Shares):
        id = "TST002"
        name = "test/shares-too"

    class Differs(Shares):
        id = "TST003"
        name = "test/differs"
        shared: ClassVar = {"ownerless": "SELECT id FROM all_groups"}

    result = evaluate(estate(GROUPS), Shares, SharesToo, Differs)
    assert _verdicts(result, "TST001") == _verdicts(result, "TST002") == {Verdict.PASS: 1, Verdict.FAIL: 2}
    assert _verdicts(result, "TST003") == {Verdict.ERROR: 1}


def test_names_that_the_engine_makes_are_known_in_any_case(estate, evaluate, no_owner):
    class Shouted(no_owner):
        def check(self, estate, params):
            return Query("SELECT id AS group_id FROM GROUP_FACTS WHERE MEMBER_COUNT = 0")

    assert {finding.verdict for finding in evaluate(estate(GROUPS), Shouted).findings} == {Verdict.FAIL}


@pytest.mark.parametrize(("name", "select"), [("owned", "SELECT id FROM Groups"), ("people", "SELECT 1 AS id")])
def test_a_shared_table_reads_no_changing_scope_and_replaces_no_other(estate, evaluate, no_owner, name, select):
    class Shared(no_owner):
        def check(self, estate, params):
            return Query(f"SELECT id AS group_id FROM {name}")

    Shared.shared = {name: select}

    (finding,) = evaluate(estate(GROUPS), Shared).findings
    assert finding.verdict is Verdict.ERROR


def test_findings_alike_but_for_their_facts_stand_in_one_order(estate, evaluate, no_owner):
    def asked(order):
        class Twice(no_owner):
            def check(self, estate, params):
                sql = "SELECT g.id AS group_id, t.x AS share FROM groups g CROSS JOIN (VALUES (1), (2), (3)) t(x)"
                return Query(f"{sql} ORDER BY t.x {order}")

        return evaluate(estate(GROUPS), Twice).findings

    assert asked("ASC") == asked("DESC")


def test_personal_numbers_are_masked_wherever_a_subject_is_named(estate, evaluate, no_owner):
    row = {"id": "g1", "name": "群13987654321", "platform": "微信13987654321"}
    (finding,) = evaluate(estate({"groups": [row]}), no_owner).findings
    assert "13987654321" not in repr(finding)


def test_an_estate_without_groups_says_so(estate, evaluate, no_owner):
    assert [problem.code for problem in evaluate(estate({}), no_owner).problems] == ["engine.no-groups"]
    assert evaluate(estate(GROUPS), no_owner).problems == ()


def test_a_finding_knows_what_it_was_called_under_its_rule_s_former_names(estate, evaluate, no_owner):
    accounts = [f"138001380{number:02}" for number in (0, 1, 10)]
    tables = {
        "groups": [{"id": "g1", "name": "甲群"}, {"id": "g2", "name": "乙群", "owner_id": "13800138000"}],
        "accounts": [{"id": account} for account in accounts],
    }

    class Before(no_owner):
        requires = ("accounts.id",)
        key_facts = ("account",)

        def check(self, estate, params):
            # One finding twice, so that they are told apart by number.
            return Query(
                "SELECT g.id AS group_id, a.id AS account FROM groups g, accounts a, range(2) WHERE g.id = 'g1'"
            )

    class After(Before):
        id = "TST009"
        name = "test/renamed"
        aliases = ("TST001",)

    before = {finding.fingerprint for finding in evaluate(estate(tables), Before).findings}
    after = evaluate(estate(tables), After).findings
    assert len(before) == 6
    # The accounts themselves are masked in what is shown, so nobody could tell it from there.
    assert not {finding.facts["account"] for finding in after} & set(accounts)
    assert {former for finding in after for former in finding.former} == before

    class Gap(no_owner):
        id = "TST009"
        name = "test/renamed"
        aliases = ("TST001",)

    hidden = {"sources": {"default": ["groups.owner_id"]}}
    was = {finding.fingerprint for finding in evaluate(estate(tables, **hidden), no_owner).findings}
    now = evaluate(estate(tables, **hidden), Gap).findings
    assert {former for finding in now for former in finding.former} == was
