"""Show whole columns of texts as patterns see them: one buffer of 16-bit units, and the way back to the characters.

A buffer holds texts as `policycore.text.fold.spread` writes them, in UTF-16, big end first, with U+FFFF before, between
and behind them. Most texts fold one unit to one, so that a look-up in one table does it; the few that do not are
written once more, into a buffer of their own that remembers where each unit comes from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from policycore.text.expression import NO_CHARACTER
from policycore.text.fold import folds

if TYPE_CHECKING:
    import numpy
    import pyarrow

__all__ = ["View", "fold_array", "views"]

_EDGE = chr(NO_CHARACTER)
_IRREGULAR = 0xD800


@dataclass(frozen=True, slots=True)
class View:
    """Some texts in one buffer."""

    units: numpy.ndarray
    """16-bit units, big end first."""
    edges: numpy.ndarray
    """Where what is no character stands: text number n lies between edges n and n + 1."""
    rows: numpy.ndarray | None = None
    """The row of each text; None where they are all texts of the array in their order."""
    left_out: numpy.ndarray | None = None
    """Whether a text is to be read in another view; None where none is."""
    origin: numpy.ndarray | None = None
    """Of which character each unit is, counted from the beginning of its text; None where one is one."""

    def places(self, texts: numpy.ndarray, units: numpy.ndarray) -> numpy.ndarray:
        """Return of which character in its text each of `units` is; `texts` are their numbers."""
        places: numpy.ndarray = units - self.edges[texts] - 1 if self.origin is None else self.origin[units]
        return places


def views(array: pyarrow.Array) -> Iterator[View]:
    """Yield the texts of an array of strings; a null is an empty text."""
    import numpy
    import pyarrow
    import pyarrow.compute

    if not len(array):
        return
    units = _folded_units(_joined(array))
    # What is seldom there at all stands at the upper end: half characters, marks of the table, what is no character.
    upper = numpy.flatnonzero(units.view(numpy.uint8)[0::2] >= _IRREGULAR >> 8)
    values = units[upper]
    edges = upper[values == NO_CHARACTER]
    if len(edges) != len(array) + 1:
        yield from views(pyarrow.compute.replace_substring(array, _EDGE, "\ufffd"))
        return
    irregular = upper[values & 0xF800 == _IRREGULAR]
    if not len(irregular):
        yield View(units, edges)
        return
    left_out = numpy.zeros(len(array), bool)
    left_out[numpy.searchsorted(edges, irregular) - 1] = True
    yield View(units, edges, left_out=left_out)
    rows = numpy.flatnonzero(left_out)
    yield _spread_out(f"{_EDGE}{_joined(array.take(rows))}{_EDGE}", rows)


def fold_array(array: pyarrow.Array) -> pyarrow.Array:
    """Return an array of strings with every text folded one code point to one, as `fold` does; nulls stay."""
    import numpy
    import pyarrow
    import pyarrow.compute

    if not len(array):
        return array.cast(pyarrow.string())
    joined = _joined(pyarrow.compute.replace_substring(array.cast(pyarrow.string()), _EDGE, "\ufffd"))
    codes = _every_fold()[numpy.frombuffer(joined.encode("utf-32-le"), "<u4")]
    folded = pyarrow.array(str(codes.tobytes(), "utf-32-le").split(_EDGE), pyarrow.string())
    return pyarrow.compute.if_else(array.is_valid(), folded, None)


def _joined(array: pyarrow.Array) -> str:
    """Return the texts of `array` with what is no character between them."""
    import pyarrow
    import pyarrow.compute

    array = array.cast(pyarrow.string())  # wide and dictionary arrays too
    if array.null_count:
        array = array.fill_null("")
    one = pyarrow.LargeListArray.from_arrays([0, len(array)], array)
    joined = pyarrow.compute.binary_join(one, _EDGE)
    _, _, data = joined.buffers()
    return str(data, "utf-8") if data is not None else ""


def _folded_units(joined: str) -> numpy.ndarray:
    """Return the units of joined texts, folded where that is one to one, with an edge at either end."""
    import numpy

    read = numpy.frombuffer(joined.encode("utf-16-le"), "<u2")
    units = numpy.empty(len(read) + 2, ">u2")
    units[0] = units[-1] = NO_CHARACTER
    _table().take(read, out=units[1:-1], mode="clip")
    return units


def _spread_out(joined: str, rows: numpy.ndarray) -> View:
    """Return texts of which some characters take no unit, or several."""
    import numpy

    codes = numpy.frombuffer(joined.encode("utf-32-le"), "<u4")
    folded = _every_fold()[codes]
    several = _several()
    widths = numpy.ones(len(codes), numpy.uint8)
    widths[folded >= 0x10000] = 2
    odd = numpy.isin(folded, numpy.fromiter(several, "<u4", len(several)))
    texts = {int(code): several[int(code)] for code in numpy.unique(folded[odd])}
    for code, text in texts.items():
        widths[folded == code] = len(text)
    starts = numpy.zeros(len(codes) + 1, numpy.int64)
    numpy.cumsum(widths, out=starts[1:])
    units = numpy.zeros(starts[-1], ">u2")
    plain = (folded < 0x10000) & ~odd
    units[starts[:-1][plain]] = folded[plain]
    high = numpy.flatnonzero((folded >= 0x10000) & ~odd)
    units[starts[high]] = 0xD800 + (folded[high] - 0x10000 >> 10)
    units[starts[high] + 1] = 0xDC00 + (folded[high] & 0x3FF)
    for code, text in texts.items():
        for step, unit in enumerate(text):
            units[starts[:-1][folded == code] + step] = unit
    edges = numpy.flatnonzero(codes == NO_CHARACTER)
    character = numpy.arange(len(codes))
    text_of = numpy.searchsorted(edges, character) - 1
    origin = numpy.repeat(character - edges[numpy.maximum(text_of, 0)] - 1, widths)
    return View(units, starts[edges], rows=rows, origin=origin)


@cache
def _table() -> numpy.ndarray:
    """Return what becomes of each UTF-16 unit; one mark for all that is not one unit to one."""
    import numpy

    folded = _every_fold()[:0x10000]
    table = folded.astype(">u2")
    table[folded > 0xFFFF] = _IRREGULAR
    table[0xD800:0xE000] = _IRREGULAR
    table[numpy.isin(folded, [code for code in _several() if code < 0x10000])] = _IRREGULAR
    return table


@cache
def _every_fold() -> numpy.ndarray:
    """Return the one-to-one fold as an array over all code points."""
    import numpy

    lookup = numpy.arange(0x110000, dtype="<u4")
    table = folds().one
    lookup[list(table)] = list(table.values())
    return lookup


@cache
def _several() -> dict[int, Any]:
    """Return the code points that stand for several characters or none, with the UTF-16 units of those."""
    import numpy

    return {code: numpy.frombuffer(text.encode("utf-16-be"), ">u2") for code, text in folds().several.items()}
