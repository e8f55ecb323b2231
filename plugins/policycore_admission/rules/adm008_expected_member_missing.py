"""People whom a group is meant for should be in it."""

from __future__ import annotations

from typing import Any

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_admission import scope
from policycore_admission.posts import WORKING, Related, RelatedParams

DIRECTORY: dict[str, list[dict[str, Any]]] = {
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
    "accounts": [
        {"id": "a1", "person_id": "p1"},
        {"id": "a1-second", "person_id": "p1"},
        {"id": "a2", "person_id": "p2"},
    ],
}


def members(*accounts: str, **lists: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Return an estate with one group of `accounts`, whose scope has the given lists."""
    stays = [{"group_id": "g", "account_id": account} for account in accounts]
    return {**DIRECTORY, "groups": [{"id": "g", "scope": lists or None}], "memberships": stays}


_IN_ANOTHER_ACCOUNT = """(subject.group_id, via.row_id) IN (SELECT m.group_id, a.person_id
    FROM memberships m JOIN accounts a USING (account_key) WHERE a.person_id IS NOT NULL)"""


class ExpectedMemberMissing(Rule):
    """Whoever belongs in a group but is not in it misses what is announced there.

    Each person in service whom the group's scope names and who is in it by none of their accounts is
    one finding, for information; where many are missing, the scope itself is the finding. People are counted,
    not accounts. A post that nobody holds is no missing member, somebody who qualifies twice counts once, and
    whoever begins later is not expected yet, nor, unless the parameter says so, whoever is seconded elsewhere.
    Put it right by inviting them, or by narrowing the scope.
    """

    id = "ADM008"
    name = "admission/expected-member-missing"
    subject = Subject.GROUP
    per_group = True
    severity = Severity.INFO
    shared = scope.SHARED
    # Nobody of no known status is said to be missing, and nobody who may be there by an account of no known person.
    requires = (
        Needs("groups.scope", null="unknown"),
        Needs("people.status", via=scope.BELONGING, when=f"NOT {_IN_ANOTHER_ACCOUNT}", stands="hits"),
        Needs("memberships.account_id.person_id", stands="passes"),
        Needs("memberships.left_at", stands="hits"),
        *scope.post_needs("", "hits"),
    )
    key_facts = ("person_id",)
    title = Text(zh="应在群内的人员都在", en="Everybody the group is meant for is in it")
    headline = Text(zh="应在群内的人员不在群内", en="Somebody the group is meant for is not in it")
    message = {
        "one": Text(
            zh="{person}（{departments}）属于成员范围，但不在群内",
            en="{person} ({departments}) is within the scope, but not in the group",
        ),
        "many": Text(
            zh="成员范围共{expected}人，其中{missing}人不在群内，请核对成员范围",
            en="of {expected} {expected:person|people} within the scope {missing} are not in the group: check the "
            "scope",
        ),
    }
    explanation = Text(
        zh="成员范围内的人员不在群内，会错过通知。仅供参考，是否需要由群主决定。",
        en="Somebody within the scope who is not in the group misses its notices. The owner decides who is needed.",
    )
    remediation = (
        Step(
            "owner",
            Text(zh="确认是否需要入群；需要的由群主拉入", en="decide whether they are needed, and let them in if so"),
        ),
        Step("department", Text(zh="成员范围过宽的，更正登记", en="correct the register if the scope is too wide")),
    )

    tighter = {"related": ("same", "below", "both"), "seconded_expected": (False, True)}

    class Params(RelatedParams):
        """How far a department of the scope reaches, and when people are named one by one."""

        related: Related = Field(
            "below",
            description="departments that belong to one in the scope: none, those below, above, or both",
            json_schema_extra={"zh": "范围所列部门连带计入：无、下级、上级，或两者"},
        )
        seconded_expected: bool = Field(
            False,
            description="whether people seconded elsewhere are expected where their posts are",
            json_schema_extra={"zh": "借调到别处的人是否仍应在原任职的群内"},
        )
        listed: int = Field(
            50,
            ge=1,
            le=1000,
            description="missing people named one by one; more of them are one finding about the scope",
            json_schema_extra={"zh": "逐一列出的缺少人数上限；超过时合为一个关于范围的问题"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Take the people of each group from the people of its scope."""
        return estate.query(
            f"""WITH {scope.SCOPES}, wanted AS (
                SELECT b.number, p.person_key FROM belongs b JOIN people p ON p.id = b.person_id
                WHERE p.status IN ('active', 'leave') OR p.status = 'seconded' AND $seconded_expected
            ), sizes AS (SELECT number, count(*) AS expected FROM wanted GROUP BY number),
            present AS MATERIALIZED (
                -- Most members of a group are wanted there: where they are asked for one by one, this is all.
                SELECT DISTINCT group_key, number, a.person_key
                FROM memberships m JOIN scoped s USING (group_key) JOIN accounts a USING (account_key)
                SEMI JOIN wanted w ON w.number = s.number AND w.person_key = a.person_key
            ), counted AS MATERIALIZED (
                SELECT s.group_id, group_key, s.number, z.expected, z.expected - coalesce(i.people, 0) AS missing
                FROM scoped s JOIN sizes z ON z.number = s.number
                LEFT JOIN (SELECT group_key, count(*) AS people FROM present GROUP BY group_key) i USING (group_key)
            ), missing AS (
                SELECT f.group_id, f.expected, w.person_key
                FROM (FROM counted WHERE missing BETWEEN 1 AND $listed) f JOIN wanted w ON w.number = f.number
                ANTI JOIN present i ON i.group_key = f.group_key AND i.person_key = w.person_key
            ), {WORKING.format(people="missing")}
            SELECT m.group_id, 'one' AS reason, p.id AS person_id, p.name AS person, w.departments, m.expected,
                NULL AS missing
            FROM missing m JOIN people p USING (person_key) LEFT JOIN working w USING (person_key)
            UNION ALL SELECT group_id, 'many', NULL, NULL, NULL, expected, missing
            FROM counted WHERE missing > $listed""",
            params,
        )

    cases = (
        Case(
            "two people of the scope are not in the group",
            zh="范围内有两人不在群内",
            given=members(departments=["d1"]),
            finds=("g", "g"),
        ),
        Case(
            "in it by a second account; the retired are not expected",
            zh="以另一账号在群内；已退休的不要求在群内",
            given=members("a1-second", "a2", departments=["d1"]),
        ),
        Case(
            "somebody who qualifies twice counts once",
            zh="两项条件都符合的人只计一次",
            given=members("a2", departments=["d1"], ranks=["中层正职"]),
            finds=("g",),
            facts={"g": {"person": "张伟"}},
        ),
        Case("a vacant post is nobody", zh="职位空缺不算缺人", given=members("a1", titles=["处长", "总会计师"])),
        Case(
            "many missing are one finding about the scope",
            zh="缺人很多时合为一个关于范围的问题",
            given=members(departments=["d1"]),
            params={"listed": 1},
            finds=("g",),
            reasons={"g": "many"},
            facts={"g": {"expected": 2, "missing": 2}},
        ),
        Case(
            "people are counted: one who is there by two accounts does not stand for two",
            zh="按人计数：以两个账号在群内的人不能顶两个人",
            given=members("a1", "a1-second", people=["p1", "p2", "p4"])
            | {"people": [*DIRECTORY["people"], {"id": "p4", "name": "赵敏"}]},
            params={"listed": 1},
            finds=("g",),
            reasons={"g": "many"},
            facts={"g": {"expected": 3, "missing": 2}},
        ),
        Case(
            "whoever begins later, or is seconded elsewhere, is not expected",
            zh="以后才到任的人、借调到别处的人不要求在群内",
            given=members(people=["p4", "p5"])
            | {
                "people": [
                    {"id": "p4", "name": "赵敏", "status_since": "2024-09-01"},
                    {"id": "p5", "name": "钱进", "status": "seconded"},
                ]
            },
        ),
        Case(
            "somebody of no known status is not said to be missing; who certainly is, is",
            zh="状态不明的人不算缺少；确定缺少的照样列出",
            given=members(people=["p1", "p4"])
            | {"people": [*DIRECTORY["people"], {"id": "p4", "name": "赵敏", "status": None}]},
            finds=("g",),
            unknown=("g",),
            facts={"g": {"person_id": "p1"}},
        ),
        Case(
            "only somebody of no known status is not there",
            zh="不在群内的只有状态不明的人",
            given=members(people=["p4"]) | {"people": [{"id": "p4", "name": "赵敏", "status": None}]},
            unknown=("g",),
        ),
        Case("nobody declared a scope", zh="没有写明成员范围", given=members("a1"), unknown=("g",)),
    )
