"""A list of many people's numbers does not belong in a chat, though each number alone may be written there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from policycore import (
    CONTENT,
    NUMBERS_PATTERN,
    Case,
    Field,
    Hit,
    Needs,
    Pattern,
    Severity,
    Step,
    Subject,
    Text,
    TextMatch,
    TextRule,
    Verdict,
    personal_numbers,
)

_KINDS = {"resident": "resident_ids", "mobile": "phones", "card": "cards", "credit": "credit_codes"}
_SAID = Text(
    zh="身份证号{resident_ids}个、手机号{phones}个、银行卡号{cards}个、统一社会信用代码{credit_codes}个",
    en="{resident_ids} resident ids, {phones} mobile numbers, {cards} card numbers, {credit_codes} credit codes",
)
# A text of the same day that nobody could read may be a list, or hold the numbers that make the day one.
_SAME_DAY = """SELECT m.group_id, m.id AS message_id, p.id AS row_id FROM messages m JOIN messages p
    ON p.group_id = m.group_id AND p.id <> m.id AND local_date(p.sent_at) = local_date(m.sent_at)
    AND p.type NOT IN ('image', 'file', 'voice', 'video', 'system', 'recall')
    WHERE length(regexp_replace(m.text, '[^0-9０-９〇零一二三四五六七八九]', '', 'g')) >= 11"""
# Made up: region, date and check are right, and nobody has them.
_IDS = ("110105199003070017", "110105199003070025", "110105199003070033")


def _phones(first: int, count: int) -> str:
    """Return a list of mobile numbers that nobody has."""
    return "\n".join(f"王某 1390000{number:04}" for number in range(first, first + count))


class BulkPersonalData(TextRule):
    """A message or file, or one group on one day, holds the numbers of many people.

    Counted are different numbers whose checks hold: resident ids, mobile telephones, bank cards, unified social credit
    codes. What nobody alone brings together is counted over a group and day as well, and found at the message with
    which it became too many. The finding says how many there are, never which. Put it right by taking the list back and
    sending it by a way that only those can read who need it.
    """

    id = "SEC005"
    name = "secrecy/bulk-personal-data"
    subject = Subject.MESSAGE
    verdict = Verdict.SUSPECT
    severity = Severity.WARNING
    include_dissolved = True
    requires = (*CONTENT, Needs("messages.text", via=_SAME_DAY))
    reads = ("messages.text", "attachments.name", "attachments.text")
    key_facts = ("field", "attachment_id", "day")
    title = Text(zh="群内没有成批的个人信息", en="No lists of personal numbers in the group")
    headline = Text(zh="群内出现成批的个人信息", en="List of personal numbers in the group")
    message = {
        "text": Text(zh=f"含{_SAID.zh}", en=f"holds {_SAID.en}"),
        "day": Text(zh=f"本群{{day}}至此已有{_SAID.zh}", en=f"brings the group to {_SAID.en} on {{day}}"),
    }
    explanation = Text(
        zh="单个号码可因工作需要发送，成批的个人信息一经转发便无法收回。只计数，不保存号码。",
        en="One number may be sent for work; a list passed on cannot be called back. Numbers are only counted.",
    )
    remediation = (
        Step(
            "sender",
            Text(zh="撤回，改用只有需要的人能看到的方式", en="recall it; send it where only those read who need"),
            1,
        ),
        Step("owner", Text(zh="提醒成员删除已保存的文件", en="ask the members to delete what they saved"), 1),
    )
    tighter = dict.fromkeys((*_KINDS.values(), "day_factor"), "lower")

    class Params(TextRule.Params):
        """From how many different numbers on it is a list."""

        resident_ids: int = Field(
            5,
            ge=1,
            description="resident ids in one message or file",
            json_schema_extra={"zh": "一条消息或文件中的身份证号个数"},
        )
        phones: int = Field(
            10, ge=1, description="mobile numbers in one", json_schema_extra={"zh": "一条消息或文件中的手机号个数"}
        )
        cards: int = Field(
            5, ge=1, description="bank cards in one", json_schema_extra={"zh": "一条消息或文件中的银行卡号个数"}
        )
        credit_codes: int = Field(
            20,
            ge=1,
            description="credit codes in one",
            json_schema_extra={"zh": "一条消息或文件中的统一社会信用代码个数"},
        )
        day_factor: int = Field(
            3,
            ge=1,
            le=100,
            description="how many times as many make a list in one group on one day",
            json_schema_extra={"zh": "一个群一天内累计达到上述个数的几倍"},
        )

    def patterns(self, params: Params) -> Iterable[Pattern]:
        """Return what every text has in it that holds such a number."""
        yield Pattern("numbers", NUMBERS_PATTERN, asks_around=True)

    def confirm(self, match: TextMatch, params: Params) -> Iterable[Hit]:
        """Yield the numbers of a text, for `conclude` to count."""
        numbers = frozenset((kind, number) for kind, number, _, _ in personal_numbers(match.folded))
        if numbers:
            yield {"numbers": numbers, "sent_at": match.around.sent_at if match.around else None}

    def conclude(self, hits: Iterable[Hit], params: Params) -> Iterator[Hit]:
        """Yield each text that is a list, and each message with which a group's day became one."""
        days: defaultdict[tuple[Any, Any], list[dict[str, Any]]] = defaultdict(list)
        listed: set[tuple[Any, Any]] = set()
        for hit in hits:
            row: dict[str, Any] = {**hit}
            numbers, sent_at = row.pop("numbers"), row.pop("sent_at")
            day = row["group_id"], sent_at and sent_at.date()
            days[day].append({**row, "numbers": numbers, "sent_at": sent_at})
            if _too_many(numbers, params, 1):
                listed.add(day)
                yield {**row, **_counted(numbers), "reason": "text"}
        for (group, day), rows in days.items():
            if day is None:
                of_group = [row for (other, _), listing in days.items() if other == group for row in listing]
                yield from _undated(rows, of_group, params)
            elif (group, day) not in listed:
                yield from _of_day(rows, params)

    cases = (
        Case(
            "a sheet in a file, and a few numbers a message that become a list in one day",
            zh="文件中的名单；一天内逐条发送累计成名单",
            given={
                "groups": [{"id": "g1"}, {"id": "g2"}],
                "messages": [
                    {"id": "m1", "group_id": "g1", "type": "file"},
                    *(
                        {
                            "id": f"n{number}",
                            "group_id": "g2",
                            "sender_id": "a1",
                            "sent_at": f"2024-04-0{1 + number // 3}T10:0{number}:00",
                            "text": _phones(10 * number, 4),
                        }
                        for number in range(4)
                    ),
                ],
                "attachments": [{"id": "f1", "message_id": "m1", "name": "名单.xlsx", "text": _phones(0, 8)}],
            },
            params={"phones": 5, "day_factor": 2},
            finds=("m1", "n2"),
            reasons={"m1": "text", "n2": "day"},
            facts={"m1": {"attachment_id": "f1", "phones": 8}, "n2": {"phones": 12, "day": "2024-04-01"}},
        ),
        Case(
            "three resident ids, the same one thrice, and numbers whose check is wrong",
            zh="三个身份证号；同一个号码三次；校验不符的号码",
            given={
                "groups": [{"id": "g1"}],
                "messages": [
                    {"id": "m1", "group_id": "g1", "text": "、".join(_IDS)},
                    {"id": "m2", "group_id": "g1", "text": "、".join(_IDS[:1] * 3)},
                    {"id": "m3", "group_id": "g1", "text": "110105199003070010 110105199003070020 110105199013070010"},
                ],
            },
            params={"resident_ids": 3},
            finds=("m1",),
            reasons={"m1": "text"},
            facts={"m1": {"resident_ids": 3, "phones": 0}},
        ),
        Case(
            "a picture that nobody read",
            zh="图片中的文字没有读出",
            given={
                "groups": [{"id": "g1"}],
                "messages": [{"id": "m1", "group_id": "g1", "type": "image"}],
                "attachments": [{"id": "f1", "message_id": "m1", "name": "照片.jpg", "text": None}],
            },
            unknown=("m1",),
        ),
    )


def _counted(numbers: Iterable[tuple[str, str]]) -> dict[str, int]:
    """Return how many different numbers there are of each kind."""
    counts = Counter(kind for kind, _ in numbers)
    return {name: counts[kind] for kind, name in _KINDS.items()}


def _too_many(numbers: Iterable[tuple[str, str]], params: BulkPersonalData.Params, factor: int) -> bool:
    """Return whether the numbers of any kind are a list."""
    return any(count >= getattr(params, name) * factor for name, count in _counted(numbers).items())


def _of_day(rows: list[dict[str, Any]], params: BulkPersonalData.Params) -> Iterator[Hit]:
    """Yield the message of one group's day with which its numbers became a list."""
    seen: set[tuple[str, str]] = set()
    for row in sorted(rows, key=lambda one: (one["sent_at"], one["message_id"])):
        seen |= row["numbers"]
        if _too_many(seen, params, params.day_factor):
            told = {name: value for name, value in row.items() if name not in ("numbers", "sent_at")}
            yield {**told, **_counted(seen), "reason": "day", "day": str(row["sent_at"].date())}
            return


def _undated(
    rows: list[dict[str, Any]], of_group: list[dict[str, Any]], params: BulkPersonalData.Params
) -> Iterator[Hit]:
    """Yield that nobody knows of messages without a time, where their group holds a list."""
    if _too_many(set().union(*(row["numbers"] for row in of_group)), params, params.day_factor):
        for row in rows:
            if not _too_many(row["numbers"], params, 1):
                keys = {name: row[name] for name in ("group_id", "message_id")}
                yield {**keys, "verdict": "unknown", "missing": "messages.sent_at"}
