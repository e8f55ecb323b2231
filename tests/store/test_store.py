"""What is recorded is read back, on every database."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from policycore.errors import DataError, Problem, UsageError
from policycore.model.found import rest_fingerprint
from policycore.model.verdict import Severity, Subject, Verdict
from policycore.store import schema
from policycore.store.kept.loose import loose_body, loose_from
from policycore.store.kept.runs import find_run, list_runs, load_run, run_body, run_from
from policycore.store.lives.life_cycle import Judged, Known, Life, State, judged_by, next_life, vanished_life
from policycore.store.lives.previous_state import RuleNames
from policycore.store.missed_run import last_success
from policycore.store.record import record
from policycore.store.store import Store
from policycore.system.atomic_files import write_atomically
from tests.databases import save, state_of

ZONE = ZoneInfo("Asia/Shanghai")


def next_lives(known: dict[str, Known], found: dict[str, Verdict], by: Judged) -> Iterator[tuple[str, Life]]:
    """Yield where every finding stands after a run, by fingerprint."""
    for name, verdict in found.items():
        yield name, next_life(known[name].life if name in known else None, verdict)
    for name, item in known.items():
        if name not in found:
            yield name, vanished_life(item, by)


def test_a_run_is_read_back_as_it_was(store: Store, build: Any) -> None:
    result = replace(
        build.result(
            build.finding(due=build.day(3)),
            build.finding(rule="OWN002", subject="g2/a\x00b", kind=Subject.MEMBERSHIP, name="x\x00\u202e"),
            build.finding(subject="g3", verdict=Verdict.SUSPECT, facts={"when": build.day(1).astimezone(ZONE)}),
            gaps=(build.gap("g4", "g5\x00", source="register\x00"), build.gap(rule="OWN002")),
        ),
        problems=(Problem("engine.rule-failed", "what", "why", "fix"),),
    )
    result = replace(result, as_of=result.as_of.astimezone(ZONE))
    run = save(store, result, now=build.day(0))
    with store.read() as connection:
        assert load_run(connection, find_run(connection, str(run.id))) == result
        assert load_run(connection, find_run(connection, "latest")) == result


def test_a_finding_that_lies_in_a_gap_is_not_judgeable_now_and_comes_back_open(store: Store, build: Any) -> None:
    found = [build.finding(), build.finding(subject="g2"), build.finding(subject="g2/a1", kind=Subject.MEMBERSHIP)]
    save(store, build.result(*found))
    run = save(store, build.result(gaps=(build.gap("g2"),), as_of=build.day(1)))
    assert state_of(store) == {"g1": "resolved", "g2": "unknown", "g2/a1": "unknown"}
    assert run.states == {State.RESOLVED: 1, State.UNKNOWN: 2}
    save(store, build.result(build.finding(subject="g2"), as_of=build.day(2)))
    assert state_of(store) == {"g1": "resolved", "g2": "open", "g2/a1": "resolved"}


def test_every_earlier_run_stays_readable_when_findings_change(store: Store, build: Any) -> None:
    results = [
        build.result(build.finding(), build.finding(subject="g2"), as_of=build.day(0).astimezone(ZONE)),
        build.result(build.finding(facts={"owner": "李四"}), as_of=build.day(1).astimezone(ZONE)),
        build.result(
            build.finding(facts={"owner": "李四"}), build.finding(subject="g2"), as_of=build.day(2).astimezone(ZONE)
        ),
        build.result(build.finding(rule="OWN002", subject="g9"), as_of=build.day(3).astimezone(ZONE)),
    ]
    numbers = [save(store, result).id for result in results]
    with store.read() as connection:
        for number, result in zip(numbers, results, strict=True):
            assert load_run(connection, find_run(connection, str(number))) == result


def test_states_follow_the_runs(store: Store, build: Any) -> None:
    save(store, build.result(build.finding(), build.finding(subject="g2")))
    assert state_of(store) == {"g1": "new", "g2": "new"}
    second = save(store, build.result(build.finding(), as_of=build.day(1)))
    assert state_of(store) == {"g1": "open", "g2": "resolved"}
    assert second.states == {State.OPEN: 1, State.RESOLVED: 1}
    third = save(store, build.result(build.finding(), build.finding(subject="g2"), as_of=build.day(2)))
    assert third.states == {State.REOPENED: 1}
    with store.read() as connection:
        assert (
            connection.scalar(select(schema.findings.c.times_reopened).where(schema.findings.c.subject_id == "g2")) == 1
        )


def test_a_run_in_which_nothing_changed_writes_no_file_and_no_move(store: Store, build: Any) -> None:
    for day in range(4):
        save(store, build.result(build.finding(), build.finding(subject="g2"), as_of=build.day(day)))
    with store.read() as connection:
        counts = [connection.scalar(select(func.count()).select_from(table)) for table in (schema.files, schema.moves)]
    assert counts == [1, 2]


def test_one_rule_set_does_not_resolve_the_findings_of_another(store: Store, build: Any) -> None:
    save(store, build.result(build.finding()))
    save(store, build.result(build.finding(subject="g7"), ruleset="other", as_of=build.day(1)))
    assert state_of(store) == {"g1": "new", "g7": "new"}


def test_what_vanished_with_its_data_is_unknown_and_counts_as_unknown(store: Store, build: Any) -> None:
    save(store, build.result(build.finding(), build.finding(subject="g2")))
    result = build.result(build.finding(subject="g2"), as_of=build.day(1))
    run = record(store, result, presence=lambda _asked: lambda _kind, subject, _group: subject != "g1")
    assert state_of(store) == {"g1": "unknown", "g2": "open"}
    assert run.states[State.UNKNOWN] == 1
    with store.read() as connection:
        found = connection.execute(select(schema.findings.c.subject_id, schema.findings.c.verdict))
        verdicts = dict(found.all())
    assert verdicts == {"g1": "unknown", "g2": "fail"}


def test_a_replay_of_older_data_is_kept_and_changes_no_state(store: Store, build: Any) -> None:
    save(store, build.result(build.finding(), as_of=build.day(5)))
    older = build.result(build.finding(subject="g2"), as_of=build.day(1).astimezone(ZONE))
    run = save(store, older)
    assert run.replay
    assert state_of(store) == {"g1": "new"}
    with store.read() as connection:
        assert load_run(connection, find_run(connection, str(run.id))) == older
        first = load_run(connection, find_run(connection, "1"))
    assert [finding.subject.id for finding in first.findings] == ["g1"]
    save(store, build.result(build.finding(), as_of=build.day(6)))
    assert state_of(store) == {"g1": "open"}


def test_a_clock_that_goes_back_is_noticed_and_changes_nothing(store: Store, build: Any) -> None:
    assert not save(store, build.result(build.finding()), now=build.day(9)).clock_went_back
    run = save(store, build.result(build.finding(), as_of=build.day(1)), now=build.day(2))
    assert run.clock_went_back
    assert run.id == 2
    assert state_of(store) == {"g1": "open"}
    with store.read() as connection:
        assert [item.id for item in list_runs(connection)] == [2, 1]


def test_times_around_a_change_to_summer_time_keep_their_order_and_their_offset(store: Store, build: Any) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    early = datetime(2024, 10, 27, 2, 30, tzinfo=berlin, fold=0)
    late = datetime(2024, 10, 27, 2, 30, tzinfo=berlin, fold=1)
    base = build.result(build.finding())
    first = replace(base, as_of=early, timezone="Europe/Berlin")
    second = replace(base, as_of=late, timezone="Europe/Berlin")
    assert not save(store, first).replay
    # The clock shows the same time again, an hour later: this is the newer run.
    assert not save(store, second).replay
    assert save(store, first).replay
    with store.read() as connection:
        read = [load_run(connection, find_run(connection, number)).as_of for number in ("1", "2")]
    assert [moment.isoformat() for moment in read] == [early.isoformat(), late.isoformat()]


def test_a_time_without_an_offset_is_refused(store: Store, build: Any) -> None:
    with pytest.raises((ValueError, sqlalchemy.exc.StatementError)):
        save(store, build.result(build.finding(), as_of=datetime(2024, 4, 15)))
    with store.read() as connection:
        assert list_runs(connection) == []


def test_findings_live_on_when_their_rule_gets_another_id(store: Store, build: Any) -> None:
    old = [build.finding(rule="OLD001", subject=subject) for subject in ("g1", "g2", "g3")]
    save(store, build.result(*old, rules=("OLD001",)))
    save(store, build.result(*old[:2], rules=("OLD001",), as_of=build.day(1)))
    names = RuleNames({"OLD001": "OWN001", "OWN001": "OWN001"})
    new = [
        replace(build.finding(rule="OWN001", subject=subject), former=(was.fingerprint,))
        for subject, was in (("g1", old[0]), ("g3", old[2]))
    ]
    run = save(store, build.result(*new, as_of=build.day(2)), names=names)
    assert run.states == {State.RESOLVED: 1, State.REOPENED: 1}
    assert state_of(store) == {"g1": "open", "g2": "resolved", "g3": "reopened"}
    with store.read() as connection:
        row = connection.execute(select(schema.findings).where(schema.findings.c.subject_id == "g1")).one()
    assert (row.rule, row.fingerprint, row.first_run) == ("OWN001", new[0].fingerprint, 1)
    assert save(store, build.result(*new, as_of=build.day(3)), names=names).states == {State.OPEN: 1}


def test_a_line_of_the_history_counts_what_is_open_by_severity(store: Store, build: Any) -> None:
    save(store, build.result(build.finding(), build.finding(subject="g2", severity=Severity.WARNING)))
    save(store, build.result(build.finding(), as_of=build.day(1)))
    with store.read() as connection:
        assert [(run.errors, run.warnings) for run in list_runs(connection)] == [(1, 0), (1, 1)]


def test_an_error_while_recording_leaves_no_trace(store: Store, build: Any) -> None:
    save(store, build.result(build.finding()))

    def broken(_asked: Any) -> Any:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        record(store, build.result(as_of=build.day(1)), presence=broken)
    with store.read() as connection:
        assert [run.id for run in list_runs(connection)] == [1]
    assert state_of(store) == {"g1": "new"}


def test_a_run_that_is_not_there(store: Store) -> None:
    with store.read() as connection:
        for name in ("7", "latest", "previous", "x", "99999999999999999999"):
            with pytest.raises(UsageError):
                find_run(connection, name)


# Writing and reading back.

_plain = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(min_value=-(2**60), max_value=2**60),
    st.floats(allow_nan=False),
    st.text(max_size=20),
    st.dates(),
    st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1)).map(
        lambda d: d.replace(tzinfo=UTC).astimezone(ZONE)
    ),
)
_facts = st.dictionaries(
    st.one_of(st.text(max_size=10), st.sampled_from(["$time", "$date", "$map", "$tuple"])),
    st.recursive(
        _plain,
        lambda inner: st.one_of(
            st.lists(inner, max_size=3),
            st.tuples(inner, inner),
            st.dictionaries(st.one_of(st.text(max_size=5), st.sampled_from(["$time", "$map"])), inner, max_size=3),
        ),
        max_leaves=8,
    ),
    max_size=5,
)


@given(_facts, st.text(max_size=30))
def test_any_facts_and_names_are_read_back(build: Any, facts: dict[str, object], name: str) -> None:
    finding = build.finding(facts=facts, name=name or "x")
    read = loose_from(json.loads(json.dumps(loose_body(finding))), ZONE)
    assert read == finding
    assert list(read.facts) == list(facts)
    assert repr(read.facts) == repr(facts)


@given(_facts, st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=20))
def test_any_finding_survives_the_database(
    build: Any, tmp_path_factory: pytest.TempPathFactory, facts: dict[str, object], name: str, subject: str
) -> None:
    result = build.result(build.finding(subject=subject, facts=facts, name=name), as_of=build.day(0).astimezone(ZONE))
    with Store(tmp_path_factory.mktemp("s") / "store.sqlite3") as store:
        save(store, result)
        with store.read() as connection:
            assert load_run(connection, find_run(connection, "latest")) == result


@given(st.lists(st.tuples(*[st.sampled_from("FGWX-H")] * 3), min_size=1, max_size=7))
def test_the_store_agrees_with_the_life_cycle_over_any_runs(
    build: Any, tmp_path_factory: pytest.TempPathFactory, days: list[tuple[str, str, str]]
) -> None:
    """Three findings, each a day failing (with other facts: X), in a gap, waived, absent, or out of the data."""
    verdicts = {"F": Verdict.FAIL, "X": Verdict.FAIL, "W": Verdict.WAIVED}
    known: dict[str, Known] = {}
    with Store(tmp_path_factory.mktemp("s") / "store.sqlite3") as store:
        for day, events in enumerate(days):
            happened = list(zip(("g1", "g2", "g3"), events, strict=True))
            hidden = {subject for subject, event in happened if event == "H"}
            found = [
                build.finding(subject=subject, verdict=verdicts[event], facts={"n": event == "X"})
                for subject, event in happened
                if event in verdicts
            ]
            lacking = tuple(subject for subject, event in happened if event == "G")
            gaps = (build.gap(*lacking),) if lacking else ()
            result = build.result(*found, gaps=gaps, as_of=build.day(day).astimezone(ZONE))
            present = lambda _kind, subject, _group, hidden=hidden: subject not in hidden  # noqa: E731
            record(store, result, presence=lambda _asked, present=present: present)
            by = judged_by(result, present)
            for name, change in next_lives(known, {item.fingerprint: item.verdict for item in found}, by):
                subject = (
                    next((item.subject.id for item in found if item.fingerprint == name), None)
                    or known[name].subject_id
                )
                known[name] = Known(name, "OWN001", "group", subject, subject, change)
            with store.read() as connection:
                table = schema.findings.c
                kept = connection.execute(select(table.fingerprint, table.state, table.known_state)).all()
                assert load_run(connection, find_run(connection, "latest")) == result
            assert {row[0]: tuple(row[1:]) for row in kept} == {
                name: (item.life.state, item.life.known_state) for name, item in known.items()
            }


def test_run_body_keeps_everything_but_the_findings(build: Any) -> None:
    result = build.result(as_of=build.day(0).astimezone(ZONE))
    assert run_from(run_body(result)) == result


def test_what_a_rule_no_longer_lists_for_there_are_too_many_is_unknown(store: Store, build: Any) -> None:
    save(store, build.result(build.finding(), build.finding(subject="g2")))
    rest = replace(
        build.finding(subject="estate", kind=Subject.ESTATE, facts={"unlisted": 7}),
        fingerprint=rest_fingerprint("OWN001"),
    )
    save(store, build.result(build.finding(subject="g2"), rest, as_of=build.day(1)))
    assert state_of(store) == {"g1": "unknown", "g2": "open", "estate": "new"}
    save(store, build.result(build.finding(subject="g2"), as_of=build.day(2)))
    assert state_of(store) == {"g1": "resolved", "g2": "open", "estate": "resolved"}


def test_nothing_is_resolved_by_a_run_that_set_rows_aside(store: Store, build: Any) -> None:
    save(store, build.result(build.finding(), build.finding(subject="g2")))
    save(store, build.result(build.finding(subject="g2"), as_of=build.day(1)), rejected=1)
    assert state_of(store) == {"g1": "unknown", "g2": "open"}
    save(store, build.result(build.finding(subject="g2"), as_of=build.day(2)))
    assert state_of(store) == {"g1": "resolved", "g2": "open"}


def test_a_time_that_has_not_come_does_not_turn_what_follows_into_the_past(store: Store, build: Any) -> None:
    save(store, build.result(build.finding()), now=build.day(0))
    assert save(store, build.result(as_of=build.day(9000)), now=build.day(0)).replay
    assert state_of(store) == {"g1": "new"}
    assert not save(store, build.result(build.finding(), as_of=build.day(1)), now=build.day(1)).replay
    assert state_of(store) == {"g1": "open"}


def test_the_last_success_is_the_last_run_and_not_the_latest_clock(store: Store, build: Any) -> None:
    save(store, build.result(), now=build.day(400))
    save(store, build.result(as_of=build.day(1)), now=build.day(1))
    save(store, build.result(as_of=build.day(2)), now=build.day(2), complete=False)
    save(store, build.result(as_of=build.day(0)), now=build.day(3))
    with store.read() as connection:
        assert last_success(connection, "demo") == build.day(1)
        assert last_success(connection, "demo", up_to=1) == build.day(400)
        assert last_success(connection, "other") is None


def test_a_run_whose_audit_entry_fails_is_not_there(tmp_path: Path, build: Any) -> None:
    with Store(tmp_path / "store.sqlite3") as store:
        save(store, build.result(build.finding()))
        with store.write() as connection:
            connection.exec_driver_sql(
                "CREATE TRIGGER refuse BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'no'); END"
            )
        with pytest.raises(DataError):
            save(store, build.result(build.finding(subject="g2"), as_of=build.day(1)))
        assert state_of(store) == {"g1": "new"}
        with store.read() as connection:
            assert [run.id for run in list_runs(connection)] == [1]


def test_a_file_that_is_replaced_was_never_seen_half_written(tmp_path: Path) -> None:
    path = tmp_path / "waivers.yaml"
    path.write_bytes(b"old")
    with path.open("rb") as reader:
        write_atomically(path, b"the new one")
        # Whoever has it open goes on reading the old one: it was replaced, and not written over.
        assert reader.read() == b"old"
    assert path.read_bytes() == b"the new one"
    assert [item.name for item in tmp_path.iterdir()] == ["waivers.yaml"]
