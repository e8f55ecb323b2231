"""What is kept is not handed round."""

from __future__ import annotations

from typing import Literal

from policycore import Case, Field, Step, Subject, Text, TopicRule
from policycore_secrecy.passing_on import PASSED_ON

Kept = Literal["unpublished", "internal", "forbidden", "discreet", "leaked", "disguised"]


def _said(*texts: str) -> dict[str, list[dict[str, object]]]:
    """Return an estate with `texts` as messages m0, m1 and so on."""
    return {
        "groups": [{"id": "g"}],
        "messages": [{"id": f"m{n}", "group_id": "g", "type": "text", "text": text} for n, text in enumerate(texts)],
    }


class PassedOn(TopicRule):
    """What is kept is handed round: not public yet, internal, forbidden to be passed on, or with a wish for silence.

    A mark of what is kept and an act of passing it on meet in one message; neither says it alone. Reminders, lessons,
    questions, what was published and what goes the way prescribed for it do not count. Put it right by recalling the
    message and asking those who have it to delete it; where it may be read here, dismiss it in the review queue.
    """

    id = "SEC007"
    name = "secrecy/passed-on"
    topics = PASSED_ON
    one_matter = True
    subject = Subject.MESSAGE
    include_dissolved = True
    title = Text(zh="不在群内传递不应外传的内容", en="Nothing confidential is passed round")
    headline = Text(zh="疑似传递不应外传的内容", en="Perhaps something confidential passed round")
    message = {
        "unpublished": Text(
            zh="疑似提前透露尚未公布的内容（第{offset}字起）",
            en="tells what is not public yet, perhaps (from character {offset})",
        ),
        "internal": Text(
            zh="疑似传递内部或保密的内容（第{offset}字起）",
            en="passes round what is internal or confidential, perhaps (from character {offset})",
        ),
        "forbidden": Text(
            zh="疑似传递明令不得外传的内容（第{offset}字起）",
            en="passes round what is not to be passed on, perhaps (from character {offset})",
        ),
        "discreet": Text(
            zh="疑似私下传递并要求不声张（第{offset}字起）",
            en="passes something round and asks for silence, perhaps (from character {offset})",
        ),
        "leaked": Text(
            zh="疑似传递以不当方式得到的内容（第{offset}字起）",
            en="passes round what was leaked or wrongly obtained, perhaps (from character {offset})",
        ),
        "disguised": Text(
            zh="疑似用谐音、拼音或倒写掩饰的“内部资料”“不得外传”（第{offset}字起）",
            en="a marking in disguise, by sound, in pinyin or backwards, perhaps (from character {offset})",
        ),
        "words": Text(
            zh="含本单位列出的词语（第{offset}字起）", en="a word that the unit lists (from character {offset})"
        ),
    }
    explanation = Text(
        zh="尚未公布、内部掌握或要求不得外传的内容，发到群里就是外传。提醒、培训、询问、已经公开和按程序传递的不算。"
        "按词语和上下文只能提示，须由人确认；换了说法的可能查不出。只记录位置，不保存内容。",
        en="What is confidential is passed on once it is in a group. Words in context only hint: a person confirms, "
        "and what is said in other words may be missed. The finding keeps the place, never the text.",
    )
    remediation = (
        Step("sender", Text(zh="撤回，请已看到的人删除", en="recall it and ask those who have it to delete it"), 0),
        Step("owner", Text(zh="查看原文，确认或排除", en="look at the message and confirm or dismiss"), 1),
    )

    tighter = {**TopicRule.tighter, "topics": "more"}

    class Params(TopicRule.Params):
        """Which marks of what is kept are looked for."""

        topics: tuple[Kept, ...] = Field(
            ("unpublished", "internal", "forbidden", "discreet", "leaked", "disguised"),
            min_length=1,
            description="what is looked for: not public yet, internal, forbidden to pass on, asked to be silent about, "
            "came by a wrong way, markings in disguise",
            json_schema_extra={"zh": "要查的情形：尚未公布、内部、明令不得外传、要求不声张、不当得来、掩饰写法"},
        )

    cases = (
        Case(
            "each mark of what is kept with an act of passing it on",
            zh="各种不应外传的标志与传递行为同时出现",
            given=_said(
                "人事调整还没公示，我先给大家透个风",
                "闭门会的录音我放群里了，没去的自己听",
                "领导说了不许往外发，我偷偷转给你们看看",
                "名单在下面，看完就删，别说是我发的",
                "偷拍的标底，各位老板自己琢磨",
                "料资部内，懂的来",
            ),
            finds=("m0", "m1", "m2", "m3", "m4", "m5"),
            reasons={
                "m0": "unpublished",
                "m1": "internal",
                "m2": "forbidden",
                "m3": "discreet",
                "m4": "leaked",
                "m5": "disguised",
            },
        ),
        Case(
            "reminders, lessons, what was published, the prescribed way, and one of the two alone",
            zh="提醒、培训、已公开、按程序，以及只有其中一样",
            given=_said(
                "保密员提醒：会议内容不得外传，群里不发图片",
                "名单已经在官网公示，我转给大家看看",
                "成绩还没公布，大家别急",
                "内部资料请到机要室登记领取",
                "方案我发群里了，大家看看",
                "体检报告不要给别人看",
            ),
        ),
        Case(
            "a unit's own words, and one topic alone",
            zh="本单位的词语，只查一种情形",
            given=_said("青云项目的排期", "闭门会的录音我放群里了"),
            params={"topics": ["unpublished"], "words": ["青云项目"]},
            finds=("m0",),
            reasons={"m0": "words"},
        ),
    )
