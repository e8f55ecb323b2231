r"""Fold spellings one code point to one, so that a pattern needs one form and offsets stay true.

Full to half width, traditional to simplified, compatibility forms, every digit (①, Ⅰ, ٣, 𝟗) to
ASCII, every space to a space, every line end to ``\n``; stars, asterisks, dashes, dots between
names and apostrophes of every shape each to one. What the eye does not see (zero width, bidi,
variation selectors, controls) becomes U+200B, so that the length is kept: a pattern that must see
through it writes ``\x{200B}*`` between its characters. Letter case, Chinese numerals and letters of
other scripts that look alike stay: they mean different things to different rules.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy
    import pyarrow

__all__ = ["ZERO_WIDTH", "fold", "fold_array", "fold_table"]

ZERO_WIDTH = "\u200b"
"""What every invisible character becomes."""

# ASCII text without tabs and controls folds to itself.
_stays = re.compile(r"[\n\x20-\x7e]*\Z")


def fold(text: str) -> str:
    """Return `text` with every code point folded; the length stays, folding twice changes nothing."""
    return text if _stays.match(text) else text.translate(fold_table())


@cache
def fold_table() -> dict[int, int]:
    """Return the code points that change and what they become (sources: head of fold_table.txt)."""
    from importlib.resources import files

    table: dict[int, int] = {}
    for line in files(__package__).joinpath("fold_table.txt").read_text(encoding="ascii").splitlines():
        if line.startswith("#"):
            continue
        first, count, target = line.split()
        start, step, end = int(first, 16), int(target[0] == "+"), int(target[1:], 16)
        table.update({start + index: end + index * step for index in range(int(count, 16))})
    return table


def fold_array(array: pyarrow.StringArray) -> pyarrow.StringArray:
    """Return `array` with every text folded, at the speed of a table look-up over one buffer."""
    import numpy
    import pyarrow
    import pyarrow.compute

    if len(array) == 0 or array.null_count == len(array):
        return array
    wide = pyarrow.types.is_large_string(array.type)
    validity, offset_buffer, data = array.buffers()
    size = numpy.dtype(numpy.int64 if wide else numpy.int32)
    offsets = numpy.frombuffer(offset_buffer, size, len(array) + 1, array.offset * size.itemsize)
    if data is None or offsets[0] == offsets[-1]:
        return array
    content = memoryview(data)[offsets[0] : offsets[-1]]
    codes = numpy.frombuffer(str(content, "utf-8").encode("utf-32-le"), "<u4")
    folded = _lookup()[codes]
    if numpy.array_equal(codes, folded):
        return array
    # Lengths without the validity bitmap: a null slot may still hold bytes.
    bare = pyarrow.Array.from_buffers(array.type, len(array), [None, offset_buffer, data], offset=array.offset)
    ends = numpy.cumsum(pyarrow.compute.utf8_length(bare).to_numpy(zero_copy_only=False), dtype=numpy.int64)
    new_offsets = numpy.zeros(len(array) + 1, size)
    new_offsets[1:] = _byte_ends(folded)[ends - 1] if len(codes) else 0
    new_offsets[1:][ends == 0] = 0
    new_data = str(folded.tobytes(), "utf-32-le").encode("utf-8")
    if array.offset and validity is not None:
        validity = pyarrow.compute.is_valid(array).buffers()[1]
    buffers = [validity, pyarrow.py_buffer(new_offsets), pyarrow.py_buffer(new_data)]
    return pyarrow.Array.from_buffers(array.type, len(array), buffers, null_count=array.null_count)


@cache
def _lookup() -> numpy.ndarray:
    """Return the table as one array over all code points."""
    import numpy

    lookup = numpy.arange(0x110000, dtype="<u4")
    table = fold_table()
    lookup[list(table)] = list(table.values())
    return lookup


def _byte_ends(codes: numpy.ndarray) -> numpy.ndarray:
    """Return for each code point where its UTF-8 form ends."""
    import numpy

    widths = numpy.ones(len(codes), numpy.uint8)
    for first in (0x80, 0x800, 0x10000):
        widths += codes >= first
    return numpy.cumsum(widths, dtype=numpy.int64)
