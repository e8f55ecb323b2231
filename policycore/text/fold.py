r"""Fold spellings to one, so that a pattern needs one form.

Full to half width, traditional to simplified, compatibility forms, every digit (①, Ⅰ, ٣, 𝟗) to
ASCII, every space to a space, every line end to ``\n``; stars, asterisks, dashes, dots between
names and apostrophes of every shape each to one; accents go, and letters of other scripts that look
like an ASCII letter, or like one common Chinese character, become that one. Letter case and Chinese
numerals stay: they mean different things to different rules.

`fold` works one code point to one, so that offsets stay true; what the eye does not see (zero width,
bidi, variation selectors, controls) becomes U+200B. What is not one to one (㈱, ﬁ, ⑩, marks drawn over
a letter, and what is not seen) is spread by `spread`, which is what patterns are matched on.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import NamedTuple

__all__ = ["ZERO_WIDTH", "Folds", "fold", "folds", "spread"]

ZERO_WIDTH = "\u200b"
"""What every invisible character becomes."""

_SHORT, _REMEMBERED = 200, 1 << 15
"""Characters and number of the texts whose fold is remembered, in some 30 MB: several rules look at each message."""
# ASCII text without tabs and controls folds to itself.
_stays = re.compile(r"[\n\x20-\x7e]*\Z")


class Folds(NamedTuple):
    """What becomes of code points: of those in `one` another one, of those in `several` a text, perhaps none."""

    one: dict[int, int]
    several: dict[int, str]


def fold(text: str) -> str:
    """Return `text` with every code point folded; the length stays, folding twice changes nothing."""
    return _folded(text) if len(text) <= _SHORT else _folded.__wrapped__(text)


@lru_cache(_REMEMBERED)
def _folded(text: str) -> str:
    """Return `text` folded."""
    return text if _stays.match(text) else text.translate(folds().one)


def spread(text: str) -> str:
    """Return `text` folded, without what is not seen, and with what stands for several characters written out."""
    return text if _stays.match(text) else text.translate(_spreads())


@cache
def folds() -> Folds:
    """Return the table (sources: head of fold_table.txt)."""
    from importlib.resources import files

    table = Folds({}, {})
    for line in files(__package__).joinpath("fold_table.txt").read_text(encoding="ascii").splitlines():
        if line.startswith("#"):
            continue
        first, count, target = line.split()
        start, way, end = int(first, 16), target[0], target[1:]
        if way == ">":
            table.several[start] = "".join(chr(int(code, 16)) for code in end.split(",") if code)
        else:
            step, goal = int(way == "+"), int(end, 16)
            table.one.update({start + index: goal + index * step for index in range(int(count, 16))})
    return table


@cache
def _spreads() -> dict[int, int | str]:
    """Return what `spread` makes of code points; what is invisible goes by way of U+200B."""
    one, several = folds()
    return {**{code: several.get(goal, goal) for code, goal in one.items()}, **several}
