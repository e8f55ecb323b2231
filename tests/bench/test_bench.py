"""The bench: every stage is there, other engines agree, and wrong verdicts are an error. Nothing is timed."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from bench import compare
from bench.measure import measure_check
from bench.rules import FIVE, selected_rules, write_ruleset
from bench.run import Wanted, run_bench
from bench.startup import measure_ruleset, write_large_ruleset
from bench.table import bench_lines
from bench.write import write_estate
from policycore.errors import UsageError
from policycore.plugin_api.plugins import load_plugins
from policycore.text.width import width


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bench")
    write_estate(folder, groups=300, members=3_000, messages=600, seed=5)
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
    catalogue = load_plugins().rules
    metadata = selected_rules("metadata", catalogue)
    assert set(FIVE) <= set(metadata)
    assert not any(name.startswith(("content/", "secrecy/")) for name in metadata)
    assert set(metadata) < set(selected_rules("all", catalogue))


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
    with pytest.raises(UsageError) as raised:
        run_bench(Wanted(50, 500, 0, 1, "metadata", compare=True), print)
    assert raised.value.problems[0].code == "bench.not-installed"


def test_the_whole_bench_runs_in_processes_of_its_own_and_prints_a_table() -> None:
    told: list[str] = []
    answer = run_bench(Wanted(50, 500, 100, 1, "ownership-admission-5", large_ruleset=20), told.append)
    assert len(told) == 4
    assert json.loads(json.dumps(answer)) == answer
    lines = list(bench_lines(answer))
    assert any("ownership/owner-in-post" in line for line in lines)
    assert all(width(line) <= 100 for line in lines)
