"""The runs, newest first, and what changed between any two of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar

from textual import work
from typing_extensions import override

from policycore.language import say
from policycore.store.diff import RunDiff
from policycore.store.kept.runs import RunSummary
from policycore_tui.pages.lines import Line, one
from policycore_tui.pages.runs import DiffTarget, diff_lines, run_lines
from policycore_tui.pages.words import count_word, time_word
from policycore_tui.screens.table_screen import TableScreen
from policycore_tui.widgets.line_table import Column

__all__ = ["RunsScreen"]


class RunsScreen(TableScreen[RunSummary]):
    """Every run; the compare key marks one, and on another one shows the difference."""

    where: ClassVar[str] = "runs"
    base: RunSummary | None = None
    """The run that others are compared with."""
    compared: tuple[RunSummary, RunSummary, RunDiff | None] | None = None
    """Two runs, the second with the difference on its page, and the difference once it is known."""

    @override
    def load(self) -> Sequence[RunSummary]:
        return self.host.repository.runs()

    @override
    def columns(self) -> list[Column]:
        zone = self.host.zone
        return [
            Column("run", say("tui.column.run"), 6, lambda row: "*" * self.is_marked(row) + str(row.id), right=True),
            Column(
                "as_of",
                say("tui.column.as-of"),
                16,
                lambda row: (time_word(row.as_of, zone), "" if row.complete else "error"),
            ),
            Column("ruleset", say("tui.column.ruleset"), 0, lambda row: (row.ruleset, "muted" if row.replay else "")),
            Column("error", say("model.severity.error"), 8, lambda row: count_word(row.errors), right=True),
            Column(
                "warning",
                say("model.severity.warning"),
                10,
                lambda row: count_word(row.warnings, "warning"),
                from_width=56,
                right=True,
            ),
            Column("new", say("tui.column.new"), 6, lambda row: str(row.new), from_width=64, right=True),
            Column("fixed", say("tui.column.resolved"), 6, lambda row: str(row.resolved), from_width=64, right=True),
        ]

    @override
    def is_marked(self, row: RunSummary) -> bool:
        return self.base is not None and row.id == self.base.id

    def page(self, row: RunSummary, width: int) -> Sequence[Line]:
        """Return the run, or its difference from the marked one."""
        if self.compared is None or self.compared[1].id != row.id:
            return run_lines(row, width, self.host.zone)
        before, after, diff = self.compared
        if diff is None:
            return [one((say("tui.run.comparing"), "muted"))]
        return diff_lines(before, after, diff, width, self.host.zone)

    @override
    def conditions(self) -> Mapping[str, Callable[[], object]]:
        return {**super().conditions(), "two_runs": lambda: len(self.everything) > 1}

    def do_compare(self) -> None:
        """Mark a run, or compare the one under the cursor with the marked one."""
        row = self.row
        if row is not None and self.base is not None and self.base.id != row.id:
            self._compare(self.base, row)
        elif row is not None:
            self.base = row if self.base is None else None
            self.compared = None
            self.table.redraw()
            self.page_pane.rebuild(top=True)
            if self.base is not None:
                self.host.tell(say("tui.run.marked", id=row.id))

    def _compare(self, other: RunSummary, row: RunSummary) -> None:
        """Show the difference between two runs on the page of the second, once it is known."""
        self.compared = (other, row, None)
        self.page_pane.rebuild(top=True)
        self._read_difference(other, row)

    @work(thread=True, exclusive=True, group="compare")
    def _read_difference(self, other: RunSummary, row: RunSummary) -> None:
        """Compare two runs where nobody waits for it."""
        before, after = sorted((other, row), key=lambda run: run.id)
        self.host.later(self._known, other, row, self.host.repository.difference(before, after))

    def _known(self, other: RunSummary, row: RunSummary, diff: RunDiff | None) -> None:
        """Show the difference; where it can't be read that was said, and the page is about the run again."""
        self.compared = (other, row, diff) if diff is not None else None
        self.page_pane.rebuild(top=True)

    def open_row(self, row: RunSummary) -> None:
        """Compare with the run before, which is what is asked most often."""
        previous = next((run for run in self.everything if run.id == row.previous), None)
        if previous is not None:
            self._compare(previous, row)

    @override
    def follow(self, target: object) -> None:
        if isinstance(target, DiffTarget):
            self.host.open_finding(self.host.repository.row_of(target.fingerprint))
