r"""Read an expression in the linear dialect: what `re` reads, less what takes more than linear time.

The dialect is that of Python's `re` with ASCII ``\d``, ``\w`` and ``\s``: literals, classes, ``.`` (anything but a
line end), groups, ``|``, ``* + ? {m,n}``, ``(?i)`` and ``(?s)``, ``^`` and ``$`` for the ends of the whole text, and at
either end of the expression one look at one character: ``(?<![0-9])…(?![0-9])``. Back references, other looks, ``\b``
and possessive repeats are refused, and so is what may match nothing or grows too large. Whether repeats are greedy does
not matter: a hit is as long as it can be (see `policycore.text.matcher`).

What is written is folded as texts are, so that 機密 and （ mean what they mean in a text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from re import _constants as op  # type: ignore[attr-defined] # the parser of the library itself
from re import _parser as parser  # type: ignore[attr-defined] # as above
from typing import TYPE_CHECKING, Any

from policycore.language import current_language, fill
from policycore.text.catalogue import REFUSED
from policycore.text.fold import folds, spread

if TYPE_CHECKING:
    from policycore.text.learned import Learned

__all__ = [
    "LARGEST",
    "Chars",
    "Choice",
    "Edge",
    "Expression",
    "ExpressionError",
    "Node",
    "Ranges",
    "Repeat",
    "Series",
    "read",
    "size",
    "word",
]

LARGEST = 4_000
"""Characters that an expression may have with its repeats written out: ten times what a long one has."""
NO_CHARACTER = 0xFFFF
"""What stands between texts; no text holds it (see `policycore.text.view`)."""

Ranges = tuple[tuple[int, int], ...]

_BEYOND = (0x10000, 0x10FFFF)
"""The characters of more than 16 bits, which are skipped all together or looked for one by one."""
_EVERY: Ranges = ((0, 0xD7FF), (0xE000, 0xFFFE), _BEYOND)
_SMALL = 1024
_CATEGORIES: dict[Any, Ranges] = {
    op.CATEGORY_DIGIT: ((0x30, 0x39),),
    op.CATEGORY_SPACE: ((0x09, 0x0D), (0x20, 0x20)),
    op.CATEGORY_WORD: ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)),
}
_NEGATED = {
    op.CATEGORY_NOT_DIGIT: op.CATEGORY_DIGIT,
    op.CATEGORY_NOT_SPACE: op.CATEGORY_SPACE,
    op.CATEGORY_NOT_WORD: op.CATEGORY_WORD,
}
_NO_LINE_END: Ranges = ((0x0A, 0x0A),)


class ExpressionError(ValueError):
    """An expression outside the dialect; the message says why in the reader's language, `place` where it is known."""

    def __init__(self, why: str, place: int | None = None) -> None:
        super().__init__(_in_words(why))
        self.place = place


def _in_words(why: str) -> str:
    """Return why an expression is refused in the reader's language; a reason that nobody translated as it is."""
    begins = next((one for one in REFUSED if why.startswith(one)), None)
    if begins is None or current_language() == "en":
        return why
    return fill(REFUSED[begins], {"rest": why.removeprefix(begins).strip()})


@dataclass(frozen=True, slots=True)
class Chars:
    """One character out of some ranges of code points; `edge` lets the end of the text stand for it."""

    ranges: Ranges
    edge: bool = False


@dataclass(frozen=True, slots=True)
class Edge:
    """The beginning or the end of the text."""

    begins: bool


@dataclass(frozen=True, slots=True)
class Series:
    """Parts one after another."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several parts."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part that comes `least` to `most` times; any number of times where `most` is None."""

    part: Node
    least: int
    most: int | None


Node = Chars | Edge | Series | Choice | Repeat


@dataclass(frozen=True)
class Expression:
    """What to look for, and what must stand directly before and after it."""

    body: Node
    before: Chars | None = None
    after: Chars | None = None
    skipped: Ranges = ()
    """Characters that may stand between those of a word, which has none of them."""
    most: int | None = None
    """How many of them may stand between two; any number where it is None."""

    likely: Learned | None = None
    """What a whole text is to be like, in place of all that: a kind that was learned,"""
    percent: int = 0
    """and how probably in percent."""

    @property
    def whole(self) -> Node:
        """Return the expression with what must, and with what may, stand around and between its parts."""
        body = _apart(self.body, self.skipped, self.most) if self.skipped else self.body
        return Series(tuple(part for part in (self.before, body, self.after) if part is not None))

    @cached_property
    def literal(self) -> str | None:
        """Return the one text that is looked for, None where there are several."""
        parts = self.body.parts if isinstance(self.body, Series) else (self.body,)
        if self.before or self.after or self.skipped or not all(isinstance(part, Chars) for part in parts):
            return None
        spans = [part.ranges for part in parts if isinstance(part, Chars)]
        if any(len(ranges) != 1 or ranges[0][0] != ranges[0][1] for ranges in spans):
            return None
        return "".join(chr(ranges[0][0]) for ranges in spans)


@lru_cache(4096)  # a check reads what a rule set asks for when it is loaded, and again when it is run
def read(source: str, *, caseless: bool = False) -> Expression:
    """Return the expression that `source` writes. Raises ExpressionError where it is outside the dialect."""
    try:
        parsed = parser.parse(source, re.IGNORECASE if caseless else 0)
    except re.error as error:
        raise ExpressionError(error.msg, error.pos) from None
    except (RecursionError, OverflowError):
        raise ExpressionError("too deep or too large") from None
    flags = parsed.state.flags
    if flags & (re.MULTILINE | re.LOCALE):
        raise ExpressionError("flags m and L are not offered")
    items = list(parsed)
    before = after = None
    if items and items[0][0] in (op.ASSERT, op.ASSERT_NOT) and items[0][1][0] < 0:
        before = _look(items.pop(0), flags)
    if items and items[-1][0] in (op.ASSERT, op.ASSERT_NOT) and items[-1][1][0] > 0:
        after = _look(items.pop(), flags)
    body = _row(items, flags)
    if _shortest(body) < 1:
        raise ExpressionError("may match nothing at all")
    if _size(body) > LARGEST:
        raise ExpressionError(f"larger than {LARGEST} characters with its repeats written out")
    _check_edges(body, first=before is None, last=after is None)
    return Expression(body, before, after)


def word(text: str, *, caseless: bool = False, skipped: str = "", most: int | None = None) -> Expression:
    """Return the expression that looks for `text` as it stands, or with what may stand between its characters.

    That is up to `most` characters of a class, which `skipped` writes as in brackets. Raises ExpressionError where
    nothing of the word is seen.
    """
    characters = spread(text)
    if not characters or any(0xD800 <= ord(one) < 0xE000 or ord(one) == NO_CHARACTER for one in characters):
        raise ExpressionError("a word of which nothing can be seen")
    ranges = (((ord(one), ord(one)),) for one in characters)
    body = Series(tuple(Chars(_either_case(one) if caseless else one) for one in ranges))
    if not skipped:
        return Expression(body)
    between, in_it, by_unit = _class_of(skipped)
    if in_it.search(characters) or not by_unit:
        return Expression(_apart(body, between, most))
    return Expression(body, skipped=between, most=most)


@lru_cache(64)
def _class_of(written: str) -> tuple[Ranges, re.Pattern[str], bool]:
    """Return the characters of a class as in brackets, how they are found, and if units tell which of them are left."""
    body = read(f"[{written}]").body
    assert isinstance(body, Chars)  # noqa: S101 - what one class is read as
    spans = "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in body.ranges)
    by_unit = all(last <= NO_CHARACTER or (first, last) == _BEYOND for first, last in body.ranges)
    return body.ranges, re.compile(f"[{spans}]"), by_unit


def _apart(body: Node, between: Ranges, most: int | None) -> Node:
    """Return a word with up to `most` characters out of `between` between its own."""
    assert isinstance(body, Series)  # noqa: S101 - as `word` makes it
    gap = Repeat(Chars(between), 0, most)
    return Series(tuple(part for one in body.parts for part in (gap, one))[1:])


def _row(items: Iterable[Any], flags: int) -> Node:
    """Return the parts that `re` has read, one after another."""
    parts = tuple(_part(code, argument, flags) for code, argument in items)
    return parts[0] if len(parts) == 1 else Series(parts)


def _part(code: Any, argument: Any, flags: int) -> Node:
    """Return one part of what `re` has read."""
    if code is op.LITERAL:
        return _characters(((argument, argument),), flags=flags, negate=False)
    if code is op.NOT_LITERAL:
        return _characters(((argument, argument),), flags=flags, negate=True)
    if code is op.IN:
        negate = argument[0][0] is op.NEGATE
        return _characters(*_class(argument[negate:]), flags=flags, negate=negate)
    if code is op.ANY:
        return Chars(_EVERY if flags & re.DOTALL else _without(_NO_LINE_END))
    if code in (op.MAX_REPEAT, op.MIN_REPEAT):
        least, most, inner = argument
        return Repeat(_row(inner, flags), least, None if most is op.MAXREPEAT else most)
    if code is op.SUBPATTERN:
        _, added, taken, inner = argument
        return _row(inner, (flags | added) & ~taken)
    if code is op.BRANCH:
        return Choice(tuple(_row(inner, flags) for inner in argument[1]))
    if code is op.AT and argument in (op.AT_BEGINNING, op.AT_BEGINNING_STRING, op.AT_END, op.AT_END_STRING):
        return Edge(argument in (op.AT_BEGINNING, op.AT_BEGINNING_STRING))
    if code in (op.ASSERT, op.ASSERT_NOT):
        raise ExpressionError("a look at what stands around is offered at either end of the expression only")
    raise ExpressionError(f"{str(argument if code is op.AT else code).lower().replace('_', ' ')} is not offered")


def _class(items: Iterable[Any]) -> tuple[Ranges, Ranges]:
    """Return the ranges that a class in brackets names, and those that it names by what they are not."""
    ranges: list[tuple[int, int]] = []
    others: list[tuple[int, int]] = []
    for code, argument in items:
        if code is op.LITERAL:
            ranges.append((argument, argument))
        elif code is op.RANGE:
            ranges.append(argument)
        elif argument in _NEGATED:
            others += _without(_CATEGORIES[_NEGATED[argument]])
        else:
            ranges += _CATEGORIES[argument]
    return tuple(ranges), tuple(others)


def _look(item: Any, flags: int) -> Chars:
    """Return the character that must stand, or the end of the text that may stand, at an end of the expression."""
    code, (_, inner) = item
    part = _row(inner, flags)
    if not isinstance(part, Chars):
        raise ExpressionError("a look around sees exactly one character, written as one class")
    return part if code is op.ASSERT else Chars(_without(part.ranges), edge=True)


@lru_cache(4096)  # the same few classes stand in every expression
def _characters(ranges: Ranges, others: Ranges = (), *, flags: int, negate: bool) -> Node:
    """Return one character as it is seen in a text; of what stands for several, those one after another.

    `others` are taken as they stand: a full-width digit is seen as a digit, and is none of what is no digit.
    """
    if flags & re.IGNORECASE:
        ranges = _either_case(ranges)
    seen: list[tuple[int, int]] = [*others]
    several: list[Node] = []
    table = folds()
    for first, last in ranges:
        if first < last:
            # What is folded away stands in no text: leaving it in keeps ranges whole.
            seen.append((first, last))
        if last - first >= _SMALL:
            seen += [(goal, goal) for code, goal in table.one.items() if first <= code <= last]
            continue
        for code in range(first, last + 1):
            text = spread(chr(code))
            if len(text) == 1:
                seen.append((ord(text), ord(text)))
            elif text:
                several.append(Series(tuple(Chars(((ord(one), ord(one)),)) for one in text)))
    if negate:
        return Chars(_without(tuple(seen)))
    one = Chars(_merged(seen))
    if not several:
        return one if one.ranges else Series(())
    return Choice((one, *several)) if one.ranges else several[0] if len(several) == 1 else Choice(tuple(several))


def _either_case(ranges: Ranges) -> Ranges:
    """Return `ranges` with the other case of every letter."""
    more = [
        (ord(other), ord(other))
        for first, last in ranges
        if last - first < _SMALL
        for code in range(first, last + 1)
        for other in (chr(code).lower(), chr(code).upper())
        if len(other) == 1
    ]
    return _merged([*ranges, *more])


def _merged(ranges: Sequence[tuple[int, int]]) -> Ranges:
    """Return `ranges` in order, those that touch as one, without what is no character."""
    merged: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        for first, last in _EVERY:
            first, last = max(first, low), min(last, high)
            if first > last:
                continue
            if merged and first <= merged[-1][1] + 1:
                merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
            else:
                merged.append((first, last))
    return tuple(merged)


def _without(ranges: Ranges) -> Ranges:
    """Return every character that is in none of `ranges`."""
    left: list[tuple[int, int]] = []
    begin = 0
    for first, last in (*_merged(ranges), (0x110000, 0x110000)):
        if begin < first:
            left.append((begin, first - 1))
        begin = last + 1
    return _merged(left)


def _shortest(node: Node) -> int:
    """Return the fewest characters that a part matches."""
    if isinstance(node, Chars):
        return 1
    if isinstance(node, Edge):
        return 0
    if isinstance(node, Repeat):
        return node.least * _shortest(node.part)
    return (sum if isinstance(node, Series) else min)(map(_shortest, node.parts))


def size(expression: Expression, *, broad: bool = False) -> int:
    """Return how many characters an expression has with its repeats written out; those that are nearly any, if `broad`.

    Such ones, as in ``.{1,9}`` or ``[^。]+``, are what makes an expression costly.
    """
    return _size(expression.body, _SMALL if broad else 0)


def _size(node: Node, least: int = 0) -> int:
    """Return how many characters a part has with its repeats written out: those out of at least `least`."""
    if isinstance(node, Edge):
        return not least
    if isinstance(node, Chars):
        return sum(last - first + 1 for first, last in node.ranges) >= least
    if isinstance(node, Repeat):
        return _size(node.part, least) * max(1, node.least, node.most or 0)
    return sum(_size(part, least) for part in node.parts)


def _check_edges(node: Node, *, first: bool, last: bool) -> None:
    """Raise ExpressionError where an end of the text is asked for in the middle of the expression."""
    if isinstance(node, Edge):
        if not (first if node.begins else last):
            raise ExpressionError("^ stands at the beginning and $ at the end of an expression")
    elif isinstance(node, Repeat):
        once = node.most == 1
        _check_edges(node.part, first=first and once, last=last and once)
    elif isinstance(node, Choice):
        for part in node.parts:
            _check_edges(part, first=first, last=last)
    elif isinstance(node, Series):
        for place, part in enumerate(node.parts):
            _check_edges(part, first=first and place == 0, last=last and place == len(node.parts) - 1)
