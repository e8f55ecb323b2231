"""Hearsay and forwards from nowhere are no news; a person must look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal

from policycore import (
    Case,
    Field,
    Hit,
    Pattern,
    Step,
    Text,
    TextMatch,
    Topic,
    TopicRule,
    Words,
    spread,
    topic_hit,
)
from policycore_content.news import HEARD, PASSED_ON
from policycore_content.rules.con003_unrelated_topic import said

_STEP, _WIDTH, _PART = 4, 8, 10_000
"""Of a known rumour every eighth-character stretch at each fourth character is looked for: a near copy holds some."""

_DENIED = (
    r"严禁|禁止|不得|勿|警惕|防范|谨防|提防|诈骗|骗局|骗术|反诈|案例|通报|专项|警示|纪律|辟谣|谣言|造谣|不实|不属实"
    r"|不信谣|不传谣|不听信|澄清"
)
"""What denies hearsay or warns of it; that somebody is not to talk is itself a sign of it."""

_TOPICS = {
    "forward": Topic(
        says=(
            r"转自(?:[^,。:]{0,4}群(?!众)|朋友圈|网络|网上|别的群|其[他它]群|微博|抖音)",
            r"朋友(?:发|转)来的",
            r"(?:转发|消息|图片|链接)[^。]{0,4}来源不明",
            r"刚收到的,?赶紧",
            r"(?:别的|其[他它]|同学|家长|业主|老乡|同事)群里?(?:看到|转来|转发来|转的)",
            r"网上看到的(?=[:,])",
            r"(?:亲戚|朋友|同学)在[^,]{0,8},?说",
            r"在[^,。]{1,10}的(?:亲戚|朋友|同学|老乡|熟人)[^,。]{0,4}[说讲透]",
            r"(?<!过)的朋友(?:说|透露|讲|告诉)",
            r"央视都?(?:报道|播|曝光|说)了",
            r"(?:赶[紧快]|快|马上)(?:去?囤|告诉(?:家人|身边|亲|朋友|孩子)|通知家人(?!参|来|到))",
            r"(?:医生|警察|律师|护士|公安|记者)(?:的)?(?:朋友|亲戚|同学|熟人)[^,。]{0,8}[说讲]",
            r"(?:朋友圈|抖音|微博|快手|群里|别处)(?:里|上)?(?:有人)?(?:看到?|刷到|转)的(?=[:,]|$)",
            r"有人(?:转|发)(?:[的来]|发的)(?=[:,]|$)",
            r"中央台刚?播了",
            r"马上(?:就|要|会)*被?删(?![除减])",
            r"疯传",
            r"被封杀",
            r"不转就晚",
            r"惊天内幕",
            r"^震惊(?:了|全国)?$",
            r"千万(?:别|不要)[^,]{0,4}吃",
            r"(?<!校)全[国城市](?:断网|停电|停水)",
            r"人贩子[^。]{0,12}转",
            r"有图有真相",
            *PASSED_ON,
        ),
    ),
    "hearsay": Topic(
        says=(
            r"(?<![依根凭数证论单票收])据说(?!明书|明材|明[^天年日早晚])",
            r"(?<![联视域内物专局])网传(?!播|输|感|真|统)",
            r"据?(?:可靠|内部|小道)消息(?=[,:称说]|$)",
            r"据?内部人士(?=[称说讲透,:])",
            r"据内部人士",
            r"消息灵通",
            r"朋友圈(?:都|在)*[传说](?!播)",
            r"(?<!根)据传(?!真|统|感|播|输)",
            r"道听途说",
            r"谁传出来",
            r"据小道",
            r"(?:消息|有人|群里|外面)说要",
            r"反正说要",
            r"有没有(?:人)?听说(?!过)",
            r",真的假的",
            r"(?:哪个|谁|有人)(?:知道|清楚)内情",
            r"(?:^|[,:])转:[^。]{0,24}(?:死伤|伤亡|原因)不明",
            r"(?:死伤|伤亡)不明[^。]{0,6}(?:转|扩散)",
            r"有消息[称说]",
            r"不知(?:道)?(?:真假|是不是真|是真是假)",
            r"真假(?:不知|自辨|难辨)",
            r"爆料",
            r"(?:圈内|业内|体制内|系统内)(?:人士?|朋友)?(?:都在)?(?:透露|[说讲传])",
            r"(?:有|得到|掌握)内幕",
            r"内幕消息",
            r"(?:都在|到处)?(?:风传|盛传)(?!统|承)",
            r"疑似[^,。]{0,12},(?:谁知道|有人知道|真的吗|什么情况)",
            r"可能是假的?[^。]{0,6}(?:先|但)",
            r"不保真",
            r"据(?:悉|称|了解)\((?:未|尚未|还没)",
            r"(?:^|,)(?:听讲|说是(?=[要有会明下今]))(?!课|座|解|述|授)",
            r"知情(?:人士?|者)(?:透露|称|说|讲)",
            r"据知情人",
            r"传闻(?!录|征|与|证据)",
            r"(?<!流)传言",
            *HEARD,
        ),
        innocent=r"宣传部|舆情|为准|按规定|成语|不错|挺好|辛苦|恭喜|祝贺|好点没|好多了|没这事|没有的事",
        refused=_DENIED,
    ),
}


class UnverifiedNews(TopicRule):
    """Rumours spread in the words of hearsay: nobody answers for them, and they are to be passed on at once.

    Found are hedges, forwards that name no source, near copies of rumours that the rule set lists, and links to hosts
    that it lists. All of it only hints: whether a thing is true no data can tell. Denials, warnings and what names an
    office as its source are none. Put it right by recalling it and asking whoever answers for the matter.
    """

    id = "CON004"
    name = "content/unverified-news"
    one_matter = True
    topics = _TOPICS
    title = Text(zh="不传播小道消息和未经核实的信息", en="No hearsay and no unverified news")
    headline = Text(zh="疑似小道消息或未经核实的信息", en="Perhaps hearsay or unverified news")
    message = {
        "hearsay": Text(zh="疑似传闻（第{offset}字起）", en="hearsay, perhaps (from character {offset})"),
        "forward": Text(
            zh="疑似来源不明的转发（第{offset}字起）", en="a forward from nowhere, perhaps (from character {offset})"
        ),
        "known-rumour": Text(
            zh="与规则集所列谣言相近（相似度{likeness}%）", en="like a rumour that the rule set lists ({likeness} %)"
        ),
        "domain": Text(
            zh="链接指向规则集所列网站（第{offset}字起）",
            en="a link to a host that the rule set lists (from character {offset})",
        ),
        "words": Text(
            zh="含本单位列出的词语（第{offset}字起）", en="a word that the unit lists (from character {offset})"
        ),
    }
    explanation = Text(
        zh="严禁传播小道消息或未经核实的信息。辟谣、提醒和注明来源的不算。数据判断不了真伪，只能提示，须由人核实；换了说法的可能查不出。只记录位置，不保存内容。",
        en="Nothing unverified is passed on. Data cannot tell what is true: a hint that a person must verify, and what "
        "is said in other words may be missed. The finding keeps the place, never the text.",
    )
    remediation = (
        Step(
            "owner", Text(zh="向有关部门核实，属实的注明来源", en="ask whoever answers for it, and name the source"), 1
        ),
        Step("sender", Text(zh="不能核实的立即撤回并说明", en="recall at once what nobody can verify, and say so"), 0),
    )

    tighter = {**TopicRule.tighter, "topics": "more", "rumours": "more", "domains": "more", "likeness": "lower"}

    class Params(TopicRule.Params):
        """Which signs are looked for, and what the unit knows."""

        topics: tuple[Literal["hearsay", "forward"], ...] = Field(
            ("hearsay", "forward"),
            description="signs looked for: hearsay, forwards from nowhere",
            json_schema_extra={"zh": "要查的迹象：传闻、来源不明的转发"},
        )
        rumours: tuple[str, ...] = Field(
            (),
            description="texts of known rumours, near copies of which are looked for",
            json_schema_extra={"zh": "已知谣言的原文，查找与之相近的"},
        )
        likeness: int = Field(
            60,
            ge=20,
            le=100,
            description="percent of a known rumour that a near copy holds",
            json_schema_extra={"zh": "含已知谣言百分之多少即算相近"},
        )
        domains: tuple[str, ...] = Field(
            (),
            description="hosts to which nobody should link",
            json_schema_extra={"zh": "不应链接的网站域名"},
        )

    def patterns(self, params: Params) -> Iterable[Pattern | Words]:
        """Return also pieces of the known rumours, and the hosts."""
        yield from super().patterns(params)
        pieces = {
            one[at : at + _WIDTH]
            for one in map(_letters, params.rumours)
            for at in range(0, max(1, len(one) - _WIDTH + 1), _STEP)
        }
        if pieces - {""}:
            yield Words("rumour", tuple(sorted(pieces - {""})), asks_around=True)
        if params.domains:
            yield Words("domain", params.domains, asks_around=True)

    def confirm(self, match: TextMatch, params: Params) -> Iterator[Hit]:
        """Yield also the rumour that a text is most like, and the first link to a listed host."""
        yield from super().confirm(match, params)
        if "rumour" in match.patterns:
            known = [_shingles(one) for one in params.rumours]
            # Of a long text part by part: all of it holds about any three letters.
            mine = (_shingles(match.text[at : at + 2 * _PART]) for at in range(0, len(match.text), _PART))
            likeness = max(100 * len(part & theirs) // max(1, len(theirs)) for part in mine for theirs in known)
            if likeness >= params.likeness:
                yield {**topic_hit("known-rumour", 0, len(match.text), match), "likeness": likeness}
        for place in match.places if "domain" in match.patterns else ():
            around = match.folded[max(0, place.begin - 1) : place.begin] + match.folded[place.end : place.end + 1]
            if place.pattern == "domain" and not re.search(r"[0-9A-Za-z-]", around):
                yield topic_hit("domain", place.begin, place.end, match)
                break

    cases = (
        Case(
            "hearsay, and a forward from nowhere",
            zh="传闻和来源不明的转发",
            given=said("听说下周要停课", "网传食堂出事了", "转自朋友圈：今晚全城停电", "家长群转来的，门口有坏人"),
            finds=("m0", "m1", "m2", "m3"),
            reasons={"m0": "hearsay", "m1": "hearsay", "m2": "forward", "m3": "forward"},
        ),
        Case(
            "the same words in a file",
            zh="写在文件里的",
            given={
                **said("请看附件"),
                "attachments": [{"id": "f0", "message_id": "m0", "name": "说明.docx", "text": "听说下周要停课"}],
            },
            finds=("m0",),
            reasons={"m0": "hearsay"},
        ),
        Case(
            "denials, warnings, and what only sounds like it",
            zh="辟谣、提醒，或只是字面相近",
            given=said(
                "网传停课的消息不实", "不信谣不传谣，不发小道消息", "英语听说训练安排", "根据说明书操作", "转自学校官网"
            ),
        ),
        Case(
            "a near copy of a known rumour, and a link to a listed host",
            zh="与已知谣言相近的文字，指向所列网站的链接",
            given=said(
                "紧急！明天起全市所有超市停售食盐三个月，请大家赶紧囤货",
                "看这里 http://news.rumour.example/1",
                "https://notrumour.example/1",
                "明天起超市正常营业",
            ),
            params={
                "topics": [],
                "rumours": ["明天起全市所有超市停售食盐三个月，大家赶紧囤货。"],
                "domains": ["rumour.example"],
            },
            finds=("m0", "m1"),
            reasons={"m0": "known-rumour", "m1": "domain"},
        ),
    )


def _letters(text: str) -> str:
    """Return the letters and figures of a text, folded."""
    return "".join(one for one in spread(text).lower() if one.isalnum())


def _shingles(text: str) -> set[str]:
    """Return every three letters in a row."""
    letters = _letters(text)
    return {letters[at : at + 3] for at in range(max(1, len(letters) - 2))}
