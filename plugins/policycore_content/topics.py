"""Find what a message is about by words in their context, and say nothing where it forbids or warns of that.

A topic has signs, which the engine looks for in its one pass over all texts, and an expression, which is asked of each
sentence with a sign in it. Sentences are read without what is not seen and without marks and spaces between characters
(红 包, 团*购). Whatever is found is an indicator: a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from policycore import (
    CONTENT,
    ZERO_WIDTH,
    Field,
    Hit,
    Pattern,
    Rule,
    Severity,
    TextMatch,
    TextRule,
    Verdict,
    Words,
    fold,
)

__all__ = ["Topic", "TopicRule", "topic_hit"]

_GAP = " \t*★·._~|/-"
_skipped = re.compile(rf"(?!\n)[{ZERO_WIDTH}\s]|(?<=[^\x00-\x7f])[*★·._~|/-](?=[^\x00-\x7f])")
_sentence = re.compile(r"[^。！？!?;；\n]+")
_refused = re.compile(
    r"严禁|禁止|不得|请勿|[切莫]?勿|不准|不许|不允许|杜绝|抵制|远离|整治|治理|纠治|查处|打击|警惕|防范|谨防|提防|"
    r"当心|诈骗|骗局|骗[人子术]|反诈|违规|违纪|违法|案例|通报|专项|自查|警示|举报|规范|监管|调研|纪律|辟谣|谣言|造谣|不实|不属实|不信谣|"
    r"澄清|不听信|不传谣|公开招标|采购项目"
)
_but = re.compile(r"但是?(?=$|听|据|网|有|我|还|真)|可是|不过(?=$|听|据|网|有|我|还|真)")
"""Behind it a sentence goes on to do what it refused before."""
_advised = re.compile(r"不要|不能|不可|不应|不宜|不再")
"""What turns what follows, and says nothing of what went before."""
_of_work = re.compile(
    r"通知|公告|公示|安排|部门|各[单学班处科]|资产|后勤|学院|学校|校[园内区工医务]|工会|组织|采购|招标|基地|实训|讲座|教育|安全|防范|风险"
    r"|调研|汇报|材料|报[送名]表|办公|会议|专业|课程|教学|项目|经费|统一|登记|核对|缴纳|办理|审批|管理|规定|法律|条例|职工|招生|毕业"
)
"""What makes two words that meet in a sentence no private matter."""
_BEFORE, _AFTER = 60, 24
"""Characters before and after a place that may turn its meaning."""
_LONGEST = 20_000
"""Characters of a message that are read: none that people write is longer."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Words without which a text is not about it, and an expression over a sentence that says that it is."""

    signs: tuple[str, ...]
    says: re.Pattern[str]
    innocent: re.Pattern[str] | None = None
    """What in the sentence makes it something else."""
    shapes: tuple[str, ...] = ()
    """Signs that are no words, in the linear dialect."""
    together: tuple[re.Pattern[str], ...] = ()
    """What says it in a sentence in which two of these meet, and nothing is of work."""


class TopicRule(TextRule):
    """A rule that looks for topics; subclasses bring them."""

    severity = Severity.WARNING
    verdict = Verdict.SUSPECT
    reads = ("messages.text", "attachments.name", "attachments.text")
    requires = CONTENT
    applies_when = "type NOT IN ('system', 'recall')"
    key_facts = ("topic", "field", "attachment_id")
    tighter = {"topics": "more", "words": "more", "exceptions": "fewer"}
    _known: ClassVar[Mapping[str, Topic]]

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
        topics = self._asked(params)
        if topics:
            signs = dict.fromkeys(sign for topic in topics.values() for sign in topic.signs)
            yield Words("sign", tuple(signs), asks_around=True, skipped=_GAP)
            shapes = dict.fromkeys(shape for topic in topics.values() for shape in topic.shapes)
            if shapes:
                yield Pattern("sign", "|".join(shapes), caseless=True, asks_around=True)
        if params.words:
            yield Words("words", params.words, asks_around=True)

    def confirm(self, match: TextMatch, params: Any) -> Iterator[Hit]:
        """Yield for each topic the first place that is about it."""
        if "words" in match.patterns:
            own = next(place for place in match.places if place.pattern == "words")
            if not _turned(match.folded, own.begin, own.end, params.exceptions):
                yield topic_hit("words", own.begin, own.end, match)
        text = match.folded[:_LONGEST]
        bare = _skipped.sub("", text)
        for name, topic in self._asked(params).items() if "sign" in match.patterns else ():
            for begin, end in _said(bare, topic, params.exceptions):
                gone = {place for one in _skipped.finditer(text) for place in range(*one.span())}
                places = [place for place in range(len(text)) if place not in gone]
                yield topic_hit(name, places[begin], places[end - 1] + 1, match)
                break

    def _asked(self, params: Params) -> Mapping[str, Topic]:
        """Return the topics that the rule set asks for."""
        asked = getattr(params, "topics", tuple(self._known))
        return {name: self._known[name] for name in asked}


def topic_hit(topic: str, begin: int, end: int, match: TextMatch) -> Hit:
    """Return the facts of a place; in which kind of group and by whom, a dismissal holds for."""
    facts: dict[str, object] = {"topic": topic, "reason": topic, "offset": begin, "length": end - begin}
    if match.around is not None:
        facts |= {"group_kind": match.around.group_kind, "sender_kind": match.around.sender_kind}
    return facts


def _said(bare: str, topic: Topic, exceptions: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Yield where a text is about a topic."""
    for sentence in _sentence.finditer(bare):
        if topic.innocent is not None and topic.innocent.search(sentence[0]):
            continue
        met = [one for part in topic.together if (one := part.search(sentence[0]))]
        both = [(min(map(re.Match.start, met)), max(map(re.Match.end, met)))] if len(met) > 1 else []
        spans = [one.span() for one in topic.says.finditer(sentence[0])]
        for first, last in (*spans, *(both if not _of_work.search(sentence[0]) else ())):
            begin, end = sentence.start() + first, sentence.start() + last
            if not _turned(bare, begin, end, exceptions):
                yield begin, end


def _turned(text: str, begin: int, end: int, exceptions: Iterable[str]) -> bool:
    """Return whether the sentence around a place forbids it, warns of it, quotes a title, or is excepted."""
    first = max(begin - _BEFORE, 0, *(text.rfind(mark, 0, begin) + 1 for mark in "。！？!?;；\n"))
    before = text[first:begin]
    after = _sentence.match(text[end : end + _AFTER])
    title = before.rfind("《") > before.rfind("》")
    before = _but.split(before)[-1]
    around = f"{before}|{after[0] if after else ''}"
    return (
        title
        or bool(_refused.search(around) or _advised.search(before))
        or any(fold(word) in around for word in exceptions if word)
    )
