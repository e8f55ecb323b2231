"""Nobody can be directly responsible for any number of groups."""

from __future__ import annotations

from typing import Any

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text

PEOPLE: list[dict[str, Any]] = [{"id": "p1", "name": "韩雪"}, {"id": "p2", "name": "韩雪"}]
ACCOUNTS: list[dict[str, Any]] = [
    {"id": "a1", "person_id": "p1"},
    {"id": "a1-second", "person_id": "p1"},
    {"id": "a2", "person_id": "p2"},
]


def owned_by(*accounts: str) -> dict[str, list[dict[str, Any]]]:
    """Return an estate with one group for each of `accounts`, owned by it."""
    groups = [
        {"id": f"g{number}", "name": f"群{number}", "owner_id": account} for number, account in enumerate(accounts, 1)
    ]
    return {"groups": groups, "people": PEOPLE, "accounts": ACCOUNTS}


# Groups of which nobody knows the owner matter to whoever would own too many with them.
_COULD_BE_TOO_MANY = """(SELECT count(*) FROM groups g JOIN accounts a ON a.account_key = g.owner_key
    WHERE a.person_id = people.id) + elsewhere.number > $maximum"""


class OwnsTooMany(Rule):
    """An owner of many groups is responsible for them on paper only.

    A person counts once, however many accounts they have; dissolved groups and groups out of scope
    do not count. Put it right by handing groups over, merging or dissolving them.
    """

    id = "OWN008"
    name = "ownership/owns-too-many"
    subject = Subject.PERSON
    severity = Severity.WARNING
    requires = (Needs("groups.owner_id.person_id", when=_COULD_BE_TOO_MANY, stands="hits"),)
    title = Text(zh="一人担任群主不过多", en="Nobody owns too many groups")
    headline = Text(zh="一人担任群主过多", en="One person owns too many groups")
    message = Text(
        zh="{owner}是{owned}个群的群主，超过{maximum}个：{groups}",
        en="{owner} owns {owned} {owned:group|groups}, more than {maximum}: {groups}",
    )
    explanation = Text(
        zh="群主是直接责任人，应有精力管理每一个群。通知没有规定上限，上限是规则集的参数。",
        en="The owner answers for each group in person. The number allowed is a parameter of the rule set.",
    )
    remediation = (
        Step(
            "department",
            Text(zh="合并或解散用途相近的群，其余转由他人担任群主", en="merge or dissolve groups, hand others over"),
        ),
    )

    tighter = {"maximum": "lower"}

    class Params(Rule.Params):
        """How many groups one person may own."""

        maximum: int = Field(
            5,
            ge=1,
            le=1000,
            description="groups that one person may own",
            json_schema_extra={"zh": "一人最多可任群主的群数"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Count groups in scope by the owner's person."""
        return estate.query(
            """WITH owned AS (
                SELECT g.id, g.name, a.person_key FROM groups g JOIN accounts a ON a.account_key = g.owner_key
            ), many AS (SELECT person_key FROM owned GROUP BY person_key HAVING count(*) > $maximum)
            SELECT p.id AS person_id, any_value(p.name) AS owner, count(*) AS owned, $maximum AS maximum,
                list(coalesce(g.name, g.id) ORDER BY g.id)[1:20] AS groups, list(g.id ORDER BY g.id)[1:20] AS group_ids
            FROM owned g SEMI JOIN many USING (person_key) JOIN people p USING (person_key) GROUP BY p.id""",
            params,
        )

    cases = (
        Case(
            "three groups by two accounts where two are allowed",
            zh="以两个账号担任三个群的群主，而只允许两个",
            given=owned_by("a1", "a1-second", "a1"),
            params={"maximum": 2},
            finds=("p1",),
            facts={"p1": {"owned": 3, "groups": ["群1", "群2", "群3"]}},
        ),
        Case(
            "exactly as many as allowed",
            zh="恰好达到允许的数量",
            given=owned_by("a1", "a1-second"),
            params={"maximum": 2},
        ),
        Case(
            "two people of one name are two people",
            zh="同名的两人是两个人",
            given=owned_by("a1", "a1", "a2"),
            params={"maximum": 2},
        ),
        Case(
            "a dissolved group does not count",
            zh="已解散的群不计",
            given={
                **owned_by("a1", "a1"),
                "groups": [
                    {"id": "g1", "name": "甲", "owner_id": "a1"},
                    {"id": "g2", "name": "乙", "owner_id": "a1", "dissolved_at": "2024-04-14T23:59:59+08:00"},
                ],
            },
            params={"maximum": 1},
        ),
    )
