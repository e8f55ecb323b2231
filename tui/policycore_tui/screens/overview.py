"""The overview: one page, every line of which leads on to the filtered list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import on
from textual.app import ComposeResult

from policycore.language import say
from policycore_tui.office.reading import Overview
from policycore_tui.pages.overview import FilterTarget, overview_lines
from policycore_tui.screens.section import Section
from policycore_tui.state.lines import Line
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
        """Read the store anew."""
        self.seen = self.office_app.office.overview()
        self.query_one("#page", LinePane).rebuild()
        self.show_bars()

    def _lines(self, width: int) -> Sequence[Line]:
        return overview_lines(self.seen, width) if self.seen else []

    def status_spans(self) -> list[tuple[str, str]]:
        """Return how to go on from here."""
        return [(" " + say("tui.overview.hint"), "muted")]

    @on(LinePane.Chosen)
    def _followed(self, message: LinePane.Chosen) -> None:
        if isinstance(message.target, FilterTarget):
            self.office_app.show_violations(message.target.typed, message.target.facets)
