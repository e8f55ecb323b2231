"""Fit foreign text into terminal cells: cleaned, never markup, never wider than its column."""

from __future__ import annotations

from functools import lru_cache

from rich.cells import cell_len

from policycore_tui.state.steady import steady

__all__ = ["fit", "shown", "width_of"]

# "…" is one cell here and two there (ambiguous width), so columns would break: two dots are two cells everywhere.
_DOTS = ".."


@lru_cache(maxsize=8192)
def shown(text: str) -> str:
    """Return foreign text as one line that is safe on a screen."""
    return " ".join(steady(text, 2000).split())


def width_of(text: str) -> int:
    """Return the cells that cleaned text takes."""
    return cell_len(text)


@lru_cache(maxsize=16384)
def fit(text: str, width: int, *, right: bool = False) -> str:
    """Return `text` as exactly `width` cells, cut with two dots or padded."""
    line = shown(text[:4096])
    if cell_len(line) > width:
        line = _cut(line, width)
    padding = " " * (width - cell_len(line))
    return padding + line if right else line + padding


def _cut(line: str, width: int) -> str:
    """Return the beginning of `line` and two dots, together at most `width` cells."""
    keep = max(0, width - len(_DOTS))
    taken, used = "", 0
    for character in line:
        used += cell_len(character)
        if used > keep:
            break
        taken += character
    # Characters may join into wider or narrower ones than each is alone.
    while taken and cell_len(taken) > keep:
        taken = taken[:-1]
    return (taken + _DOTS)[: len(taken) + min(len(_DOTS), width)]
