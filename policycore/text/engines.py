"""Tell which of several expressions end where in a text of units: with the fast engine, or with the plain one.

Both find the same. The fast one has to be there, and is worth its compiling where there are many texts.
"""

from __future__ import annotations

from array import array as packed_array
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from policycore.text.automaton import Automaton
from policycore.text.expression import Expression
from policycore.text.units import byte_syntax, in_units, unbounded

if TYPE_CHECKING:
    import numpy

__all__ = ["Hyperscan", "Part", "TooLargeError", "hyperscan_is_here"]

_BITS = 40
_TOGETHER = 100
"""Expressions that are compiled together: three hundred take as long as six hundred in hundreds do."""


class TooLargeError(ValueError):
    """An expression that takes more memory than the matcher has for one; `number` says which."""

    def __init__(self, number: int) -> None:
        super().__init__("too large")
        self.number = number


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


class Part:
    """Those of several expressions that have `numbers`, and the engine for them.

    Both engines find the same; compiling for the fast one costs more than it saves where there are `few` texts.
    """

    def __init__(self, expressions: Sequence[Expression], numbers: Sequence[int], *, few: bool) -> None:
        import numpy

        self._numbers = numpy.array(numbers, numpy.int64)
        mine = [expressions[number] for number in numbers]
        try:
            self._engine = Hyperscan(mine) if mine and not few and hyperscan_is_here() else _Plain(mine)
        except TooLargeError as error:
            raise TooLargeError(numbers[error.number]) from None
        self.rough = frozenset(numbers[number] for number in self._engine.rough)

    def ends(self, units: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Return numbers and ends of everything that ends anywhere."""
        which, ends = self._engine.ends(units)
        return self._numbers[which], ends


class Hyperscan:
    """The fast engine."""

    def __init__(self, expressions: Sequence[Expression]) -> None:
        import hyperscan

        self.rough: list[int] = []
        """Expressions that are too large for it: it looks for more than they match, and each text is tried again."""
        syntax = list(map(_syntax, expressions))
        words = [number for number, one in enumerate(expressions) if one.literal is not None]
        others = [number for number, one in enumerate(expressions) if one.literal is None]
        parts = [others[first : first + _TOGETHER] for first in range(0, len(others), _TOGETHER)] or [[]]
        parts[0] = words + parts[0]
        databases = [self._compiled(expressions, syntax, part) for part in parts]
        # Others may scan with the same database at the same time, each in a place of its own.
        self._databases = [(database, hyperscan.Scratch(database)) for database in databases]

    def _compiled(self, expressions: Sequence[Expression], syntax: list[bytes], numbers: Sequence[int]) -> Any:
        """Return the database of some expressions, the larger ones of which may become rough."""
        try:
            return _database(tuple(syntax[number] for number in numbers), tuple(numbers))
        except ValueError:
            for number in numbers:
                if expressions[number].literal is None and not _compiles(syntax[number]):
                    syntax[number] = byte_syntax(unbounded(in_units(expressions[number]))).encode("ascii")
                    self.rough.append(number)
                    if not _compiles(syntax[number]):
                        raise TooLargeError(number) from None
            return _database(tuple(syntax[number] for number in numbers), tuple(numbers))

    def ends(self, units: numpy.ndarray) -> tuple[numpy.ndarray, numpy.ndarray]:
        """Return numbers and ends of everything that ends anywhere."""
        import numpy

        packed = packed_array("q")
        append = packed.append

        def found(number: int, _begin: int, end: int, _flags: int, _context: object) -> None:
            append(number << _BITS | end)

        text = units.tobytes()
        for database, scratch in self._databases:
            database.scan(text, found, scratch=scratch)
        hits = numpy.frombuffer(packed, numpy.int64) if packed else numpy.empty(0, numpy.int64)
        # Bytes are read at odd places too: what ends there is half of one unit and half of the next.
        hits = hits[hits & 1 == 0]
        return hits >> _BITS, (hits & (1 << _BITS) - 1) >> 1


def _syntax(expression: Expression) -> bytes:
    """Return what hyperscan is given for an expression; a word is written byte by byte, for a tenth of the cost."""
    if expression.literal is None:
        return byte_syntax(in_units(expression)).encode("ascii")
    return "".join(f"\\x{byte:02x}" for byte in expression.literal.encode("utf-16-be")).encode("ascii")


@lru_cache(32)
def _database(syntax: tuple[bytes, ...], numbers: tuple[int, ...]) -> Any:
    """Return a database of some expressions under their numbers; ValueError where they are too large.

    To make one takes seconds: whoever asks for the same again in this process, for another bucket say, gets the same.
    """
    import hyperscan

    database = hyperscan.Database(mode=hyperscan.HS_MODE_BLOCK)
    try:
        database.compile(syntax, ids=numbers, flags=0)
    except hyperscan.error as error:
        raise ValueError(str(error)) from None
    return database


def _compiles(syntax: bytes) -> bool:
    """Return whether one expression is small enough."""
    try:
        _database((syntax,), (0,))
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
