"""Know a clause by what people type: ``一（二）``, ``1.2`` and ``第一条 (二)`` are ``一(二)``."""

from __future__ import annotations

import re
from collections.abc import Iterable

from policycore.text.fold import fold

__all__ = ["clause_named", "clauses_meant"]

_NUMERALS = "零一二三四五六七八九"
_numeral = re.compile(r"[零一二三四五六七八九十]+")
_blank = re.compile(r"[\s\u200b]+")
_between = re.compile(r"[第条款项、.()\-]+")


def clauses_meant(typed: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return which of the `known` clauses `typed` means: one, or all those below it; none where it means none.

    Width, spaces, 第…条 and whether a number is Chinese make no difference where no two clauses differ in them alone.
    """
    names, asked = list(dict.fromkeys(known)), _plain(typed)
    one = clause_named(typed, names)
    if one is not None or not asked:
        return () if one is None else (one,)
    below = re.compile(re.escape(asked) + r"(?![0-9])")
    return tuple(name for name in names if below.match(_plain(name)))


def clause_named(typed: str, known: Iterable[str]) -> str | None:
    """Return the one of the `known` clauses that `typed` means itself, None where that is none or several."""
    names, asked = list(dict.fromkeys(known)), _plain(typed)
    same = [typed] if typed in names else [name for name in names if asked and _plain(name) == asked]
    return same[0] if len(same) == 1 else None


def _plain(text: str) -> str:
    """Return a clause with its numbers Arabic and one full stop between its parts, whatever stood there."""
    parts = _between.sub(".", _blank.sub("", fold(text).casefold())).strip(".")
    return _numeral.sub(lambda found: str(_number(found[0])), parts)


def _number(numeral: str) -> int:
    """Return the number, below a hundred, that a Chinese numeral means."""
    tens, ten, ones = numeral.rpartition("十")
    if ten:
        return (_NUMERALS.find(tens) if tens else 1) * 10 + (max(0, _NUMERALS.find(ones)) if ones else 0)
    return int("".join(str(_NUMERALS.index(digit)) for digit in numeral))
