"""Looking ahead says what judging everything every day would say, and judges far less."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policycore import Case, Query, Rule, RuleEstate, Step, Subject, Text
from policycore.estate.views import as_of_views, moving_columns
from policycore.model.result import RunResult
from policycore.model.schema import table_schemas
from policycore.model.verdict import Verdict
from policycore.operations.ahead import Ahead
from policycore.operations.forecast import Coming, forecast, moments
from policycore.plugin_api.plugins import load_plugins
from policycore.rulesets.resolved import ResolvedRuleSet
from policycore.testing import TIMEZONE, estate_of, ruleset_of

ZONE = ZoneInfo(TIMEZONE)
AS_OF = datetime(2024, 4, 15, tzinfo=ZONE)
RULES = {rule.id: rule for rule in load_plugins({}).rules.all()}
PARAMS: dict[str, dict[str, Any]] = {
    "OWN002": {"grace_days": 3},
    "OWN005": {},
    "OWN006": {"grace_days": 2},
    "OWN007": {"grace_days": 5},
    "ADM004": {},
    "ADM007": {"grace_days": 4, "statuses": ("departed", "retired", "seconded")},
    "CON002": {"minimum_messages": 2, "period_days": 6},
    "DOR001": {"grace_days": 7},
    "DOR002": {"days": 9},
    "DOR003": {},
    "DOR005": {},
}


def sets_of(params: Mapping[str, dict[str, Any]], *more: Rule) -> ResolvedRuleSet:
    """Return a rule set of built-in rules with these parameters, and of some others."""
    found = [ruleset_of(RULES[rule], Case("ahead", given={}, params=values)) for rule, values in params.items()]
    found += [ruleset_of(rule, Case("ahead", given={})) for rule in more]
    return replace(found[0], rules=tuple(one.rules[0] for one in found))


def both(
    case: Case, rules: ResolvedRuleSet, times: Sequence[datetime], **options: Any
) -> tuple[list[Coming], list[Coming], Ahead]:
    """Return what is to come by looking ahead and by judging every rule every time, after comparing each result."""
    data = estate_of(case)
    quick = Ahead(data, rules, times[-1], **options)
    slow = Ahead(data, rules, times[-1], every_rule=True, **options)
    seen: list[dict[str, Any]] = []
    found = [forecast(noting(ahead, seen), times, ahead.exactly) for ahead in (quick, slow)]
    assert seen[: len(times)] == seen[len(times) :]
    return found[0], found[1], quick


def noting(judge: Callable[[datetime], RunResult], seen: list[dict[str, Any]]) -> Callable[[datetime], RunResult]:
    """Return `judge` noting the verdicts of each result."""

    def judged(moment: datetime) -> RunResult:
        result = judge(moment)
        seen.append(verdicts(result))
        return result

    return judged


def verdicts(result: RunResult) -> dict[str, Any]:
    """Return the verdicts of a result, and how much passed."""
    counted = {outcome.rule: outcome.verdicts for outcome in result.outcomes}
    return {finding.fingerprint: finding.verdict for finding in result.findings} | counted


DAY = st.integers(-24 * 20, 24 * 20).map(lambda hours: (AS_OF + timedelta(hours=hours)).isoformat())
MAYBE = st.none() | DAY
OF = {
    "person": st.sampled_from(["p1", "p2"]),
    "account": st.sampled_from(["a1", "a2", "bot"]),
    "group": st.sampled_from(["g1", "g2"]),
}
ESTATES = st.fixed_dictionaries(
    {
        "people": st.tuples(
            *(
                st.fixed_dictionaries(
                    {
                        "id": st.just(person),
                        "name": st.just(f"张{person}"),
                        "status": st.sampled_from(["active", "retired", "departed", "seconded"]),
                        "status_since": MAYBE,
                    }
                )
                for person in ("p1", "p2")
            )
        ),
        "accounts": st.just(
            (
                {"id": "a1", "person_id": "p1", "kind": "internal"},
                {"id": "a2", "person_id": "p2", "kind": "internal"},
                {"id": "bot", "kind": "bot"},
            )
        ),
        "groups": st.tuples(
            *(
                st.fixed_dictionaries(
                    {
                        "id": st.just(group),
                        "name": st.sampled_from(["2023年工作群", "2024年工作群", "教务工作群"]),
                        "kind": st.sampled_from(["standing", "project"]),
                        "owner_id": OF["account"],
                        "responsible_id": OF["person"],
                        "task_id": st.sampled_from([None, "t1"]),
                        "created_at": MAYBE,
                        "dissolved_at": MAYBE,
                    }
                )
                for group in ("g1", "g2")
            )
        ),
        "tasks": st.tuples(
            st.fixed_dictionaries(
                {"id": st.just("t1"), "state": st.sampled_from(["open", "done"]), "done_at": MAYBE},
            )
        ),
        "memberships": st.lists(
            st.fixed_dictionaries(
                {
                    "group_id": OF["group"],
                    "account_id": OF["account"],
                    "role": st.sampled_from(["owner", "admin", "member"]),
                    "joined_at": MAYBE,
                    "left_at": MAYBE,
                    "inviter_id": OF["account"],
                }
            ),
            max_size=4,
        ),
        "messages": st.lists(
            st.fixed_dictionaries(
                {
                    "group_id": OF["group"],
                    "sender_id": OF["account"],
                    "sent_at": DAY,
                    "type": st.sampled_from(["text", "emoji", "system"]),
                }
            ),
            max_size=7,
        ).map(lambda rows: [{**row, "id": f"m{number}"} for number, row in enumerate(rows)]),
    }
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None, max_examples=3)
@given(tables=ESTATES, hours=st.integers(0, 23))
def test_it_equals_judging_every_rule_every_day(tables: dict[str, Any], hours: int) -> None:
    times = moments(AS_OF + timedelta(hours=hours), 8)
    quick, slow, _ = both(Case("ahead", given=tables), sets_of(PARAMS), times)
    assert quick == slow


TIMED = [
    (RULES[rule], case)
    for rule in ("ADM004", "ADM007", "CON002", "DOR001", "DOR002", "DOR003", "OWN002", "OWN006", "OWN007")
    for case in RULES[rule].cases
]


@pytest.mark.parametrize(("rule", "case"), TIMED, ids=lambda value: getattr(value, "name", None))
def test_every_case_of_a_rule_that_reads_the_time_holds_ahead(rule: Rule, case: Case) -> None:
    begin = datetime.fromisoformat(case.as_of).astimezone(ZONE)
    times = [begin + timedelta(days=days) for days in (0, 1, 3, 8, 27, 262)]
    quick, slow, ahead = both(case, ruleset_of(rule, case), times)
    assert quick == slow
    assert type(rule).turns is not Rule.turns
    assert ahead._turns.get(rule.id, []) is not None


PEOPLE = ({"id": "p1", "name": "张三", "status": "retired", "status_since": "2024-04-14T12:00:00+08:00"},)
QUIET = Case(
    "ahead",
    given={
        "people": PEOPLE,
        "accounts": ({"id": "a1", "person_id": "p1", "kind": "internal"},),
        "groups": (
            {
                "id": "g1",
                "name": "群",
                "kind": "project",
                "owner_id": "a1",
                "task_id": "t1",
                "created_at": "2024-04-01",
            },
        ),
        "tasks": ({"id": "t1", "state": "done", "done_at": "2024-04-13T12:00:00+08:00"},),
    },
)


def test_only_what_time_can_change_is_judged() -> None:
    rules = sets_of({"OWN001": {}, "OWN002": {"grace_days": 3}, "DOR001": {"grace_days": 7}})
    quick, slow, ahead = both(QUIET, rules, moments(AS_OF, 12))
    assert [(item.at.day, item.finding.rule) for item in quick] == [(18, "OWN002"), (22, "DOR001")]
    assert quick == slow
    # All three at the beginning, then each of the two when its days are over.
    assert ahead.judged == 5


def test_what_is_told_is_as_it_is_on_that_day() -> None:
    rules = sets_of({"DOR001": {"grace_days": 7}})
    (coming,), _, _ = both(QUIET, rules, moments(AS_OF, 9))
    assert coming.finding.facts["days"] == 8
    due = coming.finding.remediation[0].due
    assert due is None or due > coming.at


def test_a_finding_that_a_decision_no_longer_covers_has_the_facts_of_that_day() -> None:
    waived_until = AS_OF + timedelta(days=20)

    def settle(result: RunResult) -> RunResult:
        if result.as_of >= waived_until:
            return result
        return replace(result, findings=tuple(replace(one, verdict=Verdict.WAIVED) for one in result.findings))

    quick, slow, ahead = both(QUIET, sets_of({"DOR001": {"grace_days": 7}}), moments(AS_OF, 21), settle=settle)
    assert quick == slow
    assert [item.finding.facts["days"] for item in quick] == [21]
    assert ahead.judged == 3


def test_a_rule_that_a_decision_rests_on_is_judged_every_day() -> None:
    rules = sets_of({"DOR001": {"grace_days": 0}})
    (finding,) = Ahead(estate_of(QUIET), rules, AS_OF)(AS_OF).findings

    def settle(result: RunResult) -> RunResult:
        """Waive the finding as long as it is as old as on one day in the middle."""
        waived = [replace(one, verdict=Verdict.WAIVED) if one.facts["days"] == 5 else one for one in result.findings]
        return replace(result, findings=tuple(waived))

    granted = frozenset({finding.fingerprint})
    data, times = estate_of(QUIET), moments(AS_OF, 6)
    quick = Ahead(data, rules, times[-1], settle=settle, granted=granted)
    assert [quick(at).findings[0].verdict is Verdict.WAIVED for at in times].index(True) == 4
    assert quick.judged == 7


class OldGroup(Rule):
    """Find groups that are older than ten days, in Python."""

    id = "TST001"
    name = "test/old"
    subject = Subject.GROUP
    requires = ("groups.created_at",)
    title = message = explanation = Text("旧", "old")
    remediation = (Step("owner", title),)

    def check(self, estate: RuleEstate, params: Any) -> Any:
        """Compare with the as-of time."""
        for row in estate.rows("SELECT id AS group_id, created_at FROM groups"):
            if estate.as_of - row["created_at"] > timedelta(days=20):
                yield {"group_id": row["group_id"]}


class BrokenTurns(OldGroup):
    """Say something wrong of the times at which it turns."""

    id = "TST002"
    name = "test/broken"

    def turns(self, estate: RuleEstate, params: Any) -> Query:
        """Ask for what is not there."""
        return estate.query("SELECT nothing FROM nowhere")


@pytest.mark.parametrize("rule", [OldGroup(), BrokenTurns()], ids=lambda rule: rule.name)
def test_a_rule_that_does_not_say_when_it_turns_is_judged_every_day(rule: Rule) -> None:
    quick, slow, ahead = both(QUIET, ruleset_of(rule, QUIET), moments(AS_OF, 10))
    assert quick == slow
    assert [item.at.day for item in quick] == [22]
    assert ahead.judged == 11


def test_a_condition_that_reads_the_time_makes_its_rule_judged_every_day() -> None:
    rules = ruleset_of(RULES["OWN001"], QUIET, applies_to="created_at + to_days(20) > as_of()")
    case = replace(QUIET, given={"groups": ({"id": "g1", "created_at": "2024-04-01"},)})
    _, _, ahead = both(case, rules, moments(AS_OF, 9))
    assert ahead.judged == 10


def test_every_time_in_the_views_is_known() -> None:
    told = " ".join(as_of_views({name: tuple(schema.columns) for name, schema in table_schemas().items()}).values())
    compared = {f"{column} " for columns in moving_columns().values() for column in columns}
    places = [told[max(0, found.start() - 20) : found.start()].replace('"', "") for found in re.finditer("as_of", told)]
    assert len(places) > 15
    assert [
        place for place in places if not any(f"{one}{sign} " in place for one in compared for sign in ("<=", ">"))
    ] == []
    assert moving_columns()["people"] == ("status_since",)
    assert moving_columns()["memberships"] == ("joined_at", "left_at")
    assert moving_columns()["groups"] == ("created_at", "dissolved_at", "registered_at")
