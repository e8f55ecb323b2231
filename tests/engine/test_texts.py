"""Text rules are given every hit of theirs, at its place in the text as it was written, with what stands around it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from policycore import Case, Field, Pattern, Step, Subject, Text, TextRule, Words
from policycore.engine import texts
from policycore.engine.run import evaluate
from policycore.model.workdays import CalendarYear, working_day
from policycore.testing import estate_of, ruleset_of, run_rule

SAY = Text("说", "say")
SHANGHAI = ZoneInfo("Asia/Shanghai")


class Listed(TextRule):
    """A rule that finds every place."""

    id = "TXT001"
    name = "test/listed"
    subject = Subject.MESSAGE
    requires = ()
    reads = ("messages.text", "attachments.name")
    key_facts = ("field", "pattern", "offset")
    title = message = explanation = SAY
    remediation = (Step("owner", SAY),)

    class Params(TextRule.Params):
        """List words."""

        words: tuple[str, ...] = Field(("打卡", "内部资料", "(株)", "VPN"))

    def patterns(self, params):
        yield Words("words", params.words)
        yield Pattern("reply", "收到请(?:立即)?回复|^好$")
        yield Pattern("also", "打卡")


class Confirmed(Listed):
    """The same rule with a confirm of its own, which sees every place."""

    id = "TXT002"
    name = "test/confirmed"

    def confirm(self, match, params):
        assert match.folded
        assert match.around is None
        for place in match.places:
            assert place.word in ("", *params.words)
            yield {"pattern": place.pattern, "offset": place.begin, "length": place.end - place.begin}


MESSAGES = {
    "groups": [{"id": "g1"}],
    "messages": [
        {"id": "m1", "group_id": "g1", "text": "请打\u200b卡，打卡！"},
        {"id": "m2", "group_id": "g1", "text": "😀㈱ 內部資料 ｖｐｎ"},
        {"id": "m3", "group_id": "g1", "text": None},
        {"id": "m4", "group_id": "g1", "text": "好\n好"},
        {"id": "m5", "group_id": "g1", "text": "好"},
        {"id": "m6", "group_id": "g1", "type": "file", "text": "收到请回复"},
    ],
    "attachments": [{"id": "f1", "message_id": "m6", "name": "打卡表.xlsx"}],
}
PLACES = {
    ("m1", "messages.text", "words", 1, 3),
    ("m1", "messages.text", "words", 5, 2),
    ("m1", "messages.text", "also", 1, 3),
    ("m1", "messages.text", "also", 5, 2),
    ("m2", "messages.text", "words", 1, 1),
    ("m2", "messages.text", "words", 3, 4),
    ("m2", "messages.text", "words", 8, 3),
    ("m5", "messages.text", "reply", 0, 1),
    ("m6", "messages.text", "reply", 0, 5),
    ("m6", "attachments.name", "words", 0, 2),
    ("m6", "attachments.name", "also", 0, 2),
}


def places(result):
    """Return what was found, and where."""
    assert not result.problems
    return sorted(
        (one.subject.id, *(one.facts[name] for name in ("field", "pattern", "offset", "length")))
        for one in result.findings
    )


@pytest.mark.parametrize("rule", [Listed(), Confirmed()], ids=["columns", "confirmed"])
def test_every_place_is_found_once_as_it_stands_in_the_text(rule):
    case = Case("messages", given=MESSAGES)
    assert places(run_rule(rule, case)) == sorted(PLACES)
    result = evaluate(estate_of(case), ruleset_of(rule, case), evidence_key=b"key")
    assert places(result) == sorted(PLACES)
    assert all(len(one.facts["evidence"]) == 32 for one in result.findings)


@pytest.mark.parametrize("rule", [Listed(), Confirmed()], ids=["columns", "confirmed"])
def test_a_text_that_was_sent_often_is_found_each_time(rule):
    said = [one["text"] for one in MESSAGES["messages"]]
    times = 30
    rows = [
        {"id": f"m{time}-{number}", "group_id": "g1", "text": text}
        for time in range(times)
        for number, text in enumerate(said, 1)
    ]
    found = places(run_rule(rule, Case("messages", given={**MESSAGES, "messages": rows, "attachments": []})))
    each = [hit for hit in PLACES if hit[1] == "messages.text"]
    assert found == sorted((f"m{time}-{hit[0][1:]}", *hit[1:]) for time in range(times) for hit in each)


class Around(TextRule):
    """A rule that shows what stands around."""

    id = "TXT003"
    name = "test/around"
    subject = Subject.MESSAGE
    requires = ()
    title = message = explanation = SAY
    remediation = (Step("owner", SAY),)
    seen: tuple = ()

    def patterns(self, params):
        yield Pattern("asks", "甲", asks_around=True)
        yield Pattern("asks-not", "乙")

    def confirm(self, match, params):
        self.seen += ((match.text, match.around),)
        return ()


def test_what_stands_around_a_message_is_shown_where_it_is_asked_for():
    def message(number, sender, at, text):
        return {"id": f"m{number}", "group_id": "g1", "sender_id": sender, "sent_at": f"2024-04-06T{at}", "text": text}

    rule = Around()
    rows = {
        "groups": [{"id": "g1", "kind": "project"}],
        "accounts": [{"id": "a", "kind": "external"}, {"id": "b", "kind": "internal"}],
        "memberships": [{"group_id": "g1", "account_id": "a", "role": "admin"}],
        "messages": [
            message(1, "a", "22:59:00", "前"),
            message(2, "b", "22:59:30", "别人"),
            message(3, "a", "23:00:00", "甲"),
            message(4, "a", "23:05:00", "后"),
            message(5, "b", "23:20:00", "乙"),
            message(6, None, "23:30:00", "甲2"),
        ],
    }
    case = Case("around", given=rows)
    (resolved,) = ruleset_of(rule, case).rules
    calendar = {"2024": CalendarYear(holidays=("2024-04-04",), workdays=("2024-04-07",))}
    ruleset = replace(ruleset_of(rule, case), rules=(replace(resolved, calendar=calendar),))
    evaluate(estate_of(case), ruleset)
    seen = dict(rule.seen)
    around = seen["甲"]
    assert (around.group_kind, around.sender_id, around.sender_kind, around.sender_role) == (
        "project", "a", "external", "admin",
    )  # fmt: skip
    assert (around.previous, around.following) == ("前", "后")
    assert around.sent_at == datetime(2024, 4, 6, 23, 0, tzinfo=SHANGHAI)
    assert (around.sent_at.hour, around.sent_at.isoweekday()) == (23, 6)
    assert around.working_day is False
    assert seen["乙"] is None
    assert (seen["甲2"].sender_id, seen["甲2"].previous, seen["甲2"].group_kind) == (None, "", "project")


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2024-04-04", False), ("2024-04-07", True), ("2024-04-05", True), ("2024-04-06", False), ("2023-04-05", None)],
)
def test_a_day_is_a_working_day_by_the_calendar_or_unknown(day, expected):
    calendar = {"2024": CalendarYear(holidays=("2024-04-04",), workdays=("2024-04-07",))}
    assert working_day(calendar, date.fromisoformat(day)) is expected


def test_of_one_text_a_thousand_findings_are_told_and_that_there_are_more(monkeypatch):
    monkeypatch.setattr(texts, "MOST_OF_ONE", 3)
    several = [{"id": f"m{n}", "group_id": "g1", "text": "打卡" * n} for n in (1, 9)]
    case = Case("", given={"groups": [{"id": "g1"}], "messages": several})
    result = evaluate(estate_of(case), ruleset_of(Confirmed(), case))
    assert [one.subject.id for one in result.findings] == ["m1"] * 2 + ["m9"] * 3
    assert [(gap.fields, gap.subjects) for gap in result.gaps] == [(("messages.text",), ("m9",))]
