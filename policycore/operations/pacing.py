"""Set the pace of one check: recall what has not changed, stop when the time is over, tell the log."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from policycore.engine.pace import JudgedRule, PartlyKnown
from policycore.operations.result_cache import ResultCache
from policycore.rulesets.resolved import ResolvedRule

__all__ = ["CheckPace"]

Listener = Callable[[ResolvedRule, JudgedRule, bool], None]
"""Called with each rule, what it said, and whether that was recalled."""


class CheckPace:
    """Be the pace of a check; `seconds` is its budget from now on, None for as long as it takes.

    One rule is judged however small the budget, so that every run gets further than the one before.
    """

    def __init__(
        self, cache: ResultCache | None = None, *, seconds: float | None = None, listener: Listener | None = None
    ) -> None:
        self.cache = cache
        self.ends = None if seconds is None else time.monotonic() + seconds
        self.listener = listener
        self.recalled = 0
        self.done = 0

    def recall(self, resolved: ResolvedRule) -> JudgedRule | PartlyKnown | None:
        """Return what the rule last said of what has not changed since."""
        return None if self.cache is None else self.cache.read(resolved)

    def order(self, rules: Sequence[ResolvedRule]) -> Sequence[ResolvedRule]:
        """Return first what earlier runs did not get to."""
        if self.ends is None or self.cache is None:
            return rules
        return self.cache.oldest_first(rules)

    def stop(self) -> bool:
        """Return whether the budget is used up."""
        return self.ends is not None and self.done > 0 and time.monotonic() >= self.ends

    def judged(self, resolved: ResolvedRule, judged: JudgedRule, *, recalled: bool, broke: bool) -> None:
        """Keep a fresh answer at once, so that even a run that is killed saves the next one its work."""
        if recalled:
            self.recalled += 1
        else:
            self.done += 1
            if self.cache is not None:
                if broke:
                    self.cache.forget(resolved)
                else:
                    self.cache.write(resolved, judged)
        if self.listener is not None:
            self.listener(resolved, judged, recalled)
