"""Find out how a text file is encoded, and refuse it rather than read it wrongly."""

from __future__ import annotations

import codecs
import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from policycore.errors import DataError, Place
from policycore.estate.problems import problem
from policycore.system.refusals import refusal_words

__all__ = ["Survey", "as_utf8", "mapped", "refuse_bad_utf8", "survey"]

_BLOCK = 8 * 1024 * 1024
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Survey:
    """What one pass over the bytes of a file saw, to choose the way of reading it."""

    quotes: int
    nul: bool
    blank_lines: bool


@contextmanager
def mapped(path: Path, name: str) -> Iterator[bytes | mmap.mmap]:
    """Offer the bytes of a file without copying them; DataError when it cannot be read."""
    try:
        with path.open("rb") as stream:
            # An empty file cannot be mapped.
            if path.stat().st_size == 0:
                yield b""
                return
            data = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        reason = refusal_words(error)
        raise DataError(problem("unreadable", Place(name), reason=reason)) from None
    yield data


def _let_go(data: bytes | mmap.mmap) -> None:
    """Give back the memory of a mapped file's pages that were read: they come again from the file."""
    if isinstance(data, mmap.mmap) and hasattr(data, "madvise"):
        data.madvise(mmap.MADV_DONTNEED)


def survey(data: bytes | mmap.mmap) -> Survey:
    """Count quotes and look for NUL bytes and blank lines."""
    quotes, nul, blank = 0, False, False
    for start in range(0, len(data), _BLOCK):
        # Three bytes more, so that a blank line across two blocks is seen.
        block = data[start : start + _BLOCK + 3]
        quotes += block.count(b'"', 0, _BLOCK)
        nul = nul or b"\0" in block
        blank = blank or b"\n\n" in block or b"\n\r\n" in block or b"\r\r" in block
        _let_go(data)
    return Survey(quotes, nul, blank)


def as_utf8(data: bytes | mmap.mmap, name: str) -> bytes | mmap.mmap:
    """Return the text of a file as UTF-8 bytes without a byte order mark.

    UTF-8 comes back as it is, UTF-16 (by its mark) and GBK/GB18030 are converted. Bytes that fit
    none, or that look like UTF-8 with damage, are a DataError that names the line.
    """
    if data[:2] in _UTF16:
        try:
            return data[:].decode("utf-16").encode()
        except UnicodeDecodeError as error:
            raise _damaged(data, error.start, name) from None
    start = 3 if data[:3] == codecs.BOM_UTF8 else 0
    fault = _first_fault(data, start)
    if fault is None:
        return data[start:] if start else data
    text = data[start:]
    # Characters beyond ASCII that are whole UTF-8, and bytes that are not.
    sample = text[: 2 * _BLOCK].decode("utf-8", errors="replace")
    wrong = sample.count("\ufffd")
    if start or sum(1 for character in sample if character > "\x7f") - wrong > wrong:
        raise _damaged(data, fault, name)
    try:
        return text.decode("gb18030").encode()
    except UnicodeDecodeError as error:
        raise _damaged(data, error.start, name) from None


def refuse_bad_utf8(data: bytes | mmap.mmap, name: str) -> None:
    """Raise DataError naming the first line that is not UTF-8."""
    fault = _first_fault(data, 0)
    if fault is not None:
        raise _damaged(data, fault, name)


def _first_fault(data: bytes | mmap.mmap, start: int) -> int | None:
    """Return the offset of the first byte that is not UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    for offset in range(start, len(data), _BLOCK):
        block = data[offset : offset + _BLOCK]
        waiting = len(decoder.getstate()[0])
        try:
            decoder.decode(block, final=offset + _BLOCK >= len(data))
        except UnicodeDecodeError as error:
            return offset - waiting + error.start
        _let_go(data)
    return None


def _damaged(data: bytes | mmap.mmap, offset: int, name: str) -> DataError:
    line = data[:offset].count(b"\n") + 1
    return DataError(problem("encoding", Place(name, line, 1), offset=offset))
