"""A group is no bell: nobody demands answers at once, queues of names or check-ins."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice
from typing import Literal

from policycore import (
    REPLY_SIGNS,
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
    Topics,
    Words,
    reply_demands,
)
from policycore_channels.compelled import COMPELLED
from policycore_channels.demanded import DEMANDED

Kind = Literal["at-once", "queue", "check-in", "screenshot", "ranking", "any-reply"]
_queue = re.compile(r"接龙")
# A queue in which people put themselves down for something, and nobody has to.
_signs_up = re.compile(
    r"报名|我先(?:填|来|报|写)|值[班守]|排班|轮班|换班|补休|家属|盒饭|订[餐饭奶水票]|拼车|团购|尺码|尺寸|口味|份数|车位|课时"
    r"|[谁哪][个位]?(?:能|有空|愿意|方便|想)|自愿|有意|愿意|想[^,。]{1,6}的|[+]\d|[0-3]?\d[号日](?![楼库院线])|自费"
)
_everybody = re.compile(
    r"全体|全员|所有人|必须|务必|一律|不得|都要|逐一|依次|每个?人|未接龙|没接龙|(?:大家|各位)[^,]{0,6}接龙"
)
_check_in = re.compile(r"打卡|签到|报到|冒个?泡|举手|点赞")


def said(*texts: str) -> dict[str, list[dict[str, object]]]:
    """Return an estate with `texts` as messages m0, m1 and so on."""
    return {
        "groups": [{"id": "g"}],
        "messages": [{"id": f"m{n}", "group_id": "g", "text": text} for n, text in enumerate(texts)],
    }


class NoInstantReplies(TextRule):
    """Demanding instant replies, queues of names, check-ins or screenshots wears people out and proves nothing.

    Which of these a policy forbids is a parameter: one that lets a group ask for replies by a deadline still forbids
    to demand them at once. What speaks of such demands, or forbids them, is none. Where no words of a demand stand,
    but an act of the kind (a like, a picture of oneself), those who lack it, and a list, a penalty or a shame for them,
    a person confirms. Put it right by recalling the demand, and by naming a deadline that can be kept.
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
        "check-in": Text(
            zh="要求打卡、签到、点赞、转发等（第{offset}字起）",
            en="demands a check-in, likes or reposts (from character {offset})",
        ),
        "screenshot": Text(
            zh="要求上传截图、照片等证明（第{offset}字起）",
            en="demands a screenshot or picture as proof (from character {offset})",
        ),
        "ranking": Text(
            zh="以积分、排名等督促（第{offset}字起）", en="presses people by points or ranks (from character {offset})"
        ),
        "any-reply": Text(
            zh="要求群内回复（第{offset}字起）", en="demands a reply in the group (from character {offset})"
        ),
    }
    explanation = Text(
        zh="不得脱离工作实际强制要求打卡接龙、即时响应，避免“指尖上的形式主义”。没有明说、从上下文推断的只列为疑似，由人确认；自愿报名的接龙不算。只记录位置，不保存内容。",
        en="Check-ins, queues of names and instant responses must not be demanded without need. "
        "What only its context makes a demand is suspected, and a person confirms. "
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

    def patterns(self, params: Params) -> Iterator[Pattern | Words]:
        """Yield the words without which nobody demands anything of this."""
        yield Words("reply", REPLY_SIGNS, skipped=" ")
        for topics in _topics(params.forbidden):
            yield from topics.patterns()

    def confirm(self, match: TextMatch, params: Params) -> Iterator[Hit]:
        """Yield what is demanded in so many words, of a kind that is forbidden, or else what may be a demand."""
        demanded, compelled = _topics(params.forbidden)
        last = 0
        for begin, end, kind in sorted((*_replies(match, params), *_said(match, demanded))):
            if kind in params.forbidden and begin >= last:
                last = end
                yield {"reason": kind, "offset": begin, "length": end - begin}
        if not last:
            for kind, begin, end in islice(compelled.places(match), 1):
                yield {"reason": kind, "offset": begin, "length": end - begin, "verdict": "suspect"}

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
            "by other words: names one below the other, who is lacking, proof, the last ones, phones that stay on",
            zh="换一种说法：依次往下写、还差几人、截图证明、末位约谈、随时响应",
            given=said(
                "请各位老师接着往下写自己的名字",
                "今天的读书打卡还差5人",
                "请截图证明已阅读",
                "答题末位的部门约谈",
                "工作群消息必须随时响应",
                "截图留存备查（审计要求）",
                "请在登记表上写自己的名字",
            ),
            finds=("m0", "m1", "m2", "m3", "m4"),
            reasons={"m0": "queue", "m1": "check-in", "m2": "screenshot", "m3": "ranking", "m4": "at-once"},
        ),
        Case(
            "what is made a demand by those who lack it and what they have to expect",
            zh="没有直接写要求，但点出没做的人和后果",
            given=said(
                "半天了没人吭声，装没看见的自己掂量",
                "从张三开始报数，断在谁那里谁请客",
                "头像还没换的，我挨个截给主任",
                "每晚背书的小视频，缺一次罚站",
                "活跃度垫底的科室年底述职自己说",
                "门卫室的监控没拍到人，请派出所帮忙",
                "没签到的老师会后补一下，不影响学时",
                "心内科还没回会诊，我再打电话",
                "投诉半小时内必须回复，超时扣分",
            ),
            finds=("m0", "m1", "m2", "m3", "m4"),
            reasons={"m0": "at-once", "m1": "queue", "m2": "check-in", "m3": "screenshot", "m4": "ranking"},
        ),
        Case(
            "a queue in which people put themselves down for something, unless everybody must",
            zh="自愿报名、排班的接龙，不强制的不算",
            given=said(
                "进社区义诊的医生请接龙，我先填第一个",
                "延时服务接龙：14号小周，15号还缺一个",
                "全体人员请接龙，家属也要接",
                "都给我在群里接起来，不许断",
                "活跃榜倒数三家，支书出来说说",
            ),
            finds=("m2", "m3", "m4"),
            reasons={"m2": "queue", "m3": "at-once", "m4": "ranking"},
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
            "asked for without a please: queues, check-ins, screenshots, points, and a name called for no reply",
            zh="没有“请”字的接龙、打卡、截图、积分和点名",
            given=said(
                "#接龙\n1. 张敏",
                "按顺序接龙",
                "每晚在群里打卡",
                "看完视频截图发我",
                "晒一下积分",
                "每日积分不得低于30分",
                "没回复的部门点名通报",
                "半个小时内回复",
            ),
            finds=("m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7"),
            reasons={
                **dict.fromkeys(("m0", "m1"), "queue"),
                "m2": "check-in",
                "m3": "screenshot",
                **dict.fromkeys(("m4", "m5"), "ranking"),
                **dict.fromkeys(("m6", "m7"), "at-once"),
            },
        ),
        Case(
            "working hours, faults, visits, tables and talk",
            zh="考勤、故障、参观、登记表和谈论",
            given=said(
                "上下班打卡请用考勤机",
                "遇到问题截图发到群里",
                "红色基地打卡活动",
                "安全教育签到表归档",
                "每天按时签到上课的学生",
                "未回复的来信请批示",
                "即时响应机制",
                "学分与积分排名办法研究",
                "取消群里打卡",
                "词语接龙",
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


def _quoted(text: str, begin: int, end: int) -> bool:
    """Return whether a place stands in quotation marks, or in a title."""
    return text[begin - 1 : begin] in ("“", "《", "「", '"') or text[end : end + 1] in ("”", "》", "」")


@lru_cache(maxsize=1)  # asked at every place of one text
def _chosen(text: str) -> bool:
    """Return whether a queue is one in which people put themselves down for something."""
    return bool(_signs_up.search(text)) and not _everybody.search(text)


@cache
def _topics(forbidden: tuple[Kind, ...]) -> tuple[Topics, Topics]:
    """Return what demands of some kinds say, and what they are made of."""
    return (
        Topics({kind: topic for kind, topic in DEMANDED.items() if kind in forbidden}, "said"),
        Topics({kind: topic for kind, topic in COMPELLED.items() if kind in forbidden}, "made of"),
    )


def _replies(match: TextMatch, params: NoInstantReplies.Params) -> Iterator[tuple[int, int, Kind]]:
    """Yield begin, end and kind of what asks for replies, whether they are forbidden or not."""
    if "reply" not in match.patterns:
        return
    for demand in reply_demands(match.text):
        act = match.folded[demand.begin : demand.end]
        kind: Kind = "queue" if _queue.search(act) else "check-in" if _check_in.search(act) else "any-reply"
        if kind == "queue" and _chosen(match.folded):
            continue
        if demand.at_once and "at-once" in params.forbidden:
            kind = "at-once"
        yield demand.begin, demand.end, kind


def _said(match: TextMatch, demanded: Topics) -> Iterator[tuple[int, int, str]]:
    """Yield begin, end and kind of what is demanded in so many words."""
    for kind, begin, end in demanded.places(match):
        if kind == "queue" and _chosen(match.folded):
            continue
        if not _quoted(match.folded, begin, end):
            yield begin, end, kind
