"""The plan: every open step by responsible person and due date, to be ticked or printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from policycore.errors import PolicycoreError
from policycore.language import say
from policycore.store.work import PlannedStep, work_plan
from policycore_tui.pages.plan import by_date, doer, plan_lines, step_page
from policycore_tui.pages.words import date_word
from policycore_tui.screens.box import Field, Form
from policycore_tui.screens.table_section import TableSection
from policycore_tui.state.lines import Line, plain
from policycore_tui.state.typed_path import can_hold, is_there, typed_path
from policycore_tui.widgets.line_table import Cells, Column

__all__ = ["PlanScreen"]

_MOST = 10_000
"""Steps that are held; who has more narrows the list of findings instead."""
_PRINTED = 78
"""Cells of a printed line: a page of paper."""


class PlanScreen(TableSection[PlannedStep]):
    """Show who has to do what by when."""

    where: ClassVar[str] = "plan"
    cut = False

    def load(self) -> Sequence[PlannedStep]:
        """Return the open steps."""
        with self.office_app.office.store.read() as connection:
            steps = work_plan(connection, limit=_MOST + 1)
        self.cut = len(steps) > _MOST
        return sorted(steps[:_MOST], key=by_date)

    def status_spans(self) -> list[tuple[str, str]]:
        """Return n of m and the filter, and openly whether there are more steps than are shown."""
        more = [("  " + say("tui.plan.more", count=_MOST), "warning")] if self.cut else []
        return [*super().status_spans(), *more]

    def columns(self) -> list[Column]:
        """Return person, date, step, subject."""
        return [
            Column("who", say("tui.column.responsible"), 12),
            Column("due", say("tui.column.due"), 11),
            Column("step", say("tui.column.step"), 0),
            Column("subject", say("tui.column.subject"), 0, from_width=60),
            Column("department", say("tui.column.department"), 12, from_width=100),
        ]

    def cells(self, row: PlannedStep) -> Cells:
        """Return what one step shows."""
        overdue = row.due is not None and row.due < self.office_app.as_of_shown
        return (
            (doer(row), ""),
            # Not by colour alone: some see none, and a copied screen has none.
            (date_word(row.due, self.office_app.zone) + ("!" if overdue else ""), "error" if overdue else ""),
            (str(row.what), ""),
            (row.subject, ""),
            (row.department or "-", "muted"),
        )

    def page(self, row: PlannedStep, width: int) -> Sequence[Line]:
        """Return one step in full."""
        return step_page(row, width, self.office_app.zone)

    def open_row(self, row: PlannedStep) -> None:
        """Show the step's finding."""
        found = self.office_app.office.row(row.finding_id)
        if found is not None:
            self.office_app.open_finding(found)

    def meets(self, condition: str) -> bool:
        """Return whether a condition of the key table holds."""
        return self.row is not None if condition == "steps" else super().meets(condition)

    def do_tick(self) -> None:
        """Tick the step under the cursor."""
        row = self.row
        if row is None:
            return
        try:
            done = self.office_app.acts.tick(row.finding_id, row.position, row.what)
        except PolicycoreError as error:
            self.office_app.tell_error(error)
            return
        self.office_app.acts.count += 1
        self.office_app.undo_stack.push(done)
        self.office_app.tell(say("tui.done", what=str(done.what)))
        self.refill()

    def do_export(self) -> None:
        """Write the plan to a text file for printing."""

        def write(values: Mapping[str, str]) -> Mapping[str, str]:
            path = typed_path(values["file"])
            if not can_hold(path):
                return {"file": say("tui.form.no-folder")}
            text = plain(plan_lines(self.rows, _PRINTED, self.office_app.zone))
            try:
                done = self.office_app.acts.write_file(path, text.encode())
            except (PolicycoreError, OSError) as error:
                return {"file": str(error)}
            self.office_app.undo_stack.push(done)
            self.office_app.tell(say("tui.done", what=str(done.what)))
            return {}

        def ask(values: Mapping[str, str]) -> str:
            exists = is_there(typed_path(values["file"]))
            key = "tui.ask.overwrite-steps" if exists else "tui.ask.write-steps"
            return say(key, path=values["file"], count=len(self.rows))

        title = say("tui.form.title-steps", action=say("tui.key.export"), count=len(self.rows))
        self.app.push_screen(Form(title, [Field("file", say("tui.form.file"), "plan.txt")], write, ask))
