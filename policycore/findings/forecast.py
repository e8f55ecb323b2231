"""Find what time alone will bring: judge the same data at later times and close in on each change.

Only days at which the two ends of a stretch differ are looked into. What comes and goes within a
stretch whose ends agree is seen when every day is judged (`every_day`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from policycore.model.result import Finding, RunResult
from policycore.model.verdict import Verdict

__all__ = ["Coming", "forecast", "moments"]

Judge = Callable[[datetime], RunResult]
"""Called with a moment; returns the result as of then, decisions applied."""

_SETTLED = frozenset({Verdict.WAIVED, Verdict.ATTESTED})


@dataclass(frozen=True, slots=True)
class Coming:
    """Be one finding that will be open from `at` on; `was` names the verdict it has until then, if it has one."""

    at: datetime
    finding: Finding
    was: Verdict | None


def moments(begin: datetime, days: int) -> list[datetime]:
    """Return `begin` and the same time of day on each of the following days, in the zone of `begin`."""
    # Wall-clock days: where the clock changes, a day has 23 or 25 hours.
    return [begin + timedelta(days=day) for day in range(days + 1)]


def forecast(judge: Judge, times: Sequence[datetime], *, every_day: bool = False) -> list[Coming]:
    """Return what will be open, or open for another reason, at any of `times` and is not at the first.

    Each comes with the first of `times` at which it is so.
    """
    look = lru_cache(maxsize=None)(lambda place: _open(judge(times[place])))
    first = look(0)
    found: dict[tuple[str, Verdict], Coming] = {}
    for place, now in _changes(look, 0, len(times) - 1, every_day):
        for fingerprint, finding in now.items():
            before = first.get(fingerprint)
            same = before is not None and before.verdict is finding.verdict
            key = (fingerprint, finding.verdict)
            if finding.verdict in _SETTLED or same or key in found:
                continue
            found[key] = Coming(times[place], finding, None if before is None else before.verdict)
    return sorted(found.values(), key=lambda item: (item.at, item.finding.rule, item.finding.subject.id))


_Look = Callable[[int], dict[str, Finding]]


def _changes(look: _Look, low: int, high: int, every_day: bool) -> Iterator[tuple[int, dict[str, Finding]]]:
    """Yield, in order, each place whose findings are not those of the place before it."""
    if high <= low:
        return
    if not every_day and _verdicts(look(low)) == _verdicts(look(high)):
        return
    if high - low == 1:
        yield high, look(high)
        return
    middle = (low + high) // 2
    yield from _changes(look, low, middle, every_day)
    yield from _changes(look, middle, high, every_day)


def _open(result: RunResult) -> dict[str, Finding]:
    """Return the findings of a result by fingerprint."""
    return {finding.fingerprint: finding for finding in result.findings}


def _verdicts(findings: dict[str, Finding]) -> dict[str, Verdict]:
    """Return the verdicts by fingerprint: facts such as the days elapsed change every day and mean nothing here."""
    return {fingerprint: finding.verdict for fingerprint, finding in findings.items()}
