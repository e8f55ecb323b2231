"""The terminal interface: one workspace, its findings, and what can be done about them."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from textual.screen import Screen
from typing_extensions import override

from policycore.language import say
from policycore_tui.host import Host
from policycore_tui.screens.boxes import Leaving
from policycore_tui.screens.detail import DetailScreen
from policycore_tui.screens.forms import run_form
from policycore_tui.screens.gaps import GapsScreen
from policycore_tui.screens.groups import GroupsScreen
from policycore_tui.screens.help import Command, Help, Palette
from policycore_tui.screens.overview import OverviewScreen, PanelsScreen
from policycore_tui.screens.plan import PlanScreen
from policycore_tui.screens.rules import RulesScreen
from policycore_tui.screens.runs import RunsScreen
from policycore_tui.screens.section import Section
from policycore_tui.screens.violations import ViolationsScreen
from policycore_tui.state.keys import as_sent, key_name
from policycore_tui.state.settings import read_settings
from policycore_tui.style import THEMES, own_theme

__all__ = ["LOOK_SECONDS", "PolicycoreApp"]

LOOK_SECONDS = 2.0
"""How often the store is asked whether another process has finished a run."""


class PolicycoreApp(Host):
    """The interface to one workspace."""

    SCREENS: ClassVar[dict[str, Callable[[], Screen[Any]]]] = {
        "overview": OverviewScreen,
        "violations": ViolationsScreen,
        "groups": GroupsScreen,
        "rules": RulesScreen,
        "runs": RunsScreen,
        "plan": PlanScreen,
        "gaps": GapsScreen,
        "panels": PanelsScreen,
    }
    FINDING_SCREEN = DetailScreen

    def on_mount(self) -> None:
        """Open on the violations, and say what is wrong with settings and plugins."""
        self.set_class(self.plain, "plain")
        self.set_keymap({action: as_sent(keys) for action, keys in self.keys.overrides.items()})
        self._choose_theme()
        try:
            self.panels = tuple(self.services.panels())
        except Exception as error:  # a plugin's hook that fails costs only the panels
            self.tell(say("tui.panel.failed", error=type(error).__name__), "error")
        self.push_screen("violations")
        self.set_interval(LOOK_SECONDS, self.look)
        for words in (
            *([say("tui.settings.unreadable", what=self.views.problem)] if self.views.problem else ()),
            *(say("tui.settings.no-action", action=action) for action in self.keys.problems),
            *(say("tui.settings.clash", first=first, second=second) for first, second in self.keys.clashes()),
            *self.services.problems,
        ):
            self.tell(words, "warning")

    def _choose_theme(self) -> None:
        """Take the theme that the person chose last, or their own colours."""
        settings = read_settings("theme.json")
        theme = own_theme(settings)
        if theme is not None:
            self.register_theme(theme)
        name = "own" if theme is not None else str(settings.get("theme", ""))
        if name in self.available_themes:
            self.theme = name

    @property
    def section(self) -> Section | None:
        """Return the main screen that is shown."""
        return self.screen if isinstance(self.screen, Section) else None

    def do_quit(self) -> None:
        """End the program, with whether to keep what stands in a temporary workspace; asked again, end it at once."""
        if self.services.keep_in is None or isinstance(self.screen, Leaving):
            self.exit()
            return
        question = say("tui.leave", path=self.services.keep_in)
        self.push_screen(Leaving(question), lambda keep: None if keep is None else self.exit(keep))

    @override
    async def action_quit(self) -> None:
        """End the program by the library's own key as well."""
        self.do_quit()

    def do_help(self) -> None:
        """Explain the keys, beginning with the part of the screen that has the focus."""
        section = self.section
        if section is not None:
            keys = [(key, section.why_not(key)) for key in self.keys.valid_in(section.where)]
            self.push_screen(Help(section.focus_name, keys))

    def do_palette(self) -> None:
        """Offer what is possible now."""
        section = self.section
        if section is not None:
            commands = [
                Command(
                    *(key.action, key.short, key.about, key_name(key.keys[0]), section.why_not(key)),
                    partial(section.action_do, key.action),
                )
                for key in self.keys.valid_in(section.where)
            ]
            # One key for each of nine columns would fill the first page.
            self.push_screen(Palette(sorted(commands, key=lambda one: one.name.startswith("sort_"))))

    def do_run_check(self) -> None:
        """Ask what to check, and start."""
        self.push_screen(run_form(self))

    def do_cancel_check(self) -> None:
        """Stop the running check."""
        self.checks.cancel()

    def do_theme(self) -> None:
        """Take the next theme and remember it."""
        names = [name for name in ("own", *THEMES) if name in self.available_themes]
        place = names.index(self.theme) if self.theme in names else -1
        self.theme = names[(place + 1) % len(names)]
        self.remember("theme.json", {"theme": self.theme})
        self.tell(say("tui.theme", name=self.theme))

    def do_language(self) -> None:
        """Switch the language of everything that is shown; screens below follow when they are shown again."""
        self.speak("zh" if self.shared_language.language == "en" else "en")
        self.refill()
