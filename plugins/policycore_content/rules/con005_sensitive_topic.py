"""Calls to crowd together, gambling and obscenity are for no work group."""

from __future__ import annotations

import re
from typing import Literal

from policycore import Case, Field, Step, Text
from policycore_content.rules.con003_unrelated_topic import said
from policycore_content.topics import Topic, TopicRule

_ACT = r"(?:上访|罢课|罢工|罢教|停工|游行|示威|静坐|堵门|堵路|拉横幅|围堵|抗议|讨说法)"
_TOPICS = {
    "mass-action": Topic(
        (
            *("上访", "罢课", "罢工", "罢教", "停工", "游行", "示威", "静坐", "堵门", "堵路", "拉横幅", "围堵", "抗议"),
            "讨说法",
        ),
        re.compile(
            rf"(?:大家|大伙儿?|咱们?|一起|集体|号召|都去|约|组织业主|上街|联名)[^。]{{0,10}}{_ACT}"
            rf"|(?:去|到)[^,，。]{{0,10}}(?:门口|楼下|大院|政府|局)[^,，。]{{0,6}}{_ACT}|{_ACT}[^。]{{0,6}}有人一起"
        ),
        re.compile(r"信访工作|依法|学习|历史|讲座|报备|排查|处置|妥善|集体合同|约定|公约|条约|制约"),
    ),
    "gambling": Topic(("六合彩", "百家乐", "赌球", "时时彩", "下注"), re.compile(r"六合彩|百家乐|赌球|时时彩|下注")),
    "obscene": Topic(("裸聊", "黄片", "约炮"), re.compile(r"裸聊|黄片|约炮")),
}


class SensitiveTopic(TopicRule):
    """A work group is no place to call people together against somebody, to gamble or for obscenity.

    No public list of sensitive words is used: such lists hit official texts. Looked for are calls to act, and what the
    unit itself lists; a person decides. Put it right by recalling it, and by hearing what the people want.
    """

    id = "CON005"
    name = "content/sensitive-topic"
    title = Text(zh="不谈论敏感话题", en="No sensitive topics")
    headline = Text(zh="疑似敏感话题", en="Perhaps a sensitive topic")
    message = {
        "mass-action": Text(
            zh="疑似号召聚集、抗议（第{offset}字起）", en="a call to crowd together, perhaps (from character {offset})"
        ),
        "gambling": Text(zh="疑似涉赌（第{offset}字起）", en="gambling, perhaps (from character {offset})"),
        "obscene": Text(zh="疑似涉黄（第{offset}字起）", en="obscenity, perhaps (from character {offset})"),
        "words": Text(
            zh="含本单位列出的词语（第{offset}字起）", en="a word that the unit lists (from character {offset})"
        ),
    }
    explanation = Text(
        zh="严禁在群内谈论敏感话题。哪些话题敏感由本单位列出词语；按词语只能提示，须由人确认。记录只保存位置，不保存内容。",
        en="Which topics are sensitive the unit says itself. Words only hint; a person confirms. "
        "The finding keeps the place, never the text.",
    )
    remediation = (
        Step(
            "owner", Text(zh="查看原文，确认或排除；属实的要求撤回", en="look, confirm or dismiss; have it recalled"), 0
        ),
        Step("responsible", Text(zh="了解诉求，依规处理", en="hear what the people want and follow the rules"), 3),
    )

    class Params(TopicRule.Params):
        """Which topics are looked for."""

        topics: tuple[Literal["mass-action", "gambling", "obscene"], ...] = Field(
            ("mass-action", "gambling", "obscene"),
            description="topics looked for: calls to crowd together, gambling, obscenity",
            json_schema_extra={"zh": "要查的话题：号召聚集、涉赌、涉黄"},
        )

    _known = _TOPICS

    cases = (
        Case(
            "the same words in a file",
            zh="写在文件里的",
            given={
                **said("请看附件"),
                "attachments": [{"id": "f0", "message_id": "m0", "name": "说明.docx", "text": "大家一起去门口拉横幅"}],
            },
            finds=("m0",),
            reasons={"m0": "mass-action"},
        ),
        Case(
            "a call, a bet, and a word of the unit's own",
            zh="号召、下注和本单位的词语",
            given=said("大家一起去门口拉横幅", "世界杯赌球了", "周末讨论人事任免内情"),
            params={"words": ["人事任免"]},
            finds=("m0", "m1", "m2"),
            reasons={"m0": "mass-action", "m1": "gambling", "m2": "words"},
        ),
        Case(
            "work about such things",
            zh="与此有关的工作",
            given=said("妥善处置上访人员", "严禁参与赌球", "学习《集会游行示威法》"),
        ),
    )
