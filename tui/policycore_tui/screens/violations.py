"""The list of violations: facets, a table over any number of rows, the finding beside it or below it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.widgets import Input
from textual.worker import get_current_worker
from typing_extensions import override

from policycore.language import say, say_both
from policycore.store.lives.life_cycle import ACTIVE
from policycore.store.query import FindingFilter, FindingRow
from policycore.store.typed_filter import SETTLED
from policycore_tui.pages.facets import FacetTarget, facet_lines
from policycore_tui.pages.words import (
    LOOK_OF,
    acts_word,
    date_word,
    due_word,
    place_word,
    problem_word,
    verdict_parts,
    who_word,
)
from policycore_tui.screens.detail import FindingPane
from policycore_tui.screens.finding_actions import FindingActions
from policycore_tui.screens.forms import view_form
from policycore_tui.screens.section import MOVES
from policycore_tui.screens.table_screen import FilteredScreen
from policycore_tui.state.actions import Done
from policycore_tui.state.listing import FACET_ORDER, SORT_ORDER, Answer, Listing, Question
from policycore_tui.state.row_pages import PAGE, RowPages
from policycore_tui.widgets.line_pane import LinePane
from policycore_tui.widgets.line_table import Column, LineTable

__all__ = ["ViolationsScreen"]

_ACTS_FROM = 96
"""Cells from which on there is a column for what was done; below it stands in the place of the verdict."""


class ViolationsScreen(FindingActions, FilteredScreen):
    """What fits the filter, and the finding under the cursor."""

    where: ClassVar[str] = "violations"
    shows_acts: ClassVar[bool] = True

    def __init__(self) -> None:
        super().__init__()
        self._counts: Mapping[str, Mapping[str, int]] = {}
        self._again = False
        self._needed: tuple[RowPages[FindingRow], int] | None = None
        self.listing.ask = self.ask

    @property
    def listing(self) -> Listing:
        """Return the list as it stands."""
        return self.host.listing

    @override
    def beside(self) -> Iterator[LinePane]:
        yield LinePane(
            lambda width: facet_lines(self._counts, self.listing.view.facets, width, self.host.rulesets.titles()),
            id="facets",
        )

    @override
    def pane(self) -> LinePane:
        return FindingPane(self.host)

    # Reading, in threads.

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
        self.host.later(self._answered, answer)
        counts: dict[str, Mapping[str, int]] = {}
        for facet in FACET_ORDER:
            if worker.is_cancelled:
                return
            counts[facet] = listing.counts(facet, question.wanted)
        self.host.later(self._show_facets, question.wanted, counts)

    def _answered(self, answer: Answer) -> None:
        """Show the list unless something else has been asked meanwhile."""
        if not self.is_mounted or not self.listing.take(answer):
            return
        self.table.empty_text = self.host.no_finding_words()
        self.table.columns = self.columns()
        self.table.show(len(self.listing.pages), self.listing.cursor)
        self.call_after_refresh(self._show_detail, self._again)
        self._again = False
        self.show_bars()

    def _show_facets(self, wanted: FindingFilter, counts: Mapping[str, Mapping[str, int]]) -> None:
        """Show the counts unless the filter is another one by now."""
        if self.is_mounted and wanted == self.listing.wanted:
            self._counts = counts
            self.query_one("#facets", LinePane).rebuild()
            self.table.redraw()

    def row_at(self, index: int) -> FindingRow | None:
        """Return one row; None as long as its page is being read."""
        pages = self.listing.pages
        row = pages.held(index)
        if row is None and index < len(pages) and not pages.is_held(index):
            self.call_later(self.need, index)
        return row

    def need(self, index: int) -> None:
        """Have the page of a row read, unless that is on its way."""
        page = (self.listing.pages, index // PAGE)
        if page != self._needed and not self.listing.pages.is_held(index):
            self._needed = page
            self.read_page(self.listing.pages, index)

    @work(thread=True, exclusive=True, group="page", exit_on_error=False)
    def read_page(self, pages: RowPages[FindingRow], index: int) -> None:
        """Read one page; who scrolls on has given it up."""
        worker = get_current_worker()
        if not worker.is_cancelled:
            self.host.later(self._page_read, pages, index, pages.fetched(index))

    def _page_read(self, pages: RowPages[FindingRow], index: int, page: Sequence[FindingRow]) -> None:
        pages.hold(index, page)
        if self._needed == (pages, index // PAGE):
            self._needed = None
        if self.is_mounted and pages is self.listing.pages:
            self.table.redraw()
            self._show_detail()
            self.show_bars()

    # What stands on the screen.

    def columns(self) -> list[Column]:
        """Return the columns in the language in force; the one that the list is ordered by bears a sign."""
        host, view = self.host, self.listing.view
        titles = {key: say(f"tui.column.{key}") for key in SORT_ORDER}
        titles["severity"] = say("tui.facet.verdict")
        signed = {"oldest": "since"}.get(view.sort, view.sort)
        sign = "v" if view.descending else "^"
        if signed != "severity":
            titles[signed], sign = f"{titles[signed]} {sign}", ""
        as_of = host.as_of
        return [
            Column("mark", " ", 1, lambda row: "*" if self.is_marked(row) else " ", fixed=True),
            Column("severity", sign, 2, _glyph, fixed=True),
            Column("severity", titles["severity"], 8, self._judged),
            Column("group", titles["group"], 0, place_word, share=2, most=24),
            Column("message", titles["message"], 0, problem_word, share=3),
            Column("state", titles["state"], 8, self._acts, from_width=_ACTS_FROM, until_width=110),
            Column("state", titles["state"], 14, self._acts, from_width=110),
            Column("responsible", titles["responsible"], 8, lambda row: who_word(row) or "-", from_width=70),
            Column(
                "due",
                titles["due"],
                6,
                lambda row: due_word(row.due if row.state in ACTIVE else None, as_of, host.zone),
                from_width=56,
            ),
            Column("rule", titles["rule"], 7, lambda row: (row.rule, "muted"), from_width=130),
            Column("department", titles["department"], 14, lambda row: (row.department or "-", "muted"), 150),
            Column("since", titles["since"], 10, lambda row: (date_word(row.first_seen, host.zone), "muted"), 155),
        ]

    def _judged(self, row: FindingRow) -> tuple[str, str]:
        """Return the verdict in a word; where there is no column for it, what was done about it in their place."""
        word = verdict_parts(row.verdict, row.severity)[1]
        did = acts_word(row, news=False) if self.table.size.width < _ACTS_FROM else ""
        return did or word, LOOK_OF.get(row.severity, "")

    def _acts(self, row: FindingRow) -> tuple[str, str]:
        """Return what was done and what is new; a state that every row has says nothing."""
        told = sum(state not in SETTLED for state in self._counts.get("state", ())) > 1 or row.state in SETTLED
        return acts_word(row, news=told), "marked" if row.acts.filed else ""

    @override
    def is_marked(self, row: FindingRow) -> bool:
        return row.id in self.listing.marks

    def status_spans(self) -> list[tuple[str, str]]:
        """Return n of m, the active filter, the order and the marks: always visible."""
        listing = self.listing
        shown, marked, hidden = listing.fitting, len(listing.marks), listing.hidden_marks
        key = "tui.status.count" if listing.asked is None else "tui.status.asking"
        counted, filtered = self.count_spans(
            say(key, shown=shown, total=max(listing.total, shown)), listing.filter_line
        )
        key = "tui.status.marked-hidden" if hidden else "tui.status.marked"
        marks = [("  " + say(key, count=marked, hidden=hidden), "warning")] if marked else []
        lines = len(listing.pages)
        folded = [("  " + say("tui.status.lines", count=lines), "muted")] if lines != shown else []
        order = say(f"tui.sort.{listing.view.sort}") + ("-" if listing.view.descending else "")
        faults = [(f"  {fault}", "warning") for fault in listing.faults]
        return [counted, *folded, *faults, *marks, filtered, ("  " + say("tui.status.sort", sort=order), "muted")]

    def _show_detail(self, again: bool = False) -> None:
        if self.is_mounted:
            pane = self.query_one("#detail", FindingPane)
            if pane.display and (self.current is not None or not len(self.listing.pages)):
                pane.show(self.current, again=again)

    # What is under the cursor.

    @property
    @override
    def current(self) -> FindingRow | None:
        return self.listing.current

    @override
    def chosen_numbers(self) -> tuple[int, ...]:
        return self.listing.chosen()

    @override
    def go_on(self) -> None:
        super().go_on()
        self.table.cursor = self.listing.cursor

    @property
    @override
    def any_marked(self) -> bool:
        return bool(self.listing.marks)

    @property
    @override
    def hidden_marks(self) -> int:
        return self.listing.hidden_marks

    def action_do(self, action: str) -> None:
        """Carry an action out; one that is about the finding under the cursor waits for it."""
        if action not in MOVES:
            self.listing.read_current()
        if action == "mark" and self.query_one("#facets").has_focus:
            # What ticks a row in the list ticks a value here.
            action = "open"
        super().action_do(action)

    @override
    def conditions(self) -> Mapping[str, Callable[[], object]]:
        return {
            **super().conditions(),
            "filtered": lambda: self.listing.filter_line,
            "marked": lambda: self.listing.marks,
            **{f"view_{number}": partial(self.host.views.get, number) for number in range(1, 10)},
        }

    @on(LineTable.Moved)
    def _moved(self, message: LineTable.Moved) -> None:
        self.listing.move_to(message.index)
        self._show_detail()
        self.show_bars()

    @on(LineTable.Chosen)
    def _opened(self) -> None:
        if not self.listing.unfold():
            self.host.open_finding(self.listing.read_current())

    @override
    def do_right(self) -> None:
        """Open what is folded; else scroll one column on."""
        if not self.listing.unfold():
            super().do_right()

    @override
    def do_left(self) -> None:
        """Scroll one column back; where there is none, fold what was opened."""
        if not self.table.scroll_sideways(-1):
            self.listing.fold()

    def do_fold(self) -> None:
        """Fold what is alike into one line, or none of it."""
        self.listing.folds, self.listing.opened = not self.listing.folds, {}
        self.ask()

    @override
    def sort_by(self, key: str) -> None:
        if key in SORT_ORDER:
            self.listing.sort_by(key)

    @on(LinePane.Chosen)
    def _picked(self, message: LinePane.Chosen) -> None:
        if isinstance(message.target, FacetTarget):
            self.listing.toggle_facet(message.target.facet, message.target.value)

    # Filter, facets, order, views.

    @property
    @override
    def typed_now(self) -> str:
        return self.listing.view.typed

    @override
    def narrow_to(self, typed: str) -> None:
        self.listing.narrow(typed=typed)

    def do_facets(self) -> None:
        """Show the facets and put the focus on them; again: put them away."""
        shown = not self.has_class("facets-on")
        self.set_class(shown, "facets-on")
        pane = self.query_one("#facets", LinePane)
        self.call_after_refresh(pane.rebuild)
        (pane if shown else self.table).focus()

    def on_resize(self) -> None:
        """Put facets away that nobody uses where they would take the list's place."""
        if self.host.size.width < self.HORIZONTAL_BREAKPOINTS[1][0] and not self.query_one("#facets").has_focus:
            self.remove_class("facets-on")

    def do_back(self) -> None:
        """Put the facets away; else leave the filter line, the page, the screen."""
        if self.has_class("facets-on"):
            self.do_facets()
        else:
            super().do_back()

    def do_clear(self) -> None:
        """Ask for everything again."""
        self.listing.clear()
        self.query_one("#filter", Input).value = ""

    def do_sort(self) -> None:
        """Order by the next column."""
        sort = self.listing.view.sort
        place = SORT_ORDER.index(sort) if sort in SORT_ORDER else -1
        self.listing.sort_by(SORT_ORDER[(place + 1) % len(SORT_ORDER)])

    def do_reverse(self) -> None:
        """Order the other way round."""
        self.listing.sort_by(self.listing.view.sort)

    def carrier(self, action: str) -> Callable[[], object]:
        """Return what carries an action out; a number key shows the view that is kept under it."""
        view = self.host.views.get(int(action[-1])) if action.startswith("view_") else None
        return super().carrier(action) if view is None else partial(self.listing.show, view)

    def do_save_view(self) -> None:
        """Ask for a number key and a name, and keep filter and order under it."""
        self.host.push_screen(view_form(self.host))

    # Marks.

    def do_mark(self) -> None:
        """Mark or unmark and go on."""
        self.listing.toggle_mark()
        self.table.redraw()
        self.table.move(1)

    def do_mark_range(self) -> None:
        """Mark from where marking began to here."""
        self._mark(self.listing.marks | self.listing.range_to_cursor())

    @work(thread=True, exclusive=True, group="mark", exit_on_error=False)
    def do_mark_all(self) -> None:
        """Mark all that fit the filter; they are read where nobody waits for them."""
        numbers = self.listing.source.numbers(self.listing.wanted)
        self.host.later(lambda: self._mark(self.listing.marks.union(numbers)))

    def do_unmark(self) -> None:
        """Unmark everything."""
        self.listing.anchor = None
        self._mark(frozenset())

    def _mark(self, marks: frozenset[int]) -> None:
        """Mark exactly these findings, say how many more that are, and let undo bring back what was."""
        listing, before = self.listing, self.listing.marks
        added = len(marks) - len(before)
        listing.marks = marks
        self.table.redraw()
        what = say_both("tui.done.mark", count=added)
        self.host.undo_stack.append(Done(what, lambda: setattr(listing, "marks", before)))
        self.host.tell(say("tui.marked", added=added, count=len(marks)))
        self.show_bars()


def _glyph(row: FindingRow) -> tuple[str, str]:
    return verdict_parts(row.verdict, row.severity)[0], LOOK_OF.get(row.severity, "")
