"""Run a check while the screens stay alive: progress, cancel, and news of other processes' runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from policycore.errors import InterruptedRunError, PolicycoreError
from policycore.language import say, say_both
from policycore_tui.screens.box import Field, Form
from policycore_tui.state.typed_path import is_there, typed_path

if TYPE_CHECKING:
    from policycore_tui.app import PolicycoreApp

__all__ = ["Running"]


class Running:
    """Start one check at a time in a thread; only what it reports reaches the screens."""

    def __init__(self, app: PolicycoreApp) -> None:
        self.app = app
        self.cancelled: Event | None = None
        self.last: tuple[str, str] | None = None
        """Folder and rule set of the last check that was started here."""
        self.known = app.office.latest_number()

    @property
    def active(self) -> bool:
        """Return whether a check is running."""
        return self.cancelled is not None

    def ask(self) -> None:
        """Ask for estate and rule set, and start."""
        services = self.app.services
        run = self.app.office.latest()
        known = str(services.estate or ""), services.ruleset_name or (run.ruleset if run else "")
        folder, ruleset = self.last or known
        fields = [
            Field("estate", say("tui.form.estate"), folder),
            Field("ruleset", say("tui.form.ruleset"), ruleset),
        ]

        def start(values: Mapping[str, str]) -> Mapping[str, str]:
            estate = typed_path(values["estate"])
            if not values["estate"] or not is_there(estate):
                return {"estate": say("tui.form.no-folder")}
            if not values["ruleset"]:
                return {"ruleset": say("tui.form.needed")}
            self.last = values["estate"], values["ruleset"]
            self.start(values["ruleset"], estate)
            return {}

        self.app.push_screen(Form(say("tui.key.run_check"), fields, start))

    def start(self, ruleset: str, estate: Path) -> None:
        """Start a check."""
        self.cancelled = Event()
        self.progress(0, 0, ruleset)
        self.app.run_worker(lambda: self._work(ruleset, estate), thread=True, group="check", exit_on_error=False)

    def _work(self, ruleset: str, estate: Path) -> None:
        """Check, in the worker's thread."""
        run, cancelled = self.app.services.run, self.cancelled
        if run is None or cancelled is None:
            return
        try:
            words = run(ruleset, estate, lambda *told: self.app.later(self.progress, *told), cancelled)
        except InterruptedRunError:
            self.app.later(self._ended, (say("tui.run.cancelled"),), None)
        except PolicycoreError as error:
            self.app.later(self._ended, (), error)
        except Exception as error:  # the screens must outlive whatever a check meets
            self.app.later(self._ended, (say("tui.run.failed", error=type(error).__name__),), None)
        else:
            self.app.later(self._ended, tuple(words), None)

    def progress(self, done: int, total: int, rule: str) -> None:
        """Show how far the check is."""
        if self.active:
            # Until the rules are counted there is no number to show.
            key = "tui.run.progress" if total else "tui.run.preparing"
            self.app.show_banner(say_both(key, done=done, total=total, rule=rule))

    def cancel(self) -> None:
        """Stop before the next rule; nothing is written."""
        if self.cancelled is not None:
            self.cancelled.set()
            self.app.show_banner(say_both("tui.run.cancelling"))

    def _ended(self, words: tuple[str, ...], error: PolicycoreError | None) -> None:
        """Show what came of it."""
        self.cancelled = None
        self.known = self.app.office.latest_number()
        self.app.show_banner("")
        for sentence in words:
            self.app.tell(sentence)
        if error is not None:
            self.app.tell_error(error)
        self.app.reload()

    def look(self) -> None:
        """Say when another process has finished a run; nothing moves before the person asks for it."""
        if self.active:
            return
        try:
            number = self.app.office.latest_number()
        except PolicycoreError:
            return
        if number != self.known:
            self.known = number
            self.app.show_banner(say_both("tui.run.other", id=number))
