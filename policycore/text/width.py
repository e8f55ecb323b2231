"""Measure and fit text in terminal cells: Chinese characters and emoji take two, combining marks none."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

__all__ = ["cut", "fill_line", "hanging", "width", "wrap"]

# A line does not begin with these, nor end with those (the usual rule of Chinese typesetting).
_not_first = frozenset("，。、；：？！）》」』】〉〕”’…—·,.;:?!)]}%")
_not_last = frozenset("（《「『【〈〔“‘([{")


# By default a variable of the environment would choose, and a report be another on another machine.
_UNICODE = "latest"


def width(text: str) -> int:
    """Return the cells that `text` takes on a terminal."""
    # Words and single signs come again and again while lines are broken.
    return _width(text) if len(text) > _SHORT else _known_width(text)


def _width(text: str) -> int:
    """Return the cells that `text` takes, measured."""
    from rich.cells import cell_len  # a quarter of what --version takes

    return cell_len(text, _UNICODE)


_SHORT = 12
_known_width = lru_cache(8192)(_width)


def cut(text: str, cells: int) -> str:
    """Return `text` in at most `cells` cells; ``…`` stands for what was left out."""
    if width(text) <= cells:
        return text
    if cells < 1:
        return ""
    return _head(text, cells - 1).rstrip() + "…"


def fill_line(text: str, cells: int) -> str:
    """Return `text` cut or padded with spaces to exactly `cells` cells."""
    text = cut(text, cells)
    return text + " " * (cells - width(text))


def wrap(text: str, cells: int) -> list[str]:
    """Return `text` in lines of at most `cells` cells, broken at spaces and between Chinese characters.

    A word longer than a line is broken where the line ends; nothing is lost but spaces at breaks.
    """
    cells = max(cells, 2)
    lines: list[str] = []
    line, used = "", 0
    for piece in _pieces(text):
        # The space after a word may stand beyond the edge: it goes when the line ends there.
        if used + width(piece.rstrip(" ")) > cells and line:
            lines.append(line.rstrip())
            line, used = "", 0
        if not line:
            piece = piece.lstrip(" ")
        while width(piece.rstrip(" ")) > cells:
            head = _head(piece, cells) or piece[0]
            lines.append(head)
            piece = piece[len(head) :]
        line += piece
        used += width(piece)
    if line.strip() or not lines:
        lines.append(line.rstrip())
    return lines


def hanging(label: str, text: str, cells: int) -> Iterator[str]:
    """Yield `text` beside its label in lines of `cells` cells; at least 20 of them are left to the text."""
    first, *others = wrap(text, max(20, cells - width(label)))
    yield label + first
    yield from (" " * width(label) + line for line in others)


def _head(text: str, cells: int) -> str:
    """Return the longest beginning of `text` that fits; characters that make up one sign stay together."""
    from rich.cells import split_graphemes

    used = end = 0
    for _start, stop, size in split_graphemes(text, _UNICODE)[0]:
        used += size
        if used > cells:
            break
        end = stop
    return text[:end]


def _pieces(text: str) -> Iterator[str]:
    """Yield what must stay together: words with the spaces after them, and single wide characters."""
    from rich.cells import split_graphemes

    piece, last, before = "", "", 0
    for start, stop, size in split_graphemes(text, _UNICODE)[0]:
        sign = text[start:stop]
        beside = size < 2 and before < 2 and last != " "
        if not piece or sign in _not_first or sign == " " or last in _not_last or beside:
            piece += sign
        else:
            yield piece
            piece = sign
        last, before = sign, size
    if piece:
        yield piece
