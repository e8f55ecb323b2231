"""Where no reply is needed, nobody who publishes asks for one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from policycore import Case, Field, Hit, Needs, Rule, RuleEstate, Severity, Step, Subject, Text, reply_demands
from policycore_channels.publishers import PUBLISHED, PublisherParams, publisher_needs

_COUNTS = "messages.sent_at >= coalesce($effective, DATE '1900-01-01') IS NOT FALSE"
# Only what has one of these words can ask for a reply: whatever else is unknown of the rest changes nothing.
_MAY_ASK = f"({_COUNTS}) AND regexp_matches(messages.text, '[回扣打接签吱举点报冒确复发]|(?i)please') IS NOT FALSE"


def said(*texts: str, other: str = "", **more: object) -> dict[str, list[dict[str, object]]]:
    """Return an estate in which the office writes `texts`, as m0, m1 and so on, and a reader writes `other`."""
    return {
        "departments": [{"id": "d1", "name": "机关党委"}, {"id": "d2", "name": "教务处"}],
        "people": [{"id": "p1", "name": "甲"}, {"id": "p2", "name": "乙"}],
        "appointments": [{"person_id": "p1", "department_id": "d1"}, {"person_id": "p2", "department_id": "d2"}],
        "accounts": [{"id": "office", "person_id": "p1"}, {"id": "reader", "person_id": "p2"}],
        "groups": [{"id": "w", "name": "工作群", "department_id": "d1"}],
        "messages": [
            {"id": f"m{n}", "group_id": "w", "sent_at": "2024-04-10T09:00", "sender_id": "office", "text": text, **more}
            for n, text in enumerate(texts)
        ]
        + [{"id": "mx", "group_id": "w", "sent_at": "2024-04-10T09:00", "sender_id": "reader", "text": other}],
    }


class ReplyNotNeeded(Rule):
    """A group in which heads read and need not reply is no place to ask them for replies.

    The groups are those that the rule set names (``applies_to``). Found is what somebody of the publishing department
    writes there and that asks its readers for a reply, a queue of names or a sign; what says that no reply is needed,
    or asks those with a question, is not. Put it right by recalling the request; collect replies where they are due.
    """

    id = "CHA002"
    name = "channels/reply-not-needed"
    subject = Subject.MESSAGE
    per_group = True
    severity = Severity.WARNING
    requires = (
        Needs("messages.sent_at", when=_MAY_ASK),
        Needs("messages.text", when=_COUNTS),
        *publisher_needs(_MAY_ASK),
    )
    title = Text(zh="不需要回复的群不要求回复", en="No replies are asked for where none are needed")
    headline = Text(zh="在不需要回复的群要求回复", en="Asks for replies where none are needed")
    message = Text(
        zh="发布人要求群内回复（第{offset}字起{length}字），本群不需要回复",
        en="asks for replies (from character {offset}, {length} {length:character|characters}), and none are needed "
        "in this group",
    )
    explanation = Text(
        zh="本群供领导了解情况、安排落实，不需要群内回复；要求回复增加负担，淹没通知。只记录位置，不保存内容。",
        en="The group lets heads know; it needs no replies. Asking for them adds work and drowns the notices. "
        "The finding keeps the place, never the text.",
    )
    remediation = (
        Step(
            "sender",
            Text(
                zh="撤回或注明“无需回复”；需要反馈的，在联络员群提出",
                en="recall it or add that no reply is needed; ask where replies are due",
            ),
            1,
        ),
    )

    tighter = {"effective": "lower"}

    class Params(PublisherParams):
        """Since when this holds."""

        effective: date | None = Field(
            None,
            description="first day on which this holds; none: always",
            json_schema_extra={"zh": "从哪一天起适用；不填为一直适用"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Iterator[Hit]:
        """Read what was published for requests."""
        rows = estate.rows(
            f"""SELECT messages.group_id, messages.id AS message_id, messages.text
            FROM messages JOIN groups USING (group_key)
            WHERE {_MAY_ASK} AND {PUBLISHED} AND messages.text IS NOT NULL AND messages.recalled_at IS NULL""",
            params,
        )
        for row in rows:
            demands = reply_demands(row.pop("text"))
            if demands:
                yield {**row, "offset": demands[0].begin, "length": demands[0].end - demands[0].begin}

    cases = (
        Case(
            "asks for replies, for a sign, for a queue of names",
            zh="要求回复、扣1、接龙",
            params={"effective": "2024-04-01"},
            given=said("收到请回复", "收到请扣1", "请各部门在群内接龙", "明天上午9点开会。请大家收到后回复。"),
            finds=("m0", "m1", "m2", "m3"),
            facts={"m3": {"offset": 9, "length": 8}},
        ),
        Case(
            "says that none is needed, asks those with a question, or is somebody else's",
            zh="说明无需回复、只请有问题的人回复，或不是发布人",
            given=said("本通知无需回复", "如有问题请回复", "严禁要求“收到请回复”", "收到。", other="收到请回复"),
        ),
        Case(
            "recalled, or before the rule held",
            zh="已撤回，或在适用之前",
            given=said("收到请回复", recalled_at="2024-04-10T10:00"),
        ),
        Case(
            "from before the rule held",
            zh="适用之前的不算",
            given=said("收到请回复"),
            params={"effective": "2024-04-11"},
        ),
    )
