"""Give the pinyin initials of Chinese names, so that ``jwc`` finds 教务处."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache

__all__ = ["initials", "initials_of"]


_BETWEEN = "\x1e"
# What comes before has no reading.
_may_be_read = re.compile("[\u2e80-\U0010ffff]")


@lru_cache(maxsize=20_000)  # a department's name stands in thousands of findings
def initials(text: str) -> str:
    """Return the first letters of the pinyin of `text`, ASCII letters and digits as they are.

    A character with several readings counts with its most frequent one (重庆 gives ``zq``): which
    one holds depends on the word, and the dictionary of words costs half a second to load. Other
    characters are left out. Empty when `text` has no Chinese character.
    """
    return initials_of([text])[0]


def initials_of(texts: Sequence[str]) -> list[str]:
    """Return the initials of many texts, worked out in one step."""
    letters, found = _letters(), [""] * len(texts)
    places = [place for place, text in enumerate(texts) if _may_be_read.search(text)]
    joined = _BETWEEN.join(texts[place].replace(_BETWEEN, "") for place in places)
    for place, translated in zip(places, joined.translate(letters).split(_BETWEEN), strict=False):
        if any(letters[ord(character)] for character in _may_be_read.findall(texts[place])):
            found[place] = translated
    return found


class _Letters(dict[int, str]):
    """The letter, or nothing, of every code point that was asked for."""

    def __missing__(self, code_point: int) -> str:
        """Find one character's letter."""
        character = chr(code_point)
        if character == _BETWEEN:
            letter = character
        elif character.isascii():
            letter = character.lower() if character.isalnum() else ""
        else:
            letter = unicodedata.normalize("NFD", _readings().get(code_point, "")[:1])[:1].lower()
        self[code_point] = letter
        return letter


@cache
def _letters() -> _Letters:
    """Return the letters that are known so far: whole names are translated by them at once."""
    return _Letters()


@cache
def _readings() -> dict[int, str]:
    """Return the readings of single characters, most frequent first, by code point."""
    # The phrase dictionary is five times the size and is not needed for single characters.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin.pinyin_dict import pinyin_dict

    readings: dict[int, str] = pinyin_dict
    return readings
