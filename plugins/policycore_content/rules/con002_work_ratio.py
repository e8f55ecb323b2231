"""What a group is mainly used for shows in its figures."""

from __future__ import annotations

from typing import Literal

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text, Verdict

MessageKind = Literal[
    "text", "image", "file", "voice", "video", "link", "emoji", "red_packet", "transfer", "poll", "forward", "other"
]
TextKind = Literal["notice", "announcement", "work-reply", "chat"]
# By plain words, so that everybody can tell why a text counts as what it does.
_NOTICE = r"^[^。\n]{0,40}(通知|通报)[】\]:：\n]|^[【\[][^】\]]*(通知|通报)"
_ANNOUNCES = "@所有人|@全体成员|公告|公示|提醒|^各[^,，。]{1,12}[:：]"
_ANSWERS = (
    "^(收到|好的|明白|知悉|已|按|参会|无|报)|报送|上报|提交|材料|台账|文件|附件|会议|名单|表格|系统|科|处|部门|工作"
)
_KIND = f"""CASE WHEN regexp_matches(m.text, '{_NOTICE}') THEN 'notice'
        WHEN regexp_matches(m.text, '{_ANNOUNCES}') THEN 'announcement'
        WHEN regexp_matches(m.text, '{_ANSWERS}') THEN 'work-reply' ELSE 'chat' END"""
_ALL = "len($work_texts) = 4"
_IS_WORK = f"""(list_contains($work_types, m.type) AND (m.type <> 'text' OR {_ALL}
        OR CASE WHEN m.text IS NOT NULL THEN list_contains($work_texts, {_KIND}) END))"""
_BY_PEOPLE = f"""SELECT m.group_id, m.sent_at, {_IS_WORK} AS is_work,
        CASE WHEN m.type = 'text' AND NOT {_ALL} THEN {_KIND} END AS kind
    FROM messages m LEFT JOIN (FROM accounts WHERE kind = 'bot') bot ON bot.account_key = m.sender_key
    WHERE m.type NOT IN ('system', 'recall') AND bot.id IS NULL"""
# What is unknown of a message may make it one of work, one of none, or one that does not count. A share that is too
# small is certain where it stays so with every such message that could be work, and cannot be where it is large enough
# with every such message that could be none; where too few are counted, messages of work make up the number.
_TURNED = f"""SELECT group_id FROM (
        SELECT group_id, count(*) FILTER (sure AND is_work) AS work, count(*) FILTER (sure AND NOT is_work) AS other,
            count(*) FILTER (NOT sure AND is_work IS NOT FALSE) AS more_work,
            count(*) FILTER (NOT sure AND is_work IS NOT TRUE) AS more_other,
            count(*) FILTER (NOT sure AND is_work) AS only_work
        FROM (
            SELECT m.group_id, {_IS_WORK} AS is_work,
                m.type IS NOT NULL AND (m.type <> 'text' OR m.text IS NOT NULL OR {_ALL})
                    AND m.sent_at IS NOT NULL AND m.sender_id IS NOT NULL
                    AND (a.kind IS NOT NULL OR a.id IS NULL AND EXISTS (SELECT 1 FROM accounts)) AS sure
            FROM messages m LEFT JOIN accounts a ON a.account_key = m.sender_key
            WHERE coalesce(m.type, '') NOT IN ('system', 'recall') AND a.kind IS DISTINCT FROM 'bot'
                AND (m.sent_at IS NULL OR m.sent_at > as_of() - to_days(CAST($period_days AS INTEGER)))
        ) GROUP BY group_id
    ) WHERE (work + other < $minimum_messages
            OR 100 * (work + more_work) >= $minimum_percent * (work + more_work + other))
        AND work + other + more_other + only_work >= $minimum_messages
        AND 100 * (work + greatest(0, $minimum_messages - work - other - more_other)) < $minimum_percent
            * greatest($minimum_messages, work + other + more_other)"""
_MATTERS = f"(messages.id IS NULL OR messages.group_id IN ({_TURNED}))"


class WorkRatio(Rule):
    """Most of what people post in the group is not of a kind that work is done with.

    Counted are the messages of people in the last days before the as-of time; system notices, recalls
    and bots are left out of both numbers. Below a minimum nothing is judged: three stickers in a quiet
    month say nothing. The share goes by type, so it is an indicator that a person must confirm.
    """

    id = "CON002"
    name = "content/work-ratio"
    subject = Subject.GROUP
    per_group = True
    severity = Severity.WARNING
    verdict = Verdict.SUSPECT
    requires = (
        Needs("messages.type", when=_MATTERS),
        Needs("messages.text", when=f"NOT ({_ALL}) AND messages.type = 'text' AND {_MATTERS}"),
        Needs("messages.sent_at", when=_MATTERS),
        Needs("messages.sender_id.kind", when=_MATTERS),
    )
    title = Text(zh="群内容以工作为主", en="Group is mainly used for work")
    headline = Text(zh="群内容中工作占比偏低", en="Little of what is written is work")
    message = Text(
        zh="近{period_days}天{messages}条成员消息中，工作类消息{work_messages}条，占{percent}%（标准不低于{minimum_percent}%）",
        en="of {messages} {messages:message|messages} by people in the last {period_days} {period_days:day|days} "
        "{work_messages} are of a work kind, "
        "{percent}% (at least {minimum_percent}% expected)",
    )
    explanation = Text(
        zh="工作群内容应以工作通知、公告、文件等为主。按消息类型统计占比，只作为疑点，由人确认。",
        en="Notices, announcements and files should be most of what a work group carries. The share by type "
        "is an indicator that a person must confirm.",
    )
    remediation = (
        Step(
            "owner",
            Text(
                zh="查看近期内容，提醒成员群内只谈工作",
                en="look at what was posted and remind members that the group is for work",
            ),
            7,
        ),
        Step(
            "admin",
            Text(zh="对与工作无关的消息及时提醒撤回", en="have messages that are no work recalled as they appear"),
        ),
    )

    tighter = {"work_types": "fewer", "work_texts": "fewer", "minimum_percent": "higher", "minimum_messages": "lower"}

    class Params(Rule.Params):
        """Which kinds are work, over how many days, and how large their share must be."""

        work_types: tuple[MessageKind, ...] = Field(
            ("text", "file", "image", "link", "forward"),
            min_length=1,
            description="kinds that count as work",
            json_schema_extra={"zh": "算作工作内容的消息类型"},
        )
        work_texts: tuple[TextKind, ...] = Field(
            ("notice", "announcement", "work-reply", "chat"),
            description="kinds of text that count as work, by plain words: notices, announcements, replies about work, "
            "other chat",
            json_schema_extra={"zh": "算作工作内容的文字类别，按明显的词语：通知、公告、工作回复、其他交谈"},
        )
        minimum_percent: int = Field(
            60,
            ge=1,
            le=100,
            description="share of work kinds that is enough, in percent",
            json_schema_extra={"zh": "工作内容至少应占的百分比"},
        )
        period_days: int = Field(
            30,
            ge=1,
            le=366,
            description="days before the as-of time that are counted",
            json_schema_extra={"zh": "统计检查时点之前多少天"},
        )
        minimum_messages: int = Field(
            20,
            ge=1,
            le=100_000,
            description="messages by people below which nothing is judged",
            json_schema_extra={"zh": "由人发出的消息少于此数时不作判断"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find groups whose share of work kinds is below the minimum."""
        return estate.query(
            f"""WITH counted AS (
                SELECT group_id, count(*) AS messages, count(*) FILTER (is_work) AS work_messages,
                    count(kind) FILTER (kind = 'notice') AS notices, count(kind) FILTER (kind = 'chat') AS chats,
                    count(kind) FILTER (kind = 'announcement') AS announcements,
                    count(kind) FILTER (kind = 'work-reply') AS work_replies
                FROM ({_BY_PEOPLE}) WHERE sent_at > as_of() - to_days(CAST($period_days AS INTEGER))
                GROUP BY group_id
            )
            SELECT *, 100 * work_messages // messages AS percent
            FROM counted
            WHERE messages >= $minimum_messages AND 100 * work_messages < $minimum_percent * messages""",
            params,
        )

    cases = (
        Case(
            "one text in four, counted without the bot's, the system's and the recalled",
            zh="不计机器人、系统和已撤回的消息，四条中有一条文字",
            given={
                "groups": [{"id": "g1"}],
                "accounts": [{"id": "a1", "kind": "internal"}, {"id": "b1", "kind": "bot"}],
                "messages": [
                    {"id": f"m{number}", "group_id": "g1", "sender_id": sender, "type": kind, "sent_at": "2024-04-10"}
                    for number, (sender, kind) in enumerate(
                        [("a1", "text"), ("a1", "emoji"), ("a1", "video"), ("a1", "voice")]
                        + [("b1", "text"), ("a1", "system"), ("a1", "recall")] * 5
                    )
                ],
            },
            params={"minimum_messages": 4},
            finds=("g1",),
            facts={"g1": {"messages": 4, "work_messages": 1, "percent": 25}},
        ),
        Case(
            "exactly the share, too few to judge, or long ago",
            zh="恰好达到比例、数量太少无法判断，或年代久远",
            given={
                "groups": [{"id": "g1"}, {"id": "g2"}, {"id": "g3"}],
                "accounts": [{"id": "a1", "kind": "internal"}],
                "messages": [
                    {"id": f"{group}-{number}", "group_id": group, "sender_id": "a1", "type": kind, "sent_at": sent}
                    for group, kinds, sent in (
                        ("g1", ("text", "file", "image", "emoji", "emoji"), "2024-04-10"),
                        ("g2", ("emoji",) * 4, "2024-04-10"),
                        ("g3", ("emoji",) * 9, "2024-03-10"),
                    )
                    for number, kind in enumerate(kinds)
                ],
            },
            params={"minimum_messages": 5},
        ),
        Case(
            "only files count as work in this unit",
            zh="本单位只把文件算作工作内容",
            given={
                "groups": [{"id": "g1"}],
                "accounts": [{"id": "a1"}],
                "messages": [
                    {"id": f"m{number}", "group_id": "g1", "sender_id": "a1", "type": "text", "sent_at": "2024-04-10"}
                    for number in range(20)
                ],
            },
            params={"work_types": ["file"], "minimum_percent": 1},
            finds=("g1",),
        ),
        Case(
            "by what texts say: notices, announcements and replies, not chat",
            zh="按文字内容：通知、公告、工作回复算，闲谈不算",
            given={
                "groups": [{"id": "g1"}, {"id": "g2"}],
                "accounts": [{"id": "a1", "kind": "internal"}],
                "messages": [
                    {"id": f"{group}-{number}", "group_id": group, "sender_id": "a1", "type": "text"}
                    | {"sent_at": "2024-04-10", "text": text}
                    for group, texts in (
                        ("g1", ("【通知】明天开会", "收到", "哈哈", "今天天气真好")),
                        ("g2", ("【通知】明天开会", "收到", "@所有人 请关注公告", "哈哈")),
                    )
                    for number, text in enumerate(texts)
                ],
            },
            params={"minimum_messages": 4, "work_texts": ["notice", "announcement", "work-reply"]},
            finds=("g1",),
            facts={"g1": {"notices": 1, "work_replies": 1, "chats": 2, "percent": 50}},
        ),
        Case("a group without messages shows nothing", zh="没有消息的群说明不了什么", given={"groups": [{"id": "g1"}]}),
    )
