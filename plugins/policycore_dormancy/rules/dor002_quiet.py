"""A long silence may mean that a group has served its purpose."""

from __future__ import annotations

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text, Verdict

_BY_PEOPLE = """SELECT 1 FROM messages m LEFT JOIN accounts a ON a.id = m.sender_id
    WHERE m.group_id = subject.group_id AND m.type NOT IN ('system', 'recall') AND coalesce(a.kind, '') <> 'bot'"""
_RECENT = "(messages.sent_at IS NULL OR elapsed_days(messages.sent_at) <= $days)"


class Quiet(Rule):
    """Nobody has written for a long time: the group may be over, or it is quiet by its nature.

    Only people count: system notices, recalls and bots keep no group alive. A group in which nobody
    ever wrote counts from its creation. No policy gives a number of days, so every finding shows
    the one that was used, and a person decides.
    """

    id = "DOR002"
    name = "dormancy/quiet"
    subject = Subject.GROUP
    per_group = True
    severity = Severity.WARNING
    verdict = Verdict.SUSPECT
    requires = (
        Needs("messages.sent_at", when="messages.type NOT IN ('system', 'recall')"),
        Needs(
            "messages.type",
            when=f"{_RECENT} AND NOT EXISTS (SELECT 1 FROM accounts a "
            "WHERE a.id = messages.sender_id AND a.kind = 'bot')",
        ),
        Needs("messages.sender_id.kind", when=f"messages.type NOT IN ('system', 'recall') AND {_RECENT}"),
        Needs(
            "groups.created_at",
            when=f"""NOT EXISTS ({_BY_PEOPLE}) AND ((elapsed_days(groups.created_at) > $days)
                = (elapsed_days(groups.created_at_latest) > $days)) IS NOT TRUE""",
        ),
    )
    title = Text(zh="群长期无人发言", en="Group has fallen silent")
    message = {
        "silent": Text(
            zh="最后一条成员发言在{last_human_message_at}，已{silent_days}天无人发言（标准{days}天）",
            en="the last message by a person is from {last_human_message_at}, {silent_days} {silent_days:day|days} ago "
            "(limit {days} {days:day|days})",
        ),
        "never": Text(
            zh="建群{silent_days}天以来没有成员发言（标准{days}天）",
            en="nobody has written since the group was created {silent_days} {silent_days:day|days} ago (limit "
            "{days} {days:day|days})",
        ),
    }
    explanation = Text(
        zh="长期无人发言的群可能已完成使命。制度没有规定天数，因此只作为疑点，由人确认。",
        en="A group in which nobody writes may have served its purpose. The policy gives no number of days, "
        "so this is an indicator that a person must confirm.",
    )
    remediation = (
        Step(
            "owner",
            Text(zh="确认该群是否仍需要，不需要则解散", en="say whether the group is still needed; dissolve it if not"),
            14,
        ),
        Step(
            "department",
            Text(zh="需要保留的，在备案中写明用途", en="where it stays, write down in the register what it is for"),
        ),
    )

    tighter = {"days": "lower"}

    class Params(Rule.Params):
        """How long a silence is worth a question."""

        days: int = Field(
            90,
            ge=1,
            le=3650,
            description="whole days without a message by a person",
            json_schema_extra={"zh": "无人发言的整天数"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find groups whose last message by a person, or else whose creation, is too long ago."""
        return estate.query(
            """SELECT id AS group_id, last_human_message_at, created_at, created_at_latest, message_count,
                elapsed_days(coalesce(last_human_message_at, created_at_latest)) AS silent_days,
                CASE WHEN last_human_message_at IS NOT NULL THEN 'silent' ELSE 'never' END AS reason
            FROM group_facts WHERE elapsed_days(coalesce(last_human_message_at, created_at)) > $days""",
            params,
        )

    cases = (
        Case(
            "a person wrote, but long ago; a bot and the system since then do not count",
            zh="很久以前有人发言；此后机器人和系统的消息不计",
            given={
                "groups": [{"id": "g1", "created_at": "2023-01-01"}],
                "accounts": [{"id": "a1", "kind": "internal"}, {"id": "b1", "kind": "bot"}],
                "messages": [
                    {"id": "m1", "group_id": "g1", "sender_id": "a1", "type": "text", "sent_at": "2024-01-01"},
                    {"id": "m2", "group_id": "g1", "sender_id": "b1", "type": "text", "sent_at": "2024-04-14"},
                    {"id": "m3", "group_id": "g1", "sender_id": "a1", "type": "system", "sent_at": "2024-04-14"},
                    {"id": "m4", "group_id": "g1", "sender_id": "a1", "type": "recall", "sent_at": "2024-04-14"},
                ],
            },
            finds=("g1",),
            reasons={"g1": "silent"},
            facts={"g1": {"silent_days": 105, "message_count": 4}},
        ),
        Case(
            "nobody ever wrote: old groups, not new ones; a group without a date cannot be judged",
            zh="从未有人发言：旧群有问题，新群没有；没有日期的群无法判断",
            given={
                "groups": [
                    {"id": "g1", "created_at": "2023-06-01"},
                    {"id": "g2", "created_at": "2024-03-01"},
                    {"id": "g3"},
                    {"id": "g4"},
                ],
                "messages": [{"id": "m1", "group_id": "g4", "type": "system", "sent_at": "2024-01-01"}],
            },
            finds=("g1",),
            unknown=("g3", "g4"),
            reasons={"g1": "never"},
        ),
        Case(
            "exactly at the limit, and an outsider's message, keep a group alive",
            zh="恰在期限内，或有外部人员发言，群仍算活跃",
            given={
                "groups": [{"id": "g1", "created_at": "2020-01-01"}, {"id": "g2", "created_at": "2020-01-01"}],
                "accounts": [{"id": "a1", "kind": "internal"}, {"id": "x1", "kind": "external"}],
                "messages": [
                    {"id": "m1", "group_id": "g1", "sender_id": "a1", "type": "text", "sent_at": "2024-01-16"},
                    {"id": "m2", "group_id": "g2", "sender_id": "x1", "type": "image", "sent_at": "2024-04-01"},
                ],
            },
        ),
        Case(
            "a message after the as-of time is not there yet",
            zh="检查时点之后的消息尚不存在",
            given={
                "groups": [{"id": "g1", "created_at": "2023-01-01"}],
                "accounts": [{"id": "a1", "kind": "internal"}],
                "messages": [
                    {"id": "m1", "group_id": "g1", "sender_id": "a1", "type": "text", "sent_at": "2024-04-16"}
                ],
            },
            finds=("g1",),
            reasons={"g1": "never"},
        ),
        Case(
            "another number of days",
            zh="另一个天数",
            given={"groups": [{"id": "g1", "created_at": "2024-04-01"}]},
            params={"days": 7},
            finds=("g1",),
            facts={"g1": {"silent_days": 14}},
        ),
    )
