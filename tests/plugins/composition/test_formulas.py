"""Formulas of who belongs: in words, wrong ones told at their places, kept with a run, and planned by."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from policycore.errors import RuleSetError
from policycore.operations.choose_ruleset import load_ruleset
from policycore.plugin_api.plugins import load_plugins
from policycore.rulesets.load import check_ruleset

Run = Callable[..., Any]
SET = """\
policycore: 1
ruleset: unit
title: {zh: 单位, en: Unit}
document: {title: 办法, clauses: [{id: 一, text: 成员}]}
parameters: {heads: [处长]}
memberships:
  - id: heads
    title: {zh: 处长群, en: Heads}
    clause: [一]
    groups: "name = '处长群'"
    members:
      - {titles: $heads, below: 行政, exactly: 1}
      - {people: [p9]}
    minus: [{departments: 后勤处}]
rules:
  - {use: composition/missing-member, clause: [一]}
  - {use: composition/extra-member, clause: [一]}
  - {use: composition/one-per-department, clause: [一]}
"""
TABLES = {
    "departments": "id,name,parent_id\nd0,行政,\nd1,教务处,d0\nd2,后勤处,d0\nd3,学院,\n",
    "people": "id,name,status\np1,张伟,active\np2,李娜,active\np3,王芳,active\np9,赵敏,active\n",
    "appointments": "person_id,department_id,title\np1,d1,处长\np2,d2,处长\np3,d3,院长\n",
    "accounts": "id,person_id,kind\na2,p2,internal\na3,p3,internal\na9,p9,internal\n",
    "groups": 'id,name,scope\ng1,处长群,\ng2,教务群,"{""departments"": [""d1""]}"\ng3,闲聊群,\n',
    "memberships": "group_id,account_id,role\ng1,a2,member\ng1,a3,member\ng1,a9,owner\ng2,a3,owner\ng3,a3,member\n",
}
MANIFEST = "policycore: 1\nas_of: 2024-04-15T00:00:00+08:00\ntimezone: Asia/Shanghai\nsources: []\n"


@pytest.fixture
def ruleset(tmp_path: Path) -> Path:
    path = tmp_path / "unit.yaml"
    path.write_text(SET, encoding="utf-8")
    return path


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    folder = tmp_path / "estate"
    folder.mkdir()
    (folder / "manifest.yaml").write_text(MANIFEST, encoding="utf-8")
    for name, text in TABLES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_a_formula_is_explained_in_words_in_both_languages(run: Run, ruleset: Path) -> None:
    told = json.loads(run("ruleset", "explain", ruleset, "heads", "--format", "json").out)
    [members] = [one for one in told["values"] if one["path"] == "memberships.heads.members"]
    assert all(word in members["words"]["zh"] for word in ("处长", "行政及其下属部门", "恰好1名", "p9", "后勤处"))
    assert all(word in members["words"]["en"] for word in ("the title 处长", "departments below", "exactly 1", "p9"))


@pytest.mark.parametrize(
    ("old", "new", "place", "word"),
    [
        ("titles: $heads", "titels: $heads", "12:10", "titles"),
        ("titles: $heads", "titles: $hedas", "12:18", "heads"),
        ("titles: $heads, below: 行政, exactly: 1", "exactly: 1", "12:9", "titles"),
        ("exactly: 1", "exactly: 1, at_most: 2", "12:9", "at_most"),
        ("exactly: 1", "exactly: 0", "12:46", "1"),
        ("exactly: 1", "per: person", "12:42", "department"),
        ("people: [p9]", "people: []", "13:18", "1"),
        ("people: [p9]", "designated: chair", "13:22", "liaison"),
        ("name = '处长群'", "nmae = '处长群'", "10:14", "name"),
        ("clause: [一]\n    groups", "clause: [二]\n    groups", "9:14", "一"),
        ("- id: heads", "- id: heads\n    id: heads", "8:5", "id"),
    ],
)
def test_a_mistake_in_a_formula_is_told_where_it_stands(
    ruleset: Path, old: str, new: str, place: str, word: str
) -> None:
    assert old in SET
    ruleset.write_text(SET.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RuleSetError) as raised:
        load_ruleset(ruleset)
    told = [str(problem) for problem in raised.value.problems]
    assert any(f"unit.yaml:{place}" in line and word in line for line in told), told


def test_a_plan_lists_who_comes_and_goes_and_stops_before_many_go(run: Run, ruleset: Path, estate: Path) -> None:
    asked = ("plan", "membership", "--ruleset", ruleset, "--estate", estate, "--format", "csv")
    stopped = run(*asked, "处长群")
    assert (stopped.code, stopped.out) == (2, "")
    assert "2 of 3" in stopped.err
    rows = list(csv.reader(io.StringIO(run(*asked, "g1", "--yes").out.removeprefix("\ufeff"))))
    assert rows[0] == ["action", "group_id", "person_id", "name", "department", "reason", "clause"]
    assert [row[:5] + row[6:] for row in rows[1:]] == [
        ["add", "g1", "p1", "张伟", "教务处", "一"],
        ["remove", "g1", "p2", "李娜", "后勤处", "一"],
        ["remove", "g1", "p3", "王芳", "学院", "一"],
    ]
    every = json.loads(run(*asked[:-1], "json", "--all", "--yes").out)
    assert [(one["group_id"], one["removals"]) for one in every["groups"]] == [("g2", 1), ("g1", 2)]
    assert {one["group_id"]: one["owners_removed"] for one in every["groups"]} == {"g1": [], "g2": ["王芳"]}
    assert {(one["action"], one["person_id"]) for one in every["changes"] if one["group_id"] == "g2"} == {
        ("add", "p1"),
        ("remove", "p3"),
    }
    book = estate.parent / "plan.xlsx"
    assert run(*asked[:-1], "xlsx", "g2", "--yes", "--output", book).code == 0
    assert [row[0].value for row in openpyxl.load_workbook(book).active.iter_rows()] == ["action", "add", "remove"]
    assert "neither a formula nor a scope" in run(*asked, "g3").err
    assert "教务群" in run(*asked, "教务君").err


_TAKEN_AWAY = (
    ("appointments", None),
    ("departments", None),
    ("people", None),
    ("memberships", None),
    ("appointments", "person_id,department_id\np1,d1\np2,d2\np3,d3\n"),
    ("departments", "id,name\nd0,行政\nd1,教务处\nd2,后勤处\nd3,学院\n"),
    ("people", "id,name\np1,张伟\np2,李娜\np3,王芳\np9,赵敏\n"),
    ("accounts", "id,kind\na1,internal\na9,internal\n"),
    ("groups", "id\ng1\ng2\ng3\n"),
)


@pytest.mark.long
def test_what_is_taken_away_leaves_no_pass_and_plans_no_removal(run: Run, ruleset: Path, estate: Path) -> None:
    # Everybody is where they belong, so that whatever is said beside a gap is wrong.
    (estate / "accounts.csv").write_text("id,person_id,kind\na1,p1,internal\na9,p9,internal\n", encoding="utf-8")
    (estate / "memberships.csv").write_text("group_id,account_id\ng1,a1\ng1,a9\n", encoding="utf-8")
    ruleset.write_text(SET.replace(", exactly: 1", ""), encoding="utf-8")
    check = ("check", "--ruleset", ruleset, "--estate", estate, "--no-store", "--format", "json")
    whole = json.loads(run(*check).out)
    assert not whole["findings"]
    assert not whole["gaps"]
    files = {file: file.read_bytes() for file in estate.iterdir()}
    dangling = {"departments": ["appointments"], "people": ["appointments", "accounts"]}
    for table, text in _TAKEN_AWAY:
        for file, content in files.items():
            file.write_bytes(content)
        for gone in (table, *(dangling.get(table, ()) if text is None else ())):
            (estate / f"{gone}.csv").unlink()
        if text is not None:
            (estate / f"{table}.csv").write_text(text, encoding="utf-8")
        without = json.loads(run(*check).out)
        assert not without["findings"], (table, text, without["findings"])
        lost = [gap["rule"] for gap in without["gaps"]]
        assert lost, (table, text, without)
        before, passes = (
            sum(counts.get("pass", 0) for rule, counts in one["summary"]["by_rule"].items() if rule in lost)
            for one in (whole, without)
        )
        assert passes < before, (table, text)


def test_a_formula_put_in_anothers_place_is_told_with_both_places(tmp_path: Path, ruleset: Path) -> None:
    own = tmp_path / "own.yaml"
    head = "policycore: 1\nruleset: own\ntitle: {zh: 自定}\nextends: [unit.yaml]\n"
    formula = SET[SET.index("memberships:") : SET.index("rules:")]
    plugins = load_plugins()
    for text, told in ((formula, 0), (formula.replace("exactly: 1", "at_most: 3"), 1)):
        own.write_text(head + text, encoding="utf-8")
        warnings = check_ruleset(own, plugins.rules, plugins.ruleset_folders).warnings
        assert [one.code for one in warnings] == ["ruleset.membership-replaced"] * told
        assert all("own.yaml:" in str(one) and "unit.yaml:" in str(one) for one in warnings)
