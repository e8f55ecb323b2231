"""Of a time known to the month a rule in SQL says only what it says at both ends of that month."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from policycore.engine.run import evaluate
from policycore.plugin_api.rule import Case
from policycore.rulesets.load import LoadedRuleSet
from policycore.testing import estate_of

CASE = Case(
    "groups made some day of a month",
    given={
        "groups": [
            {"id": month, "created_at": month, "dissolved_at": end}
            for month, end in (("2024-02", None), ("2024-03", None), ("2024-04", None), ("2023", "2024-04"))
        ]
    },
    as_of="2024-04-15T00:00:00+08:00",
)


def rule(condition: str, applies: str = "id <> ''") -> str:
    sql = f"SELECT id AS group_id, created_at AS made FROM groups WHERE {condition}"
    head = 'rules:\n  - id: L-1\n    name: local/r\n    message: {zh: "建于{made}"}\n'
    return f"{head}    applies_to: {applies}\n    sql: {sql}\n"


@pytest.mark.parametrize(
    ("written", "found", "unknown"),
    [
        (rule("days_after(created_at, 30)"), ["2024-02"], ["2023", "2024-03"]),
        (rule("created_at < '2024-03-16'"), ["2024-02"], ["2023", "2024-03"]),
        (rule("elapsed_days(groups.created_at) <= 30"), ["2024-04"], ["2023", "2024-03"]),
        (rule("created_at IS NOT NULL"), ["2024-02", "2024-03", "2024-04"], ["2023"]),
        (rule("id IS NOT NULL", applies="created_at < '2024-03-16'"), ["2024-02"], ["2023", "2024-03"]),
        (rule("id IS NOT NULL", applies="days_after(created_at, 30)"), ["2024-02"], ["2023", "2024-03"]),
    ],
)
def test_what_the_day_would_decide_is_unknown(
    write: Callable[..., Path],
    load: Callable[[Path], LoadedRuleSet],
    written: str,
    found: list[str],
    unknown: list[str],
) -> None:
    result = evaluate(estate_of(CASE), load(write(written)).ruleset)
    assert [one.subject.id for one in result.findings] == found
    # The month stands there as it is known, though the rule asks for the day alone.
    assert [one.message.zh for one in result.findings] == [f"建于{month}" for month in found]
    assert sorted(one for gap in result.gaps for one in gap.subjects) == unknown


@pytest.mark.parametrize(
    ("registered", "found", "unknown"), [("2024-02", [], ["g"]), ("2024-03", [], []), ("2024-01", ["g"], [])]
)
def test_two_times_of_one_month_have_no_order(
    write: Callable[..., Path],
    load: Callable[[Path], LoadedRuleSet],
    registered: str,
    found: list[str],
    unknown: list[str],
) -> None:
    given = {"groups": [{"id": "g", "created_at": "2024-02", "registered_at": registered}]}
    sql = "SELECT id AS group_id FROM groups WHERE registered_at < created_at"
    text = f"rules:\n  - id: L-1\n    name: local/r\n    message: {{zh: 甲}}\n    sql: {sql}\n"
    result = evaluate(estate_of(Case("two months", given=given, as_of=CASE.as_of)), load(write(text)).ruleset)
    assert [one.subject.id for one in result.findings] == found
    assert [one for gap in result.gaps for one in gap.subjects] == unknown


@pytest.mark.parametrize(
    ("second", "found", "unknown"), [("2024-02", [], ["g", "h"]), ("2024-03", ["g"], []), ("2024-01", ["h"], [])]
)
def test_two_rows_of_one_month_have_no_order(
    write: Callable[..., Path], load: Callable[[Path], LoadedRuleSet], second: str, found: list[str], unknown: list[str]
) -> None:
    given = {"groups": [{"id": "g", "created_at": "2024-02"}, {"id": "h", "created_at": second}]}
    sql = "SELECT g.id AS group_id FROM groups g JOIN groups h ON g.created_at < h.created_at"
    text = f"rules:\n  - id: L-1\n    name: local/r\n    message: {{zh: 甲}}\n    sql: {sql}\n"
    result = evaluate(estate_of(Case("two rows", given=given, as_of=CASE.as_of)), load(write(text)).ruleset)
    assert [one.subject.id for one in result.findings] == found
    assert sorted(one for gap in result.gaps for one in gap.subjects) == unknown


@pytest.mark.parametrize(
    ("condition", "found", "unknown"),
    [
        ("local_hour(sent_at) >= 22", ["night"], ["day", "month"]),
        ("local_weekday(m.sent_at) = 6", ["day"], ["month"]),
        ("is_workday(local_date(sent_at))", ["night"], ["month"]),
        ("sent_at IS NOT NULL", ["day", "month", "night"], []),
    ],
)
def test_of_a_day_or_month_nobody_knows_the_hour(
    write: Callable[..., Path],
    load: Callable[[Path], LoadedRuleSet],
    condition: str,
    found: list[str],
    unknown: list[str],
) -> None:
    times = {"night": "2024-04-12T23:00", "day": "2024-04-13", "month": "2024-03"}
    given = {
        "groups": [{"id": "g"}],
        "messages": [{"id": name, "group_id": "g", "sent_at": time} for name, time in times.items()],
    }
    sql = f"SELECT group_id, id AS message_id FROM messages m WHERE {condition}"
    text = (
        f"calendar: {{2024: {{}}}}\nrules:\n  - id: L-1\n    name: local/r\n    message: {{zh: 甲}}\n    sql: {sql}\n"
    )
    result = evaluate(estate_of(Case("times", given=given, as_of=CASE.as_of)), load(write(text)).ruleset)
    assert sorted(one.subject.id for one in result.findings) == found
    assert sorted(one for gap in result.gaps for one in gap.subjects) == unknown
