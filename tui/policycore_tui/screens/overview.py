"""Screens that are one page: the overview, every line of which leads on to the filtered list, and plugins' panels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.worker import get_current_worker
from typing_extensions import override

from policycore import Panel
from policycore.language import say
from policycore.store.store import Store
from policycore_tui.pages.lines import Line, heading, one, paragraph
from policycore_tui.pages.overview import overview_lines
from policycore_tui.screens.section import Section
from policycore_tui.state.overview import Overview
from policycore_tui.widgets.line_pane import LinePane

__all__ = ["OverviewScreen", "PanelFrame", "PanelsScreen"]

_MOST = 2000
"""Lines of one panel that are shown."""


class OverviewScreen(Section):
    """Where things stand."""

    where: ClassVar[str] = "overview"
    seen: Overview | None = None
    seal: tuple[int, str] | None = None
    """What is wrong with the store's seal as of a run, '' for nothing."""

    @override
    def body(self) -> ComposeResult:
        yield LinePane(self._lines, id="page")

    def refill(self) -> None:
        """Count anew."""
        self._count()

    @work(thread=True, exclusive=True, group="load", exit_on_error=False)
    def _count(self) -> None:
        """Count where nobody waits for it."""
        worker = get_current_worker()
        seen = self.host.repository.overview()
        if not worker.is_cancelled:
            self.host.later(self._counted, seen)
            # A store of a hundred thousand findings takes seconds: once for each run.
            number = self.host.known_run
            if seen is not None and seen.runs and (self.seal is None or self.seal[0] != number):
                self.seal = number, self.host.repository.seal()
                self.host.later(self._counted, seen)

    def _counted(self, seen: Overview | None) -> None:
        if self.is_mounted:
            self.seen = seen
            self.query_one("#page", LinePane).rebuild()

    def _lines(self, width: int) -> Sequence[Line]:
        return (
            overview_lines(self.seen, width, datetime.now(UTC), self.seal[1] if self.seal else None)
            if self.seen
            else [one((say("tui.list.reading"), "muted"))]
        )

    @override
    def status_spans(self) -> list[tuple[str, str]]:
        return [(" " + say("tui.overview.hint"), "muted")]

    @on(LinePane.Chosen)
    def _followed(self, message: LinePane.Chosen) -> None:
        self.host.lead_to(message.target)


class PanelFrame(LinePane):
    """One plugin's panel; whatever it raises is shown instead, and nothing else is harmed."""

    DEFAULT_CSS = "PanelFrame { height: auto; max-height: 24; border: round $panel; padding: 0 1; }"

    def __init__(self, panel: Panel, store: Store) -> None:
        super().__init__(self._lines)
        self.panel = panel
        self.store = store

    def _lines(self, width: int) -> Sequence[Line]:
        title = str(getattr(self.panel, "title", "") or type(self.panel).__name__)
        try:
            given = [str(line) for line in self.panel.lines(self.store, width)]
        except Exception as error:  # a plugin may fail in any way; its frame says so
            words = say("tui.panel.failed", error=f"{type(error).__name__}: {error}"[:300])
            return [heading(title), *paragraph(words, width, "error")]
        return [heading(title), *(line for text in given[:_MOST] for line in paragraph(text, width))]


class PanelsScreen(Section):
    """All panels below one another."""

    where: ClassVar[str] = "panels"

    @override
    def body(self) -> ComposeResult:
        with VerticalScroll(id="main", can_focus=False):
            for panel in self.host.panels:
                yield PanelFrame(panel, self.host.repository.store)

    @override
    def refill(self) -> None:
        for frame in self.query(PanelFrame):
            frame.rebuild()
