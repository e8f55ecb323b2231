"""People who have left the organization leave its groups."""

from __future__ import annotations

from typing import Any, Literal

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_admission import classes

ESTATE: dict[str, list[dict[str, Any]]] = {
    "groups": [{"id": "g"}, {"id": "old", "dissolved_at": "2024-04-01"}],
    "people": [
        {"id": "p1", "name": "张伟", "status": "departed", "status_since": "2024-04-08T00:00:00+08:00"},
        {"id": "p2", "name": "张伟", "status": "active"},
        {"id": "p3", "name": "李娜", "status": "seconded", "status_since": "2023-01-01"},
        {"id": "p4", "name": "王芳", "status": "retired"},
        {"id": "p5", "name": "赵敏", "status": "departed", "status_since": "2024-04-15T00:00:01+08:00"},
    ],
    "accounts": [
        *({"id": f"a{number}", "person_id": f"p{number}"} for number in range(1, 6)),
        {"id": "a1-second", "person_id": "p1"},
    ],
}


def members(*accounts: str, group: str = "g", **stay: object) -> dict[str, list[dict[str, Any]]]:
    """Return an estate in which `accounts` are in a group."""
    return {**ESTATE, "memberships": [{"group_id": group, "account_id": account, **stay} for account in accounts]}


class DepartedMember(Rule):
    """Whoever has left or retired goes on reading in every group that nobody removed them from.

    Found is every stay of theirs that goes on after the grace, by whichever account and in whichever
    role; a change of status without a date shows no grace. Put it right by removing them, and by telling the owners
    when people leave.
    """

    id = "ADM007"
    name = "admission/departed-member"
    subject = Subject.MEMBERSHIP
    per_group = True
    severity = Severity.WARNING
    requires = (
        "memberships.account_id.person_id",
        # A change so short ago, or still to come, is no finding, whatever it is.
        Needs(
            "memberships.account_id.person_id.status",
            when=f"""{classes.MAY_HAVE_LEFT}
                AND NOT coalesce($grace_days > 0 AND NOT days_after(people.status_since, $grace_days), false)""",
        ),
        Needs(
            "memberships.account_id.person_id.status_since",
            when="""list_contains($statuses::VARCHAR[], people.status)
                AND ($grace_days > 0 OR people.status_since IS NOT NULL)
                AND days_after(people.status_since, $grace_days) IS NULL""",
        ),
        Needs("memberships.left_at", stands="passes"),
    )
    title = Text(zh="离职退休人员已退群", en="People who have left are out of the group")
    headline = Text(zh="离职退休人员仍在群内", en="Somebody who has left is still a member")
    message = {
        "dated": Text(
            zh="{person}自{status_since}起{status}，超过{grace_days}天仍在群内（账号{account}）",
            en="{person} is {status} since {status_since} and still a member after {grace_days} {grace_days:day|days} "
            "(account {account})",
        ),
        "undated": Text(
            zh="{person}已{status}（名册没有写明何时起），仍在群内（账号{account}）",
            en="{person} is {status}, since when the directory does not say, and still a member (account {account})",
        ),
    }
    explanation = Text(
        zh="不属于群成员范围的人员应及时移请出群。通知没有规定天数，宽限天数是规则集的参数。",
        en="People who no longer belong should be asked to leave in time. How many days that is, is a parameter.",
    )
    remediation = (
        Step(
            "owner",
            Text(zh="把{person}（账号{account}）移请出群", en="remove {person} (account {account}) from the group"),
        ),
        Step("department", Text(zh="人员离职退休时即通知各群主", en="tell the owners whenever somebody leaves")),
    )

    tighter = {"grace_days": "lower", "statuses": "more"}

    class Params(Rule.Params):
        """How soon people must be removed, and which statuses mean that they have left."""

        grace_days: int = Field(
            7,
            ge=0,
            le=365,
            description="days after the change of status in which nothing is found",
            json_schema_extra={"zh": "状态变化后的宽限天数，期内不算问题"},
        )
        statuses: tuple[Literal["departed", "retired", "seconded", "leave"], ...] = Field(
            ("departed", "retired"),
            min_length=1,
            description="statuses of people who no longer belong",
            json_schema_extra={"zh": "哪些状态的人不应再在群内"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find the accounts of people who have left, then where they still are."""
        return estate.query(
            """SELECT DISTINCT m.group_id, m.account_id, m.account_id AS account, g.person, g.person_id,
                g.status, g.status_since, g.status_since_latest, $grace_days AS grace_days,
                CASE WHEN g.status_since IS NULL THEN 'undated' ELSE 'dated' END AS reason
            FROM memberships m JOIN (
                SELECT a.account_key, p.name AS person, p.id AS person_id, p.status, p.status_since,
                    p.status_since_latest
                FROM accounts a JOIN people p USING (person_key)
                -- Until the last day of grace ends it is within grace; a change without a date has none to show.
                WHERE list_contains($statuses::VARCHAR[], p.status)
                    AND (p.status_since IS NULL OR $grace_days = 0 OR days_after(p.status_since, $grace_days))
            ) g USING (account_key)""",
            params,
        )

    cases = (
        Case(
            "departed beyond the grace, by two accounts; retired without a date",
            zh="离职已过宽限期且有两个账号；退休但无日期",
            given=members("a1", "a1-second", "a4"),
            params={"grace_days": 6},
            finds=("g/a1", "g/a1-second", "g/a4"),
            reasons={"g/a1": "dated", "g/a1-second": "dated", "g/a4": "undated"},
            facts={"g/a1": {"person": "张伟", "grace_days": 6}},
        ),
        Case(
            "the last day of grace goes on",
            zh="宽限的最后一天尚未结束",
            given=members("a1"),
            as_of="2024-04-15T23:59:59+08:00",
        ),
        Case(
            "the day after the last day of grace has begun",
            zh="宽限最后一天的次日已开始",
            given=members("a1"),
            as_of="2024-04-16T00:00:00+08:00",
            finds=("g/a1",),
        ),
        Case(
            "of a month alone nobody knows whether the grace is over",
            zh="只知道月份，无法判断是否已过宽限",
            given={**members("a1"), "people": [{**ESTATE["people"][0], "status_since": "2024-04"}]},
            unknown=("g/a1",),
        ),
        Case(
            "a month that is over with its grace",
            zh="只知道月份，但整月连同宽限都已过去",
            given={**members("a1"), "people": [{**ESTATE["people"][0], "status_since": "2024-03"}]},
            finds=("g/a1",),
            facts={"g/a1": {"status_since": "2024-03"}},
        ),
        Case(
            "a namesake in post, somebody seconded, somebody who leaves later",
            zh="同名的在职者、借调的人、以后才离职的人",
            given=members("a2", "a3", "a5"),
        ),
        Case(
            "seconded, where that counts",
            zh="借调，且借调也计入",
            given=members("a3"),
            params={"statuses": ["seconded"]},
            finds=("g/a3",),
        ),
        Case("left the group", zh="已退群", given=members("a4", left_at="2024-04-14")),
        Case(
            "left the group and came back",
            zh="退群后又回来",
            given={
                **ESTATE,
                "memberships": [
                    {"group_id": "g", "account_id": "a4", "joined_at": "2023-01-01", "left_at": "2023-06-01"},
                    {"group_id": "g", "account_id": "a4", "joined_at": "2023-09-01"},
                ],
            },
            finds=("g/a4",),
        ),
        Case(
            "no status in the directory",
            zh="人员名册中没有状态",
            given={**members("a1"), "people": [{"id": "p1", "name": "张伟", "status": None}]},
            unknown=("g/a1",),
        ),
        Case("in a dissolved group", zh="在已解散的群内", given=members("a4", group="old")),
    )
