"""Somebody must be first responsible for what is posted, and be there to be so."""

from __future__ import annotations

from typing import Any

from policycore import Case, Field, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_ownership import service

PEOPLE: list[dict[str, Any]] = [
    {"id": "p1", "name": "郭静", "status": "active"},
    {"id": "p2", "name": "罗刚", "status": "retired", "status_since": "2024-03-16T00:00:00+08:00"},
    {"id": "p3", "name": "梁红", "status": "leave", "status_since": "2023-09-01T00:00:00+08:00"},
    {"id": "p4", "name": "宋涛", "status": "departed", "status_since": "2024-06-30T00:00:00+08:00"},
]


def groups_of(*people: str | None) -> dict[str, list[dict[str, Any]]]:
    """Return an estate with one group for each first responsible person."""
    groups = [{"id": f"g-{person}", "responsible_id": person} for person in people]
    return {"groups": groups, "people": PEOPLE}


class ResponsibleNamed(Rule):
    """The first responsible person reviews what is posted; a group without one has no review.

    Found are groups whose register names nobody, or somebody no longer in post. Put it right by
    entering the person, usually the head of the department.
    """

    id = "OWN007"
    name = "ownership/responsible-named"
    subject = Subject.GROUP
    per_group = True
    severity = Severity.WARNING
    requires = ("groups.responsible_id", *service.person_needs("groups.responsible_id"))
    title = Text(zh="明确了第一责任人", en="First responsible person is named")
    headline = Text(zh="第一责任人缺位或状态不明", en="No first responsible person in post is known")
    message = {
        **service.reasons("responsible", "第一责任人", "the first responsible person"),
        "missing": Text(zh="登记中没有第一责任人", en="the register names no first responsible person"),
    }
    explanation = Text(
        zh="内容发布由第一责任人或直接责任人审核把关。没有第一责任人，或其已不在岗，审核就无从落实。",
        en="The first responsible person reviews what is posted. Without one in post there is no review.",
    )
    remediation = (
        Step(
            "department",
            Text(
                zh="确定一名在职的第一责任人（一般为部门负责人）",
                en="name a person in post, usually the department's head",
            ),
            reasons=("missing", *service.GONE),
        ),
        Step(
            "department",
            Text(zh="在群组登记中更新第一责任人", en="enter them in the register of groups"),
            reasons=("missing", *service.GONE),
        ),
        service.ask("responsible", "第一责任人", "the first responsible person"),
    )

    tighter = {"grace_days": "lower"}

    class Params(Rule.Params):
        """How soon after a change another person must be named."""

        grace_days: int = Field(
            30,
            ge=0,
            le=365,
            description="days after the change of status in which nothing is found",
            json_schema_extra={"zh": "状态变化后的宽限天数，期内不算问题"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find groups whose first responsible person is missing or not in post."""
        return estate.query(
            f"""SELECT *, {service.VERDICT} FROM (
                SELECT g.id AS group_id,
                    CASE WHEN g.responsible_id IS NULL THEN 'missing' ELSE {service.REASON_OF_PERSON} END AS reason,
                    p.name AS responsible, g.responsible_id, g.responsible_id AS responsible_account,
                    p.status, p.status_since, p.status_since_latest, $grace_days AS grace_days
                FROM groups g LEFT JOIN people p ON p.person_key = g.responsible_key
            ) WHERE reason IS NOT NULL""",
            params,
        )

    cases = (
        Case(
            "nobody is named",
            zh="没有指明任何人",
            given=groups_of(None),
            finds=("g-None",),
            reasons={"g-None": "missing"},
        ),
        Case(
            "an active person, one on leave, one who leaves later",
            zh="在职者、休假者、以后才离职者",
            given=groups_of("p1", "p3", "p4"),
        ),
        Case("retired, on the last day of grace", zh="退休，宽限的最后一天", given=groups_of("p2")),
        Case(
            "the day after the last day of grace has begun",
            zh="宽限最后一天的次日已开始",
            given=groups_of("p2"),
            as_of="2024-04-16T00:00:00+08:00",
            finds=("g-p2",),
            reasons={"g-p2": "retired"},
            facts={"g-p2": {"responsible": "罗刚"}},
        ),
        Case(
            "retired, no grace", zh="已退休，没有宽限", given=groups_of("p2"), params={"grace_days": 0}, finds=("g-p2",)
        ),
    )
