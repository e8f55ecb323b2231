"""Notes, assignments, ticks, the plan; each with its entry, each to be undone."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select

from policycore.errors import PolicycoreError, UsageError
from policycore.language import use_language
from policycore.store import schema
from policycore.store.kept import audit
from policycore.store.kept.acts import KINDS, altered_acts
from policycore.store.lives.history import find_finding, history_of
from policycore.store.lives.presence import everything_present
from policycore.store.query import FindingFilter, page_of_findings
from policycore.store.record import record
from policycore.store.store import Store
from policycore.store.work import (
    add_notes,
    assign,
    remove_notes,
    reveal,
    tick,
    untick,
    work_plan,
)


@pytest.fixture
def filled(store: Store, build: Any) -> Store:
    findings = [build.finding(due=build.day(3)), build.finding(subject="g2", due=build.day(1))]
    record(store, build.result(*findings), presence=lambda _: everything_present)
    return store


def actions(store: Store) -> list[str]:
    with store.read() as connection:
        assert audit.verify(connection) is None
        return [f"{entry.actor}:{entry.action}" for entry in audit.entries(connection)][1:]


def test_notes(filled: Store, build: Any) -> None:
    (number,) = add_notes(filled, [1], "打过电话\x00", author="甲", now=build.day(1))
    add_notes(filled, [1], "second", author="乙", now=build.day(2))
    with filled.read() as connection:
        notes = history_of(connection, 1).notes
    assert [(author, text) for _, author, text in notes] == [("甲", "打过电话\ufffd"), ("乙", "second")]
    remove_notes(filled, [number], author="甲")
    with filled.read() as connection:
        assert len(history_of(connection, 1).notes) == 1
    assert actions(filled) == ["甲:note", "乙:note", "甲:note-removed"]


def test_assignments_can_be_filtered_and_undone(filled: Store) -> None:
    before = assign(filled, [1, 2], "李四", author="甲")
    assert before == {1: None, 2: None}
    with filled.read() as connection:
        rows = page_of_findings(connection, FindingFilter(any_of={"assigned": ("李四",)}))
    assert [row.assigned_to for row in rows] == ["李四", "李四"]
    assert assign(filled, [1], None) == {1: "李四"}
    assert len(actions(filled)) == 2


def test_ticks_survive_the_next_run_and_leave_the_plan(filled: Store, build: Any) -> None:
    with filled.read() as connection:
        plan = work_plan(connection)
    assert [(step.subject, step.due) for step in plan] == [("工作群g2", build.day(1)), ("工作群g1", build.day(3))]
    assert tick(filled, 2, 0, author="甲")
    assert not tick(filled, 2, 0, author="乙")
    again = [build.finding(due=build.day(3)), build.finding(subject="g2", due=build.day(1), facts={"owner": "new"})]
    record(filled, build.result(*again, as_of=build.day(1)), presence=lambda _: everything_present)
    with filled.read() as connection:
        assert [step.subject for step in work_plan(connection)] == ["工作群g1"]
        (step,) = (step for step in work_plan(connection, open_only=False) if step.finding_id == 2)
        assert step.done is not None
        assert step.done.author == "甲"
        assert len(work_plan(connection, open_only=False)) == 2
    assert untick(filled, 2, 0)
    assert not untick(filled, 2, 0)


def test_what_is_resolved_is_not_in_the_plan(filled: Store, build: Any) -> None:
    record(filled, build.result(build.finding(), as_of=build.day(1)), presence=lambda _: everything_present)
    with filled.read() as connection:
        assert [step.subject for step in work_plan(connection)] == ["工作群g1"]


def test_revealing_needs_a_reason_and_leaves_an_entry(filled: Store) -> None:
    with pytest.raises(ValueError, match="reason"):
        reveal(filled, 1, "  ")
    head = reveal(filled, 1, "核对原文", author="甲")
    with filled.read() as connection:
        assert audit.head(connection) == head
    assert actions(filled) == ["甲:reveal"]


def test_a_finding_is_found_by_the_beginning_of_its_id_or_fingerprint(filled: Store, build: Any) -> None:
    finding = build.finding()
    with filled.read() as connection:
        assert find_finding(connection, finding.id) == 1
        assert find_finding(connection, finding.fingerprint[:10]) == 1
        for name in ("OWN001", "%%%%", "____", "abc", ""):
            with pytest.raises(UsageError) as caught:
                find_finding(connection, name)
            assert caught.value.problems[0].code == ("store.many-findings" if name == "OWN001" else "store.no-finding")


def test_one_note_on_many_findings_is_written_for_all_or_for_none(filled: Store) -> None:
    with filled.read() as connection:
        before = connection.scalar(select(func.count()).select_from(schema.notes))
    with pytest.raises(PolicycoreError):
        add_notes(filled, [1, 999_999], "x")
    with filled.read() as connection:
        assert connection.scalar(select(func.count()).select_from(schema.notes)) == before
    made = add_notes(filled, [1, 2], "x")
    assert len(set(made)) == 2
    remove_notes(filled, [*made, *made])
    with filled.read() as connection:
        assert connection.scalar(select(func.count()).select_from(schema.notes)) == before


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE notes SET text = 'x'", "note"),
        ("DELETE FROM notes", "note"),
        ("DELETE FROM step_ticks", "tick"),
        ("UPDATE step_ticks SET author = 'x'", "tick"),
        ("UPDATE findings SET assigned_to = 'x' WHERE id = 1", "works on"),
        ("UPDATE findings SET assigned_to = 'x' WHERE id = 2", "works on"),
        ("INSERT INTO notes VALUES (9, 1, 0, 'x', 'x')", "note"),
        ("INSERT INTO roles VALUES ('name', 'x', 'administrator')", "role"),
        ("INSERT INTO decisions VALUES (1,'waiver','W-1','','{}','','',0,NULL,'','{}','in-force',NULL,'','')", "W-1"),
    ],
)
def test_what_people_did_is_sealed(filled: Store, statement: str, named: str) -> None:
    (note,) = add_notes(filled, [1], "一")
    remove_notes(filled, add_notes(filled, [2], "二"))
    assign(filled, [1, 2], "张三")
    assign(filled, [2], None)
    tick(filled, 1, 0)
    assert note
    with filled.read() as connection:
        assert not list(altered_acts(connection, KINDS))
    with filled.write() as connection:
        connection.exec_driver_sql(statement)
    with filled.read() as connection, use_language("en"):
        (problem,) = altered_acts(connection, KINDS)
    assert named in problem.what
