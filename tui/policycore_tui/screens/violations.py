"""The list of violations: facets, a table over any number of rows, the finding beside it or below it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.timer import Timer
from textual.widgets import Input
from textual.worker import get_current_worker

from policycore.language import say, say_both
from policycore.store.query import FindingFilter, FindingRow
from policycore_tui.pages.facets import FacetTarget, facet_lines
from policycore_tui.screens.detail import FindingPane
from policycore_tui.screens.finding_actions import FindingActions
from policycore_tui.screens.finding_table import SORT_OF, finding_cells, finding_columns
from policycore_tui.screens.section import MOVING
from policycore_tui.screens.view_form import ViewForm
from policycore_tui.state.lines import Line
from policycore_tui.state.listing import FACET_ORDER, SORT_ORDER, Answer, Listing, Question
from policycore_tui.state.pages import PAGE, Pages
from policycore_tui.state.undo import Done
from policycore_tui.widgets.line_pane import LinePane
from policycore_tui.widgets.line_table import Cells, LineTable
from policycore_tui.widgets.typed_line import TypedLine

__all__ = ["ViolationsScreen"]

_TYPING_PAUSE = 0.15
"""Seconds after the last key before the store is asked."""


class ViolationsScreen(FindingActions):
    """Show what fits the filter, and the finding under the cursor."""

    where: ClassVar[str] = "violations"

    def __init__(self, listing: Listing) -> None:
        super().__init__()
        self.listing = listing
        listing.ask = self.ask
        self._counts: dict[str, dict[str, int]] = {}
        self._again = False
        self._needed: tuple[Pages[FindingRow], int] | None = None
        self._pause: Timer | None = None

    def body(self) -> ComposeResult:
        """Yield facets, table, detail and the line for typing."""
        with Horizontal(id="main"):
            yield LinePane(lambda width: self._facet_lines(width), id="facets")
            with Container(id="split"):
                columns = finding_columns("severity", descending=False)
                yield LineTable(columns, self._cells, is_marked=self._is_marked, id="table")
                yield FindingPane(self.office_app, id="detail")
        yield TypedLine(id="filter", classes="hidden", select_on_focus=False, compact=True)

    @property
    def table(self) -> LineTable:
        """Return the table."""
        return self.query_one("#table", LineTable)

    def on_mount(self) -> None:
        """Show the list first; what takes longer comes after the first paint."""
        self.table.focus()

    def refill(self) -> None:
        """Read the store anew; the cursor stays on its finding."""
        if not self.listing.total:
            self.table.empty_text = say("tui.list.reading")
        self.query_one("#filter", Input).placeholder = say("tui.filter.hint")
        self._again = True
        self.ask()

    def ask(self) -> None:
        """Ask the store in a thread; what was asked before and is still on its way is given up."""
        self.read(self.listing.question())
        self.show_bars()

    @work(thread=True, exclusive=True, group="list", exit_on_error=False)
    def read(self, question: Question) -> None:
        """Read the list, show it, then count the facets; leave off as soon as something else is asked."""
        listing, worker = self.listing, get_current_worker()
        answer = listing.answer(question, lambda: worker.is_cancelled)
        if answer is None:
            return
        self.office_app.later(self._answered, answer)
        counts: dict[str, dict[str, int]] = {}
        for facet in FACET_ORDER:
            if worker.is_cancelled:
                return
            counts[facet] = dict(listing.counts(facet, question.wanted))
        self.office_app.later(self._show_facets, question.wanted, counts)

    def _answered(self, answer: Answer) -> None:
        """Show the list unless something else has been asked meanwhile."""
        if not self.is_mounted or not self.listing.take(answer):
            return
        self.table.empty_text = self.nothing_words()
        self.table.columns = finding_columns(self.listing.sort, descending=self.listing.descending)
        self.table.show(len(self.listing.pages), self.listing.cursor)
        self.call_after_refresh(self._show_detail, self._again)
        self._again = False
        self.show_bars()

    def _show_facets(self, wanted: FindingFilter, counts: dict[str, dict[str, int]]) -> None:
        """Show the counts unless the filter is another one by now."""
        if self.is_mounted and wanted == self.listing.wanted:
            self._counts = counts
            self.query_one("#facets", LinePane).rebuild()

    def _facet_lines(self, width: int) -> list[Line]:
        return facet_lines(self._counts, self.listing.facets, width, self.office_app.rulesets.titles())

    def _cells(self, index: int) -> Cells | None:
        """Return what one row shows; nothing as long as its page is being read."""
        pages = self.listing.pages
        row = pages.held(index)
        if row is None:
            if index < len(pages) and not pages.is_held(index):
                self.call_later(self.need, index)
            return None
        return finding_cells(row, self.office_app.zone, marked=row.id in self.listing.marks)

    def need(self, index: int) -> None:
        """Have the page of a row read, unless that is on its way."""
        page = (self.listing.pages, index // PAGE)
        if page != self._needed and not self.listing.pages.is_held(index):
            self._needed = page
            self.read_page(self.listing.pages, index)

    @work(thread=True, exclusive=True, group="page", exit_on_error=False)
    def read_page(self, pages: Pages[FindingRow], index: int) -> None:
        """Read one page; who scrolls on has given it up."""
        worker = get_current_worker()
        if not worker.is_cancelled:
            self.office_app.later(self._page_read, pages, index, pages.fetched(index))

    def _page_read(self, pages: Pages[FindingRow], index: int, page: Sequence[FindingRow]) -> None:
        """Show a page that was read."""
        pages.hold(index, page)
        if self._needed == (pages, index // PAGE):
            self._needed = None
        if self.is_mounted and pages is self.listing.pages:
            self.table.redraw()
            self._show_detail()
            self.show_bars()

    def _is_marked(self, index: int) -> bool:
        row = self.listing.pages.held(index)
        return row is not None and row.id in self.listing.marks

    def status_spans(self) -> list[tuple[str, str]]:
        """Return n of m, the active filter, the order and the marks: always visible."""
        listing = self.listing
        shown = len(listing.pages)
        count = "tui.status.count" if listing.asked is None else "tui.status.asking"
        spans = [(" " + say(count, shown=shown, total=max(listing.total, shown)), "title")]
        if len(listing.marks):
            hidden = listing.hidden_marks
            key = "tui.status.marked-hidden" if hidden else "tui.status.marked"
            spans.append(("  " + say(key, count=len(listing.marks), hidden=hidden), "warning"))
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

    @property
    def hidden_marks(self) -> int:
        """Return how many marked findings the filter hides."""
        return self.listing.hidden_marks

    def action_do(self, action: str) -> None:
        """Carry an action out; one that is about the finding under the cursor waits for it."""
        if action not in MOVING:
            self.listing.read_current()
        if action == "mark" and self.query_one("#facets", LinePane).has_focus:
            # What ticks a row in the list ticks a value here.
            action = "open"
        super().action_do(action)

    def after_action(self) -> None:
        """Show what an action changed."""
        self.refill()

    def _show_detail(self, again: bool = False) -> None:
        if self.is_mounted:
            pane = self.query_one("#detail", FindingPane)
            if pane.display and (self.current is not None or not len(self.listing.pages)):
                pane.show(self.current, again=again)

    @on(LineTable.Moved)
    def _moved(self, message: LineTable.Moved) -> None:
        self.listing.move_to(message.index)
        self._show_detail()
        self.show_bars()

    @on(LineTable.Chosen)
    def _opened(self, _message: LineTable.Chosen) -> None:
        row = self.listing.read_current()
        if row is not None:
            self.office_app.open_finding(row)

    @on(LineTable.HeaderClicked)
    def _sorted(self, message: LineTable.HeaderClicked) -> None:
        if message.key in SORT_OF:
            self.listing.sort_by(SORT_OF[message.key])

    @on(LinePane.Chosen, "#facets")
    def _picked(self, message: LinePane.Chosen) -> None:
        if isinstance(message.target, FacetTarget):
            self.listing.toggle_facet(message.target.facet, message.target.value)

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

    def do_sort(self) -> None:
        """Order by the next column."""
        place = SORT_ORDER.index(self.listing.sort) if self.listing.sort in SORT_ORDER else -1
        self.listing.sort_by(SORT_ORDER[(place + 1) % len(SORT_ORDER)])

    def do_reverse(self) -> None:
        """Order the other way round."""
        self.listing.sort_by(self.listing.sort)

    def do_view(self, number: int) -> None:
        """Show a saved view."""
        view = self.office_app.views.get(number)
        if view is not None:
            self.listing.show(view)

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
        self.read_numbers(self.listing.wanted)

    @work(thread=True, exclusive=True, group="mark", exit_on_error=False)
    def read_numbers(self, wanted: FindingFilter) -> None:
        """Read which findings fit where nobody waits for it."""
        self.office_app.later(self._mark, tuple(self.listing.source.numbers(wanted)))

    def _mark(self, numbers: tuple[int, ...]) -> None:
        """Mark findings."""
        before = self.listing.marks.numbers()
        self.listing.marks.add(numbers)
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
        self.app.push_screen(ViewForm(self.office_app, self.done))

    def show_filter(self, typed: str, facets: Mapping[str, Sequence[str]]) -> None:
        """Ask for something else, as other screens do when they lead here."""
        self.query_one("#filter", Input).value = typed
        self.listing.narrow(typed, facets)
