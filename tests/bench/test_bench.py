"""The bench: every stage is there, other engines agree, and wrong verdicts are an error. Nothing is timed."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import click
import pytest

from bench import compare
from bench.estate import write_estate
from bench.exports import FORMS, GROUPS
from bench.measure import measure_check, measure_ruleset
from bench.rulesets import FIVE, selected_rules, write_large_ruleset, write_ruleset
from bench.run import run_bench
from bench.size import size_lines
from bench.table import bench_lines
from bench.text import measure_text, text_lines, write_messages
from policycore import import_estate


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench")
    write_estate(folder, 300, 3_000, 600, 5)
    return folder


def test_a_check_has_every_stage_and_rule(written: Path) -> None:
    ruleset = write_ruleset(written / "five.yaml", FIVE)
    measured = measure_check(written, ruleset)
    names = [stage["name"] for stage in measured["stages"]]
    assert names[:3] == ["load modules", "load rule set", "open snapshot"]
    assert set(FIVE) <= set(names)
    assert names[-1] == "write report (JSON)"
    assert measured["groups"] > 250
    assert measured["problems"] == []
    assert sum(stage["findings"] or 0 for stage in measured["stages"][:-1]) > 0


def test_metadata_rules_are_all_about_groups_and_members() -> None:
    metadata = selected_rules("metadata")
    assert set(FIVE) <= set(metadata)
    assert not any(name.startswith(("content/", "secrecy/")) for name in metadata)
    assert set(metadata) < set(selected_rules("all"))


@pytest.mark.long
def test_the_text_engine_finds_what_hyperscan_finds(tmp_path: Path) -> None:
    pytest.importorskip("hyperscan")
    write_messages(tmp_path, 3_000, 1)
    measured = measure_text(tmp_path, 100, 1, 1)
    assert measured["problems"] == []
    assert measured["verdicts"] >= 6_000
    # What is folded is found by the engine alone, and what overlaps is counted by hyperscan alone.
    assert 0.8 < measured["raw_utf8_hits"] / measured["hits"] < 1.2
    assert len(list(text_lines(measured))) == 9


def test_a_large_rule_set_loads_and_loads_again(tmp_path: Path) -> None:
    measured = measure_ruleset(write_large_ruleset(tmp_path / "large.yaml", 40))
    assert measured["rules"] == 40


@pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("cedarpy", "c7n")),
    reason="cedarpy and c7n are not installed (pip install 'policycore[bench]')",
)
def test_other_engines_give_the_same_verdicts(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ruleset = write_ruleset(written / "five.yaml", FIVE)
    answers = compare.compare(written / "snapshot", ruleset)
    assert len({answer["failing"] for answer in answers}) == 1
    assert answers[0]["failing"] > 0
    # A rule that another engine reads differently must not pass in silence.
    monkeypatch.setitem(compare.CEDAR, FIVE[4], "context.join_approval")
    with pytest.raises(RuntimeError, match="disagrees"):
        compare.compare(written / "snapshot", ruleset)


def test_engines_that_are_not_there_are_named_before_anything_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    with pytest.raises(click.ClickException, match="cedarpy, c7n not installed"):
        run_bench(50, 500, 0, seed=1, rules="metadata", compare=True, tell=print)


@pytest.mark.long
def test_the_whole_bench_runs_in_processes_of_its_own_and_prints_a_table() -> None:
    told: list[str] = []
    answer = run_bench(50, 500, 100, seed=1, rules="ownership-admission-5", large_ruleset=20, tell=told.append)
    assert len(told) == 5
    assert json.loads(json.dumps(answer)) == answer
    answer["machine"]["processor"] = "a name as long as those of some machines " * 5
    lines = list(bench_lines(answer))
    assert sum("ownership/owner-in-post" in line for line in lines) == 2
    assert all(len(line) <= 100 for line in lines)


def test_statements_are_counted_without_imports_and_texts_by_entry(tmp_path: Path) -> None:
    (tmp_path / "policycore" / "cli").mkdir(parents=True)
    (tmp_path / "policycore" / "cli" / "a.py").write_text(
        "import os\nTEXTS: dict = {'a': (), **b, 'c': ()}\nif x:\n    from y import z\n    z()\n", encoding="utf-8"
    )
    (line, total) = size_lines(tmp_path)
    assert line.split() == ["policycore/cli", "3", "2"]
    assert total.split()[-2:] == ["3", "2"]


@pytest.mark.parametrize("form", FORMS)
def test_each_form_of_an_export_holds_the_same_messages(form: str, tmp_path: Path) -> None:
    name, write = FORMS[form]
    write(tmp_path / name, 2 * GROUPS, 5)
    estate = import_estate(tmp_path / name, tmp_path / "estate", as_of="2024-04-15")
    assert estate.tables["messages"].rows == 2 * GROUPS
    assert estate.rejected == 0
