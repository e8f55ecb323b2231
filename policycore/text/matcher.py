"""Find words and expressions in whole columns of texts: one pass for all of them.

A hit of a word is every place where it stands. A hit of an expression is every longest stretch that it matches, that is
one that lies in no other: what `re` finds, whether repeats are greedy or not, and what overlaps too.
"""

from __future__ import annotations

from array import array as packed_array
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from functools import cache, cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from policycore.text.automaton import Automaton
from policycore.text.expression import NO_CHARACTER, Expression, Node
from policycore.text.units import byte_syntax, in_units, unbounded
from policycore.text.view import View, view_of_text, views

if TYPE_CHECKING:
    import numpy
    import pyarrow

__all__ = ["ROWS_AT_A_TIME", "Hits", "Matcher", "TooLargeError"]

ROWS_AT_A_TIME = 16_384
"""Texts that are read together: large enough to amortise, small enough for the cache."""

_MOST_BYTES = 1 << 26
_BITS = 40
_HIGH_HALF, _LOW_HALF = 0xD800 >> 10, 0xDC00 >> 10


class TooLargeError(ValueError):
    """An expression that takes more memory than the matcher has for one; `number` says which."""

    def __init__(self, number: int) -> None:
        super().__init__("too large")
        self.number = number


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found in an array of texts, one entry a hit, ordered by row, place and expression."""

    rows: numpy.ndarray
    which: numpy.ndarray
    """Numbers of the expressions."""
    begins: numpy.ndarray
    """First character in the text; -1 where only `Matcher.stretches` knows."""
    ends: numpy.ndarray


class Matcher:
    """Several expressions, each another one, looked for together."""

    def __init__(self, expressions: Sequence[Expression]) -> None:
        self._expressions = expressions
        parts = [in_units(one) for one in expressions]
        self._engine: _Hyperscan | _Plain = _Hyperscan(parts) if parts and hyperscan_is_here() else _Plain(parts)

    def scan(self, texts: pyarrow.Array) -> Hits:
        """Return every hit in `texts`; of an expression that is no plain word one for each text."""
        import numpy

        if texts.nbytes > _MOST_BYTES and len(texts) > 1:
            half = len(texts) // 2
            first, second = self.scan(texts.slice(0, half)), self.scan(texts.slice(half))
            both = (numpy.concatenate(columns) for columns in zip(astuple(first), astuple(second), strict=True))
            rows, which, begins, ends = both
            rows[len(first.rows) :] += half
            return Hits(rows, which, begins, ends)
        none = numpy.empty(0, numpy.int64)
        parts = [(none, none, none, none), *map(self._found, views(texts))]
        rows, which, begins, ends = (numpy.concatenate(column) for column in zip(*parts, strict=True))
        kept = numpy.ones(len(rows), bool)
        for hit in numpy.flatnonzero(numpy.isin(which, self._engine.rough)).tolist():
            kept[hit] = bool(self.stretches(int(which[hit]), texts[int(rows[hit])].as_py()))
        order = numpy.flatnonzero(kept)[numpy.lexsort((which[kept], begins[kept], rows[kept]))]
        return Hits(rows[order], which[order], begins[order], ends[order])

    def stretches(self, number: int, text: str) -> list[tuple[int, int]]:
        """Return where in `text` the hits of one expression begin and end."""
        view = view_of_text(text)
        expression, units = self._expressions[number], view.units
        found = []
        for begin, end in self._engine.stretches(number, units):
            if expression.before:
                begin += 2 if units[begin] >> 10 == _HIGH_HALF else 1
            if expression.after:
                end -= 2 if units[end - 1] >> 10 == _LOW_HALF else 1
            found.append((begin + int(units[begin] == NO_CHARACTER), end - int(units[end - 1] == NO_CHARACTER)))
        longest, last = [], 0
        for begin, end in sorted(found, key=lambda span: (span[0], -span[1])):
            if end > last:
                longest.append((view.characters[begin], view.characters[end - 1] + 1))
                last = end
        return longest

    def _found(self, view: View) -> tuple[numpy.ndarray, ...]:
        """Return rows, numbers, begins and ends of the hits in one view."""
        import numpy

        which, ends = self._engine.ends(view.units)
        texts = numpy.searchsorted(view.edges, ends - 1) - 1
        if view.left_out is not None:
            kept = ~view.left_out[texts]
            which, ends, texts = which[kept], ends[kept], texts[kept]
        lengths = self._lengths[which]
        words = lengths > 0
        first = view.places(texts[words], ends[words] - lengths[words])
        last = view.places(texts[words], ends[words] - 1)
        others = numpy.unique(numpy.stack((texts[~words], which[~words])), axis=1)
        texts = numpy.concatenate((texts[words], others[0]))
        unknown = numpy.full(others.shape[1], -1)
        return (
            texts if view.rows is None else view.rows[texts],
            numpy.concatenate((which[words], others[1])),
            numpy.concatenate((first, unknown)),
            numpy.concatenate((last + 1, unknown)),
        )

    @cached_property
    def _lengths(self) -> numpy.ndarray:
        """Return the units that each word takes, 0 for what is no word."""
        import numpy

        return numpy.array([len((one.literal or "").encode("utf-16-le")) // 2 for one in self._expressions])


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


class _Hyperscan:
    """The fast engine."""

    def __init__(self, parts: Sequence[Node]) -> None:
        self._parts = parts
        self._syntax = [byte_syntax(part).encode("ascii") for part in parts]
        self.rough: list[int] = []
        """Expressions that are too large for it: it looks for more than they match, and each text is tried again."""
        try:
            self._all = self._compiled(self._syntax)
        except ValueError:
            self._loosen()
            self._all = self._compiled(self._syntax)
        self._single: dict[int, Any] = {}

    def _loosen(self) -> None:
        """Let the repeats of expressions that are too large have no upper bound. Raises TooLargeError."""
        for number, part in enumerate(self._parts):
            try:
                self._compiled([self._syntax[number]])
            except ValueError:
                self._syntax[number] = byte_syntax(unbounded(part)).encode("ascii")
                self.rough.append(number)
                try:
                    self._compiled([self._syntax[number]])
                except ValueError:
                    raise TooLargeError(number) from None

    @staticmethod
    def _compiled(syntax: Sequence[bytes], flags: int = 0) -> Any:
        """Return a database of expressions. Raises ValueError where they are too large."""
        import hyperscan

        database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
        try:
            database.compile(syntax, ids=range(len(syntax)), flags=flags)
        except hyperscan.error as error:
            raise ValueError(str(error)) from None
        return database

    def ends(self, units: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Return numbers and ends of everything that ends anywhere."""
        import numpy

        packed = packed_array("q")
        append = packed.append

        def found(number: int, _begin: int, end: int, _flags: int, _context: object) -> None:
            append(number << _BITS | end)

        self._all.scan(units.tobytes(), found)
        hits = numpy.frombuffer(packed, numpy.int64) if packed else numpy.empty(0, numpy.int64)
        # Bytes are read at odd places too: what ends there is half of one unit and half of the next.
        hits = hits[hits & 1 == 0]
        return hits >> _BITS, (hits & (1 << _BITS) - 1) >> 1

    def stretches(self, number: int, units: numpy.ndarray) -> list[tuple[int, int]]:
        """Return for everything of one expression that ends anywhere where it begins first and where it ends."""
        import hyperscan

        if number not in self._single:
            try:
                if number in self.rough:
                    raise ValueError
                self._single[number] = self._compiled([self._syntax[number]], hyperscan.HS_FLAG_SOM_LEFTMOST)
            except ValueError:
                self._single[number] = Automaton([self._parts[number]])
        if isinstance(self._single[number], Automaton):
            return list(self._single[number].stretches(units.tolist()))
        found: list[tuple[int, int]] = []
        self._single[number].scan(
            units.tobytes(), lambda _number, begin, end, _flags, _context: found.append((begin, end))
        )
        return [(begin // 2, end // 2) for begin, end in found if end % 2 == 0]


class _Plain:
    """The engine for systems for which there is no hyperscan."""

    def __init__(self, parts: Sequence[Node]) -> None:
        self._parts = parts
        self.rough: list[int] = []
        self._all = Automaton(parts)
        self._single: dict[int, Automaton] = {}

    def ends(self, units: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Return numbers and ends of everything that ends anywhere."""
        import numpy

        hits = numpy.array(list(self._all.ends(units.tolist())), numpy.int64).reshape(-1, 2)
        return hits[:, 0], hits[:, 1]

    def stretches(self, number: int, units: numpy.ndarray) -> list[tuple[int, int]]:
        """Return for everything of one expression that ends anywhere where it begins first and where it ends."""
        if number not in self._single:
            self._single[number] = Automaton([self._parts[number]])
        return list(self._single[number].stretches(units.tolist()))
