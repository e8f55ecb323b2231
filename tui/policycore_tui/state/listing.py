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

__all__ = ["FACET_ORDER", "FOLDED_UP_TO", "SORT_ORDER", "Answer", "Listing", "Question"]

FACET_ORDER = ("severity", "verdict", "state", "clause", "rule", "department", "platform", "responsible")
SORT_ORDER = ("severity", "group", "message", "state", "responsible", "due", "rule", "department", "since")
"""Orders that the sort key goes through: the columns from left to right."""
FOLDED_UP_TO = 20_000
"""Of more findings none are folded: a database looks at each for that. A filter makes them fewer."""


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What the store is asked, and where the cursor is to be; one question is no other one."""

    wanted: FindingFilter
    view: View
    cursor: int
    kept: FindingRow | None
    """The finding that the cursor stays on, None to stay at the row."""
    opened: frozenset[int] | None = None
    """The first numbers of the folds that are open; None where nothing is folded."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the store said: how many there are, how many fit, the lines that they make, the cursor's line."""

    question: Question
    total: int
    fitting: int
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
        self.total = self.fitting = 0
        self.folds = False
        """Whether findings that are alike are one line."""
        self.opened: dict[int, frozenset[int]] = {}
        """The folds that are open, by their first number."""
        self.pages: RowPages[FindingRow] = RowPages(0, lambda _offset, _limit: ())
        self.asked: Question | None = None
        """What was asked last and not answered yet."""
        self._top = False
        self._kept: FindingRow | None = None
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
        cursor, kept = (0, None) if self._top else (self.cursor, self._kept or self.current)
        self._kept = None
        opened = frozenset(self.opened) if self.folds else None
        self.asked = Question(self.wanted, self.view, cursor, kept, opened)
        return self.asked

    def answer(self, question: Question, given_up: Callable[[], bool] = lambda: False) -> Answer | None:
        """Read what was asked, in any thread; None when it was given up on the way."""
        wanted, source, marked = question.wanted, self.source, tuple(self.marks)
        count = source.count(wanted)
        if given_up():
            return None
        if question.opened is not None and count <= FOLDED_UP_TO:
            lines = source.count_lines(wanted, question.opened)
            asked = partial(source.page_of_lines, wanted, question.opened)
        else:
            lines, asked = count, partial(source.page, wanted)
        if given_up():
            return None
        pages = RowPages(lines, partial(_page, asked, question.view, lines))
        pages.row(question.cursor)
        if given_up():
            return None
        cursor = _place_of(question.kept, question.cursor, pages, given_up)
        hidden = frozenset(marked).difference(source.fitting(wanted, marked) if marked else ())
        if given_up():
            return None
        return Answer(question, source.count(FindingFilter(active=wanted.active)), count, pages, cursor, hidden)

    def take(self, answer: Answer) -> bool:
        """Show an answer; False when something else has been asked since."""
        if answer.question is not self.asked:
            return False
        self.asked, self._top = None, False
        self.total, self.fitting, self.pages, self.cursor = answer.total, answer.fitting, answer.pages, answer.cursor
        self.hidden = answer.hidden
        return True

    def move_to(self, index: int) -> None:
        """Put the cursor on a row that exists."""
        self.cursor = max(0, min(index, len(self.pages) - 1))

    def go_on(self, fits: Callable[[FindingRow], bool]) -> bool:
        """Put the cursor on the next row that fits, looked for within a few pages; False where there is none."""
        for index in range(self.cursor + 1, min(len(self.pages), self.cursor + 2 * PAGE)):
            row = self.pages.row(index)
            if row is not None and fits(row):
                self.cursor = index
                return True
        return False

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
        """Mark or unmark what is under the cursor and begin a range there."""
        row = self.current
        if row is not None:
            found, self.anchor = self._numbers_of([row]), self.cursor
            self.marks = self.marks - found if row.id in self.marks else self.marks | found

    def _numbers_of(self, rows: Sequence[FindingRow]) -> frozenset[int]:
        """Return the numbers of the findings that lines stand for."""
        folded = [row.id for row in rows if row.alike > 1]
        alike = self.source.alike(self.wanted, folded) if folded else {}
        return frozenset(row.id for row in rows).union(*alike.values())

    def unfold(self) -> bool:
        """Open the fold under the cursor; False where that is none."""
        row = self.read_current()
        if row is None or row.alike < 2:
            return False
        self.opened |= self.source.alike(self.wanted, [row.id])
        self.ask()
        return True

    def fold(self) -> bool:
        """Close the fold that the finding under the cursor is in; False where it is in none."""
        row = self.read_current()
        first = next((first for first, held in self.opened.items() if row is not None and row.id in held), None)
        if first is None:
            return False
        del self.opened[first]
        self._kept = self.source.row(first)
        self.ask()
        return True

    def range_to_cursor(self) -> frozenset[int]:
        """Return the findings from where marking began to the cursor, both included."""
        start = self.cursor if self.anchor is None else self.anchor
        return self._numbers_of(self.pages.rows(min(start, self.cursor), max(start, self.cursor) + 1))

    def chosen(self) -> tuple[int, ...]:
        """Return what an action is about: the marked findings that the filter shows, else the one under the cursor.

        What a person does not see is not acted on: marks that the filter hides are kept, and `hidden` holds them.
        """
        shown = frozenset(self.source.fitting(self.wanted, tuple(self.marks)) if self.marks else ())
        self.hidden = self.marks - shown
        current = None if shown else self.read_current()
        return tuple(sorted(self._numbers_of([current]) if current else shown))

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


def _page(
    asked: Callable[[str, bool, int, int], Sequence[FindingRow]], view: View, count: int, offset: int, limit: int
) -> Sequence[FindingRow]:
    """Return one page; one in the second half is counted from the end, which a database reaches sooner."""
    if offset <= count // 2:
        return asked(view.sort, view.descending, offset, limit)
    length = min(limit, count - offset)
    return asked(view.sort, not view.descending, count - offset - length, length)[::-1]


def _place_of(kept: FindingRow | None, cursor: int, pages: RowPages[FindingRow], given_up: Callable[[], bool]) -> int:
    """Return the row of a finding looked for within a few pages of the cursor, else a row that exists."""
    if kept is not None:
        near = range(max(0, cursor - 2 * PAGE), min(len(pages), cursor + 2 * PAGE))
        for index in sorted(near, key=lambda index: abs(index - cursor)):
            row = None if given_up() else pages.row(index)
            if row is not None and row.id == kept.id:
                return index
    return min(cursor, max(0, len(pages) - 1))
