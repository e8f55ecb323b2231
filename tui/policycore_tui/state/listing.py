"""The list of findings as it stands: filter, facets, order, cursor, marks; no widget knows more."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from policycore.store.query import FindingFilter, FindingRow
from policycore.store.typed_filter import SETTLED, described, parse
from policycore_tui.state.findings import FindingsRepository
from policycore_tui.state.row_pages import PAGE, RowPages
from policycore_tui.state.settings import View

__all__ = ["FACET_ORDER", "SORT_ORDER", "Answer", "Listing", "Question"]

FACET_ORDER = ("severity", "verdict", "state", "clause", "rule", "department", "platform", "responsible")
SORT_ORDER = ("severity", "group", "message", "state", "responsible", "due", "rule", "department", "since")
"""Orders that the sort key goes through: the columns from left to right."""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What the store is asked, and where the cursor is to be; one question is no other one."""

    wanted: FindingFilter
    view: View
    cursor: int
    kept: FindingRow | None
    """The finding that the cursor stays on, None to stay at the row."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the store said: how many there are, those that fit, the cursor's row."""

    question: Question
    total: int
    pages: RowPages[FindingRow]
    cursor: int
    hidden: frozenset[int] = frozenset()
    """The marked findings that do not fit."""


class Listing:
    """The state of one list of findings.

    What changes the filter or the order calls `ask`. As it is made it reads the store at once; a screen
    puts something else there that asks in a thread: `question` says what, `answer` reads, `take` shows.
    """

    def __init__(self, source: FindingsRepository, zone: ZoneInfo) -> None:
        self.source = source
        self.zone = zone
        self.view = View()
        """What is asked for."""
        self.cursor = 0
        self.marks: frozenset[int] = frozenset()
        """The numbers of the marked findings, across filters and pages."""
        self.anchor: int | None = None
        """The row where a range of marks begins."""
        self.hidden: frozenset[int] = frozenset()
        """The marked findings that the filter hid when that was asked last."""
        self.total = 0
        self.pages: RowPages[FindingRow] = RowPages(0, lambda _offset, _limit: ())
        self.asked: Question | None = None
        """What was asked last and not answered yet."""
        self._top = False
        self.ask: Callable[[], None] = self.refresh
        self._understood: tuple[View, tuple[FindingFilter, tuple[str, ...]]] | None = None

    @property
    def wanted(self) -> FindingFilter:
        """Return the filter in force."""
        return self._parsed()[0]

    @property
    def faults(self) -> tuple[str, ...]:
        """Return what of the filter nobody knows, which does not count."""
        return self._parsed()[1]

    def _parsed(self) -> tuple[FindingFilter, tuple[str, ...]]:
        """Return what the filter means; its words are looked up once."""
        if self._understood is None or self._understood[0] is not self.view:
            read = parse(self.view.typed, facets=self.view.facets, zone=self.zone, known=self.source.known)
            self._understood = self.view, read
        return self._understood[1]

    @property
    def filter_line(self) -> str:
        """Return the filter in force as it could be typed; empty when there is none."""
        return described(self.view.typed, self.view.facets)

    @property
    def current(self) -> FindingRow | None:
        """Return the finding under the cursor; None also as long as its page was not read."""
        return self.pages.held(self.cursor)

    def read_current(self) -> FindingRow | None:
        """Return the finding under the cursor, read now if need be: an action must not miss it."""
        return self.pages.row(self.cursor)

    def refresh(self) -> None:
        """Count and page anew, here and now; the cursor stays on its finding where that is still listed nearby."""
        answer = self.answer(self.question())
        if answer is not None:
            self.take(answer)

    def question(self) -> Question:
        """Return what to ask the store now; an earlier question is thereby given up."""
        self._understood = None  # another run may know other words
        cursor, kept = (0, None) if self._top else (self.cursor, self.current)
        self.asked = Question(self.wanted, self.view, cursor, kept)
        return self.asked

    def answer(self, question: Question, given_up: Callable[[], bool] = lambda: False) -> Answer | None:
        """Read what was asked, in any thread; None when it was given up on the way."""
        wanted, source, marked = question.wanted, self.source, tuple(self.marks)
        count = source.count(wanted)
        if given_up():
            return None
        pages = RowPages(count, partial(_page, source, question, count))
        pages.row(question.cursor)
        if given_up():
            return None
        cursor = _place_of(question.kept, question.cursor, pages, given_up)
        hidden = frozenset(marked).difference(source.fitting(wanted, marked) if marked else ())
        if given_up():
            return None
        return Answer(question, source.count(FindingFilter(active=wanted.active)), pages, cursor, hidden)

    def take(self, answer: Answer) -> bool:
        """Show an answer; False when something else has been asked since."""
        if answer.question is not self.asked:
            return False
        self.asked, self._top = None, False
        self.total, self.pages, self.cursor = answer.total, answer.pages, answer.cursor
        self.hidden = answer.hidden
        return True

    def move_to(self, index: int) -> None:
        """Put the cursor on a row that exists."""
        self.cursor = max(0, min(index, len(self.pages) - 1))

    def show(self, view: View) -> None:
        """Ask for something else altogether, as saved views and other screens do, and begin at the top."""
        self.view, self._top = view, True
        self.ask()

    def narrow(self, **changes: Any) -> None:
        """Change parts of what is asked for, and begin at the top."""
        self.show(replace(self.view, **changes))

    def toggle_facet(self, facet: str, value: str) -> None:
        """Pick a value of a facet, or let it go, and begin at the top."""
        picked = self.view.facets.get(facet, ())
        changed = tuple(one for one in picked if one != value) if value in picked else (*picked, value)
        facets = {**self.view.facets, facet: changed}
        self.narrow(facets={name: values for name, values in facets.items() if values})

    def clear(self) -> None:
        """Ask for everything again; the cursor stays on its finding."""
        self.view = replace(self.view, typed="", facets={})
        self.ask()

    def sort_by(self, sort: str) -> None:
        """Order by `sort`; asked again, the other way round."""
        descending = sort == self.view.sort and not self.view.descending
        self.view = replace(self.view, sort=sort, descending=descending)
        self.ask()

    def toggle_mark(self) -> None:
        """Mark or unmark the finding under the cursor and begin a range there."""
        if self.current is not None:
            self.marks, self.anchor = self.marks ^ {self.current.id}, self.cursor

    def range_to_cursor(self) -> frozenset[int]:
        """Return the findings from where marking began to the cursor, both included."""
        start = self.cursor if self.anchor is None else self.anchor
        rows = self.pages.rows(min(start, self.cursor), max(start, self.cursor) + 1)
        return frozenset(row.id for row in rows)

    def chosen(self) -> tuple[int, ...]:
        """Return what an action is about: the marked findings that the filter shows, else the one under the cursor.

        What a person does not see is not acted on: marks that the filter hides are kept, and `hidden` holds them.
        """
        shown = frozenset(self.source.fitting(self.wanted, tuple(self.marks)) if self.marks else ())
        self.hidden = self.marks - shown
        current = None if shown else self.read_current()
        return (current.id,) if current else tuple(sorted(shown))

    @property
    def hidden_marks(self) -> int:
        """Return how many marked findings the filter hides."""
        return len(self.hidden & self.marks)

    def counts(self, facet: str, wanted: FindingFilter | None = None) -> Mapping[str, int]:
        """Return the counts of a facet's values under all the other conditions.

        Settled states and verdicts are counted too although the list leaves them out: picking one shows them.
        """
        wanted = wanted or self.wanted
        found = dict(self.source.facet(wanted, facet))
        if facet == "verdict":
            found.pop("unknown", None)  # what can't be judged now is a state; what never was is a gap
        if wanted.active and facet in ("state", "verdict"):
            settled = self.source.facet(replace(wanted, active=False), facet)
            found |= {value: count for value, count in settled.items() if value in SETTLED}
        return found


def _page(source: FindingsRepository, question: Question, count: int, offset: int, limit: int) -> Sequence[FindingRow]:
    """Return one page; one in the second half is counted from the end, which a database reaches sooner."""
    sort, descending = question.view.sort, question.view.descending
    if offset <= count // 2:
        return source.page(question.wanted, sort, descending, offset, limit)
    length = min(limit, count - offset)
    return source.page(question.wanted, sort, not descending, count - offset - length, length)[::-1]


def _place_of(kept: FindingRow | None, cursor: int, pages: RowPages[FindingRow], given_up: Callable[[], bool]) -> int:
    """Return the row of a finding looked for within a few pages of the cursor, else a row that exists."""
    if kept is not None:
        near = range(max(0, cursor - 2 * PAGE), min(len(pages), cursor + 2 * PAGE))
        for index in sorted(near, key=lambda index: abs(index - cursor)):
            row = None if given_up() else pages.row(index)
            if row is not None and row.id == kept.id:
                return index
    return min(cursor, max(0, len(pages) - 1))
