"""One good morning is polite; thirty of them bury the notice above them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
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
    spread,
)

_GREETS = (
    "早上好|早安|早晨好|上午好|中午好|下午好|晚上好|晚安|大家早|各位早|周末(?:愉快|快乐)|(?:节|节日|新年|新春|春节|元旦|元宵|端午|中秋|国庆|重阳|教师节|劳动节|五一|圣诞|除夕|小年)(?:快乐|愉快|安康|吉祥|好)"
    "|过年好|生日快乐|恭喜发财|万事如意|身体健康|阖家(?:欢乐|幸福|安康)|吉祥如意|大吉大利|心想事成|[龙蛇马羊猴鸡狗猪鼠牛虎兔]年(?:大吉|吉祥|快乐)"
)
_greets = re.compile(_GREETS)
_around = re.compile(
    r"各位|大家|领导|老师|同事|同仁|同志|朋友|亲|家人|们|祝福?|愿|您|你|全家|一切|也|都|在此|群里|们?好|辛苦了?|新的一[天周年]|开心|快乐|幸福|平安|健康|[的了在和与及]"
)
_NEAR = f"""SELECT m.group_id, m.id AS message_id, p.id AS row_id FROM messages m JOIN messages p
    ON p.group_id = m.group_id AND p.id <> m.id
    AND p.type NOT IN ('image', 'file', 'voice', 'video', 'system', 'recall')
    WHERE regexp_matches(m.text, '{_GREETS}') AND p.sent_at BETWEEN"""
_AFTER = f"{_NEAR} m.sent_at AND m.sent_at + to_minutes(CAST($burst_minutes * $burst_size AS INTEGER))"
_BEFORE = f"{_NEAR} m.sent_at - to_minutes(CAST($burst_minutes AS INTEGER)) AND m.sent_at"
_MOST_BESIDE = 10
"""Letters beside the greeting that leave it one: what says more says something."""


def _greetings(group: str, *moments: str | None, text: str = "早上好！") -> list[dict[str, object]]:
    """Return messages of a group that greet, at moments of one day."""
    return [
        {
            "id": f"{group}-{number}",
            "group_id": group,
            "sender_id": f"a{number}",
            "type": "text",
            "text": text,
            "sent_at": moment and f"2024-04-10T{moment}:00",
        }
        for number, moment in enumerate(moments)
    ]


class GreetingFlood(TextRule):
    """Greeting upon greeting, of the morning or of a feast day, pushes work off everybody's screen.

    A message counts where the greeting is nearly all that it says; one that greets and goes on to business does not.
    A flood is one finding, at its first greeting; what counts are the pauses between greetings. A person decides.
    Put it right by agreeing that nobody greets in the work group.
    """

    id = "CON008"
    name = "content/greeting-flood"
    severity = Severity.WARNING
    verdict = Verdict.SUSPECT
    subject = Subject.MESSAGE
    reads = ("messages.text",)
    requires = (
        Needs("messages.text", stands="hits"),
        Needs("messages.text", via=_AFTER, stands="hits"),
        Needs("messages.text", via=_BEFORE, stands="passes"),
    )
    applies_when = "type NOT IN ('image', 'file', 'voice', 'video', 'system', 'recall')"
    title = Text(zh="群内不刷问候、祝福", en="No floods of greetings")
    headline = Text(zh="问候、祝福刷屏", en="A flood of greetings")
    message = Text(
        zh="从{begins_at}起{minutes}分钟内连发{count}条问候、祝福（标准{burst_size}条）",
        en="{count} {count:greeting|greetings} within {minutes} {minutes:minute|minutes} from {begins_at} (limit "
        "{burst_size})",
    )
    explanation = Text(
        zh="工作群以工作通知、公告、文件等为主；接连的问候、祝福会淹没工作信息，由人确认。",
        en="A work group is for notices, announcements and files, which greetings bury. A person confirms.",
    )
    remediation = (
        Step("owner", Text(zh="提醒成员不在群内刷问候、祝福", en="ask members not to greet in the group"), 1),
    )
    tighter = {"burst_size": "lower", "burst_minutes": "higher"}

    class Params(Rule.Params):
        """What a flood is."""

        burst_size: int = Field(
            6, ge=2, le=1000, description="greetings that make a flood", json_schema_extra={"zh": "多少条问候算刷屏"}
        )
        burst_minutes: int = Field(
            30,
            ge=1,
            le=1440,
            description="longest pause in minutes between two greetings of one flood",
            json_schema_extra={"zh": "同一次刷屏中两条问候的最长间隔（分钟）"},
        )

    def patterns(self, params: Params) -> tuple[Pattern, ...]:
        """Look for greetings."""
        return (Pattern("greeting", _GREETS, asks_around=True),)

    def confirm(self, match: TextMatch, params: Params) -> Iterator[Hit]:
        """Yield messages that say little beside a greeting, for `conclude` to count."""
        if len(match.text) <= _LONGEST:
            bare = "".join(one for one in spread(match.text) if one.isalnum())
            left = _around.sub("", _greets.sub("", bare))
            if bare and len(left) <= (_MOST_BESIDE if len(_greets.findall(bare)) < _MANY else len(bare)):
                around = match.around
                if around is None or not around.recalled:
                    yield {"sent_at": around.sent_at if around else None}

    def conclude(self, hits: Iterable[Hit], params: Params) -> Iterator[Hit]:
        """Yield the first greeting of every flood."""
        groups: defaultdict[object, list[dict[str, Any]]] = defaultdict(list)
        for hit in hits:
            groups[hit["group_id"]].append({**hit})
        for rows in groups.values():
            dated = sorted((row for row in rows if row["sent_at"]), key=lambda row: (row["sent_at"], row["message_id"]))
            if len(rows) >= params.burst_size and len(dated) < len(rows):
                for row in rows:
                    keys = {name: row[name] for name in ("group_id", "message_id")}
                    yield {**keys, "verdict": "unknown", "missing": "messages.sent_at"}
                continue
            yield from _floods(dated, params)

    cases = (
        Case(
            "six within half an hour of one another, at the first; slower, fewer, or with business they are none",
            zh="间隔不超过半小时的六条，记在第一条；间隔长、条数少或谈工作的不算",
            given={
                "groups": [{"id": "g1"}, {"id": "g2"}, {"id": "g3"}, {"id": "g4"}],
                "messages": [
                    *_greetings(
                        "g1", "08:00", "08:01", "08:02", "08:20", "08:21", "08:40", text="各位领导早上好[玫瑰]"
                    ),
                    *_greetings("g2", "08:00", "09:00", "10:00", "11:00", "12:00", "13:00"),
                    *_greetings("g3", "08:00", "08:01", text="祝大家新年快乐，万事如意！"),
                    *_greetings(*(("g4",) + ("08:00",) * 6), text="各位老师早上好，请今天下班前把表交到综合科。"),
                ],
            },
            finds=("g1-0",),
            facts={"g1-0": {"count": 6, "minutes": 40}},
        ),
        Case(
            "when they were sent nobody knows",
            zh="发送时间不明",
            given={"groups": [{"id": "g1"}], "messages": _greetings("g1", "08:00", "08:01", None)},
            params={"burst_size": 3},
            unknown=("g1-0", "g1-1", "g1-2"),
        ),
    )


_LONGEST, _MANY = 400, 3
"""A text with so many greetings is a blessing, however long it is; beyond 400 characters nothing is."""


def _floods(rows: list[dict[str, Any]], params: GreetingFlood.Params) -> Iterator[Hit]:
    """Yield the first of every run of greetings without a longer pause."""
    run: list[dict[str, Any]] = []
    for row in [*rows, None]:
        if run and (row is None or (row["sent_at"] - run[-1]["sent_at"]).total_seconds() > 60 * params.burst_minutes):
            if len(run) >= params.burst_size:
                first = {name: value for name, value in run[0].items() if name != "sent_at"}
                lasted = (run[-1]["sent_at"] - run[0]["sent_at"]).total_seconds()
                yield {**first, "begins_at": run[0]["sent_at"], "count": len(run), "minutes": -int(-lasted // 60)}
            run = []
        if row is not None:
            run.append(row)
