"""Panels that plugins add, each in a frame of its own: one that fails shows its error there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from policycore.language import say
from policycore_tui.screens.section import Section
from policycore_tui.services import PanelView
from policycore_tui.state.lines import Line, heading, paragraph
from policycore_tui.widgets.line_pane import LinePane

__all__ = ["PanelFrame", "PanelsScreen"]

_MOST = 2000
"""Lines of one panel that are shown."""


class PanelFrame(LinePane):
    """Show one panel; whatever it raises is shown instead, and nothing else is harmed."""

    DEFAULT_CSS = "PanelFrame { height: auto; max-height: 24; border: round $panel; padding: 0 1; }"

    def __init__(self, panel: PanelView, store: object) -> None:
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
    """Show all panels below one another."""

    where: ClassVar[str] = "panels"

    def body(self) -> ComposeResult:
        """Yield a frame for each panel."""
        with VerticalScroll(id="main", can_focus=False):
            for panel in self.office_app.panels:
                yield PanelFrame(panel, self.office_app.office.store)

    def refill(self) -> None:
        """Ask every panel again."""
        for frame in self.query(PanelFrame):
            frame.rebuild()
        self.show_bars()
