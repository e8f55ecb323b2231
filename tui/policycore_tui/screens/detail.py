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
        self.row: FindingRow | None = None
        """The finding that is to be shown; `detail` is what was read of it, or still of the one before."""
        self.detail: FindingDetail | None = None

    def show(self, row: FindingRow | None, *, again: bool = False) -> None:
        """Show a finding as soon as it was read; the same one is read anew only when `again` is set."""
        same = row is not None and self.row is not None and row.id == self.row.id
        if again or not same:
            self.row = row
            self._read(row)

    @work(thread=True, exclusive=True, group="detail", exit_on_error=False)
    def _read(self, row: FindingRow | None) -> None:
        """Read a finding, then the messages around it, where nobody waits for it; who goes on has given it up."""
        worker, repository = get_current_worker(), self.host.repository
        if worker.is_cancelled:
            return
        detail = repository.detail(row) if row is not None else None
        self.host.later(self._seen, row, detail)
        if detail is not None and detail.finding.subject.kind is Subject.MESSAGE and not worker.is_cancelled:
            self.host.later(self._seen, row, replace(detail, around=repository.around(detail.finding)))

    def _seen(self, row: FindingRow | None, detail: FindingDetail | None) -> None:
        """Show what was read unless something else is to be shown by now."""
        if self.is_mounted and self.row is row:
            top = self.detail is None or detail is None or self.detail.row.id != detail.row.id
            self.detail = detail
            self.rebuild(top=top)

    @property
    @override
    def target(self) -> object:
        """Return where a line leads; nowhere as long as the finding under the cursor is not the one that is read."""
        return super().target if self.detail and self.row and self.detail.row.id == self.row.id else None

    def _lines(self, width: int) -> Sequence[Line]:
        if self.detail is None:
            return paragraph(self.host.no_finding_words(), width, "muted")
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
        self.query_one(FindingPane).show(self.row)
        self.show_bars()

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
