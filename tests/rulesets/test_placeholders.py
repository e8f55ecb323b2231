"""Places in texts that nothing fills are told, together with whatever else is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from policycore.rulesets.load import LoadedRuleSet
from policycore.rulesets.sql.check import SqlChecker
from policycore.rulesets.sql.result_names import possible_names

Write = Callable[..., Path]
Mistakes = Callable[[Path], list[str]]
RULE = "rules:\n  - id: LOCAL-1\n    name: local/large\n    sql: "


def where(write: Write, mistakes: Mistakes, sql: str, *more: str) -> list[str]:
    """Return the mistakes of a set with one rule: `sql` stands in line 7, what follows in the lines after it."""
    return mistakes(write("\n    ".join([f"{RULE}{sql}", *more]) + "\n"))


@pytest.mark.parametrize(
    ("sql", "faults"),
    [
        ("SELECT id AS group_id, ownr FROM groups", ["sql.unknown-column a.yaml:7:33"]),
        ("SELECT id AS group_id FROM grups", ["sql.unknown-table a.yaml:7:37"]),
        ("SELECT id AS group_id, now() FROM groups", ["sql.refused-function a.yaml:7:33"]),
        ("SELECT id AS group_id FROM groups WHERE name = $x", ["sql.unknown-value a.yaml:7:57"]),
        ("SELECT id AS group_id FROM grups UNION SELECT id FROM groups", ["sql.unknown-table a.yaml:7:37"]),
        ("SELECT g.* FROM grups g", ["sql.unknown-table a.yaml:7:26"]),
        ("SELECT unnest(scope) FROM grups", ["sql.unknown-table a.yaml:7:36"]),
        ("SELECT name FROM groups", ["sql.no-subject a.yaml:7:10"]),
        ("SELECT 'x' AS group_id", ["sql.reads-nothing a.yaml:7:10"]),
        ("SELECT group_id, id AS message_id, text FROM messages", ["sql.quotes-messages a.yaml:7:10"]),
        ("SELECT id AS group_id FROM FROM", ["sql.syntax a.yaml:7:37"]),
    ],
)
def test_they_are_told_beside_what_is_wrong_with_the_sql(
    write: Write, mistakes: Mistakes, sql: str, faults: list[str]
) -> None:
    more = ('message: {zh: "{nme}{name}"}', "remediation:", '  - {who: owner, what: {en: "{tme}{group}"}}')
    places = ["unknown-placeholder a.yaml:10:33", "unknown-placeholder a.yaml:8:19"]
    assert sorted(where(write, mistakes, sql, *more)) == sorted([*faults, *places])


def test_a_step_needs_its_columns_as_the_message_does(write: Write, mistakes: Mistakes) -> None:
    step = "remediation: [{who: owner, what: {zh: '{owner_id}', en: '{ownr}'}, within_days: 3}]"
    found = where(write, mistakes, "SELECT id AS group_id, owner_id FROM groups", "message: {zh: 甲}", step)
    assert found == ["unknown-placeholder a.yaml:9:61"]


@pytest.mark.parametrize("text", ["{ name }", "{name:>5}", "{0}", "{}", "{a b}", "{verdict}"])
def test_what_looks_like_a_place_and_is_none_is_told(write: Write, mistakes: Mistakes, text: str) -> None:
    sql = 'SELECT id AS group_id, 1 AS "a b", ' + "'suspect' AS verdict FROM groups"
    assert where(write, mistakes, sql, f"message: {{zh: '{text}'}}") == ["unknown-placeholder a.yaml:8:19"]


def test_a_column_misspelt_in_the_sql_is_no_mistake_of_the_message(write: Write, mistakes: Mistakes) -> None:
    sql = "SELECT id AS group_id, member_cont FROM group_facts"
    found = where(write, mistakes, sql, "message: {zh: '{member_count} {member_cont}'}")
    assert found == ["sql.unknown-column a.yaml:7:33"]


def test_a_parameter_without_its_value_is_told_once(write: Write, mistakes: Mistakes) -> None:
    sql = "SELECT id AS group_id FROM group_facts WHERE member_count > $most"
    found = where(write, mistakes, sql, "message: {zh: '{most}'}", "with: {most: $mots}")
    assert found == ["unknown-value a.yaml:9:18"]


def test_texts_that_are_shown_as_they_stand_have_no_places(write: Write, mistakes: Mistakes) -> None:
    sql = "SELECT id AS group_id FROM groups"
    found = where(
        write,
        mistakes,
        sql,
        "message: {zh: 甲}",
        "title: {zh: '{name}'}",
        "explanation: {en: '{group_id}'}",
        "clause: [一]\ndocument: {title: 甲, clauses: [{id: 一, text: 甲}]}\n"
        "attestations: [{clause: 一, asks: {zh: '{name}'}, valid_days: 9}]",
    )
    assert [one.partition(":")[0] for one in found] == ["placeholder-not-here a.yaml"] * 3


def test_labels_are_of_columns_and_parameters_and_shown_as_they_stand(
    write: Write, mistakes: Mistakes, load: Callable[[Path], LoadedRuleSet]
) -> None:
    sql = "SELECT id AS group_id, member_count AS 人数 FROM group_facts WHERE member_count > $most"
    more = ("message: {zh: 甲}", "with: {most: 3}", "fact_labels: {人数: {zh: 成员数}, %s: {zh: '%s', en: most}}")
    found = where(write, mistakes, sql, *more[:2], more[2] % ("mots", "{人数}"))
    assert sorted(found) == ["placeholder-not-here a.yaml:10:45", "unknown-fact a.yaml:10:34"]
    resolved = load(write("\n    ".join([f"{RULE}{sql}", *more[:2], more[2] % ("most", "上限")]) + "\n")).ruleset
    assert {name: (text.zh, text.en) for name, text in resolved.rules[0].rule.fact_labels.items()} == {
        "人数": ("成员数", "成员数"),
        "most": ("上限", "most"),
    }
    assert mistakes(write("rules:\n  - {use: ownership/owner-present, fact_labels: {owner: {zh: 甲}}}\n"))


def test_every_column_parameter_and_name_fills_a_place(write: Write, load: Callable[[Path], LoadedRuleSet]) -> None:
    text = "{group_id}{name}{group}{人数}{most}"
    sql = "SELECT id AS group_id, member_count AS 人数 FROM group_facts WHERE member_count > $most"
    assert load(write(f"{RULE}{sql}\n    message: {{zh: '{text}'}}\n    with: {{most: 3}}\n")).ruleset.rules


def test_names_of_a_result_that_cannot_be_run() -> None:
    checker = SqlChecker()
    sql = "SELECT id AS group_id, g.name, count(*) AS number, max(id) FROM grups g"
    assert possible_names(sql, checker.tree(sql), ()) == {"group_id", "name", "number", ""}
    checker.close()
