"""Hold the list of violations as it stands: filter, facets, order, cursor, marks; no widget knows more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, tzinfo
from typing import Protocol

from policycore.findings.query import FindingFilter, FindingRow
from policycore_tui.state.filter_language import described, parse
from policycore_tui.state.marks import Marks
from policycore_tui.state.pages import PAGE, Pages
from policycore_tui.state.views import View

__all__ = ["FACET_ORDER", "SORT_ORDER", "FindingSource", "Listing"]

FACET_ORDER = ("severity", "verdict", "state", "clause", "name", "department", "platform", "responsible")
SORT_ORDER = ("severity", "rule", "department", "subject", "responsible", "since", "state", "due")


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

    def facet(self, wanted: FindingFilter, facet: str) -> Mapping[str, int]:
        """Return how many findings each value of a facet would give."""
        ...


class Listing:
    """Be the state of one list of findings; `refresh` reads the store, the rest changes what is asked."""

    def __init__(self, source: FindingSource, zone: tzinfo = UTC) -> None:
        self.source = source
        self.zone = zone
        self.typed = ""
        self.facets: dict[str, tuple[str, ...]] = {}
        self.sort = "severity"
        self.descending = False
        self.cursor = 0
        self.marks = Marks()
        self.total = 0
        self.pages: Pages[FindingRow] = Pages(0, lambda _offset, _limit: ())

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
        """Return the finding under the cursor."""
        return self.pages.row(self.cursor)

    def refresh(self) -> None:
        """Count and page anew; the cursor stays on its finding where that is still listed nearby."""
        kept = self.current
        wanted, sort, descending = self.wanted, self.sort, self.descending
        self.total = self.source.count(FindingFilter(active=wanted.active))
        self.pages = Pages(
            self.source.count(wanted), lambda offset, limit: self.source.page(wanted, sort, descending, offset, limit)
        )
        self.cursor = self._place_of(kept)

    def _place_of(self, kept: FindingRow | None) -> int:
        """Return the row of a finding looked for within a few pages of the cursor, else a row that exists."""
        last = max(0, len(self.pages) - 1)
        if kept is None:
            return min(self.cursor, last)
        near = range(max(0, self.cursor - 2 * PAGE), min(len(self.pages), self.cursor + 2 * PAGE))
        for index in sorted(near, key=lambda index: abs(index - self.cursor)):
            row = self.pages.row(index)
            if row is not None and row.id == kept.id:
                return index
        return min(self.cursor, last)

    def move_to(self, index: int) -> None:
        """Put the cursor on a row that exists."""
        self.cursor = max(0, min(index, len(self.pages) - 1))

    def type(self, typed: str) -> None:
        """Change what is typed and begin at the top."""
        if typed != self.typed:
            self.typed = typed
            self.cursor = 0
            self.refresh()

    def toggle_facet(self, facet: str, value: str) -> None:
        """Pick a value of a facet, or let it go, and begin at the top."""
        picked = list(self.facets.get(facet, ()))
        picked.remove(value) if value in picked else picked.append(value)
        self.facets = {**self.facets, facet: tuple(picked)}
        if not picked:
            del self.facets[facet]
        self.cursor = 0
        self.refresh()

    def clear(self) -> None:
        """Ask for everything again."""
        self.typed, self.facets = "", {}
        self.refresh()

    def sort_by(self, sort: str) -> None:
        """Order by `sort`; asked again, the other way round."""
        self.descending = not self.descending if sort == self.sort else False
        self.sort = sort
        self.refresh()

    def mark_range(self, index: int) -> int:
        """Mark from where marking began to `index`; return how many more are marked."""
        rows = self.marks.range_to(index)
        return self.marks.add(row.id for row in self.pages.rows(rows.start, rows.stop))

    def mark_all(self) -> int:
        """Mark everything that fits the filter; return how many more are marked."""
        return self.marks.add(self.source.numbers(self.wanted))

    def chosen(self) -> tuple[int, ...]:
        """Return what an action is about: the marked findings, or the one under the cursor."""
        if len(self.marks):
            return self.marks.numbers()
        return (self.current.id,) if self.current else ()

    def counts(self, facet: str) -> Mapping[str, int]:
        """Return the counts of a facet's values under all the other conditions."""
        return self.source.facet(self.wanted, facet)

    def view(self, name: str) -> View:
        """Return what is asked for now, to be saved."""
        return View(name, self.typed, dict(self.facets), self.sort, self.descending)

    def show(self, view: View) -> None:
        """Ask for what a saved view asked for."""
        self.typed, self.facets = view.typed, dict(view.facets)
        self.sort, self.descending, self.cursor = view.sort, view.descending, 0
        self.refresh()
