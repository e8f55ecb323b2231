"""Make a rule out of the ``words:`` and ``patterns:`` of a rule set."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from policycore.plugin_api.rule import CONTENT, Case, Hit, TextRule, Tighter
from policycore.rulesets.words.sought import CONTEXTS, Context, Exceptions, Sought
from policycore.rulesets.written import WrittenParts, WrittenRule, members_of
from policycore.text.patterns import Around, Pattern, Place, TextMatch, Words
from policycore.text.shown import borne_mark, shown

__all__ = ["FACTS", "WordRule", "WordRuleParts", "is_whole", "looked_for", "make_word_rule"]

FACTS = ("word", "count", "offset", "length", "field", "attachment_id")
"""What a finding says."""
_CONTEXTS = tuple("except_" if name == "except" else name for name in CONTEXTS)
"""The fields of those keys."""
_sentence_ends = re.compile(r"[。.!?;\n…]")
_continues = re.compile(r"[A-Za-z]{2}|[0-9]{2}")
_quoted = re.compile(r"」[ \r]?\n-[ -]{4}")
_beside = re.compile(r"[ \u200b\"'“”‘’()《》<>「」\[\]【】:,、]*")
_SOUGHT = ("words", "patterns")
_GAP = r"^0-9A-Za-z\u3400-\u9fff。!?;"
"""What may stand within a word: none of a word, no sentence's end. Dots and ends of lines are what people put there."""


@dataclass(frozen=True, slots=True)
class WordRuleParts(WrittenParts):
    """What a rule set says about a rule of words."""

    reads: tuple[str, ...]
    include_dissolved: bool = False


class WordRule(WrittenRule, TextRule):
    """A rule that looks for what a rule set lists; it says which word, where and how often, never the text.

    Of a text that bears a mark it says the mark's place.
    """

    key_facts = ("field", "attachment_id")
    tighter: ClassVar[Mapping[str, Tighter]] = {
        "words": "more",
        "patterns": "more",
        "at_least": "lower",
        "verdict": ("suspect", "fail"),
        "not_senders": "fewer",
    }

    class Params(Sought, TextRule.Params):
        """What is looked for, and where it counts."""

    def patterns(self, params: Params) -> Iterable[Pattern | Words]:
        """Return what is looked for, and what must or must not stand around it."""
        asks = bool(params.quiet_hours or params.senders or params.not_senders)
        yield from looked_for("", params.words, params.patterns, gaps=params.gaps, asks_around=asks)
        for name in _CONTEXTS:
            context: Context | Exceptions | None = getattr(params, name)
            if context is not None:
                yield from looked_for(f"{name} ", context.words, context.patterns, beside=True)

    def confirm(self, match: TextMatch, params: Params) -> Iterable[Hit]:
        """Yield one hit where enough places count: the first of them, and how many there are."""
        folded = match.folded
        begins = _own_words(folded, params)
        places = [one for one in match.places if one.begin >= begins and is_whole(one, folded)]
        beside = {name: _Beside([one for one in places if one.pattern.startswith(f"{name} ")]) for name in _CONTEXTS}
        kept = [
            place
            for place in _outermost([one for one in places if one.pattern.startswith(_SOUGHT)])
            if _counts(place, folded, params, beside)
        ]
        if len(kept) < params.at_least:
            return
        missing = _missing(match.around, params)
        if missing is None:
            return
        first, sure = kept[0], params.verdict == "fail" or len(kept) >= (params.fail_from or len(kept) + 1)
        word = first.word or getattr(params, first.pattern.split()[0])[int(first.pattern.split()[1])]
        mark = borne_mark(match.text)
        if mark is not None:
            # Lists of all characters, looked for place by place, would spell the text: it says where its mark is.
            word, first = shown(match.text), Place("", mark.offset, mark.offset + mark.length, "")
        yield {
            "word": word,
            "count": len(kept),
            "offset": first.begin,
            "length": first.end - first.begin,
            "verdict": "unknown" if missing else "fail" if sure else "suspect",
            **({"missing": missing} if missing else {}),
            **_severity(len(kept), params),
        }


def make_word_rule(parts: WordRuleParts, cases: tuple[Case, ...] = ()) -> WordRule:
    """Return the rule that `parts` describe, with the cases that show it at work."""
    # Of a picture or file nobody asks what its message says.
    with_files = any(name.startswith("attachments.") for name in parts.reads)
    needs = tuple(need for need in CONTENT if with_files and need.path.endswith(parts.reads))
    own = {
        "__module__": __name__,
        "reads": parts.reads,
        "requires": needs,
        "include_dissolved": parts.include_dissolved,
    }
    made: WordRule = type("WordRule", (WordRule,), {**members_of(parts, cases), **own})()
    return made


def _own_words(folded: str, params: Sought) -> int:
    """Return where begins what the sender says: behind a message that stands quoted above a line of dashes."""
    quoted = None if params.quotes or not folded.startswith("「") else _quoted.search(folded)
    return quoted.end() if quoted else 0


def is_whole(place: Place, folded: str) -> bool:
    """Return whether a word is no part of a longer one in letters, or of a longer number.

    Expressions may be: they can look at what stands beside.
    """
    edges = (place.begin, place.end) if "words" in place.pattern else ()
    return not any(edge and _continues.fullmatch(folded, edge - 1, edge + 1) for edge in edges)


def _severity(count: int, params: Sought) -> dict[str, str]:
    """Return how severe so many places are, where the rule goes by their number."""
    steps = sorted((int(number), word) for number, word in params.by_count.items())
    return dict([("severity", word) for number, word in steps if number <= count][-1:])


def looked_for(
    before: str,
    words: Sequence[str],
    patterns: Sequence[str],
    *,
    gaps: int = 0,
    asks_around: bool = False,
    beside: bool = False,
) -> Iterator[Pattern | Words]:
    """Yield words, with up to `gaps` characters within, and expressions, with what comes `before` in their ids."""
    if words:
        skipped = _GAP if gaps else ""
        yield Words(
            f"{before}words",
            tuple(words),
            asks_around=asks_around,
            beside=beside,
            skipped=skipped,
            most_skipped=gaps or None,
        )
    for number, expression in enumerate(patterns):
        yield Pattern(f"{before}patterns {number}", expression, asks_around=asks_around, beside=beside)


def _outermost(places: Sequence[Place]) -> list[Place]:
    """Return the places that lie in no other one, from left to right."""
    kept: list[Place] = []
    for place in sorted(places, key=lambda one: (one.begin, -one.end)):
        if not kept or place.end > kept[-1].end:
            kept.append(place)
    return kept


class _Beside:
    """What of one context stands in a text, to ask what of it is near a place."""

    def __init__(self, places: Sequence[Place]) -> None:
        self._places, self._begins = places, [one.begin for one in places]
        self._longest = max((one.end - one.begin for one in places), default=0)

    def near(self, place: Place, reach: int) -> Iterator[Place]:
        """Yield at least what ends or begins at most so many characters before or after a place, in order."""
        first = bisect_left(self._begins, place.begin - reach - self._longest)
        return map(self._places.__getitem__, range(first, bisect_right(self._begins, place.end + reach)))


def _counts(place: Place, folded: str, params: Sought, beside: dict[str, _Beside]) -> bool:
    """Return whether a place counts with what stands around it."""
    for name, others in beside.items():
        context: Context | Exceptions | None = getattr(params, name)
        if context is not None:
            wanted, within = name.startswith("only"), getattr(context, "within", None)
            near = others.near(place, _reach(name, place, folded, within))
            if wanted != any(_stands(name, one, place, folded, within) for one in near):
                return False
    return True


def _reach(name: str, place: Place, folded: str, within: int | None) -> int:
    """Return how far before and after a place a word of a context may stand."""
    if within is not None or name == "except_":
        return within or 0
    if name.endswith("_in"):
        return len(folded)
    before = place.begin
    while before and _beside.fullmatch(folded, before - 1, before):
        before -= 1
    after = _beside.match(folded, place.end)
    return max(place.begin - before, after.end() - place.end if after else 0)


def _stands(name: str, one: Place, place: Place, folded: str, within: int | None) -> bool:
    """Return whether a word of a context stands where the context means it."""
    if name == "except_":
        return one.begin <= place.begin and one.end >= place.end
    first, last = (one, place) if one.begin < place.begin else (place, one)
    if name.endswith("_in"):
        return within is None or last.begin - first.end <= within
    # An expression may reach into the word, as 不得.{0,9} does: what stands out on this side is what is asked for.
    if not (one.begin < place.begin if name.endswith("_after") else one.end > place.end):
        return False
    between = folded[first.end : last.begin]
    if within is None:
        return _beside.fullmatch(between) is not None
    return len(between) <= within and not _sentence_ends.search(between)


def _missing(around: Around | None, params: Sought) -> str | None:
    """Return '' where a message counts by hour and sender, None where not, else the field that would tell."""
    if around is None:
        return ""
    answers = [_by_hour(around, params), _by_sender(around, params)]
    if None in answers:
        return None
    return next((one for one in answers if one), "")


def _by_hour(around: Around, params: Sought) -> str | None:
    """Return '' where the hour counts, None where not, else the field that would tell."""
    quiet = params.quiet_hours
    if quiet is None:
        return ""
    if around.sent_at is None:
        return "messages.sent_at"
    if quiet.holds(around.sent_at.hour, around.sent_at.minute) or (quiet.days_off and around.working_day is False):
        return ""
    # Nobody knows whether the day was one of work: the calendar does not list its year.
    return "messages.sent_at" if quiet.days_off and around.working_day is None else None


def _by_sender(around: Around, params: Sought) -> str | None:
    """Return '' where the sender counts, None where not, else the field that would tell."""
    known = {around.sender_role, around.sender_kind} - {None}
    if known & set(params.not_senders) or (
        params.senders and not known & set(params.senders) and not _open(around, params.senders)
    ):
        return None
    if _open(around, params.not_senders):
        return _open(around, params.not_senders)
    return "" if not params.senders or known & set(params.senders) else _open(around, params.senders)


def _open(around: Around, named: Sequence[str]) -> str:
    """Return the field that would tell whether the sender is one of those `named`; '' where that is known."""
    if around.sender_kind is None and {"internal", "external", "bot"} & set(named):
        return "accounts.kind"
    if around.sender_role is None and {"owner", "admin", "member"} & set(named):
        return "memberships.role"
    return ""
