"""A notice whose date and weekday disagree tells its readers nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from policycore import (
    Case,
    Hit,
    Needs,
    Pattern,
    Rule,
    Severity,
    Step,
    Subject,
    Text,
    TextMatch,
    TextRule,
    Verdict,
    stated_times,
)
from policycore_channels.from_today import FROM_TODAY, wrong_from_today

_WEEKDAY = r"[0-9一二三四五六七八九十] ?[日号] ?[,(（\[]? ?(星期|周|礼拜)[一二三四五六日天]"
_NO_DAY = r"(2月3[01]|[469]月31|11月31|(1[3-9]|[2-9][0-9])月[0-9]{1,2}|月(3[2-9]|[4-9][0-9])) ?[日号]"
# A date that is quoted as the wrong one.
_wrong_before = re.compile(
    r"(?:误写[成为]|错写[成为]|写成了?|打成了?|不是|并非|原[为是]|哪有|哪来的?|没有|没)[“\"'「]?$"
)
_LONGEST_BEFORE = 8
"""Characters that such words have at most: texts may be of any length."""
_wrong_after = re.compile(
    r"[”\"'’」)]{0,2}(?:\(?(?:星期|周|礼拜)[一二三四五六日天]\)?)?[”\"'’」)]{0,2}"
    r"(?:[^,。;\n]{0,6}(?:写错|打错|抄错|错了|搞错|有误|笔误|不对|不存在|是错的|作废|哪来)|,?(?:应为|应是|更正为|改[为成]))"
)
# Classes are held on another day, as that weekday's.
_borrowed = re.compile(r"[^)\]\n]{0,1}的?(?:课|作息|班次)")
_DATED = """contains(messages.text, '月')
    OR regexp_matches(messages.text, '[今明后昨前][天日].{0,5}(?:[0-9]|星期|周|礼拜)')"""


def said(*texts: str) -> dict[str, list[dict[str, object]]]:
    """Return an estate with `texts` as messages m0, m1 and so on, sent on 2024-03-22."""
    return {
        "groups": [{"id": "g"}],
        "messages": [
            {"id": f"m{n}", "group_id": "g", "text": text, "sent_at": "2024-03-22T09:00"}
            for n, text in enumerate(texts)
        ],
    }


class DatesAgree(TextRule):
    """A notice states a date beside another day's weekday, or a date that does not exist.

    Pictures and recordings are not read. A date without a year is the one nearest to the day on which the message was
    sent. Tomorrow and next Wednesday are those of the day on which it was sent; where another date stands beside them a
    person says which is wrong. Put it right by posting the correct date, in every group.
    """

    id = "CHA004"
    name = "channels/dates-agree"
    severity = Severity.WARNING
    subject = Subject.MESSAGE
    reads = ("messages.text",)
    requires = (
        Needs("messages.text", stands="hits"),
        Needs("messages.sent_at", when=_DATED),
    )
    # What a picture or a recording says is nobody's to read here.
    applies_when = "type NOT IN ('image', 'file', 'voice', 'video', 'system', 'recall')"
    key_facts = ("offset",)
    title = Text(zh="通知中的日期与星期一致", en="Dates and weekdays in notices agree")
    headline = Text(zh="日期与星期不符，或没有这一天", en="Date and weekday disagree, or there is no such day")
    message = {
        "weekday": Text(
            zh="第{offset}字起的日期是{day}，与所写星期不符",
            en="the date from character {offset} is {day}, which is another weekday than the one beside it",
        ),
        "impossible": Text(zh="第{offset}字起的日期不存在", en="the date from character {offset} does not exist"),
        "from-today": Text(
            zh="第{offset}字起所说的日子，与旁边写的日期或星期对不上，请核实",
            en="the day named from character {offset} is not the date or weekday beside it; please verify",
        ),
    }
    explanation = Text(
        zh="通知应表达明确。日期与星期不符，成员不知道以哪个为准。图片和语音中的日期不查；没有写年份的，按离发送日最近的一年算。只记录位置和日期，不保存内容。",
        en="A notice must be clear; where date and weekday disagree nobody knows which counts. "
        "The finding keeps place and date, never the text.",
    )
    remediation = (Step("sender", Text(zh="更正日期并在各群重新说明", en="correct the date in every group"), 1),)

    def patterns(self, params: Rule.Params) -> tuple[Pattern, ...]:
        """Look for dates with a weekday beside them, and for days that there are not."""
        dates = {"weekday": _WEEKDAY, "no-day": _NO_DAY}
        dates |= {f"from-today {number}": expression for number, expression in enumerate(FROM_TODAY)}
        return tuple(Pattern(name, expression, asks_around=True) for name, expression in dates.items())

    def confirm(self, match: TextMatch, params: Rule.Params) -> Iterator[Hit]:
        """Read the dates as a reader did on the day on which the message came."""
        sent = match.around.sent_at if match.around else None
        for stated in stated_times(match.text, sent) if sent else ():
            if _said_wrong(match.folded, stated.begin, stated.end):
                continue
            # Of weekdays before their dates several may stand there, and the nearest is not the date's.
            beside = match.folded[stated.begin] not in "周星礼" and not _borrowed.match(match.folded, stated.end)
            if stated.fault == "weekday" and stated.moment and beside:
                yield {"reason": "weekday", "offset": stated.begin, "day": stated.moment.date()}
            elif stated.fault == "impossible" and set(match.folded[stated.begin : stated.end]) & set("日号"):
                yield {"reason": "impossible", "offset": stated.begin}
        for begin, end in wrong_from_today(match.folded, sent) if sent else ():
            if not _said_wrong(match.folded, begin, end):
                yield {"reason": "from-today", "offset": begin, "verdict": Verdict.SUSPECT.value}

    cases = (
        Case(
            "another weekday, and days that there are not",
            zh="星期不符，日期不存在",
            given=said(
                "请于3月27日(星期四)上午11点前报送", "4月31日前报送", "请于３月２７日（周二）参会", "2月30日开会"
            ),
            finds=("m0", "m1", "m2", "m3"),
            reasons={"m0": "weekday", "m1": "impossible", "m2": "weekday", "m3": "impossible"},
            facts={"m0": {"offset": 2}},
        ),
        Case(
            "the right weekday, also of last year, and what is no date",
            zh="星期相符（包括去年的日期），以及不是日期的数字",
            given=said(
                "请于3月27日(星期三)上午11点前报送",
                "2023年3月27日(星期一)的会议纪要",
                "3月27日、28日(星期四)开会",
                "4月1日-10月31日周二至周日开放，11月1日-次年3月31日 周二-周日闭馆提前",
                "每月32元，15月份合计，3月35元",
            ),
        ),
        Case(
            "a correction that quotes the wrong date, and one that is wrong itself",
            zh="更正里引用写错的日期；更正本身写错的日期",
            given=said(
                "通知里“11月31日”写错了，是12月1日",
                "4月10日(周五)有误，应为4月10日(周三)",
                "刚才把会期写成4月31日，请以5月6日为准",
                "6月没有31日，台账截止30日",
                "更正：例会改为3月27日(周四)",
            ),
            finds=("m4",),
        ),
    )


def _said_wrong(text: str, begin: int, end: int) -> bool:
    """Return whether a date is quoted as a wrong one, by what stands just before or behind it."""
    before = _wrong_before.search(text, max(0, begin - _LONGEST_BEFORE), begin)
    return bool(before or _wrong_after.match(text, end))
