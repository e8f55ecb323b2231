"""Fit foreign text into terminal cells: cleaned, never markup, never wider than its column."""

from __future__ import annotations

from functools import lru_cache

from rich.cells import cell_len, chop_cells

from policycore.text.clean import clean

__all__ = ["fit", "shown", "width_of", "wrapped"]

# "…" is one cell here and two there (ambiguous width), so columns would break: two dots are two cells everywhere.
_CUT = ".."


@lru_cache(maxsize=8192)
def shown(text: str) -> str:
    """Return foreign text as one line that is safe on a screen."""
    return " ".join(clean(text, limit=2000).split())


def width_of(text: str) -> int:
    """Return the cells that cleaned text takes."""
    return cell_len(text)


@lru_cache(maxsize=16384)
def fit(text: str, width: int, *, right: bool = False) -> str:
    """Return `text` as exactly `width` cells, cut with two dots or padded."""
    line = shown(text[:4096])
    cells = cell_len(line)
    if cells > width:
        keep = max(0, width - len(_CUT))
        taken, used = [], 0
        for character in line:
            step = cell_len(character)
            if used + step > keep:
                break
            taken.append(character)
            used += step
        line = "".join(taken) + _CUT[: width - used] if width >= len(_CUT) else _CUT[:width]
        cells = cell_len(line)
    padding = " " * (width - cells)
    return padding + line if right else line + padding


def wrapped(text: str, width: int) -> list[str]:
    """Return foreign text as lines of at most `width` cells; line breaks in it are kept."""
    lines: list[str] = []
    for line in clean(text, limit=20_000).splitlines() or [""]:
        pieces = chop_cells(line, max(2, width)) if line else [""]
        lines.extend(pieces)
    return lines
