"""The terminal interface: one workspace, its findings, and what can be done about them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from textual.app import App
from textual.widgets import Input

from policycore.errors import PolicycoreError
from policycore.findings.query import FindingRow
from policycore.language import say, share_language
from policycore.model.resolved import ResolvedRule, ResolvedRuleSet
from policycore.text.clean import clean
from policycore_tui.keys import KeyTable
from policycore_tui.office.acting import Acts
from policycore_tui.office.reading import Office
from policycore_tui.screens.detail import DetailScreen
from policycore_tui.screens.editing import editor
from policycore_tui.screens.section import Section
from policycore_tui.screens.violations import ViolationsScreen
from policycore_tui.services import PanelView, Services
from policycore_tui.state.listing import Listing
from policycore_tui.state.undo import UndoStack
from policycore_tui.state.views import Views
from policycore_tui.style import STYLE

__all__ = ["PolicycoreApp"]


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
        self.office = office
        self.services = services or Services()
        self.keys = keys or KeyTable()
        self.views = views or Views()
        self.undo_stack = UndoStack()
        self.plain = plain
        self.banner = ""
        self.panels: Sequence[PanelView] = ()
        self.zone: ZoneInfo = office.zone()
        self.acts = Acts(office)
        self.listing = Listing(office)
        self._rulesets: dict[str, ResolvedRuleSet | str] = {}

    def on_mount(self) -> None:
        """Open on the violations."""
        if self.plain:
            self.add_class("plain")
        self.set_keymap({action: ",".join(keys) for action, keys in self.keys.overrides.items()})
        self.install_screen(ViolationsScreen(self.listing), "violations")
        self.push_screen("violations")

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
        for problem in error.problems[:3]:
            self.tell(str(problem), "error")

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
        if condition == "editor":
            return bool(editor())
        return False

    def rule_of(self, row: FindingRow) -> tuple[ResolvedRule | None, str]:
        """Return the rule behind a finding, or why it is not at hand."""
        ruleset = self.ruleset(row.ruleset)
        if isinstance(ruleset, str):
            return None, ruleset
        found = next((rule for rule in ruleset.rules if rule.id == row.rule), None)
        return found, "" if found else say("tui.rule.gone")

    def ruleset(self, name: str) -> ResolvedRuleSet | str:
        """Return a rule set, read once, or why it can't be read."""
        if name not in self._rulesets:
            if self.services.ruleset is None:
                self._rulesets[name] = say("tui.rule.no-sets")
            else:
                try:
                    self._rulesets[name] = self.services.ruleset(name)
                except PolicycoreError as error:
                    self._rulesets[name] = str(error.problems[0]) if error.problems else str(error)
        return self._rulesets[name]

    # Going about.

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

    def do_language(self) -> None:
        """Switch the language of everything that is shown."""
        self.shared_language.language = "zh" if self.shared_language.language == "en" else "en"
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
            self.tell(say("tui.undo.done", what=str(last.what)))
        section = self.section
        if section is not None:
            section.refill()

    @property
    def typing(self) -> bool:
        """Return whether what is typed goes into a field."""
        return isinstance(self.focused, Input)
