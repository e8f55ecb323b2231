"""What is missing, by worth, beside the rules that wait for it and how to supply it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from typing_extensions import override

from policycore.errors import PolicycoreError
from policycore.language import say
from policycore.model.gap import Gap
from policycore.reports.gaps import MissingField, field_words, missing_fields
from policycore_tui.pages.gaps import SHOWN_SUBJECTS, FieldTarget, SubjectsTarget, gap_lines
from policycore_tui.pages.lines import Line
from policycore_tui.screens.table_screen import TableScreen
from policycore_tui.state.gaps import gaps_of_field
from policycore_tui.widgets.line_table import Column

__all__ = ["GapsScreen"]


class GapsScreen(TableScreen[MissingField]):
    """Every field that is missing, those first that would settle most."""

    where: ClassVar[str] = "gaps"

    def __init__(self) -> None:
        super().__init__()
        self.gaps: Sequence[Gap] = ()
        self.listed: dict[SubjectsTarget, Sequence[str]] = {}
        """The gaps whose subjects somebody asked for."""

    @override
    def load(self) -> Sequence[MissingField]:
        self.gaps, self.listed = self.host.repository.gaps(), {}
        return missing_fields(self.gaps)

    @override
    def columns(self) -> list[Column]:
        return [
            Column("settles", say("tui.column.settles"), 8, _settles, right=True),
            Column("others", say("tui.column.others"), 8, lambda row: (str(row.others), "muted"), 64, right=True),
            Column("field", say("tui.column.field"), 0, lambda row: field_words(row.field).in_language()),
            Column("source", say("tui.detail.source"), 12, lambda row: row.source or ("-", "muted"), from_width=56),
            Column("rules", say("tui.column.rules"), 6, lambda row: str(len(row.rules)), from_width=48, right=True),
        ]

    @override
    def empty_words(self) -> str:
        judged = self.host.repository.latest() is not None
        return say("reports.gaps.none") if judged and not self.everything else self.host.nothing_words()

    @override
    def _show_rows(self, cursor: int) -> None:
        """Show the rows; where another screen led to one, all of them with the cursor on that one."""
        wanted, self.host.wanted_gap = self.host.wanted_gap, None
        if wanted is not None:
            self.typed = ""
            shown = (place for place, row in enumerate(self.everything) if FieldTarget(row.field, row.source) == wanted)
            cursor = next(shown, 0)
        super()._show_rows(cursor)

    def on_screen_resume(self) -> None:
        """Show what another screen led to; before anything was read that waits for it."""
        if self.everything and self.host.wanted_gap is not None:
            self._show_rows(self.table.cursor)

    @override
    def page(self, row: MissingField, width: int) -> Sequence[Line]:
        return gap_lines(row, gaps_of_field(self.gaps, row), self.listed, width)

    @override
    def open_row(self, row: MissingField) -> None:
        self.page_pane.focus()

    @override
    def follow(self, target: object) -> None:
        """List the subjects of a gap below its rule, or put them away."""
        if not isinstance(target, SubjectsTarget):
            return
        if self.listed.pop(target, None) is None:
            gap = next(gap for gap in self.gaps if gap.key == target.key)
            self.listed[target] = self._subjects(gap)
            self.call_after_refresh(self._show_listed)
        self.page_pane.rebuild()

    def _show_listed(self) -> None:
        """Put the rule under the cursor at the top, so that its subjects below are seen."""
        self.page_pane.scroll_to(y=self.page_pane.cursor, animate=False, force=True)

    def _subjects(self, gap: Gap) -> Sequence[str]:
        """Return the first subjects of a gap by name; by id alone where the snapshot can't be asked."""
        ids = gap.subjects[:SHOWN_SUBJECTS]
        try:
            view = self.host.repository.estate_view()
            names = view.names(gap.kind.value, ids) if view is not None else {}
        except PolicycoreError as error:
            self.host.tell_error(error)
            names = {}
        return [f"{names[one]} ({one})" if names.get(one) else one for one in ids]


def _settles(row: MissingField) -> tuple[str, str]:
    """Return how many verdicts a field would settle, in the look of its strictest rule."""
    return str(row.settles), row.severity.value if row.settles else "muted"
