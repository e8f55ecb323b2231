"""The terminal interface: one workspace, its findings, and what can be done about them."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from traceback import extract_tb
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from rich.text import Text as Plain
from textual.app import App
from textual.widgets import Input

from policycore.errors import PolicycoreError
from policycore.language import Language, Text, say, share_language
from policycore.store.query import FindingRow
from policycore.text.clean import clean
from policycore_tui.keys import KeyTable, as_sent, key_name
from policycore_tui.office.acting import Acts
from policycore_tui.office.reading import Office
from policycore_tui.rulesets import RuleSets
from policycore_tui.running import Running
from policycore_tui.screens.detail import DetailScreen
from policycore_tui.screens.editing import editor
from policycore_tui.screens.groups import GroupsScreen
from policycore_tui.screens.help import Command, Help, Palette
from policycore_tui.screens.overview import OverviewScreen
from policycore_tui.screens.panels import PanelsScreen
from policycore_tui.screens.plan import PlanScreen
from policycore_tui.screens.rules import RulesScreen
from policycore_tui.screens.runs import RunsScreen
from policycore_tui.screens.section import Section
from policycore_tui.screens.violations import ViolationsScreen
from policycore_tui.services import PanelView, Services
from policycore_tui.settings import THEMES, own_theme, read_settings, write_settings
from policycore_tui.state.listing import Listing
from policycore_tui.state.undo import UndoStack
from policycore_tui.state.views import Views
from policycore_tui.style import STYLE

__all__ = ["LOOK_SECONDS", "PolicycoreApp"]

QUIET_SECONDS = 10.0
LOOK_SECONDS = 2.0
"""How often the store is asked whether another process has finished a run."""


class PolicycoreApp(App[None]):
    """Show one workspace."""

    CSS = STYLE
    TITLE = "policycore"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[Any]] = []

    def __init__(
        self,
        office: Office,
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
        self.office = office
        self.services = services or Services()
        self.keys = keys or KeyTable()
        self.views = views or Views()
        self.undo_stack = UndoStack()
        self.plain = plain
        self.banner: Text | str = ""
        self.panels: Sequence[PanelView] = ()
        self.zone: ZoneInfo = office.zone()
        self.acts = Acts(office)
        office.trouble = self.tell_trouble
        self._told: dict[str, float] = {}
        self.listing = Listing(office, self.zone)
        self.as_of_shown = self.as_of
        self.running = Running(self)
        self.rulesets = RuleSets(self)

    def on_mount(self) -> None:
        """Open on the violations."""
        if self.plain:
            self.add_class("plain")
        self.set_keymap({action: as_sent(keys) for action, keys in self.keys.overrides.items()})
        for name, screen in (
            ("overview", OverviewScreen()),
            ("violations", ViolationsScreen(self.listing)),
            ("groups", GroupsScreen()),
            ("rules", RulesScreen()),
            ("runs", RunsScreen()),
            ("plan", PlanScreen()),
            ("panels", PanelsScreen()),
        ):
            self.install_screen(screen, name)
        self._choose_theme()
        self.panels = self._panels()
        self.push_screen("violations")
        self.set_interval(LOOK_SECONDS, self.running.look)
        if self.views.problem:
            self.tell(say("tui.settings.unreadable", what=self.views.problem), "warning")
        for action in self.keys.problems:
            self.tell(say("tui.settings.no-action", action=action), "warning")
        for first, second in self.keys.clashes():
            self.tell(say("tui.settings.clash", first=first, second=second), "warning")
        for problem in self.services.problems:
            self.tell(problem, "warning")

    def on_unmount(self) -> None:
        """Leave the process as it was found: it may go on without a screen."""
        if self._spoken_before is None:
            os.environ.pop("POLICYCORE_LANG", None)
        else:
            os.environ["POLICYCORE_LANG"] = self._spoken_before

    def _panels(self) -> Sequence[PanelView]:
        """Return the plugins' panels; a hook that fails costs only the panels."""
        try:
            return tuple(self.services.panels())
        except Exception as error:  # plugins may fail in any way
            self.tell(say("tui.panel.failed", error=type(error).__name__), "error")
            return ()

    def _choose_theme(self) -> None:
        """Take the theme that the person chose last, or their own colours."""
        settings = read_settings("theme.json")
        theme = own_theme(settings)
        if theme is not None:
            self.register_theme(theme)
        name = "own" if theme is not None else str(settings.get("theme", ""))
        if name in self.available_themes:
            self.theme = name

    def speak(self, language: Language) -> None:
        """Put a language in force, also for tasks that begin in a thread's own, empty context."""
        self.shared_language.language = language
        os.environ["POLICYCORE_LANG"] = language

    # What every screen may ask for.

    @property
    def section(self) -> Section | None:
        """Return the main screen that is shown."""
        return self.screen if isinstance(self.screen, Section) else None

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
        if self._thread_id == threading.get_ident():
            self.tell_error(error)
        else:
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

    def later(self, call: Callable[..., None], *arguments: Any) -> None:
        """Call something from a worker's thread, unless the program is ending."""
        with contextlib.suppress(RuntimeError):
            self.call_from_thread(call, *arguments)

    @property
    def as_of(self) -> datetime:
        """Return the moment that the newest run speaks of; decisions begin there."""
        run = self.office.latest()
        return run.as_of if run else datetime.now(UTC)

    def meets(self, condition: str) -> bool:
        """Return whether a condition of the key table holds everywhere."""
        if condition == "undo":
            return len(self.undo_stack) > 0
        if condition == "panels":
            return bool(self.panels)
        if condition == "decidable":
            return self.office.workspace.folder.is_dir()
        if condition == "runnable":
            return self.services.run is not None and not self.running.active
        if condition == "running":
            return self.running.active
        if condition == "editor":
            return bool(editor())
        return False

    def show_banner(self, words: Text | str) -> None:
        """Show a line above everything, '' for none; a `Text` follows the language."""
        self.banner = words
        if self.section is not None:
            self.section.show_bars()

    def reload(self) -> None:
        """Read the store anew on every screen; cursors stay."""
        self.banner = ""
        self.running.known = self.office.latest_number()
        self.zone = self.listing.zone = self.office.zone()
        self.as_of_shown = self.as_of
        self.rulesets.look()
        for screen in self.screen_stack:
            if isinstance(screen, Section) and screen.is_mounted:
                screen.refill()

    # Going about.

    def show_violations(self, typed: str, facets: Mapping[str, Sequence[str]]) -> None:
        """Show the list of violations, filtered."""
        screen = self.get_screen("violations")
        if isinstance(screen, ViolationsScreen):
            screen.show_filter(typed, facets)
        self.open_section("violations")

    def open_section(self, name: str) -> None:
        """Show one of the main screens."""
        while len(self.screen_stack) > 2:
            self.pop_screen()
        if self.section is not None and self.section.where != name:
            self.switch_screen(name)

    def open_finding(self, row: FindingRow) -> None:
        """Show one finding on a screen of its own."""
        self.push_screen(DetailScreen(row))

    def go_back(self) -> None:
        """Leave the screen on top, if there is one below it."""
        if len(self.screen_stack) > 2:
            self.pop_screen()

    def do_quit(self) -> None:
        """End the program."""
        self.exit()

    def do_help(self) -> None:
        """Explain the keys, beginning with the part of the screen that has the focus."""
        section = self.section
        if section is not None:
            keys = [(key, section.why_not(key)) for key in self.keys.valid_in(section.where)]
            self.push_screen(Help(section.focus_name, keys))

    def do_palette(self) -> None:
        """Offer what is possible now."""
        section = self.section
        if section is None:
            return
        commands = [
            Command(key.action, key.short, key.about, key_name(key.keys[0]), partial(section.action_do, key.action))
            for key in self.keys.valid_in(section.where)
            if not section.why_not(key)
        ]
        self.push_screen(Palette(commands))

    def do_run_check(self) -> None:
        """Ask what to check, and start."""
        self.running.ask()

    def do_cancel_check(self) -> None:
        """Stop the running check."""
        self.running.cancel()

    def do_theme(self) -> None:
        """Take the next theme and remember it."""
        names = [name for name in ("own", *THEMES) if name in self.available_themes]
        place = names.index(self.theme) if self.theme in names else -1
        self.theme = names[(place + 1) % len(names)]
        try:
            write_settings("theme.json", {**read_settings("theme.json"), "theme": self.theme})
        except OSError as error:
            self.tell(say("tui.settings.unwritable", why=error.strerror or ""), "warning")
        self.tell(say("tui.theme", name=self.theme))

    def do_language(self) -> None:
        """Switch the language of everything that is shown; screens below follow when they are shown again."""
        self.speak("zh" if self.shared_language.language == "en" else "en")
        for screen in self.screen_stack:
            if isinstance(screen, Section) and screen.is_mounted:
                screen.refill()

    def do_undo(self) -> None:
        """Take back the last act."""
        last = self.undo_stack.last
        if last is None:
            return
        try:
            self.undo_stack.undo()
        except (PolicycoreError, OSError) as error:
            self.tell(say("tui.undo.failed", what=str(last.what), why=str(error)), "error")
        else:
            self.acts.count += 1
            self.tell(say("tui.undo.done", what=str(last.what)))
        section = self.section
        if section is not None:
            section.refill()

    @property
    def typing(self) -> bool:
        """Return whether what is typed goes into a field."""
        return isinstance(self.focused, Input)
