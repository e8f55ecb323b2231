"""A group is no bell: nobody demands answers at once, queues of names or check-ins."""

from __future__ import annotations

import re
from collections.abc import Iterator
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
    reply_demands,
)

Kind = Literal["at-once", "queue", "check-in", "screenshot", "ranking", "any-reply"]
_WORDS = """
回复 扣1 扣一 回1 打1 接龙 打卡 签到 报到 签收 吱 举手 点赞 冒泡 确认 点名 通报 批评 留痕 反馈收到
反馈给 秒回 扣“ 扣" 回“ 上回 刻回 即回 即时响应 完成率 回话 回执 速回 请回 截图 回个 复个 截屏
排名 积分 报平安 回音 统一回 依次 往下写 并发图 垫底 应答 随时响应 开机 转发量 晒票 打个勾 吭 接力
报名字 扣个 上报当 写说明 说明原因 转发朋友圈 学习时长 晒出 打电话 报体温 末位 后三名 得分榜 活跃榜
学习榜 reply confirm acknowledge
"""
_TOGETHER = 20
"""Words in one expression: more are too large for the fast engine."""
_queue = re.compile(r"接龙")
_check_in = re.compile(r"打卡|签到|报到|冒个?泡|举手|点赞")
# How people ask for it without 请: #接龙, 按顺序接龙, 每日打卡, 截图发群里.
_asked: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "screenshot",
        re.compile(
            r"(?:请|务必|须|需|并|要求)[^。！？!?;；\n]{0,16}(?:上传|发送?|提供|报送|提交|晒)[^。！？!?;；\n]{0,8}(?:截图|截屏)"
        ),
    ),
    (
        "ranking",
        re.compile(
            r"(?:各(?:单位|部门|科室|学院|支部)|个人|本周|本月|每[日周月]|答题|学习|打卡)[^。！？!?;；\n]{0,12}(?:积分|学时|完成率|活跃度)"
            r"[^。！？!?;；\n]{0,12}(?:排名|排行|倒数|垫底|通报)|(?:积分|学习|打卡|活跃度|回复率)(?:榜|排行榜?|排名)(?!办法|制|规则|改革|研究|系统|方案)"
        ),
    ),
    (
        "queue",
        re.compile(
            r"(?:^|\n)[ ]*[#\[【]?(?:群)?接龙(?=$|[ \n:\]】])|(?:逐一|依次|继续|复制|往下|群里?内?|跟着|都来|抓紧)"
            r"[^。！？!?;；\n]{0,4}接龙"
            r"(?:一下|往下|$|[,，。！!\n])"
            r"|按顺序接龙|(?:^|[,，\n])接龙一下|(?:全体|全员|所有人|大家|各位)[^,，。！？!?;；\n]{0,4}接龙(?=$|[:,，。！!\n])"
            r"|(?:没有?|未|尚未)(?:及时|按时)?接龙的|(?:请|依次|逐一)[^,，。！？!?;；\n]{0,8}群[里内中]?(?:依次)?报(?:名字|姓名|数)(?=$|[,，。！!\n])"
            r"|(?:依次|下方|跟着)[^,，。！？!?;；\n]{0,4}[+]1|(?:接着|依次|挨着)往下写"
            r"|(?:请|按|照)[^,，。！？!?;；\n]{0,6}接力(?=$|[:,，。！!\n])"
        ),
    ),
    (
        "check-in",
        re.compile(
            r"(?:每[天日周晚早]|每日|坚持|全员|一律)[^。！？!?;；\n]{0,14}(?:(?:打卡|签到|报到)(?=$|[,，。！!\n])|上报步数)|群(?:里|内|中)[^。！？!?;；\n]{0,3}(?:打卡|签到|报到|冒泡)(?![表册台处情记])"
            r"|(?:上传|发|晒)[^。！？!?;；\n]{0,4}打卡(?:照片|截图|记录|图)"
            r"|每[天日周晚早][^。！？!?;；\n]{0,14}(?:报平安|报体温|上报(?:当[天日]|本人|个人)?[^,，。！？!?;；\n]{0,3}(?:步数|学习时长|学习情况))"
            r"|(?:打卡|签到|点赞|转发)[^,，。！？!?;；\n]{0,4}(?:还差|还缺|还剩)[0-9一二三四五六七八九十几]+[个名]?人"
            r"|还有[0-9一二三四五六七八九十几]+[个名位]?(?:人|同志|老师)(?:没有?|未)(?:打卡|签到|点赞|转发|接龙|投票)"
            r"|(?:没有?|未|尚未)(?:及时|按时)?(?:打卡|签到|报平安|报体温)的[^。！？!?;；\n]{0,12}(?:抓紧|赶紧|尽快|赶快|快点|速|马上|立即|补)"
        ),
    ),
    (
        "screenshot",
        re.compile(
            r"截[图屏][^。！？!?;；\n]{0,2}(?:上传|发(?:群|我|给|到|至|在)|报(?:办公室|送|至|给|到)|反馈|交(?:给|到|至)|回传|打卡)"
            r"|(?:完成|看完|学完|点赞|转发|关注|下载|注册|投票|答题)[^。！？!?;；\n]{0,10}截[图屏](?=$|[,，。！!\n])|留痕拍照|拍照留痕"
            r"|(?:学完|看完|完成)[^,，。！？!?;；\n]{0,2}并发图|晒票(?=$|[,，。！!\n])|拍照上传[^,，。！？!?;；\n]{0,10}(?:备查|检查)"
            r"|请[^。！？!?;；\n]{0,6}截[图屏](?:为证|证明|留证|自证|备查)"
        ),
    ),
    (
        "ranking",
        re.compile(
            r"晒(?:一?下|出|一晒|晒)?(?:你的|自己的?|各自的?|本周的?|今[天日]的?|大家的?)?(?:学习强国|学习)?的?积分|每[日天周月][^。！？!?;；\n]{0,4}积分(?:不得?低于|不少于|达到)|(?:^|[\n,，。])积分排名|完成率排名"
            r"|(?:学习时长|积分|打卡|活跃度?|回复率)[^,，。！？!?;；\n]{0,4}(?:前|后)[一二三五十0-9]+名|积分(?:情况)?[^。！？!?;；\n]{0,8}(?:落后|靠后|垫底)"
            r"|排行榜[^。！？!?;；\n]{0,8}垫底|转发量[^,，。！？!?;；\n]{0,4}(?:最低|最少|靠后)"
            r"|晒出(?:来|成绩|积分|得分)|(?:成绩|积分|得分)[^,，。！？!?;；\n]{0,2}晒出?来?(?=$|[,，。！!\n])"
            r"|(?:得分|活跃|学习)榜(?!样|单)|(?:排名)?(?:末位|后三名|后[二五十]名|倒数[^。！？!?;；\n]{0,4})[^。！？!?;；\n]{0,4}(?:约谈|通报|检讨)"
        ),
    ),
    (
        "any-reply",
        re.compile(
            r"统一回(?:复)?[:：]|收到的?[^,，。！？!?;；\n]{0,2}打个勾|(?:都|大家|各位)[^,，。！？!?;；\n]{0,4}吭一?声"
        ),
    ),
    (
        "at-once",
        re.compile(
            r"(?:未|没有?|不)(?:及时|按时)?回复的?(?:单位|部门|人员|同志)?[^。！？!?;；\n]{0,6}(?:点名|通报|批评|约谈|扣分|问责|写说明|说明原因)"
            r"|(?:必须|务必|都?要)[^,，。！？!?;；\n]{0,4}(?:[0-9]{1,2}|[一二三五十]{1,3})分钟[之以]?内(?:应答|响应|回应)"
            r"|随时响应(?=$|[,，。！!\n])|手机(?:24|二十四)小时(?:开机|在线)|不(?:签到|打卡)的(?:一律)?(?:按|视为|算)"
            r"|分钟[之以]?内[^,，。！？!?;；\n]{0,4}(?:给|回)个?(?:回音|话|信)(?=$|[,，。！!\n])"
            r"|(?:回复|响应)(?:不积极|不及时|慢|迟缓?)的?[^。！？!?;；\n]{0,8}(?:点名|通报|批评|约谈|扣分|问责|写说明|说明原因)"
            r"|(?:没有?|未|不)(?:扣1?|回|转发|点赞|转)[^,，。！？!?;；\n]{0,4}的?[^。！？!?;；\n]{0,8}(?:打电话|点名|通报|批评|约谈|扣分|问责|写说明)"
            r"|(?:半个?小时|一个?小时|1小时|[0-9一二三五十]{1,3}分钟)[之以]?内(?:必须|务必|全部|都要?)?回复(?=$|[,，。！!\n])"
            r"|(?:^|[,，\n])(?:务必|请|须|要|都)?(?:各位|大家|所有人|全体)?(?:收到)?(?:后)?(?:请|务必)?(?:秒回|即时响应)(?=$|[,，。！!\n])"
        ),
    ),
)
# Faults that are reported, machines for working hours, and places that are visited.
_work = re.compile(
    r"报错|故障|异常|问题|出错|错误|提示|考勤|门禁|打卡机|上下班|宿舍|景点|基地|教育活动|方案|系统|软件|高铁|[成词]语|上课|改革|不分先后|[球比竞联]赛|[快货收]件"
)
_refused = re.compile(r"不得|严禁|禁止|不要|无需|不用|不必|杜绝|避免|取消|不准|切忌|减少|整治|清理|减负|反对|请勿|勿")


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

    def patterns(self, params: Params) -> Iterator[Pattern]:
        """Yield the words without which nobody demands anything of this."""
        words = _WORDS.split()
        for first in range(0, len(words), _TOGETHER):
            gapped = ("[ ]{0,2}".join(word) for word in words[first : first + _TOGETHER])
            yield Pattern("demand", "|".join(gapped), caseless=True)

    def confirm(self, match: TextMatch, params: Params) -> Iterator[Hit]:
        """Keep what is a demand, of a kind that is forbidden."""
        last = 0
        for kind, begin, end in sorted(_demanded(match, params), key=lambda one: one[1]):
            if kind in params.forbidden and begin >= last:
                last = end
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


def _demanded(match: TextMatch, params: NoInstantReplies.Params) -> Iterator[tuple[Kind, int, int]]:
    """Yield kind, begin and end of what a text demands, whether it is forbidden or not."""
    text = match.folded
    for demand in reply_demands(match.text):
        act = text[demand.begin : demand.end]
        kind: Kind = "queue" if _queue.search(act) else "check-in" if _check_in.search(act) else "any-reply"
        if demand.at_once and "at-once" in params.forbidden:
            kind = "at-once"
        yield kind, demand.begin, demand.end
    for asked, expression in _asked:
        for one in expression.finditer(text):
            begin, after = _begin(text, one.start()), text[one.end() : one.end() + 12].split("。")[0]
            sentence = f"{text[begin : one.start()]}|{after}"
            if not (
                _refused.search(sentence) or _work.search(sentence + one[0]) or _quoted(text, one.start(), one.end())
            ):
                yield asked, one.start(), one.end()


def _begin(text: str, at: int) -> int:
    """Return where the sentence begins in which `at` lies."""
    return max(text.rfind(mark, 0, at) for mark in "。！？!?;；\n") + 1
