"""Where one is due for each department, there is one, and no more."""

from __future__ import annotations

from policycore import Case, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_composition.formula import (
    APPLIES,
    COMMITTEE,
    COUNTS_OPEN,
    DOUBTED,
    IN_CHARGE,
    asked_of_groups,
    estate,
    formula,
    post_needs,
)

_HERE = "EXISTS (SELECT 1 FROM ({people}) o WHERE o.group_id = subject.group_id)"


class OnePerDepartment(Rule):
    """A department names nobody, or several, where the formula asks for so many; or its form has not come.

    Counted are people in service whose post meets the formula, each once. A post that nobody holds is vacant-post's
    finding where the formula only says ``at_least``. Put it right by having the department name who it is.
    """

    id = "COM003"
    name = "composition/one-per-department"
    subject = Subject.GROUP
    severity = Severity.WARNING
    applies_when = APPLIES
    requires = (
        *post_needs(COUNTS_OPEN, _HERE.format(people=COUNTS_OPEN), "", "hits"),
        Needs(
            "departments.kind",
            via="""SELECT g.group_id, n.department_id AS row_id FROM formula_counts n
                JOIN formula_groups g ON g.formula = n.formula WHERE n.state = 'open'""",
            when="""EXISTS (SELECT 1 FROM formula_groups f
                WHERE f.group_id = subject.group_id AND list_contains(f.uses, 'kinds'))""",
            null="unknown",
            stands="hits",
        ),
        *asked_of_groups(),
    )
    key_facts = ("department_id", "part_zh")
    title = Text(zh="每个部门按规定的人数确定人员", en="Each department names as many people as it should")
    headline = Text(zh="部门确定的人员少于或多于规定", en="A department named too few people, or too many")
    message = {
        "none": Text(
            zh="{department}的{part_zh}不足：应有{least}人，实有{number}人",
            en="{department} has {number} of {least} as {part_en}",
        ),
        "several": Text(
            zh="{department}的{part_zh}有{number}人（{people}），应为{most}人",
            en="{department} has {number} {number:person|people} as {part_en} ({people}), should be {most}",
        ),
        "unreceived": Text(
            zh="{department}的“{form}”尚未收到，{part_zh}未确定",
            en="the {form} of {department} has not been received: its {part_en} is not settled",
        ),
        "none-group": Text(zh="{part_zh}不足：应有{least}人，实有{number}人", en="{number} of {least} as {part_en}"),
        "several-group": Text(
            zh="{part_zh}有{number}人（{people}），应为{most}人",
            en="{number} {number:person|people} as {part_en} ({people}), should be {most}",
        ),
    }
    explanation = Text(
        zh="每个部门由规定人数的人员入群；没有人则部门收不到通知，有多人则职责不清。",
        en="So many of each department are in the group: with nobody it hears nothing, with several nobody answers.",
    )
    remediation = (
        Step("department", Text(zh="书面确定{part_zh}人选并报送", en="name the {part_en} in writing"), 7),
        Step("committee", Text(zh="按确定的人选更新人员名册和群成员", en="update the directory and the group")),
    )

    def check(self, estate: RuleEstate, params: Rule.Params) -> Query:
        """Take the counts that are neither met nor vacant posts."""
        return estate.query(
            f"""SELECT g.group_id, n.department_id, n.department, n.part_zh, n.part_en, n.people, n.number, n.least,
                n.most, n.form, CASE WHEN n.department_id IS NULL THEN n.state || '-group' ELSE n.state END AS reason,
                CASE WHEN n.{DOUBTED} THEN 'suspect' ELSE 'fail' END AS verdict
            FROM formula_counts n JOIN formula_groups g ON g.formula = n.formula
            WHERE n.state IN ('several', 'unreceived') OR n.state = 'none' AND n.exact"""
        )

    cases = (
        Case(
            "nobody in charge in one office, and none is due in the committee or a college",
            zh="一个部门没有分管副职；机关党委和学院不要求",
            given=estate("a1", people=[{"id": one, "name": one} for one in ("p1", "p3", "p4", "p5")]),
            memberships=formula(),
            finds=("g",),
            reasons={"g": "none"},
            facts={"g": {"department": "教务处", "number": 0}},
        ),
        Case(
            "two in charge, one of them by two posts",
            zh="有两人分管，其中一人有两个任职",
            given=estate(
                appointments=[
                    {"person_id": one, "department_id": "d1", "title": title, "rank": "中层副职", "duties": ["党建"]}
                    for one, title in (("p2", "副处长"), ("p2", "党支部书记"), ("p4", "副处长"))
                ]
            ),
            memberships=formula(),
            finds=("g",),
            reasons={"g": "several"},
            facts={"g": {"people": ["李娜", "赵敏"], "number": 2}},
        ),
        Case(
            "one by two posts is one; the former one has left; a vacant head is another finding",
            zh="一人两职只算一人；前任已离任；正职空缺不在此列",
            given=estate(
                appointments=[
                    {
                        "person_id": one,
                        "department_id": "d1",
                        "title": title,
                        "rank": "中层副职",
                        "duties": ["党建"],
                        "until": until,
                    }
                    for one, title, until in (
                        ("p2", "副处长", None),
                        ("p2", "党支部书记", None),
                        ("p4", "副处长", "2024-04-01"),
                    )
                ]
            ),
            memberships=formula(),
        ),
        Case(
            "the form has not come, so that nobody is settled",
            zh="表格未收到，人选未确定",
            given=estate(
                submissions=[{"id": "s1", "kind": "附件1", "department_id": "d3", "received_at": "2024-03-26"}]
            ),
            memberships=formula(IN_CHARGE | {"form": "附件1"}, COMMITTEE),
            finds=("g",),
            reasons={"g": "unreceived"},
        ),
        Case(
            "counted in the whole group: at most one",
            zh="按全群计：最多一人",
            given=estate(),
            memberships=formula({"ranks": ["中层正职"], "at_most": 1, "per": "group"}),
            finds=("g",),
            reasons={"g": "several-group"},
        ),
    )
