"""Protests, what is forbidden, talk about people, gambling and obscenity are for no work group."""

from __future__ import annotations

from typing import Literal

from policycore import Case, Field, Step, Text, Topic, TopicRule
from policycore_content.rules.con003_unrelated_topic import said

_ACT = r"(?:上访|罢课|罢工|罢教|停工|游行|示威|静坐|堵门|堵路|拉横幅|围堵|抗议|讨说法)"
_CROWD = r"(?:家长|业主|学生|工人|群众|职工|民工|商户|上访的?人|老师们|同学们)"
_HEAD = r"(?:书记|[校院处部局科]长|主任|领导|主席)"
_SEPARATE = r"[港台藏疆]独"
_TOPICS = {
    "mass-action": Topic(
        says=(
            rf"(?:大家|大伙儿?|咱们?|一起|集体|号召|都去|约|组织业主|上街|联名)[^。]{{0,10}}{_ACT}",
            rf"(?:去|到)[^,。]{{0,10}}(?:门口|楼下|大院|政府|局)[^,。]{{0,6}}{_ACT}",
            rf"{_ACT}[^。]{{0,6}}有人一起",
            rf"(?:有人|{_CROWD})[^,。]{{0,10}}(?:在|把|跑|聚|正|都)[^,。]{{0,10}}(?:{_ACT}|堵)",
            rf"(?:有人|{_CROWD})堵了",
            rf"(?:有|好多|几个){_CROWD}?(?:学生|老师|家长|员工)?[^,。]{{0,4}}在{_ACT}",
            rf"{_CROWD}(?:又|都|正)?{_ACT}了",
            rf"{_ACT}的?(?:人|现场|视频|照片)[^。]{{0,10}}(?:堵|闹|看|发|在此|流出)",
            rf"{_ACT}(?:约起来|约不约|走起|集合)",
        ),
        innocent=r"信访工作|依法|学习|历史|讲座|报备|排查|处置|妥善|集体合同|约定|公约|条约|制约",
    ),
    "gambling": Topic(
        says=(
            r"六合彩",
            r"百家乐",
            r"赌球",
            r"时时彩",
            r"下注",
        ),
    ),
    "forbidden": Topic(
        says=(
            r"[法f发][ax]?(?:轮|lun)功",
            r"全能神",
            r"翻墙(?:软件|工具|看|上[网去]|出去|教程|节点|加速|的?方法|后)",
            r"(?:^|[^院围])翻墙了",
            r"六四(?:事件|那年|学潮|真相|纪念|风波)",
            rf"(?<![平舞电柜阳窗讲前后收珍馆典海]){_SEPARATE}(?:组织|分子|势力|人士|旗|言论|头目|口号|的)",
            rf"(?:^|[,\s]){_SEPARATE}(?=$|,)",
            r"(?:翻墙|科学上网)[^。]{0,6}(?:梯子|节点)",
            r"求(?:一?个)?(?:梯子|节点)",
            r"梯子[^。]{0,4}(?:推荐|好用|节点)",
            r"邪教(?:资料|书籍|光盘|传单|聚会)",
        ),
        innocent=r"反对|反邪|分裂|遏制|是邪教|学习|宣传教育|认清|揭批|坚决|斗争|围墙|校墙|梯子上|拒绝|发现[^。]{0,12}(?:报告|上报|报警)",
    ),
    "people": Topic(
        says=(
            r"(?:任免|提拔|任命|人选|任职|人事|职务|班子|常委会|党委会)[^。]{0,14}(?:[没未](?:公布|公示|宣布|官宣)|透露|内定|谁反对|谁投了)",
            r"(?:[没未](?:公布|公示|宣布|官宣)|先透露|悄悄说)[^。]{0,14}(?:任[^务命课何意]|当|升|接|提拔)",
            r"已?内定(?:了|是|为|的(?:是|名单|人选|人))",
            rf"(?:{_HEAD}|某某?|[他她])[^,。]{{0,4}}被(?:带走|谈话|留置|双规|查了|抓了)",
            r"(?:在|要|想)查谁",
            rf"{_HEAD}[^,。]{{0,10}}(?:私生活|绯闻|情妇|小三|包养|黑料)",
        ),
        innocent=r"通报|公告|据[^,。]{0,8}(?:纪委|监委)|新华社|应当|依法|规定",
    ),
    "incident": Topic(
        says=(
            r"(?:有人|学生|同学|老师|员工|工人|职工)?(?:要|想)?(?:跳楼|坠楼|自杀|轻生|砍人|死人)了?[^。]{0,8}(?:照片|视频|现场|图|发一?下|谁知道|谁有|真的吗)",
            r"(?:照片|视频|现场)[^。]{0,8}(?:跳楼|坠楼|自杀|轻生|砍人)",
            r"(?:有人|学生|同学)[^,。]{0,8}(?:跳楼|坠楼|自杀|死)了",
        ),
        innocent=r"预防|干预|防范|演练|心理|培训|应急|预案|处置|不得|勿",
    ),
    "obscene": Topic(
        says=(
            r"裸聊",
            r"黄片",
            r"约炮",
        ),
    ),
}


class SensitiveTopic(TopicRule):
    """A work group is no place for protests, for what is forbidden, for talk about people, for gambling or obscenity.

    No public list of sensitive words is used: such lists hit official texts. Looked for are a few topics in their
    context, and what the unit itself lists; a person decides. Put it right by recalling it, and by hearing what the
    people want.
    """

    id = "CON005"
    name = "content/sensitive-topic"
    topics = _TOPICS
    title = Text(zh="不谈论敏感话题", en="No sensitive topics")
    headline = Text(zh="疑似敏感话题", en="Perhaps a sensitive topic")
    message = {
        "mass-action": Text(
            zh="疑似号召聚集、抗议（第{offset}字起）",
            en="a call to gather or protest, perhaps (from character {offset})",
        ),
        "forbidden": Text(
            zh="疑似涉及邪教、分裂、翻墙等内容（第{offset}字起）",
            en="cults, separatism or ways around the firewall, perhaps (from character {offset})",
        ),
        "people": Text(
            zh="疑似议论未公布的人事、查处或他人私生活（第{offset}字起）",
            en="talk of appointments or inquiries not announced, or of private life, perhaps (from character {offset})",
        ),
        "incident": Text(
            zh="疑似传播突发事件（第{offset}字起）",
            en="news of an incident passed on, perhaps (from character {offset})",
        ),
        "gambling": Text(zh="疑似涉赌（第{offset}字起）", en="gambling, perhaps (from character {offset})"),
        "obscene": Text(zh="疑似涉黄（第{offset}字起）", en="obscenity, perhaps (from character {offset})"),
        "words": Text(
            zh="含本单位列出的词语（第{offset}字起）", en="a word that the unit lists (from character {offset})"
        ),
    }
    explanation = Text(
        zh="严禁在群内谈论敏感话题。只查列出的几类话题，本单位可另列词语；相关的工作内容不算。按词语和上下文只能提示，须由人确认。只记录位置，不保存内容。",
        en="A few topics are looked for, and words that the unit lists. They only hint; a person confirms. "
        "The finding keeps the place, never the text.",
    )
    remediation = (
        Step(
            "owner", Text(zh="查看原文，确认或排除；属实的要求撤回", en="look, confirm or dismiss; have it recalled"), 0
        ),
        Step("responsible", Text(zh="了解诉求，依规处理", en="hear what the people want and follow the rules"), 3),
    )

    tighter = {**TopicRule.tighter, "topics": "more"}

    class Params(TopicRule.Params):
        """Which topics are looked for."""

        topics: tuple[Literal["mass-action", "gambling", "forbidden", "people", "incident", "obscene"], ...] = Field(
            ("mass-action", "gambling", "forbidden", "people", "incident", "obscene"),
            description="topics looked for: protests, gambling, the forbidden, talk about people, incidents, obscenity",
            json_schema_extra={"zh": "要查的话题：聚集抗议、涉赌、邪教和分裂、议论人事、突发事件、涉黄"},
        )

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
