"""Graces are whole days of the calendar, and a date known to the month leaves open what could go either way."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from policycore import Case
from policycore.engine.session import EstateSession
from policycore.model.moments import with_latest
from policycore.model.verdict import Verdict
from policycore.rulesets.sql.empty_schema import EmptyEstate
from policycore.testing import estate_of


def answers(since: str, days: int, as_of: str) -> list[bool | None]:
    """Return what days_after says of the date of one person."""
    people = [{"id": "p", "status": "retired", "status_since": since}]
    with EstateSession(estate_of(Case("grace", given={"people": people}, as_of=as_of))) as session:
        sql = "SELECT days_after(p.status_since, $n) AS over FROM people p"
        return session.arrow(sql, {"n": days}).column("over").to_pylist()


@pytest.mark.parametrize(
    ("since", "as_of", "over"),
    [
        ("2024-04-08", "2024-04-15T00:00:00", False),
        ("2024-04-08", "2024-04-15T23:59:59.999999", False),
        ("2024-04-08", "2024-04-16T00:00:00", True),
        ("2024-04-08T23:59:59", "2024-04-16T00:00:00", True),
        ("2024-04-09T00:00:00", "2024-04-16T00:00:00", False),
        ("2024-03", "2024-04-07T23:59:59", None),
        ("2024-03", "2024-04-08T00:00:00", True),
        ("2024-04", "2024-04-08T00:00:00", False),
        ("2024-04", "2024-04-15T00:00:00", None),
        ("2024-04", "2024-04-20T00:00:00", None),
        ("2023", "2024-01-07T12:00:00", None),
        ("2023", "2024-01-08T00:00:00", True),
    ],
)
def test_seven_days_of_grace_end_with_the_seventh_day_after(since, as_of, over):
    assert answers(since, 7, as_of) == [over]


def test_the_day_is_that_of_the_estates_zone():
    # Half past midnight in China is still the day before in UTC.
    assert answers("2024-04-08T00:30:00+08:00", 7, "2024-04-15T16:00:00+00:00") == [True]
    assert answers("2024-04-08T00:30:00+08:00", 7, "2024-04-15T15:59:59+00:00") == [False]


def test_the_moment_may_move():
    people = [{"id": "p", "status": "retired", "status_since": "2024-04-08"}]
    with EstateSession(estate_of(Case("grace", given={"people": people}, as_of="2024-04-10"))) as session:
        sql = "SELECT count(*) FROM people p WHERE days_after(p.status_since, 7)"
        assert session.scalar(sql) == 0
        session.move_to(datetime(2024, 4, 16, tzinfo=ZoneInfo("Asia/Shanghai")))
        assert session.scalar(sql) == 1


def test_only_a_plain_column_of_a_time_has_two_ends():
    assert (
        with_latest("days_after(p.status_since, 3)") == "days_after_between(p.status_since, p.status_since_latest, 3)"
    )
    assert with_latest("DAYS_AFTER ( done_at , $n)") == "days_after_between(done_at, done_at_latest, $n)"
    for plain in ("days_after(coalesce(a.at, b.at), 3)", "days_after(p.name, 3)", "my_days_after(at, 3)"):
        assert with_latest(plain) == plain


def test_views_offer_the_latest_moment_of_every_time():
    given = {"groups": [{"id": "a", "created_at": "2024-01"}, {"id": "b", "created_at": "2024-02-03"}, {"id": "c"}]}
    with EstateSession(estate_of(Case("latest", given=given))) as session:
        sql = """SELECT created_at_latest > created_at AS rough, dissolved_at_latest FROM groups ORDER BY id"""
        assert session.arrow(sql).to_pylist() == [
            {"rough": True, "dissolved_at_latest": None},
            {"rough": False, "dissolved_at_latest": None},
            {"rough": None, "dissolved_at_latest": None},
        ]


def test_the_check_of_sql_knows_what_stands_beside_a_column():
    sql = "SELECT id AS group_id FROM groups WHERE days_after(created_at, 3) AND department_key IS NOT NULL"
    assert EmptyEstate(keys=True).bind(sql).reads == {"groups.id", "groups.created_at", "groups.department_id"}


def test_a_rule_in_python_that_reads_a_month_says_only_what_holds_at_both_ends(estate, evaluate, no_owner):
    class Late(no_owner):
        requires = ("groups.created_at", "groups.registered_at")

        def check(self, estate, params):
            for row in estate.rows("SELECT id AS group_id, created_at, registered_at FROM groups ORDER BY id"):
                if row["registered_at"] > row.pop("created_at"):
                    yield {"group_id": row["group_id"]}

    months = {"g1": ("2024-02", "2024-03"), "g2": ("2024-03", "2024-03"), "g3": ("2024-03", "2024-03-10")}
    groups = [{"id": name, "created_at": made, "registered_at": told} for name, (made, told) in months.items()]
    result = evaluate(estate({"groups": groups}), Late)
    assert [finding.subject.id for finding in result.findings] == ["g1"]
    assert sorted(one for gap in result.gaps for one in gap.subjects) == ["g2", "g3"]
    nothing = {"groups": [{"id": "g1", "created_at": "2024-02", "registered_at": "2024-01-10"}]}
    assert not evaluate(estate(nothing), Late).outcomes[0].verdicts.get(Verdict.ERROR)
