"""A post that nobody holds is no missing member, and is said to be vacant."""

from __future__ import annotations

from policycore import Case, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_composition.formula import (
    APPLIES,
    COMMITTEE,
    DOUBTED,
    HEADS,
    estate,
    formula,
)
from policycore_composition.rules.com003_one_per_department import OnePerDepartment


class VacantPost(Rule):
    """A department has nobody in a post of which the formula says that there is one at least.

    Nobody is missing from the group then; whoever acts for the post may be in it by a part of their own. Put it
    right by filling the post, or by correcting the directory.
    """

    id = "COM004"
    name = "composition/vacant-post"
    subject = Subject.GROUP
    severity = Severity.INFO
    applies_when = APPLIES
    requires = OnePerDepartment.requires
    key_facts = ("department_id", "part_zh")
    title = Text(zh="应有人担任的职位都有人担任", en="No post that belongs in the group is vacant")
    headline = Text(zh="职位空缺", en="A post is vacant")
    message = Text(
        zh="{department}没有{part_zh}，职位空缺，不算缺席",
        en="{department} has no {part_en}: the post is vacant, nobody is missing",
    )
    explanation = Text(
        zh="职位空缺与人员缺席不同：没有人可以入群，通知由谁接收需要明确。",
        en="A vacant post is no missing member: nobody can be let in, and somebody must take the notices.",
    )
    remediation = (
        Step(
            "department",
            Text(zh="明确空缺期间由谁接收通知", en="say who takes the notices while the post is vacant"),
        ),
    )

    def check(self, estate: RuleEstate, params: Rule.Params) -> Query:
        """Take the counts below what there is at least."""
        return estate.query(
            f"""SELECT g.group_id, n.department_id, n.department, n.part_zh, n.part_en,
                CASE WHEN n.{DOUBTED} THEN 'suspect' ELSE 'fail' END AS verdict
            FROM formula_counts n JOIN formula_groups g ON g.formula = n.formula
            WHERE n.state = 'none' AND NOT n.exact AND n.department_id IS NOT NULL"""
        )

    cases = (
        Case(
            "the head has retired",
            zh="正职已退休",
            given=estate(
                people=[
                    {"id": "p1", "name": "张伟", "status": "retired"},
                    {"id": "p3", "name": "王芳", "status": "leave"},
                ]
            ),
            memberships=formula(HEADS, COMMITTEE),
            finds=("g",),
            facts={"g": {"department": "教务处", "part_zh": "中层正职"}},
        ),
        Case("every post is held", zh="职位都有人担任", given=estate(), memberships=formula(HEADS)),
        Case(
            "nobody knows whether the head is in service",
            zh="不知道正职是否在职",
            given=estate(people=[{"id": "p1", "name": "张伟", "status": None}, {"id": "p3", "name": "王芳"}]),
            memberships=formula(HEADS),
            unknown=("g",),
        ),
    )
