"""Move the lives of a rule set's findings on by one run, in one step over what is known, found and hidden."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from policycore.model.findings import Findings
from policycore.model.verdict import Verdict
from policycore.store.lives.life_cycle import Judged, Life, State, next_life, vanished_life
from policycore.store.lives.life_rows import column_text
from policycore.store.lives.previous_state import PreviousState, Vanished
from policycore.store.lives.reworded import Reworded

__all__ = ["Alike", "Changes", "changes_by", "gone_by"]


@dataclass(frozen=True, slots=True)
class Alike:
    """Findings, by number, that a run moves alike."""

    was: Life | None
    now: Life
    decided_by: str | None
    numbers: list[int] = field(default_factory=list)


@dataclass(slots=True)
class Changes:
    """What a run changes in the lives of findings; places are those of its index."""

    new: list[tuple[int, int]] = field(default_factory=list)
    """Place and number of each finding that was never seen before."""
    found: list[Alike] = field(default_factory=list)
    """Those that the run reports, new ones too."""
    gone: list[Alike] = field(default_factory=list)
    """Those that it does not report."""
    closed: list[int] = field(default_factory=list)
    """The numbers of those that the run before reported, and this one does not."""
    again: list[int] = field(default_factory=list)
    """The numbers of those that it reports, and the run before did not."""
    reworded: list[int] = field(default_factory=list)
    """The numbers of those that say something else than they said last."""
    refreshed: list[tuple[int, int, int]] = field(default_factory=list)
    """Place, number and beginning, in microseconds, of those whose columns are to be written again."""

    @property
    def states(self) -> Counter[State]:
        """Count the findings that come into another state."""
        counts: Counter[State] = Counter()
        for alike in (*self.found, *self.gone):
            if alike.was is None or alike.was.state is not alike.now.state:
                counts[alike.now.state] += len(alike.numbers)
        return counts


def changes_by(
    findings: Findings, before: Mapping[str, PreviousState], reworded: Reworded, next_number: int, as_of: int
) -> Changes:
    """Return what a run as of `as_of` changes by what it found; what it did not find is for `gone_by` to say."""
    made = Changes()
    alike: dict[tuple[int, str, str | None], Alike] = {}
    by = {
        digest: column_text(decision.decided_by) for digest, decision in findings.decisions.items() if decision.verdict
    }
    by |= {
        one.fingerprint: column_text(one.decision.decided_by)
        for one in findings.loose
        if one.decision and one.decision.verdict
    }
    index = findings.index
    columns = (index.column(name).to_pylist() for name in ("fingerprint", "verdict"))
    for place, (fingerprint, verdict) in enumerate(zip(*columns, strict=True)):
        item = before.get(fingerprint)
        life = None if item is None else item.life
        # By identity: there are few lives, they outlive the loop, and hashing them would cost most of it.
        key = id(life), verdict, by.get(fingerprint)
        if key not in alike:
            alike[key] = Alike(life, next_life(life, Verdict(verdict)), key[2])
        if item is None:
            number, next_number = next_number, next_number + 1
            made.new.append((place, number))
        else:
            number = item.id
            _compare(made, item, alike[key].now, place, fingerprint, reworded, as_of)
        alike[key].numbers.append(number)
    made.found = [one for one in alike.values() if one.was != one.now]
    return made


def _compare(
    made: Changes, item: PreviousState, now: Life, place: int, fingerprint: str, reworded: Reworded, as_of: int
) -> None:
    """Note what a known finding says when it is not what it said before."""
    if not item.said:
        made.again.append(item.id)
    if not item.said or fingerprint in reworded.words:
        made.reworded.append(item.id)
    begins = now.state is State.REOPENED and item.life.state is not State.REOPENED
    if begins or not item.said or fingerprint in reworded.columns:
        made.refreshed.append((place, item.id, as_of if begins else item.begun))


def gone_by(made: Changes, gone: Iterable[tuple[int, Vanished]], judged: Judged) -> None:
    """Add to what is `made` what becomes of the findings that the run does not report, for all that it `judged`."""
    alike: dict[tuple[int, Life], Alike] = {}
    for number, item in gone:
        life = item.known.life
        now = vanished_life(item.known, judged)
        if now != life:
            alike.setdefault((id(life), now), Alike(life, now, None)).numbers.append(number)
    made.gone = list(alike.values())
