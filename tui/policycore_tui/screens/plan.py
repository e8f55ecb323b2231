"""The plan: every open step by responsible person and due date, to be ticked or printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from typing_extensions import override

from policycore.language import say
from policycore.store.work import PlannedStep
from policycore_tui.pages.lines import Line, plain
from policycore_tui.pages.plan import by_date, doer, plan_lines, step_page
from policycore_tui.pages.words import date_word
from policycore_tui.screens.forms import export_form
from policycore_tui.screens.table_screen import TableScreen
from policycore_tui.widgets.line_table import Column

__all__ = ["PlanScreen"]

_MOST = 10_000
"""Steps that are held; who has more narrows the list of findings instead."""
_PRINTED = 78
"""Cells of a printed line: a page of paper."""


class PlanScreen(TableScreen[PlannedStep]):
    """Who has to do what by when."""

    where: ClassVar[str] = "plan"
    cut = False
    as_of: datetime | None = None

    @override
    def load(self) -> Sequence[PlannedStep]:
        steps = self.host.repository.plan(_MOST + 1)
        self.cut, self.as_of = len(steps) > _MOST, self.host.as_of
        return sorted(steps[:_MOST], key=by_date)

    def status_spans(self) -> list[tuple[str, str]]:
        """Return n of m and the filter, and openly whether there are more steps than are shown."""
        more = [("  " + say("tui.plan.more", count=_MOST), "warning")] if self.cut else []
        return [*super().status_spans(), *more]

    @override
    def columns(self) -> list[Column]:
        return [
            Column("who", say("tui.column.responsible"), 12, doer),
            Column("due", say("tui.column.due"), 11, self._due),
            Column("step", say("tui.column.step"), 0, lambda row: str(row.what)),
            Column("subject", say("tui.column.subject"), 0, lambda row: row.subject, from_width=60),
            Column("department", say("tui.column.department"), 12, lambda row: (row.department or "-", "muted"), 100),
        ]

    def _due(self, row: PlannedStep) -> tuple[str, str]:
        """Return by when a step is due; not by colour alone: some see none, and a copied screen has none."""
        overdue = row.due is not None and self.as_of is not None and row.due < self.as_of
        return date_word(row.due, self.host.zone) + "!" * overdue, "error" if overdue else ""

    @override
    def page(self, row: PlannedStep, width: int) -> Sequence[Line]:
        return step_page(row, width, self.host.zone)

    @override
    def open_row(self, row: PlannedStep) -> None:
        self.host.open_finding(self.host.repository.row(row.finding_id))

    @override
    def conditions(self) -> Mapping[str, Callable[[], object]]:
        return {**super().conditions(), "steps": lambda: self.row}

    def do_tick(self) -> None:
        """Tick the step under the cursor."""
        row = self.row
        if row is not None:
            self.host.attempt(lambda: self.host.actions.tick(row.finding_id, row.position, row.what))

    def do_export(self) -> None:
        """Write the plan to a text file for printing."""

        def printed(_format: str) -> bytes:
            return plain(plan_lines(self.rows, _PRINTED, self.host.zone)).encode()

        self.host.push_screen(export_form(self.host, "plan.txt", len(self.rows), printed, formats=False, what="-steps"))
