"""People whom a group is meant for should be in it."""

from __future__ import annotations

from policycore import Case, Field, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_admission import scope
from policycore_admission.posts import Related, RelatedParams

DIRECTORY = {
    "departments": [{"id": "d1", "name": "教务处"}, {"id": "d2", "name": "教学科", "parent_id": "d1"}],
    "people": [
        {"id": "p1", "name": "张伟", "status": "active"},
        {"id": "p2", "name": "李娜", "status": "active"},
        {"id": "p3", "name": "王芳", "status": "retired", "status_since": "2024-01-01"},
    ],
    "appointments": [
        {"person_id": "p1", "department_id": "d1", "title": "处长", "rank": "中层正职"},
        {"person_id": "p1", "department_id": "d2", "title": "科长", "rank": "科级"},
        {"person_id": "p2", "department_id": "d2", "title": "科员", "rank": "科员"},
        {"person_id": "p3", "department_id": "d1", "title": "副处长", "rank": "中层副职"},
    ],
    "accounts": [{"id": "a1", "person_id": "p1"}, {"id": "a1-second", "person_id": "p1"}, {"id": "a2", "person_id": "p2"}],
}


def members(*accounts: str, **lists: list[str]) -> dict[str, list[dict[str, object]]]:
    """Return an estate with one group of `accounts`, whose scope has the given lists."""
    stays = [{"group_id": "g", "account_id": account} for account in accounts]
    return {**DIRECTORY, "groups": [{"id": "g", "scope": lists or None}], "memberships": stays}


class ExpectedMemberMissing(Rule):
    """Whoever belongs in a group but is not in it misses what is announced there.

    Each person in service whom the group's scope names and who is in it by none of their accounts is
    one finding, for information. A post that nobody holds is no missing member, and somebody who
    qualifies twice counts once. Put it right by inviting them, or by narrowing the scope.
    """

    id = "ADM008"
    name = "admission/expected-member-missing"
    subject = Subject.GROUP
    severity = Severity.INFO
    requires = ("memberships.account_id", "people.name", *scope.FIELDS)
    requires_value = ("groups.scope",)
    key_facts = ("person_id",)
    title = Text(zh="应在群内的人员都在", en="Everybody the group is meant for is in it")
    message = Text(zh="{person}（{departments}）属于成员范围，但不在群内", en="{person} ({departments}) is within the scope, but not in the group")
    explanation = Text(
        zh="成员范围内的人员不在群内，会错过通知。仅供参考，是否需要由群主决定。",
        en="Somebody within the scope who is not in the group misses its notices. The owner decides whether they are needed.",
    )
    remediation = (
        Step("owner", Text(zh="确认{person}是否需要入群；需要的由群主拉入", en="decide whether {person} is needed, and let them in if so")),
    )

    class Params(RelatedParams):
        """Say how far a department of the scope reaches."""

        related: Related = Field("below", description="departments that belong to one in the scope: none, those below, above, or both")

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Take the people of each group from the people of its scope."""
        return estate.query(
            f"""WITH RECURSIVE {scope.SCOPES}, wanted AS (
                SELECT s.group_id, b.person_id FROM scoped s JOIN belongs b ON b.number = s.number
            ), present AS (
                SELECT m.group_id, a.person_id FROM memberships m JOIN accounts a ON a.id = m.account_id
            ), missing AS (
                SELECT w.group_id, p.id AS person_id, p.name AS person FROM wanted w JOIN people p ON p.id = w.person_id
                ANTI JOIN present i ON i.group_id = w.group_id AND i.person_id = w.person_id
                WHERE coalesce(p.status, '') NOT IN ('retired', 'departed', 'seconded')
            ), posts AS (
                SELECT t.person_id, list(DISTINCT d.name ORDER BY d.name) AS departments
                FROM appointments t JOIN departments d ON d.id = t.department_id
                WHERE t.person_id IN (SELECT person_id FROM missing) GROUP BY t.person_id
            )
            SELECT m.*, t.departments FROM missing m LEFT JOIN posts t ON t.person_id = m.person_id""",
            params,
        )

    cases = (
        Case("two people of the scope are not in the group", given=members(departments=["d1"]), finds=("g", "g")),
        Case("in it by a second account; the retired are not expected", given=members("a1-second", "a2", departments=["d1"])),
        Case("somebody who qualifies twice counts once", given=members("a2", departments=["d1"], ranks=["中层正职"]), finds=("g",),
            facts={"g": {"person": "张伟"}}),
        Case("a vacant post is nobody", given=members("a1", titles=["处长", "总会计师"])),
        Case("nobody declared a scope", given=members("a1"), unknown=("g",)),
    )
