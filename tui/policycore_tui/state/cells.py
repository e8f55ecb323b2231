"""Fit foreign text into terminal cells: cleaned, never markup, never wider than its column, equally wide everywhere."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import accumulate

from rich.cells import cell_len

from policycore.text.clean import clean

__all__ = ["fit", "shown", "steady"]

# "…" is one cell here and two there (ambiguous width), so columns would break: two dots are two cells everywhere.
_DOTS = ".."
# Variation selectors and skin tones: some terminals join them to the emoji before, some do not.
_joined = re.compile("[\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0100-\U000e01ef]")
# Two regional indicators are a flag of two cells, or two letters of two cells each: letters are safe.
_indicator = re.compile("[\U0001f1e6-\U0001f1ff]")


def steady(text: str, limit: int) -> str:
    """Return foreign text cleaned, with nothing in it whose width terminals disagree about.

    ``…`` is one cell or two, so that what `clean` cut ends in two dots.
    """
    safe = clean(text, limit=limit)
    if safe.isascii():
        return safe
    safe = _joined.sub("", safe.replace("…", _DOTS))
    return _indicator.sub(lambda match: chr(ord(match[0]) - 0x1F1E6 + ord("A")), safe)


@lru_cache(maxsize=8192)
def shown(text: str) -> str:
    """Return foreign text as one line that is safe on a screen."""
    return " ".join(steady(text, 2000).split())


@lru_cache(maxsize=16384)
def fit(text: str, width: int, *, right: bool = False) -> str:
    """Return `text` as exactly `width` cells, cut with two dots or padded."""
    line = shown(text[:4096])
    if cell_len(line) > width:
        keep = max(0, width - len(_DOTS))
        line = line[: sum(used <= keep for used in accumulate(map(cell_len, line)))]
        # Characters may join into wider or narrower ones than each is alone.
        while line and cell_len(line) > keep:
            line = line[:-1]
        line += _DOTS[:width]
    padding = " " * (width - cell_len(line))
    return padding + line if right else line + padding
