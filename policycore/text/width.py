"""Measure and fit text in terminal cells: Chinese characters take two, combining marks none."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

__all__ = ["cut", "fill_line", "width", "wrap"]

# A line does not begin with these, nor end with those (the usual rule of Chinese typesetting).
_not_first = frozenset("，。、；：？！）》」』】〉〕”’…—·,.;:?!)]}%")
_not_last = frozenset("（《「『【〈〔“‘([{")


def _cells(character: str) -> int:
    """Return the cells that one character takes."""
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def width(text: str) -> int:
    """Return the cells that `text` takes on a terminal."""
    return len(text) if text.isascii() else sum(map(_cells, text))


def cut(text: str, cells: int) -> str:
    """Return `text` in at most `cells` cells; ``…`` stands for what was left out."""
    if width(text) <= cells:
        return text
    if cells < 1:
        return ""
    kept, left = [], cells - 1
    for character in text:
        left -= _cells(character)
        if left < 0:
            break
        kept.append(character)
    return "".join(kept).rstrip() + "…"


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
            head = _head(piece, cells)
            lines.append(head)
            piece = piece[len(head) :]
        line += piece
        used += width(piece)
    if line.strip() or not lines:
        lines.append(line.rstrip())
    return lines


def _head(text: str, cells: int) -> str:
    """Return the longest beginning of `text` that fits, at least one character."""
    used = 0
    for place, character in enumerate(text):
        used += _cells(character)
        if used > cells:
            return text[: max(place, 1)]
    return text


def _pieces(text: str) -> Iterator[str]:
    """Yield what must stay together: words with the spaces after them, and single wide characters."""
    piece = ""
    for character in text:
        joins = (
            not piece
            or character in _not_first
            or character == " "
            or piece[-1] in _not_last
            or (_cells(character) < 2 and _cells(piece[-1]) < 2 and piece[-1] != " ")
        )
        if joins:
            piece += character
        else:
            yield piece
            piece = character
    if piece:
        yield piece
