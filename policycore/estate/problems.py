"""Word the problems of an estate: texts from the catalogue, foreign values short, clean and as they may be shown."""

from __future__ import annotations

import re
from dataclasses import replace

from policycore.errors import Place, Problem
from policycore.estate.catalogue import TEXTS
from policycore.language import say

__all__ = ["PRINTED", "cap", "excerpt", "problem"]

# Printing a million identical lines helps nobody; the exact count of the rest is always said.
PRINTED = 200
_SHOWN = 60


_unseen = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")


def excerpt(value: object) -> str:
    """Return a foreign value fit for a message: as it may be shown, clean, at most 60 characters."""
    from policycore.text.clean import clean
    from policycore.text.shown import shown

    # Rows that slipped put messages into any column: the whole is looked at, not what is quoted of it.
    # What has no width is named: the word beside it looks right.
    text = clean(_unseen.sub(lambda found: f"<U+{ord(found[0]):04X}>", shown(str(value))))
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def problem(key: str, place: Place | None = None, /, *, suggested: str = "", **values: object) -> Problem:
    """Return the problem whose texts are ``estate.<key>``, ``.why`` and ``.fix`` in the catalogue.

    `suggested` replaces the general advice where a better one is known. A tuple is a list of foreign values.
    """
    code = f"estate.{key}"
    words = {name: _worded(value) for name, value in values.items()}
    why = say(f"{code}.why", **words) if f"{code}.why" in TEXTS else ""
    fix = suggested or (say(f"{code}.fix", **words) if f"{code}.fix" in TEXTS else "")
    return Problem(code, say(code, **words), why, fix, _safe(place))


def _safe(place: Place | None) -> Place | None:
    """Return a place whose file may be named as it is; of a name that bears a mark the words it stands in go."""
    if place is None or place.file.isascii():
        return place
    from policycore.text.shown import borne_mark, shown_line

    return replace(place, file=shown_line(place.file)) if borne_mark(place.file) else place


def _worded(value: object) -> object:
    if isinstance(value, tuple):
        return say("estate.list").join(map(excerpt, value))
    return excerpt(value) if isinstance(value, str) else value


def cap(problems: list[Problem], total: int | None = None) -> tuple[Problem, ...]:
    """Return the first problems and, where there are more, one that counts the rest exactly."""
    count = len(problems) if total is None else total
    shown = problems[:PRINTED]
    if count > len(shown):
        shown = [*shown, problem("more", count=count - len(shown))]
    return tuple(shown)
