"""What is recorded is read back, on every database; what cannot be opened says so."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from policycore.errors import DataError, Problem, UsageError
from policycore.findings import connect, schema
from policycore.findings.bodies import finding_body, finding_from, run_body, run_from
from policycore.findings.identity import RuleNames
from policycore.findings.life_cycle import Known, State, judged_by, next_states
from policycore.findings.presence import everything_present
from policycore.findings.record import record
from policycore.findings.runs import find_run, list_runs, load_run, trend
from policycore.findings.store import Store
from policycore.model.result import RunResult
from policycore.model.verdict import Severity, Subject, Verdict

ZONE = ZoneInfo("Asia/Shanghai")


def save(store: Store, result: RunResult, **options: Any) -> Any:
    return record(store, result, presence=lambda _asked: everything_present, **options)


def state_of(store: Store) -> dict[str, str]:
    with store.read() as connection:
        table = schema.findings.c
        return dict(connection.execute(select(table.subject_id, table.state)).all())


def test_a_run_is_read_back_as_it_was(store: Store, build: Any) -> None:
    result = replace(
        build.result(
            build.finding(due=build.day(3)),
            build.finding(rule="OWN002", subject="g2/a\x00b", kind=Subject.MEMBERSHIP, name="x\x00\u202e"),
            build.finding(subject="g3", verdict=Verdict.UNKNOWN, facts={"when": build.day(1).astimezone(ZONE)}),
        ),
        problems=(Problem("engine.rule-failed", "what", "why", "fix"),),
    )
    result = replace(result, as_of=result.as_of.astimezone(ZONE))
    run = save(store, result, now=build.day(0))
    with store.read() as connection:
        assert load_run(connection, find_run(connection, str(run.id))) == result
        assert load_run(connection, find_run(connection, "latest")) == result


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


def test_a_run_in_which_nothing_changed_writes_no_row_per_finding(store: Store, build: Any) -> None:
    for day in range(4):
        save(store, build.result(build.finding(), build.finding(subject="g2"), as_of=build.day(day)))
    with store.read() as connection:
        assert len(connection.execute(select(schema.occurrences)).all()) == 2
        assert len(connection.execute(select(schema.transitions)).all()) == 4


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
    names = RuleNames({"OLD001": "OWN001", "OWN001": "OWN001"}, {"OWN001": ("OLD001",)})
    new = [build.finding(rule="OWN001", subject=subject) for subject in ("g1", "g3")]
    run = save(store, build.result(*new, as_of=build.day(2)), names=names)
    assert run.states == {State.RESOLVED: 1, State.REOPENED: 1}
    assert state_of(store) == {"g1": "open", "g2": "resolved", "g3": "reopened"}
    with store.read() as connection:
        row = connection.execute(select(schema.findings).where(schema.findings.c.subject_id == "g1")).one()
    assert (row.rule, row.fingerprint, row.first_run) == ("OWN001", new[0].fingerprint, 1)
    assert save(store, build.result(*new, as_of=build.day(3)), names=names).states == {State.OPEN: 1}


def test_trend_reads_the_totals(store: Store, build: Any) -> None:
    save(store, build.result(build.finding(), build.finding(subject="g2", severity=Severity.WARNING)))
    save(store, build.result(build.finding(), as_of=build.day(1)))
    with store.read() as connection:
        assert trend(connection, "department") == [(1, "教务处", "fail", 2), (2, "教务处", "fail", 1)]
        assert (1, "OWN001", "pass", 5) in trend(connection, "rule", ["OWN001"])
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
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_facts_and_names_are_read_back(build: Any, facts: dict[str, object], name: str) -> None:
    finding = build.finding(facts=facts, name=name or "x")
    read = finding_from(finding_body(finding), ZONE)
    assert read == finding
    assert list(read.facts) == list(facts)
    assert repr(read.facts) == repr(facts)


@given(_facts, st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=20))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_finding_survives_the_database(
    build: Any, tmp_path_factory: pytest.TempPathFactory, facts: dict[str, object], name: str, subject: str
) -> None:
    result = build.result(build.finding(subject=subject, facts=facts, name=name), as_of=build.day(0).astimezone(ZONE))
    with Store(tmp_path_factory.mktemp("s") / "store.sqlite3") as store:
        save(store, result)
        with store.read() as connection:
            assert load_run(connection, find_run(connection, "latest")) == result


@given(st.lists(st.tuples(*[st.sampled_from("FUWX-H")] * 3), min_size=1, max_size=7))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_store_agrees_with_the_life_cycle_over_any_runs(
    build: Any, tmp_path_factory: pytest.TempPathFactory, days: list[tuple[str, str, str]]
) -> None:
    """Three findings, each a day failing (with other facts: X), unknown, waived, absent, or out of the data."""
    verdicts = {"F": Verdict.FAIL, "X": Verdict.FAIL, "U": Verdict.UNKNOWN, "W": Verdict.WAIVED}
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
            result = build.result(*found, as_of=build.day(day).astimezone(ZONE))
            present = lambda _kind, subject, _group, hidden=hidden: subject not in hidden  # noqa: E731
            record(store, result, presence=lambda _asked, present=present: present)
            by = judged_by(result.outcomes, result.findings, present)
            for change in next_states(known, {item.fingerprint: item.verdict for item in found}, by):
                subject = (
                    next((item.subject.id for item in found if item.fingerprint == change.fingerprint), None)
                    or known[change.fingerprint].subject_id
                )
                known[change.fingerprint] = Known(
                    change.fingerprint,
                    "OWN001",
                    "group",
                    subject,
                    subject,
                    change.state,
                    change.known_state,
                    change.violated,
                )
            with store.read() as connection:
                table = schema.findings.c
                kept = connection.execute(
                    select(table.fingerprint, table.state, table.known_state, table.violated)
                ).all()
                assert load_run(connection, find_run(connection, "latest")) == result
            assert {row[0]: tuple(row[1:]) for row in kept} == {
                name: (item.state, item.known_state, item.violated) for name, item in known.items()
            }


def test_half_characters_are_read_back(build: Any) -> None:
    finding = build.finding(name="\ud800x", facts={"day": date(2024, 1, 1)})
    assert finding_from(finding_body(finding), ZONE) == finding
    finding_body(finding).encode()


def test_run_body_keeps_everything_but_the_findings(build: Any) -> None:
    result = build.result(as_of=build.day(0).astimezone(ZONE))
    assert run_from(run_body(result), ()) == result


# Places and states of the database that must end in a clear error.


def test_a_newer_schema_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    Store(path).close()
    raw = sqlite3.connect(path)
    raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.commit()
    raw.close()
    for read_only in (False, True):
        with pytest.raises(DataError) as caught:
            Store(path, read_only=read_only)
        assert caught.value.problems[0].code == "store.newer"
    assert not list(tmp_path.glob("*.backup"))


def test_an_empty_database_is_not_read_as_an_empty_history(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    sqlite3.connect(path).close()
    path.touch()
    with pytest.raises(DataError) as caught:
        Store(path, read_only=True)
    assert caught.value.problems[0].code == "store.older"


def test_a_missing_store_is_not_created_by_reading(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        Store(tmp_path / "store.sqlite3", read_only=True)
    assert caught.value.problems[0].code == "store.missing"
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite3"
    path.write_bytes(b"this is a letter, not a database" * 500)
    with pytest.raises(DataError) as caught:
        Store(path)
    assert caught.value.problems[0].code == "store.corrupt"


def test_a_damaged_page_is_an_error_and_never_an_answer(tmp_path: Path, build: Any) -> None:
    path = tmp_path / "store.sqlite3"
    with Store(path) as store:
        save(store, build.result(*(build.finding(subject=f"g{number}") for number in range(300))))
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        page = raw.execute("PRAGMA page_size").fetchone()[0]
    raw.close()
    data = bytearray(path.read_bytes())
    for place in range(page * 3, len(data) - page, page):
        data[place : place + 64] = b"\xff" * 64
    path.write_bytes(data)
    with pytest.raises(DataError) as caught, Store(path) as store:
        store.check()
    assert caught.value.problems[0].code == "store.corrupt"


def test_reading_only_writes_nothing(tmp_path: Path, build: Any) -> None:
    path = tmp_path / "store.sqlite3"
    Store(path).close()
    with Store(path, read_only=True) as store, pytest.raises(DataError) as caught:
        save(store, build.result())
    assert caught.value.problems[0].code == "store.read-only"


def test_a_store_on_a_disk_that_cannot_be_written_is_read_without_a_trace(
    tmp_path: Path, build: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a folder #1%20"
    folder.mkdir()
    path = folder / "store.sqlite3"
    with Store(path) as store:
        save(store, build.result(build.finding()))
    assert [item.name for item in folder.iterdir()] == ["store.sqlite3"]
    monkeypatch.setattr(connect.os, "access", lambda *_: False)
    before = path.read_bytes()
    with Store(path, read_only=True) as store:
        assert store.address == str(path)
        assert state_of(store) == {"g1": "new"}
        assert [item.name for item in folder.iterdir()] == ["store.sqlite3"]
        with pytest.raises(DataError) as caught:
            save(store, build.result())
    assert caught.value.problems[0].code == "store.read-only"
    assert path.read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32", reason="no file size limits on Windows")
def test_a_full_disk_keeps_what_was_there(tmp_path: Path, build: Any) -> None:
    path = tmp_path / "store.sqlite3"
    with Store(path) as store:
        save(store, build.result(build.finding()))
    script = """
import resource, signal, sys
sys.path.insert(0, sys.argv[2])
import conftest
from policycore.errors import PolicycoreError
from policycore.findings.presence import everything_present
from policycore.findings.record import record
from policycore.findings.store import Store
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
store = Store(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
many = [conftest.make_finding(subject=f"g{number}") for number in range(5000)]
try:
    record(store, conftest.make_result(*many, as_of=conftest.Days()(1)), presence=lambda asked: everything_present)
except PolicycoreError as error:
    print(error.problems[0].code)
"""
    done = subprocess.run(
        [sys.executable, "-c", script, str(path), str(Path(__file__).parent)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "store.full", done.stderr
    with Store(path) as store:
        store.check()
        assert state_of(store) == {"g1": "new"}
        with store.read() as connection:
            assert [run.id for run in list_runs(connection)] == [1]
        save(store, build.result(build.finding(), as_of=build.day(1)))


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="no permissions to take away")
def test_a_store_without_write_permission(tmp_path: Path, build: Any) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write everywhere")
    path = tmp_path / "store.sqlite3"
    Store(path).close()
    path.chmod(0o444)
    tmp_path.chmod(0o555)
    try:
        with Store(path) as store, pytest.raises(DataError) as caught:
            save(store, build.result())
        assert caught.value.problems[0].code == "store.read-only"
    finally:
        tmp_path.chmod(0o755)


@pytest.mark.parametrize(
    ("mounts", "path", "kind"),
    [
        (["1 0 8:1 / / rw - ext4 /dev/sda rw"], "/home/x/store", "ext4"),
        (["1 0 8:1 / / rw - ext4 d rw", "2 1 0:5 / /home rw shared:1 - nfs4 h:/e rw"], "/home/x", "nfs4"),
        (["1 0 8:1 / / rw - ext4 d rw", "2 1 0:5 / /home rw - nfs4 h:/e rw"], "/homes/x", "ext4"),
        (["1 0 8:1 / / rw - ext4 d rw", "2 1 0:5 / /a\\040b rw - cifs //h/e rw"], "/a b/store", "cifs"),
        (["1 0 8:1 / /d rw - nfs h rw", "2 1 0:5 / /d rw - xfs e rw"], "/d/store", "xfs"),
    ],
)
def test_the_innermost_mount_decides(mounts: list[str], path: str, kind: str) -> None:
    assert connect._kind_in(mounts, path) == kind


@pytest.mark.parametrize("kind", ["nfs", "nfs4", "cifs", "9p", "fuse.sshfs", "fuse.s3fs"])
def test_a_network_file_system_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    monkeypatch.setattr(connect, "file_system_of", lambda _path: kind)
    with pytest.raises(DataError) as caught:
        Store(tmp_path / "store.sqlite3")
    assert caught.value.problems[0].code == "store.network"


@pytest.mark.parametrize("address", ["mysql://h/d", "http://h", "postgresql://[::1/x"])
def test_an_address_that_is_no_store(address: str) -> None:
    with pytest.raises((UsageError, DataError)):
        Store(address)


def test_a_server_that_is_not_there_and_no_password_in_words() -> None:
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    with pytest.raises(DataError) as caught:
        Store("postgresql://u:geheim@127.0.0.1:1/d")
    assert caught.value.problems[0].code == "store.unreachable"
    assert "geheim" not in str(caught.value)


def test_sqlite_is_set_up_to_lose_nothing(tmp_path: Path) -> None:
    with Store(tmp_path / "store.sqlite3") as store, store.read() as connection:
        asked = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        assert [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked] == ["wal", 2, 1, 30_000]


def test_foreign_keys_hold(store: Store, build: Any) -> None:
    with pytest.raises(DataError), store.write() as connection:
        connection.execute(
            sqlalchemy.insert(schema.notes).values(id=1, finding_id=77, at=build.day(0), author="x", text="y")
        )


def test_waits_for_another_writer(store: Store, build: Any) -> None:
    import threading

    address = store.engine.url.render_as_string(hide_password=False)
    if store.kind == "postgresql":
        address = address.replace("postgresql+psycopg", "postgresql") + "?options=" + _search_path(store)
    with Store(address) as other:
        entered, done = threading.Event(), threading.Event()

        def second() -> None:
            entered.set()
            save(other, build.result(as_of=build.day(1)))
            done.set()

        with store.write() as connection:
            connection.execute(select(schema.runs))
            thread = threading.Thread(target=second)
            thread.start()
            entered.wait(5)
            assert not done.wait(0.3)
        thread.join(20)
        assert done.is_set()


def test_many_writers_at_once_lose_nothing(store: Store, build: Any) -> None:
    import threading

    address = store.engine.url.render_as_string(hide_password=False)
    if store.kind == "postgresql":
        address = address.replace("postgresql+psycopg", "postgresql") + "?options=" + _search_path(store)
    failures: list[BaseException] = []

    def write(number: int) -> None:
        try:
            with Store(address) as other:
                for part in range(3):
                    save(other, build.result(build.finding(subject=f"g{number}-{part}"), ruleset=f"set{number}"))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    with store.read() as connection:
        assert [run.id for run in list_runs(connection)] == list(range(18, 0, -1))
        from policycore.findings import audit

        assert audit.verify(connection) is None


def _search_path(store: Store) -> str:
    """Return the option that leads another connection to the same schema."""
    with store.read() as connection:
        return f"-csearch_path%3D{connection.exec_driver_sql('SELECT current_schema()').scalar()}"
