"""What a group was told once it is told again only to put it right, and then plainly."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from operator import add
from typing import Any

from policycore import (
    Case,
    Field,
    Hit,
    Needs,
    Pattern,
    Rule,
    Severity,
    Step,
    Subject,
    Text,
    TextMatch,
    TextRule,
    Verdict,
    stated_times,
)

_LONGEST, _SHORT, _UNREAD = 4000, 120, "unread"
_notice = re.compile(
    r"(?:^|\n)\s*(?:@所有人\s*)?(?:[【\[][^】\]\n]{0,20}通知[】\]]|(?:关于)?[^\n。]{2,60}的?(?:紧急|补充)?通知\s*[:\n]|[^\n。,]{0,8}通知\s*:)"
)
_reminds = re.compile(r"提醒|再次|重发|重申|还没|尚未|未报|催")
_corrects = re.compile(r"更正|勘误|作废|有误|以(?:此|这)(?:条|次|个|份)?(?:通知)?为准|以本(?:条|次|通知)为准|重新发布")
_puts_right = re.compile(rf"{_corrects.pattern}|改为|改到|改在|调整|变更|延期|推迟|提前|取消|补充")
_series = re.compile(r"第[一二三四五六七八九十\d]+[场批期组次]|[ABC一二三四]组|场次|例会|周会|每[周月天日]")
_place = re.compile(
    r"(?:地点[:为是]?\s*|在|到|于)([^\s,。;:()\n]{1,16}?(?:会议室|报告厅|会场|礼堂|教室|操场|体育馆|[厅馆室楼]))(?!长|主任)"
)
_empty = re.compile(
    rf"{_puts_right.pattern}|刚才|上面|上(?:一)?条|前(?:一条|面)|之前|通知|消息|信息|内容|时间|地点|日期|大家|各位|老师|同事|领导|请|注意|抱歉|不好意思|的|了|是|在|为|有|条|发"
)

_MEDIA = "messages.type IN ('image', 'file', 'voice', 'video', 'system', 'recall')"
_OF_GROUP = """SELECT m.group_id, m.id AS message_id, p.id AS row_id FROM messages m JOIN messages p
    ON p.group_id = m.group_id AND p.id <> m.id
    AND p.type NOT IN ('image', 'file', 'voice', 'video', 'system', 'recall')"""
_BEFORE = f"""{_OF_GROUP} AND p.sent_at BETWEEN m.sent_at - to_hours(CAST($within_hours AS INTEGER)) AND m.sent_at
    WHERE contains(m.text, '通知') OR m.id IN (SELECT message_id FROM attachments WHERE contains(text, '通知'))"""
_JUST_BEFORE = f"""{_OF_GROUP} AND p.sender_id = m.sender_id
    AND p.sent_at BETWEEN m.sent_at - to_minutes(10) AND m.sent_at
    WHERE regexp_matches(m.text, '更正|勘误|作废|有误|为准|重新发布') AND NOT contains(m.text, '通知')"""
_no_letter = re.compile(r"[\W_]+")
_SOME_DAY = datetime(2024, 1, 1, tzinfo=UTC)


def _sent(*messages: tuple[str, str, str | None]) -> dict[str, list[dict[str, object]]]:
    """Return an estate with messages m0, m1 and so on: group, moment in 2024, text; a picture where there is none."""
    return {
        "groups": [{"id": one} for one in sorted({group for group, _, _ in messages})],
        "messages": [
            {
                "id": f"m{number}",
                "group_id": group,
                "sender_id": "a",
                "sent_at": f"2024-{moment}:00",
                "type": "image" if text is None else "text",
                "text": text,
            }
            for number, (group, moment, text) in enumerate(messages)
        ],
    }


@dataclass(frozen=True)
class _Matter:
    """What a text says, as far as it is compared, whenever it was sent."""

    text: str
    letters: str
    pairs: frozenset[str]
    """Every two characters in a row of what it is about, without times, places and figures."""
    places: frozenset[str]
    again: bool
    """Whether it says that it reminds of a notice, puts one right, or is one of many."""


@dataclass(frozen=True)
class _Told:
    """A notice: what it says, and when."""

    message_id: str
    sent_at: datetime | None
    matter: _Matter
    rest: int
    """What tells it from others that begin alike, beyond the characters that are compared."""

    @cached_property
    def times(self) -> frozenset[datetime]:
        """Return the times that it states."""
        return frozenset(one.moment for one in stated_times(self.matter.text, self.sent_at) if one.moment)


class NoticesAgree(TextRule):
    """A notice posted twice, two that name different times or places, or a correction of nobody knows what.

    Compared are the notices of one group within some hours, also those in pictures and files that the import read: the
    same words again; the same matter with another date, hour or place while the first is still to come, unless the
    second says that it changes something. A correction has to name its notice, follow it at once or answer it. What was
    recalled is left out as far as the source says so. Each is a hint that a person confirms. Put it right by recalling
    the wrong one and saying in one message what holds.
    """

    id = "CON007"
    name = "content/notices-agree"
    severity = Severity.WARNING
    verdict = Verdict.SUSPECT
    subject = Subject.MESSAGE
    reads = ("messages.text",)
    also_reads = ("attachments.text",)
    requires = (
        Needs("messages.text", when=f"NOT {_MEDIA}", stands="hits"),
        # What nobody read before may be the notice that this one repeats, or that a correction follows.
        Needs("messages.text", via=_BEFORE, stands="hits"),
        Needs("messages.text", via=_JUST_BEFORE, stands="passes"),
    )
    applies_when = "type NOT IN ('system', 'recall')"
    key_facts = ("reason",)
    title = Text(zh="通知不重复、不矛盾", en="Notices neither repeat nor contradict each other")
    headline = Text(zh="通知可能重复或前后矛盾", en="A notice may repeat or contradict another")
    message = {
        "repeated": Text(zh="与{other_at}的通知（{other_id}）内容相同", en="says what {other_id} of {other_at} said"),
        "time": Text(
            zh="与{other_at}的通知（{other_id}）是同一事项，但时间不同",
            en="is about the matter of {other_id} of {other_at}, and names another time",
        ),
        "place": Text(
            zh="与{other_at}的通知（{other_id}）是同一事项，但地点不同",
            en="is about the matter of {other_id} of {other_at}, and names another place",
        ),
        "unnamed": Text(
            zh="更正了内容，但没有写明更正哪一条通知", en="corrects something and does not say which notice"
        ),
    }
    explanation = Text(
        zh="发布通知按纸质材料同等要求，信息表达明确。重复、矛盾的通知让人不知以哪条为准；是否确有问题，由人确认。",
        en="A notice is held to what paper is held to. Of two that differ nobody knows which holds; a person confirms.",
    )
    remediation = (
        Step("sender", Text(zh="撤回错误的，用一条消息说明以何为准", en="recall the wrong one; say what holds"), 1),
    )
    tighter = {"within_hours": "higher", "likeness": "lower"}

    class Params(Rule.Params):
        """How long a notice is remembered, and how like two must be."""

        within_hours: int = Field(
            72,
            ge=1,
            le=2160,
            description="hours within which two notices are compared",
            json_schema_extra={"zh": "多少小时内的通知相互比较"},
        )
        likeness: int = Field(
            85,
            ge=50,
            le=100,
            description="percent that must be the same, times and places aside, to be one matter",
            json_schema_extra={"zh": "除时间地点外有百分之多少相同即算同一事项"},
        )

    def patterns(self, params: Params) -> tuple[Pattern, ...]:
        """Look for notices, and for words of correction."""
        return (
            Pattern("notice", r"通知[】:\]]|通知[ ]*\n", asks_around=True),
            Pattern("correction", r"更正|勘误|作废|有误|为准|重新发布", asks_around=True),
        )

    def confirm(self, match: TextMatch, params: Params) -> Iterator[Hit]:
        """Yield what is compared of a notice, and a correction that names none; `conclude` says what is wrong."""
        text, rest, around = match.folded[:_LONGEST], match.folded[_LONGEST:], match.around
        if around is not None and around.recalled:
            return
        head = _notice.search(text[:160])
        if head is not None:
            yield {"told": (text, hash(_letters(rest)), around.sent_at if around else None)}
        elif (
            len(text) <= _SHORT and _corrects.search(text) and _notice.search(around.previous if around else "") is None
        ):
            left = "".join(filter(str.isalpha, _empty.sub("", _without_times(text))))
            if len(left) < 2 and not (around and around.replies):
                yield {"reason": "unnamed"}

    def conclude(self, hits: Iterable[Hit], params: Params) -> Iterator[Hit]:
        """Yield each notice that an earlier one of its group repeats or contradicts, and corrections as they are."""
        groups: defaultdict[object, list[tuple[_Told, dict[str, Any]]]] = defaultdict(list)
        for hit in hits:
            row: dict[str, Any] = {**hit}
            told = row.pop("told", None)
            if told is None:
                yield row
            else:
                text, rest, sent_at = told
                groups[row["group_id"]].append((_Told(row["message_id"], sent_at, _matter(text), rest), row))
        for pairs in groups.values():
            pairs.sort(key=lambda one: (one[0].sent_at is None, one[0].sent_at or _SOME_DAY, one[0].message_id))
            for place, (told, row) in enumerate(pairs):
                earlier = (pairs[before][0] for before in range(place - 1, -1, -1))
                yield from _against(told, row, earlier, params)

    cases = (
        Case(
            "the same twice, another hour, another room; in a picture too",
            zh="同一通知两次；时间不同；地点不同；图片里的也算",
            given=_sent(
                ("g1", "04-10T09:00", "【会议通知】4月12日下午3点在二楼会议室召开安全工作会，请各科室负责人参加。"),
                ("g1", "04-10T09:30", "【会议通知】4月12日下午3点在二楼会议室召开安全工作会，请各科室负责人参加！"),
                ("g2", "04-10T09:00", "【会议通知】4月12日下午3点在二楼会议室召开安全工作会，请各科室负责人参加。"),
                ("g2", "04-10T10:00", "【会议通知】4月12日下午4点在二楼会议室召开安全工作会，请各科室负责人参加。"),
                ("g3", "04-10T09:00", "【会议通知】4月12日下午3点在二楼会议室召开安全工作会，请各科室负责人参加。"),
                ("g3", "04-10T10:00", None),
            )
            | {
                "attachments": [
                    {
                        "id": "f1",
                        "message_id": "m5",
                        "name": "通知.jpg",
                        "text": "【会议通知】\n4月12日下午3点在三楼会议室\n召开安全工作会，请各科室负责人参加。",
                    }
                ]
            },
            finds=("m1", "m3", "m5"),
            reasons={"m1": "repeated", "m3": "time", "m5": "place"},
            facts={"m1": {"other_id": "m0"}},
        ),
        Case(
            "a change that says so, a reminder, a series, another matter, the week after, another group",
            zh="写明变更的、提醒、系列场次、另一事项、会后再发的、另一个群",
            given=_sent(
                ("g1", "04-10T09:00", "【会议通知】4月12日下午3点在二楼会议室召开安全工作会，请各科室负责人参加。"),
                ("g1", "04-10T10:00", "【会议通知】4月12日召开的安全工作会改为下午4点，地点不变，请各科室负责人参加。"),
                (
                    "g1",
                    "04-11T09:00",
                    "【再次提醒】【会议通知】4月12日下午3点在二楼会议室召开安全工作会，请各科室负责人参加。",
                ),
                ("g1", "04-11T10:00", "【会议通知】4月12日上午9点在二楼会议室召开预算布置会，请财务人员携带报表参加。"),
                ("g1", "04-12T18:00", "【会议通知】4月19日下午3点在二楼会议室召开安全工作会，请各科室负责人参加。"),
                ("g2", "04-10T10:00", "【会议通知】4月12日下午4点在二楼会议室召开安全工作会，请各科室负责人参加。"),
                ("g3", "04-10T09:00", "【通知】请于今天下班前向综合科报送台账。"),
                ("g3", "04-11T09:00", "【通知】请于今天下班前向综合科报送台账。"),
                ("g4", "04-10T09:00", "【通知】4月12日上午9点在二楼会议室召开支部书记例会，请准时参加。"),
                ("g4", "04-11T09:00", "【通知】4月15日上午9点在二楼会议室召开支部书记例会，请准时参加。"),
            ),
        ),
        Case(
            "a correction of nobody knows what; one that names its matter, follows its notice, or is no correction",
            zh="没有写明更正什么；写明了的、紧接着通知的和不是更正的",
            given=_sent(
                ("g1", "04-10T09:00", "更正：时间改为下午4点，以此为准。"),
                ("g1", "04-10T10:00", "更正：安全工作会时间改为下午4点。"),
                ("g2", "04-10T10:00", "【会议通知】4月12日下午3点在二楼会议室召开安全工作会，请各科室负责人参加。"),
                ("g2", "04-10T10:03", "更正：时间改为下午4点。"),
                ("g1", "04-11T10:00", "发票有误，已退回学院。"),
            ),
            finds=("m0",),
            reasons={"m0": "unnamed"},
        ),
    )


def _without_times(text: str) -> str:
    """Return a text without the times that it states."""
    for one in reversed(stated_times(text, None)):
        text = text[: one.begin] + text[one.end :]
    return text


@lru_cache(1024)
def _matter(text: str) -> _Matter:
    """Return what is compared of a notice."""
    matter = "".join(filter(str.isalpha, _place.sub("", _without_times(text))))
    return _Matter(
        text,
        _letters(text),
        frozenset(map(add, matter, matter[1:])),
        frozenset(_place.findall(text)),
        bool(_reminds.search(text) or _puts_right.search(text) or _series.search(text)),
    )


def _letters(text: str) -> str:
    """Return a text without what makes no difference."""
    return _no_letter.sub("", text.lower())


def _against(
    told: _Told, row: dict[str, Any], earlier: Iterable[_Told], params: NoticesAgree.Params
) -> Iterator[dict[str, Any]]:
    """Yield what is wrong with a notice beside the latest of `earlier` ones, the latest first, on its matter."""
    within = timedelta(hours=params.within_hours)
    for other in () if told.matter.again else earlier:
        if told.sent_at and other.sent_at and told.sent_at - other.sent_at > within:
            return
        if other.message_id == told.message_id or not _alike(told.matter, other.matter, params.likeness):
            continue
        keys = {name: row[name] for name in ("group_id", "message_id")}
        if told.sent_at is None or other.sent_at is None:
            yield {**keys, "verdict": "unknown", "missing": "messages.sent_at"}
            return
        reason = _wrong(told, other, told.sent_at)
        if reason == _UNREAD:
            yield {**keys, "verdict": "unknown", "missing": row["field"]}
        elif reason:
            yield {**row, "reason": reason, "other_id": other.message_id, "other_at": other.sent_at}
            return


def _alike(told: _Matter, other: _Matter, likeness: int) -> bool:
    """Return whether two notices are about one matter."""
    if told is other:
        return bool(told.pairs)
    both = len(told.pairs & other.pairs)
    return both > 0 and 100 * both >= likeness * (len(told.pairs) + len(other.pairs) - both)


def _wrong(told: _Told, other: _Told, sent_at: datetime) -> str:
    """Return what is wrong with a notice beside an earlier one on the same matter; '' where nothing is."""
    if (told.matter.letters, told.rest, told.times) == (other.matter.letters, other.rest, other.times):
        return "repeated"
    if other.times and max(other.times) < sent_at:
        return ""  # that is over
    if told.times and other.times and told.times != other.times:
        return "time"
    mine, theirs = told.matter.places, other.matter.places
    if mine and theirs and mine != theirs:
        return "place"
    return "" if told.rest == other.rest else _UNREAD
