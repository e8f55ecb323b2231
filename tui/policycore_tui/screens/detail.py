"""One finding: the pane beside or below the list, and the screen of its own where there is no room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult

from policycore.language import say
from policycore.store.query import FindingRow
from policycore_tui.office.reading import Picture
from policycore_tui.pages.detail import SiblingTarget, StepTarget, detail_lines
from policycore_tui.screens.finding_actions import FindingActions
from policycore_tui.state.lines import Line, paragraph
from policycore_tui.widgets.line_pane import LinePane

if TYPE_CHECKING:
    from policycore_tui.app import PolicycoreApp

__all__ = ["DetailScreen", "FindingPane"]


class FindingPane(LinePane):
    """Show one finding with all that belongs to it."""

    def __init__(self, owner: PolicycoreApp, *, id: str | None = None) -> None:  # noqa: A002 - the library's name
        super().__init__(self._lines, id=id)
        self.owner = owner
        self.row: FindingRow | None = None
        self.picture: Picture | None = None

    def show(self, row: FindingRow | None, *, again: bool = False) -> None:
        """Show a finding; the same one is read anew only when `again` is set."""
        same = row is not None and self.row is not None and row.id == self.row.id
        if same and not again and self.picture is not None:
            return
        self.row = row
        self.picture = self.owner.office.picture(row) if row is not None else None
        self.rebuild(top=not same)

    def _lines(self, width: int) -> Sequence[Line]:
        if self.picture is None:
            latest = self.owner.office.latest()
            return paragraph(say("tui.list.empty" if latest else "tui.overview.no-run"), width, "muted")
        rule, why = self.owner.rulesets.rule_of(self.picture.row)
        return detail_lines(self.picture, width, rule, why)

    def on_show(self) -> None:
        """Read the finding when there is room for it again."""
        self.rebuild()


class DetailScreen(FindingActions):
    """Show one finding on a screen of its own."""

    where: ClassVar[str] = "detail"

    def __init__(self, row: FindingRow) -> None:
        super().__init__()
        self.row = row

    def body(self) -> ComposeResult:
        """Yield the page."""
        yield FindingPane(self.office_app, id="detail")

    def on_mount(self) -> None:
        """Show the finding."""
        self.query_one(FindingPane).focus()

    def refill(self) -> None:
        """Read the finding anew."""
        self.row = self.office_app.office.row(self.row.id) or self.row
        self.query_one(FindingPane).show(self.row, again=True)
        self.show_bars()

    def status_spans(self) -> list[tuple[str, str]]:
        """Return which finding this is."""
        return [(f" {self.row.label}", "title"), (f"  {self.row.rule} {self.row.rule_name}", "muted")]

    @property
    def current(self) -> FindingRow | None:
        """Return the finding."""
        return self.row

    def chosen_numbers(self) -> tuple[int, ...]:
        """Return the finding's number."""
        return (self.row.id,)

    def after_action(self) -> None:
        """Show what an action changed."""
        self.refill()

    @on(LinePane.Chosen)
    def _followed(self, message: LinePane.Chosen) -> None:
        if isinstance(message.target, StepTarget):
            self.tick_step(message.target.position)
        elif isinstance(message.target, SiblingTarget):
            row = self.office_app.office.row(message.target.number)
            if row is not None:
                self.office_app.open_finding(row)
