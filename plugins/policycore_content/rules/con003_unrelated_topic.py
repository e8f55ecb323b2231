"""What is written in a work group is about work."""

from __future__ import annotations

from typing import Literal

from policycore import Case, Field, Step, Text, TopicRule
from policycore_content.unrelated import UNRELATED

UnrelatedMatter = Literal["red-packet", "group-buying", "vote-begging", "advert", "chain-letter", "leisure"]


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
    topics = UNRELATED
    title = Text(zh="不谈与工作无关的事", en="Only work is talked about")
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
        "leisure": Text(
            zh="疑似与工作无关的娱乐闲谈（第{offset}字起）", en="private leisure, perhaps (from character {offset})"
        ),
        "words": Text(
            zh="含本单位列出的词语（第{offset}字起）", en="a word that the unit lists (from character {offset})"
        ),
    }
    explanation = Text(
        zh="严禁讨论、发表与工作无关的话题、事项。禁止、提醒防范的话和支部投票、采购公告等工作内容不算。按词语和上下文只能提示，须由人确认；换了说法的可能查不出。只记录位置，不保存内容。",
        en="Work groups are for work. Words in their context only hint: a person confirms, and what is said in other "
        "words may be missed. The finding keeps the place, never the text.",
    )
    remediation = (
        Step("owner", Text(zh="查看原文，确认或排除", en="look at the message and confirm or dismiss"), 1),
        Step("sender", Text(zh="确属无关的，撤回并不再发送", en="where it is no work, recall it and send no more"), 1),
    )

    tighter = {**TopicRule.tighter, "topics": "more"}

    class Params(TopicRule.Params):
        """Which topics are looked for."""

        topics: tuple[UnrelatedMatter, ...] = Field(
            ("red-packet", "group-buying", "vote-begging", "advert", "chain-letter", "leisure"),
            min_length=1,
            description="topics looked for: red packets, group buying, votes, adverts, chain letters, leisure",
            json_schema_extra={"zh": "要查的话题：红包、团购、拉票、广告、连环转发、娱乐闲谈"},
        )

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
            facts={"m0": {"offset": 2}},
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
            "two topics in one breath are one matter, in two passages of a long text they are two",
            zh="一句话里的两个话题算一件事，长文中分开的两处算两件",
            given=said(
                "团购价39包邮，满20人成团",
                "发个红包热闹一下。" + "会议材料请各科室按要求准备。" * 12 + "帮我家孩子投一票。",
            ),
            finds=("m0", "m1", "m1"),
        ),
        Case(
            "a unit's own words, and one topic alone",
            zh="本单位的词语，只查一个话题",
            given=said("周末钓鱼去", "发个红包", "拼单买咖啡", "食堂集体拼单订餐"),
            params={"topics": ["group-buying"], "words": ["钓鱼"], "exceptions": ["食堂"]},
            finds=("m0", "m2"),
            reasons={"m0": "words", "m2": "group-buying"},
        ),
        Case(
            "in a poster, in the name of a file; in a picture that nobody read",
            zh="海报里的、文件名里的；没有人读过的图片",
            given={
                "groups": [{"id": "g"}],
                "messages": [
                    {"id": "m0", "group_id": "g", "type": "image"},
                    {"id": "m1", "group_id": "g", "type": "file"},
                    {"id": "m2", "group_id": "g", "type": "image"},
                ],
                "attachments": [
                    {"id": "f0", "message_id": "m0", "name": "1.jpg", "text": "新店开业\n充值送月卡"},
                    {"id": "f1", "message_id": "m1", "name": "车厘子团购.xlsx", "text": ""},
                    {"id": "f2", "message_id": "m2", "name": "2.jpg", "text": None},
                ],
            },
            finds=("m0", "m1"),
            unknown=("m2",),
            facts={"m0": {"attachment_id": "f0", "field": "attachments.text"}},
        ),
    )
