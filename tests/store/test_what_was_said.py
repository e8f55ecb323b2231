"""What findings said in each run, and where their rows stood in it; that a row moved is no other word."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from policycore.model.result import RunResult, Source
from policycore.store import schema
from policycore.store.kept.runs import find_run, load_run
from policycore.store.lives.history import history_of
from policycore.store.lives.presence import everything_present
from policycore.store.query import FindingFilter, findings_matching
from policycore.store.record import record
from policycore.store.store import Store

ZONE = ZoneInfo("Asia/Shanghai")


def save(store: Store, result: RunResult, **options: Any) -> Any:
    return record(store, result, presence=lambda _asked: everything_present, **options)


def test_a_row_that_moved_is_told_by_every_run_and_is_no_other_word(store: Store, build: Any) -> None:
    first, second = build.finding(), build.finding(subject="g2")
    runs = []
    for day, rows in enumerate(((3, 4), (5, 4), (5, 9), (3, 4))):
        result = build.result(
            *(replace(one, source=Source("groups.csv", row)) for one, row in zip((first, second), rows, strict=True)),
            as_of=build.day(day).astimezone(ZONE),
        )
        runs.append((save(store, result, now=build.day(day)).id, result))
    with store.read() as connection:
        for number, result in runs:
            assert load_run(connection, find_run(connection, str(number))) == result
        assert len(history_of(connection, 1).said) == 1
        # The last run stands where the first one stood.
        assert connection.scalar(select(func.count()).select_from(schema.files)) == 3


def test_what_is_shown_and_exported_now_is_where_the_row_stands_now(store: Store, build: Any) -> None:
    one = build.finding()
    save(store, build.result(one), now=build.day(0))
    moved = replace(one, source=Source("new.csv", 8))
    save(store, build.result(moved, as_of=build.day(1)), now=build.day(1))
    with store.read() as connection:
        number = connection.scalar(select(schema.findings.c.id))
        assert number is not None
        assert history_of(connection, number).said[-1].finding.source == Source("new.csv", 8)
        [finding] = findings_matching(connection, FindingFilter())
        assert finding.source == Source("new.csv", 8)


def test_a_resolved_finding_says_where_it_last_stood(store: Store, build: Any) -> None:
    one = build.finding()
    save(store, build.result(one), now=build.day(0))
    save(store, build.result(replace(one, source=None), as_of=build.day(1)), now=build.day(1))
    save(store, build.result(as_of=build.day(2)), now=build.day(2))
    with store.read() as connection:
        number = connection.scalar(select(schema.findings.c.id))
        assert number is not None
        assert history_of(connection, number).said[-1].finding.source is None


def test_what_was_said_is_told_with_the_runs_that_said_it(store: Store, build: Any) -> None:
    one = build.finding()
    other = replace(one, facts={"owner": "李四"})
    for day, found in enumerate(([one], [one], [other], [], [], [other], [one])):
        save(store, build.result(*found, as_of=build.day(day)), now=build.day(day))
    with store.read() as connection:
        said = history_of(connection, 1).said
    assert [(item.first_run, item.last_run, item.finding.facts["owner"]) for item in said] == [
        (1, 2, "张三"),
        (3, 3, "李四"),
        (6, 6, "李四"),
        (7, None, "张三"),
    ]
