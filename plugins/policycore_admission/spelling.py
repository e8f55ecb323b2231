"""Take a display name, or a name of the directory, down to the letters that matter, and keep the gaps between them.

Names are compared by their letters: width, letter case, traditional forms, accents, spaces, dots,
dashes, brackets and whatever the eye does not see make no other name. Any character that is none of
these counts as a letter, so that a name in a rare, private-use or newest character is found as it
stands in the directory; only what nobody's name accounts for is then asked what it is.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from policycore import ZERO_WIDTH, fold

__all__ = [
    "BRACKETS",
    "DOTS",
    "SEPARATORS",
    "Spelling",
    "has_phone",
    "has_symbol",
    "is_word",
    "key",
    "keys",
    "spelled",
]

SEPARATORS = (
    "", "-", "—", "–", "‐", "−", "_", " ", "·", ".", "+", "/", "\\", "|", "丨", "│", ":", ",", "、", "~", "&", "@", ";",
)  # fmt: skip
BRACKETS = ("()", "[]", "{}", "【】", "〔〕", "〖〗", "<>", "《》", "「」", "『』", "“”")
GAPS = " -_·.་༌+/|:,、~&@;'\"“”()[]【】〔〕<>〖〗《》「」『』{}" + ZERO_WIDTH
"""What may stand between two letters and is none, after folding."""
DOTS = "。*〇⚫⚬°˚❖"
"""What else is typed for the dot inside a name that has one, after folding."""

_accents = re.compile("[\u0300-\u036f]")
_gaps = str.maketrans(dict.fromkeys(GAPS))
# Letters with a stroke, which no table takes apart, as passports write them.
_strokes = str.maketrans({"đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th"})
_digits = str.maketrans("〇零一二两三四五六七八九", "001223456789")
_mobile = re.compile(r"1[3-9][0-9]{9}")
_long_number = re.compile(r"[0-9]{7}")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A display name as it is read: its letters, and what stands before each of them and at the end."""

    letters: str
    gaps: tuple[str, ...]


def _plain(text: str) -> str:
    """Return `text` folded, in compatibility form, lower case and without accents."""
    folded = fold(unicodedata.normalize("NFKC", fold(text)))
    if folded.isascii():
        return folded.lower()
    plain = unicodedata.normalize("NFC", _accents.sub("", unicodedata.normalize("NFD", folded.casefold())))
    return fold(plain.translate(_strokes))  # a small letter may look like another one than its capital


def key(text: str) -> str:
    """Return the letters of `text` by which names are compared."""
    return _plain(text).replace("\n", "").translate(_gaps)


def keys(texts: str) -> set[str]:
    """Return the keys of `texts`, one on each line, for a fraction of what one after the other costs."""
    return set(_plain(texts).translate(_gaps).split("\n")) - {""}


def spelled(text: str, extra: str = "") -> Spelling:
    """Return the letters of `text` with the gaps between them; the characters in `extra` are gaps too."""
    letters: list[str] = []
    gaps: list[str] = [""]
    for character in _plain(text).replace("\n", " "):
        if character in GAPS or character in extra:
            if character != ZERO_WIDTH:
                gaps[-1] += character
        else:
            letters.append(character)
            gaps.append("")
    return Spelling("".join(letters), tuple(gaps))


def has_phone(letters: str) -> bool:
    """Return whether a telephone number or another long number stands in `letters`, in Chinese numerals too."""
    digits = letters.translate(_digits)
    return _mobile.search(digits) is not None or _long_number.search(letters) is not None


def has_symbol(letters: str) -> bool:
    """Return whether an emoji or another sign that is part of no script stands in `letters`."""
    return not letters.isalnum() and any(_is_symbol(letter) for letter in letters)


def is_word(letters: str) -> bool:
    """Return whether `letters` holds nothing but letters, marks and digits."""
    return letters.isalnum() or all(_is_letter(letter) for letter in letters)


@lru_cache(4096)
def _is_letter(character: str) -> bool:
    """Return whether a character is a letter, mark or digit, or may be one that is newer than our tables."""
    category = unicodedata.category(character)
    newest = category == "Cn" and 0x20000 <= ord(character) < 0x40000
    return category[0] in "LMN" or category == "Co" or newest


@lru_cache(4096)
def _is_symbol(character: str) -> bool:
    """Return whether a character is an emoji, another symbol, or nothing that any script knows."""
    return unicodedata.category(character) in ("So", "Sk", "Cs", "Cn") and not _is_letter(character)
