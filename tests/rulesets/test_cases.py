"""Rules in YAML carry cases: read with every mistake at its place, run by the test kit and by ``ruleset test``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from policycore.cli.main import main
from policycore.rulesets.load import LoadedRuleSet
from policycore.testing import case_parameters, check_case, own_rules

RULE = """rules:
  - id: L-1
    name: local/late
    with: {days: 3}
    message: {zh: "{name}逾期", en: "{name} is late"}
    sql: >-
      SELECT id AS group_id, kind FROM groups WHERE kind = 'temporary' AND days_after(created_at, $days)
    cases:
      - name: {zh: 临时群过期, en: a temporary group past its days}
        given:
          groups:
            - {id: g1, name: 甲, kind: 临时, created_at: 2024-03-01}
            - {id: g2, name: 乙, kind: standing, created_at: 2024-03-01}
            - {id: g3, name: 丙, kind: temporary, created_at: 2024-04-14}
        finds: [g1]
        facts: {g1: {kind: temporary}}
      - name: more days
        given: {groups: [{id: g1, kind: temporary, created_at: 2024-04-01}]}
        with: {days: 30}
      - name: nobody says what kind
        given: {groups: [{id: g1, created_at: 2024-03-01}]}
        lacks: [groups.kind]
        unknown: [g1]
"""


def test_cases_are_run_by_the_test_kit(write: Callable[..., Path], load: Callable[[Path], LoadedRuleSet]) -> None:
    rules = own_rules(load(write(RULE)).ruleset.rules)
    cases = case_parameters(rules)
    assert [case.title.zh for _, case in cases] == ["临时群过期", "more days", "nobody says what kind"]
    for rule, case in cases:
        check_case(rule, case)


def test_a_case_that_does_not_hold_is_told(write: Callable[..., Path], load: Callable[[Path], LoadedRuleSet]) -> None:
    rule, case = case_parameters(own_rules(load(write(RULE.replace("finds: [g1]", "finds: [g2]"))).ruleset.rules))[0]
    with pytest.raises(AssertionError, match=r"\['g2'\]"):
        check_case(rule, case)


def test_the_command_runs_them(write: Callable[..., Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lang", "en", "ruleset", "test", str(write(RULE))]) == 0
    assert "3 cases, 0 failed" in capsys.readouterr().out
    assert main(["--lang", "en", "ruleset", "test", str(write(RULE.replace("[g1]\n", "[g2]\n")))]) == 4
    assert "local/late: a temporary group past its days" in capsys.readouterr().out
    bare = RULE[: RULE.index("    cases:")]
    assert main(["--lang", "en", "ruleset", "test", str(write(bare))]) == 2
    assert "writes has a case" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("groups:\n", "grups:\n", "sql.unknown-table a.yaml:14:11"),
        ("kind: standing", "knd: standing", "sql.unknown-column a.yaml:16:33"),
        ("kind: standing", "kind: 紫色", "sql.unknown-word a.yaml:16:39"),
        ("created_at: 2024-04-14", "created_at: 去年", "not-a-time a.yaml:17:62"),
        ("name: 乙", "name: [乙]", "case-value a.yaml:16:30"),
        ("with: {days: 30}", "with: {dais: 30}", "case-parameter a.yaml:22:16"),
        ("with: {days: 30}", "with: []", "wrong-type a.yaml:22:15"),
        ("lacks: [groups.kind]", "lacks: [groups.kinds]", "sql.unknown-column a.yaml:25:17"),
        ("finds: [g1]", "found: [g1]", "unknown-key a.yaml:18:9"),
        ("        given: {groups: [{id: g1, created_at: 2024-03-01}]}\n", "", "missing-key a.yaml:23:9"),
    ],
)
def test_a_mistake_in_a_case_has_its_place(
    write: Callable[..., Path], mistakes: Callable[[Path], list[str]], old: str, new: str, expected: str
) -> None:
    assert old in RULE
    assert mistakes(write(RULE.replace(old, new, 1))) == [expected]


def test_only_a_rule_that_the_set_writes_has_cases(
    write: Callable[..., Path], mistakes: Callable[[Path], list[str]]
) -> None:
    text = "rules:\n  - use: test/small\n    cases: [{name: a, given: {}}]\n"
    assert mistakes(write(text)) == ["only-with-sql a.yaml:6:5"]
