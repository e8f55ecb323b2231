"""Where the platform says who has read a notice, most members have by its deadline."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from policycore import Case, Field, Hit, Needs, Rule, RuleEstate, Severity, Step, Subject, Text, stated_deadline
from policycore_channels.publishers import NOTICE

_COUNTS = f"""({NOTICE}) AND messages.recalled_at IS NULL
    AND messages.sent_at >= coalesce($effective, DATE '1900-01-01') IS NOT FALSE"""
_NOTICES = f"""SELECT id, group_id, sent_at, sender_id, text FROM messages
    WHERE {_COUNTS} AND sent_at IS NOT NULL ORDER BY sent_at, id"""
_MEMBERS = """SELECT h.group_id, h.account_id, h.joined_at, h.left_at FROM membership_history h
    LEFT JOIN accounts a ON a.id = h.account_id WHERE a.kind IS DISTINCT FROM 'bot'"""
_READ = f"""SELECT r.message_id, r.account_id, r.read_at FROM receipts r JOIN messages ON messages.id = r.message_id
    WHERE {_COUNTS}"""
# Notices that enough have read if whatever is missing turns out for the best. All else that is missing only excuses:
# an account that may be a bot's or a stay that may not have lasted is counted, a receipt without a time is not.
_MAYBE = f"""SELECT messages.group_id, messages.id AS message_id, messages.group_id AS row_id FROM messages, LATERAL (
        SELECT list(DISTINCT account_id) AS read FROM (
            SELECT r.account_id FROM receipts r WHERE r.message_id = messages.id UNION ALL SELECT messages.sender_id)
        WHERE account_id IS NOT NULL), LATERAL (
        SELECT list(DISTINCT h.account_id) AS sure FROM membership_history h JOIN accounts a ON a.id = h.account_id
        WHERE h.group_id = messages.group_id AND a.kind <> 'bot' AND h.joined_at <= messages.sent_at
            AND list_contains(h._unknown, 'left_at') IS NOT TRUE AND h.left_at IS NULL)
    WHERE ({_COUNTS}) AND messages.id IN (SELECT message_id FROM receipts)
        AND 100 * (len(read) + CAST(messages.sender_id IS NULL AS INTEGER)) >= $minimum_percent
            * len(list_distinct(list_concat(coalesce(sure, []), read)))"""
_OPEN = f"subject.message_id IN (SELECT message_id FROM ({_MAYBE}))"


def notice(*read: tuple[str, str], text: str = "【通知】请于4月10日17点前报送。", **changes: Any) -> dict[str, Any]:
    """Return an estate with a notice of a0 to a1 to a4, and who read it at which hour of 2024-04-10."""
    return {
        "people": [{"id": f"p{n}", "name": f"人{n}"} for n in range(6)],
        "accounts": [
            *({"id": f"a{n}", "person_id": f"p{n}", "kind": "internal"} for n in range(6)),
            {"id": "bot", "kind": "bot"},
        ],
        "groups": [{"id": "g"}],
        "memberships": [
            {"group_id": "g", "account_id": one, "joined_at": "2024-01-01"}
            for one in ("a0", "a1", "a2", "a3", "a5", "bot")
        ]
        + [{"group_id": "g", "account_id": "a4", "joined_at": "2024-04-10T12:00"}],
        "messages": [
            {"id": "m", "group_id": "g", "sender_id": "a0", "sent_at": "2024-04-10T09:00", "text": text} | changes
        ],
        "receipts": [{"message_id": "m", "account_id": one, "read_at": f"2024-04-10T{at}"} for one, at in read],
    }


class ReadByDeadline(Rule):
    """Too few members had opened a notice when its deadline came, by the platform's own receipts.

    Counted are the accounts in the group from the notice to its deadline, but for bots; its sender has
    read it. A
    notice for which the platform gives no receipts cannot be judged. Nobody is named and nobody is asked to post that
    they have read: put it right by reminding the group, or by telephoning those whom it concerns.
    """

    id = "CHA008"
    name = "channels/read-by-deadline"
    subject = Subject.MESSAGE
    per_group = True
    severity = Severity.INFO
    requires = (
        Needs("messages.text", stands="hits"),
        Needs("messages.sent_at", when=f"({NOTICE}) AND messages.recalled_at IS NULL"),
        Needs("messages.recalled_at", when=_COUNTS, stands="passes"),
        Needs("messages.sender_id", when=_OPEN, stands="passes"),
        Needs("messages.receipts.read_at", when=_OPEN, stands="passes"),
        Needs("groups.memberships.account_id.kind", via=_MAYBE, stands="passes"),
        Needs("groups.memberships.joined_at", via=_MAYBE, stands="passes"),
        Needs("groups.memberships.left_at", via=_MAYBE, stands="passes"),
    )
    applies_when = "type NOT IN ('system', 'recall')"
    title = Text(zh="成员及时查看通知", en="Members read notices in time")
    headline = Text(zh="到期限时查看通知的成员偏少", en="Few members had read a notice by its deadline")
    message = Text(
        zh="到{deadline}，{due}名成员中{read}人已查看，占{percent}%（标准不低于{minimum_percent}%）",
        en="{read} of {due} {due:member|members} had read it by {deadline}, {percent}% (at least {minimum_percent}% "
        "expected)",
    )
    explanation = Text(
        zh="群成员应及时查看工作信息。只依据平台的已读回执统计人数，不点名，不要求在群内回复“已阅”；平台不提供回执的无法判断。",
        en="Members are to read work information in time. Only the platform's receipts count, nobody is named; "
        "without receipts nothing can be told.",
    )
    remediation = (Step("owner", Text(zh="再次提醒，或电话告知", en="remind the group, or telephone"), 1),)

    tighter = {"minimum_percent": "higher", "default_hours": "lower", "effective": "lower"}

    class Params(Rule.Params):
        """How many are enough, and how long there is where a notice names no deadline."""

        minimum_percent: int = Field(
            80,
            ge=1,
            le=100,
            description="share of the members that is enough, in percent",
            json_schema_extra={"zh": "至少应有百分之几的成员已查看"},
        )
        default_hours: int | None = Field(
            None,
            ge=1,
            le=744,
            description="hours to read a notice that states no deadline; none: such notices are not judged",
            json_schema_extra={"zh": "没有写明期限的通知须在多少小时内查看；不填则不判断"},
        )
        effective: date | None = Field(
            None,
            description="first day on which this holds; none: always",
            json_schema_extra={"zh": "从哪一天起适用；不填为一直适用"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Iterator[Hit]:
        """Count who was there until the deadline, and who of them had read it."""
        members: dict[str, list[dict[str, Any]]] = {}
        for row in estate.rows(_MEMBERS, params):
            members.setdefault(row["group_id"], []).append(row)
        read: dict[str, list[dict[str, Any]]] = {}
        for row in estate.rows(_READ, params):
            read.setdefault(row["message_id"], []).append(row)
        for one in estate.rows(_NOTICES, params):
            key = {"group_id": one["group_id"], "message_id": one["id"]}
            deadline, known = _deadline(one["text"], one["sent_at"].astimezone(estate.timezone), params)
            if not known:
                yield {**key, "verdict": "unknown", "missing": "messages.text"}
            elif deadline and deadline <= estate.as_of:
                if one["id"] not in read:
                    yield {**key, "verdict": "unknown", "missing": "receipts.read_at"}
                    continue
                there = {row["account_id"] for row in read[one["id"]] if row["read_at"] and row["read_at"] <= deadline}
                there |= {one["sender_id"]} - {None}
                due = there | _due(members.get(one["group_id"], ()), one, deadline)
                if 100 * len(there) < params.minimum_percent * len(due):
                    percent = 100 * len(there) // len(due)
                    yield {**key, "deadline": deadline, "due": len(due), "read": len(there), "percent": percent}

    cases = (
        Case(
            "the sender and one of four in time, one late; who came later and a bot do not count",
            zh="发布人和四人中的一人按时，一人逾期；后来入群的和机器人不计",
            given=notice(("a1", "10:00"), ("a2", "17:30")),
            params={"default_hours": 48, "effective": "2024-01-01"},
            finds=("m",),
            facts={"m": {"due": 5, "read": 2, "percent": 40}},
        ),
        Case(
            "enough have read it",
            zh="多数已查看",
            given=notice(("a1", "10:00"), ("a2", "11:00"), ("a3", "17:00"), ("a5", "16:00")),
        ),
        Case(
            "the platform gives no receipts of it, its deadline is no day",
            zh="平台没有提供该通知的回执；期限日期不存在",
            given={
                **notice(),
                "messages": [
                    notice()["messages"][0],
                    notice(text="【通知】请于4月31日前报送。")["messages"][0] | {"id": "m2"},
                ],
            },
            unknown=("m", "m2"),
        ),
        Case(
            "no deadline, one that is to come, recalled, no notice",
            zh="没有期限、期限未到、已撤回、不是通知",
            given={
                **notice(("a1", "10:00")),
                "messages": [
                    notice(**{"id": f"m{n}", **changes})["messages"][0]
                    for n, changes in enumerate(
                        (
                            {"text": "【通知】请各科室自查。"},
                            {"text": "【通知】请于4月20日前报送。"},
                            {"recalled_at": "2024-04-10T09:10"},
                            {"text": "4月10日17点前报送的材料已收到。"},
                        )
                    )
                ],
                "receipts": [
                    {"message_id": f"m{n}", "account_id": "a1", "read_at": "2024-04-10T10:00"} for n in range(4)
                ],
            },
        ),
        Case(
            "no deadline is stated, and the rule set gives one",
            zh="没有写明期限，按规则集的期限",
            given=notice(("a1", "09:30"), text="【通知】请各科室自查。"),
            params={"default_hours": 24},
            finds=("m",),
        ),
    )


def _deadline(text: str, sent: datetime, params: ReadByDeadline.Params) -> tuple[datetime | None, bool]:
    """Return by when a notice is to be read, and whether that can be told."""
    stated = stated_deadline(text, sent)
    if stated is not None:
        return stated.moment, stated.moment is not None and not stated.fault
    return (sent + timedelta(hours=params.default_hours) if params.default_hours else None), True


def _due(members: Sequence[dict[str, Any]], one: dict[str, Any], deadline: datetime) -> set[str]:
    """Return who was in the group from the notice until its deadline."""
    return {
        row["account_id"]
        for row in members
        if (row["joined_at"] is None or row["joined_at"] <= one["sent_at"])
        and (row["left_at"] is None or row["left_at"] > deadline)
    }
