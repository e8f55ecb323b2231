"""The list's state without any screen: filter, order, cursor, marks, pages, views, undo."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policycore.store.lives.life_cycle import State
from policycore.store.query import FindingRow
from policycore.store.typed_filter import parse
from policycore_tui.pages.lines import labelled, paragraph, plain
from policycore_tui.state.cells import steady
from policycore_tui.state.listing import Listing
from policycore_tui.state.row_pages import PAGE, RowPages
from policycore_tui.state.settings import View, Views

SINCE = datetime(2024, 4, 15, tzinfo=UTC)


def row(number: int) -> FindingRow:
    """Return a finding about subject `number`."""
    words = (f"R-{number}", f"{number:032x}", "set", "R", "test/r", "fail", "error", State.OPEN, "found", "group")
    return FindingRow(
        number, *words, f"g{number}", f"g{number}", None, None, None, None, None, SINCE, SINCE, None, "{}"
    )


@dataclass
class Source:
    """Hold findings in memory; a word fits where the number holds it."""

    held: list[int]
    asked: list[tuple[int, int]] = field(default_factory=list)

    def known(self, facet):
        return {}

    def _fitting(self, wanted):
        return [number for number in self.held if all(word in str(number) for word in wanted.words)]

    def count(self, wanted):
        """Return how many fit."""
        return len(self._fitting(wanted))

    def page(self, wanted, sort, descending, offset, limit):
        """Return one page."""
        self.asked.append((offset, limit))
        found = sorted(self._fitting(wanted), reverse=descending)
        return [row(number) for number in found[offset : offset + limit]]

    def numbers(self, wanted):
        """Return all that fit."""
        return self._fitting(wanted)

    def fitting(self, wanted, among):
        """Return those of `among` that fit."""
        return [number for number in self._fitting(wanted) if number in among]

    def facet(self, wanted, facet):
        """Return one value."""
        return {"x": self.count(wanted)}


def listing_of(source):
    """Return a list of what a source holds."""
    return Listing(source, ZoneInfo("UTC"))


def test_only_pages_that_are_looked_at_are_read():
    source = Source(list(range(1, 1_000_001)))
    listing = listing_of(source)
    listing.refresh()
    listing.move_to(999_999)
    assert listing.current is None, "what is drawn does not wait"
    assert listing.read_current().id == listing.current.id == 1_000_000
    assert source.asked == [(0, PAGE), (0, PAGE)], "the last page is the first one from the end"


def test_the_cursor_stays_on_its_finding_when_others_come():
    source = Source(list(range(10, 50)))
    listing = listing_of(source)
    listing.refresh()
    listing.move_to(20)
    kept = listing.read_current().id
    source.held += range(1, 9)
    listing.refresh()
    assert listing.current.id == kept


def test_the_cursor_stays_on_a_row_that_exists_when_the_list_shrinks():
    source = Source(list(range(100)))
    listing = listing_of(source)
    listing.refresh()
    listing.move_to(99)
    source.held = [1, 2]
    listing.refresh()
    assert listing.current.id == 2
    source.held = []
    listing.refresh()
    assert listing.current is None
    assert listing.chosen() == ()


def test_typing_narrows_and_begins_at_the_top():
    listing = listing_of(Source(list(range(100))))
    listing.refresh()
    listing.move_to(50)
    listing.narrow(typed="7")
    assert (listing.cursor, len(listing.pages), listing.total) == (0, 19, 100)
    assert listing.filter_line == "7"
    listing.clear()
    assert len(listing.pages) == 100


def test_sorting_by_the_same_column_again_turns_it_round():
    listing = listing_of(Source([1, 2, 3]))
    listing.refresh()
    listing.sort_by("rule")
    assert (listing.view.sort, listing.view.descending, listing.current.id) == ("rule", False, 1)
    listing.move_to(0)
    listing.sort_by("rule")
    assert listing.view.descending
    assert [one.id for one in listing.pages.rows(0, 3)] == [3, 2, 1]


def test_marks_range_all_and_what_an_action_is_about():
    listing = listing_of(Source(list(range(1, 1001))))
    listing.refresh()
    assert listing.chosen() == (1,), "nothing marked: the one under the cursor"
    listing.move_to(5)
    listing.toggle_mark()
    listing.move_to(9)
    listing.marks |= listing.range_to_cursor()
    assert listing.chosen() == (6, 7, 8, 9, 10)
    listing.marks |= frozenset(listing.source.numbers(listing.wanted))
    listing.narrow(typed="77")
    assert len(listing.marks) == 1000, "marks outlive the filter"
    assert len(listing.chosen()) == 19, "what is not shown is not acted on"


def test_facets_are_picked_and_let_go():
    listing = listing_of(Source([1]))
    listing.refresh()
    listing.toggle_facet("severity", "error")
    listing.toggle_facet("severity", "warning")
    assert listing.wanted.any_of == {"severity": ("error", "warning")}
    listing.toggle_facet("severity", "error")
    listing.toggle_facet("severity", "warning")
    assert listing.view.facets == {}


def test_a_view_brings_filter_and_order_back(tmp_path):
    listing = listing_of(Source(list(range(100))))
    listing.refresh()
    listing.narrow(typed="7")
    listing.toggle_facet("severity", "error")
    listing.sort_by("due")
    Views().keep(4, replace(listing.view, name="sevens"))
    other = listing_of(Source(list(range(100))))
    other.show(Views().get(4))
    assert other.view == replace(listing.view, name="sevens")


def test_an_answer_to_what_is_no_longer_asked_is_not_shown():
    listing = listing_of(Source(list(range(100))))
    listing.refresh()
    asked = []
    listing.ask = lambda: asked.append(listing.question())
    listing.narrow(typed="7")
    listing.narrow(typed="77")
    first, second = asked
    assert not listing.take(listing.answer(first))
    assert len(listing.pages) == 100, "the old list stays until the answer is there"
    assert listing.asked is second
    assert listing.take(listing.answer(second))
    assert (len(listing.pages), listing.asked) == (1, None)
    assert not listing.take(listing.answer(second)), "an answer is shown once"


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_a_question_that_is_given_up_costs_no_more_reading(steps):
    source = Source(list(range(1000)))
    listing = listing_of(source)
    listing.refresh()
    listing.move_to(500)
    listing.refresh()
    source.asked.clear()
    told = iter([False] * steps + [True] * 1000)
    assert listing.answer(listing.question(), lambda: next(told)) is None
    assert len(source.asked) <= steps


def test_the_cursor_goes_to_the_top_with_the_last_of_several_questions():
    listing = listing_of(Source(list(range(100))))
    listing.refresh()
    listing.move_to(50)
    listing.ask = listing.question
    listing.narrow(typed="7")
    listing.sort_by("due")
    listing.take(listing.answer(listing.asked))
    assert listing.cursor == 0
    listing.move_to(5)
    kept = listing.current.id
    listing.sort_by("rule")
    listing.take(listing.answer(listing.asked))
    assert listing.current.id == kept, "from then on the cursor stays on its finding again"


@dataclass
class Settled(Source):
    """Hold findings of which some are settled."""

    def known(self, facet):
        return {}

    def facet(self, wanted, facet):
        """Return one state for the list and two for what it leaves out."""
        return {"open": 5} if wanted.active else {"resolved": 3, "fail": 9} if wanted.active is False else {"all": 8}


def test_settled_states_can_be_picked_from_the_facets():
    listing = listing_of(Settled([1]))
    assert listing.counts("state") == {"open": 5, "resolved": 3}
    assert listing.counts("severity") == {"open": 5}
    listing.toggle_facet("state", "resolved")
    assert listing.counts("state") == {"all": 8}


WRONG_ORDER = '{"1": {"name": "a", "sort": "nonsense"}}'
WRONG_FACET = '{"1": {"name": "a", "facets": {"nonsense": ["x"]}}}'


@pytest.mark.parametrize("content", ["", "[]", "{", '{"x": {}}', WRONG_ORDER, WRONG_FACET])
def test_unreadable_views_are_said_and_cost_nothing_else(tmp_path, content):
    folder = tmp_path / "settings" / "policycore"
    folder.mkdir(parents=True)
    (folder / "views.json").write_text(content, "utf-8")
    views = Views()
    assert views.problem
    assert [views.get(number) for number in range(1, 10)] == [None] * 9


def test_views_have_the_keys_one_to_nine(tmp_path):
    views = Views()
    with pytest.raises(ValueError, match="0"):
        views.keep(0, View("x"))
    assert views.keep(9, View("x")) is None
    assert views.keep(9, View("y")).name == "x"
    assert views.keep(9, None).name == "y"
    assert json.loads((tmp_path / "settings" / "policycore" / "views.json").read_text("utf-8")) == {}


@given(st.integers(0, 1500), st.integers(1, 400), st.booleans())
def test_pages_from_either_end_are_the_same_list(total, step, descending):
    listing = listing_of(Source(list(range(total))))
    listing.view = View(descending=descending)
    listing.refresh()
    expected = sorted(range(total), reverse=descending)
    for index in range(0, total, step):
        assert listing.pages.row(index).id == expected[index]


@given(st.integers(0, 2000), st.lists(st.integers(-5, 2100), max_size=30))
def test_pages_give_every_row_by_its_index_and_none_beyond(total, indexes):
    pages = RowPages(total, lambda offset, limit: range(offset, min(total, offset + limit)))
    for index in indexes:
        assert pages.row(index) == (index if 0 <= index < total else None)


def test_due_is_a_day_in_the_estates_zone():
    zone = ZoneInfo("Asia/Shanghai")
    assert parse("due:2024-05-01", zone=zone)[0].due_before == datetime(2024, 5, 1, tzinfo=zone)
    assert parse("期限：2024-05-01", zone=zone)[0].due_before == datetime(2024, 5, 1, tzinfo=zone)
    assert parse("due:soon")[0].due_before is None
    assert parse("due:soon")[1]


@given(st.text(max_size=300), st.integers(2, 60))
def test_pages_of_words_hold_any_text_on_one_line_each(text, width):
    for line in (*paragraph(text, width), *labelled("label", text, width)):
        assert line.text.isprintable()
    assert plain(paragraph(text, width)).count("\n") == len(paragraph(text, width))


@given(st.text(max_size=100))
def test_steady_text_is_steady(text):
    once = steady(text, 1000)
    assert steady(once, 1000) == once


def test_the_state_needs_no_textual():
    code = (
        "import sys, policycore_tui.state.listing, policycore_tui.state.actions, policycore_tui.command, "
        "policycore_tui.pages.detail, policycore_tui.state.keys; sys.exit('textual' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_what_is_done_is_about_the_marks_that_the_filter_shows():
    listing = listing_of(Source(list(range(100))))
    listing.refresh()
    for number in (5, 7, 57):
        listing.marks |= {number}
    listing.narrow(typed="7")
    assert listing.hidden_marks == 1
    assert listing.chosen() == (7, 57)
    listing.narrow(typed="99")
    assert listing.chosen() == (99,), "no mark is shown: the one under the cursor"
    assert listing.hidden_marks == 3
    listing.clear()
    assert (listing.chosen(), listing.hidden_marks) == ((5, 7, 57), 0)
