"""What is erased of a person, and what is let go for its age, on every database; the trail knows of both."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from policycore.errors import DataError
from policycore.language import use_language
from policycore.model.findings import Findings
from policycore.model.found import FoundRows
from policycore.model.verdict import Subject
from policycore.store import schema
from policycore.store.decided import Record, add_records
from policycore.store.diff import compare_runs
from policycore.store.erasure import erase
from policycore.store.kept import audit
from policycore.store.kept.found_files import keep_bodies, read_rows
from policycore.store.kept.runs import find_run, list_runs, load_run
from policycore.store.kept.seal import PARTS, digests
from policycore.store.lives.history import find_finding, history_of
from policycore.store.person import Person, longer_names
from policycore.store.prune import prune
from policycore.store.query import FindingFilter, page_of_findings
from policycore.store.store import Store
from policycore.store.verify import alterations
from policycore.store.work import add_notes, assign, tick
from tests.databases import save
from tests.found import rows_of
from tests.store.test_seal import days

GONE = Person("erased-x", ("p9", "a-9"), frozenset({"张三", "Li Na"}), frozenset({"老师"}), frozenset({"张三丰"}))


@pytest.fixture
def filled(store: Store, build: Any) -> Store:
    """Give a store with five runs, a day apart, of the findings and loose findings in `days`."""
    for number, result in enumerate(days(build)):
        save(store, result, now=build.day(number))
    return store


def told(store: Store) -> list[str]:
    with use_language("en"), store.read() as connection:
        assert audit.verify(connection) is None
        return [problem.what for problem in alterations(connection)]


def everything(store: Store) -> str:
    """Return all that stands in the store and can be read, but the audit trail."""
    with store.read() as connection:
        runs = [load_run(connection, run) for run in list_runs(connection)]
        tables = [table for table in schema.metadata.sorted_tables if table.name not in ("audit", "files")]
        return repr([tuple(run.findings) for run in runs]) + repr(
            [connection.execute(select(one)).all() for one in tables]
        )


def counted(store: Store) -> Any:
    """Return numbers, verdicts and moves of every run."""
    with store.read() as connection:
        runs = [(run, load_run(connection, run)) for run in list_runs(connection)]
        lives = schema.findings.c
        stands = connection.execute(select(lives.id, lives.state, lives.verdict, lives.due).order_by(lives.id)).all()
        return [
            (run, sorted((one.fingerprint, one.verdict) for one in result.findings)) for run, result in runs
        ], stands


TEXTS = {
    "张三": "erased-x",
    "p9": "erased-x",
    "a-9": "erased-x-1",
    "g1/a-9": "g1/erased-x-1",
    "群主张 三，副群主张三丰": "群主erased-x，副群主张三丰",
    "li na (office)": "erased-x (office)",
    "Li Nadia": "Li Nadia",
    "老师": "erased-x",
    "老师好": "老师好",
    "p9 pages": "p9 pages",
    "": "",
}


@pytest.mark.parametrize(("text", "left"), TEXTS.items())
def test_names_go_wherever_they_stand_and_other_words_stay(text: str, left: str) -> None:
    assert GONE.text(text) == left
    assert GONE.tree({"a": [text, 1, None]}) == {"a": [left, 1, None]}
    assert longer_names(["张三"], ["张三", "张三丰", "李四"]) == {"张三丰"}


def test_a_person_is_erased_on_every_database(filled: Store, build: Any) -> None:
    about = build.finding(
        rule="ADM", subject="g1/a-9", kind=Subject.MEMBERSHIP, name="老师", facts={"shown": "人事 小三"}
    )
    later = replace(days(build)[-1], as_of=build.day(5))
    rows = (*Findings.of(later.findings).rows, rows_of(about))
    save(filled, replace(later, findings=replace(Findings.of(later.findings), rows=rows)), now=build.day(5))
    number = 1
    add_notes(filled, [number], "张三说下周", author="张三")
    assign(filled, [number], "张三")
    tick(filled, number, 0, author="李四")
    record = Record("waiver", "W-9", '{"text": "张三住院", "subjects": ["p9"]}', build.day(1), reason="为张三")
    with filled.write() as connection:
        audit.append(connection, "waive", {"waiver": "W-9"}, holds=add_records(connection, [record]))
    assert told(filled) == []
    before = counted(filled)
    with filled.write() as connection:
        done = erase(connection, GONE, {"reason": "asked"})
    assert told(filled) == []
    assert counted(filled) == before
    left = everything(filled)
    assert [word for word in ("张三", "老师", "小三", "a-9") if word in left] == []
    assert '"p9"' in left, "what a decision covers stays"
    assert done.findings
    assert len(done.entries) == 2, "the assignment, and the author of the note"
    filled.forget()
    again = replace(later, as_of=build.day(6))
    save(filled, again, now=build.day(6))
    assert told(filled) == []


def test_nobody_touches_what_is_no_word_of_theirs(filled: Store) -> None:
    before = everything(filled)
    with filled.write() as connection:
        done = erase(connection, Person("erased-y", ("nobody",), frozenset({"赵六"})), {})
    assert (done.runs, done.texts, done.findings) == ((), 0, 0)
    assert everything(filled) == before
    assert told(filled) == []


def rows_in(store: Store) -> Mapping[str, int]:
    with store.read() as connection:
        tables = (schema.runs, schema.run_files, schema.run_bodies, schema.moves, schema.findings)
        return {one.name: connection.scalar(select(func.count()).select_from(one)) or 0 for one in tables}


def test_old_runs_go_and_their_numbers_stay(filled: Store, build: Any) -> None:
    before = rows_in(filled)
    with filled.read() as connection:
        listed = list_runs(connection)
    with filled.write() as connection:
        assert prune(connection, build.day(-1)).runs == ()
    assert rows_in(filled) == before
    with filled.write() as connection:
        done = prune(connection, build.day(4), now=build.day(9))
    # g1 was put right in the newest run, and run 4 was the last that reported it.
    assert done.runs == (1, 2, 3)
    assert done.findings == 0
    assert told(filled) == []
    left = rows_in(filled)
    assert (left["runs"], left["moves"], left["run_bodies"]) == (5, before["moves"], 2)
    with filled.read() as connection:
        assert list_runs(connection) == listed
        for name in ("1", "2", "3"):
            with pytest.raises(DataError) as caught:
                load_run(connection, find_run(connection, name))
            assert [problem.code for problem in caught.value.problems] == ["store.let-go"]
        with pytest.raises(DataError):
            compare_runs(connection, find_run(connection, "1"), find_run(connection, "5"))
        assert len(page_of_findings(connection, FindingFilter(active=None))) == left["findings"]
        for label in (build.finding(subject=name).id for name in ("g1", "g2", "g3")):
            assert history_of(connection, find_finding(connection, label)).said
    # Years later: g1 is let go with its run, and comes back as a finding that was never seen.
    for number in (6, 7):
        save(filled, replace(days(build)[4], as_of=build.day(number)), now=build.day(number))
    with filled.write() as connection:
        done = prune(connection, build.day(8) - timedelta(hours=1))
    assert (done.runs, done.findings) == ((4, 5, 6), 1)
    assert told(filled) == []
    save(filled, replace(days(build)[0], as_of=build.day(9)), now=build.day(9))
    assert told(filled) == []
    with filled.read() as connection:
        history = history_of(connection, find_finding(connection, build.finding(subject="g1").id))
    assert [item.state for item in history.happenings] == ["new"]
    # Who decided in a run that was let go can still be erased.
    with filled.write() as connection:
        assert 4 in erase(connection, Person("erased-z", ("p8",), frozenset({"李四"})), {}).runs
    assert told(filled) == []


def test_what_is_taken_out_after_pruning_is_noticed(filled: Store, build: Any) -> None:
    with filled.write() as connection:
        prune(connection, build.day(4))
    for table, where in ((schema.moves, "run_id = 1"), (schema.run_files, "run_id = 4"), (schema.findings, "id = 2")):
        with filled.write() as connection:
            undo = connection.begin_nested()
            connection.exec_driver_sql(f"DELETE FROM {table.name} WHERE {where}")
            assert [*alterations(connection)], table.name
            undo.rollback()
    assert told(filled) == []


def test_only_findings_about_the_person_lose_what_facts_say(build: Any) -> None:
    facts = {"shown": "人事 小三", "reason": "nickname", "scene": "qr", "count": 3}
    about = build.finding(rule="ADM", subject="g1/a-9", kind=Subject.MEMBERSHIP, facts=facts)
    other = build.finding(rule="ADM", subject="g1/a-1", kind=Subject.MEMBERSHIP, facts=facts | {"shown": "群主张三"})
    rows = GONE.rows(rows_of(about, other))
    assert rows is not None
    said = {row["subject_id"]: row for row in rows.table.to_pylist()}
    mine, others = said["g1/erased-x-1"], said["g1/a-1"]
    kept = [mine[f"fact:{name}"] for name in ("shown", "reason", "scene", "count")]
    assert kept == ["erased-x", "nickname", "qr", 3]
    assert others["fact:shown"] == "群主erased-x"
    assert (mine["file"], mine["row"]) == (None, None)
    assert others["row"] is not None
    sent = build.finding(rule="CON", subject="m1", kind=Subject.MESSAGE, facts={"other": "处务会群", "by": "张三"})
    [row] = (GONE.rows(rows_of(sent)) or rows).table.to_pylist()
    assert (row["fact:other"], row["fact:by"]) == ("处务会群", "erased-x")


def test_an_erasure_that_takes_away_a_finding_or_changes_a_life_is_noticed(filled: Store) -> None:
    with filled.write() as connection:
        texts, file = connection.execute(select(schema.run_files.c.texts, schema.run_files.c.file)).first() or ("", "")
        rows = read_rows(connection, texts, file)
        fewer = FoundRows(rows.texts, rows.table.slice(1))
        keep_bodies(connection, schema.files, {fewer.address: lambda: fewer.packed})
        hide = {
            "files": update(schema.run_files).values(file=fewer.address),
            "moves": update(schema.moves).values(state="resolved"),
            "gaps": update(schema.run_gaps).values(subject_count=0),
        }
        for part, statement in hide.items():
            undo = connection.begin_nested()
            connection.execute(statement.where(PARTS[part][0].c.run_id == 3))
            replaced = {"3": {name: digest for name, digest in digests(connection, 3).items() if name == part}}
            audit.append(connection, "erase", {"runs": replaced})
            with use_language("en"):
                assert any("run 3" in problem.what for problem in alterations(connection)), part
            undo.rollback()
        undo = connection.begin_nested()
        connection.execute(update(schema.runs).where(schema.runs.c.id == 3).values(errors=0))
        audit.append(connection, "erase", {"runs": {"3": digests(connection, 3)}})
        assert [*alterations(connection)]
        undo.rollback()
    assert told(filled) == []
