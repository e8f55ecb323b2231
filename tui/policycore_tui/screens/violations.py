"""The list of violations: facets, a table over any number of rows, the finding beside it or below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.timer import Timer
from textual.widgets import Input

from policycore.findings.bodies import finding_from
from policycore.findings.query import FindingFilter, FindingRow
from policycore.language import say, say_both
from policycore_tui.pages.facets import FacetTarget, facet_lines
from policycore_tui.pages.words import LOOK_OF, date_word, severity_word, state_word
from policycore_tui.screens.box import Field, Form
from policycore_tui.screens.detail import FindingPane
from policycore_tui.screens.finding_actions import FindingActions
from policycore_tui.state.lines import Line
from policycore_tui.state.listing import FACET_ORDER, SORT_ORDER, Listing
from policycore_tui.state.undo import Done
from policycore_tui.widgets.line_pane import LinePane
from policycore_tui.widgets.line_table import Cells, Column, LineTable

__all__ = ["ViolationsScreen"]

_TYPING_PAUSE = 0.15
"""Seconds after the last key before the store is asked."""
_SORT_OF = {"word": "severity", "symbol": "severity", "rule": "rule", "subject": "subject", "department": "department",
            "responsible": "responsible", "since": "since", "state": "state", "due": "due"}  # fmt: skip


class ViolationsScreen(FindingActions):
    """Show what fits the filter, and the finding under the cursor."""

    where: ClassVar[str] = "violations"

    def __init__(self, listing: Listing) -> None:
        super().__init__()
        self.listing = listing
        self._counts: dict[str, dict[str, int]] = {}
        self._pause: Timer | None = None

    def body(self) -> ComposeResult:
        """Yield facets, table, detail and the line for typing."""
        with Horizontal(id="main"):
            yield LinePane(lambda width: self._facet_lines(width), id="facets")
            with Container(id="split"):
                yield LineTable(self._columns(), self._cells, is_marked=self._is_marked, id="table")
                yield FindingPane(self.office_app, id="detail")
        yield Input(id="filter", classes="hidden", select_on_focus=False, compact=True)

    @property
    def table(self) -> LineTable:
        """Return the table."""
        return self.query_one("#table", LineTable)

    def on_mount(self) -> None:
        """Show the list first; what takes longer comes after the first paint."""
        self.table.focus()

    def refill(self) -> None:
        """Read the store anew; the cursor stays on its finding."""
        self.table.columns = self._columns()
        self.table.empty_text = say("tui.list.empty")
        self.query_one("#filter", Input).placeholder = say("tui.filter.hint")
        self.listing.refresh()
        self._show_list(again=True)

    def _show_list(self, *, again: bool = False) -> None:
        """Show the list as it stands now and count the facets in the background."""
        self.table.show(len(self.listing.pages), self.listing.cursor)
        self.call_after_refresh(self._show_detail, again)
        self.count_facets()
        self.show_bars()

    @work(thread=True, exclusive=True, group="facets")
    def count_facets(self) -> None:
        """Count the facets where nobody waits for it."""
        wanted, source = self.listing.wanted, self.listing.source
        counts = {facet: dict(source.facet(wanted, facet)) for facet in FACET_ORDER}
        self.office_app.later(self._show_facets, wanted, counts)

    def _show_facets(self, wanted: FindingFilter, counts: dict[str, dict[str, int]]) -> None:
        """Show the counts unless the filter is another one by now."""
        if self.is_mounted and wanted == self.listing.wanted:
            self._counts = counts
            self.query_one("#facets", LinePane).rebuild()

    def _facet_lines(self, width: int) -> list[Line]:
        return facet_lines(self._counts, self.listing.facets, width)

    def _columns(self) -> list[Column]:
        """Return the columns with their titles in the language in force."""
        return [
            Column("mark", " ", 1),
            Column("symbol", " ", 2),
            Column("word", say("tui.column.severity"), 8, from_width=84),
            Column("rule", say("tui.column.rule"), 7),
            Column("subject", say("tui.column.subject"), 0),
            Column("message", say("tui.column.message"), 0),
            Column("department", say("tui.column.department"), 12, from_width=100),
            Column("responsible", say("tui.column.responsible"), 8, from_width=90),
            Column("since", say("tui.column.since"), 10, from_width=70),
            Column("state", say("tui.column.state"), 9, from_width=56),
        ]

    def _cells(self, index: int) -> Cells | None:
        """Return what one row shows."""
        row = self.listing.pages.row(index)
        if row is None:
            return None
        zone = self.office_app.zone
        finding = finding_from(row.body, zone)
        symbol, _, word = severity_word(row.severity).partition("  " if row.severity != "error" else " ")
        look = LOOK_OF.get(row.severity, "")
        subject = row.subject_name
        if row.group_name and row.group_name != subject:
            subject = f"{subject} @ {row.group_name}"
        return (
            ("*" if row.id in self.listing.marks else " ", ""),
            (symbol, look),
            (word.strip(), look),
            (row.rule, ""),
            (subject, ""),
            (str(finding.message), ""),
            (row.department or "-", ""),
            (row.responsible or "-", ""),
            (date_word(row.first_seen, zone), "muted"),
            (state_word(row.state.value), ""),
        )

    def _is_marked(self, index: int) -> bool:
        row = self.listing.pages.row(index)
        return row is not None and row.id in self.listing.marks

    def status_spans(self) -> list[tuple[str, str]]:
        """Return n of m, the active filter, the order and the marks: always visible."""
        listing = self.listing
        shown = len(listing.pages)
        spans = [(" " + say("tui.status.count", shown=shown, total=max(listing.total, shown)), "title")]
        if len(listing.marks):
            spans.append(("  " + say("tui.status.marked", count=len(listing.marks)), "warning"))
        line = listing.filter_line or say("tui.status.no-filter")
        spans.append(("  " + say("tui.status.filter", filter=line), "info" if listing.filter_line else "muted"))
        order = say(f"tui.sort.{listing.sort}") + ("-" if listing.descending else "")
        spans.append(("  " + say("tui.status.sort", sort=order), "muted"))
        return spans

    # What is under the cursor.

    @property
    def current(self) -> FindingRow | None:
        """Return the finding under the cursor."""
        return self.listing.current

    def chosen_numbers(self) -> tuple[int, ...]:
        """Return what an action is about."""
        return self.listing.chosen()

    def after_action(self) -> None:
        """Show what an action changed."""
        self.refill()

    def _show_detail(self, again: bool = False) -> None:
        if self.is_mounted:
            pane = self.query_one("#detail", FindingPane)
            if pane.display:
                pane.show(self.current, again=again)

    @on(LineTable.Moved)
    def _moved(self, message: LineTable.Moved) -> None:
        self.listing.move_to(message.index)
        self._show_detail()
        self.show_bars()

    @on(LineTable.Chosen)
    def _opened(self, _message: LineTable.Chosen) -> None:
        if self.current is not None:
            self.office_app.open_finding(self.current)

    @on(LineTable.HeaderClicked)
    def _sorted(self, message: LineTable.HeaderClicked) -> None:
        if message.key in _SORT_OF:
            self.listing.sort_by(_SORT_OF[message.key])
            self._show_list()

    @on(LinePane.Chosen, "#facets")
    def _picked(self, message: LinePane.Chosen) -> None:
        if isinstance(message.target, FacetTarget):
            self.listing.toggle_facet(message.target.facet, message.target.value)
            self._show_list()

    # Filter, facets, order, views.

    def do_filter(self) -> None:
        """Begin to type."""
        line = self.query_one("#filter", Input)
        line.remove_class("hidden")
        line.value = self.listing.typed
        line.focus()
        line.cursor_position = len(line.value)

    @on(Input.Changed, "#filter")
    def _typed(self, message: Input.Changed) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(_TYPING_PAUSE, lambda: self._apply(message.value))

    def _apply(self, typed: str) -> None:
        if self._pause is not None:
            self._pause.stop()
            self._pause = None
        if typed != self.listing.typed:
            self.listing.type(typed)
            self._show_list()

    @on(Input.Submitted, "#filter")
    def _entered(self, message: Input.Submitted) -> None:
        self._apply(message.value)
        self._leave_filter()

    def _leave_filter(self) -> None:
        line = self.query_one("#filter", Input)
        line.add_class("hidden")
        self.table.focus()

    def do_back(self) -> None:
        """Leave the filter line, or the facets."""
        if isinstance(self.focused, Input):
            self._apply(self.query_one("#filter", Input).value)
            self._leave_filter()
        elif self.focused is not self.table:
            self.table.focus()

    def do_facets(self) -> None:
        """Show the facets and put the focus on them; again: back to the list."""
        pane = self.query_one("#facets", LinePane)
        if pane.has_focus:
            self.remove_class("facets-on")
            self.table.focus()
            return
        self.add_class("facets-on")
        pane.display = True
        self.call_after_refresh(pane.rebuild)
        pane.focus()

    def do_clear(self) -> None:
        """Ask for everything again."""
        self.listing.clear()
        self.query_one("#filter", Input).value = ""
        self._show_list()

    def do_sort(self) -> None:
        """Order by the next column."""
        place = SORT_ORDER.index(self.listing.sort) if self.listing.sort in SORT_ORDER else -1
        self.listing.sort_by(SORT_ORDER[(place + 1) % len(SORT_ORDER)])
        self._show_list()

    def do_reverse(self) -> None:
        """Order the other way round."""
        self.listing.sort_by(self.listing.sort)
        self._show_list()

    def do_view(self, number: int) -> None:
        """Show a saved view."""
        view = self.office_app.views.get(number)
        if view is not None:
            self.listing.show(view)
            self._show_list()

    # Marks.

    def do_mark(self) -> None:
        """Mark or unmark and go on."""
        if self.current is not None:
            self.listing.marks.toggle(self.current.id, self.listing.cursor)
            self.table.redraw()
            self.table.move(1)

    def do_mark_range(self) -> None:
        """Mark from where marking began to here."""
        before = self.listing.marks.numbers()
        self.listing.mark_range(self.listing.cursor)
        self._marked(before)

    def do_mark_all(self) -> None:
        """Mark all that fit the filter."""
        before = self.listing.marks.numbers()
        self.listing.mark_all()
        self._marked(before)

    def do_unmark(self) -> None:
        """Unmark everything."""
        before = self.listing.marks.numbers()
        self.listing.marks.clear()
        self._marked(before)

    def _marked(self, before: tuple[int, ...]) -> None:
        """Say how many are marked, and let undo bring back what was."""
        self.table.redraw()
        marks = self.listing.marks
        added = len(marks) - len(before)
        self.office_app.undo_stack.push(Done(say_both("tui.done.mark", count=added), lambda: marks.replace(before)))
        self.office_app.tell(say("tui.marked", added=added, count=len(self.listing.marks)))

    def meets(self, condition: str) -> bool:
        """Return whether a condition of the key table holds here."""
        if condition == "filtered":
            return bool(self.listing.filter_line)
        if condition == "marked":
            return len(self.listing.marks) > 0
        if condition.startswith("view_"):
            return self.office_app.views.get(int(condition.removeprefix("view_"))) is not None
        return super().meets(condition)

    def do_save_view(self) -> None:
        """Ask for a number key and a name, and keep filter and order under it."""

        def keep(values: Mapping[str, str]) -> Mapping[str, str]:
            key = values["key"]
            if key not in tuple("123456789"):
                return {"key": say("tui.form.view-key")}
            views, number = self.office_app.views, int(key)
            try:
                before = views.save(number, self.listing.view(values["name"]))
            except OSError as error:
                return {"key": say("tui.settings.unwritable", why=error.strerror or "")}

            def undo() -> None:
                if before is None:
                    views.remove(number)
                else:
                    views.save(number, before)

            self.done(Done(say_both("tui.done.view", number=key), undo))
            return {}

        fields = [
            Field("key", say("tui.form.view-key"), "1"),
            Field("name", say("tui.form.view-name"), self.listing.filter_line),
        ]
        self.app.push_screen(Form(say("tui.key.save_view"), fields, keep))

    def show_filter(self, typed: str, facets: Mapping[str, Sequence[str]]) -> None:
        """Ask for something else, as other screens do when they lead here."""
        self.listing.typed = typed
        self.listing.facets = {name: tuple(values) for name, values in facets.items()}
        self.listing.cursor = 0
        if self.is_mounted:
            self.refill()
