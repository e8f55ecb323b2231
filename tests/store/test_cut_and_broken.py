"""A run that was cut short moves no state, and a rule that broke moves none of its own findings."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from policycore.model.verdict import Subject, Verdict
from policycore.store import schema
from policycore.store.kept.runs import cut_short, find_run, list_runs, load_run
from policycore.store.lives.last_words import last_words
from policycore.store.store import Store
from tests.databases import save, state_of


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


LISTED = ("state", "known_state", "reason", "verdict", "state_since", "first_seen", "times_reopened", "due")
SUBJECTS = st.frozensets(st.sampled_from(["g1", "g2", "g3"]))
DAYS = st.lists(st.tuples(st.booleans(), SUBJECTS, st.integers(0, 1)), min_size=1, max_size=8)
"""Whether a run comes to its end, what it finds, and in which words."""


def known(store: Store) -> dict[str, tuple[Any, ...]]:
    """Return where every finding stands, and what it says, by fingerprint."""
    table = schema.findings.c
    query = select(table.fingerprint, table.id, *(table[name] for name in LISTED))
    with store.read() as connection:
        rows = connection.execute(query).all()
        said = last_words(connection, [row.id for row in rows])
        newest = list_runs(connection, limit=1, replays=False)
        told = () if not newest else (newest[0].new, newest[0].reopened, newest[0].resolved, newest[0].lost)
    return {row[0]: (*row[2:], said[row.id]) for row in rows} | {"newest": told}


@given(days=DAYS)
def test_it_is_as_if_cut_runs_had_never_been(tmp_path_factory: Any, build: Any, days: Any) -> None:
    folder = tmp_path_factory.mktemp("stores")
    with Store(folder / "with.sqlite3") as cut, Store(folder / "without.sqlite3") as whole:
        for day, (whole_run, subjects, worded) in enumerate(days):
            found = [build.finding(subject=name, facts={"n": worded}) for name in sorted(subjects)]
            result = build.result(*found, as_of=build.day(day))
            if whole_run:
                save(whole, result)
            save(cut, result if whole_run else replace(result, unreached=("local/other",)))
            assert known(cut) == known(whole)
