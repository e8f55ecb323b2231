"""Give the pinyin initials of Chinese names, so that ``jwc`` finds 教务处."""

from __future__ import annotations

import os
import unicodedata
from functools import cache, lru_cache

__all__ = ["initials"]


@lru_cache(maxsize=20_000)  # a department's name stands in thousands of findings
def initials(text: str) -> str:
    """Return the first letters of the pinyin of `text`, ASCII letters and digits as they are.

    A character with several readings counts with its most frequent one (重庆 gives ``zq``): which
    one holds depends on the word, and the dictionary of words costs half a second to load. Other
    characters are left out. Empty when `text` has no Chinese character.
    """
    letters = [_letter(character) for character in text]
    if not any(letter and character > "\u2e7f" for letter, character in zip(letters, text, strict=True)):
        return ""
    return "".join(letters)


@cache
def _letter(character: str) -> str:
    """Return one character's letter, or nothing."""
    if character.isascii():
        return character.lower() if character.isalnum() else ""
    reading = _readings().get(ord(character), "")
    return unicodedata.normalize("NFD", reading[:1])[:1].lower()


@cache
def _readings() -> dict[int, str]:
    """Return the readings of single characters, most frequent first, by code point."""
    # The phrase dictionary is five times the size and is not needed for single characters.
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin.pinyin_dict import pinyin_dict

    readings: dict[int, str] = pinyin_dict
    return readings
