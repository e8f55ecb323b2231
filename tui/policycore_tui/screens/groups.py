"""Groups and their members, beside who is expected and what was found about each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from policycore.language import say
from policycore.store.estate_view import EstateView, GroupLine
from policycore.store.query import FindingFilter, counts_by
from policycore_tui.pages.groups import GroupPicture, group_lines
from policycore_tui.pages.overview import FilterTarget
from policycore_tui.screens.table_section import TableSection
from policycore_tui.state.lines import Line
from policycore_tui.widgets.line_table import Cells, Column

__all__ = ["GroupsScreen"]


class GroupsScreen(TableSection[GroupLine]):
    """Show the groups of the newest run's snapshot."""

    where: ClassVar[str] = "groups"

    def __init__(self) -> None:
        super().__init__()
        self.view: EstateView | None = None
        self.counts: dict[str, int] = {}

    def load(self) -> Sequence[GroupLine]:
        """Return the groups; raises DataError when the snapshot is gone, which is said, and nothing is shown."""
        office = self.office_app.office
        self.view = office.estate_view()
        if self.view is None:
            return ()
        with office.store.read() as connection:
            self.counts = counts_by(connection, FindingFilter(), "group")
        return self.view.groups()

    def columns(self) -> list[Column]:
        """Return name, department, owner, size, findings."""
        return [
            Column("name", say("tui.column.name"), 0),
            Column("department", say("tui.column.department"), 14, from_width=56),
            Column("owner", say("engine.who.owner"), 10, from_width=44),
            Column("kind", say("tui.column.kind"), 9, from_width=80),
            Column("members", say("tui.column.members"), 7, right=True),
            Column("open", say("tui.column.open"), 8, right=True),
        ]

    def cells(self, row: GroupLine) -> Cells:
        """Return what one group shows."""
        count = self.counts.get(row.id, 0)
        return (
            (row.name, ""),
            (row.department or "-", ""),
            (row.owner or "-", "" if row.owner else "error"),
            (say(f"tui.kind.{row.kind}") if row.kind in ("standing", "project", "temporary") else row.kind, "muted"),
            (str(row.members), ""),
            (str(count), "error" if count else "muted"),
        )

    def page(self, row: GroupLine, width: int) -> Sequence[Line]:
        """Return the members of a group."""
        if self.view is None:
            return ()
        office = self.office_app.office
        return group_lines(
            row,
            GroupPicture(
                self.view.members(row.id), self.view.scope(row.id), office.about_group(row.id), office.judged()
            ),
            width,
            self.office_app.zone,
        )

    def open_row(self, row: GroupLine) -> None:
        """Show the group's findings."""
        self.office_app.show_violations("", {"group": (row.id,)})

    def follow(self, target: object) -> None:
        """Show a member's findings."""
        if isinstance(target, FilterTarget):
            self.office_app.show_violations(target.typed, target.facets)
