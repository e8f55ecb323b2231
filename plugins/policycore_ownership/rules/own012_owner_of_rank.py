"""Who owns a group holds a post of sufficient rank."""

from __future__ import annotations

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text

_PEOPLE = [{"id": "p1", "name": "甲"}, {"id": "p2", "name": "乙"}]
_ACCOUNTS = [{"id": "a1", "person_id": "p1"}, {"id": "a2", "person_id": "p2"}]


class OwnerOfRank(Rule):
    """Who answers for a group must be able to decide what is posted in it and who is let in.

    The owner needs one post of one of the ranks that the rule set names, in whichever department. An owner without a
    post, or nobody's account, is owner-in-post's and owner-of-department's. Put it right by handing the group over.
    """

    id = "OWN012"
    name = "ownership/owner-of-rank"
    subject = Subject.GROUP
    per_group = True
    severity = Severity.WARNING
    requires = (
        "groups.owner_id.person_id",
        Needs("groups.owner_id.person_id.appointments.rank", when="appointments.person_id IS NOT NULL", null="unknown"),
        Needs("groups.owner_id.person_id.appointments.until"),
    )
    title = Text(zh="群主职级符合要求", en="Owner is of sufficient rank")
    headline = Text(zh="群主职级不符合要求", en="Owner is not of sufficient rank")
    message = Text(
        zh="群主{owner}的职级是{held}，不在要求的职级之内",
        en="{owner} owns it with the rank {held}, which is none of those that the rule set names",
    )
    explanation = Text(
        zh="群主是直接责任人，须有相应职级，能够审核内容、决定成员进出。职级名单是规则集的参数。",
        en="The owner answers for the group and needs a rank to do so; which ranks is a parameter of the rule set.",
    )
    remediation = (
        Step("department", Text(zh="改由符合职级要求的人员担任群主", en="let somebody of that rank own it")),
    )

    tighter = {"ranks": "fewer"}

    class Params(Rule.Params):
        """Which ranks are enough."""

        ranks: tuple[str, ...] = Field(
            ("中层正职", "中层副职", "院系正职", "院系副职", "正科级", "副科级"),
            min_length=1,
            description="ranks of which the owner must hold one",
            json_schema_extra={"zh": "群主须具有的职级（其一即可）"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find owners who hold posts, and none of those ranks."""
        return estate.query(
            """SELECT g.id AS group_id, any_value(p.name) AS owner, string_agg(DISTINCT t.rank, '、') AS held
            FROM groups g JOIN accounts a ON a.account_key = g.owner_key JOIN people p USING (person_key)
            JOIN appointments t ON t.person_key = p.person_key
            GROUP BY g.id HAVING NOT bool_or(list_contains($ranks, t.rank))""",
            params,
        )

    cases = (
        Case(
            "a clerk owns the group",
            zh="科员担任群主",
            given={
                "departments": [{"id": "d1", "name": "教务处"}],
                "people": _PEOPLE,
                "accounts": _ACCOUNTS,
                "appointments": [
                    {"person_id": "p1", "department_id": "d1", "rank": "科员"},
                    {"person_id": "p2", "department_id": "d1", "rank": "科员"},
                    {"person_id": "p2", "department_id": "d1", "rank": "正科级", "title": "科长"},
                ],
                "groups": [{"id": "g1", "owner_id": "a1"}, {"id": "g2", "owner_id": "a2"}],
            },
            finds=("g1",),
            facts={"g1": {"held": "科员"}},
        ),
        Case(
            "a head owns it, and one of whom the directory has no post",
            zh="由负责人担任，以及名册中没有职务的人",
            given={
                "departments": [{"id": "d1", "name": "教务处"}],
                "people": _PEOPLE,
                "accounts": _ACCOUNTS,
                "appointments": [{"person_id": "p1", "department_id": "d1", "rank": "中层正职"}],
                "groups": [{"id": "g1", "owner_id": "a1"}, {"id": "g2", "owner_id": "a2"}],
            },
        ),
    )
