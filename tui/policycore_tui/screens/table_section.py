"""A screen with a table of things held in memory, words to narrow it, and a page about one of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar, Generic, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Container, Horizontal
from textual.widgets import Input
from textual.worker import get_current_worker

from policycore.errors import PolicycoreError
from policycore.language import say
from policycore.text.fold import fold
from policycore_tui.screens.section import Section
from policycore_tui.state.lines import Line, paragraph
from policycore_tui.widgets.line_pane import LinePane
from policycore_tui.widgets.line_table import Cells, Column, LineTable
from policycore_tui.widgets.typed_line import TypedLine

__all__ = ["TableSection"]

Row = TypeVar("Row")


class TableSection(Section, Generic[Row]):
    """Show rows; subclasses say what they are and what the page about one says."""

    where: ClassVar[str] = ""

    def __init__(self) -> None:
        super().__init__()
        self.everything: Sequence[Row] = ()
        self.rows: Sequence[Row] = ()
        self.typed = ""

    # What subclasses say.

    def load(self) -> Sequence[Row]:
        """Return every row; called in a thread, so that it touches no widget."""
        return ()

    def empty_words(self) -> str:
        """Return what stands in a table without rows."""
        return self.nothing_words()

    def columns(self) -> list[Column]:
        """Return the columns."""
        return []

    def cells(self, row: Row) -> Cells:
        """Return what one row shows."""
        raise NotImplementedError

    def words_of(self, row: Row) -> str:
        """Return the text that typed words are looked for in."""
        return " ".join(text for text, _look in self.cells(row))

    def page(self, row: Row, width: int) -> Sequence[Line]:  # noqa: ARG002 - screens without pages show none
        """Return the page about one row."""
        return ()

    def follow(self, target: Any) -> None:
        """Go where a line of the page leads."""

    def open_row(self, row: Row) -> None:
        """Go where Enter on a row leads."""

    # The rest is the same for all.

    def body(self) -> ComposeResult:
        """Yield table, page and the line for typing."""
        with Horizontal(id="main"), Container(id="split"):
            yield LineTable(self.columns(), self._cells, is_marked=self._marked, id="table")
            yield LinePane(self._page, id="detail")
        yield TypedLine(id="filter", classes="hidden", select_on_focus=False, compact=True)

    @property
    def table(self) -> LineTable:
        """Return the table."""
        return self.query_one("#table", LineTable)

    @property
    def row(self) -> Row | None:
        """Return the row under the cursor."""
        cursor = self.table.cursor
        return self.rows[cursor] if cursor < len(self.rows) else None

    def on_mount(self) -> None:
        """Show the table."""
        self.table.focus()

    def refill(self) -> None:
        """Load everything anew."""
        self.table.columns = self.columns()
        self.table.empty_text = say("tui.list.reading")
        self.query_one("#filter", Input).placeholder = say("tui.filter.words")
        self.table.redraw()
        self.read()
        self.show_bars()

    @work(thread=True, exclusive=True, group="load", exit_on_error=False)
    def read(self) -> None:
        """Load everything where nobody waits for it."""
        worker = get_current_worker()
        try:
            rows = self.load()
        except PolicycoreError as error:
            self.office_app.later(self.office_app.tell_error, error)
            rows = ()
        if not worker.is_cancelled:
            self.office_app.later(self._loaded, rows)

    def _loaded(self, rows: Sequence[Row]) -> None:
        """Show what was loaded."""
        if self.is_mounted:
            self.everything = rows
            self.table.empty_text = self.empty_words()
            self._narrow(self.table.cursor)

    def _narrow(self, cursor: int = 0) -> None:
        """Show the rows that hold all the typed words."""
        words = [fold(word).lower() for word in self.typed.split()]
        self.rows = [row for row in self.everything if self._holds(row, words)] if words else self.everything
        self.table.show(len(self.rows), cursor)
        self.show_page(top=True)
        self.show_bars()

    def _holds(self, row: Row, words: Sequence[str]) -> bool:
        text = fold(self.words_of(row)).lower()
        return all((word[1:] not in text) if word.startswith("!") and word[1:] else word in text for word in words)

    def show_page(self, *, top: bool = False) -> None:
        """Show the page about the row under the cursor."""
        self.query_one("#detail", LinePane).rebuild(top=top)

    def _cells(self, index: int) -> Cells | None:
        return self.cells(self.rows[index]) if index < len(self.rows) else None

    def _marked(self, index: int) -> bool:
        return index < len(self.rows) and self.is_marked(self.rows[index])

    def is_marked(self, row: Row) -> bool:  # noqa: ARG002 - screens without marks mark nothing
        """Return whether a row is marked."""
        return False

    def _page(self, width: int) -> Sequence[Line]:
        row = self.row
        try:
            return () if row is None else self.page(row, width)
        except PolicycoreError as error:
            return paragraph(str(error), width, "error")

    def status_spans(self) -> list[tuple[str, str]]:
        """Return n of m and the active filter."""
        count = say("tui.status.count", shown=len(self.rows), total=len(self.everything))
        line = self.typed or say("tui.status.no-filter")
        return [
            (f" {count}", "title"),
            ("  " + say("tui.status.filter", filter=line), "info" if self.typed else "muted"),
        ]

    @on(LineTable.Moved)
    def _moved(self, _message: LineTable.Moved) -> None:
        self.show_page(top=True)
        self.show_bars()

    @on(LineTable.Chosen)
    def _opened(self, _message: LineTable.Chosen) -> None:
        if self.row is None:
            return
        if self.narrow:
            self.turn_page(shown=True)
        else:
            self.open_row(self.row)

    def turn_page(self, *, shown: bool) -> None:
        """Show the page in the place of the table, or the table again: a narrow screen has room for one."""
        self.set_class(shown, "page-on")
        (self.query_one("#detail", LinePane) if shown else self.table).focus()
        if shown:
            self.call_after_refresh(self.show_page, top=True)

    def do_open(self) -> None:
        """Follow what is under the cursor; on the page of a narrow screen also what the row itself leads to."""
        page = self.query_one("#detail", LinePane)
        if self.narrow and page.has_focus and page.target is None and self.row is not None:
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

    def do_filter(self) -> None:
        """Begin to type."""
        line = self.query_one("#filter", Input)
        self.remove_class("page-on")
        line.remove_class("hidden")
        line.value = self.typed
        line.focus()

    @on(Input.Changed, "#filter")
    def _typed(self, message: Input.Changed) -> None:
        if message.value.strip() != self.typed:
            self.typed = message.value.strip()
            self._narrow()

    @on(Input.Submitted, "#filter")
    def _entered(self, _message: Input.Submitted) -> None:
        self.query_one("#filter", Input).add_class("hidden")
        self.table.focus()

    def do_back(self) -> None:
        """Leave the filter line or the page; else the screen below."""
        if self.focused is not self.table:
            self.query_one("#filter", Input).add_class("hidden")
            self.turn_page(shown=False)
        else:
            super().do_back()
