"""Find words and expressions in whole columns of texts: one pass for all of them.

A hit of a word is every place where it stands. A hit of an expression is every longest stretch that it matches, that is
one that lies in no other: what `re` finds, whether repeats are greedy or not, and what overlaps too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import astuple, dataclass, replace
from functools import cached_property
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING

from policycore.text.automaton import Automaton
from policycore.text.engines import Part
from policycore.text.expression import NO_CHARACTER, Expression, Ranges
from policycore.text.learned import Kinds
from policycore.text.units import backwards, in_units
from policycore.text.view import View, views

if TYPE_CHECKING:
    import numpy
    import pyarrow

__all__ = ["ROWS_AT_A_TIME", "Hits", "Matcher", "once"]

ROWS_AT_A_TIME = 16_384
"""Texts that are read together: large enough to amortise, small enough for the cache."""

_MOST_BYTES = 1 << 26
_SAMPLE = 512
_DIFFERING = 0.8
"""With more distinct texts than this share, telling them apart costs more than it saves."""
_MOST_READ, _READ_ANYWAY = 2, 10_000
_HIGH_HALF, _LOW_HALF = 0xD800 >> 10, 0xDC00 >> 10


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found in an array of texts, one entry a hit, ordered by row and place."""

    rows: numpy.ndarray
    which: numpy.ndarray
    """Numbers of the expressions."""
    begins: numpy.ndarray
    """First character in the text, as it was written."""
    ends: numpy.ndarray
    """One behind the last character."""


class Matcher:
    """Several expressions, each another one, looked for together.

    The number of one that matters only in texts where others are found stands in `beside`, with the numbers of those:
    it is looked for in such texts only, for it may hit at every character.
    """

    def __init__(
        self, expressions: Sequence[Expression], *, few: bool = False, beside: Mapping[int, Set[int]] | None = None
    ) -> None:
        self._expressions = expressions
        self._beside = beside or {}
        skipping: dict[Ranges, list[int]] = {}
        self._likely = [(number, one) for number, one in enumerate(expressions) if one.likely is not None]
        self._kinds = Kinds([one.likely for _, one in self._likely if one.likely is not None])
        for number, one in enumerate(expressions):
            if number not in self._beside and one.likely is None:
                skipping.setdefault(one.skipped, []).append(number)
        self._everywhere = Part(expressions, skipping.pop((), []), few=few)
        self._near = Part(expressions, sorted(self._beside), few=few)
        # Of a text without what is skipped they are words as others are; whether too much was, is seen afterwards.
        bare = [replace(one, skipped=(), most=None) for one in expressions]
        self._skipping = [(_table_of(skipped), Part(bare, mine, few=few)) for skipped, mine in skipping.items()]
        bounded = (number for number, one in enumerate(expressions) if one.most is not None)
        self._rough = [*self._everywhere.rough, *self._near.rough, *bounded]
        self._automata: dict[int, tuple[Automaton, Automaton]] = {}

    def scan(self, texts: pyarrow.Array, *, only: numpy.ndarray | None = None, places: bool = True) -> Hits:
        """Return every hit in `texts`; of the expressions with the numbers `only` where they are given.

        Without `places` what is no word is one hit in each text, from -1 to -1: where an expression begins is seldom
        asked, and costs more than finding it. Where a word stands is told at no cost.
        """
        import numpy

        if texts.nbytes > _MOST_BYTES and len(texts) > 1:
            half = len(texts) // 2
            first, second = (self.scan(part, only=only, places=places) for part in (texts[:half], texts[half:]))
            both = Hits(*map(numpy.concatenate, zip(astuple(first), astuple(second), strict=True)))
            both.rows[len(first.rows) :] += half
            return both
        none = numpy.empty(0, numpy.int64)
        found = [(none, none, none, none), *(self._found(view, only, places=places) for view in views(texts))]
        rows, which, begins, ends = map(numpy.concatenate, zip(*found, strict=True))
        order = numpy.lexsort((which, ends, begins, rows))
        return Hits(rows[order], which[order], begins[order], ends[order])

    def _found(self, view: View, only: numpy.ndarray | None, *, places: bool) -> tuple[numpy.ndarray, ...]:
        """Return rows, numbers, begins and ends of the hits in one view."""
        import numpy

        which, ends = self._everywhere.ends(view.units)
        for skipped, part in self._skipping:
            left = numpy.flatnonzero(~skipped[view.units])
            more, more_ends = part.ends(view.units[left])
            which, ends = numpy.concatenate((which, more)), numpy.concatenate((ends, left[more_ends - 1] + 1))
        texts = numpy.searchsorted(view.edges, ends - 1) - 1
        if self._beside and len(which):
            near, near_ends = self._ends_near(view, numpy.unique(texts[numpy.isin(which, self._companions)]))
            which, ends = numpy.concatenate((which, near)), numpy.concatenate((ends, near_ends))
            texts = numpy.searchsorted(view.edges, ends - 1) - 1
        if view.left_out is not None or only is not None:
            kept = numpy.ones(len(which), bool) if only is None else numpy.isin(which, only)
            if view.left_out is not None:
                kept &= ~view.left_out[texts]
            which, ends, texts = which[kept], ends[kept], texts[kept]
        lengths = self._lengths[which]
        # Of what is no word it is to be looked up where it begins; of what was looked for roughly, whether it is there.
        sure = lengths > 0 if places else ~numpy.isin(which, self._rough)
        others = numpy.array(list(self._stretches(view, texts[~sure], which[~sure], ends[~sure])), numpy.int64)
        others = others.reshape(-1, 4)
        begins = numpy.concatenate((ends[sure] - lengths[sure], others[:, 2]))
        ends = numpy.concatenate((ends[sure], others[:, 3]))
        texts = numpy.concatenate((texts[sure], others[:, 0]))
        which = numpy.concatenate((which[sure], others[:, 1]))
        begins, ends = view.places(texts, begins), view.places(texts, ends - 1) + 1
        if not places:
            words, several = self._lengths[which] > 0, max(1, len(self._lengths))
            once = numpy.unique(texts[~words] * several + which[~words])
            texts = numpy.concatenate((texts[words], once // several))
            which = numpy.concatenate((which[words], once % several))
            begins, ends = (numpy.concatenate((some[words], numpy.full(len(once), -1))) for some in (begins, ends))
            for like, number in self._likely_in(view):
                # Such a hit has no place: it is of the text as a whole.
                texts, which = numpy.concatenate((texts, like)), numpy.concatenate((which, like * 0 + number))
                begins, ends = (numpy.concatenate((some, like * 0)) for some in (begins, ends))
        return texts if view.rows is None else view.rows[texts], which, begins, ends

    def _likely_in(self, view: View) -> Iterator[tuple[numpy.ndarray, int]]:
        """Yield for each kind that was learned the texts that are like it, and its number."""
        import numpy

        percents = self._kinds.percents(view.units, view.edges) if self._likely else numpy.empty((0, 0))
        for percent, (number, one) in zip(percents.T, self._likely, strict=True):
            like = percent >= one.percent
            yield numpy.flatnonzero(like if view.left_out is None else like & ~view.left_out), number

    def _ends_near(self, view: View, texts: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Return numbers and ends of what is looked for in some texts only."""
        import numpy

        lengths = view.edges[texts + 1] - view.edges[texts] + 1
        within = numpy.arange(lengths.sum()) - numpy.repeat(numpy.cumsum(lengths) - lengths, lengths)
        places = numpy.repeat(view.edges[texts], lengths) + within
        which, ends = self._near.ends(view.units[places])
        return which, places[ends - 1] + 1

    def _stretches(
        self, view: View, texts: numpy.ndarray, which: numpy.ndarray, ends: numpy.ndarray
    ) -> Iterator[tuple[int, int, int, int]]:
        """Yield text, number, begin and end, in units, of the longest stretches of expressions that end at `ends`."""
        import numpy

        order = numpy.lexsort((ends, which, texts))
        hits = zip(texts[order].tolist(), which[order].tolist(), ends[order].tolist(), strict=True)
        for (text, number), group in groupby(hits, key=itemgetter(0, 1)):
            first, last = int(view.edges[text]), int(view.edges[text + 1])
            units = view.units[first : last + 1].tolist()
            for begin, end in self._longest(number, units, [end - first for _, _, end in group]):
                yield text, number, first + begin, first + end

    def _longest(self, number: int, units: Sequence[int], ends: Sequence[int]) -> Iterator[tuple[int, int]]:
        """Yield the stretches of one expression in one text that lie in no other one."""
        expression = self._expressions[number]
        spans = []
        for begin, end in self._spans(number, units, ends):
            # What must stand around is no part of the hit, nor is the end of the text.
            if expression.before:
                begin += 2 if units[begin] >> 10 == _HIGH_HALF else 1
            if expression.after:
                end -= 2 if units[end - 1] >> 10 == _LOW_HALF else 1
            spans.append((begin + (units[begin] == NO_CHARACTER), end - (units[end - 1] == NO_CHARACTER)))
        reached = 0
        for begin, end in sorted(spans, key=lambda span: (span[0], -span[1])):
            if end > reached:
                yield begin, end
                reached = end

    def _spans(self, number: int, units: Sequence[int], ends: Sequence[int]) -> list[tuple[int, int]]:
        """Return each place where an expression ends, with the first place where it may begin.

        From each end the text is read backwards. Where that would read it over and over, or where more ends are named
        than there are, it is read once, with every place in mind where a stretch may have begun.
        """
        if number not in self._automata:
            part = in_units(self._expressions[number])
            self._automata[number] = Automaton([part]), Automaton([backwards(part)], anchored=True)
        forward, backward = self._automata[number]
        spans, left = [], _MOST_READ * len(units) + _READ_ANYWAY
        for end in ends:
            length, read = backward.farthest(units[place] for place in range(end - 1, -1, -1))
            if length:
                spans.append((end - length, end))
            left -= read
            if left < 0:
                return list(forward.stretches(units))
        return spans

    @cached_property
    def _companions(self) -> list[int]:
        """Return the numbers of what others are looked for beside."""
        return sorted({number for others in self._beside.values() for number in others})

    @cached_property
    def _lengths(self) -> numpy.ndarray:
        """Return the units that each word takes, 0 for what is no word."""
        import numpy

        return numpy.array([len((one.literal or "").encode("utf-16-le")) // 2 for one in self._expressions])


def _table_of(skipped: Ranges) -> numpy.ndarray:
    """Return for each unit whether it is one of some characters."""
    import numpy

    table = numpy.zeros(1 << 16, bool)
    for first, last in skipped:
        table[first : last + 1] = True
        if last > NO_CHARACTER:
            table[_HIGH_HALF << 10 : (_LOW_HALF + 1) << 10] = True
    return table


def once(texts: pyarrow.Array) -> tuple[pyarrow.Array, numpy.ndarray]:
    """Return the distinct ones of `texts`, and which of them each is; all of them where most differ, as a sample tells.

    What is sent to several groups, and what everybody answers, is read once.
    """
    import numpy

    sample = texts.take(numpy.arange(0, len(texts), max(1, len(texts) // _SAMPLE)))
    if len(sample.unique()) > _DIFFERING * len(sample):
        return texts, numpy.arange(len(texts))
    encoded = texts.dictionary_encode()
    return encoded.dictionary, encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
