"""Decide what may be shown of a text: the one way for words of people out of the estate.

What bears a classification mark is not shown at all: ``[机密 4+6/12 #…]`` stands in its place, which says level, place
(from 1) and length of the mark, the length of the whole and, where there is a key, its keyed hash. In all other texts
personal numbers are masked.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from policycore.errors import Problem
from policycore.system.traces import words_of
from policycore.text.fold import fold
from policycore.text.marks.disguise import ESCAPED_PATTERN
from policycore.text.marks.encoded import ENCODED_PATTERN, decoded
from policycore.text.marks.grammar import LEVEL_PATTERN, Mark, find_bare_words, find_marks, find_written_levels
from policycore.text.mask import holds_nothing, mask

__all__ = [
    "MAY_BEAR_PATTERN",
    "Borne",
    "borne_mark",
    "is_withheld",
    "key_id",
    "keyed_hash",
    "shown",
    "shown_id",
    "shown_line",
    "shown_problem",
    "shown_words",
]

_may_bear = re.compile(f"{LEVEL_PATTERN}|{ESCAPED_PATTERN}")
_may_be_encoded = re.compile(ENCODED_PATTERN)
MAY_BEAR_PATTERN = rf"[^\x00-\x7f]|[&\\]|{ENCODED_PATTERN}"
"""What every text has in it that bears a mark, in the linear dialect."""
_withheld = re.compile(r"\[(?:绝密|机密|秘密) [0-9]+\+[0-9]+/[0-9]+(?: #[0-9a-f]{32})?\]")
_clause = re.compile(r"[^\r\n/\\:：,，;；。“”\"'「」『』]+")


class Borne(NamedTuple):
    """The first mark of a text: its level, and where it stands."""

    category: str
    offset: int
    length: int


def borne_mark(text: str) -> Borne | None:
    """Return the first classification mark that `text` bears, plain, disguised or encoded; None where it bears none."""
    if not text.isascii() or "&" in text or "%" in text or "\\" in text:
        folded = fold(text)
        if _may_bear.search(folded):
            for mark in _marks_in(folded, text):
                return Borne(mark.category, mark.offset, mark.length)
    if _may_be_encoded.search(text):
        for said, offset, length in decoded(text):
            for mark in find_marks(fold(said), said):
                return Borne(mark.category, offset, length)
    return None


def _marks_in(folded: str, text: str) -> Iterator[Mark]:
    """Yield what marks a text as secret in any way, the surest first."""
    yield from find_marks(folded, text)
    yield from find_bare_words(folded)
    yield from find_written_levels(folded, sure=True)


def keyed_hash(text: str, key: bytes) -> str:
    """Return the keyed hash of a text, HMAC-SHA-256 in 32 hexadecimal digits: proof of what was seen, no copy of it."""
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), "sha256").hexdigest()[:32]


def key_id(key: bytes) -> str:
    """Return what a key for keyed hashes is known by: it tells which one was used, and nothing of it."""
    return hashlib.sha256(b"policycore-evidence-key\0" + key).hexdigest()[:12]


def shown(text: str, key: bytes | None = None) -> str:
    """Return `text` as it may be shown anywhere; showing twice changes nothing.

    Without a `key` what stands in place of a mark has no hash, because a plain hash of short text is soon guessed.
    """
    if holds_nothing(text):
        return text
    mark = borne_mark(text)
    return mask(text) if mark is None else _in_its_place(text, mark, key)


def shown_id(number: str, key: bytes | None = None) -> str:
    """Return an id as it may be shown: whole, for it tells rows apart, unless it bears a mark."""
    mark = borne_mark(number)
    return number if mark is None else _in_its_place(number, mark, key)


def shown_line(line: str) -> str:
    """Return a sentence that quotes texts as it may be shown: of one that bears a mark, the clause goes."""
    while (mark := borne_mark(line)) is not None:
        begin, end = mark.offset, mark.offset + mark.length
        for clause in _clause.finditer(line):
            if clause.start() < end and clause.end() > begin:
                begin, end = min(begin, clause.start()), max(end, clause.end())
        line = f"{line[:begin]}{_in_its_place(line[begin:end], mark._replace(offset=mark.offset - begin))}{line[end:]}"
    return mask(line)


def shown_problem(problem: Problem) -> Problem:
    """Return a problem whose sentences quote texts as they may be shown."""
    what, why, fix = map(shown_line, (problem.what, problem.why, problem.fix))
    return replace(problem, what=what, why=why, fix=fix)


def shown_words(error: BaseException) -> str:
    """Return kind and first line of an error as it may be shown; code that raises it may quote any text in it."""
    return words_of(error, shown)


def is_withheld(text: str) -> bool:
    """Return whether `text` is what stands in the place of one that bears a mark."""
    return _withheld.fullmatch(text) is not None


def _in_its_place(text: str, mark: Borne, key: bytes | None = None) -> str:
    """Return what stands in the place of a text that bears a mark."""
    proof = "" if key is None else f" #{keyed_hash(text, key)}"
    return f"[{mark.category} {mark.offset + 1}+{mark.length}/{len(text)}{proof}]"
