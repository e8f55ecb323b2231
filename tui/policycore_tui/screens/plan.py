"""The plan: every open step by responsible person and due date, to be ticked or printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from typing_extensions import override

from policycore.language import say
from policycore.store.work import PlannedStep
from policycore_tui.pages.lines import Line
from policycore_tui.pages.plan import PLAN_SUFFIXES, by_date, doer, plan_file, step_page
from policycore_tui.pages.words import date_word
from policycore_tui.screens.export import export_form
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
            Column("subject", say("tui.column.subject"), 0, lambda row: row.about, from_width=60, most=30),
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
        """Write the plan as it is ordered here: a table to work with, or a text to print."""
        rows, zone = self.rows, self.host.zone

        def write(name: str, split: str) -> dict[str, bytes]:
            parts = {"": rows} if split == "one" else _divided(rows, split)
            return {part: plan_file(name, some, zone, _PRINTED) for part, some in parts.items()}

        form = export_form(self.host, say("tui.file.plan"), len(rows), PLAN_SUFFIXES, write, "-steps")
        self.host.push_screen(form)


def _divided(rows: Sequence[PlannedStep], split: str) -> dict[str, list[PlannedStep]]:
    """Return the steps by department, or by who does them."""
    found: dict[str, list[PlannedStep]] = {}
    for row in rows:
        named = doer(row) if split == "person" else row.department
        found.setdefault(named or say(f"tui.split.none.{split}"), []).append(row)
    return dict(sorted(found.items()))
