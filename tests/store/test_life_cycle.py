"""Where a finding stands after any sequence of runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore.model.gap import Gap, GapIndex
from policycore.model.verdict import Verdict
from policycore.store.lives.life_cycle import ACTIVE, Judged, Known, Life, Reason, State, next_life, vanished_life
from tests.results import make_gap

ALL = frozenset({"R1"})


def judged(
    *,
    rules: frozenset[str] = ALL,
    everything: bool = False,
    gaps: Sequence[Gap] = (),
    present: bool = True,
    broken: frozenset[str] = frozenset(),
) -> Judged:
    partly = ALL if everything else frozenset()
    return Judged(rules, broken, partly, {}, GapIndex(gaps), lambda *_: present)


def next_lives(known: dict[str, Known], found: dict[str, Verdict], by: Judged) -> Iterator[tuple[str, Life]]:
    """Yield where every finding stands after a run, by fingerprint."""
    for fingerprint, verdict in found.items():
        yield fingerprint, next_life(known[fingerprint].life if fingerprint in known else None, verdict)
    for fingerprint, item in known.items():
        if fingerprint not in found:
            yield fingerprint, vanished_life(item, by)


def run(known: dict[str, Known], found: dict[str, Verdict], by: Judged) -> dict[str, Known]:
    """Return what is known after one more run."""
    after = dict(known)
    for fingerprint, change in next_lives(known, found, by):
        after[fingerprint] = Known(fingerprint, "R1", "group", fingerprint, "g", change)
    return after


def states(*runs: Verdict | Judged | None) -> list[State | None]:
    """Return the state of one finding after each run: found with a verdict, absent (None), or hidden."""
    known: dict[str, Known] = {}
    seen: list[State | None] = []
    for one in runs:
        found = {"f": one} if isinstance(one, Verdict) else {}
        known = run(known, found, one if isinstance(one, Judged) else judged())
        seen.append(known["f"].life.state if "f" in known else None)
    return seen


OPEN = Life(State.OPEN, State.OPEN, Reason.STILL_FOUND)
FAIL, WAIVED, ATTESTED = Verdict.FAIL, Verdict.WAIVED, Verdict.ATTESTED
HIDDEN = judged(everything=True)
BROKE = judged(broken=ALL)


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ((FAIL, FAIL, FAIL), [State.NEW, State.OPEN, State.OPEN]),
        ((FAIL, None, None), [State.NEW, State.RESOLVED, State.RESOLVED]),
        ((FAIL, None, FAIL, FAIL), [State.NEW, State.RESOLVED, State.REOPENED, State.OPEN]),
        ((FAIL, HIDDEN, FAIL), [State.NEW, State.UNKNOWN, State.OPEN]),
        ((FAIL, HIDDEN, None), [State.NEW, State.UNKNOWN, State.RESOLVED]),
        ((FAIL, None, HIDDEN, FAIL), [State.NEW, State.RESOLVED, State.RESOLVED, State.REOPENED]),
        ((FAIL, WAIVED, WAIVED, FAIL, FAIL), [State.NEW, State.WAIVED, State.WAIVED, State.REOPENED, State.OPEN]),
        ((FAIL, WAIVED, HIDDEN, FAIL), [State.NEW, State.WAIVED, State.UNKNOWN, State.REOPENED]),
        ((FAIL, WAIVED, None), [State.NEW, State.WAIVED, State.RESOLVED]),
        ((Verdict.NEEDS_ATTESTATION, ATTESTED, Verdict.NEEDS_ATTESTATION), [State.NEW, State.ATTESTED, State.REOPENED]),
        ((None, FAIL), [None, State.NEW]),
        ((FAIL, BROKE, BROKE, FAIL), [State.NEW, State.NEW, State.NEW, State.OPEN]),
        ((FAIL, FAIL, BROKE, None), [State.NEW, State.OPEN, State.OPEN, State.RESOLVED]),
        ((FAIL, WAIVED, BROKE, WAIVED), [State.NEW, State.WAIVED, State.WAIVED, State.WAIVED]),
        ((FAIL, None, BROKE, FAIL), [State.NEW, State.RESOLVED, State.RESOLVED, State.REOPENED]),
        ((FAIL, HIDDEN, BROKE, FAIL), [State.NEW, State.UNKNOWN, State.UNKNOWN, State.OPEN]),
        ((FAIL, judged(present=False)), [State.NEW, State.UNKNOWN]),
        ((FAIL, judged(rules=frozenset())), [State.NEW, State.UNKNOWN]),
        ((FAIL, judged(gaps=[make_gap("g", rule="R1")])), [State.NEW, State.UNKNOWN]),
        ((FAIL, judged(gaps=[make_gap(rule="R1")])), [State.NEW, State.UNKNOWN]),
        ((FAIL, judged(gaps=[make_gap("other", rule="R1")])), [State.NEW, State.RESOLVED]),
        ((FAIL, judged(gaps=[make_gap("g", rule="R2")])), [State.NEW, State.RESOLVED]),
        (
            (FAIL, judged(gaps=[make_gap("g", rule="R1")]), FAIL, None),
            [State.NEW, State.UNKNOWN, State.OPEN, State.RESOLVED],
        ),
    ],
)
def test_states(runs: Sequence[Verdict | Judged | None], expected: list[State | None]) -> None:
    assert states(*runs) == expected


@pytest.mark.parametrize(
    ("by", "reason"),
    [
        (judged(rules=frozenset()), Reason.RULE_NOT_JUDGED),
        (judged(everything=True), Reason.DATA_MISSING),
        (judged(present=False), Reason.SUBJECT_MISSING),
        (judged(), Reason.NO_LONGER_FOUND),
    ],
)
def test_reason_why_it_is_no_longer_reported(by: Judged, reason: Reason) -> None:
    known = {"f": Known("f", "R1", "group", "f", "g", OPEN)}
    assert [change.reason for _, change in next_lives(known, {}, by)] == [reason]


def test_an_attestation_no_longer_asked_for_is_resolved_though_no_rule_judged_it() -> None:
    known = {"f": Known("f", "ATTEST:c", "estate", "estate", None, OPEN)}
    assert [change.state for _, change in next_lives(known, {}, judged(rules=frozenset()))] == [State.RESOLVED]


@dataclass
class Model:
    """Say the same in the simplest possible way, from the whole list of what happened."""

    events: list[str]

    def state(self) -> State | None:
        """Return the state after the last event: F fail, W waived, - absent, H hidden."""
        if "F" not in self.events and "W" not in self.events:
            return None
        first = next(i for i, e in enumerate(self.events) if e in "FW")
        life = self.events[first:]
        last = life[-1]
        if last == "W":
            return State.WAIVED
        if last == "-":
            return State.RESOLVED
        if last == "H":
            # What was resolved stays resolved until it is seen again.
            before = Model(self.events[:-1]).state()
            return State.RESOLVED if before is State.RESOLVED else State.UNKNOWN
        earlier = Model(self.events[:-1]).last_known()
        if earlier is None:
            return State.NEW
        return State.REOPENED if earlier in (State.RESOLVED, State.WAIVED) else State.OPEN

    def last_known(self) -> State | None:
        """Return the newest state that was not unknown."""
        events = list(self.events)
        while events:
            state = Model(events).state()
            if state is not State.UNKNOWN:
                return state
            events.pop()
        return None


@given(st.lists(st.sampled_from("FW-H"), max_size=9))
def test_any_sequence_agrees_with_a_simple_model(events: list[str]) -> None:
    meaning: dict[str, Verdict | Judged | None] = {"F": FAIL, "W": WAIVED, "-": None, "H": HIDDEN}
    found = states(*(meaning[event] for event in events))
    assert found == [Model(events[: place + 1]).state() for place in range(len(events))]


@given(st.lists(st.sampled_from("FW-H"), max_size=12))
def test_nothing_is_settled_without_a_reason_to_settle_it(events: list[str]) -> None:
    meaning: dict[str, Verdict | Judged | None] = {"F": FAIL, "W": WAIVED, "-": None, "H": HIDDEN}
    found = states(*(meaning[event] for event in events))
    for place, event in enumerate(events):
        if event == "F":
            assert found[place] in ACTIVE
        if event == "H" and found[place] is State.RESOLVED:
            assert found[place - 1] is State.RESOLVED
