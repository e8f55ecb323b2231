"""Find what a rule of words says in vain: what no text can meet, and what every text meets.

Such a rule passes everybody, or asks less than its author means, and nothing else would say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from policycore.model.verdict import Severity
from policycore.rulesets.words.rule import is_whole, looked_for
from policycore.rulesets.words.sought import KINDS, ROLES, Context, Exceptions, Sought
from policycore.text.fold import fold
from policycore.text.matcher import Matcher
from policycore.text.patterns import Place

__all__ = ["Vain", "vain"]

_ANY_TEXTS = ("天地", "Zq", "58", "天地玄黄宇宙洪荒日月盈昃辰宿列张" * 40)
"""Texts that have nothing in common: what stands in all of them stands in any, short or long."""
_WHOLE = {"except_": "except", "not_in": "not_in", "only_in": "only_in"}
_RISING = ("info", "warning", "error")


@dataclass(frozen=True, slots=True)
class Vain:
    """One thing said in vain: what it is, under which key, and of which of the words where it is about one."""

    code: str
    key: str
    word: str = ""


def vain(params: Sought, severity: Severity) -> Iterator[Vain]:
    """Yield everything that a rule of that severity says in vain."""
    left_out, asked = set(params.not_senders), set(params.senders)
    if any(left_out.issuperset(some) for some in (ROLES, KINDS, asked) if some):
        yield Vain("finds-nothing", "not_senders")
    if not _rises(params, severity):
        yield Vain("count-order", "by_count")
    for side in ("after", "before", "in"):
        only, never = getattr(params, f"only_{side}"), getattr(params, f"not_{side}")
        if only and never and _is_part(only, never, anywhere=side == "in"):
            yield Vain("finds-nothing", f"not_{side}")
    yield from _in_the_words(params)


def _rises(params: Sought, severity: Severity) -> bool:
    """Return whether each step of `by_count` can be reached and is worse than the one before."""
    steps = sorted((int(number), _RISING.index(word)) for number, word in params.by_count.items())
    if any(later <= params.at_least for later, _ in steps[1:]):
        return False
    below = steps and steps[0][0] > params.at_least and _RISING.index(severity.value) > steps[0][1]
    return not below and all(first[1] < second[1] for first, second in pairwise(steps))


def _is_part(only: Context, never: Context, *, anywhere: bool) -> bool:
    """Return whether what a rule asks for near the words is all of what it does not want there."""
    reaches = never.within == only.within or (never.within is None and anywhere)
    reaches = reaches or (None not in (never.within, only.within) and (never.within or 0) > (only.within or 0))
    return reaches and set(only.words) <= set(never.words) and set(only.patterns) <= set(never.patterns)


def _in_the_words(params: Sought) -> Iterator[Vain]:
    """Yield contexts that any text meets, and words that meet them by themselves."""
    named = [name for name in _WHOLE if getattr(params, name) is not None]
    texts = [*params.words, *_ANY_TEXTS]
    for name in named:
        rows, key = _met(getattr(params, name), texts, as_whole=name == "except_"), _WHOLE[name]
        words = [word for row, word in enumerate(params.words) if row in rows]
        alone = len(words) == len(params.words) > 0 and not params.patterns
        if alone or rows.issuperset(range(len(params.words), len(texts))):
            yield Vain("changes-nothing" if name == "only_in" else "finds-nothing", key)
        elif name != "only_in":
            yield from (Vain("never-found", key, word) for word in words)


def _met(context: Exceptions, texts: list[str], *, as_whole: bool) -> set[int]:
    """Return the numbers of the `texts` in which something of a context stands, or which something of it is."""
    import pyarrow

    sought = looked_for("", context.words, context.patterns)
    ids = {part: one.id for one in sought for part in one.expressions()}
    hits = Matcher(list(ids), few=True).scan(pyarrow.array(texts))
    names, met = list(ids.values()), set[int]()
    for row, which, begin, end in zip(
        *(one.tolist() for one in (hits.rows, hits.which, hits.begins, hits.ends)), strict=True
    ):
        whole = end - begin == len(texts[row]) or not as_whole
        if whole and is_whole(Place(names[which], begin, end), fold(texts[row])):
            met.add(row)
    return met
