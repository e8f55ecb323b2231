"""Deadlines run from the day on which a finding began, and every run can still be reported as it was."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from policycore.model.result import RunResult
from policycore.model.verdict import Verdict
from policycore.store import schema
from policycore.store.kept.loose import counted_from, said_alike
from policycore.store.kept.runs import find_run, load_run
from policycore.store.query import FindingFilter, page_of_findings
from policycore.store.store import Store
from policycore.store.work import work_plan
from tests.databases import save

ZONE = ZoneInfo("Asia/Shanghai")
DAYS = 14


def on_day(build: Any, number: int, *, found: bool = True, **said: Any) -> RunResult:
    """Return the run of a day; what it finds is to be put right within fourteen days, as a rule counts them."""
    day = build.day(number).astimezone(ZONE)
    findings = [build.finding(due=day + timedelta(days=DAYS), **said)] if found else []
    return build.result(*findings, as_of=day)


def days_until_due(store: Store, build: Any) -> int:
    """Return how many days after the first run the finding is due; its list, its step and what it says agree."""
    with store.read() as connection:
        [row] = page_of_findings(connection, FindingFilter(active=None))
        [step] = work_plan(connection, open_only=False)
    [said] = row.finding.remediation
    assert row.due == step.due == said.due
    assert row.due is not None
    return (row.due - build.day(0)).days


def test_a_deadline_does_not_move_on_with_the_runs(store: Store, build: Any) -> None:
    runs = [on_day(build, number) for number in range(4)]
    numbers = []
    for run in runs:
        numbers.append(save(store, run).id)
        assert days_until_due(store, build) == DAYS
    with store.read() as connection:
        reworded = select(schema.moves.c.run_id).where(schema.moves.c.state.is_(None))
        assert connection.scalars(reworded).all() == [], "nothing else was said"
        # Each run is reported as it was: by itself it counts from its own day.
        assert [load_run(connection, find_run(connection, str(number))) for number in numbers] == runs


def test_a_deadline_stays_when_the_words_change(store: Store, build: Any) -> None:
    runs = [on_day(build, number, facts={"days": number}) for number in range(3)]
    numbers = [save(store, run).id for run in runs]
    assert days_until_due(store, build) == DAYS
    with store.read() as connection:
        assert [load_run(connection, find_run(connection, str(number))) for number in numbers] == runs


@pytest.mark.parametrize("settled", [False, True])
def test_what_comes_back_gets_a_new_deadline(store: Store, build: Any, settled: bool) -> None:
    save(store, on_day(build, 0))
    save(store, on_day(build, 5, verdict=Verdict.WAIVED) if settled else on_day(build, 5, found=False))
    back = on_day(build, 30)
    number = save(store, back).id
    assert days_until_due(store, build) == 30 + DAYS
    save(store, on_day(build, 31, facts={"owner": "李四"}))
    assert days_until_due(store, build) == 30 + DAYS
    with store.read() as connection:
        assert load_run(connection, find_run(connection, str(number))) == back


def test_what_was_out_of_sight_for_a_while_keeps_its_deadline(store: Store, build: Any) -> None:
    save(store, on_day(build, 0))
    save(store, build.result(gaps=(build.gap("g1"),), as_of=build.day(1)))
    save(store, on_day(build, 2))
    assert days_until_due(store, build) == DAYS


def test_another_number_of_days_is_another_word(build: Any) -> None:
    day = build.day(0).astimezone(ZONE)
    one, other = (build.finding(due=day + timedelta(days=days)) for days in (7, 14))
    assert not said_alike(one, day, other, day)
    later = day + timedelta(days=7)
    assert said_alike(other, day, build.finding(due=later + timedelta(days=14)), later)


zones = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]).map(ZoneInfo)
walls = st.datetimes(datetime(2000, 1, 1), datetime(2040, 1, 1))


@given(zone=zones, then=walls, now=walls, days=st.integers(0, 400))
def test_days_are_counted_by_the_clocks_of_the_zone(
    build: Any, zone: ZoneInfo, then: datetime, now: datetime, days: int
) -> None:
    """As the engine counts them, across every change of the clocks."""
    first, second = then.replace(tzinfo=zone), now.replace(tzinfo=zone)
    finding = build.finding(due=first + timedelta(days=days))
    [step] = counted_from(finding, first, second).remediation
    assert step.due == second + timedelta(days=days)
