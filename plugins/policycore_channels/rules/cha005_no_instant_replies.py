"""A group is no bell: nobody demands answers at once, queues of names or check-ins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from policycore import (
    Case,
    Field,
    Hit,
    Rule,
    Severity,
    Step,
    Subject,
    Text,
    TextMatch,
    TextRule,
    Words,
    reply_demands,
)

Kind = Literal["at-once", "queue", "check-in", "screenshot", "ranking", "any-reply"]
_WORDS = (
    *(
        "回复",
        "扣1",
        "扣一",
        "回1",
        "打1",
        "接龙",
        "打卡",
        "签到",
        "报到",
        "签收",
        "吱",
        "举手",
        "点赞",
        "冒泡",
        "确认",
    ),
    *("回话", "回执", "速回", "请回", "截图", "截屏", "排名", "积分", "reply", "confirm", "acknowledge"),
)
_queue = re.compile(r"接龙")
_check_in = re.compile(r"打卡|签到|报到|冒个?泡|举手|点赞")
_screenshot = re.compile(
    r"(?:请|务必|须|需|并|要求)[^。！？!?;；\n]{0,16}(?:上传|发送?|提供|报送|提交|晒)[^。！？!?;；\n]{0,8}(?:截图|截屏)"
)
_ranking = re.compile(
    r"(?:各(?:单位|部门|科室|学院|支部)|个人|本周|本月|每[日周月]|答题|学习|打卡)[^。！？!?;；\n]{0,12}(?:积分|学时|完成率|活跃度)"
    r"[^。！？!?;；\n]{0,12}(?:排名|排行|倒数|垫底|通报)|(?:积分|学习|打卡|活跃度|回复率)(?:榜|排行榜?|排名)"
)
_refused = re.compile(r"不得|严禁|禁止|不要|无需|不用|不必|杜绝|避免|取消|不准|切忌|减少|整治|反对|请勿|勿")


def said(*texts: str) -> dict[str, list[dict[str, object]]]:
    """Return an estate with `texts` as messages m0, m1 and so on."""
    return {
        "groups": [{"id": "g"}],
        "messages": [{"id": f"m{n}", "group_id": "g", "text": text} for n, text in enumerate(texts)],
    }


class NoInstantReplies(TextRule):
    """Demanding instant replies, queues of names, check-ins or screenshots wears people out and proves nothing.

    Which of these a policy forbids is a parameter: one that lets a group ask for replies by a deadline still forbids
    to demand them at once. What speaks of such demands, or forbids them, is none. Put it right by recalling the demand,
    and by naming a deadline that can be kept.
    """

    id = "CHA005"
    name = "channels/no-instant-replies"
    severity = Severity.WARNING
    subject = Subject.MESSAGE
    reads = ("messages.text",)
    requires = ()
    # What a picture or a recording says is nobody's to read here.
    applies_when = "type NOT IN ('image', 'file', 'voice', 'video', 'system', 'recall')"
    key_facts = ("offset",)
    title = Text(zh="不强制要求即时回复、接龙、打卡", en="Nobody demands instant replies, queues of names or check-ins")
    headline = Text(zh="强制要求即时回复、接龙、打卡等", en="Demands an instant reply, a queue of names or a check-in")
    message = {
        "at-once": Text(zh="要求立即回复（第{offset}字起）", en="demands a reply at once (from character {offset})"),
        "queue": Text(zh="要求接龙（第{offset}字起）", en="demands a queue of names (from character {offset})"),
        "check-in": Text(zh="要求打卡、签到（第{offset}字起）", en="demands a check-in (from character {offset})"),
        "screenshot": Text(zh="要求上传截图（第{offset}字起）", en="demands a screenshot (from character {offset})"),
        "ranking": Text(zh="公布积分排名（第{offset}字起）", en="ranks people by points (from character {offset})"),
        "any-reply": Text(
            zh="要求群内回复（第{offset}字起）", en="demands a reply in the group (from character {offset})"
        ),
    }
    explanation = Text(
        zh="不得脱离工作实际强制要求打卡接龙、即时响应，避免“指尖上的形式主义”。记录只保存位置，不保存内容。",
        en="Check-ins, queues of names and instant responses must not be demanded without need. "
        "The finding keeps the place, never the text.",
    )
    remediation = (
        Step(
            "sender",
            Text(
                zh="撤回要求；确需反馈的，写明合理期限",
                en="recall the demand; where replies are needed, name a fair deadline",
            ),
            1,
        ),
    )

    tighter = {"forbidden": "more"}

    class Params(Rule.Params):
        """What nobody may demand."""

        forbidden: tuple[Kind, ...] = Field(
            ("at-once", "queue", "check-in", "screenshot", "ranking"),
            min_length=1,
            description="what is forbidden: demands at once, queue of names, check-in, screenshot, ranking, any reply",
            json_schema_extra={"zh": "禁止的做法：要求即时回复、接龙、打卡、截图，积分排名，或要求任何回复"},
        )

    def patterns(self, params: Params) -> tuple[Words, ...]:
        """Look for the words without which nobody demands anything of this."""
        return (Words("demand", _WORDS),)

    def confirm(self, match: TextMatch, params: Params) -> Iterator[Hit]:
        """Keep what is a demand, of a kind that is forbidden."""
        text = match.folded
        found: list[tuple[Kind, int, int]] = []
        for demand in reply_demands(match.text):
            act = text[demand.begin : demand.end]
            kind: Kind = "queue" if _queue.search(act) else "check-in" if _check_in.search(act) else "any-reply"
            if demand.at_once and "at-once" in params.forbidden:
                kind = "at-once"
            found.append((kind, demand.begin, demand.end))
        for shot in _screenshot.finditer(text):
            begin = max(text.rfind(mark, 0, shot.start()) for mark in "。！？!?;；\n") + 1
            if not _refused.search(text[begin : shot.end()]):
                found.append(("screenshot", shot.start(), shot.end()))
        for one in _ranking.finditer(text):
            begin = max(text.rfind(mark, 0, one.start()) for mark in "。！？!?;；\n") + 1
            if not _refused.search(text[begin : one.end() + 12].split("。")[0]):
                found.append(("ranking", one.start(), one.end()))
        for kind, begin, end in found:
            if kind in params.forbidden:
                yield {"reason": kind, "offset": begin, "length": end - begin}

    cases = (
        Case(
            "at once, in a queue, by a check-in, with a screenshot; ranked by points",
            zh="即时回复、接龙、打卡、截图、积分排名",
            given=said(
                "收到请立即回复",
                "请大家在群内接龙",
                "请收到后打卡",
                "请各位完成学习后上传截图",
                "各支部学习积分排名如下",
            ),
            finds=("m0", "m1", "m2", "m3", "m4"),
            reasons={"m0": "at-once", "m1": "queue", "m2": "check-in", "m3": "screenshot", "m4": "ranking"},
        ),
        Case(
            "a reply by a deadline, talk of demands, and what forbids them",
            zh="限期回复、谈到这些要求，以及禁止这些要求",
            given=said(
                "请各部门于明天下午5点前回复",
                "不得要求“收到请立即回复”",
                "严禁强制打卡、接龙",
                "不要上传截图",
                "严禁搞积分排名",
                "学位积分制改革排名不分先后",
                "立即落实整改",
            ),
        ),
        Case(
            "a policy that allows no replies at all",
            zh="一律不得要求回复",
            given=said("请各部门于明天下午5点前回复"),
            params={"forbidden": ["any-reply"]},
            finds=("m0",),
            reasons={"m0": "any-reply"},
        ),
    )
