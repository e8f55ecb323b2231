"""Make foreign text safe for any screen: the one filter at the border."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["clean"]

MARKS_IN_A_ROW = 3
"""Combining marks kept after one another; the scripts in use need two, stacked "zalgo" text hundreds."""

# Marks are no word characters, so only such runs need a look at each character's category.
_may_hold_marks = re.compile(rf"[^\w\s]{{{MARKS_IN_A_ROW + 1},}}")


def clean(text: str, *, limit: int | None = None) -> str:
    """Return `text` with nothing in it that acts on a terminal or hides from the eye.

    Line ends, tabs and unusual spaces become a space; format characters (bidi overrides, zero
    width, joiners) go; controls, surrogates, private and unassigned code points become ``?``; long
    runs of combining marks are cut. With `limit` the result has at most so many code points, the
    last of which is ``…`` where something was left out. Cleaning twice changes nothing.
    """
    if not text.isprintable():
        text = "".join(character if character.isprintable() else _stand_in(character) for character in text)
    if not text.isascii():
        text = _may_hold_marks.sub(_shorten_marks, text)
    if limit is not None and len(text) > limit:
        return text[: limit - 1] + "…" if limit > 0 else ""
    return text


def _stand_in(character: str) -> str:
    """Return what stands in for a character that cannot be printed."""
    category = unicodedata.category(character)
    if category[0] == "Z" or character in "\t\n\v\f\r\x85":
        return " "
    return "" if category == "Cf" else "?"


def _shorten_marks(run: re.Match[str]) -> str:
    """Return the run with at most `MARKS_IN_A_ROW` combining marks after one another."""
    kept, marks = [], 0
    for character in run[0]:
        marks = marks + 1 if unicodedata.category(character)[0] == "M" else 0
        if marks <= MARKS_IN_A_ROW:
            kept.append(character)
    return "".join(kept)
