from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from policycore.errors import ExitCode
from policycore.language import Language
from policycore.plugin_api.paths import as_needs
from policycore.plugin_api.plugins import load_plugins
from policycore.text.width import width

Run = Callable[..., Any]


def test_every_rule_is_listed_with_its_severity_and_subject(run: Run) -> None:
    lines = run("rules").out.splitlines()
    assert [line.split()[0] for line in lines] == [rule.id for rule in load_plugins().rules.all()]
    (line,) = [line for line in lines if "ownership/owner-present" in line]
    assert line.split()[:4] == ["OWN001", "ownership/owner-present", "must-fix", "group"]


def test_words_narrow_the_list_in_either_language(run: Run) -> None:
    assert run("rules", "owner-pres").out.count("\n") == 1
    assert "OWN001" in run("rules", "有群主").out
    assert run("rules", "nothing-of-the-kind").out == ""


def test_rules_as_json_hold_both_languages_and_parameters(run: Run) -> None:
    listed = json.loads(run("rules", "--format", "json").out)
    (quiet,) = [rule for rule in listed if rule["name"] == "dormancy/quiet"]
    assert set(quiet["title"]) == {"zh", "en"}
    assert quiet["verdict"] == "suspect"
    assert quiet["parameters"]["days"]["minimum"] == 1


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_rule_can_be_explained_within_the_width(language: Language, run: Run) -> None:
    for rule in load_plugins().rules.all():
        ended = run("explain", rule.id, "--lang", language)
        assert ended.code == ExitCode.CLEAN
        for words in (
            rule.name,
            *(need.path for need in as_needs(rule.requires)[:1]),
            *(case.title.in_language(language)[:20] for case in rule.cases[:1]),
        ):
            assert words in ended.out
        assert max(map(width, ended.out.splitlines())) <= 80


def test_a_page_shows_parameters_with_type_default_bounds_and_description(run: Run) -> None:
    page = run("explain", "dormancy/quiet").out
    assert "days  (integer; default: 90; ≥ 1, ≤ 3650)" in page
    assert "whole days without a message by a person" in page
    assert "messages.sent_at" in page
    assert "→ finds g1" in page
    assert "→ nothing is found" in page


def test_ids_may_be_typed_in_lower_case(run: Run) -> None:
    assert run("explain", "own001").out == run("explain", "ownership/owner-present").out


def test_a_rule_that_does_not_exist_is_wrong_usage_with_a_suggestion(run: Run) -> None:
    ended = run("explain", "ownership/owner-presnt")
    assert (ended.code, ended.out) == (ExitCode.USAGE, "")
    assert "did you mean ownership/owner-present" in ended.err


def test_a_rule_set_shows_clauses_parameters_and_place(run: Run, ruleset: Path) -> None:
    page = run("explain", "OWN001", "--ruleset", ruleset).out
    assert "clause 一" in page
    assert "small.yaml:10" in page
    assert "not used" in run("explain", "OWN002", "--ruleset", ruleset).out


def test_a_clause_and_a_rule_in_sql_are_explained_by_their_rule_set(run, tmp_path):
    (tmp_path / "own.yaml").write_text(
        "policycore: 1\nruleset: own\ntitle: {zh: 甲, en: a}\n"
        "document: {title: 通知, clauses: [{id: 一, text: 管理}, {id: 一(二), text: 及时解散, parent: 一}]}\n"
        "rules:\n  - id: LOCAL-1\n    name: local/too-large\n    clause: [一(二)]\n"
        "    sql: SELECT id AS group_id, member_count FROM group_facts WHERE member_count > 200\n"
        "    message: {zh: '成员{member_count}人', en: '{member_count} members'}\n",
        "utf-8",
    )
    for typed in ("一（二）", "1(2)", "一"):
        told = run("explain", typed, "--ruleset", tmp_path / "own.yaml")
        assert told.code == 0
        assert "及时解散" in told.out
        assert "local/too-large" in told.out
    assert (
        "{member_count} members"
        in run("--lang", "en", "explain", "local/too-large", "--ruleset", tmp_path / "own.yaml").out
    )
    wrong = run("explain", "LOCAL-2", "--ruleset", tmp_path / "own.yaml")
    assert wrong.code == 2
    assert "LOCAL-1" in wrong.err
