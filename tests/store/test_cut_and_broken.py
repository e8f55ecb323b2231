"""A run that was cut short moves no state, and a rule that broke moves none of its own findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from policycore.model.result import RunResult
from policycore.model.verdict import Subject, Verdict
from policycore.store import schema
from policycore.store.presence import everything_present
from policycore.store.record import record
from policycore.store.runs import cut_short, find_run, load_run
from policycore.store.store import Store


def save(store: Store, result: RunResult, **options: Any) -> Any:
    return record(store, result, presence=lambda _asked: everything_present, **options)


def state_of(store: Store) -> dict[str, str]:
    with store.read() as connection:
        table = schema.findings.c
        return dict(connection.execute(select(table.subject_id, table.state)).all())


def test_a_cut_run_is_kept_and_changes_no_state(store: Store, build: Any) -> None:
    save(store, build.result(build.finding(), build.finding(subject="g3")))
    seen = replace(build.result(build.finding(subject="g2"), as_of=build.day(2)), unreached=("local/other",))
    run = save(store, seen)
    assert (run.replay, run.cut, dict(run.states)) == (True, True, {})
    assert state_of(store) == {"g1": "new", "g3": "new"}
    with store.read() as connection:
        assert load_run(connection, find_run(connection, str(run.id))) == seen
        assert find_run(connection, "latest").id == 1
        assert find_run(connection, "latest", replays=True).id == run.id
        (note,) = cut_short(connection)
        assert (note.cut.id, note.shown and note.shown.id) == (run.id, 1)
        assert note.days(note.cut.recorded_at + timedelta(days=3, hours=2)) == 3
    # As if it had never been: the next run follows the whole one, though its data are older than the cut one's.
    after = save(store, build.result(build.finding(), as_of=build.day(1)))
    assert (after.replay, after.previous) == (False, 1)
    assert state_of(store) == {"g1": "open", "g3": "resolved"}
    with store.read() as connection:
        assert cut_short(connection) == []


def test_before_any_whole_run_a_cut_one_leaves_nothing_to_show(store: Store, build: Any) -> None:
    save(store, replace(build.result(build.finding()), unreached=("local/other",)))
    assert state_of(store) == {}
    with store.read() as connection:
        (note,) = cut_short(connection)
    assert note.shown is None
    assert note.days(build.day(9)) == 0


def test_a_rule_that_breaks_leaves_its_findings_as_they_were_and_freezes_no_others(store: Store, build: Any) -> None:
    own, other = (build.finding(subject=name, rule=rule) for name, rule in (("g1", "OWN001"), ("g2", "OWN002")))
    save(store, build.result(own, other))
    broke = build.finding(
        subject="estate", kind=Subject.ESTATE, rule="OWN001", verdict=Verdict.ERROR, facts={"error": True}
    )
    for day in (1, 2):
        save(store, build.result(broke, other, as_of=build.day(day)), complete=False)
        assert state_of(store) == {"g1": "new", "g2": "open", "estate": "new" if day == 1 else "open"}
    save(store, build.result(broke, as_of=build.day(3)), complete=False)
    assert state_of(store) == {"g1": "new", "g2": "resolved", "estate": "open"}
    save(store, build.result(own, as_of=build.day(4)))
    assert state_of(store) == {"g1": "open", "g2": "resolved", "estate": "resolved"}
