"""Each finding that time brings comes with its day."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore.demo.generate import generate_demo
from policycore.engine.run import evaluate
from policycore.estate.importing import open_estate
from policycore.model.result import RunResult
from policycore.model.verdict import Verdict
from policycore.operations.forecast import coming, moments, results_at
from policycore.plugin_api.plugins import load_plugins
from policycore.rulesets.load import load_ruleset
from policycore.store.missed_run import punctuality
from policycore.store.workspace import init_workspace
from policycore.system.duration import duration, spelled

BEGIN = datetime(2024, 4, 15, tzinfo=ZoneInfo("Asia/Shanghai"))


def judge_by(build: Any, days: dict[str, int]) -> Any:
    """Return what finds each subject from its day on."""

    def judge(moment: datetime) -> RunResult:
        passed = (moment - BEGIN).days
        found = [build.finding(subject=name, facts={"days": passed}) for name, day in days.items() if passed >= day]
        return build.result(*found, as_of=moment)

    return judge


@given(days=st.dictionaries(st.sampled_from([f"g{number}" for number in range(8)]), st.integers(0, 40)))
def test_every_finding_has_its_day(build: Any, days: dict[str, int]) -> None:
    expected = sorted((day, name) for name, day in days.items() if 0 < day <= 30)
    found = coming(map(judge_by(build, days), moments(BEGIN, 30)))
    assert sorted(((item.at - BEGIN).days, item.finding.subject.id) for item in found) == expected


def test_what_comes_and_goes_is_seen(build: Any) -> None:
    def judge(moment: datetime) -> RunResult:
        there = 3 <= (moment - BEGIN).days < 5
        return build.result(*([build.finding(subject="g1")] if there else []), as_of=moment)

    assert [item.at.day for item in coming(map(judge, moments(BEGIN, 30)))] == [18]


def test_a_waiver_that_ends_is_foreseen_and_one_that_begins_is_not(build: Any) -> None:
    def judge(moment: datetime) -> RunResult:
        passed = (moment - BEGIN).days
        waived = Verdict.WAIVED if passed < 10 else Verdict.FAIL
        accepted = Verdict.FAIL if passed < 3 else Verdict.WAIVED
        return build.result(
            build.finding(subject="g1", verdict=waived), build.finding(subject="g2", verdict=accepted), as_of=moment
        )

    found = coming(map(judge, moments(BEGIN, 30)))
    assert [(item.finding.subject.id, item.at.day, item.was) for item in found] == [("g1", 25, Verdict.WAIVED)]


def test_days_are_those_of_the_wall_clock() -> None:
    begin = datetime(2024, 3, 30, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    listed = moments(begin, 2)
    assert [moment.hour for moment in listed] == [12, 12, 12]
    assert (listed[1].timestamp() - listed[0].timestamp()) == 23 * 3600
    assert [moment.day for moment in moments(BEGIN, 8, every=3)] == [15, 18, 21]


@pytest.mark.parametrize(("hours", "missed"), [(0, 0), (24, 0), (26, 0), (26.5, 1), (50, 1), (50.5, 2), (24 * 10, 9)])
def test_missed_runs_are_counted_with_some_grace(hours: float, missed: int) -> None:
    when = punctuality(BEGIN, timedelta(days=1), BEGIN + timedelta(hours=hours))
    assert (when.missed, when.clock_went_back) == (missed, False)


def test_a_clock_that_went_back_is_no_missed_run() -> None:
    when = punctuality(BEGIN, timedelta(days=1), BEGIN - timedelta(days=400))
    assert (when.missed, when.clock_went_back) == (0, True)
    assert punctuality(None, timedelta(days=1), BEGIN).missed == 0


@pytest.mark.parametrize(
    ("text", "seconds"), [("60s", 60), ("60", 60), ("5m", 300), ("1.5h", 5400), ("7D", 604800), ("2 w", 1209600)]
)
def test_durations(text: str, seconds: float) -> None:
    assert duration(text).total_seconds() == seconds
    assert duration(spelled(duration(text))) == duration(text)


@pytest.mark.parametrize("text", ["", "0", "-1s", "soon", "1e9", "99999d", "1y", "５m", "nan", "1h30m"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(text)}$"):
        duration(text)


@pytest.mark.long
def test_looking_ahead_says_what_checks_on_those_days_would_say(tmp_path: Path) -> None:
    workspace = init_workspace(tmp_path / "office")
    plugins = load_plugins()
    ruleset = load_ruleset("work-groups-base", plugins.rules, plugins.ruleset_folders)
    generate_demo(tmp_path / "demo")
    with open_estate(tmp_path / "demo" / "estate") as snapshot:
        days = moments(snapshot.as_of, 8, every=2)
        for day, result in zip(days, results_at(workspace, snapshot, ruleset, days), strict=True):
            checked = evaluate(snapshot, ruleset, as_of=day, evidence_key=workspace.key())
            assert (result.as_of, result.findings, result.clauses) == (day, checked.findings, checked.clauses)
