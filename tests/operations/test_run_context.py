"""What a run says of the run before it: put right, no longer visible, still there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from policycore.model.verdict import Verdict
from policycore.operations.run_context import with_run_context
from policycore.reports.formats import Presentation
from policycore.reports.gaps import missing_fields
from policycore.store.kept.runs import find_run
from policycore.store.lives.presence import everything_present
from policycore.store.record import record
from policycore.store.store import Store


def run(store: Store, result: Any, *, gone: Iterable[str] = ()) -> Presentation:
    """Record a result over an estate without the subjects `gone` and return what reports say beside it."""

    def present(kind: str, subject: str, group: str | None) -> bool:
        return subject not in gone

    recorded = record(store, result, presence=lambda _asked: present if gone else everything_present)
    return beside(store, recorded.id)


def beside(store: Store, number: int) -> Presentation:
    with store.read() as connection:
        return with_run_context(Presentation(), connection, find_run(connection, str(number)))


def test_what_was_put_right_is_absent_once_and_as_it_was_last_told(store: Store, build: Any) -> None:
    one, two = build.finding(subject="g1"), build.finding(subject="g2")
    later = build.replace(two, facts={"owner": "李四"})
    assert run(store, build.result(one, two)).absent == ()
    run(store, build.result(one, later, as_of=build.day(1)))
    third = run(store, build.result(one, as_of=build.day(2)))
    assert third.absent == (later,)
    assert third.baseline == {one.fingerprint: "unchanged", two.fingerprint: "absent"}
    assert run(store, build.result(one, as_of=build.day(3))).absent == ()
    assert beside(store, 3) == third


def test_what_comes_back_is_new_and_what_is_waived_can_be_absent_too(store: Store, build: Any) -> None:
    one = build.finding(subject="g1")
    run(store, build.result(one))
    run(store, build.result(as_of=build.day(1)))
    assert run(store, build.result(one, as_of=build.day(2))).baseline == {one.fingerprint: "new"}
    waived = build.replace(one, verdict=Verdict.WAIVED)
    run(store, build.result(waived, as_of=build.day(3)))
    assert run(store, build.result(as_of=build.day(4))).absent == (waived,)


def test_what_vanished_with_its_data_is_unknown_until_it_is_seen(store: Store, build: Any) -> None:
    one, two = build.finding(subject="g1"), build.finding("OWN002", "g2")
    run(store, build.result(one, two))
    lost = run(store, build.result(as_of=build.day(1), rules=("OWN001",)), gone=["g1"])
    assert lost.absent == ()
    assert [(item.fingerprint, item.verdict, item.remediation) for item in lost.lost] == [
        (one.fingerprint, Verdict.UNKNOWN, ()),
        (two.fingerprint, Verdict.UNKNOWN, ()),
    ]
    assert "no longer in the data" in lost.lost[0].message.en
    assert lost.lost[0].message.en.endswith(one.message.en)
    assert "不在数据中" in lost.lost[0].message.zh
    assert "not judged by the run" in lost.lost[1].message.en
    assert lost.baseline == {one.fingerprint: "updated", two.fingerprint: "updated"}
    still = run(store, build.result(as_of=build.day(2), rules=("OWN001",)), gone=["g1"])
    assert still.lost == lost.lost
    assert still.baseline == {one.fingerprint: "unchanged", two.fingerprint: "unchanged"}
    seen = run(store, build.result(two, as_of=build.day(3)))
    assert seen.lost == ()
    assert seen.absent == (one,)
    assert beside(store, 2) == lost


def test_what_lies_in_a_gap_is_unknown_and_a_missing_field_is_new_once(store: Store, build: Any) -> None:
    one = build.finding(subject="g1")
    run(store, build.result(one))
    gap = build.gap("g1")
    [field] = missing_fields([gap])
    told = run(store, build.result(gaps=(gap,), as_of=build.day(1)))
    assert [item.fingerprint for item in told.lost] == [one.fingerprint]
    assert told.absent == ()
    assert told.baseline == {one.fingerprint: "updated", field.fingerprint: "new"}
    again = run(store, build.result(gaps=(build.gap("g1", "g2"),), as_of=build.day(2)))
    assert again.baseline == {one.fingerprint: "unchanged", field.fingerprint: "unchanged"}


def test_sets_and_replays_know_nothing_of_one_another(store: Store, build: Any) -> None:
    one = build.finding(subject="g1")
    run(store, build.result(one))
    assert run(store, build.result(ruleset="another", as_of=build.day(1))).absent == ()
    replay = run(store, build.result(as_of=build.day(-1)))
    assert (replay.baseline, replay.absent, replay.lost) == ({}, (), ())


def test_what_a_cut_run_does_not_report_is_unknown_in_it_and_put_right_by_nothing(store: Store, build: Any) -> None:
    one, two, settled = build.finding(subject="g1"), build.finding("OWN002", "g2"), build.finding(subject="g3")
    run(store, build.result(one, two, settled))
    run(store, build.result(one, two, as_of=build.day(1)))
    cut = build.replace(build.result(one, as_of=build.day(2), rules=("OWN001",)), unreached=("ownership/own002",))
    told = run(store, cut)
    assert (told.baseline, told.absent) == ({}, ())
    assert [(item.fingerprint, item.verdict) for item in told.lost] == [(two.fingerprint, Verdict.UNKNOWN)]
    after = run(store, build.result(one, two, as_of=build.day(3)))
    assert (after.baseline, after.absent, after.lost) == (
        {one.fingerprint: "unchanged", two.fingerprint: "unchanged"},
        (),
        (),
    )
