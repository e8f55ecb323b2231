"""Hold the list of violations as it stands: filter, facets, order, cursor, marks; no widget knows more."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from functools import partial
from typing import Protocol

from policycore.store.query import FindingFilter, FindingRow
from policycore_tui.state.filter_language import SETTLED, described, parse
from policycore_tui.state.marks import Marks
from policycore_tui.state.pages import PAGE, Pages
from policycore_tui.state.views import View

__all__ = ["FACET_ORDER", "SORT_ORDER", "Answer", "FindingSource", "Listing", "Question"]

FACET_ORDER = ("severity", "verdict", "state", "clause", "rule", "department", "platform", "responsible")
SORT_ORDER = ("severity", "rule", "subject", "message", "department", "responsible", "since", "state", "due")
"""Orders that the sort key goes through: the columns from left to right, then the date by which something is due."""


class FindingSource(Protocol):
    """Be where findings are read from: the store, or a list in a test."""

    def count(self, wanted: FindingFilter) -> int:
        """Return how many findings fit."""
        ...

    def page(self, wanted: FindingFilter, sort: str, descending: bool, offset: int, limit: int) -> Sequence[FindingRow]:
        """Return one page of the findings that fit."""
        ...

    def numbers(self, wanted: FindingFilter) -> Iterable[int]:
        """Return the numbers of all the findings that fit."""
        ...

    def fitting(self, wanted: FindingFilter, among: Sequence[int]) -> Iterable[int]:
        """Return those of `among` that fit."""
        ...

    def facet(self, wanted: FindingFilter, facet: str) -> Mapping[str, int]:
        """Return how many findings each value of a facet would give."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """Hold what the store is asked, and where the cursor is to be; one question is no other one."""

    wanted: FindingFilter
    sort: str
    descending: bool
    cursor: int
    kept: FindingRow | None
    """The finding that the cursor stays on, None to stay at the row."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Hold what the store said: how many there are, those that fit, the cursor's row."""

    question: Question
    total: int
    pages: Pages[FindingRow]
    cursor: int
    hidden: frozenset[int] = frozenset()
    """The marked findings that do not fit."""


class Listing:
    """Be the state of one list of findings.

    What changes the filter or the order calls `ask`. As it is made it reads the store at once; a screen
    puts something else there that asks in a thread: `question` says what, `answer` reads, `take` shows.
    """

    def __init__(self, source: FindingSource, zone: tzinfo = UTC) -> None:
        self.source = source
        self.zone = zone
        self.typed = ""
        self.facets: dict[str, tuple[str, ...]] = {}
        self.sort = "severity"
        self.descending = False
        self.cursor = 0
        self.marks = Marks()
        self.hidden: frozenset[int] = frozenset()
        """The marked findings that the filter hid when that was asked last."""
        self.total = 0
        self.pages: Pages[FindingRow] = Pages(0, lambda _offset, _limit: ())
        self.asked: Question | None = None
        """What was asked last and not answered yet."""
        self._top = False
        self.ask: Callable[[], None] = self.refresh

    @property
    def wanted(self) -> FindingFilter:
        """Return the filter in force."""
        return parse(self.typed, facets=self.facets, zone=self.zone)

    @property
    def filter_line(self) -> str:
        """Return the filter in force as it could be typed; empty when there is none."""
        return described(self.typed, self.facets)

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
        cursor, kept = (0, None) if self._top else (self.cursor, self.current)
        self.asked = Question(self.wanted, self.sort, self.descending, cursor, kept)
        return self.asked

    def answer(self, question: Question, given_up: Callable[[], bool] = lambda: False) -> Answer | None:
        """Read what was asked, in any thread; None when it was given up on the way."""
        wanted, source = question.wanted, self.source
        count = source.count(wanted)
        if given_up():
            return None
        pages = Pages(count, partial(_page, source, question, count))
        pages.row(question.cursor)
        if given_up():
            return None
        cursor = _place_of(question.kept, question.cursor, pages, given_up)
        marked = self.marks.numbers()
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

    def type(self, typed: str) -> None:
        """Change what is typed and begin at the top."""
        if typed != self.typed:
            self.typed = typed
            self._begin_again()

    def narrow(self, typed: str, facets: Mapping[str, Iterable[str]]) -> None:
        """Ask for something else altogether, as other screens do, and begin at the top."""
        self.typed, self.facets = typed, {name: tuple(values) for name, values in facets.items()}
        self._begin_again()

    def toggle_facet(self, facet: str, value: str) -> None:
        """Pick a value of a facet, or let it go, and begin at the top."""
        picked = list(self.facets.get(facet, ()))
        picked.remove(value) if value in picked else picked.append(value)
        self.facets = {**self.facets, facet: tuple(picked)}
        if not picked:
            del self.facets[facet]
        self._begin_again()

    def clear(self) -> None:
        """Ask for everything again."""
        self.typed, self.facets = "", {}
        self.ask()

    def sort_by(self, sort: str) -> None:
        """Order by `sort`; asked again, the other way round."""
        self.descending = not self.descending if sort == self.sort else False
        self.sort = sort
        self.ask()

    def _begin_again(self) -> None:
        """Ask for something else and begin at the top."""
        self._top = True
        self.ask()

    def mark_range(self, index: int) -> int:
        """Mark from where marking began to `index`; return how many more are marked."""
        rows = self.marks.range_to(index)
        return self.marks.add(row.id for row in self.pages.rows(rows.start, rows.stop))

    def mark_all(self) -> int:
        """Mark everything that fits the filter; return how many more are marked."""
        return self.marks.add(self.source.numbers(self.wanted))

    def chosen(self) -> tuple[int, ...]:
        """Return what an action is about: the marked findings that the filter shows, else the one under the cursor.

        What a person does not see is not acted on: marks that the filter hides are kept, and `hidden` holds them.
        """
        marked = self.marks.numbers()
        shown = frozenset(self.source.fitting(self.wanted, marked) if marked else ())
        self.hidden = frozenset(marked) - shown
        if shown:
            return tuple(sorted(shown))
        current = self.read_current()
        return (current.id,) if current else ()

    @property
    def hidden_marks(self) -> int:
        """Return how many marked findings the filter hides."""
        return sum(number in self.marks for number in self.hidden)

    def counts(self, facet: str, wanted: FindingFilter | None = None) -> Mapping[str, int]:
        """Return the counts of a facet's values under all the other conditions.

        Settled states and verdicts are counted too although the list leaves them out: picking one shows them.
        """
        wanted = wanted or self.wanted
        found = dict(self.source.facet(wanted, facet))
        if wanted.active and facet in ("state", "verdict"):
            settled = self.source.facet(replace(wanted, active=False), facet)
            found |= {value: count for value, count in settled.items() if value in SETTLED}
        return found

    def view(self, name: str) -> View:
        """Return what is asked for now, to be saved."""
        return View(name, self.typed, dict(self.facets), self.sort, self.descending)

    def show(self, view: View) -> None:
        """Ask for what a saved view asked for."""
        self.typed, self.facets = view.typed, dict(view.facets)
        self.sort, self.descending = view.sort, view.descending
        self._begin_again()


def _page(source: FindingSource, question: Question, count: int, offset: int, limit: int) -> Sequence[FindingRow]:
    """Return one page; one in the second half is counted from the end, which a database reaches sooner."""
    if offset <= count // 2:
        return source.page(question.wanted, question.sort, question.descending, offset, limit)
    length = min(limit, count - offset)
    return source.page(question.wanted, question.sort, not question.descending, count - offset - length, length)[::-1]


def _place_of(kept: FindingRow | None, cursor: int, pages: Pages[FindingRow], given_up: Callable[[], bool]) -> int:
    """Return the row of a finding looked for within a few pages of the cursor, else a row that exists."""
    last = max(0, len(pages) - 1)
    if kept is not None:
        near = range(max(0, cursor - 2 * PAGE), min(len(pages), cursor + 2 * PAGE))
        for index in sorted(near, key=lambda index: abs(index - cursor)):
            row = None if given_up() else pages.row(index)
            if row is not None and row.id == kept.id:
                return index
    return min(cursor, last)
