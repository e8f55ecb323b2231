"""Rows of findings that moved: nothing is written again, and every run still says where they stood in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from policycore.model.result import Source
from policycore.store import schema
from policycore.store.bodies import finding_body, finding_from, said_hash, with_source
from policycore.store.history import history_of
from policycore.store.query import FindingFilter, bodies_matching
from policycore.store.runs import find_run, load_run
from policycore.store.store import Store
from tests.databases import save

ZONE = ZoneInfo("Asia/Shanghai")
AS_OF = datetime(2024, 4, 15, tzinfo=ZONE)


def occurrences(store: Store) -> int:
    with store.read() as connection:
        return connection.scalar(select(func.count()).select_from(schema.occurrences)) or 0


def test_a_row_that_moved_is_told_by_every_run_and_written_once(store: Store, build: Any) -> None:
    first, second = build.finding(), build.finding(subject="g2")
    runs = []
    for day, rows in enumerate(((3, 4), (5, 4), (5, 9), (3, 4))):
        result = build.result(
            *(replace(one, source=Source("groups.csv", row)) for one, row in zip((first, second), rows, strict=True)),
            as_of=build.day(day).astimezone(ZONE),
        )
        runs.append((save(store, result, now=build.day(day)).id, result))
    assert occurrences(store) == 2
    with store.read() as connection:
        for number, result in runs:
            assert load_run(connection, find_run(connection, str(number))) == result
        lists = connection.scalar(select(func.count()).select_from(schema.run_places))
        assert lists == 2  # the last run stands where the first one stood


def test_what_is_shown_and_exported_now_is_where_the_row_stands_now(store: Store, build: Any) -> None:
    one = build.finding()
    save(store, build.result(one), now=build.day(0))
    moved = replace(one, source=Source("new.csv", 8))
    save(store, build.result(moved, as_of=build.day(1)), now=build.day(1))
    with store.read() as connection:
        number = connection.scalar(select(schema.findings.c.id))
        assert number is not None
        assert history_of(connection, number, ZONE).said[-1].finding.source == Source("new.csv", 8)
        [(body, _state)] = bodies_matching(connection, FindingFilter())
        assert finding_from(body, ZONE).source == Source("new.csv", 8)


def test_a_resolved_finding_says_where_it_last_stood(store: Store, build: Any) -> None:
    one = build.finding()
    save(store, build.result(one), now=build.day(0))
    save(store, build.result(replace(one, source=None), as_of=build.day(1)), now=build.day(1))
    save(store, build.result(as_of=build.day(2)), now=build.day(2))
    with store.read() as connection:
        number = connection.scalar(select(schema.findings.c.id))
        assert number is not None
        assert history_of(connection, number, ZONE).said[-1].finding.source is None


def test_other_words_are_written_anew(store: Store, build: Any) -> None:
    one = build.finding()
    save(store, build.result(one), now=build.day(0))
    save(store, build.result(replace(one, facts={"owner": "李四"}), as_of=build.day(1)), now=build.day(1))
    assert occurrences(store) == 2


# The fixture only hands out functions: nothing of it lasts from one example to the next.
@given(text=st.text(), file=st.text(), row=st.integers(0, 2**31), other=st.none() | st.integers(0, 9))
def test_another_place_is_put_into_any_body(build: Any, text: str, file: str, row: int, other: int | None) -> None:
    tricky = text + '","source":["x",1],"decision":null'
    finding = replace(build.finding(facts={"a": tricky}, name=tricky), source=Source(file, row))
    source = None if other is None else Source(tricky, other)
    body = finding_body(finding)
    assert finding_from(with_source(body, source), ZONE) == replace(finding_from(body, ZONE), source=source)
    assert with_source(with_source(body, source), finding.source) == body


@given(number=st.integers(), text=st.text(st.characters()))
def test_the_hash_tells_words_and_places_apart(build: Any, number: int, text: str) -> None:
    finding = build.finding(facts={"number": number, "text": text})
    same = said_hash(replace(finding), AS_OF)
    assert len(same) == 48
    assert said_hash(finding, AS_OF) == same
    assert said_hash(replace(finding, source=Source("other", 1)), AS_OF)[:32] == same[:32]
    assert said_hash(replace(finding, source=Source("other", 1)), AS_OF) != same
    assert said_hash(replace(finding, facts={"number": number + 1, "text": text}), AS_OF)[:32] != same[:32]
