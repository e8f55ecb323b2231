"""The runs, newest first, and what changed between any two of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import work

from policycore.errors import PolicycoreError
from policycore.language import say
from policycore.store.diff import RunDiff, compare_runs
from policycore.store.history import find_finding
from policycore.store.runs import RunSummary
from policycore_tui.pages.runs import DiffTarget, diff_lines, run_lines
from policycore_tui.pages.words import time_word
from policycore_tui.screens.table_section import TableSection
from policycore_tui.state.lines import Line, one
from policycore_tui.widgets.line_table import Cells, Column

__all__ = ["RunsScreen"]


class RunsScreen(TableSection[RunSummary]):
    """Show every run; the compare key marks one, and on another one shows the difference."""

    where: ClassVar[str] = "runs"

    def __init__(self) -> None:
        super().__init__()
        self.base: int | None = None
        self.shown: tuple[RunSummary, RunSummary, RunDiff | None] | None = None

    def load(self) -> Sequence[RunSummary]:
        """Return the runs."""
        return self.office_app.office.runs()

    def columns(self) -> list[Column]:
        """Return number, time, rule set and counts."""
        return [
            Column("run", say("tui.column.run"), 6, right=True),
            Column("as_of", say("tui.column.as-of"), 16),
            Column("ruleset", say("tui.column.ruleset"), 0),
            Column("error", say("store.severity.error"), 7, right=True),
            Column("warning", say("store.severity.warning"), 8, from_width=56, right=True),
            Column("new", say("tui.column.new"), 6, from_width=64, right=True),
            Column("fixed", say("tui.column.resolved"), 6, from_width=64, right=True),
        ]

    def cells(self, row: RunSummary) -> Cells:
        """Return what one run shows."""
        return (
            (("*" if row.id == self.base else "") + str(row.id), ""),
            (time_word(row.as_of, self.office_app.zone), "" if row.complete else "error"),
            (row.ruleset, "muted" if row.replay else ""),
            (str(row.errors), "error" if row.errors else "muted"),
            (str(row.warnings), "warning" if row.warnings else "muted"),
            (str(row.new), ""),
            (str(row.resolved), ""),
        )

    def is_marked(self, row: RunSummary) -> bool:
        """Return whether a run is the one that others are compared with."""
        return row.id == self.base

    def page(self, row: RunSummary, width: int) -> Sequence[Line]:
        """Return the run, or its difference from the marked one."""
        if self.shown is not None and self.shown[1].id == row.id:
            before, after, diff = self.shown
            if diff is None:
                return [one((say("tui.run.comparing"), "muted"))]
            return diff_lines(before, after, diff, width, self.office_app.zone)
        return run_lines(row, width, self.office_app.zone)

    def meets(self, condition: str) -> bool:
        """Return whether a condition of the key table holds."""
        return len(self.everything) > 1 if condition == "two_runs" else super().meets(condition)

    def do_compare(self) -> None:
        """Mark a run, or compare the one under the cursor with the marked one."""
        row = self.row
        if row is None:
            return
        base = next((run for run in self.everything if run.id == self.base), None)
        if base is None or base.id == row.id:
            self.base = row.id if base is None else None
            self.shown = None
            self.table.redraw()
            if self.base is not None:
                self.office_app.tell(say("tui.run.marked", id=row.id))
        else:
            before, after = sorted((base, row), key=lambda run: run.id)
            self.shown = (before if row is after else after, row, None)
            self.compare(before, after, row)
        self.show_page(top=True)

    @work(thread=True, exclusive=True, group="compare")
    def compare(self, before: RunSummary, after: RunSummary, shown_on: RunSummary) -> None:
        """Compare two runs where nobody waits for it."""
        try:
            with self.office_app.office.store.read() as connection:
                diff = compare_runs(connection, before, after)
        except PolicycoreError as error:
            self.office_app.later(self.office_app.tell_error, error)
            return
        self.office_app.later(self._compared, before, after, shown_on, diff)

    def _compared(self, before: RunSummary, after: RunSummary, shown_on: RunSummary, diff: RunDiff) -> None:
        other = before if shown_on.id == after.id else after
        self.shown = (other, shown_on, diff)
        self.show_page(top=True)

    def open_row(self, row: RunSummary) -> None:
        """Compare with the run before, which is what is asked most often."""
        previous = next((run for run in self.everything if run.id == row.previous), None)
        if previous is not None:
            self.shown = (previous, row, None)
            self.compare(previous, row, row)
            self.show_page(top=True)

    def follow(self, target: object) -> None:
        """Show a finding of the difference."""
        if isinstance(target, DiffTarget):
            try:
                with self.office_app.office.store.read() as connection:
                    number = find_finding(connection, target.fingerprint)
            except PolicycoreError as error:
                self.office_app.tell_error(error)
                return
            row = self.office_app.office.row(number)
            if row is not None:
                self.office_app.open_finding(row)
