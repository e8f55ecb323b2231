"""An owner from elsewhere cannot answer for a department's group."""

from __future__ import annotations

from typing import Any, Literal

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text

ESTATE: dict[str, list[dict[str, Any]]] = {
    "departments": [
        {"id": "college", "name": "计算机学院"},
        {"id": "office", "name": "学院办公室", "parent_id": "college"},
        {"id": "affairs", "name": "教务处"},
    ],
    "people": [{"id": "p1", "name": "王芳", "status": "active"}, {"id": "p2", "name": "王芳", "status": "active"}],
    "accounts": [
        {"id": "a1", "person_id": "p1"},
        {"id": "a1-second", "person_id": "p1"},
        {"id": "a2", "person_id": "p2"},
    ],
    "appointments": [
        {"person_id": "p1", "department_id": "affairs", "title": "科长", "since": "2020-01-01"},
        {"person_id": "p2", "department_id": "office", "title": "主任"},
        {"person_id": "p2", "department_id": "affairs", "title": "科员", "until": "2024-04-15T00:00:00+08:00"},
    ],
}


# Departments of which it matters what is above them: those where the owner holds a post, or the group's own.
_UPWARDS = """WITH owned AS (
        SELECT g.id AS group_id, g.department_key AS theirs, t.department_key AS post FROM all_groups g
        JOIN accounts a ON a.account_key = g.owner_key JOIN appointments t USING (person_key)
    )
    SELECT DISTINCT o.group_id, d.id AS row_id FROM owned o JOIN department_tree c
        ON c.department_key = o.post AND $related IN ('below', 'both')
            OR c.department_key = o.theirs AND $related IN ('above', 'both')
    JOIN departments d ON d.department_key = c.ancestor_key"""
_LEFT = """EXISTS (SELECT 1 FROM accounts a JOIN people p USING (person_key)
    WHERE a.id = groups.owner_id AND p.status IN ('retired', 'departed', 'seconded'))"""


class OwnerOfDepartment(Rule):
    """The department answers for its groups, so that the owner must be one of its people.

    Found is an owner without an appointment in force in the group's department or, by parameter, in
    a department below or above it. Whether the owner is in post at all is owner-in-post's question.
    """

    id = "OWN003"
    name = "ownership/owner-of-department"
    subject = Subject.GROUP
    per_group = True
    severity = Severity.WARNING
    # An owner of no known status is judged as one in service, and posts, and departments above them, that nobody knows
    # could only bring them into the group's department.
    requires = (
        Needs("groups.owner_id.person_id"),
        Needs("groups.department_id", null="unknown", when=f"NOT {_LEFT}"),
        Needs(
            "groups.owner_id.person_id.status",
            when="NOT coalesce(people.status_since > as_of(), false)",
            stands="passes",
        ),
        Needs("groups.owner_id.person_id.appointments.department_id", when=f"NOT {_LEFT}", stands="passes"),
        Needs("departments.parent_id", via=_UPWARDS, stands="passes"),
        Needs("groups.owner_id.person_id.appointments.until", when=f"NOT {_LEFT}", stands="hits"),
    )
    applies_when = "owner_id IS NOT NULL"
    title = Text(zh="群主属于本部门", en="Owner belongs to the group's department")
    headline = Text(zh="群主不属于本部门", en="Owner is not of the group's department")
    message = {
        "elsewhere": Text(
            zh="群主{owner}任职于{owner_departments}，不在本群所属的{department}",
            en="the owner {owner} has posts in {owner_departments}, none in {department}",
        ),
        "no-post": Text(zh="群主{owner}没有任何现任职务", en="the owner {owner} holds no appointment at all"),
    }
    explanation = Text(
        zh="按照“谁建群、谁负责”，群由所属部门负责，群主应是该部门的人。",
        en="Whoever creates a group answers for it: the owner should be one of the department's own people.",
    )
    remediation = (
        Step(
            "department", Text(zh="指定本部门（{department}）人员接任群主", en="name someone of {department} as owner")
        ),
        Step(
            "owner",
            Text(zh="转让群主，或申请更正该群的所属部门", en="hand the group over, or have its department corrected"),
        ),
    )

    tighter = {"related": ("both", "below", "same")}

    class Params(Rule.Params):
        """How far from the group's department a post may be."""

        related: Literal["same", "below", "above", "both"] = Field(
            "below",
            description="departments that count as the group's: itself, those below it, above it, or both",
            json_schema_extra={"zh": "哪些部门算作本群部门：仅本部门、含下级、含上级，或两者都含"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find owners in service whose posts are all outside the group's department."""
        return estate.query(
            """WITH counted AS (
                SELECT department_key AS post, ancestor_key AS department FROM department_tree
                WHERE $related IN ('below', 'both') OR department_key = ancestor_key
                UNION SELECT ancestor_key, department_key FROM department_tree WHERE $related IN ('above', 'both')
            ), owned AS (
                SELECT g.id AS group_id, g.department_key, p.person_key, p.person_id AS owner_id, p.name AS owner
                FROM groups g JOIN accounts a ON a.account_key = g.owner_key JOIN people_in_post p USING (person_key)
                WHERE p.status IS DISTINCT FROM 'seconded' AND g.department_key IS NOT NULL
            ), elsewhere AS (
                SELECT * FROM owned WHERE (person_key, department_key) NOT IN (
                    SELECT t.person_key, c.department FROM appointments t JOIN counted c ON c.post = t.department_key)
            ), working AS (
                SELECT person_key, list(DISTINCT department ORDER BY department) AS names FROM posts
                WHERE person_key IN (SELECT person_key FROM elsewhere) GROUP BY person_key
            )
            SELECT e.group_id, CASE WHEN w.names IS NULL THEN 'no-post' ELSE 'elsewhere' END AS reason,
                e.owner, e.owner_id, d.name AS department, w.names AS owner_departments
            FROM elsewhere e LEFT JOIN working w USING (person_key) LEFT JOIN departments d USING (department_key)""",
            params,
        )

    cases = (
        Case(
            "a department above that could not be read matters only to those who work below it",
            zh="读不出的上级部门只影响在其下任职的人",
            given={
                **ESTATE,
                "departments": [
                    *ESTATE["departments"][:2],
                    {"id": "affairs", "_unknown": ["parent_id"]},
                    {"id": "labs"},
                ],
                "appointments": [
                    {"person_id": "p1", "department_id": "affairs"},
                    {"person_id": "p2", "department_id": "labs"},
                ],
                "groups": [
                    {"id": "g1", "owner_id": "a1", "department_id": "college"},
                    {"id": "g2", "owner_id": "a2", "department_id": "college"},
                ],
            },
            finds=("g2",),
            unknown=("g1",),
        ),
        Case(
            "the owner works elsewhere; a namesake works here",
            zh="群主在别处任职；同名者在本部门",
            given={**ESTATE, "groups": [{"id": "g1", "owner_id": "a1", "department_id": "college"}]},
            finds=("g1",),
            reasons={"g1": "elsewhere"},
            facts={"g1": {"owner_departments": ["教务处"], "department": "计算机学院"}},
        ),
        Case(
            "a post in the department, a post in one below it, a second account",
            zh="在本部门任职、在下级部门任职、使用另一账号",
            given={
                **ESTATE,
                "groups": [
                    {"id": "g1", "owner_id": "a2", "department_id": "college"},
                    {"id": "g2", "owner_id": "a2", "department_id": "office"},
                    {"id": "g3", "owner_id": "a1-second", "department_id": "affairs"},
                ],
            },
        ),
        Case(
            "a post below, where only the department itself counts",
            zh="只认本部门时在下级部门任职",
            given={**ESTATE, "groups": [{"id": "g1", "owner_id": "a2", "department_id": "college"}]},
            params={"related": "same"},
            finds=("g1",),
        ),
        Case(
            "an appointment that ended at this very moment",
            zh="恰在此刻结束的任职",
            given={**ESTATE, "groups": [{"id": "g1", "owner_id": "a2", "department_id": "affairs"}]},
            finds=("g1",),
        ),
        Case(
            "the same appointment a second earlier",
            zh="同一任职早一秒时",
            given={**ESTATE, "groups": [{"id": "g1", "owner_id": "a2", "department_id": "affairs"}]},
            as_of="2024-04-14T23:59:59+08:00",
        ),
        Case(
            "no department in the register",
            zh="登记表中没有部门",
            given={**ESTATE, "groups": [{"id": "g1", "owner_id": "a2"}]},
            unknown=("g1",),
        ),
    )
