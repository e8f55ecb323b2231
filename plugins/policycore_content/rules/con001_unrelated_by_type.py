"""Some kinds of message are no work, whatever they say."""

from __future__ import annotations

from typing import Literal

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text

MessageKind = Literal[
    "text", "image", "file", "voice", "video", "link", "emoji", "red_packet", "transfer", "poll", "forward", "other"
]


def _bursts(sticker: str = "type = 'emoji'", there: str = "recalled_at IS NULL") -> str:
    """Return SELECTs of the bursts in a group's messages, numbered in ``numbered``.

    `sticker` tells what a sticker is, `there` that it was not recalled.
    """
    return f"""stickers AS (
        SELECT group_id, id, sent_at, sender_key, coalesce(epoch(sent_at) - lag(epoch(sent_at)) OVER run
            > $burst_seconds, true) AS begins
        FROM messages WHERE {sticker} AND sent_at IS NOT NULL AND {there}
        WINDOW run AS (PARTITION BY group_id ORDER BY sent_at, id)
    ), numbered AS (
        SELECT *, sum(begins::INTEGER) OVER (PARTITION BY group_id ORDER BY sent_at, id) AS burst FROM stickers
    )"""


def _found(bursts: str) -> str:
    """Return SQL of the messages at which one of the `bursts` is found."""
    return f"""(WITH {bursts}
        SELECT group_id, any_value(id) FILTER (begins) AS message_id FROM numbered
        GROUP BY group_id, burst HAVING count(*) >= $burst_size)"""


def _turned(bursts: str, unknown: str) -> str:
    """Return SQL of the messages at which a burst is found now, or would be with other `bursts`, but not both.

    With each stands the first message of its group of which what matters is `unknown`.
    """
    now, then = _found(_bursts()), _found(bursts)
    return f"""SELECT f.group_id, f.message_id, u.row_id FROM (
            (FROM {now} EXCEPT FROM {then}) UNION (FROM {then} EXCEPT FROM {now})
        ) f JOIN (SELECT group_id, min(id) AS row_id FROM messages WHERE {unknown} GROUP BY group_id) u
        ON u.group_id = f.group_id"""


_BURSTS = "NOT ('emoji' IN $forbidden OR 'emoji' IN $questionable)"
_UNTYPED = _turned(_bursts(sticker="coalesce(type, 'emoji') = 'emoji'"), "type IS NULL")
_PERHAPS_RECALLED = "coalesce(list_contains(_unknown, 'recalled_at'), false)"
_UNRECALLED = _turned(_bursts(there=f"recalled_at IS NULL AND NOT {_PERHAPS_RECALLED}"), _PERHAPS_RECALLED)
# Stickers of groups that have enough of them for a burst, and one whose time nobody knows.
_UNTIMED = """SELECT m.group_id, m.id AS message_id, u.row_id FROM messages m JOIN (
        SELECT group_id, min(id) FILTER (sent_at IS NULL) AS row_id FROM messages
        WHERE type = 'emoji' AND recalled_at IS NULL GROUP BY group_id HAVING count(*) >= $burst_size
    ) u ON u.group_id = m.group_id WHERE m.type = 'emoji' AND m.recalled_at IS NULL"""


class UnrelatedByType(Rule):
    """Red packets and transfers have no place in a work group; polls and bursts of stickers seldom have.

    The type is what the platform recorded, so a text that forbids red packets is no finding. A poll may
    ask about work, and stickers may be a cheer, so those are only suspect. A burst is one finding, at its
    first sticker; what counts are the pauses between stickers, whoever sends them and whatever is written in
    between. Put it right by recalling the message, which ends the finding, and reminding the sender of the rules.
    """

    id = "CON001"
    name = "content/unrelated-by-type"
    subject = Subject.MESSAGE
    per_group = True
    severity = Severity.ERROR
    only_read = dict.fromkeys(("accounts.person_id", "messages.sender_id"), "the sender's name")
    requires = (
        Needs("messages.recalled_at", stands="passes"),
        Needs("messages.type", when="messages.recalled_at IS NULL"),
        Needs("messages.type", via=_UNTYPED, when=_BURSTS),
        Needs("messages.recalled_at", via=_UNRECALLED, when=_BURSTS),
        Needs("messages.sent_at", via=_UNTIMED, when=_BURSTS),
    )
    title = Text(zh="不发与工作无关类型的消息", en="No message of a kind that is no work")
    headline = Text(zh="发送了与工作无关类型的消息", en="Message of a kind that is no work")
    message = {
        "forbidden": Text(
            zh="{sender}于{sent_at}在工作群内发送“{type}”", en="{sender} sent a {type} into the work group at {sent_at}"
        ),
        "questionable": Text(
            zh="{sender}于{sent_at}在工作群内发送“{type}”，请确认是否与工作有关",
            en="{sender} sent a {type} into the work group at {sent_at}; is it about work?",
        ),
        "stickers": Text(
            zh="从{sent_at}起{minutes}分钟内{senders}人连发{count}个表情（标准{burst_size}个），请确认是否与工作有关",
            en="{count} {count:sticker|stickers} by {senders} {senders:person|people} in {minutes} "
            "{minutes:minute|minutes} from {sent_at} "
            "(limit {burst_size}); are they about work?",
        ),
    }
    explanation = Text(
        zh="工作群以工作通知、公告、文件为主，严禁与工作无关的内容。红包、转账按类型即可认定；投票、连发表情需人工确认。",
        en="Work groups are for notices, announcements and files. Red packets and transfers are none by their type; "
        "polls and bursts of stickers need a person's eye.",
    )
    remediation = (
        Step(
            "owner",
            Text(zh="要求撤回与工作无关的消息，并重申群内要求", en="have it recalled and repeat what the group is for"),
            1,
        ),
        Step("sender", Text(zh="不再在工作群内发送此类消息", en="send nothing of the kind into the work group again")),
    )

    tighter = {"forbidden": "more", "questionable": "more", "burst_size": "lower", "burst_seconds": "higher"}

    class Params(Rule.Params):
        """Which kinds are forbidden, which are questionable, and what a burst of stickers is."""

        forbidden: tuple[MessageKind, ...] = Field(
            ("red_packet", "transfer"),
            description="kinds that fail by themselves",
            json_schema_extra={"zh": "一经出现即不合规的消息类型"},
        )
        questionable: tuple[MessageKind, ...] = Field(
            ("poll",), description="kinds that a person must look at", json_schema_extra={"zh": "需由人判断的消息类型"}
        )
        burst_size: int = Field(
            6,
            ge=2,
            le=1000,
            description="stickers in a row that make a burst",
            json_schema_extra={"zh": "连续多少个表情算刷屏"},
        )
        burst_seconds: int = Field(
            60,
            ge=1,
            le=86_400,
            description="longest pause between two stickers of one burst",
            json_schema_extra={"zh": "同一次刷屏中两个表情的最长间隔（秒）"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find messages of the kinds named, and the first of every burst of stickers."""
        return estate.query(
            f"""WITH {_bursts()}, found AS (
                SELECT group_id, id, sent_at, sender_id, sender_key, type, NULL::BIGINT AS count,
                    NULL::BIGINT AS senders, NULL::BIGINT AS minutes,
                    CASE WHEN list_contains($forbidden, type) THEN 'forbidden' ELSE 'questionable' END AS reason
                FROM messages
                WHERE recalled_at IS NULL AND (list_contains($forbidden, type) OR list_contains($questionable, type))
                UNION ALL
                SELECT group_id, any_value(id) FILTER (begins), min(sent_at), NULL, NULL, 'emoji',
                    count(*), count(DISTINCT sender_key),
                    CAST(ceil((epoch(max(sent_at)) - epoch(min(sent_at))) / 60) AS BIGINT), 'stickers'
                FROM numbered GROUP BY group_id, burst
                HAVING count(*) >= $burst_size
                    AND NOT list_contains($forbidden, 'emoji') AND NOT list_contains($questionable, 'emoji')
            )
            SELECT f.group_id, f.id AS message_id, f.type, f.sent_at, f.sender_id, f.count, f.senders, f.minutes,
                f.reason,
                coalesce(p.name, a.name, f.sender_id) AS sender,
                CASE WHEN f.reason = 'forbidden' THEN 'fail' ELSE 'suspect' END AS verdict
            FROM found f LEFT JOIN accounts a ON a.account_key = f.sender_key LEFT JOIN people p USING (person_key)""",
            params,
        )

    cases = (
        Case(
            "a red packet, a transfer and a poll; a text that speaks of red packets is work",
            zh="红包、转账和投票；谈到红包的文字仍是工作",
            given={
                "groups": [{"id": "g1"}],
                "people": [{"id": "p1", "name": "张三"}],
                "accounts": [{"id": "a1", "person_id": "p1", "name": "三哥"}],
                "messages": [
                    {"id": "m1", "group_id": "g1", "sender_id": "a1", "type": "red_packet", "sent_at": "2024-04-01"},
                    {"id": "m2", "group_id": "g1", "sender_id": "a1", "type": "transfer", "sent_at": "2024-04-02"},
                    {"id": "m3", "group_id": "g1", "sender_id": "a1", "type": "poll", "sent_at": "2024-04-03"},
                    {"id": "m4", "group_id": "g1", "sender_id": "a1", "type": "text", "text": "严禁在群内发红包"},
                ],
            },
            finds=("m1", "m2", "m3"),
            reasons={"m1": "forbidden", "m2": "forbidden", "m3": "questionable"},
            facts={"m1": {"sender": "张三"}},
        ),
        Case(
            "six stickers within a minute of each other are one finding, at the first",
            zh="间隔不超过一分钟的六个表情合为一个问题，记在第一个",
            given={
                "groups": [{"id": "g1"}],
                "accounts": [{"id": "a1"}, {"id": "a2"}],
                "messages": [
                    {
                        "id": f"m{second}",
                        "group_id": "g1",
                        "sender_id": f"a{1 + second // 30 % 2}",
                        "type": "emoji",
                        "sent_at": f"2024-04-01T10:{second // 60:02d}:{second % 60:02d}",
                    }
                    for second in (10, 30, 50, 70, 90, 150)
                ],
            },
            finds=("m10",),
            reasons={"m10": "stickers"},
            facts={"m10": {"count": 6, "minutes": 3, "senders": 2}},
        ),
        Case(
            "stickers with pauses, in two groups, or too few are no burst",
            zh="有间隔、分在两个群或数量太少的表情不算刷屏",
            given={
                "groups": [{"id": "g1"}, {"id": "g2"}],
                "messages": [
                    {
                        "id": f"{group}-{minute}",
                        "group_id": group,
                        "type": "emoji",
                        "sent_at": f"2024-04-01T10:{minute:02d}",
                    }
                    for group, minutes in (("g1", (0, 2, 4, 6, 8, 10)), ("g2", (0, 1, 2)))
                    for minute in minutes
                ],
            },
        ),
        Case(
            "recalled in time: a red packet, a poll, stickers of what would be a burst",
            zh="已撤回的红包、投票和本可构成刷屏的表情",
            given={
                "groups": [{"id": "g1"}],
                "messages": [
                    {"id": "m1", "group_id": "g1", "type": "red_packet", "recalled_at": "2024-04-10T09:05:00"},
                    {"id": "m2", "group_id": "g1", "type": "poll", "recalled_at": "2024-04-10T10:05:00"},
                    {"id": "m3", "group_id": "g1", "type": "transfer", "recalled_at": "2024-04-16T10:05:00"},
                    {"id": "m4", "group_id": "g1", "type": "emoji", "sent_at": "2024-04-01T10:00:00"},
                    {
                        "id": "m5",
                        "group_id": "g1",
                        "type": "emoji",
                        "sent_at": "2024-04-01T10:00:10",
                        "recalled_at": "2024-04-01T10:01:00",
                    },
                ],
            },
            params={"burst_size": 2},
            finds=("m3",),
        ),
        Case(
            "a message of no known type cannot be judged",
            zh="类型不明的消息无法判断",
            given={
                "groups": [{"id": "g1"}],
                "messages": [
                    {"id": "m1", "group_id": "g1", "type": None, "sent_at": "2024-04-01T10:00:05"},
                    {"id": "m2", "group_id": "g1", "type": "emoji", "sent_at": "2024-04-01T10:00:00"},
                    {"id": "m3", "group_id": "g1", "type": "emoji", "sent_at": "2024-04-01T10:00:10"},
                    {"id": "m4", "group_id": "g1", "type": "emoji", "sent_at": "2024-04-01T12:00:10"},
                ],
            },
            params={"burst_size": 3},
            unknown=("m1", "m2"),
        ),
        Case(
            "a unit that allows polls and forbids stickers",
            zh="允许投票、禁止表情的单位",
            given={
                "groups": [{"id": "g1"}],
                "messages": [
                    {"id": "m1", "group_id": "g1", "type": "poll", "sent_at": "2024-04-01"},
                    {"id": "m2", "group_id": "g1", "type": "emoji", "sent_at": "2024-04-01"},
                    {"id": "m3", "group_id": "g1", "type": "emoji", "sent_at": "2024-04-01"},
                ],
            },
            params={"forbidden": ["emoji"], "questionable": [], "burst_size": 2},
            finds=("m2", "m3"),
            reasons={"m2": "forbidden", "m3": "forbidden"},
        ),
        Case(
            "a message after the as-of time is not there yet",
            zh="检查时点之后的消息尚不存在",
            given={
                "groups": [{"id": "g1"}],
                "messages": [{"id": "m1", "group_id": "g1", "type": "red_packet", "sent_at": "2024-04-20"}],
            },
        ),
    )
