"""A rule that raises, ends, prints or poses as an interruption costs itself alone, and is named with its own place."""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import ClassVar

import pytest

from policycore import Case, Pattern, Query, Subject, TextRule, Verdict
from policycore.engine.run import Evaluation, RuleJudged
from policycore.testing import ruleset_of

GROUPS = {
    "groups": [{"id": "g1", "name": "甲群"}],
    "messages": [{"id": "m1", "group_id": "g1", "text": "甲", "sent_at": "2024-04-01"}],
}


@pytest.mark.parametrize(
    "error",
    ["SystemExit(0)", "KeyboardInterrupt", "GeneratorExit", "StopIteration", "BaseException", "RecursionError"],
)
@pytest.mark.parametrize("lazy", [False, True])
def test_whatever_a_rule_raises_is_its_own_error(estate, evaluate, no_owner, error, lazy):
    class Ends(no_owner):
        id = "TST002"
        name = "test/ends"

        def check(self, estate, params):
            def rows():
                yield {"group_id": "g1"}
                raise eval(error)  # noqa: S307 - the parameter of this test

            return rows() if lazy else list(rows())

    result = evaluate(estate(GROUPS), Ends, no_owner)
    assert {(finding.rule, finding.verdict) for finding in result.findings} == {
        ("TST001", Verdict.FAIL),
        ("TST002", Verdict.ERROR),
    }
    (problem,) = result.problems
    # A generator that raises StopIteration raises RuntimeError.
    expected = "RuntimeError" if error == "StopIteration" else error.partition("(")[0]
    assert expected in problem.what
    assert f"{Path(__file__).name}:" in problem.what


def test_a_rule_that_claims_the_database_was_interrupted_is_broken(estate, evaluate, no_owner):
    import duckdb

    class Claims(no_owner):
        def check(self, estate, params):
            raise duckdb.InterruptException("stopped")

    result = evaluate(estate(GROUPS), Claims)
    assert [finding.verdict for finding in result.findings] == [Verdict.ERROR]
    assert result.unreached == ()


def test_what_a_rule_prints_goes_to_the_log_under_its_name(estate, evaluate, no_owner, capfd, said):
    class Prints(no_owner):
        def check(self, estate, params):
            sys.stdout.write("first\nsecond\n")
            sys.stderr.write("third")
            sys.stdout.write("x" * 1_000_000)
            return ()

    evaluate(estate(GROUPS), Prints)
    assert capfd.readouterr() == ("", "")
    # At once: whoever shows it looks at the whole for what may be shown.
    assert len(said) == 1
    assert said[0].startswith("test/no-owner: first\nsecond\nthirdxxx")
    assert sum(map(len, said)) < 10_000


def test_a_program_that_uses_the_package_keeps_its_streams(estate, evaluate, no_owner, capsys):
    class Prints(no_owner):
        def check(self, estate, params):
            sys.stdout.write("first")
            return ()

    evaluate(estate(GROUPS), Prints)
    assert capsys.readouterr().out == "first"


def test_an_error_names_the_rules_own_file_and_not_where_a_library_gave_up(estate, no_owner, tmp_path, monkeypatch):
    package = tmp_path / "policycore_placed"
    package.mkdir()
    (package / "__init__.py").write_text("", "utf-8")
    (package / "rules.py").write_text(
        textwrap.dedent("""
            import json

            def check(self, estate, params):
                return json.loads("no JSON")
        """),
        "utf-8",
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    from policycore_placed import rules

    placed = type("Placed", (no_owner,), {"check": rules.check, "__module__": "policycore_placed.rules"})
    with Evaluation(estate(GROUPS), ruleset_of(placed(), Case("one", given=GROUPS))) as evaluation:
        judged = [event for event in evaluation if isinstance(event, RuleJudged)]
    assert judged[0].problem is not None
    assert "JSONDecodeError" in judged[0].problem.what
    assert "policycore_placed/rules.py:5" in judged[0].problem.what
    assert any("json.loads" in line for line in judged[0].trace)
    assert "no JSON" not in judged[0].trace[-1]


def test_sql_that_does_not_run_is_found_at_the_rule(estate, evaluate, no_owner):
    class Wrong(no_owner):
        def check(self, estate, params):
            return Query("SELECT nothing AS group_id FROM groups")

    (problem,) = evaluate(estate(GROUPS), Wrong).problems
    line = Wrong.check.__code__.co_firstlineno
    assert f"{Path(__file__).name}:{line}" in problem.what


def test_a_text_rule_whose_patterns_cannot_be_had_costs_itself_alone(estate, evaluate, no_owner):
    class Bad(TextRule):
        id = "AAA001"
        name = "test/bad"
        subject = Subject.MESSAGE
        requires = ()
        title = message = explanation = no_owner.title
        remediation = no_owner.remediation

        def patterns(self, params):
            raise SystemExit(0)

    class Good(Bad):
        id = "BBB001"
        name = "test/good"

        def patterns(self, params):
            return [Pattern("one", "甲")]

        def confirm(self, match, params):
            yield {"offset": 0}

    result = evaluate(estate(GROUPS), Bad, Good)
    assert {(finding.rule, finding.verdict) for finding in result.findings} == {
        ("AAA001", Verdict.ERROR),
        ("BBB001", Verdict.FAIL),
    }


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (None, "NoneType is neither"),
        (7, "int is neither"),
        ("g1", "str is neither"),
        ({"group_id": "g1"}, "dict is neither"),
        (["g1"], "row is of type str"),
        ([None], "row is of type NoneType"),
        ([{"name": "g1"}], "group_id"),
        ([{"group_id": None}], "group_id"),
        ([{"group_id": 1}], "int64"),
        ([{"group_id": b"g1"}], "binary"),
        ([{"group_id": ["g1"]}], "list"),
        ([{"group_id": "g1", 7: 1}], "of type int"),
        ([{"group_id": "g1", "__name": "x"}], "begins with __"),
        ([{"group_id": "g1", "verdict": "pass"}], "verdict is neither"),
        ([{"group_id": "g1", "verdict": 7}], "verdict is neither"),
        ([{"group_id": "g1", "fact": object()}], "object"),
        ([{"group_id": "g1", "fact": 1}, {"group_id": "g1", "fact": "x"}], "int, str"),
    ],
)
def test_what_is_no_result_is_the_rules_error_and_never_a_pass(estate, evaluate, no_owner, answer, says):
    class Wrong(no_owner):
        def check(self, estate, params):
            return answer

    result = evaluate(estate(GROUPS), Wrong)
    assert [finding.verdict for finding in result.findings] == [Verdict.ERROR]
    assert says in result.findings[0].message.en
    assert Verdict.PASS not in result.outcomes[0].verdicts


@pytest.mark.parametrize("reason", [None, "other", 7])
def test_a_reason_without_a_message_is_the_rules_error(estate, evaluate, no_owner, reason):
    class Wrong(no_owner):
        message: ClassVar = {"one": no_owner.title}

        def check(self, estate, params):
            return [{"group_id": "g1"} if reason is None else {"group_id": "g1", "reason": reason}]

    (problem,) = evaluate(estate(GROUPS), Wrong).problems
    assert "reason" in problem.what


def test_rows_without_end_are_the_rules_error(estate, evaluate, no_owner, monkeypatch):
    from policycore.engine.judging import result_shape

    monkeypatch.setattr(result_shape, "MOST_ROWS", 1000)

    class Endless(no_owner):
        def check(self, estate, params):
            while True:
                yield {"group_id": "g1"}

    (finding,) = evaluate(estate(GROUPS), Endless).findings
    assert "more than 1000 rows" in finding.message.en


@pytest.mark.parametrize(
    ("sql", "changes", "refused"),
    [
        ("SELECT group_id FROM memberships WHERE role = 'owner'", {}, True),
        ("SELECT group_id FROM MEMBERSHIPS WHERE ROLE = 'owner'", {}, True),
        ("SELECT g.id AS group_id FROM groups g JOIN memberships m USING (group_key) WHERE m.role = 'owner'", {}, True),
        ("SELECT group_id, role FROM memberships", {}, False),
        ("SELECT group_id FROM memberships WHERE role = 'owner'", {"only_read": {"memberships.role": "why"}}, False),
        ("SELECT group_id FROM memberships WHERE role = 'owner'", {"requires": ("memberships.role",)}, False),
        ("SELECT group_id FROM holders", {"shared": {"holders": "SELECT * FROM memberships WHERE role = 'x'"}}, True),
    ],
)
def test_a_column_that_decides_and_is_not_declared_is_the_rules_error_where_it_is_missing(
    estate, evaluate, no_owner, sql, changes, refused
):
    there = {**GROUPS, "memberships": [{"group_id": "g1", "account_id": "a1", "role": "owner"}]}

    class Reads(no_owner):
        requires = ("groups.id",)

        def check(self, estate, params):
            return Query(sql)

    reading = type("Reading", (Reads,), changes)
    assert evaluate(estate(there), reading).problems == ()
    problems = evaluate(estate(there, without="memberships.role"), reading).problems
    assert len(problems) == refused
    assert all("memberships.role" in problem.what for problem in problems)
