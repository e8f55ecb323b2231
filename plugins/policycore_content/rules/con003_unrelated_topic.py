"""What is written in a work group is about work."""

from __future__ import annotations

import re
from typing import Literal

from policycore import Case, Field, Step, Text
from policycore_content.topics import Topic, TopicRule

_WHO = (
    r"(?:[我他她你咱]|孩子|宝贝|宝宝|娃|女儿|儿子|闺女|侄|外甥|孙|亲戚|朋友|同学家"
    r"|\d+号|[一二三四五六七八九十]+号|第\d+号)"
)
_HAPPENS = (
    r"好运|好消息|平安一生|一生平安|话费|会员|礼品|到账|领取|倒霉|后悔|不是中国人|厄运|灵验|发财"
    r"|心想事成|保平安|积德|功德"
)

_TOPICS = {
    "red-packet": Topic(
        ("红包", "手气最佳"),
        re.compile(
            r"(?:发|抢|来|领取?|塞|包|派|求|讨)(?:[个波点了啦着]|一|几|大|小|现金|口令|新年|拜年|开工|微信|拼手气)*红包(?!礼金|问题)"
            r"|红包(?:雨|已发|来[啦了喽]|拿走|走起|接龙|在哪)|手气最佳"
        ),
    ),
    "group-buying": Topic(
        ("团购", "拼团", "拼单", "开团", "成团", "砍一刀", "砍价", "帮砍", "第二件", "代购"),
        re.compile(
            r"(?<![党共青集社体乐师])团购(?![书买置票入房])|拼团|拼单|(?<![召公展离分])开团(?=[了啦喽中,，!！]|$)"
            r"|差\d{0,3}[个人]{0,2}成团|砍一刀|帮[^,，]{0,6}砍|砍价[^。]{0,12}帮|第二件半价|代购(?![公平合商行纠])"
        ),
    ),
    "vote-begging": Topic(
        ("投票", "票", "集赞", "个赞", "点赞"),
        re.compile(
            r"帮(?![扶助困教])[^,，。]{0,10}(?:投[^,，。]{0,4}票|拉票)"
            rf"|给{_WHO}[^,，。]{{0,8}}(?:投[^,，。]{{0,4}}票|拉{{1,2}}票)|(?<![要请追需征力])求[^,，。]{{0,6}}投票"
            r"|集(?:满|够|齐)?\d*个?赞"
        ),
        re.compile(r"支部|党委|党员|代表大会|职代会|换届|候选人|民主测评|两优一先"),
    ),
    "advert": Topic(
        (
            *(
                "加微信",
                "加v",
                "加薇信",
                "加威信",
                "+v",
                "+微",
                "微信同号",
                "日赚",
                "月入",
                "日结",
                "刷单",
                "贷款",
                "秒批",
            ),
            *(
                "代办",
                "证件",
                "招代理",
                "一件代发",
                "囤货",
                "出租",
                "出售",
                "转让",
                "急售",
                "面议",
                "私聊",
                "私我",
                "包邮",
            ),
            *("正品", "免税", "限时抢购", "扫码下单", "五折", "几折", "无效退款", "提额", "高仿", "低价"),
        ),
        re.compile(
            r"(?:加|\+)(?:我)?(?:薇信|威信|微信[^群,，]{0,4}(?:咨询|了解|详聊|下单|办理|$)|[vV](?:信|[xX]|了解|详|咨询|$))|微信同号"
            r"|日赚\d|月入(?:过万|\d+万)|日结\d|刷单|秒批|秒放|代办(?:各类|各种)?证件|招代理|一件代发|无需囤货|无效退款"
            r"|信用卡[^,，]{0,4}提额|限时抢购|扫码下单|正品保证|高仿|包邮|急售|免费领取[^,，]{0,6}礼"
            r"|(?:出租|出售|转让|低价)[^。]{0,40}(?:私聊|私我|面议|有意(?:者)?(?:联系|请)|加[vV微])|价格(?:面议|优惠)[^。]{0,10}(?:联系|私)"
        ),
    ),
    "chain-letter": Topic(
        ("转", "扩散"),
        re.compile(
            rf"转(?:发|给|到)?[^。]{{0,24}}(?:{_HAPPENS})|不转(?:发)?[^,，。]{{0,4}}(?:{_HAPPENS})|是中国人就转|转起来"
            r"|快转(?=[!！,，]|$)|看完[^,，]{0,6}(?:一定)要?转|看到的都转|(?:^|[,，])(?:请|紧急)?扩散(?=[,，]|$)"
        ),
        re.compile(r"文件精神|转账|转岗|转正|转专业"),
    ),
}


def said(*texts: str) -> dict[str, list[dict[str, object]]]:
    """Return an estate with `texts` as messages m0, m1 and so on."""
    return {
        "groups": [{"id": "g"}],
        "messages": [{"id": f"m{n}", "group_id": "g", "type": "text", "text": text} for n, text in enumerate(texts)],
    }


class UnrelatedTopic(TopicRule):
    """Red packets, group buying, votes for a child, adverts and chain letters are no work; words only hint at them.

    What forbids or warns of them is work, and so are ballots of a branch and announcements of procurement, so words
    are judged in their sentence and every hit waits for a person. Put it right by recalling the message and reminding
    the sender; where the words were innocent, dismiss it in the review queue.
    """

    id = "CON003"
    name = "content/unrelated-topic"
    title = Text(zh="不谈与工作无关的事", en="Nothing that is not about work")
    headline = Text(zh="疑似与工作无关的内容", en="Perhaps not about work")
    message = {
        "red-packet": Text(
            zh="疑似谈论收发红包（第{offset}字起）", en="red packets, perhaps (from character {offset})"
        ),
        "group-buying": Text(
            zh="疑似团购、拼单、砍价（第{offset}字起）", en="group buying, perhaps (from character {offset})"
        ),
        "vote-begging": Text(
            zh="疑似拉票、集赞（第{offset}字起）", en="begging for votes or likes, perhaps (from character {offset})"
        ),
        "advert": Text(zh="疑似广告（第{offset}字起）", en="an advert, perhaps (from character {offset})"),
        "chain-letter": Text(
            zh="疑似连环转发（第{offset}字起）", en="a chain letter, perhaps (from character {offset})"
        ),
        "words": Text(
            zh="含本单位列出的词语（第{offset}字起）", en="a word that the unit lists (from character {offset})"
        ),
    }
    explanation = Text(
        zh="严禁讨论、发表与工作无关的话题、事项。按词语和上下文只能提示，须由人确认。记录只保存位置，不保存内容。",
        en="Work groups are for work. Words in their context only hint; a person confirms. "
        "The finding keeps the place, never the text.",
    )
    remediation = (
        Step("owner", Text(zh="查看原文，确认或排除", en="look at the message and confirm or dismiss"), 1),
        Step("sender", Text(zh="确属无关的，撤回并不再发送", en="where it is no work, recall it and send no more"), 1),
    )

    class Params(TopicRule.Params):
        """Which topics are looked for."""

        topics: tuple[Literal["red-packet", "group-buying", "vote-begging", "advert", "chain-letter"], ...] = Field(
            ("red-packet", "group-buying", "vote-begging", "advert", "chain-letter"),
            min_length=1,
            description="topics looked for: red packets, group buying, votes, adverts, chain letters",
            json_schema_extra={"zh": "要查的话题：红包、团购、拉票、广告、连环转发"},
        )

    _known = _TOPICS

    cases = (
        Case(
            "each topic once, one with gaps, one in traditional characters",
            zh="各话题一条，其中有夹空格的和繁体的",
            given=said("发个红 包热闹一下", "土雞蛋開團了", "帮我家孩子投一票", "诚招代理，无需囤货", "不转发倒霉一年"),
            finds=("m0", "m1", "m2", "m3", "m4"),
            reasons={
                "m0": "red-packet",
                "m1": "group-buying",
                "m2": "vote-begging",
                "m3": "advert",
                "m4": "chain-letter",
            },
            facts={"m0": {"offset": 0}},
        ),
        Case(
            "what forbids them, warns of them, or only sounds like them",
            zh="禁止、提醒防范，或只是字面相近",
            given=said(
                "严禁在群内发红包、拉票、团购",
                "警惕“领红包”类诈骗",
                "请支部党员投票",
                "国有资产出租须报批",
                "请转发至各科室",
                "学习《帮忙投票案例》",
            ),
        ),
        Case(
            "a unit's own words, and one topic alone",
            zh="本单位的词语，只查一个话题",
            given=said("周末钓鱼去", "发个红包", "拼单买咖啡", "食堂集体拼单订餐"),
            params={"topics": ["group-buying"], "words": ["钓鱼"], "exceptions": ["食堂"]},
            finds=("m0", "m2"),
            reasons={"m0": "words", "m2": "group-buying"},
        ),
    )
