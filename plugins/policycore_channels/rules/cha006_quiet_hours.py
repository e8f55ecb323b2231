"""At night and early in the morning a work group is silent."""

from __future__ import annotations

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text, Verdict

_STANDS = "messages.recalled_at IS NULL"
_QUIET = """(CASE WHEN $begins <= $ends
    THEN local_hour(messages.sent_at) >= $begins AND local_hour(messages.sent_at) < $ends
    ELSE local_hour(messages.sent_at) >= $begins OR local_hour(messages.sent_at) < $ends END)"""
# Of what is known to the day only nobody knows the hour.
_AT_SOME_HOUR = "date_trunc('hour', messages.sent_at) <> date_trunc('hour', messages.sent_at_latest)"


class QuietHours(Rule):
    """Work that is posted at night makes everybody reachable at night.

    Found is what people post between the hours that the rule set names, in the estate's zone; bots and the system do
    not count. An emergency is a good reason, so a person must confirm it. Put it right by posting in the morning.
    """

    id = "CHA006"
    name = "channels/quiet-hours"
    subject = Subject.MESSAGE
    per_group = True
    severity = Severity.INFO
    verdict = Verdict.SUSPECT
    requires = (
        Needs("messages.sent_at", when=f"{_STANDS} AND {_AT_SOME_HOUR}"),
        Needs("messages.recalled_at", when=f"{_QUIET} IS NOT FALSE"),
        Needs("messages.sender_id.kind", when=f"{_STANDS} AND {_QUIET} IS NOT FALSE"),
    )
    applies_when = "type NOT IN ('system', 'recall')"
    title = Text(zh="非工作时段不发消息", en="Nothing is posted in quiet hours")
    headline = Text(zh="在非工作时段发布", en="Posted in quiet hours")
    message = Text(
        zh="{sent_at}发布，属于{begins}时至{ends}时的安静时段",
        en="posted at {sent_at}, in the quiet hours from {begins} to {ends} o'clock",
    )
    explanation = Text(
        zh="除应急外，夜间和清晨不在工作群发布消息。时段是规则集的参数，由人确认是否应急。",
        en="But for emergencies nothing is posted at night; the hours are a parameter, and a person confirms.",
    )
    remediation = (Step("sender", Text(zh="非应急事项改在工作时段发布", en="post what can wait in the morning")),)

    class Params(Rule.Params):
        """When it is quiet."""

        begins: int = Field(
            22,
            ge=0,
            le=23,
            description="hour from which on it is quiet",
            json_schema_extra={"zh": "从几时起安静"},
        )
        ends: int = Field(
            7,
            ge=0,
            le=23,
            description="hour at which this ends",
            json_schema_extra={"zh": "到几时为止"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Compare the local hour with the quiet ones, which may lie around midnight."""
        return estate.query(
            f"""SELECT messages.group_id, messages.id AS message_id, messages.sent_at FROM messages
            LEFT JOIN accounts a ON a.account_key = messages.sender_key
            WHERE messages.type NOT IN ('system', 'recall') AND a.kind IS DISTINCT FROM 'bot'
                AND {_STANDS} AND {_QUIET}""",
            params,
        )

    cases = (
        Case(
            "late at night and early in the morning",
            zh="深夜和清晨",
            given={
                "groups": [{"id": "g"}],
                "accounts": [{"id": "a"}],
                "messages": [
                    {"id": f"m{hour}", "group_id": "g", "sender_id": "a", "sent_at": f"2024-04-10T{hour}:30"}
                    for hour in ("21", "22", "23", "06", "07")
                ],
            },
            finds=("m06", "m22", "m23"),
        ),
        Case(
            "hours in the day, a bot's, the system's and what was recalled",
            zh="白天的时段、机器人、系统消息和已撤回的消息",
            given={
                "groups": [{"id": "g"}],
                "accounts": [{"id": "a"}, {"id": "b", "kind": "bot"}],
                "messages": [
                    {"id": "m1", "group_id": "g", "sender_id": "a", "sent_at": "2024-04-10T14:00"},
                    {"id": "m2", "group_id": "g", "sender_id": "b", "sent_at": "2024-04-10T12:30"},
                    {"id": "m3", "group_id": "g", "type": "system", "sent_at": "2024-04-10T12:30"},
                    {
                        "id": "m4",
                        "group_id": "g",
                        "sender_id": "a",
                        "sent_at": "2024-04-10T12:30",
                        "recalled_at": "2024-04-10T12:31",
                    },
                ],
            },
            params={"begins": 12, "ends": 14},
        ),
        Case(
            "a message of which only the day or the month is known",
            zh="只知道日期或月份的消息",
            given={
                "groups": [{"id": "g"}],
                "accounts": [{"id": "a"}],
                "messages": [
                    {"id": "day", "group_id": "g", "sender_id": "a", "sent_at": "2024-04-10"},
                    {"id": "month", "group_id": "g", "sender_id": "a", "sent_at": "2024-03"},
                ],
            },
            unknown=("day", "month"),
        ),
    )
