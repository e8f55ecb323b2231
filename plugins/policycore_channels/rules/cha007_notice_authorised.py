"""A notice comes from somebody who answers for the group, or was approved before it was posted."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_channels.publishers import NOTICE

_NOTICE = f"""{NOTICE} AND messages.recalled_at IS NULL
    AND messages.sent_at >= coalesce($effective, DATE '1900-01-01') IS NOT FALSE"""
_SAME = "({one}.id = messages.sender_id OR {one}.person_id = sender.person_id)"
# Whether a notice is posted by one who may; NULL where nobody knows.
_MAY_POST = f"""(
    EXISTS (SELECT 1 FROM accounts o WHERE o.id = groups.owner_id AND {_SAME.format(one="o")}
        AND list_contains($posters, 'owner'))
    OR EXISTS (SELECT 1 FROM membership_history h JOIN accounts o ON o.id = h.account_id
        WHERE h.group_id = messages.group_id AND h.role IN ('owner', 'admin') AND list_contains($posters, h.role)
            AND {_SAME.format(one="o")})
    OR coalesce(list_contains($posters, 'responsible') AND sender.person_id = groups.responsible_id, false)
    OR EXISTS (SELECT 1 FROM people p WHERE p.id = sender.person_id
        AND (list_contains($authorised, p.id) OR list_contains($authorised, p.name))))"""
_NOTICES = f"""SELECT messages.id, messages.group_id, messages.sender_id, messages.sent_at FROM messages
    JOIN groups ON groups.id = messages.group_id
    LEFT JOIN accounts sender ON sender.id = messages.sender_id
    WHERE {_NOTICE} AND sender.kind IS DISTINCT FROM 'bot' AND NOT {_MAY_POST}"""
_OPEN = f"subject.message_id IN (SELECT id FROM ({_NOTICES}))"
# Posted by somebody who may not, as a notice or as what nobody can read.
_BY_OTHERS = f"""subject.message_id IN (SELECT messages.id FROM messages
    JOIN groups ON groups.id = messages.group_id LEFT JOIN accounts sender ON sender.id = messages.sender_id
    WHERE messages.recalled_at IS NULL AND sender.kind IS DISTINCT FROM 'bot' AND NOT {_MAY_POST}
        AND messages.sent_at >= coalesce($effective, DATE '1900-01-01') IS NOT FALSE)"""
# Nobody is recorded who may post without being asked: whether it is the sender, nobody can tell.
_NOBODY_KNOWN = f"""{_OPEN} AND len($posters) > 0
    AND NOT coalesce(list_contains($posters, 'owner') AND groups.owner_id IS NOT NULL, false)
    AND NOT coalesce(list_contains($posters, 'responsible') AND groups.responsible_id IS NOT NULL, false)
    AND NOT EXISTS (SELECT 1 FROM membership_history h
        WHERE h.group_id = groups.id AND h.role IN ('owner', 'admin') AND list_contains($posters, h.role))"""
_ITS_GROUP = f"SELECT group_id, id AS message_id, group_id AS row_id FROM ({_NOTICES})"


def chat(sender: str | None = "a3", approvals: tuple[tuple[str, str], ...] = (), **changes: Any) -> dict[str, Any]:
    """Return an estate with one notice at ten, its approvals (person, time), and other values of its row."""
    message = {
        "id": "m",
        "group_id": "g",
        "sender_id": sender,
        "sent_at": "2024-04-10T10:00",
        "text": "【会议通知】明天上午9点开会",
    }
    return {
        "people": [{"id": f"p{n}", "name": name} for n, name in enumerate(("甲", "乙", "丙", "丁"))],
        "accounts": [*({"id": f"a{n}", "person_id": f"p{n}"} for n in range(4)), {"id": "bot", "kind": "bot"}],
        "groups": [{"id": "g", "owner_id": "a0", "responsible_id": "p2"}],
        "memberships": [
            {"group_id": "g", "account_id": "a0", "role": "owner"},
            {"group_id": "g", "account_id": "a1", "role": "admin"},
            {"group_id": "g", "account_id": "a3", "role": "member"},
        ],
        "messages": [message | changes],
        "approvals": [{"message_id": "m", "approver_id": one, "at": f"2024-04-10T{at}"} for one, at in approvals],
    }


class NoticeAuthorised(Rule):
    """What reads as a notice was posted by somebody else, and nobody who answers for the group approved it before.

    Owner, admins and the first responsible person post what they answer for; the rule set may name more people.
    Anybody else needs an approval on record, given by owner or first responsible person before the notice was posted.
    Bots post what their makers approved. Where neither owner nor admins nor that person are recorded, nobody can tell
    who may post. Put it right by recording the approval, or by having the notice posted anew.
    """

    id = "CHA007"
    name = "channels/notice-authorised"
    subject = Subject.MESSAGE
    per_group = True
    severity = Severity.WARNING
    # Whoever posts without a known right is found: what is missing could only excuse.
    requires = (
        Needs("messages.text", when=_BY_OTHERS, stands="hits"),
        Needs("messages.recalled_at", when=_OPEN, stands="passes"),
        Needs(
            "messages.sent_at",
            when=f"""{_OPEN} AND ($effective IS NOT NULL
                OR EXISTS (SELECT 1 FROM approvals v WHERE v.message_id = messages.id))""",
            stands="passes",
        ),
        Needs("messages.sender_id.person_id", when=_OPEN, stands="passes"),
        Needs("messages.sender_id.kind", when=_OPEN, stands="passes"),
        Needs("groups.owner_id.person_id", when=_OPEN, stands="passes"),
        Needs("groups.owner_id", when=_OPEN, stands="passes"),
        Needs("groups.owner_id", when=_NOBODY_KNOWN, null="unknown", stands="passes"),
        Needs("groups.responsible_id", when=_OPEN, stands="passes"),
        Needs("groups.responsible_id", when=_NOBODY_KNOWN, null="unknown", stands="passes"),
        Needs(
            "groups.memberships.role",
            via=_ITS_GROUP,
            when="""EXISTS (SELECT 1 FROM messages m JOIN accounts sender ON sender.id = m.sender_id
                JOIN accounts o ON o.id = memberships.account_id WHERE m.id = subject.message_id
                    AND (o.id = sender.id OR o.person_id = sender.person_id))""",
            stands="passes",
        ),
        Needs(
            "groups.memberships.account_id.person_id",
            via=_ITS_GROUP,
            when="coalesce(list_contains($posters, memberships.role), true)",
            stands="passes",
        ),
        Needs("messages.approvals.approver_id", when=_OPEN, stands="passes"),
        Needs("messages.approvals.at", when=_OPEN, stands="passes"),
    )
    applies_when = "type NOT IN ('system', 'recall')"
    title = Text(zh="通知由授权人员发布或经审核", en="Notices are posted by those who may, or approved")
    headline = Text(zh="通知未经审核发布", en="A notice was posted without approval")
    message = {
        "not-approved": Text(
            zh="{sender}不是群主、群管理员或第一责任人，所发通知没有审核记录",
            en="{sender} is neither owner, admin nor first responsible person, and no approval is on record",
        ),
        "afterwards": Text(
            zh="{sender}所发通知在发布之后（{approved_at}）才审核",
            en="the notice of {sender} was approved only after it was posted ({approved_at})",
        ),
        "by-another": Text(
            zh="{sender}所发通知由{approver}审核，其不是群主或第一责任人，请核实是否有权审核",
            en="{approver} approved the notice of {sender}, and is neither owner nor first responsible person; "
            "please verify",
        ),
    }
    explanation = Text(
        zh="第一责任人或直接责任人承担发布内容的审核把关责任：通知由其本人、群管理员或经授权的人员发布，其他人发布前须经审核。",
        en="Owner and first responsible person answer for what is posted; whoever else posts a notice has it approved.",
    )
    remediation = (
        Step("owner", Text(zh="核对通知内容，补记审核情况", en="check the notice, and record who approved it"), 3),
        Step("department", Text(zh="明确可以发布通知的人员", en="say who may post notices")),
    )

    tighter = {"posters": "fewer", "authorised": "fewer", "effective": "lower"}

    class Params(Rule.Params):
        """Who may post notices without an approval, and since when the others may not."""

        posters: tuple[Literal["owner", "admin", "responsible"], ...] = Field(
            ("owner", "admin", "responsible"),
            description="whose notices need no approval: owner, admins, the first responsible person",
            json_schema_extra={"zh": "哪些人发布通知不需要另行审核：群主、群管理员、第一责任人"},
        )
        authorised: tuple[str, ...] = Field(
            (),
            description="ids or names of more people who may post notices",
            json_schema_extra={"zh": "其他经授权可以发布通知的人员（编号或姓名）"},
        )
        effective: date | None = Field(
            None,
            description="first day on which this holds; none: always",
            json_schema_extra={"zh": "从哪一天起适用；不填为一直适用"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Take who may post from who did, then look at the approvals of the rest."""
        return estate.query(
            f"""WITH approved AS (
                SELECT message_id, list({{'at': v.at, 'who': p.name,
                        'may': v.approver_id = g.responsible_id OR v.approver_id = o.person_id}}) AS all_of
                FROM approvals v JOIN messages m ON m.id = v.message_id JOIN groups g ON g.id = m.group_id
                LEFT JOIN accounts o ON o.id = g.owner_id LEFT JOIN people p ON p.id = v.approver_id
                WHERE v.approver_id IS NOT NULL GROUP BY message_id
            ), judged AS (
                SELECT n.group_id, n.id AS message_id, coalesce(p.name, n.sender_id) AS sender,
                    coalesce(list_filter(v.all_of, lambda one: one.may), []) AS by_right,
                    coalesce(list_filter(v.all_of, lambda one: one.may IS NOT TRUE), []) AS by_others,
                    n.sent_at
                FROM ({_NOTICES}) n LEFT JOIN accounts a ON a.id = n.sender_id LEFT JOIN people p ON p.id = a.person_id
                LEFT JOIN approved v ON v.message_id = n.id
            )
            SELECT group_id, message_id, sender,
                CASE WHEN len(by_right) > 0 THEN 'afterwards' WHEN len(by_others) > 0 THEN 'by-another'
                    ELSE 'not-approved' END AS reason,
                CASE WHEN len(by_right) = 0 AND len(by_others) > 0 THEN 'suspect' ELSE 'fail' END AS verdict,
                list_min(list_transform(by_right, lambda one: one.at)) AS approved_at,
                list_sort(list_transform(by_others, lambda one: one.who))[1] AS approver
            FROM judged WHERE NOT list_bool_or([false] || list_transform(by_right, lambda one: one.at <= sent_at))""",
            params,
        )

    cases = (
        Case(
            "a member posts a notice, and nobody approved it",
            zh="普通成员发布通知，没有审核",
            given=chat(),
            params={"effective": "2024-04-01"},
            finds=("m",),
            reasons={"m": "not-approved"},
            facts={"m": {"sender": "丁"}},
        ),
        Case(
            "approved before by the first responsible person, and by the owner",
            zh="发布前经第一责任人、群主审核",
            given=chat(approvals=(("p2", "09:50"), ("p0", "10:30"))),
        ),
        Case(
            "approved afterwards",
            zh="发布之后才审核",
            given=chat(approvals=(("p0", "10:30"),)),
            finds=("m",),
            reasons={"m": "afterwards"},
        ),
        Case(
            "approved by somebody else",
            zh="由其他人审核",
            given=chat(approvals=(("p1", "09:30"),)),
            finds=("m",),
            reasons={"m": "by-another"},
            facts={"m": {"approver": "乙"}},
        ),
        *(
            Case(f"posted by {en}", zh=f"由{zh}发布", given=chat(sender))
            for sender, en, zh in (
                ("a0", "the owner", "群主"),
                ("a1", "an admin", "群管理员"),
                ("a2", "the first responsible person", "第一责任人"),
                ("bot", "a bot", "机器人"),
            )
        ),
        Case("posted by somebody authorised", zh="由经授权的人员发布", given=chat(), params={"authorised": ["丁"]}),
        Case(
            "admins may not post in this set",
            zh="本规则集中群管理员不能自行发布",
            given=chat("a1"),
            params={"posters": ["owner"]},
            finds=("m",),
        ),
        Case(
            "nobody who may post is recorded",
            zh="群主、群管理员和第一责任人均无记录",
            given={**chat(), "groups": [{"id": "g"}], "memberships": [{"group_id": "g", "account_id": "a3"}]},
            unknown=("m",),
        ),
        Case(
            "only an admin is recorded, and it is another",
            zh="只记录了群管理员，且不是发布人",
            given={**chat(), "groups": [{"id": "g"}]},
            finds=("m",),
        ),
        Case(
            "before the rule took effect",
            zh="规则适用之前",
            given=chat(),
            params={"effective": "2024-04-11"},
        ),
        *(
            Case(f"no notice: {en}", zh=f"不是通知：{text}", given=chat(text=text))
            for text, en in (
                ("收到【会议通知】", "an answer"),
                ("通知已经发给各科室了，请放心。", "speaks of one"),
                ("请看关于开会的通知", "points to one"),
                ("更正昨天发的油卡通知：充值是每月20号", "puts one right"),
                ("交警支队公告：人民路半幅封闭，绕行建设路", "somebody else's"),
                ("抽检不合格的三批已下架，清单见官网公告", "speaks of one at its end"),
            )
        ),
        Case("recalled", zh="已撤回", given=chat(recalled_at="2024-04-10T10:05")),
    )
