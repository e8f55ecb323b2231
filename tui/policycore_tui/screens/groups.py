"""Groups and their members, beside who is expected and what was found about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from typing_extensions import override

from policycore.language import say
from policycore.store.estate_view import EstateView, GroupLine
from policycore_tui.pages.groups import GroupDetail, group_lines
from policycore_tui.pages.lines import Line
from policycore_tui.pages.words import count_word
from policycore_tui.screens.table_screen import TableScreen
from policycore_tui.state.gaps import GapsOfGroups
from policycore_tui.widgets.line_table import Column

__all__ = ["GroupsScreen"]

_KINDS = ("standing", "project", "temporary")


class GroupsScreen(TableScreen[GroupLine]):
    """The groups of the newest run's snapshot."""

    where: ClassVar[str] = "groups"
    view: EstateView | None = None
    counts: Mapping[str, int] = {}
    gaps: GapsOfGroups | None = None

    def load(self) -> Sequence[GroupLine]:
        """Return the groups; raises DataError when the snapshot is gone, which is said, and nothing is shown."""
        self.view = self.host.repository.estate_view()
        if self.view is None:
            return ()
        self.counts = self.host.repository.open_by("group")
        self.gaps = GapsOfGroups(self.host.repository.gaps(), self.view.groups_of_messages)
        return self.view.groups()

    @override
    def columns(self) -> list[Column]:
        return [
            Column("name", say("tui.column.name"), 0, lambda row: row.name),
            Column("department", say("tui.column.department"), 14, lambda row: row.department or "-", from_width=56),
            Column("owner", say("engine.who.owner"), 10, lambda row: row.owner or ("-", "error"), from_width=44),
            Column("kind", say("tui.column.kind"), 9, lambda row: (_kind(row.kind), "muted"), from_width=80),
            Column("members", say("tui.column.members"), 7, lambda row: str(row.members), right=True),
            Column("open", say("tui.column.open"), 8, lambda row: count_word(self.counts.get(row.id, 0)), right=True),
        ]

    @override
    def page(self, row: GroupLine, width: int) -> Sequence[Line]:
        if self.view is None:
            return ()
        repository = self.host.repository
        gaps = self.gaps.of(row.id) if self.gaps is not None else ()
        members, scope = self.view.members(row.id), self.view.scope(row.id)
        known = GroupDetail(members, scope, repository.about_group(row.id), repository.judged(), gaps)
        return group_lines(row, known, width)

    @override
    def open_row(self, row: GroupLine) -> None:
        self.host.show_violations("", {"group": (row.id,)})

    @override
    def follow(self, target: object) -> None:
        self.host.lead_to(target)


def _kind(kind: str) -> str:
    """Return a kind of group in words; one that the model does not know stays as it is."""
    return say(f"tui.kind.{kind}") if kind in _KINDS else kind
