"""Mistakes of a rule set: every one is found, at its line and column, with a suggestion."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policycore.errors import RuleSetError
from policycore.language import use_language
from policycore.plugin_api.rule_catalogue import RuleCatalogue
from policycore.rulesets.load import check_ruleset

Write = Callable[..., Path]
Mistakes = Callable[[Path], list[str]]
CLAUSES = "document: {title: d, clauses: [{id: 一, text: 甲}, {id: 二, text: 乙, parent: 一}]}\n"


def rule(rest: str) -> str:
    """Return a set with one use of the small rule."""
    return f"{CLAUSES}rules:\n  - use: test/small\n    {rest}\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # Keys.
        pytest.param("rulez: []", ["unknown-key a.yaml:4:1"], id="unknown key"),
        pytest.param(rule("severty: error"), ["unknown-key a.yaml:7:5"], id="unknown key of a rule"),
        pytest.param(rule("with: {days: }"), ["nothing-given a.yaml:7:12"], id="parameter without value"),
        pytest.param("rules:\n  - use:", ["nothing-given a.yaml:5:5"], id="key without value"),
        pytest.param("document: {clauses: []}", ["missing-key a.yaml:4:11"], id="missing key"),
        pytest.param("document: {title: d, clauses: [{id: 一}]}", ["missing-key a.yaml:4:32"], id="missing text"),
        # Names.
        pytest.param("rules:\n  - use: test/smal", ["unknown-rule a.yaml:5:10"], id="unknown rule"),
        pytest.param(rule("clause: [一, 三]"), ["unknown-clause a.yaml:7:17"], id="unknown clause"),
        pytest.param(rule("with: {dayz: 1}"), ["unknown-parameter a.yaml:7:12"], id="unknown parameter"),
        pytest.param(rule("floor: {dayz: {max: 1}}"), ["unknown-parameter a.yaml:7:13"], id="floor of no parameter"),
        pytest.param(rule("with: {days: $dayz}"), ["unknown-value a.yaml:7:18"], id="unknown value"),
        pytest.param(rule("with: {words: [a, $dayz]}"), ["unknown-value a.yaml:7:23"], id="unknown value in a list"),
        pytest.param(rule("severity: eror"), ["unknown-word a.yaml:7:15"], id="unknown severity"),
        pytest.param(rule("enforcement: maybe"), ["unknown-word a.yaml:7:18"], id="unknown enforcement"),
        pytest.param(rule("with: {mode: three}"), ["unknown-word a.yaml:7:18"], id="unknown word of a rule"),
        pytest.param("extends: [nobody]", ["unknown-ruleset a.yaml:4:11"], id="unknown rule set"),
        pytest.param("extends: [./nobody.yaml]", ["no-ruleset-file a.yaml:4:11"], id="missing file"),
        # Types.
        pytest.param("extends: base", ["wrong-type a.yaml:4:10"], id="text for a list"),
        pytest.param(rule("clause: 一"), ["wrong-type a.yaml:7:13"], id="text for clauses"),
        pytest.param(rule("with: {days: '3'}"), ["wrong-type a.yaml:7:18"], id="text for a number"),
        pytest.param(rule("with: {days: 3.5}"), ["wrong-type a.yaml:7:18"], id="fraction for an integer"),
        pytest.param(rule("with: {days: true}"), ["wrong-type a.yaml:7:18"], id="boolean for a number"),
        pytest.param(rule("with: {days: 12:30}"), ["wrong-type a.yaml:7:18"], id="clock time for a number"),
        pytest.param(rule("with: {strict: no}"), ["wrong-type a.yaml:7:20"], id="no for false"),
        pytest.param(rule("with: {strict: 1}"), ["wrong-type a.yaml:7:20"], id="one for true"),
        pytest.param(rule("with: {words: 甲}"), ["wrong-type a.yaml:7:19"], id="text for a list of texts"),
        pytest.param(rule("with: {words: [甲, 2]}"), ["wrong-type a.yaml:7:23"], id="number in a list of texts"),
        pytest.param(rule("with: {since: 2024-02-30}"), ["wrong-type a.yaml:7:19"], id="no such day"),
        pytest.param(rule("with: {since: yesterday}"), ["wrong-type a.yaml:7:19"], id="no date"),
        pytest.param(rule("with: [days]"), ["wrong-type a.yaml:7:11"], id="list for a mapping"),
        pytest.param(rule("applies_to: true"), ["wrong-type a.yaml:7:17"], id="boolean for a condition"),
        pytest.param(rule("off: true"), ["wrong-type a.yaml:7:10"], id="off without a reason"),
        pytest.param("rules: [3]", ["wrong-type a.yaml:4:9"], id="number for a rule"),
        pytest.param("document: {title: d, date: 2024-13-45}", ["wrong-type a.yaml:4:28"], id="no such month"),
        pytest.param("document: {title: 3}", ["wrong-type a.yaml:4:19"], id="number for a text"),
        # Bounds.
        pytest.param(rule("with: {days: -1}"), ["bound-greater-than-equal a.yaml:7:18"], id="too small"),
        pytest.param(rule("with: {days: 400}"), ["bound-less-than-equal a.yaml:7:18"], id="too large"),
        pytest.param("document: {title: d, date: 22.3.2024}", ["wrong-type a.yaml:4:28"], id="date form"),
        pytest.param(rule("floor: {days: {}}"), ["no-bound a.yaml:7:19"], id="floor without a bound"),
        pytest.param(rule("floor: {days: {max: 5}}"), ["outside-floor a.yaml:7:13"], id="default beyond own floor"),
        pytest.param(
            rule("with: {days: 6}\n    floor: {days: {max: 5}}"), ["outside-floor a.yaml:7:18"], id="beyond own floor"
        ),
        pytest.param(rule("floor: {severity: low}"), ["wrong-type a.yaml:7:23"], id="floor of severity"),
        pytest.param(rule("floor: {severity: {max: 1}}"), ["floor-only-any a.yaml:7:23"], id="bound of severity"),
        pytest.param(rule("floor: {days: any}"), ["floor-any-parameter a.yaml:7:19"], id="any of a parameter"),
        # Twice.
        pytest.param(rule("severity: info\n  - use: TST001"), ["duplicate-rule a.yaml:8:5"], id="rule by id again"),
        pytest.param(rule("severity: info\n  - use: test/former"), ["duplicate-rule a.yaml:8:5"], id="alias again"),
        pytest.param(
            "document: {title: d, clauses: [{id: 一, text: 甲}, {id: 一, text: 乙}]}",
            ["duplicate-clause a.yaml:4:55"],
            id="clause twice",
        ),
        pytest.param(
            "document: {title: d, clauses: [{id: 一, text: 甲, parent: 零}]}",
            ["unknown-parent a.yaml:4:57"],
            id="clause below nothing",
        ),
        pytest.param(
            "document: {title: d, clauses: [{id: 一, text: 甲, parent: 一}]}",
            ["clause-cycle a.yaml:4:57"],
            id="clause below itself",
        ),
        # Attestations.
        pytest.param(
            CLAUSES + "attestations:\n  - {clause: 三, asks: {zh: 问}, valid_days: 1}",
            ["unknown-clause a.yaml:6:14"],
            id="attestation of no clause",
        ),
        pytest.param(
            CLAUSES + "attestations:\n  - {clause: 一, asks: {}, valid_days: 0}",
            ["no-language a.yaml:6:23", "bound-greater-than-equal a.yaml:6:39"],
            id="attestation that asks nothing",
        ),
        # Entries that are neither one thing nor the other.
        pytest.param("rules: [{}]", ["neither-use-nor-sql a.yaml:4:9"], id="empty rule"),
        pytest.param(rule("message: {zh: 甲}"), ["only-with-sql a.yaml:7:5"], id="message of an installed rule"),
        pytest.param(rule("sql: SELECT 1"), ["use-and-sql a.yaml:6:5"], id="use and sql"),
    ],
)
def test_a_mistake(write: Write, mistakes: Mistakes, text: str, expected: list[str]) -> None:
    found = mistakes(write(text))
    assert len(found) == len(expected), found
    for one, wanted in zip(sorted(found), sorted(expected), strict=True):
        assert one.startswith(wanted), found


def test_all_mistakes_come_at_once(write: Write, mistakes: Mistakes) -> None:
    path = write(
        CLAUSES
        + """parameters: {grace: 3, unused: 1}
rulez: []
rules:
  - use: test/smal
    clause: [三]
  - use: test/small
    clause: [九]
    severity: eror
    with: {dayz: 1, days: "3", strict: no}
    applies_to: "knd = 1"
  - id: LOCAL-1
    name: local/one
    sql: SELECT ownr FROM groups
    message: {zh: 甲}
"""
    )
    assert mistakes(path) == [
        "unknown-key a.yaml:6:1",
        "unknown-rule a.yaml:8:10",
        "unknown-clause a.yaml:11:14",
        "unknown-word a.yaml:12:15",
        "unknown-parameter a.yaml:13:12",
        "wrong-type a.yaml:13:27",
        "wrong-type a.yaml:13:40",
        "sql.unknown-column a.yaml:14:18",
        "sql.unknown-column a.yaml:17:17",
    ]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_meant_is_suggested(write: Write, catalogue: RuleCatalogue, language: Any) -> None:
    path = write(rule("with: {dayz: 1}\n    severity: eror"))
    with use_language(language), pytest.raises(RuleSetError) as caught:
        check_ruleset(path, catalogue, [])
    fixes = [problem.fix for problem in caught.value.problems]
    assert "days" in fixes[0]
    assert "error" in fixes[1]
    assert "pydantic" not in str(caught.value)
    assert "http" not in str(caught.value)


def test_foreign_values_are_quoted_short_and_clean(write: Write, catalogue: RuleCatalogue) -> None:
    path = write(rule('with: {mode: "\\e[31m' + "x" * 5000 + '"}'))
    with pytest.raises(RuleSetError) as caught:
        check_ruleset(path, catalogue, [])
    assert len(str(caught.value)) < 600
    assert "\x1b" not in str(caught.value)


def test_what_a_broken_parent_defines_is_not_called_unknown(write: Write, mistakes: Mistakes) -> None:
    write("document: {title: d, clauses: [{id: 一, text: 甲}]}\nrulez: 1\n", "base.yaml")
    path = write("extends: [base, gone]\nrules:\n  - {use: test/small, clause: [二]}\n")
    assert mistakes(path) == ["unknown-ruleset a.yaml:4:17", "unknown-key base.yaml:5:1"]


def test_a_number_in_quotes_is_told_as_text(write: Callable[..., Path], mistakes: Callable[[Path], list[str]]) -> None:
    path = write(rule(""))
    path.write_text(path.read_text(encoding="utf-8").replace("policycore: 1", "policycore: '1'"), encoding="utf-8")
    assert mistakes(path) == ["wrong-type a.yaml:1:13"]
