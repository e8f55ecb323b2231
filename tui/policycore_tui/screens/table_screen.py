"""A screen with a table, a page about the row under the cursor, and a line for words that narrow the table."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Generic, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.timer import Timer
from textual.widgets import Input
from textual.worker import get_current_worker
from typing_extensions import override

from policycore.errors import PolicycoreError
from policycore.language import say
from policycore.text.fold import fold
from policycore_tui.pages.lines import Line, one, paragraph
from policycore_tui.screens.boxes import Picking
from policycore_tui.screens.section import Section
from policycore_tui.state.settings import read_settings
from policycore_tui.widgets.line_pane import LinePane
from policycore_tui.widgets.line_table import Column, LineTable
from policycore_tui.widgets.words import TypedLine

__all__ = ["AT_ONCE", "FilteredScreen", "TableScreen"]

Row = TypeVar("Row")

_TYPING_PAUSE = 0.15
"""Seconds after the last key before the list is narrowed."""
AT_ONCE = 3000
"""Rows that are arranged between two keys; more are arranged in a thread."""


class FilteredScreen(Section):
    """A table, a page beside or below it, and a line that is typed into."""

    typing_pause: Timer | None = None

    @override
    def body(self) -> ComposeResult:
        with Horizontal(id="main"):
            yield from self.beside()
            with Container(id="split"):
                yield LineTable(self.row_at, self.is_marked, id="table")
                yield self.pane()
        yield TypedLine(id="filter", classes="hidden", select_on_focus=False, compact=True)

    def beside(self) -> Iterator[LinePane]:
        """Yield what stands to the left of the table."""
        yield from ()

    @abstractmethod
    def pane(self) -> LinePane:
        """Return the page about the row under the cursor."""

    @abstractmethod
    def row_at(self, index: int) -> Any:
        """Return one row of the table, None as long as it was not read."""

    def is_marked(self, row: Any) -> bool:  # noqa: ARG002 - screens without marks mark nothing
        """Return whether a row is marked."""
        return False

    @property
    def table(self) -> LineTable:
        """Return the table."""
        return self.query_one("#table", LineTable)

    @property
    def page_pane(self) -> LinePane:
        """Return the page about the row under the cursor."""
        return self.query_one("#detail", LinePane)

    @property
    @abstractmethod
    def typed_now(self) -> str:
        """Return what narrows the table."""

    @abstractmethod
    def narrow_to(self, typed: str) -> None:
        """Narrow the table to what was typed."""

    def count_spans(self, count: str, filter_line: str) -> list[tuple[str, str]]:
        """Return n of m and the active filter for the status line: always visible."""
        line = say("tui.status.filter", filter=filter_line or say("tui.status.no-filter"))
        return [(f" {count}", "title"), (f"  {line}", "info" if filter_line else "muted")]

    # Columns: order, sideways, choice.

    @abstractmethod
    def sort_by(self, key: str) -> None:
        """Order by a column; asked again, the other way round."""

    def carrier(self, action: str) -> Callable[[], object]:
        """Return what carries an action out; Shift with a number orders by the column in that place."""
        if not action.startswith("sort_"):
            return super().carrier(action)
        movable = [column for column in self.table.columns_shown() if not column.fixed]
        place = int(action[-1]) - 1
        return partial(self.sort_by, movable[place].key) if place < len(movable) else lambda: None

    @on(LineTable.HeaderClicked)
    def _title_clicked(self, message: LineTable.HeaderClicked) -> None:
        self.sort_by(message.key)

    def do_right(self) -> None:
        """Scroll one column on."""
        self.table.scroll_sideways(1)

    def do_left(self) -> None:
        """Scroll one column back."""
        self.table.scroll_sideways(-1)

    def on_mount(self) -> None:
        """Take the columns that the person chose."""
        self.table.chosen = read_settings("columns.json").get(self.where, {})

    def do_columns(self) -> None:
        """Let the person choose columns, and remember them."""
        self.host.push_screen(Picking(say("tui.key.columns"), self._column_lines, self._choose_column))

    def _column_lines(self, _width: int) -> Sequence[Line]:
        shown = {column.key for column in self.table.columns_shown()}
        movable = {column.key: column.title for column in self.table.columns if not column.fixed}
        return [
            *(one(f"[{'x' if key in shown else ' '}] {title}", target=key) for key, title in movable.items()),
            one(say("tui.columns.usual"), target=""),
        ]

    def _choose_column(self, key: str) -> None:
        """Show a column that is not shown, and the other way round; '' leaves all of them to the width again."""
        shown = {column.key for column in self.table.columns_shown()}
        self.table.chosen = {**self.table.chosen, key: key not in shown} if key else {}
        self.table.redraw()
        self.host.remember("columns.json", {self.where: dict(self.table.chosen)})

    def do_filter(self) -> None:
        """Begin to type."""
        line = self.query_one("#filter", Input)
        self.remove_class("page-on")
        line.remove_class("hidden")
        line.value = self.typed_now
        line.focus()
        line.cursor_position = len(line.value)

    @on(Input.Changed, "#filter")
    def _typed(self, message: Input.Changed) -> None:
        if self.typing_pause is not None:
            self.typing_pause.stop()
        self.typing_pause = self.set_timer(_TYPING_PAUSE, lambda: self._apply(message.value))

    def _apply(self, typed: str) -> None:
        if self.typing_pause is not None:
            self.typing_pause.stop()
        if typed.strip() != self.typed_now.strip():
            self.narrow_to(typed)

    @on(Input.Submitted, "#filter")
    def leave_filter(self) -> None:
        """Narrow the table to what was typed and go back to it."""
        line = self.query_one("#filter", Input)
        self._apply(line.value)
        line.add_class("hidden")
        self.table.focus()

    def do_back(self) -> None:
        """Leave the filter line or the page; else the screen below."""
        if isinstance(self.focused, Input):
            self.leave_filter()
        elif self.focused is not self.table:
            self.remove_class("page-on")
            self.table.focus()
        else:
            self.host.do_back()


class TableScreen(FilteredScreen, Generic[Row]):
    """Rows held in memory; subclasses say what they are and what the page about one says."""

    def __init__(self) -> None:
        super().__init__()
        self.everything: Sequence[Row] = ()
        self.rows: Sequence[Row] = ()
        self.typed = ""
        self.order: tuple[str, bool] | None = None
        """The column that the rows are ordered by, and whether the other way round; None for their usual order."""

    # What subclasses say.

    @abstractmethod
    def load(self) -> Sequence[Row]:
        """Return every row; called in a thread, so that it touches no widget."""

    @abstractmethod
    def columns(self) -> list[Column]:
        """Return the columns in the language in force."""

    @abstractmethod
    def page(self, row: Row, width: int) -> Sequence[Line]:
        """Return the page about one row."""

    @abstractmethod
    def open_row(self, row: Row) -> None:
        """Go where Enter on a row leads."""

    def follow(self, target: Any) -> None:
        """Go where a line of the page leads."""

    def empty_words(self) -> str:
        """Return what stands in a table without rows."""
        return self.host.nothing_words()

    # The rest is the same for all.

    @override
    def pane(self) -> LinePane:
        return LinePane(self._page, id="detail")

    @override
    def row_at(self, index: int) -> Row | None:
        return self.rows[index] if index < len(self.rows) else None

    @property
    def row(self) -> Row | None:
        """Return the row under the cursor."""
        return self.row_at(self.table.cursor)

    @property
    @override
    def typed_now(self) -> str:
        return self.typed

    @override
    def refill(self) -> None:
        self._title_columns()
        self.table.empty_text = say("tui.list.reading")
        self.query_one("#filter", Input).placeholder = say("tui.filter.words")
        self.table.redraw()
        self._read()

    @work(thread=True, exclusive=True, group="load", exit_on_error=False)
    def _read(self) -> None:
        """Load everything where nobody waits for it."""
        worker = get_current_worker()
        rows: Sequence[Row] = ()
        try:
            rows = self.load()
        except PolicycoreError as error:
            self.host.later(self.host.tell_error, error)
        if not worker.is_cancelled:
            self.host.later(self._loaded, rows)

    def _loaded(self, rows: Sequence[Row]) -> None:
        if self.is_mounted:
            self.everything = rows
            self._title_columns()
            self.table.empty_text = self.empty_words()
            self._show_rows(self.table.cursor)

    def _title_columns(self) -> None:
        """Lay the columns out; the one that the rows are ordered by bears a sign."""
        key, descending = self.order or ("", False)
        self.table.columns = [
            replace(column, title=f"{column.title} {'v' if descending else '^'}") if column.key == key else column
            for column in self.columns()
        ]

    @override
    def narrow_to(self, typed: str) -> None:
        self.typed = typed.strip()
        self._show_rows(0)

    @override
    def sort_by(self, key: str) -> None:
        self._order_by((key, self.order == (key, False)))

    def do_sort(self) -> None:
        """Order by the next column; after the last one as usual again."""
        keys = ["", *(column.key for column in self.table.columns_shown()), ""]
        following = keys[keys.index(self.order[0] if self.order else "") + 1]
        self._order_by((following, False) if following else None)

    def do_reverse(self) -> None:
        """Order the other way round."""
        if self.order is not None:
            self.sort_by(self.order[0])

    def _order_by(self, order: tuple[str, bool] | None) -> None:
        self.order = order
        self._title_columns()
        self._show_rows(0)

    def _show_rows(self, cursor: int) -> None:
        """Show the rows that hold all the typed words, and none of those with ``!``, in the order in force."""
        if len(self.everything) > AT_ONCE:
            self._arrange_apart(cursor)
        else:
            self._arranged(self._arrange(), cursor)

    @work(thread=True, exclusive=True, group="arrange", exit_on_error=False)
    def _arrange_apart(self, cursor: int) -> None:
        """Arrange many rows where nobody waits for it."""
        worker, rows = get_current_worker(), self._arrange()
        if not worker.is_cancelled:
            self.host.later(self._arranged, rows, cursor)

    def _arrange(self) -> Sequence[Row]:
        """Return the rows that fit, in order; what a row does not have comes last, whichever way round."""
        words = [fold(word).lower() for word in self.typed.split()]
        rows = [row for row in self.everything if self._holds(row, words)] if words else self.everything
        column = next((one for one in self.table.columns if self.order and one.key == self.order[0]), None)
        if column is None or self.order is None:
            return rows
        keyed = [(_sortable(column.shown(row)[0]), place) for place, row in enumerate(rows)]
        there = sorted((one for one in keyed if one[0]), reverse=self.order[1])
        return [rows[place] for _, place in (*there, *(one for one in keyed if not one[0]))]

    def _arranged(self, rows: Sequence[Row], cursor: int) -> None:
        """Show rows that were arranged."""
        if self.is_mounted:
            self.rows = rows
            self.table.show(len(rows), cursor)
            self.page_pane.rebuild(top=True)
            self.show_bars()

    def _holds(self, row: Row, words: Sequence[str]) -> bool:
        text = fold(" ".join(column.shown(row)[0] for column in self.table.columns)).lower()
        return all((word[1:] not in text) if word.startswith("!") and word[1:] else word in text for word in words)

    def _page(self, width: int) -> Sequence[Line]:
        row = self.row
        try:
            return () if row is None else self.page(row, width)
        except PolicycoreError as error:
            return paragraph(str(error), width, "error")

    @override
    def status_spans(self) -> list[tuple[str, str]]:
        count = say("tui.status.count", shown=len(self.rows), total=len(self.everything))
        title = next((one.title for one in self.table.columns if self.order and one.key == self.order[0]), "")
        order = [("  " + say("tui.status.sort", sort=title), "muted")] if title else []
        return [*self.count_spans(count, self.typed), *order]

    @on(LineTable.Moved)
    def _moved(self) -> None:
        self.page_pane.rebuild(top=True)
        self.show_bars()

    @on(LineTable.Chosen)
    def _opened(self) -> None:
        if self.row is not None:
            self.turn_page(shown=True) if self.narrow else self.open_row(self.row)

    def turn_page(self, *, shown: bool) -> None:
        """Show the page in the place of the table, or the table again: a narrow screen has room for one."""
        self.set_class(shown, "page-on")
        (self.page_pane if shown else self.table).focus()
        if shown:
            self.call_after_refresh(self.page_pane.rebuild, top=True)

    def do_open(self) -> None:
        """Follow what is under the cursor; on the page of a narrow screen also what the row itself leads to."""
        if self.narrow and self.page_pane.has_focus and self.page_pane.target is None and self.row is not None:
            self.open_row(self.row)
        else:
            super().do_open()

    def do_next_pane(self) -> None:
        """Put the focus on the next part; on a narrow screen that is what stands in the place of the other."""
        if self.narrow:
            self.turn_page(shown=not self.has_class("page-on"))
        else:
            super().do_next_pane()

    @on(LinePane.Chosen)
    def _followed(self, message: LinePane.Chosen) -> None:
        self.follow(message.target)


def _sortable(text: str) -> tuple[float, str] | None:
    """Return what a cell is ordered by, numbers as numbers; None for one without content."""
    word = text.strip("*! ")
    return None if word in ("", "-") else (float(word), "") if word.isdecimal() else (float("inf"), word)
