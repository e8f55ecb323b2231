"""Run a check in a thread, one at a time; only what it reports reaches the screens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event

from policycore.errors import InterruptedRunError, PolicycoreError
from policycore.language import Text, say, say_both
from policycore_tui.state.services import Runner

__all__ = ["Checks"]


@dataclass(slots=True)
class Checks:
    """The check that is running, if one is, and what was checked last.

    `start` begins something in a thread, `later` calls something from there; `report` is called with how far the
    check is, and `ended` with the sentences about what was recorded or with what went wrong.
    """

    run: Runner | None
    start: Callable[[Callable[[], object]], object]
    later: Callable[..., object]
    report: Callable[[Text | str], object]
    ended: Callable[[tuple[str, ...], PolicycoreError | None], object]
    cancelled: Event | None = None
    last: tuple[str, str] | None = None
    """Folder and rule set of the last check that was started here, as they were typed."""

    @property
    def active(self) -> bool:
        """Return whether a check is running."""
        return self.cancelled is not None

    def check(self, ruleset: str, estate: Path) -> None:
        """Start a check."""
        if self.run is not None:
            self.cancelled = Event()
            self._progress(0, 0, ruleset)
            self.start(partial(self._work, self.run, self.cancelled, ruleset, estate))

    def cancel(self) -> None:
        """Stop before the next rule; nothing is written."""
        if self.cancelled is not None:
            self.cancelled.set()
            self.report(say_both("tui.run.cancelling"))

    def _work(self, run: Runner, cancelled: Event, ruleset: str, estate: Path) -> None:
        """Check, in the thread."""
        words: tuple[str, ...] = ()
        failed: PolicycoreError | None = None

        def tell(done: int, total: int, rule: str) -> None:
            self.later(self._progress, done, total, rule)

        try:
            words = tuple(run(ruleset, estate, tell, cancelled))
        except InterruptedRunError:
            words = (say("tui.run.cancelled"),)
        except PolicycoreError as error:
            failed = error
        except Exception as error:  # the screens must outlive whatever a check meets
            words = (say("tui.run.failed", error=type(error).__name__),)
        self.later(self._end, words, failed)

    def _progress(self, done: int, total: int, rule: str) -> None:
        if self.active:
            # Until the rules are counted there is no number to show.
            key = "tui.run.progress" if total else "tui.run.preparing"
            self.report(say_both(key, done=done, total=total, rule=rule))

    def _end(self, words: tuple[str, ...], error: PolicycoreError | None) -> None:
        self.cancelled = None
        self.ended(words, error)
