"""Find what a message is about by words in their context, and say nothing where it forbids or warns of that.

A topic is a list of expressions. The engine looks in its one pass over all texts for the signs without which none of
them matches; they are asked of each sentence of a text with a sign in it. Sentences are read without what is not seen
and without marks and spaces between characters (红 包, 团*购). What is found is an indicator: a person decides.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, ClassVar

from pydantic import Field

from policycore.model.verdict import Severity, Verdict
from policycore.plugin_api.rule import CONTENT, Hit, Rule, TextRule, Tighter
from policycore.text.fold import ZERO_WIDTH, fold
from policycore.text.patterns import Pattern, TextMatch, Words
from policycore.text.signs import signs_of

__all__ = ["Meeting", "Topic", "TopicRule", "Topics", "any_of", "topic_hit"]

_GAP = " \t*★·._~|/-"
_skipped = re.compile(rf"(?!\n)[{ZERO_WIDTH}\s]|(?<=[^\x00-\x7f])[*★·._~|/-](?=[^\x00-\x7f])")
_ENDS = "。!?;\n"
_sentence = re.compile(rf"[^{_ENDS}]+")
REFUSED = (
    r"严禁|禁止|不得|勿|不准|不许|不允许|杜绝|抵制|远离|整治|治理|纠治|查处|打击|警惕|防范|谨防|提防|"
    r"当心|诈骗|骗局|骗[人子术]|反诈|违规|违纪|违法|案例|通报|专项|自查|警示|举报|规范|监管|调研|纪律|辟谣|谣言|造谣|不实|不属实|不信谣|"
    r"澄清|不听信|不传谣|公开招标|采购项目"
)
"""What forbids a matter or warns of it."""
_but = re.compile(r"但是?(?=$|听|据|网|有|我|还|真)|可是|不过(?=$|听|据|网|有|我|还|真)")
"""Behind it a sentence goes on to do what it refused before."""
_advised = re.compile(r"不要|不能|不可|不应|不宜|不再")
"""What turns what follows, and says nothing of what went before."""
_BEFORE, _AFTER = 60, 24
"""Characters before and after a place that may turn its meaning."""
_PASSAGE = 160
"""Characters of a message that is one passage; of a longer one it is a sentence."""
_NEAR = 30
"""Characters between parts that still say one thing."""
_AT_A_TIME, _BESIDE = 2_000, 500
"""Characters of a sentence without end that are read together, and on either side of them."""


_remark = re.compile(r"(?<!\S)# .*")


def any_of(*families: str) -> str:
    """Return an expression for any of some words and expressions: blanks stand between them, remarks behind #."""
    return "|".join(one for family in families for one in _remark.sub("", family).split())


@dataclass(frozen=True)
class Meeting:
    """Parts that say it where all or enough of them stand in one passage, each being innocent by itself.

    The engine looks for signs of the first ones, without one of which the others are too few: those should be the
    parts of the rarest words.
    """

    parts: tuple[str, ...]
    unless: str = ""
    """What in the passage makes it something else."""

    least: int = 0
    """How many of the parts must meet; 0 means all of them."""

    apart: bool = False
    """Whether each part must have words of its own, for parts that know some of the same words."""

    @property
    def sought(self) -> str:
        """The expression of whose signs every passage holds one in which enough parts meet."""
        return "|".join(self.parts[: len(self.parts) - (self.least or len(self.parts)) + 1])

    def spans(self, passage: str) -> Iterator[tuple[int, int]]:
        """Yield from where to where enough parts stand one after another in a passage that is not something else."""
        least = self.least or len(self.parts)
        met: list[str] = []
        for left, part in zip(range(len(self.parts) - 1, -1, -1), self.parts, strict=True):
            if _holds(part, passage):
                met.append(part)
            if len(met) + left < least:
                return
        spans = [(*one.span(), part) for part in met for one in _compiled(part).finditer(passage)]
        spans.sort()
        for first, span in enumerate(spans):
            met_until = _met_until(span, (spans[at] for at in range(first + 1, len(spans))), least, self.apart)
            if met_until is not None:
                if self.unless and _holds(self.unless, passage):
                    return
                yield span[0], met_until


def _met_until(
    span: tuple[int, int, str], following: Iterable[tuple[int, int, str]], least: int, apart: bool
) -> int | None:
    """Return where enough parts have met close together, from one of them on."""
    begin, end, part = span
    ends = {frozenset((part,)): (end if apart else begin, end)}
    for begin, end, part in following:
        if least in map(len, ends) or begin - max(until for _, until in ends.values()) > _NEAR:
            break
        for met, (taken, until) in list(ends.items()):
            if part not in met and taken <= begin <= until + _NEAR:
                now = (end if apart else begin, max(end, until))
                ends[met | {part}] = min(now, ends.get(met | {part}, now))
    return next((until for met, (_, until) in ends.items() if len(met) == least), None)


@dataclass(frozen=True)
class Topic:
    """Expressions over a sentence, and meetings in a passage, that say that it is about the topic."""

    says: tuple[str | Meeting, ...]
    innocent: str = ""
    """What in the sentence or passage makes it something else."""
    refused: str = REFUSED
    """What forbids the topic or warns of it; nothing where the topic is what was forbidden."""

    def spans(self, saying: str | Meeting, stretch: str) -> Iterator[tuple[int, int]]:
        """Yield from where to where one of its sayings is in a sentence or passage without innocence."""
        if isinstance(saying, Meeting):
            found = list(saying.spans(stretch))
            if found and self.refused and _holds(self.refused, stretch):
                return
        else:
            found = [one.span() for one in _compiled(saying).finditer(stretch)]
        if found and not (self.innocent and _holds(self.innocent, stretch)):
            yield from found


@cache
def _compiled(expression: str) -> re.Pattern[str]:
    """Return an expression for folded sentences, itself folded: ， and 機 mean what they mean in a text."""
    return re.compile("".join(map(_folded, expression)), re.IGNORECASE)


@cache  # expressions hold a hundred thousand characters, of which three thousand differ
def _folded(character: str) -> str:
    """Return what a character of an expression is in a text; one that is not seen there stays, and matches nothing."""
    seen = fold(character)
    return character if seen in (character, ZERO_WIDTH) or character.isascii() else re.escape(seen)


@lru_cache(1024)  # sayings of a topic share their parts
def _holds(expression: str, stretch: str) -> bool:
    """Return whether an expression matches anywhere in a folded sentence or passage."""
    return _compiled(expression).search(stretch) is not None


class Topics:
    """Topics that are looked for together."""

    def __init__(self, topics: Mapping[str, Topic], sign: str = "sign", *, asks_around: bool = False) -> None:
        """Find their signs, which a rule tells by `sign` from what else it looks for."""
        said = ((name, saying) for name, topic in topics.items() for saying in topic.says)
        self._known, self._said, self._sign, self._asks_around = topics, tuple(said), sign, asks_around
        self._signs = signs_of(tuple(one.sought if isinstance(one, Meeting) else one for _, one in self._said))
        self._last: tuple[tuple[str, tuple[str, ...]] | None, tuple[tuple[str, int, int], ...]] = None, ()

    def patterns(self) -> Iterator[Pattern | Words]:
        """Yield the signs, with gaps."""
        if self._signs.words:
            yield Words(self._sign, tuple(self._signs.words), asks_around=self._asks_around, skipped=_GAP)
        for shape in self._signs.shapes:
            yield Pattern(f"{self._sign} {shape}", shape, caseless=True, asks_around=self._asks_around)

    def places(self, match: TextMatch, exceptions: Iterable[str] = ()) -> Iterator[tuple[str, int, int]]:
        """Yield each topic that a text is about, and from where to where it first says so.

        What was found in the text before is remembered: the same is often sent to several groups.
        """
        asked = match.folded, tuple(exceptions)
        if self._last[0] != asked:
            self._last = asked, tuple(self._places(match, asked[1]))
        yield from self._last[1]

    def _places(self, match: TextMatch, exceptions: tuple[str, ...]) -> Iterator[tuple[str, int, int]]:
        """Yield what a text says, looked up."""
        text = _Bare(match.folded)
        found: set[str] = set()
        asked: set[tuple[object, ...]] = set()
        for place in match.places:
            at = text.bare_place(place.begin)
            span = text.sentence(at)
            if (sign := (place.pattern, place.word, *span)) in asked:
                continue
            asked.add(sign)
            if place.pattern == self._sign:
                numbers = self._signs.words[place.word]
            else:
                numbers = self._signs.shapes.get(place.pattern.removeprefix(f"{self._sign} "), ())
            for number in numbers:
                name, saying = self._said[number]
                if name in found:
                    continue
                first, last = text.passage(saying, span)
                if (number, first, last) in asked:
                    continue
                asked.add((number, first, last))
                stretch = text.bare[first:last]
                for begin, end in self._known[name].spans(saying, stretch):
                    if not _turned(text.bare, first + begin, first + end, exceptions, self._known[name].refused):
                        found.add(name)
                        yield name, text.place(first + begin), text.place(first + end - 1) + 1
                        break


class TopicRule(TextRule):
    """A rule that looks for topics; subclasses bring them."""

    severity = Severity.WARNING
    verdict = Verdict.SUSPECT
    reads = ("messages.text", "attachments.name", "attachments.text")
    requires = CONTENT
    applies_when = "type NOT IN ('system', 'recall')"
    key_facts = ("topic", "field", "attachment_id")
    tighter: ClassVar[Mapping[str, Tighter]] = {"words": "more", "exceptions": "fewer"}
    one_matter: ClassVar[bool] = False
    """Whether the topics are signs of one matter, of which a text gives one finding however long it is."""
    topics: ClassVar[Mapping[str, Topic]] = {}
    """What is looked for, by the reason that a finding gives."""

    class Params(Rule.Params):
        """What is looked for beyond the topics, and what is not."""

        words: tuple[str, ...] = Field(
            (),
            description="words of the unit's own that are looked for as well",
            json_schema_extra={"zh": "本单位另外要查的词语"},
        )
        exceptions: tuple[str, ...] = Field(
            (),
            description="words that make a sentence an innocent one in this unit",
            json_schema_extra={"zh": "句中出现即不算的词语"},
        )

    def patterns(self, params: Any) -> Iterable[Pattern | Words]:
        """Return the signs of the topics asked for, with gaps, and the unit's own words."""
        yield from self._topics(params).patterns()
        if params.words:
            yield Words("words", params.words, asks_around=True)

    def confirm(self, match: TextMatch, params: Any) -> Iterator[Hit]:
        """Yield of each passage the topic that the rule lists first: whoever looks at it sees the others."""
        told: list[int] = []
        order = (*self.topics, "words")
        for name, begin, end in sorted(self._said(match, params), key=lambda one: order.index(one[0])):
            if not any(self.one_matter or _together(match.folded, begin, other) for other in told):
                told.append(begin)
                yield topic_hit(name, begin, end, match)

    def _said(self, match: TextMatch, params: Any) -> Iterator[tuple[str, int, int]]:
        """Yield each topic with its first place, and the first of the unit's own words."""
        yield from self._topics(params).places(match, params.exceptions)
        for place in match.places:
            if place.pattern == "words" and not _turned(match.folded, place.begin, place.end, params.exceptions):
                yield "words", place.begin, place.end
                break

    def _topics(self, params: Any) -> Topics:
        """Return the topics that the rule set asks for."""
        asked = getattr(params, "topics", tuple(self.topics))
        return _asked(type(self), asked)  # type: ignore[arg-type] # a class has a hash


def _together(text: str, one: int, other: int) -> bool:
    """Return whether two places stand in one passage."""
    between = text[min(one, other) : max(one, other)]
    return len(text) <= _PASSAGE or not any(mark in between for mark in _ENDS)


@cache
def _asked(rule: type[TopicRule], names: tuple[str, ...]) -> Topics:
    """Return some topics of a rule."""
    return Topics({name: rule.topics[name] for name in names}, asks_around=True)


def topic_hit(topic: str, begin: int, end: int, match: TextMatch) -> Hit:
    """Return the facts of a place; in which kind of group and by whom, a dismissal holds for."""
    facts: dict[str, object] = {"topic": topic, "reason": topic, "offset": begin, "length": end - begin}
    if match.around is not None:
        facts |= {"group_kind": match.around.group_kind, "sender_kind": match.around.sender_kind}
    return facts


class _Bare:
    """A text without its gaps, and where its sentences are."""

    def __init__(self, text: str) -> None:
        self.bare = _skipped.sub("", text)
        self._places: list[int] | None = None
        self._span = self._last = (0, 0)
        if self.bare != text:
            gone = {place for one in _skipped.finditer(text) for place in range(*one.span())}
            self._places = [place for place in range(len(text)) if place not in gone]

    def place(self, at: int) -> int:
        """Return where in the text a character stands."""
        return at if self._places is None else self._places[at]

    def bare_place(self, at: int) -> int:
        """Return where a character of the text stands without its gaps."""
        return at if self._places is None else bisect_left(self._places, at)

    def sentence(self, at: int) -> tuple[int, int]:
        """Return from where to where the sentence around a place goes; of one that never ends what is near."""
        if not self._last[0] <= at < self._last[1]:
            part = at // _AT_A_TIME * _AT_A_TIME
            first, last = max(0, part - _BESIDE), part + _AT_A_TIME + _BESIDE
            begin = max(first, *(self.bare.rfind(mark, first, at) + 1 for mark in _ENDS))
            sentence = _sentence.match(self.bare, begin, last)
            self._span = begin, begin if sentence is None else sentence.end()
            self._last = max(begin, part), min(self._span[1], part + _AT_A_TIME)
        return self._span

    def passage(self, saying: str | Meeting, sentence: tuple[int, int]) -> tuple[int, int]:
        """Return from where to where a saying is looked for: in a short text parts may meet anywhere."""
        return (0, len(self.bare)) if isinstance(saying, Meeting) and len(self.bare) <= _PASSAGE else sentence


def _turned(text: str, begin: int, end: int, exceptions: Iterable[str], refused: str = REFUSED) -> bool:
    """Return whether the sentence around a place forbids it, warns of it, quotes a title, or is excepted."""
    first = max(0, begin - _BEFORE)
    first = max(first, *(text.rfind(mark, first, begin) + 1 for mark in _ENDS))
    before = text[first:begin]
    after = _sentence.match(text[end : end + _AFTER])
    title = before.rfind("《") > before.rfind("》")
    before = _but.split(before)[-1]
    around = f"{before}|{after[0] if after else ''}"
    return (
        title
        or bool(refused and (_compiled(refused).search(around) or _advised.search(before)))
        or any(fold(word) in around for word in exceptions if word)
    )
