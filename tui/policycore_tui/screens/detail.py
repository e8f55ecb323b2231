"""One finding: the pane beside or below the list, and the screen of its own where there is no room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.worker import get_current_worker
from typing_extensions import override

from policycore.model.verdict import Subject
from policycore.store.estate_view import MessageLine
from policycore.store.query import FindingRow
from policycore_tui.host import Host
from policycore_tui.pages.detail import SiblingTarget, StepTarget, detail_lines
from policycore_tui.pages.lines import Line, paragraph
from policycore_tui.screens.finding_actions import FindingActions
from policycore_tui.state.findings import FindingDetail
from policycore_tui.widgets.line_pane import LinePane

__all__ = ["DetailScreen", "FindingPane"]


class FindingPane(LinePane):
    """One finding with all that belongs to it."""

    def __init__(self, host: Host) -> None:
        super().__init__(self._lines, id="detail")
        self.host = host
        self.detail: FindingDetail | None = None

    def show(self, row: FindingRow | None, *, again: bool = False) -> None:
        """Show a finding; the same one is read anew only when `again` is set."""
        same = row is not None and self.detail is not None and row.id == self.detail.row.id
        if again or not same:
            self.detail = self.host.repository.detail(row) if row is not None else None
            self.rebuild(top=not same)
            if self.detail is not None and self.detail.finding.subject.kind is Subject.MESSAGE:
                self._look_around(self.detail)

    @work(thread=True, exclusive=True, group="around", exit_on_error=False)
    def _look_around(self, detail: FindingDetail) -> None:
        """Read the messages around the one that is shown, where nobody waits for it; who goes on has given it up."""
        worker = get_current_worker()
        if not worker.is_cancelled:
            self.host.later(self._seen, detail, self.host.repository.around(detail.finding))

    def _seen(self, detail: FindingDetail, around: tuple[MessageLine, ...]) -> None:
        """Show them unless something else is shown by now."""
        if self.is_mounted and self.detail is detail:
            self.detail = replace(detail, around=around)
            self.rebuild()

    def _lines(self, width: int) -> Sequence[Line]:
        if self.detail is None:
            return paragraph(self.host.nothing_words(), width, "muted")
        return detail_lines(self.detail, width, *self.host.rulesets.rule_of(self.detail.row))

    def on_show(self) -> None:
        """Lay the page out when there is room for it again."""
        self.rebuild()


class DetailScreen(FindingActions):
    """One finding on a screen of its own."""

    where: ClassVar[str] = "detail"

    def __init__(self, row: FindingRow) -> None:
        super().__init__()
        self.row = row

    @override
    def body(self) -> ComposeResult:
        yield FindingPane(self.host)

    def refill(self) -> None:
        """Read the finding anew."""
        self.row = self.host.repository.row(self.row.id) or self.row
        self.query_one(FindingPane).show(self.row, again=True)

    @override
    def status_spans(self) -> list[tuple[str, str]]:
        return [(f" {self.row.label}", "title"), (f"  {self.row.rule} {self.row.rule_name}", "muted")]

    @override
    def go_on(self) -> None:
        super().go_on()
        self.row = self.host.listing.read_current() or self.row

    @property
    @override
    def current(self) -> FindingRow | None:
        return self.row

    @on(LinePane.Chosen)
    def _followed(self, message: LinePane.Chosen) -> None:
        if isinstance(message.target, StepTarget):
            self.tick_step(message.target.position)
        elif isinstance(message.target, SiblingTarget):
            self.host.open_finding(self.host.repository.row(message.target.number))
        else:
            self.host.lead_to(message.target)
