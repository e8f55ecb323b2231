"""Hours, weekdays and working days in the SQL of rule sets; a year that the calendar lacks is a gap and no guess."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from policycore.engine.run import evaluate
from policycore.model.result import RunResult
from policycore.model.verdict import Verdict
from policycore.plugin_api.rule import Case
from policycore.rulesets.load import LoadedRuleSet
from policycore.testing import estate_of

SENT = {
    "early": "2024-05-06T22:30:00+00:00",  # Tuesday the 7th, 06:30 in Shanghai
    "holiday": "2024-05-01T10:00:00+08:00",
    "made-up": "2024-05-11T10:00:00+08:00",  # a Saturday
    "sunday": "2024-05-12T10:00:00+08:00",
    "later": "2025-05-06T10:00:00+08:00",
}
CASE = Case(
    "messages",
    as_of="2025-06-01T00:00:00+08:00",
    given={
        "groups": [{"id": "g1", "name": "甲群"}],
        "messages": [{"id": id_, "group_id": "g1", "sender_id": "a1", "sent_at": at} for id_, at in SENT.items()],
    },
)
CALENDAR = "calendar:\n  2024: {holidays: [2024-05-01/2024-05-05], workdays: [2024-04-28, 2024-05-11]}\n"
Run = Callable[..., RunResult]


@pytest.fixture
def run(write: Callable[..., Path], load: Callable[[Path], LoadedRuleSet]) -> Run:
    """Return a function that asks for the messages that meet a condition."""

    def run_rule(condition: str, calendar: str = CALENDAR) -> RunResult:
        sql = f"SELECT group_id, id AS message_id FROM messages WHERE {condition}"
        rule = f"rules:\n  - id: L-1\n    name: local/rule\n    message: {{zh: 不对}}\n    sql: {sql}\n"
        return evaluate(estate_of(CASE), load(write(calendar + rule)).ruleset)

    return run_rule


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("local_hour(sent_at) < 7", ["early"]),
        ("local_weekday(sent_at) = 2", ["early", "later"]),
        ("local_weekday(sent_at) > 5", ["made-up", "sunday"]),
        ("local_date(sent_at) = '2024-05-07'", ["early"]),
        ("local_hour(sent_at) BETWEEN 9 AND 18 AND local_date(sent_at) > DATE '2024-05-11'", ["later", "sunday"]),
    ],
)
def test_time_is_that_of_the_estate(run: Run, condition: str, found: list[str]) -> None:
    assert [finding.subject.id for finding in run(condition).findings] == found


@pytest.mark.parametrize(
    ("condition", "found", "unknown"),
    [
        ("NOT is_workday(sent_at)", ["holiday", "sunday"], ["later"]),
        ("is_workday(local_date(sent_at))", ["early", "made-up"], ["later"]),
        ("NOT is_workday(sent_at) AND local_hour(sent_at) < 24 AND sent_at < '2025-01-01'", ["holiday", "sunday"], []),
        ("is_workday(sent_at) OR local_hour(sent_at) = 10", ["early", "holiday", "later", "made-up", "sunday"], []),
        ("is_workday(sent_at) IS NULL", ["later"], []),
        ("is_workday(DATE '2024-05-01') AND sent_at IS NOT NULL", [], []),
    ],
)
def test_working_days_go_by_the_calendar(run: Run, condition: str, found: list[str], unknown: list[str]) -> None:
    result = run(condition)
    assert result.problems == ()
    assert [finding.subject.id for finding in result.findings] == found
    assert [subject for gap in result.gaps for subject in gap.subjects] == unknown
    assert {gap.fields for gap in result.gaps} == ({("calendar.2025",)} if unknown else set())
    assert sum(result.outcomes[0].verdicts.values()) == 5


def test_without_a_calendar_every_working_day_is_unknown(run: Run) -> None:
    result = run("NOT is_workday(sent_at)", "")
    (gap,) = result.gaps
    assert gap.fields == ("calendar.2024", "calendar.2025")
    assert result.outcomes[0].verdicts == {Verdict.UNKNOWN: 5}


def test_a_set_without_a_calendar_is_warned_of(
    write: Callable[..., Path], load: Callable[[Path], LoadedRuleSet]
) -> None:
    sql = "SELECT group_id, id AS message_id FROM messages WHERE NOT is_workday(sent_at)"
    rule = f"rules:\n  - {{id: L-1, name: local/rule, message: {{zh: 不对}}, sql: '{sql}'}}\n"
    assert [problem.code for problem in load(write(rule)).warnings] == ["ruleset.no-calendar"]
    assert load(write(CALENDAR + rule)).warnings == ()


def test_a_calendar_may_stand_in_a_file_and_a_child_adds_years(
    write: Callable[..., Path], load: Callable[[Path], LoadedRuleSet]
) -> None:
    write("2024: {holidays: [2024-05-01/2024-05-05], workdays: [2024-05-11]}\n", "days.yaml", head=False)
    sql = "SELECT group_id, id AS message_id FROM messages WHERE NOT is_workday(sent_at)"
    rule = f"rules:\n  - {{id: L-1, name: local/rule, message: {{zh: 不对}}, sql: '{sql}'}}\n"
    write("calendar: !include days.yaml\n" + rule, "base.yaml")
    child = load(write("extends: [base]\ncalendar:\n  2025: {holidays: [2025-05-06]}\n")).ruleset
    result = evaluate(estate_of(CASE), child)
    assert [finding.subject.id for finding in result.findings] == ["holiday", "later", "sunday"]
    assert result.gaps == ()
    assert {"calendar.2024", "calendar.2025"} <= {origin.path for origin in child.origins}


@pytest.mark.parametrize(
    ("calendar", "expected"),
    [
        ("2024: {holidays: [2025-05-01]}", "calendar-year a.yaml:5:21"),
        ("2024: {holidays: [2024-05-01], workdays: [2024-05-01]}", "calendar-twice a.yaml:5:45"),
        ("2024: {holidays: [2024-05-01/2024-05-03, 2024-05-02]}", "calendar-twice a.yaml:5:44"),
        ("2024: {workdays: [2024-05-07]}", "calendar-weekday a.yaml:5:21"),
        ("2024: {holidays: [2024-13-01]}", "wrong-type a.yaml:5:21"),
        ("2024: {holidays: [2024-05-03/2024-05-01]}", "wrong-type a.yaml:5:21"),
        ("2024: {holidays: [五一]}", "bound-string-pattern-mismatch a.yaml:5:21"),
        ("2024: {holiday: [2024-05-01]}", "unknown-key a.yaml:5:10"),
        ("24: {holidays: []}", "bound-string-pattern-mismatch a.yaml:5:3"),
    ],
)
def test_a_calendar_that_cannot_be_meant_is_refused(
    write: Callable[..., Path], mistakes: Callable[[Path], list[str]], calendar: str, expected: str
) -> None:
    assert mistakes(write(f"calendar:\n  {calendar}\nrules: [{{use: test/small}}]\n")) == [expected]
