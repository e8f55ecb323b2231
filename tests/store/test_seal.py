"""Whatever is changed in a store or taken out of it past this program is noticed, and named."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from policycore.errors import DataError
from policycore.language import use_language
from policycore.model.findings import Findings
from policycore.model.result import Decision, RunResult
from policycore.model.verdict import Severity, Verdict
from policycore.store import verify
from policycore.store.diff import compare_runs
from policycore.store.kept.runs import find_run, list_runs, load_run
from policycore.store.kept.seal import require_every_run
from policycore.store.lives.history import find_finding
from policycore.store.lives.life_rows import life_rows
from policycore.store.lives.presence import everything_present
from policycore.store.record import DecisionRow, record
from policycore.store.store import Store
from policycore.store.verify import alterations, require_life
from tests.found import rows_of


def days(build: Any) -> list[RunResult]:
    """Return five runs in which findings are new, said otherwise, waived, hidden, resolved and back."""

    def found(day: int, *subjects: str, owner: str = "张三", **said: Any) -> RunResult:
        findings = [build.finding(subject=name, facts={"owner": owner}, **said) for name in subjects]
        asked = build.finding(rule="OWN002", subject="g9", severity=Severity.WARNING)
        result = build.result(*findings, gaps=(build.gap("g3"),) if day == 2 else (), as_of=build.day(day))
        return replace(result, findings=Findings((rows_of(*findings),), (asked,)))

    until = build.day(90)
    waived = found(3, "g1", "g2")
    decision = Decision("waiver", "W-1", "legacy", "历史遗留", "李四", until)
    settled = Findings.of(waived.findings).settled({build.finding().fingerprint: decision})
    return [
        found(0, "g1", "g2", "g3"),
        found(1, "g1", "g2", "g3", owner="李四"),
        found(2, "g1", "g2"),
        replace(waived, findings=settled),
        found(4, "g2", "g3"),
    ]


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory, build: Any) -> Path:
    """Return a store with five runs, from which each test has its own."""
    path = tmp_path_factory.mktemp("seal") / "store.sqlite3"
    with Store(path) as store:
        for result in days(build):
            decisions = [DecisionRow("waiver", "W-1", "in-force", "", 1, build.day(90))]
            record(store, result, presence=lambda _: everything_present, decisions=decisions)
    return path


@pytest.fixture
def filled(tmp_path: Path, untouched: Path) -> Path:
    """Return a store with five runs."""
    return Path(shutil.copytree(untouched.parent, tmp_path / "store")) / untouched.name


def change(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as raw:
        assert raw.execute(statement).rowcount != 0, "the statement changes something"
        raw.commit()


def told(path: Path) -> list[str]:
    """Return what is altered, in words."""
    with use_language("en"), Store(path, read_only=True) as store, store.read() as connection:
        return [problem.what for problem in alterations(connection)]


def test_what_nobody_touched_is_whole(filled: Path) -> None:
    assert told(filled) == []
    with Store(filled, read_only=True) as store, store.read() as connection:
        for run in list_runs(connection):
            load_run(connection, run)


# What is done to the store, and what must be named; `report` of the run and `diff` must refuse it as well.
OF_RUNS = [
    ("DELETE FROM run_files WHERE run_id = 4", "run 4"),
    ("UPDATE run_files SET row_count = 1 WHERE run_id = 4", "run 4"),
    ("UPDATE run_files SET file = (SELECT file FROM run_files WHERE run_id = 2) WHERE run_id = 4", "run 4"),
    ("UPDATE run_bodies SET body = replace(body, 'Demo', 'Other') WHERE run_id = 4", "run 4"),
    ("UPDATE run_bodies SET parameters = '{\"a\": 1}' WHERE run_id = 4", "run 4"),
    ("DELETE FROM run_bodies WHERE run_id = 4", "run 4"),
    ("DELETE FROM run_gaps WHERE run_id = 3", "run 3"),
    ("UPDATE run_gaps SET subject_count = 2 WHERE run_id = 3", "run 3"),
    ("DELETE FROM run_decisions WHERE run_id = 4", "run 4"),
    ("UPDATE run_decisions SET status = 'lapsed' WHERE run_id = 4", "run 4"),
    ("DELETE FROM moves WHERE run_id = 4", "run 4"),
    ("UPDATE moves SET decided_by = 'x' WHERE run_id = 4", "run 4"),
    ("UPDATE moves SET findings = x'00' WHERE run_id = 4", "run 4"),
    ("UPDATE runs SET errors = 0 WHERE id = 4", "run 4"),
    ("UPDATE runs SET errors = 'none' WHERE id = 4", "run 4"),
    ("UPDATE runs SET as_of = 'gestern' WHERE id = 4", "run 4"),
    ("UPDATE runs SET entry = 1 WHERE id = 4", "run 4"),
    ("DELETE FROM runs WHERE id = 5", "run 5"),
]
OF_FILES = [
    "DELETE FROM files WHERE hash = (SELECT file FROM run_files WHERE run_id = 4)",
    "UPDATE files SET body = x'00' WHERE hash = (SELECT file FROM run_files WHERE run_id = 4)",
    "UPDATE files SET body = (SELECT body FROM files f JOIN run_files r ON r.file = f.hash WHERE r.run_id = 2)"
    " WHERE hash = (SELECT file FROM run_files WHERE run_id = 4)",
    "DELETE FROM files WHERE hash = (SELECT beside FROM run_bodies WHERE run_id = 4)",
    "DELETE FROM texts",
    "UPDATE texts SET body = replace(CAST(body AS TEXT), 'retired', 'left')",
]


@pytest.mark.parametrize(("statement", "named"), OF_RUNS)
def test_a_run_that_is_altered_is_named(filled: Path, statement: str, named: str) -> None:
    change(filled, statement)
    assert any(named in what for what in told(filled))
    number = "latest" if statement.startswith("DELETE FROM runs") else named.removeprefix("run ")
    with Store(filled, read_only=True) as store, store.read() as connection, pytest.raises(DataError) as caught:
        load_run(connection, find_run(connection, number))
    assert {problem.code for problem in caught.value.problems} == {"store.altered"}


@pytest.mark.parametrize("statement", OF_FILES)
def test_a_file_that_is_altered_is_named(filled: Path, statement: str) -> None:
    change(filled, statement)
    assert any("files " in what or "texts " in what for what in told(filled))
    with Store(filled, read_only=True) as store, pytest.raises(DataError), store.read() as connection:
        compare_runs(connection, find_run(connection, "3"), find_run(connection, "4"))


OF_LIVES = [
    ("DELETE FROM findings WHERE id = {id}", "#{id}"),
    *(
        (f"UPDATE findings SET {column} = {value} WHERE id = {{id}}", "{label}")
        for column, value in {
            "verdict": "'pass'",
            "severity": "'info'",
            "state": "'resolved'",
            "reason": "'no-longer-found'",
            "known_state": "'waived'",
            "active": "NOT active",
            "subject_name": "'x'",
            "subject_id": "'x'",
            "department": "'x'",
            "responsible": "NULL",
            "search": "''",
            "due": "1",
            "urgency": "999",
            "state_run": "1 + state_run % 4",
            "state_since": "0",
            "begun": "0",
            "first_seen": "0",
            "first_run": "2",
            "last_run": "1",
            "times_reopened": "7",
            "wording_id": "(SELECT max(id) + 0 FROM wordings WHERE id <> wording_id)",
            "fingerprint": "'0123456789abcdef0123456789abcdef'",
        }.items()
    ),
]


@pytest.mark.parametrize(("statement", "named"), OF_LIVES)
def test_a_life_that_is_altered_is_named(filled: Path, build: Any, statement: str, named: str) -> None:
    label = build.finding(subject="g2").id
    with Store(filled, read_only=True) as store, store.read() as connection:
        number = find_finding(connection, label)
    change(filled, statement.format(id=number))
    found = told(filled)
    assert any(named.format(id=number, label=label) in what for what in found), found
    if not statement.startswith("DELETE"):
        with Store(filled, read_only=True) as store, store.read() as connection, pytest.raises(DataError):
            require_life(connection, number)


def test_words_to_search_by_that_are_altered_are_noticed(filled: Path) -> None:
    change(filled, "UPDATE wordings SET words = 'x'")
    assert told(filled)


def test_a_finding_that_no_run_recorded_is_named(filled: Path) -> None:
    names = "ruleset, label, rule, rule_name, wording_id, subject_kind, subject_id, subject_name, verdict, severity"
    names += ", urgency, enforcement, search, state, reason, known_state, active, state_run, state_since, begun"
    names += ", first_run, first_seen, times_reopened"
    change(
        filled, f"INSERT INTO findings (id, fingerprint, {names}) SELECT 99, 'f', {names} FROM findings WHERE id = 1"
    )
    assert told(filled)


def test_a_run_that_nobody_sealed_is_named(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as raw:
        columns = [row[1] for row in raw.execute("PRAGMA table_info(runs)") if row[1] != "id"]
    names = ", ".join(columns)
    change(filled, f"INSERT INTO runs (id, {names}) SELECT 9, {names} FROM runs WHERE id = 5")
    assert any("run 9" in what for what in told(filled))


def test_what_another_state_of_the_program_spelled_otherwise_is_no_tampering(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def otherwise(*asked: Any) -> Any:
        columns, wordings = life_rows(*asked)
        return columns | {name: [None] * len(wordings) for name in ("due", "search")}, wordings

    monkeypatch.setattr(verify, "life_rows", otherwise)
    assert told(filled) == []
    change(filled, "UPDATE findings SET due = 1 WHERE id = 1")
    assert told(filled)


def test_a_list_of_runs_lacks_none_that_was_sealed(filled: Path) -> None:
    change(filled, "DELETE FROM runs WHERE id = 2")
    with Store(filled, read_only=True) as store, store.read() as connection, pytest.raises(DataError) as caught:
        require_every_run(connection)
    assert len(caught.value.problems) == 1


def test_an_emptied_trail_with_its_runs_leaves_what_tells_on_it(filled: Path) -> None:
    with closing(sqlite3.connect(filled)) as raw:
        for trigger in [row[0] for row in raw.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")]:
            raw.execute(f"DROP TRIGGER {trigger}")
        raw.execute("DELETE FROM audit")
        raw.execute("DELETE FROM runs")
        raw.commit()
    assert [f"run {number}" in what for number, what in enumerate(told(filled), 1)] == [True] * 5


def test_a_dismissal_of_what_was_lost_for_a_while_is_no_tampering(store: Store, build: Any) -> None:
    dismissed = replace(build.finding(), verdict=Verdict.PASS)
    results = (build.result(build.finding()), build.result(gaps=(build.gap("g1"),)), build.result(dismissed))
    for day, result in enumerate(results):
        record(store, replace(result, as_of=build.day(day)), presence=lambda _: everything_present)
        with store.read() as connection:
            assert list(alterations(connection)) == []
