"""A department has no more groups than it can look after."""

from __future__ import annotations

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text


class TooManyGroups(Rule):
    """A department with many groups makes its people read everything twice.

    Counted are the groups in scope that the register gives to the department itself, not those of offices below it.
    The number is no measure of merit and no ranking: what counts is that none is needless. Put it right by merging
    groups.
    """

    id = "OWN011"
    name = "ownership/too-many-groups"
    subject = Subject.DEPARTMENT
    severity = Severity.WARNING
    requires = (
        Needs(
            "groups.department_id",
            when="""(SELECT count(*) FROM groups g WHERE g.department_id = departments.id) + elsewhere.number
                > $maximum""",
            stands="hits",
            null="unknown",
        ),
    )
    title = Text(zh="一个部门的群不过多", en="No department has too many groups")
    headline = Text(zh="部门的群过多", en="Too many groups of one department")
    message = Text(zh="有{groups}个群，超过{maximum}个", en="has {groups} {groups:group|groups}, more than {maximum}")
    explanation = Text(
        zh="群过多造成重复通知、重复阅读，应合并精简。上限是规则集的参数，不作为排名依据。",
        en="Many groups make everybody read twice. The number allowed is a parameter; it ranks nobody.",
    )
    remediation = (Step("department", Text(zh="合并用途相近的群，解散不再需要的群", en="merge or dissolve groups")),)

    tighter = {"maximum": "lower"}

    class Params(Rule.Params):
        """How many groups a department may have."""

        maximum: int = Field(
            2,
            ge=1,
            le=1000,
            description="groups that a department may have",
            json_schema_extra={"zh": "一个部门最多可以有几个群"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Count the groups of each department."""
        return estate.query(
            """SELECT d.id AS department_id, count(*) AS groups FROM groups g
            JOIN departments d ON d.department_key = g.department_key GROUP BY d.id HAVING count(*) > $maximum""",
            params,
        )

    cases = (
        Case(
            "three groups where two are allowed",
            zh="允许两个，却有三个",
            given={
                "departments": [{"id": "d1", "name": "教务处"}, {"id": "d2", "name": "财务处"}],
                "groups": [{"id": f"g{n}", "department_id": "d1"} for n in range(3)],
            },
            finds=("d1",),
            facts={"d1": {"groups": 3}},
        ),
        Case(
            "as many as are allowed, one dissolved",
            zh="恰好达到上限，另有一个已解散",
            given={
                "departments": [{"id": "d1", "name": "教务处"}],
                "groups": [
                    *({"id": f"g{n}", "department_id": "d1"} for n in range(2)),
                    {"id": "g9", "department_id": "d1", "dissolved_at": "2024-04-01"},
                ],
            },
        ),
    )
