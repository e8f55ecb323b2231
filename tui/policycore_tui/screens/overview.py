"""The overview: one page, every line of which leads on to the filtered list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.worker import get_current_worker

from policycore.language import say
from policycore_tui.office.reading import Overview
from policycore_tui.pages.overview import FilterTarget, overview_lines
from policycore_tui.screens.section import Section
from policycore_tui.state.lines import Line, one
from policycore_tui.widgets.line_pane import LinePane

__all__ = ["OverviewScreen"]


class OverviewScreen(Section):
    """Show where things stand."""

    where: ClassVar[str] = "overview"
    seen: Overview | None = None

    def body(self) -> ComposeResult:
        """Yield the page."""
        yield LinePane(self._lines, id="page")

    def on_mount(self) -> None:
        """Show the page."""
        self.query_one("#page", LinePane).focus()

    def refill(self) -> None:
        """Read the store anew, in a thread."""
        self.read()
        self.show_bars()

    @work(thread=True, exclusive=True, group="load", exit_on_error=False)
    def read(self) -> None:
        """Count where nobody waits for it."""
        worker = get_current_worker()
        seen = self.office_app.office.overview()
        if not worker.is_cancelled:
            self.office_app.later(self._counted, seen)

    def _counted(self, seen: Overview | None) -> None:
        """Show what was counted."""
        if self.is_mounted:
            self.seen = seen
            self.query_one("#page", LinePane).rebuild()

    def _lines(self, width: int) -> Sequence[Line]:
        return overview_lines(self.seen, width) if self.seen else [one((say("tui.list.reading"), "muted"))]

    def status_spans(self) -> list[tuple[str, str]]:
        """Return how to go on from here."""
        return [(" " + say("tui.overview.hint"), "muted")]

    @on(LinePane.Chosen)
    def _followed(self, message: LinePane.Chosen) -> None:
        if isinstance(message.target, FilterTarget):
            self.office_app.show_violations(message.target.typed, message.target.facets)
