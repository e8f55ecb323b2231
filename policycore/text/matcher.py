"""Find words and expressions in whole columns of texts: one pass for all of them.

A hit of a word is every place where it stands. A hit of an expression is every longest stretch that it matches, that is
one that lies in no other: what `re` finds, whether repeats are greedy or not, and what overlaps too.
"""

from __future__ import annotations

from array import array as packed_array
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import astuple, dataclass, replace
from functools import cache, cached_property
from importlib.util import find_spec
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from policycore.text.automaton import Automaton
from policycore.text.expression import NO_CHARACTER, Expression, Ranges
from policycore.text.learned import Kinds
from policycore.text.units import backwards, byte_syntax, in_units, unbounded
from policycore.text.view import View, views

if TYPE_CHECKING:
    import numpy
    import pyarrow

__all__ = ["ROWS_AT_A_TIME", "Hits", "Matcher", "TooLargeError"]

ROWS_AT_A_TIME = 16_384
"""Texts that are read together: large enough to amortise, small enough for the cache."""

_MOST_BYTES = 1 << 26
_SAMPLE = 512
_DIFFERING = 0.8
"""With more distinct texts than this share, telling them apart costs more than it saves."""
_BITS = 40
_TOGETHER = 100
"""Expressions that are compiled together: three hundred take as long as six hundred in hundreds do."""
_MOST_READ, _READ_ANYWAY = 2, 10_000
_HIGH_HALF, _LOW_HALF = 0xD800 >> 10, 0xDC00 >> 10


class TooLargeError(ValueError):
    """An expression that takes more memory than the matcher has for one; `number` says which."""

    def __init__(self, number: int) -> None:
        super().__init__("too large")
        self.number = number


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
        self._everywhere = _Part(expressions, skipping.pop((), []), few=few)
        self._near = _Part(expressions, sorted(self._beside), few=few)
        # Of a text without what is skipped they are words as others are; whether too much was, is seen afterwards.
        bare = [replace(one, skipped=(), most=None) for one in expressions]
        self._skipping = [(_table_of(skipped), _Part(bare, mine, few=few)) for skipped, mine in skipping.items()]
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
        if (often := _repeated(texts)) is not None:
            return _in_each(self.scan(often.dictionary, only=only, places=places), often.indices)
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


def _repeated(texts: pyarrow.Array) -> pyarrow.DictionaryArray | None:
    """Return `texts` as places in an array of the distinct ones; None where most of them differ, as a sample tells.

    What is sent to several groups, and what everybody answers, is read once.
    """
    import numpy

    if len(texts) < _SAMPLE:
        return None
    sample = texts.take(numpy.arange(0, len(texts), len(texts) // _SAMPLE))
    if len(sample.unique()) > _DIFFERING * len(sample):
        return None
    return texts.dictionary_encode()


def _in_each(hits: Hits, texts: pyarrow.Array) -> Hits:
    """Return `hits` in distinct texts as hits in all of `texts`, which are numbers of distinct ones."""
    import numpy

    number = texts.fill_null(-1).to_numpy(zero_copy_only=False)
    first = numpy.searchsorted(hits.rows, number, "left")
    times = numpy.searchsorted(hits.rows, number, "right") - first
    rows = numpy.repeat(numpy.arange(len(number)), times)
    within = numpy.arange(len(rows)) - numpy.repeat(numpy.cumsum(times) - times, times)
    chosen = numpy.repeat(first, times) + within
    return Hits(rows, hits.which[chosen], hits.begins[chosen], hits.ends[chosen])


@cache
def hyperscan_is_here() -> bool:
    """Return whether the fast engine is installed, in a version that finds everything."""
    if find_spec("hyperscan") is None:
        return False
    import hyperscan

    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    database.compile([b"a"], ids=[0], flags=0)
    # Looking for two bytes at once, this one loses those that lie on both sides of a vector's end.
    return b" 5.4.12 " not in database.info()


class _Part:
    """Those of several expressions that have `numbers`, and the engine for them.

    Both engines find the same; compiling for the fast one costs more than it saves where there are `few` texts.
    """

    def __init__(self, expressions: Sequence[Expression], numbers: Sequence[int], *, few: bool) -> None:
        import numpy

        self._numbers = numpy.array(numbers, numpy.int64)
        mine = [expressions[number] for number in numbers]
        try:
            self._engine = _Hyperscan(mine) if mine and not few and hyperscan_is_here() else _Plain(mine)
        except TooLargeError as error:
            raise TooLargeError(numbers[error.number]) from None
        self.rough = frozenset(numbers[number] for number in self._engine.rough)

    def ends(self, units: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Return numbers and ends of everything that ends anywhere."""
        which, ends = self._engine.ends(units)
        return self._numbers[which], ends


class _Hyperscan:
    """The fast engine."""

    def __init__(self, expressions: Sequence[Expression]) -> None:
        self.rough: list[int] = []
        """Expressions that are too large for it: it looks for more than they match, and each text is tried again."""
        syntax = list(map(_syntax, expressions))
        words = [number for number, one in enumerate(expressions) if one.literal is not None]
        others = [number for number, one in enumerate(expressions) if one.literal is None]
        parts = [others[first : first + _TOGETHER] for first in range(0, len(others), _TOGETHER)] or [[]]
        parts[0] = words + parts[0]
        self._databases = [self._compiled(expressions, syntax, part) for part in parts]

    def _compiled(self, expressions: Sequence[Expression], syntax: list[bytes], numbers: Sequence[int]) -> Any:
        """Return the database of some expressions, the larger ones of which may become rough."""
        try:
            return _database(syntax, numbers)
        except ValueError:
            for number in numbers:
                if expressions[number].literal is None and not _compiles(syntax[number]):
                    syntax[number] = byte_syntax(unbounded(in_units(expressions[number]))).encode("ascii")
                    self.rough.append(number)
                    if not _compiles(syntax[number]):
                        raise TooLargeError(number) from None
            return _database(syntax, numbers)

    def ends(self, units: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Return numbers and ends of everything that ends anywhere."""
        import numpy

        packed = packed_array("q")
        append = packed.append

        def found(number: int, _begin: int, end: int, _flags: int, _context: object) -> None:
            append(number << _BITS | end)

        text = units.tobytes()
        for database in self._databases:
            database.scan(text, found)
        hits = numpy.frombuffer(packed, numpy.int64) if packed else numpy.empty(0, numpy.int64)
        # Bytes are read at odd places too: what ends there is half of one unit and half of the next.
        hits = hits[hits & 1 == 0]
        return hits >> _BITS, (hits & (1 << _BITS) - 1) >> 1


def _syntax(expression: Expression) -> bytes:
    """Return what hyperscan is given for an expression; a word is written byte by byte, for a tenth of the cost."""
    if expression.literal is None:
        return byte_syntax(in_units(expression)).encode("ascii")
    return "".join(f"\\x{byte:02x}" for byte in expression.literal.encode("utf-16-be")).encode("ascii")


def _database(syntax: Sequence[bytes], numbers: Sequence[int]) -> Any:
    """Return a database of the expressions with `numbers`. Raises ValueError where they are too large."""
    import hyperscan

    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    try:
        database.compile([syntax[number] for number in numbers], ids=numbers, flags=0)
    except hyperscan.error as error:
        raise ValueError(str(error)) from None
    return database


def _compiles(syntax: bytes) -> bool:
    """Return whether one expression is small enough."""
    try:
        _database([syntax], [0])
    except ValueError:
        return False
    return True


class _Plain:
    """The engine for systems for which there is no hyperscan."""

    rough: Sequence[int] = ()

    def __init__(self, expressions: Sequence[Expression]) -> None:
        self._all = Automaton([in_units(one) for one in expressions])

    def ends(self, units: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Return numbers and ends of everything that ends anywhere."""
        import numpy

        hits = numpy.array(list(self._all.ends(units.tolist())), numpy.int64).reshape(-1, 2)
        return hits[:, 0], hits[:, 1]
