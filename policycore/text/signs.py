"""Find what a text must hold for an expression to match in it, so that one pass over all texts can look for that.

An expression may say anything that `re` offers, looks around in its middle too, which no engine matches in linear
time. Its signs are words, or where it has none of two characters expressions in the linear dialect, of which every text
that it matches holds one: the way of Russ Cox, "Regular Expression Matching with a Trigram Index" (2012), with words in
the place of trigrams.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from re import _constants as op  # type: ignore[attr-defined] # the parser of the library itself
from re import _parser as parser  # type: ignore[attr-defined] # as above
from typing import Any

__all__ = ["Signs", "signs_of"]

_MOST = 600
"""Words that stand for one expression at most."""
_WIDEST = 24
"""Characters of a class that are written out."""
_CLEAR = 2
"""Characters of a word that is rare enough to look for."""
_common = re.compile(
    r"一个|一下|一起|不是|不能|不要|不可|不得|不让|不给|只要|只能|还有|没有"
    r"|可以|知道|什么|怎么|这个|那个|时候|现在|已经|就是|要是|我们|你们|他们"
    r"|大家|自己|有人|帮我|叫我|让我|给我|我的|你的|说的|讲的|听的|要的|做的"
    r"|说是|听说|看到|看过|看了|听过|用了|上面|外面|里面|马上|今天|明天|晚上"
    r"|都在|在群|群里"
)
"""Words that stand in so many texts that another sign is better where an expression has one."""

Texts = frozenset[str]


@dataclass(frozen=True, slots=True)
class Signs:
    """What a text holds in which something is said, and the numbers of the expressions that may say it then."""

    words: Mapping[str, tuple[int, ...]]
    shapes: Mapping[str, tuple[int, ...]]
    """Expressions in the linear dialect, for what has no clear words."""


@lru_cache(256)  # asked anew for every rule set and every bucket
def signs_of(expressions: tuple[str, ...]) -> Signs:
    """Return the signs of `expressions`, which `re` reads."""
    words: dict[str, set[int]] = {}
    shapes: dict[str, set[int]] = {}
    for number, expression in enumerate(expressions):
        for one in _alternatives(expression):
            found = _needed(_row(parser.parse(one)))
            clear = found and min(map(len, found)) >= _CLEAR
            for sign in found if found and clear else (_broad.sub(_any_number, one),):
                (words if clear else shapes).setdefault(sign, set()).add(number)
    for word in list(words):
        shorter = next((one for one in _within(word) if one in words), None)
        if shorter is not None:
            words[shorter] |= words.pop(word)
    return Signs(*({sign: tuple(sorted(found[sign])) for sign in sorted(found)} for found in (words, shapes)))


def _within(word: str) -> Iterator[str]:
    """Yield what stands in a word and is shorter, the shortest first."""
    for length in range(_CLEAR, len(word)):
        for first in range(len(word) - length + 1):
            yield word[first : first + length]


@dataclass(frozen=True, slots=True)
class _Part:
    """What a part of an expression matches, all of it where that is little, and what it cannot match without."""

    all: Texts | None
    needed: Texts | None


_ANYTHING = _Part(None, None)


def _needed(part: _Part) -> Texts | None:
    """Return the texts of which a part needs one, None where it can do without."""
    return _better(part.needed, part.all)


def _better(one: Texts | None, other: Texts | None) -> Texts | None:
    """Return the clearer of two sets of texts: of longer texts, of less common ones, or of fewer."""
    usable = [texts for texts in (one, other) if texts and "" not in texts]
    return max(usable, key=_clearness, default=None)


def _clearness(texts: Texts) -> tuple[bool, bool, int, int]:
    """Return how clear it is that something is said where one of some texts stands."""
    shortest = min(map(len, texts))
    return shortest >= _CLEAR, not any(map(_common.fullmatch, texts)), min(3, shortest), -len(texts)


def _row(items: Iterable[Any]) -> _Part:
    """Return what parts one after another match."""
    run: Texts | None = frozenset(("",))
    whole, needed = True, None
    for code, argument in items:
        part = _part(code, argument)
        joined = None
        if run is not None and part.all is not None and len(run) * len(part.all) <= _MOST:
            joined = frozenset(map("".join, product(run, part.all)))
        if joined is None:
            whole = False
            needed = _better(_better(needed, run), part.needed)
            run = part.all if part.all is not None else frozenset(("",))
        else:
            run = joined
    return _Part(run if whole else None, _better(needed, run))


def _part(code: Any, argument: Any) -> _Part:
    """Return what one part of an expression matches, as the library has read it."""
    if code is op.LITERAL:
        return _Part(frozenset((chr(argument),)), None)
    if code is op.IN:
        return _class(argument)
    if code in (op.MAX_REPEAT, op.MIN_REPEAT):
        least, most, inner = argument
        part = _row(inner)
        if least == most == 1:
            return part
        if (least, most) == (0, 1):
            return _Part(part.all | {""} if part.all is not None else None, None)
        return _Part(None, _needed(part) if least else None)
    if code is op.SUBPATTERN:
        return _row(argument[3])
    if code is op.BRANCH:
        parts = [_row(inner) for inner in argument[1]]
        texts = [part.all for part in parts if part.all is not None]
        needs = [needed for needed in map(_needed, parts) if needed is not None]
        every = frozenset[str]().union(*texts) if len(texts) == len(parts) else None
        needed = frozenset[str]().union(*needs) if len(needs) == len(parts) else None
        return _Part(
            every if every is not None and len(every) <= _MOST else None,
            needed if needed is not None and len(needed) <= _MOST else None,
        )
    return _ANYTHING


def _class(items: list[Any]) -> _Part:
    """Return what a class in brackets matches."""
    found: set[str] = set()
    for code, argument in items:
        if code is op.LITERAL:
            found.add(chr(argument))
        elif code is op.RANGE and argument[1] - argument[0] < _WIDEST:
            found |= set(map(chr, range(argument[0], argument[1] + 1)))
        elif code is op.CATEGORY and argument is op.CATEGORY_DIGIT:
            found |= set("0123456789")
        else:
            return _ANYTHING
    return _Part(frozenset(found), None) if len(found) <= _WIDEST else _ANYTHING


_look = re.compile(r"\(\?<?[=!]")
_broad = re.compile(r"(?<=[^\\]){(?P<least>\d+),\d+}")


def _any_number(repeats: re.Match[str]) -> str:
    """Return a repeat without its upper bound: counting costs the engine more than a text too many does here."""
    return "+" if int(repeats["least"]) else "*"


def _alternatives(expression: str) -> list[str]:
    """Return what an expression offers, without looks around and ends: one matches wherever it does."""
    found, depth, at = [""], 0, 0
    while at < len(expression):
        begin, one = at, expression[at]
        if _look.match(expression, at):
            at = _closed(expression, at)
            continue
        at = _class_end(expression, at) if one == "[" else at + 1 + (one == "\\")
        depth += (one == "(") - (one == ")")
        if one == "|" and not depth:
            found.append("")
        elif one not in "^$":
            found[-1] += expression[begin:at]
    return found


def _closed(expression: str, at: int) -> int:
    """Return where the group ends that begins at a place."""
    depth = 0
    while True:
        if expression[at] == "\\":
            at += 1
        elif expression[at] == "[":
            at = _class_end(expression, at) - 1
        elif expression[at] == "(":
            depth += 1
        elif expression[at] == ")":
            depth -= 1
        at += 1
        if depth == 0:
            return at


def _class_end(expression: str, at: int) -> int:
    """Return where the class in brackets ends that begins at a place."""
    at += 2 if expression[at + 1] == "^" else 1
    at += expression[at] == "]"  # which means itself there
    while expression[at] != "]":
        at += 2 if expression[at] == "\\" else 1
    return at + 1
