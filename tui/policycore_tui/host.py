"""The app as the screens know it: workspace, settings, language, messages; it knows none of them."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from traceback import extract_tb
from typing import Any, ClassVar, TypeVar
from zoneinfo import ZoneInfo

from rich.text import Text as Plain
from textual.app import App, SuspendNotSupported
from textual.screen import Screen
from textual.signal import Signal

from policycore import Panel
from policycore.errors import Place, PolicycoreError
from policycore.language import Language, Text, say, say_both, share_language
from policycore.store.query import FindingRow
from policycore.system.refusals import refusal_words
from policycore.text.clean import clean
from policycore_tui.pages.gaps import FieldTarget
from policycore_tui.pages.overview import FilterTarget, FindingTarget
from policycore_tui.pages.runs import cut_words
from policycore_tui.state.actions import Actions, Done
from policycore_tui.state.checks import Checks
from policycore_tui.state.findings import FindingsRepository
from policycore_tui.state.keys import KeyTable, key_name
from policycore_tui.state.listing import Listing
from policycore_tui.state.rulesets import RuleSets
from policycore_tui.state.services import Services
from policycore_tui.state.settings import Views, at_line, editor, read_settings, write_settings
from policycore_tui.style import STYLE

__all__ = ["Host"]

QUIET_SECONDS = 10.0
"""How long the same words are not said again."""
_UNDONE = 100
"""So many acts can be taken back."""

Given = TypeVar("Given")


class Host(App[None]):
    """What every screen may ask for."""

    CSS = STYLE
    TITLE = "policycore"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[Any]] = []
    FINDING_SCREEN: Callable[[FindingRow], Screen[None]]
    """Makes the screen about one finding."""

    def __init__(
        self,
        repository: FindingsRepository,
        services: Services | None = None,
        *,
        keys: KeyTable | None = None,
        views: Views | None = None,
        plain: bool = False,
    ) -> None:
        # Before the widgets' tasks begin: each of them copies what is in force now.
        self.shared_language = share_language()
        super().__init__()
        self._spoken_before = os.environ.get("POLICYCORE_LANG")
        self.speak(self.shared_language.language)
        self.repository = repository
        repository.trouble = self.tell_trouble
        self.services = services or Services()
        self.keys = keys or KeyTable()
        self.views = views or Views()
        self.plain = plain
        self.banner: Text | str = ""
        self.panels: Sequence[Panel] = ()
        self.actions = Actions(repository)
        self.undo_stack: deque[Done] = deque(maxlen=_UNDONE)
        self.wanted_gap: FieldTarget | None = None
        """The missing field that the gaps open on."""
        self.changes = 0
        """How many acts there were, so that a screen knows when what it shows is old."""
        self._told: dict[str, float] = {}
        self._acting = asyncio.Lock()
        self.listing = Listing(repository, repository.zone())
        self.listing.folds = True
        start = partial(self.run_worker, thread=True, group="read", exit_on_error=False)
        self.rulesets = RuleSets(self.services.ruleset, start, self.later, lambda: self.changed.publish("ruleset"))
        self.checks = Checks(self.services.run, start, self.later, self.show_banner, self.check_ended)
        self.changed: Signal[str] = Signal(self, "changed")
        """Tells the screens what changed: `content`, `ruleset`, `banner`."""
        self._look_again()

    def on_unmount(self) -> None:
        """Leave the process as it was found: it may go on without a screen."""
        if self._spoken_before is None:
            os.environ.pop("POLICYCORE_LANG", None)
        else:
            os.environ["POLICYCORE_LANG"] = self._spoken_before

    def speak(self, language: Language) -> None:
        """Put a language in force, also for tasks that begin in a thread's own, empty context."""
        self.shared_language.language = language
        os.environ["POLICYCORE_LANG"] = language

    # What is shown, and until when it holds.

    @property
    def zone(self) -> ZoneInfo:
        """Return the zone in which dates are shown."""
        return self.listing.zone

    @property
    def as_of(self) -> datetime:
        """Return the moment that the newest run speaks of; decisions begin there."""
        run = self.repository.latest()
        return run.as_of if run else datetime.now(UTC)

    def nothing_words(self) -> str:
        """Return what a list without rows says: what to do where nothing was checked yet, else that nothing fits."""
        return say("tui.list.empty" if self.repository.latest() else "tui.overview.no-run")

    def no_finding_words(self) -> str:
        """Return what the list of findings says without rows: what has none, and the key that lists all."""
        view = self.listing.view
        if not (self.listing.filter_line and self.repository.latest()):
            return self.nothing_words()
        one = next(iter(view.facets)) if not view.typed and [len(held) for held in view.facets.values()] == [1] else ""
        words = say(f"tui.list.empty.{one}") if one in ("group", "rule") else say("tui.list.empty")
        clear = next(key for key in self.keys.all() if key.action == "clear")
        return say("tui.list.see-all", words=words, clear=key_name(clear.keys[0]))

    @property
    def version(self) -> tuple[object, ...]:
        """Return what a screen's content depends on; a screen that was filled under another one is old."""
        return self.shared_language.language, self.changes

    def _look_again(self) -> None:
        """Take what belongs to the newest run."""
        self.known_run = self.repository.latest_number()
        self.cut_runs = self.repository.cut_short()
        self.listing.zone = self.repository.zone()
        run = self.repository.latest()
        self.rulesets.newest = run.ruleset if run else ""

    def do_reload(self) -> None:
        """Read the store anew on every screen; cursors stay."""
        self.banner = ""
        self._look_again()
        self.refill()

    @property
    def banner_words(self) -> str:
        """Return what stands above everything: that nothing is kept, news, whose state a run that was cut left."""
        unsaved = say("tui.unsaved") if self.services.keep_in is not None else ""
        news = str(self.banner) or "  ".join(cut_words(item) for item in self.cut_runs)
        return "  ".join(words for words in (unsaved, news) if words)

    def refill(self) -> None:
        """Let the screen that is shown show what changed; the others do so when they are shown again."""
        self.changes += 1
        self.changed.publish("content")

    def show_banner(self, words: Text | str) -> None:
        """Show a line above everything, '' for none; a `Text` follows the language."""
        self.banner = words
        self.changed.publish("banner")

    def look(self) -> None:
        """Say when another process has finished a run; nothing moves before the person asks for it."""
        number = self.known_run if self.checks.active else self.repository.latest_number()
        if number != self.known_run:
            self.known_run = number
            self.show_banner(say_both("tui.run.other", id=number))

    def check_ended(self, words: tuple[str, ...], error: PolicycoreError | None) -> None:
        """Show what came of a check that was started here."""
        for sentence in words:
            self.tell(sentence)
        if error is not None:
            self.tell_error(error)
        self.do_reload()

    # Words to the person.

    def tell(self, text: str, severity: Any = "information") -> None:
        """Say a sentence; whatever it quotes is only text."""
        self.notify(clean(text, limit=600), severity=severity, markup=False)

    def tell_error(self, error: PolicycoreError) -> None:
        """Say what went wrong and what to try."""
        now = time.monotonic()
        for words in dict.fromkeys(str(problem) for problem in error.problems[:3]):
            # A store that is gone fails with every key; once in a while is enough to hear it.
            if now - self._told.get(words, -QUIET_SECONDS) >= QUIET_SECONDS:
                self._told[words] = now
                self.tell(words, "error")

    def tell_trouble(self, error: PolicycoreError) -> None:
        """Say what went wrong while something was read, in whatever thread that was."""
        self.later(self.tell_error, error)

    def hush(self) -> None:
        """Take away what was told, which hides a part of the screen; an error stays until it could be read."""
        if time.monotonic() - max(self._told.values(), default=-QUIET_SECONDS) >= QUIET_SECONDS:
            self.clear_notifications()

    def _fatal_error(self) -> None:
        """End after a mistake of the program; unlike the library's own page this shows no variables: they hold data."""
        kind, _error, trace = sys.exc_info()
        places = [f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in extract_tb(trace)[-6:]]
        name = kind.__name__ if kind else "?"
        self._exit_renderables.append(Plain("\n".join([say("tui.fatal", error=name), *places])))
        self._close_messages_no_wait()

    def later(self, call: Callable[..., object], *arguments: Any) -> None:
        """Call something in the screen's own thread, from whichever this is, unless the program is ending."""
        if self._thread_id == threading.get_ident():
            call(*arguments)
            return
        with contextlib.suppress(RuntimeError):
            self.call_from_thread(call, *arguments)

    def apart(self, call: Callable[[], Given], then: Callable[[Given], object] = lambda _found: None) -> None:
        """Do something in a thread, after what was begun before, and something on the screen with what came of it."""

        async def work() -> None:
            async with self._acting:
                found = await asyncio.to_thread(call)
            then(found)

        self.run_worker(work(), group="act")

    def remember(self, file: str, settings: Mapping[str, object]) -> None:
        """Keep settings for the next time beside those that a file holds; say where that can't be."""
        try:
            write_settings(file, {**read_settings(file), **settings})
        except OSError as error:
            self.tell(say("tui.settings.unwritable", why=refusal_words(error)), "warning")

    # What is done, and taken back.

    def done(self, done: Done) -> None:
        """Remember an act for undo, say it and show what it changed; may be called in any thread."""
        self.later(self._done, done)

    def _done(self, done: Done) -> None:
        self.undo_stack.append(done)
        if not done.quiet:
            self.tell(say("tui.done.later" if done.later else "tui.done", what=str(done.what)))
        self.refill()

    def attempt(self, act: Callable[[], Done]) -> None:
        """Do something that can be undone; say so when it is refused."""

        def carry() -> None:
            try:
                self.done(act())
            except PolicycoreError as error:
                self.tell_trouble(error)

        self.apart(carry)

    def do_undo(self) -> None:
        """Take back the last act; one that can't be taken back is forgotten, for it would fail again."""
        self.apart(self._take_back)

    def _take_back(self) -> None:
        if not self.undo_stack:
            return
        last = self.undo_stack.pop()
        try:
            last.undo()
        except (PolicycoreError, OSError) as error:
            self.tell(say("tui.undo.failed", what=str(last.what), why=str(error)), "error")
        else:
            self.tell(say("tui.undo.done", what=str(last.what)))
        self.later(self.refill)

    def conditions(self) -> Mapping[str, Callable[[], object]]:
        """Return what must hold for actions of the key table, as far as no screen matters."""
        return {
            "undo": lambda: self.undo_stack,
            "panels": lambda: self.panels,
            "decidable": self.repository.workspace.folder.is_dir,
            "runnable": lambda: self.services.run is not None and not self.checks.active,
            "running": lambda: self.checks.active,
            "editor": editor,
        }

    def edit(self, place: Place) -> None:
        """Leave the screen to the person's own editor, opened at `place`."""
        file = Path(place.file)
        if not file.is_file():
            self.tell(say("tui.edit.gone", place=place), "warning")
            return
        command = at_line(editor(), file, max(1, place.line))
        try:
            with self.suspend():
                subprocess.run(command, check=False)  # noqa: S603 - the person's own editor, no shell
        except (OSError, SuspendNotSupported) as error:
            self.tell(say("tui.edit.failed", command=command[0], why=refusal_words(error)), "error")

    # Going about.

    def open_section(self, name: str) -> None:
        """Show one of the main screens."""
        while len(self.screen_stack) > 2:
            self.pop_screen()
        if self.screen is not self.get_screen(name):
            self.switch_screen(name)

    def show_violations(self, typed: str, facets: Mapping[str, tuple[str, ...]]) -> None:
        """Show the list of violations, filtered."""
        self.listing.narrow(typed=typed, facets=facets)
        self.open_section("violations")

    def lead_to(self, target: object) -> None:
        """Go where a line leads: to the findings that fit, or to what is missing."""
        if isinstance(target, FilterTarget):
            self.show_violations(target.typed, target.facets)
        elif isinstance(target, FindingTarget):
            self.open_finding(self.repository.row(target.number))
        elif isinstance(target, FieldTarget):
            self.wanted_gap = target
            self.open_section("gaps")

    def open_finding(self, row: FindingRow | None) -> None:
        """Show one finding on a screen of its own, if it is there."""
        if row is not None:
            self.push_screen(self.FINDING_SCREEN(row))

    def do_back(self) -> None:
        """Leave the screen on top, if there is one below it."""
        if len(self.screen_stack) > 2:
            self.pop_screen()
