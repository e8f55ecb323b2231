"""A screen with a table, a page about the row under the cursor, and a line for words that narrow the table."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
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
from policycore_tui.pages.lines import Line, paragraph
from policycore_tui.screens.section import Section
from policycore_tui.widgets.line_pane import LinePane
from policycore_tui.widgets.line_table import Column, LineTable
from policycore_tui.widgets.words import TypedLine

__all__ = ["FilteredScreen", "TableScreen"]

Row = TypeVar("Row")

_TYPING_PAUSE = 0.15
"""Seconds after the last key before the list is narrowed."""


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
        self.table.columns = self.columns()
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
            self.table.empty_text = self.empty_words()
            self._show_rows(self.table.cursor)

    @override
    def narrow_to(self, typed: str) -> None:
        self.typed = typed.strip()
        self._show_rows(0)

    def _show_rows(self, cursor: int) -> None:
        """Show the rows that hold all the typed words, and none of those with ``!``."""
        words = [fold(word).lower() for word in self.typed.split()]
        self.rows = [row for row in self.everything if self._holds(row, words)] if words else self.everything
        self.table.show(len(self.rows), cursor)
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
        return self.count_spans(count, self.typed)

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
