"""A group in nobody's inventory was never inspected."""

from __future__ import annotations

from datetime import datetime

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text


def _asked(group: str) -> str:
    """Return SQL of whether the department of `group` reports at all; null where it has none."""
    return f"""(SELECT list_contains($kinds, d.kind) AND NOT list_contains($exempt, d.name) FROM departments d
        WHERE d.id = {group}.department_id)"""


_DUE = _asked("groups")
# What the inventory of a group's department says, read by somebody, has neither a row of the group nor an unread one.
_UNREAD = f"""SELECT g.id AS group_id, s.id AS row_id FROM all_groups g JOIN submissions s
    ON s.department_id = g.department_id AND s.kind = '规范清理情况'
    WHERE coalesce(g.created_at <= $deadline, true) AND {_asked("g")} IS NOT FALSE
        AND NOT EXISTS (SELECT 1 FROM listings l WHERE l.listed_id = g.id) AND NOT EXISTS (
        SELECT 1 FROM submissions o WHERE o.department_id = g.department_id AND o.kind = '规范清理情况'
            AND o.nil_return IS NOT NULL)"""

_UNLISTED = "NOT EXISTS (SELECT 1 FROM listings l WHERE l.listed_id = groups.id)"


class GroupListed(Rule):
    """A group that some source knows stands in the inventory of no department.

    Groups made after the deadline and groups of departments that report nothing need not be listed; one of no
    department is nobody's excuse. Put it right by adding
    the group to the inventory of the department that answers for it.
    """

    id = "REC005"
    name = "rectification/group-listed"
    subject = Subject.GROUP
    severity = Severity.WARNING
    requires = (
        Needs("listings.listed_id"),
        Needs("groups.created_at", when=f"{_UNLISTED} AND {_DUE} IS NOT FALSE"),
        Needs("groups.department_id", when=_UNLISTED, null="judged"),
        Needs("groups.department_id.kind", when=f"{_UNLISTED} AND NOT list_contains($exempt, departments.name)"),
        Needs("submissions.nil_return", null="unknown", via=_UNREAD),
    )
    only_read = {
        "submissions.department_id": "only says whose inventory was not read",
        "submissions.kind": "only says whose inventory was not read",
    }
    title = Text(zh="工作群列入了部门的规范清理情况", en="Group stands in an inventory")
    headline = Text(zh="没有列入任何部门的规范清理情况", en="Group stands in no inventory")
    message = Text(
        zh="群在其他来源中存在，但没有列入任何部门报送的规范清理情况",
        en="some source knows the group, and no department lists it in its inventory",
    )
    explanation = Text(
        zh="各部门应对现有微信工作群全面排查，没有列入的群等于没有排查。",
        en="Departments inspect all of their groups; one in no inventory was not inspected.",
    )
    remediation = (Step("department", Text(zh="补入规范清理情况并重报", en="add it to the inventory"), 3),)

    class Params(Rule.Params):
        """Which groups were there when departments took stock."""

        deadline: datetime = Field(
            datetime.fromisoformat("2024-03-27T11:00:00+08:00"),
            description="groups that were made later need not be listed",
            json_schema_extra={"zh": "此后建立的群不必列入"},
        )
        kinds: list[str] = Field(
            ["机关部门"],
            description="kinds of department that report",
            json_schema_extra={"zh": "须报送的部门类型"},
        )
        exempt: list[str] = Field(
            ["机关党委"],
            description="names of departments that report nothing",
            json_schema_extra={"zh": "不必报送的部门"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find groups that no inventory lists."""
        return estate.query(
            f"""SELECT id AS group_id FROM groups WHERE coalesce(created_at <= $deadline, true)
                AND as_of() > $deadline AND coalesce({_DUE}, department_id IS NULL) AND {_UNLISTED}""",
            params,
        )

    cases = (
        Case(
            "a group in nobody's inventory, and one of no department",
            zh="没有列入的群；不属于任何部门的群",
            given={
                "departments": [{"id": "d1", "name": "教务处", "kind": "机关部门"}],
                "groups": [
                    {"id": "g1", "created_at": "2023-01-01", "department_id": "d1"},
                    {"id": "g2", "created_at": "2023-01-01", "department_id": "d1"},
                    {"id": "g3", "created_at": "2023-01-01"},
                ],
                "submissions": [{"id": "s1", "kind": "规范清理情况", "nil_return": False}],
                "listings": [{"submission_id": "s1", "listed_id": "g2"}],
            },
            finds=("g1", "g3"),
        ),
        Case(
            "a listed group, one made after the deadline, one of a college and one of the committee",
            zh="已列入的群；截止时间之后建立的群；院系的群；机关党委的群",
            given={
                "departments": [
                    {"id": "d1", "name": "教务处", "kind": "机关部门"},
                    {"id": "d2", "name": "文学院", "kind": "教学院系"},
                    {"id": "d3", "name": "机关党委", "kind": "机关部门"},
                ],
                "groups": [
                    {"id": "g1", "created_at": "2023-01-01", "department_id": "d1"},
                    {"id": "g2", "created_at": "2024-04-01", "department_id": "d1"},
                    {"id": "g3", "created_at": "2023-01-01", "department_id": "d2"},
                    {"id": "g4", "created_at": "2023-01-01", "department_id": "d3"},
                ],
                "submissions": [{"id": "s1", "kind": "规范清理情况", "nil_return": False}],
                "listings": [{"submission_id": "s1", "listed_id": "g1"}],
            },
        ),
        Case(
            "an inventory that came and that nobody read; a group made later, and one of a college, are not in it",
            zh="报送了但没有读入的规范清理情况；此后建立的群和院系的群不必列入",
            given={
                "departments": [
                    {"id": "d1", "name": "教务处", "kind": "机关部门"},
                    {"id": "d2", "name": "文学院", "kind": "教学院系"},
                ],
                "groups": [
                    {"id": "g1", "created_at": "2023-01-01", "department_id": "d1"},
                    {"id": "g2", "created_at": "2024-04-01", "department_id": "d1"},
                    {"id": "g3", "created_at": "2023-01-01", "department_id": "d2"},
                ],
                "submissions": [
                    {"id": f"s{unit}", "kind": "规范清理情况", "department_id": unit} for unit in ("d1", "d2")
                ],
                "listings": [],
            },
            unknown=("g1",),
        ),
    )
