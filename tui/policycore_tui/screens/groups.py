"""Groups and their members, beside who is expected and what was found about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import work
from textual.worker import get_current_worker
from typing_extensions import override

from policycore.errors import PolicycoreError
from policycore.language import say
from policycore.store.estate_view import EstateView, GroupLine, GroupLines
from policycore_tui.pages.groups import GroupDetail, group_lines
from policycore_tui.pages.lines import Line, one
from policycore_tui.pages.words import count_word
from policycore_tui.screens.table_screen import AT_ONCE, TableScreen
from policycore_tui.state.gaps import GapsOfGroups
from policycore_tui.widgets.line_table import Column

__all__ = ["GroupsScreen"]

_LONGEST_ID = 36
_KINDS = ("standing", "project", "temporary")


class GroupsScreen(TableScreen[GroupLine]):
    """The groups of the newest run's snapshot."""

    where: ClassVar[str] = "groups"
    view: EstateView | None = None
    groups: GroupLines | None = None
    counts: Mapping[str, int] = {}
    gaps: GapsOfGroups | None = None
    id_cells = 2
    known: Mapping[str, GroupDetail] = {}
    """Who is in the group whose page is shown, and what was found about it."""

    def load(self) -> Sequence[GroupLine]:
        """Return the groups; raises DataError when the snapshot is gone, which is said, and nothing is shown."""
        self.view = self.host.repository.estate_view()
        if self.view is None:
            return ()
        self.known = {}
        self.counts = self.host.repository.open_by("group")
        self.gaps = GapsOfGroups(self.host.repository.gaps(), self.view.groups_of_messages)
        groups = self.groups = self.view.groups()
        # Groups may have one name and ids that differ by a character: those stand in full.
        self.id_cells = min(_LONGEST_ID, max(2, groups.longest_id()))
        if len(groups) <= AT_ONCE:
            return groups.counted(self.view.members_by_group())
        return groups

    @override
    def _loaded(self, rows: Sequence[GroupLine]) -> None:
        """Show the groups; how many members each has may take longer than people wait for a list."""
        super()._loaded(rows)
        if self.is_mounted and len(rows) > AT_ONCE:
            self._count()

    @work(thread=True, exclusive=True, group="count", exit_on_error=False)
    def _count(self) -> None:
        """Count the members of every group where nobody waits for it."""
        worker, view, groups = get_current_worker(), self.view, self.groups
        if view is None or groups is None or worker.is_cancelled:
            return
        counted = groups.counted(view.members_by_group())
        if view is self.view and not worker.is_cancelled:
            self.host.later(self._counted, counted)

    def _counted(self, groups: Sequence[GroupLine]) -> None:
        """Show the groups with their members, the cursor where it is."""
        if self.is_mounted:
            self.everything = groups
            self._show_rows(self.table.cursor)

    @override
    def columns(self) -> list[Column]:
        return [
            Column("name", say("tui.column.name"), 0, lambda row: row.name),
            Column("id", "ID", self.id_cells, lambda row: (row.id, "muted"), from_width=100),
            Column("department", say("tui.column.department"), 14, lambda row: row.department or "-", from_width=56),
            Column("owner", say("engine.who.owner"), 10, lambda row: row.owner or ("-", "error"), from_width=44),
            Column("kind", say("tui.column.kind"), 9, lambda row: (_kind(row.kind), "muted"), from_width=80),
            Column(
                "members",
                say("tui.column.members"),
                7,
                lambda row: "" if row.members is None else str(row.members),
                right=True,
            ),
            Column("open", say("tui.column.open"), 8, lambda row: count_word(self.counts.get(row.id, 0)), right=True),
        ]

    @override
    def page(self, row: GroupLine, width: int) -> Sequence[Line]:
        """Return the page of a group; as long as its members are being read it says so."""
        known = self.known.get(row.id)
        if known is not None:
            return group_lines(row, known, width)
        self._look_into(row)
        return [one((say("tui.list.reading"), "muted"))]

    @work(thread=True, exclusive=True, group="look", exit_on_error=False)
    def _look_into(self, row: GroupLine) -> None:
        """Read a group's members where nobody waits for it; who goes on has given it up."""
        worker, view, repository = get_current_worker(), self.view, self.host.repository
        if view is None or worker.is_cancelled:
            return
        try:
            gaps = self.gaps.of(row.id) if self.gaps is not None else ()
            members, scope = view.members(row.id), view.scope(row.id)
            found = GroupDetail(members, scope, repository.about_group(row.id), repository.judged(), gaps)
        except PolicycoreError as error:
            self.host.later(self.host.tell_error, error)
            return
        if view is self.view:
            self.known = {row.id: found}
            self.host.later(self._looked)

    def _looked(self) -> None:
        """Show what was read."""
        if self.is_mounted:
            self.page_pane.rebuild()

    @override
    def open_row(self, row: GroupLine) -> None:
        self.host.show_violations("", {"group": (row.id,)})

    @override
    def follow(self, target: object) -> None:
        self.host.lead_to(target)


def _kind(kind: str) -> str:
    """Return a kind of group in words; one that the model does not know stays as it is."""
    return say(f"tui.kind.{kind}") if kind in _KINDS else kind
