"""Find what time alone will bring: judge the same data at later times, and tell what was not there at the first."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from policycore.model.result import Finding, RunResult
from policycore.model.verdict import Verdict

__all__ = ["Coming", "forecast", "moments"]

Judge = Callable[[datetime], RunResult]
"""Called with one moment after another; returns the result as of then, decisions applied. Its facts may be older."""
Exactly = Callable[[datetime, Collection[str]], RunResult]
"""Called with the moment judged last and names of rules; returns the result with the facts of these as of then."""

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


def forecast(judge: Judge, times: Sequence[datetime], exactly: Exactly | None = None) -> list[Coming]:
    """Return what will be open, or open for another reason, at any of `times` and is not at the first.

    Each comes with the first of `times` at which it is so, and as it is then.
    """
    first = _by_fingerprint(judge(times[0]))
    found: dict[tuple[str, Verdict], Coming] = {}
    for at in times[1:]:
        now = _by_fingerprint(judge(at))
        fresh = {
            fingerprint: finding
            for fingerprint, finding in now.items()
            if finding.verdict not in _SETTLED
            and (fingerprint, finding.verdict) not in found
            and (fingerprint not in first or first[fingerprint].verdict is not finding.verdict)
        }
        if fresh and exactly is not None:
            now = _by_fingerprint(exactly(at, {finding.rule for finding in fresh.values()}))
        for fingerprint in fresh:
            finding, before = now[fingerprint], first.get(fingerprint)
            found[fingerprint, finding.verdict] = Coming(at, finding, None if before is None else before.verdict)
    return sorted(found.values(), key=lambda item: (item.at, item.finding.rule, item.finding.subject.id))


def _by_fingerprint(result: RunResult) -> dict[str, Finding]:
    """Return the findings of a result by fingerprint."""
    return {finding.fingerprint: finding for finding in result.findings}
