"""Where replies are due, every department replies before the deadline that the request states."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from policycore import Case, Field, Hit, Needs, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_channels.publishers import PUBLISHED, publisher_needs
from policycore_channels.replies import ASKING, Answer, Asked, ReplyParams, answers_of, asked_in, departments_of

_REQUESTS = f"SELECT messages.* FROM messages JOIN groups USING (group_key) WHERE {ASKING} AND {PUBLISHED}"
_ASKS = f"subject.message_id IN (SELECT id FROM ({_REQUESTS}))"
_LATER = f"""SELECT m.group_id, m.id AS message_id, o.id AS row_id FROM ({_REQUESTS}) m
    JOIN messages o ON o.group_id = m.group_id AND o.id <> m.id WHERE coalesce(o.sent_at >= m.sent_at, true)"""
# What may be a later request, which an answer that names none would be taken for.
_NEXT = f"""SELECT m.group_id, m.id AS message_id, o.id AS row_id FROM ({_REQUESTS}) m JOIN (
    SELECT messages.* FROM messages JOIN groups USING (group_key)
    WHERE {ASKING} AND (messages.sender_key IS NULL OR {PUBLISHED})
    ) o ON o.group_id = m.group_id AND o.id <> m.id WHERE coalesce(o.sent_at >= m.sent_at, true)"""
_ITS_GROUP = f"SELECT group_id, id AS message_id, group_id AS row_id FROM ({_REQUESTS})"

ESTATE: Mapping[str, Sequence[Mapping[str, object]]] = {
    "departments": [{"id": f"d{n}", "name": name} for n, name in enumerate(("机关党委", "教务处", "财务处", "人事处"))],
    "people": [{"id": f"p{n}", "name": f"人{n}"} for n in range(5)],
    "appointments": [
        *({"person_id": f"p{n}", "department_id": f"d{n}"} for n in range(4)),
        {"person_id": "p4", "department_id": "d1"},
    ],
    "accounts": [{"id": f"a{n}", "person_id": f"p{n}"} for n in range(5)],
    "groups": [{"id": "l", "name": "联络员群", "department_id": "d0"}],
    "memberships": [
        *({"group_id": "l", "account_id": f"a{n}", "joined_at": "2024-03-28"} for n in (0, 1, 2, 4)),
        {"group_id": "l", "account_id": "a3", "joined_at": "2024-04-11"},
    ],
}


def chat(*messages: tuple[str, str, str] | tuple[str, str, str, str]) -> dict[str, Sequence[Mapping[str, object]]]:
    """Return an estate in which the accounts say something: account, time, text and what it answers; m0, m1, ..."""
    return {
        **ESTATE,
        "messages": [
            {
                "id": f"m{n}",
                "group_id": "l",
                "sender_id": sender,
                "sent_at": f"2024-04-{at}",
                "text": text,
                "reply_to": more[0] if more else None,
            }
            for n, (sender, at, text, *more) in enumerate(messages)
        ],
    }


class RepliesByDepartment(Rule):
    """Who asks every department for a reply must see which ones have not replied in time.

    The groups are those that the rule set names (``applies_to``). A request is what the publishing department posts
    and that asks for a reply; its deadline is the one that it states, read on the day on which it was sent, or else the
    parameter's. Due are the departments whose people were in the group from the request to the deadline. One reply
    speaks for a department. A message that names no other answers the last request before it; for an earlier one it may
    be meant, and is suspect. Put it right by replying; nobody needs to post proof of reading.
    """

    id = "CHA003"
    name = "channels/replies-by-department"
    subject = Subject.MESSAGE
    per_group = True
    severity = Severity.WARNING
    only_read = {"messages.reply_to": "a message that names none answers the last request before it"}
    requires = (
        "messages.sent_at",
        "messages.text",
        Needs("messages.recalled_at", when=_ASKS),
        *publisher_needs(ASKING),
        Needs("groups.memberships.account_id", via=_ITS_GROUP),
        Needs("memberships.account_id.person_id", when=_ASKS),
        Needs("memberships.joined_at", when=_ASKS, stands="passes"),
        Needs("memberships.left_at", when=_ASKS),
        Needs("memberships.account_id.person_id.appointments.since", when=_ASKS),
        Needs("memberships.account_id.person_id.appointments.until", when=_ASKS),
        # A reply of which nobody knows when or by whom it was may be the one that is missing.
        Needs("messages.sent_at", via=_LATER, stands="passes"),
        Needs("messages.sender_id.person_id", via=_LATER, stands="passes"),
        Needs("messages.sent_at", via=_NEXT, stands="hits"),
        Needs("messages.text", via=_NEXT, stands="hits"),
        Needs("messages.sender_id.person_id", via=_NEXT, stands="hits"),
        Needs("messages.recalled_at", via=_NEXT, stands="passes"),
    )
    key_facts = ("department_id",)
    contradicts = {"channels/no-instant-replies": {"forbidden": "any-reply"}}
    title = Text(zh="需要回复的通知，各部门按时回复", en="Every department replies in time where replies are due")
    headline = Text(zh="部门没有按时回复", en="A department has not replied in time")
    message = {
        "missing": Text(
            zh="{department}没有回复（期限{deadline}）",
            en="{department} has not replied (deadline {deadline})",
        ),
        "late": Text(
            zh="{department}{replied_at}才回复，超过期限（{deadline}）{minutes}分钟",
            en="{department} replied at {replied_at}, {minutes} {minutes:minute|minutes} after the deadline "
            "({deadline})",
        ),
        "unclear": Text(
            zh="{department}在期限（{deadline}）前发过言，但没有注明回复哪条通知，请核实",
            en="{department} wrote before the deadline ({deadline}) without naming what it answers; please verify",
        ),
    }
    explanation = Text(
        zh="联络员群的通知按要求回复，以便及时落实。按部门统计，一个部门有一人回复即可，不排名。记录不保存内容。",
        en="Where replies are due, one reply speaks for a department. No ranking; the finding keeps no text.",
    )
    remediation = (
        Step("department", Text(zh="由联络员补充回复", en="have the liaison reply"), 1),
        Step("owner", Text(zh="联系没有回复的部门，确认已收到", en="ask the department whether it has the notice")),
    )

    tighter = {"default_hours": "lower", "effective": "lower"}

    class Params(ReplyParams):
        """Since when this holds."""

        effective: date | None = Field(
            None,
            description="first day on which this holds; none: always",
            json_schema_extra={"zh": "从哪一天起适用；不填为一直适用"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Iterator[Hit]:
        """Compare the departments of the members with those that answered."""
        asked = list(asked_in(estate, params))
        members = departments_of(estate, params)
        answers: dict[str, list[Answer]] = {}
        for answer in answers_of(estate, params, asked):
            answers.setdefault(answer.account, []).append(answer)
        for request in asked:
            key = {"group_id": request.group_id, "message_id": request.id}
            if request.deadline is None:
                yield {**key, "verdict": "unknown", "missing": "messages.text"}
                continue
            if request.deadline > estate.as_of:
                continue
            here = [one for one in members if one.group_id == request.group_id]
            due = {one.id: one.name for one in here if one.holds(request.sent_at, request.deadline)}
            for department, name in due.items():
                said = [answer for one in here if one.id == department for answer in answers.get(one.account_id, ())]
                facts = _judged(request, request.deadline, said)
                if facts:
                    yield {**key, "department_id": department, "department": name, **facts}

    cases = (
        Case(
            "one department answers in time, one late, one came into the group later",
            zh="一个部门按时、一个迟，一个后来才入群",
            given={
                **chat(
                    ("a0", "10T09:00", "【通知】请于今天下午5点前报送名单，收到请回复"),
                    ("a4", "10T10:00", "收到"),
                    ("a2", "10T17:20", "收到", "m0"),
                ),
            },
            params={"effective": "2024-04-01"},
            finds=("m0",),
            reasons={"m0": "late"},
            facts={"m0": {"department_id": "d2", "minutes": 20}},
        ),
        Case(
            "nobody answers by the default",
            zh="到默认期限无人回复",
            given=chat(("a0", "10T09:00", "请各部门收到后回复")),
            params={"default_hours": 24, "effective": "2024-04-01"},
            finds=("m0", "m0"),
            reasons={"m0": "missing"},
        ),
        Case(
            "answers that may be to a later request",
            zh="回复可能是针对后一条通知",
            given=chat(
                ("a0", "10T09:00", "请各部门收到后回复"),
                ("a0", "10T11:00", "【通知】请各部门在群内回复参会人数"),
                ("a1", "10T11:05", "两人参会"),
                ("a2", "10T11:06", "三人参会", "m0"),
                ("a2", "10T11:07", "三人参会", "m1"),
            ),
            params={"default_hours": 24},
            finds=("m0",),
            reasons={"m0": "unclear"},
        ),
        Case(
            "no deadline, an impossible one, a weekday that is not that of the date: nothing can be told",
            zh="没有写明期限、日期不存在、日期与星期不符：无法判断",
            given=chat(
                ("a0", "10T09:00", "请各部门收到后回复"),
                ("a0", "10T10:00", "请于4月31日前在群内回复"),
                ("a0", "10T11:00", "请于4月12日(星期四)前在群内回复"),
            ),
            unknown=("m0", "m1", "m2"),
        ),
        Case(
            "the deadline is still to come, no reply is asked for, or the reader asks",
            zh="期限未到、没有要求回复，或是成员提出的",
            given=chat(
                ("a0", "12T09:00", "请于本周日下班前回复"),
                ("a0", "12T23:30", "收到后请于2天内回复"),
                ("a0", "10T09:00", "本通知无需回复"),
                ("a1", "10T09:00", "请于今天回复"),
            ),
            as_of="2024-04-13T00:00:00+08:00",
        ),
        Case(
            "a recalled request asks nobody",
            zh="已撤回的通知不算",
            given={
                **ESTATE,
                "messages": [
                    {
                        "id": "m0",
                        "group_id": "l",
                        "sender_id": "a0",
                        "sent_at": "2024-04-10T09:00",
                        "text": "请今天内回复",
                        "recalled_at": "2024-04-10T09:05",
                    }
                ],
            },
        ),
    )


def _judged(request: Asked, deadline: datetime, said: Sequence[Answer]) -> dict[str, object]:
    """Return what is wrong with the answers of one department; nothing where one came in time."""
    answered = min((one.sent_at for one in said if one.asked == request.id), default=None)
    if answered is not None and answered <= deadline:
        return {}
    facts: dict[str, object] = {"deadline": deadline}
    if answered is not None:
        return {
            **facts,
            "reason": "late",
            "replied_at": answered,
            "minutes": int((answered - deadline).total_seconds()) // 60,
        }
    if any(not one.named and request.sent_at < one.sent_at <= deadline for one in said):
        return {**facts, "reason": "unclear", "verdict": "suspect"}
    return {**facts, "reason": "missing"}
