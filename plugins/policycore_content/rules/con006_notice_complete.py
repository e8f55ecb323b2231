"""A notice says all that its readers need to do what it asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from policycore import (
    Case,
    Field,
    Hit,
    Pattern,
    Rule,
    Severity,
    Step,
    Subject,
    Text,
    TextMatch,
    TextRule,
    Verdict,
    reply_demands,
    stated_deadline,
    stated_times,
)
from policycore_content.rules.con003_unrelated_topic import said

Part = Literal["deadline", "contact", "time", "hours", "place", "places", "who", "length"]

_notice = re.compile(
    r"\s*(?:@所有人\s*)?(?:[【\[][^】\]\n]{0,20}通知[】\]]|关于[^\n。]{2,60}的(?:紧急|补充)?通知\s*[:\n]"
    r"|(?:紧急|会议|重要|补充)?通知\s*[:\n])"
)
_elsewhere = re.compile(r"附件|附后|详见|见(?:下)?图|群文件|https?://|链接|另行通知|原文|文件如下")
_hand_in = re.compile(
    r"(?<![不无免])(?:报送|上报|提交|填报|交至|报至|发至|反馈(?:至|给|到))(?!要求|情况|平台|系统)|请[^。;\n]{0,24}将[^。;\n]{0,24}(?:发|交|报|送)"
)
_not_asked = re.compile(r"(?:无需|不需要?|不用|不必|勿)[^,。\n]{0,4}(?:报送|上报|提交|填报)")
_meeting = re.compile(
    r"(?:召开|举行|举办|开展)[^。\n]{0,24}(?:会|培训|讲座|活动|典礼)|参会(?!人数|名单|回执|情况|人员名单)|(?:参加|出席)[^。\n]{0,10}会|^\W*会议通知"
)
_urges = re.compile(r"尽快|抓紧|尽早|从速|及早")
_told_there = re.compile(r"详见|原文|https?://|链接|见(?:下)?图|群文件")
_pending = re.compile(r"(?:联系人|联系电话|电话|邮箱|收件人)[^,。;\n]{0,8}(?:待定|另定|待通知)")
_asks_by = re.compile(r"请[^。;\n]{0,30}(?:发送|发至|发到|报送|报至|提交|上报|交至)")
_ROOM = r"会议室|报告厅|大厅|教室|礼堂|操场|广场|体育馆|食堂|活动室|门口"
_goes_to = re.compile(rf"(?<!原定)[到在于]([^,。;:()\n]{{2,12}}?)(?:{_ROOM})")
_stated_place = re.compile(rf"地点(?:设?在|[:为是])([^,。;()\n]{{2,14}}?)(?:{_ROOM})")
_both = re.compile(r"集合|集中|分别|分会场|主会场|或|然后|再[到去]|改|原|第[一二三]|转")
_MORNING = "(?:上午|早上|早晨|清晨|凌晨) ?(?:1[3-9]|2[0-3])(?:[:点时])"
_FROM = "1[2-7]:[0-5][0-9] ?[-~至到] ?1[2-7]:[0-5][0-9]"
_AFTERNOON = "下午 ?[1-6][:点时]"
_morning = re.compile(_MORNING.replace("[:点时]", ":[0-5][0-9](?![:0-9])|点(?![名积数评将])|时(?!长)"))
_TO = r" ?[-~至到] ?(?:下午)?"
_spans = re.compile(
    rf"(?<![0-9:])(1[2-7]):([0-5][0-9]){_TO}(1[2-7]):([0-5][0-9])(?![0-9:])"
    rf"|下午 ?([1-6])[:点时]([0-5][0-9])?分?{_TO}([1-6])[:点时]([0-5][0-9])?(?![0-9])"
)
_called_off = re.compile(r"取消|延期|推迟|改期|纪要")
_contact = re.compile(
    r"联系人|向[^,。\n]{1,16}[科处室办院部委心](?:报|提交|反馈|上报)|联系电话|电话|手机|邮箱|@[\w.-]+\.\w|(?:发|交|报|送)(?:送|至|到|给)?[^,。;\n]{0,12}(?:科|处|室|办|院|部|中心|办公室|老师|同志|邮箱)"
    r"|\d{3,4}(?:室|房)|\d{7,}|群内回复|本群回复|接龙|私信"
)
_place = re.compile(
    r"地点|会议室|报告厅|会场|礼堂|教室|操场|体育馆|楼|(?<!公)厅|馆|(?<![科处])室|线上|腾讯会议|钉钉|视频会议|会议号|云会议"
)
_who = re.compile(
    r"请[^,。\n]{0,20}(?:参加|参会|出席|列席)|(?:参会|参加|参训|出席|列席|与会)(?:人员|范围|对象|人|单位)?:|参会人员|参加人员|参会范围|参加对象|全体|各[^,。:\n]{1,10}:|"
    r"各(?:单位|部门|科室|学院|支部|处室|位)[^。\n]{0,16}(?:参加|参会|出席)"
    r"|(?:负责人|人员|教师|职工|党员|委员|成员|[组班队处科院部厂所站校]长|书记|家长|代表|骨干|会计|干部|同志|同学|老师|护士|司机)[^。\n]{0,4}(?:参加|参会|出席)"
)


class NoticeComplete(TextRule):
    """A notice that leaves out by when, where, who or to whom makes everybody ask, or nobody come.

    Judged are texts that call themselves a notice: one that asks for papers needs a deadline and somebody to hand them
    to, one that calls a meeting needs time, place and who is meant. What points to an attachment, a picture or a link
    says it there and is not judged, unless it urges haste without a day. Two places that differ, hours that cannot be,
    and papers asked for by a day whose recipient is still open, are found without the word too. A very long one is hard
    to read in a chat. Each is a hint that a person confirms. Put it right by posting what is missing, in every group.
    """

    id = "CON006"
    name = "content/notice-complete"
    severity = Severity.WARNING
    verdict = Verdict.SUSPECT
    subject = Subject.MESSAGE
    reads = ("messages.text",)
    requires = ()
    applies_when = "type NOT IN ('image', 'file', 'voice', 'video', 'system', 'recall')"
    key_facts = ("lacks",)
    title = Text(zh="通知要素齐全", en="Notices say all that is needed")
    headline = Text(zh="通知可能缺少要素", en="A notice may leave something out")
    message = {
        "deadline": Text(
            zh="要求报送或抓紧办理，但没有写明期限", en="asks for papers or for haste and states no deadline"
        ),
        "contact": Text(zh="要求报送材料，但没有写明报给谁", en="asks for papers and does not say to whom"),
        "time": Text(zh="会议通知没有写明时间", en="calls a meeting and states no time"),
        "hours": Text(
            zh="所写的钟点自相矛盾，如上午15点、结束早于开始",
            en="names an hour that cannot be: in the morning at 15, or an end before the beginning",
        ),
        "place": Text(zh="会议通知没有写明地点", en="calls a meeting and states no place"),
        "places": Text(zh="前后写了两个不同的地点", en="names two places that differ"),
        "who": Text(zh="会议通知没有写明谁参加", en="calls a meeting and does not say who is meant"),
        "length": Text(
            zh="通知有{characters}字，超过{most_characters}字",
            en="has {characters} {characters:character|characters}, more than {most_characters}",
        ),
    }
    explanation = Text(
        zh="发布通知与印发纸质材料同等要求，文字精炼准确，信息表达明确。写明见附件、见图、见链接的，除催办而没有时间的以外不查。要素是否真的缺少，由人确认。",
        en="A notice is held to what paper is held to: concise, exact, explicit. A person confirms what is missing.",
    )
    remediation = (Step("sender", Text(zh="在各群补充说明", en="post what is missing in every group"), 1),)

    tighter = {"parts": "more", "most_characters": "lower"}

    class Params(Rule.Params):
        """What a notice must say, and how long it may be."""

        parts: tuple[Part, ...] = Field(
            ("deadline", "contact", "time", "hours", "place", "places", "who", "length"),
            min_length=1,
            description="what is looked for: deadline, contact, time, hours that cannot be, place, two places, who is "
            "meant, length",
            json_schema_extra={"zh": "要查的要素：期限、联系方式、时间、钟点矛盾、地点、地点矛盾、参加人员、篇幅"},
        )
        most_characters: int = Field(
            2000,
            ge=100,
            le=100_000,
            description="characters that a notice may have in a chat",
            json_schema_extra={"zh": "通知最多多少字"},
        )

    def patterns(self, params: Params) -> tuple[Pattern, ...]:
        """Look for texts that begin with the word, and for what a text leaves open or states as its place."""
        return (
            Pattern("notice", r"^[^\n。]*通知"),
            Pattern("part", "待定|另定|待通知|地点"),
            Pattern("hours", f"{_MORNING}|{_FROM}|{_AFTERNOON}"),
        )

    def confirm(self, match: TextMatch, params: Params) -> Iterator[Hit]:
        """Yield what a notice leaves out."""
        text = match.folded
        head = _notice.match(text)
        if head is not None and "length" in params.parts and len(text) > params.most_characters:
            yield {"lacks": "length", "reason": "length", "characters": len(text)}
        lacking = [*_open(text)]
        if head is not None:
            lacking += _hasty(text) if _elsewhere.search(text) else _lacking(text)
        for part in dict.fromkeys(lacking):
            if part in params.parts:
                yield {"lacks": part, "reason": part}

    cases = (
        Case(
            "papers without a deadline, without anybody to hand them to; a meeting without a place",
            zh="报送材料没有期限、没有报给谁；开会没有地点",
            given=said(
                "【通知】请各科室将总结报送综合科。",
                "【通知】请各部门于3月27日前报送总结。",
                "【会议通知】3月28日下午3点召开工作会，请各科室负责人参加。",
            ),
            finds=("m0", "m1", "m2"),
            reasons={"m0": "deadline", "m1": "contact", "m2": "place"},
        ),
        Case(
            "two places, a recipient whom nobody knows yet, haste without a day; a place to meet at first",
            zh="两个地点、收件人待定、只说抓紧没有时间；先集合再出发",
            given=said(
                "各位队员周五到东区大厅领物资，地点在六楼会议室。",
                "请各班于3月27日前将名册发送到邮箱（邮箱待定）。",
                "【通知】各科室清查台账，抓紧报送，见附件。",
                "周五到东区大厅集合，培训地点在六楼会议室。",
                "下周到总部会议室开会，地点：总部三楼会议室。",
                "周五到各会议室领资料，地点：三楼会议室。",
                "请到五楼会议室开会，地点在三楼会议室。",
                "时间地点待定，等院里通知。",
            ),
            finds=("m0", "m1", "m2", "m6"),
            reasons={"m0": "places", "m1": "contact", "m2": "deadline"},
        ),
        Case(
            "hours that cannot be; nights, whole days and hours that can",
            zh="自相矛盾的钟点；跨夜、全天和正常的钟点",
            given=said(
                "例会改到明天上午15:00。",
                "培训时间14:00-13:00，请准时。",
                "下午3点至2点在教室答疑。",
                "值班22:00-次日6:00，下午14:00-16:30，窗口9:00-5:30，下午2点到5点，上午11:30-13:00。",
                "最早15:00到，上午20名学生，早上15点名，下午2点半至3点，下午5点到9点，比分13:12。",
            ),
            finds=("m0", "m1", "m2"),
            reasons=dict.fromkeys(("m0", "m1", "m2"), "hours"),
        ),
        Case(
            "all is said, the attachment says it, or it is no notice",
            zh="要素齐全，见附件，或不是通知",
            given=said(
                "【会议通知】3月28日下午3点在二楼会议室召开工作会，请各科室负责人参加。",
                "【通知】请按附件要求报送。",
                "通知已转发，请知悉。",
            ),
        ),
        Case(
            "a unit that looks at length alone",
            zh="只看篇幅的单位",
            given=said("【通知】" + "请认真学习。" * 30, "【通知】请报送总结。"),
            params={"parts": ["length"], "most_characters": 100},
            finds=("m0",),
            reasons={"m0": "length"},
        ),
    )


def _open(text: str) -> Iterator[Part]:
    """Yield what a text leaves open, whether it calls itself a notice or not."""
    if _morning.search(text) or any(_ends_before(*map(_number, one.groups())) for one in _spans.finditer(text)):
        yield "hours"
    if _pending.search(text) and _asks_by.search(text):
        yield "contact"
    stated, gone = _stated_place.search(text), _goes_to.search(text)
    if stated and gone and not _both.search(text):
        # What stands before the room says which; one character is too little to tell.
        one, other = ({*map("".join, pairwise(found[1]))} for found in (stated, gone))
        if not one & other:
            yield "places"


def _number(figures: str | None) -> int:
    """Return the number that figures say, 0 for none."""
    return int(figures or 0)


def _ends_before(*said: int) -> bool:
    """Return whether hours and minutes from and to are of one afternoon and the wrong way round.

    A night goes on to the next day, and eight to five, or nine to half past eight, is written of a whole day.
    """
    begins, ends = (said[:2], said[2:4]) if any(said[:4]) else (said[4:6], said[6:])
    first, last = (12, 17) if any(said[:4]) else (1, 6)
    return begins > ends and all(first <= hour <= last for hour in (begins[0], ends[0]))


def _hasty(text: str) -> Iterator[Part]:
    """Yield the deadline where a text urges its readers and names no time, nor points to where it is named."""
    if _urges.search(text) and not stated_times(text, None) and not _told_there.search(text):
        yield "deadline"


def _lacking(text: str) -> Iterator[Part]:
    """Yield what a notice leaves out that is not elsewhere."""
    if _meeting.search(text) and not _called_off.search(text):
        if not stated_times(text, None):
            yield "time"
        if not _place.search(text):
            yield "place"
        if not _who.search(text):
            yield "who"
    elif _hand_in.search(text) and not _not_asked.search(text):
        if stated_deadline(text, None) is None:
            yield "deadline"
        if not _contact.search(text) and not reply_demands(text):
            yield "contact"
    else:
        yield from _hasty(text)
