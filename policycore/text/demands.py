"""Find where a message asks its readers to reply in the group, and where it asks them to do so at once.

Said are demands, not what speaks of them: 无需回复, 严禁要求“收到请回复”, 有问题请回复 (only those who have one),
请发邮件回复 (elsewhere) and 查看回复 ask nobody for a reply in the group. A sentence is judged by itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from policycore.text.fold import ZERO_WIDTH, fold
from policycore.text.signs import signs_of

__all__ = ["REPLY_SIGNS", "Demand", "reply_demands", "without_demands"]

_GAP = r"[^。！？!?;；\n]"
_STEP = r"[^,，。！？!?;；\n]"
_IN_GROUP = r"(?:在?(?:本|此)?群(?:里|内|中)?|此处|这里|下方)?"
_SOON = (
    r"(?:及时|尽快|尽早|按时|统一|立即|立刻|马上|即刻|即时|火速|速|第一时间|1分钟内|一律|均|都|予以|给予|进行|逐一)*"
)
# What is also done on the spot, at a desk or a meeting: a reply only where it is done in the group.
_ON_THE_SPOT = r"(?:报到(?![后处证率时]|手续)|举手(?!表决|发言|回答|提问|示意|投票|赞成|通过)|(?<![人户])签收)"
_IN_TURN = r"(?:在?(?:本|此)?群(?:里|内|中)?(?:[后并]|来)?|(?:进|入)群(?:后|的)?|依次|逐一|挨个|逐个|一个个|都来?|统一)"
_ACT = (
    r"(?:回[复覆](?!函|意见稿)|回个?话|回一下|回执|回1(?!\d)|回一(?!下)|扣1(?!\d)|扣一|打1(?!\d)|吱一?声|点赞|"
    r"接龙|打卡(?!机|点|地)|冒个?泡|吭一?声|给?个?回音|扣个1(?!\d)|接力(?!赛|棒|跑)|报(?:个|一下)?名字|确认收到|反馈收到|复个?1(?!\d))"
)
_SEEN = r"(?:收到|看到|看见|已?阅|知悉|知晓|阅读|看)(?:以?后|的|了|者|本?(?:消息|信息|通知)(?:以?后|的|者)?)?"
_PLEASE = r"(?:请|务必|麻烦|烦请|敬请|必须)"
# Not what somebody has to do, or says of himself: 我们要打卡下班了, 觉得, 才要.
_HAS_TO = r"(?:(?<![我他她您就才还先正想没])(?<![我他她咱]们)(?:须|需要?|要求?|望|应当?)|(?<=[都也家员人位,，])得)"
_ASK = rf"(?:{_PLEASE}|{_HAS_TO})"
_WHOM = (
    r"(?:大家|各位|各(?:单位|部门|科室|支部|学院|处室|位)(?:老师|同事|同志|领导|联络员)?|所有人|全体|全员|每人|老师们?|"
    r"同志们?|同事们?|联络员)"
)
_demand = re.compile(
    rf"{_SEEN}[,，、:：\s]*(?:的?{_WHOM})?{_ASK}*(?:{_WHOM})?{_SOON}{_IN_GROUP}{_SOON}(?:{_ACT}|{_ON_THE_SPOT}|回(?=[。！!~～\s]|$))"
    rf"|(?:{_PLEASE}{_GAP}{{0,16}}?|{_HAS_TO}{_STEP}{{0,16}}?)"
    rf"(?:{_SOON}{_IN_GROUP}{_SOON}(?:{_ACT})|{_IN_TURN}{_SOON}{_ON_THE_SPOT})(?:[“\"'‘]?收到[”\"'’]?)?"
    rf"|{_SEEN}[,，\s]*(?:回|扣|打|发|复)(?:个)?[“\"'‘]?(?:1(?!\d)|一(?!下)|收到)"
)
_waived = re.compile(
    rf"(?:{_SEEN}[,，]?|本(?:通知|消息|信息))?(?:均|都|即可,?)?(?:无需|无须|不需要?|不用|不必|请勿|勿|免){_IN_GROUP}{_SOON}(?:回复|回执|确认)"
)
REPLY_SIGNS = tuple(
    signs_of(
        (
            rf"{_ACT}|{_ON_THE_SPOT}|[请速上刻即秒都要]回|[回扣打发复]个?[“\"'‘1一]|[回扣打发复]个?收到|reply|confirm|acknowledge",
        )
    ).words
)
"""Words of which one stands in every text that asks for a reply; between their characters there may be spaces."""
_FAR = 60
"""Characters before a demand that may turn its meaning."""
_closing = re.compile(r"[”\"'’》]")
_rest = re.compile(r"[^。！？!?;；\n]{0,12}")
_clause = re.compile(r"[^,，。！？!?;；\n]{0,4}")
_PLAIN = re.compile(r"please (?:reply|confirm|acknowledge)", re.IGNORECASE)
_AT_ONCE = re.compile(
    r"立即|立刻|半(?:个)?小时[之以]?内|马上|即刻|即时|火速|第一时间|秒回|速[回复]|immediately|at once|"
    r"(?<![0-9])(?:[1-9]|[1-5][0-9]|60|[一二三五十]{1,3})\s*分钟[之以]?内"
)
_NEGATED = re.compile(
    r"(?:无需|无须|不需要?|不用|不必|勿|请勿|不要|不得|毋需|毋须|免于|免|别|不再|不强制|不硬性|不允许|可不|严禁|禁止|杜绝|避免|取消|不准|切忌|防止|力戒|"
    r"没有?必要|并非|不是|反对|整治|减少)"
)
_CONDITION = re.compile(
    r"(?:如果?|若|倘|凡|对)?(?:有|存)(?:在?)(?:任何)?(?:问题|疑问|异议|意见|建议|不同|变动|特殊|困难|需要|需求|漏)|如(?:有|需|果|不)|若(?:有|需|不)|"
    r"不能(?:按时)?(?:参加|参会|到会|出席)的?|无法|需要?的|未(?:收到|完成|报送|参加)的|有意(?:者|向)|愿意|想|不清楚|(?:客户|用户|甲方|业主|患者|家属)[^,，]{0,4}(?:要求|希望|需要)"
)
_ELSEWHERE = re.compile(
    r"(?:OA|oa|邮件|邮箱|电话|来电|短信|私信|私聊|小窗|单独|系统|平台|客户|用户|顾客|患者|咨询|留言|投诉|工单|扫码|填写[^,，]{0,6}回执|点击链接|书面|纸质|公文|复函|对方|来信人|信访人|网友|学生|家长)"
)
_SERVICE = re.compile(r"投诉|工单|来信|来电|来访|信访|热线|诉求|咨询|差评")
"""What somebody outside waits for an answer to."""
_READ = re.compile(
    r"(?:查看|查收|看(?!到|见|后)|等待?|等我|关注|参考|参阅|见|感谢|谢谢|收集|汇总|落实|根据|按照)[^,，。;；:：]{0,6}$"
)


@dataclass(frozen=True, slots=True)
class Demand:
    """A place where a message asks for a reply: from `begin` to before `end`, and whether it must come at once."""

    begin: int
    end: int
    at_once: bool


def reply_demands(text: str) -> list[Demand]:
    """Return where `text` asks for replies in the group, in its order; offsets are those of the text as written."""
    folded = fold(text)
    # What is not seen and spaces are skipped: places[i] is where the i-th character that counts stands.
    places = [place for place, one in enumerate(folded) if one not in (ZERO_WIDTH, " ", "\t")]
    bare = "".join(folded[place] for place in places)
    found = []
    for begin, end in (*_demands(bare), *((one.start(), one.end()) for one in _PLAIN.finditer(folded))):
        english = folded[begin : begin + 6].lower() == "please"
        first, last = (begin, end - 1) if english else (places[begin], places[end - 1])
        sentence = folded[first:last] if english else _sentence(bare, begin, end)
        found.append(Demand(first, last + 1, bool(_AT_ONCE.search(sentence))))
    return sorted(found, key=lambda one: one.begin)


def without_demands(text: str) -> str:
    """Return `text` without the places where it asks for replies, or says that none are needed."""
    places = [(demand.begin, demand.end) for demand in reply_demands(text)]
    places += [one.span() for one in _waived.finditer(fold(text))]
    rest, at = [], 0
    for begin, end in sorted(places):
        rest.append(text[at:begin])
        at = max(at, end)
    return "".join([*rest, text[at:]])


def _demands(bare: str) -> Iterator[tuple[int, int]]:
    """Yield begin and end of every demand in a text without spaces."""
    for one in _demand.finditer(bare):
        before = bare[_begin(bare, one.start()) : one.start()]
        said = one.group()
        if _NEGATED.search(before + said):
            continue
        clause = re.split(r"[,，]", before)[-1] + said
        if (
            _CONDITION.search(clause)
            or _SERVICE.search(clause)
            or _ELSEWHERE.search(said + _after(_clause, bare, one.end()))
            or _READ.search(said[: _act(said)])
        ):
            continue
        if _closing.match(bare, one.end()) and re.search(r"[“\"‘'《]", before + said[:1]):
            continue  # a quotation
        yield one.span()


def _act(said: str) -> int:
    """Return where in a demand what is to be done begins."""
    acts = list(re.finditer(_ACT, said))
    return acts[-1].start() if acts else len(said)


def _begin(bare: str, at: int) -> int:
    """Return where the sentence begins in which `at` lies, or where what may still belong to it does."""
    earliest = max(0, at - _FAR)
    return max(earliest, *(bare.rfind(mark, earliest, at) + 1 for mark in "。！？!?;；\n"))


def _sentence(bare: str, begin: int, end: int) -> str:
    """Return the clause around a demand: from the comma before it to the end of its sentence."""
    first = _begin(bare, begin)
    return bare[max(first, bare.rfind(",", first, begin)) : end] + _after(_rest, bare, end)


def _after(part: re.Pattern[str], bare: str, at: int) -> str:
    """Return what `part` matches at a place of a text; it may be empty."""
    found = part.match(bare, at)
    return found[0] if found else ""
