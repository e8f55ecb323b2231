"""People outside a group's scope do not belong in it."""

from __future__ import annotations

from typing import Any

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_admission import classes, scope
from policycore_admission.posts import UPWARDS, WORKING, Related, RelatedParams

DIRECTORY: dict[str, list[dict[str, Any]]] = {
    "departments": [
        {"id": "d1", "name": "计算机学院"},
        {"id": "d2", "name": "学院办公室", "parent_id": "d1"},
        {"id": "d3", "name": "财务处"},
    ],
    "people": [
        {"id": "p1", "name": "张伟", "status": "active"},
        {"id": "p2", "name": "李娜", "status": "active"},
        {"id": "p3", "name": "王芳", "status": "seconded", "status_since": "2024-01-01"},
        {"id": "p4", "name": "赵敏", "status": "departed", "status_since": "2024-01-01"},
    ],
    "appointments": [
        {"person_id": "p1", "department_id": "d2", "title": "主任", "rank": "科级"},
        {"person_id": "p2", "department_id": "d3", "title": "处长", "rank": "中层正职", "duties": ["财务", "党建"]},
        {"person_id": "p3", "department_id": "d3", "title": "科员", "rank": "科员"},
        {"person_id": "p3", "department_id": "d1", "title": "科员", "until": "2024-04-01"},
    ],
    "accounts": [
        {"id": "a1", "person_id": "p1", "kind": "internal"},
        {"id": "a2", "person_id": "p2", "kind": "internal"},
        {"id": "a3", "person_id": "p3", "kind": "internal"},
        {"id": "a4", "person_id": "p4", "kind": "internal"},
        {"id": "stray", "kind": "internal"},
        {"id": "guest", "kind": "external"},
        {"id": "robot", "kind": "bot"},
    ],
}


def members(*accounts: str, **lists: list[str]) -> dict[str, list[dict[str, Any]]]:
    """Return an estate with one group of `accounts`, whose scope has the given lists."""
    stays = [{"group_id": "g", "account_id": account} for account in accounts]
    return {**DIRECTORY, "groups": [{"id": "g", "name": "工作群", "scope": lists or None}], "memberships": stays}


_HAS_POSTS = """EXISTS (SELECT 1 FROM accounts a JOIN appointments t ON t.person_id = a.person_id
    WHERE a.id = subject.account_id)"""
# Accounts of nobody and people who have left are other rules' findings, whatever the scope.
_NOT_LEFT = f"""{classes.JUDGED} AND (SELECT (a.person_id IS NOT NULL OR a.kind IN ('external', 'bot'))
        AND coalesce(p.status, '') NOT IN ('retired', 'departed')
    FROM accounts a LEFT JOIN people p USING (person_key) WHERE a.id = subject.account_id)"""


class OutsideScope(Rule):
    """Whoever is in a group without belonging there reads what is not meant for them.

    A member belongs when any list of the group's scope fits: department, rank, title, duty or name.
    People who have left are departed-member's findings, accounts of nobody name-in-directory's. A scope
    without a word in it declares nothing, so that its group is a gap like one without a scope; in a CSV cell
    it is written as JSON, ``{"departments": ["d1"]}``. Whoever is seconded elsewhere belongs where their posts
    are, unless the parameter says otherwise; a bot is never called an outsider. Put it right by removing the
    member or by correcting the scope.
    """

    id = "ADM006"
    name = "admission/outside-scope"
    subject = Subject.MEMBERSHIP
    per_group = True
    severity = Severity.WARNING
    shared = scope.SHARED
    only_read = {"memberships.display_name": "what a member is called whom no person stands behind"}
    requires = (
        Needs("groups.scope", when=_NOT_LEFT, null="unknown", stands="hits"),
        Needs("memberships.account_id.person_id", when=classes.JUDGED),
        # Whoever is no person and of no known kind may be an outsider; a person of no known status is taken for one
        # in service.
        Needs(
            "memberships.account_id.kind",
            when="accounts.person_id IS NULL AND 'judge' IN ($bots, $outsiders)",
            stands="hits",
        ),
        Needs("memberships.account_id.person_id.status", when=classes.MAY_HAVE_LEFT, stands="passes"),
        Needs(
            "memberships.account_id.person_id.status",
            when=f"NOT $seconded_belong AND {classes.MAY_HAVE_LEFT}",
            stands="hits",
        ),
        *scope.post_needs("memberships.account_id.person_id.", "passes", _HAS_POSTS, UPWARDS),
        *classes.NEEDS,
    )
    title = Text(zh="群成员都在成员范围内", en="Members are within the group's scope")
    headline = Text(zh="群成员超出成员范围", en="Member is outside the group's scope")
    message = {
        "outside": Text(
            zh="{person}（{departments}）不属于本群成员范围", en="{person} ({departments}) is outside the group's scope"
        ),
        "outsider": Text(
            zh="外部账号{account}不属于本群成员范围", en="the outsider {account} is outside the group's scope"
        ),
        "machine": Text(zh="机器人{account}不属于本群成员范围", en="the bot {account} is outside the group's scope"),
        "seconded": Text(
            zh="{person}（{departments}）已借调到别处，不再属于本群成员范围",
            en="{person} ({departments}) is seconded elsewhere and no longer within the group's scope",
        ),
        **classes.MESSAGES,
    }
    explanation = Text(
        zh="不属于群成员范围的人员应及时移请出群。",
        en="People outside the group's scope should be asked to leave in time.",
    )
    remediation = (
        Step(
            "owner",
            Text(
                zh="把{account}移请出群；确因工作需要的，报部门调整成员范围",
                en="remove {account}, or have the scope widened if the work needs them",
            ),
        ),
        Step("department", Text(zh="核对登记的成员范围", en="check the scope in the register")),
    )

    tighter = {"related": ("both", "below", "same"), "seconded_belong": (True, False), **classes.TIGHTER}

    class Params(RelatedParams, classes.ClassParams):
        """How far a department of the scope reaches, and what bots and outsiders are."""

        related: Related = Field(
            "below",
            description="departments that belong to one in the scope: none, those below, above, or both",
            json_schema_extra={"zh": "范围所列部门连带计入：无、下级、上级，或两者"},
        )
        seconded_belong: bool = Field(
            True,
            description="whether people seconded elsewhere still belong where their posts are",
            json_schema_extra={"zh": "借调到别处的人是否仍按原任职属于成员范围"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find members whose person matches no list of the scope."""
        # Where the seconded belong, whoever is outside is so for another reason.
        scopes, away = scope.SCOPES, "false"
        if not params.seconded_belong:
            scopes = scope.ALL_SCOPES
            away = "a.status = 'seconded' AND (x.number, a.person_id) IN (SELECT number, person_id FROM belongs)"
        return estate.query(
            f"""WITH {scopes}, expected AS MATERIALIZED (
                SELECT b.number, a.account_key FROM belongs b JOIN account_people a ON a.person_id = b.person_id
                WHERE $seconded_belong OR a.status IS DISTINCT FROM 'seconded'
            ), extra AS (
                -- Every member passes here: only keys are read, who they are is asked for the rest. NOT IN, because
                -- an anti join may be turned round and then hashes all members (four times the time).
                SELECT s.group_id, m.account_key, s.number FROM memberships m JOIN scoped s USING (group_key)
                WHERE (s.number, m.account_key) NOT IN (SELECT number, account_key FROM expected)
            ), found AS (
                SELECT DISTINCT x.group_id, a.account_id, a.person_id, a.person_key, a.name AS person, a.kind,
                    {away} AS away
                FROM extra x JOIN account_people a USING (account_key)
                WHERE {classes.judged(params)} AND (a.person_id IS NOT NULL OR a.kind IN ('external', 'bot'))
                    AND coalesce(a.status, '') NOT IN ('retired', 'departed')
            ), {WORKING.format(people="found")}
            SELECT f.group_id, f.account_id,
                CASE WHEN f.kind = 'external' THEN 'outsider' WHEN f.kind = 'bot' THEN 'machine'
                    WHEN f.away THEN 'seconded' ELSE 'outside' END AS reason, 'fail' AS verdict,
                f.account_id AS account, f.person, f.person_id, w.departments
            FROM found f LEFT JOIN working w USING (person_key)
            UNION ALL SELECT group_id, account_id, reason, verdict, account, NULL, NULL, NULL
            FROM ({classes.class_hits(params)})""",
            {"related": params.related, "seconded_belong": params.seconded_belong},
        )

    cases = (
        Case(
            "somebody of another department, an appointment that has ended, an outsider",
            zh="别的部门的人、任职已结束的人、外部人员",
            given=members("a2", "a3", "guest", departments=["d1"]),
            finds=("g/a2", "g/a3", "g/guest"),
            reasons={"g/a2": "outside", "g/guest": "outsider"},
            facts={"g/a2": {"person": "李娜", "departments": ["财务处"]}},
        ),
        Case(
            "a department below the one in the scope",
            zh="范围所列部门的下级部门",
            given=members("a1", departments=["d1"]),
        ),
        Case(
            "a department below, where it does not count",
            zh="不计下级部门时的下级部门",
            given=members("a1", departments=["d1"]),
            params={"related": "same"},
            finds=("g/a1",),
        ),
        Case(
            "any list will do: rank, duty, title, name",
            zh="符合任一清单即可：级别、分工、职务、姓名",
            given=members("a1", "a2", "a3", ranks=["中层正职"], titles=["主任"], people=["p3"]),
        ),
        Case("one duty of several", zh="多项分工中的一项", given=members("a1", "a2", duties=["党建"]), finds=("g/a1",)),
        Case(
            "a bot, an account of nobody, somebody who left",
            zh="机器人、不属于任何人的账号、已离职的人",
            given=members("robot", "stray", "a4", departments=["d1"]),
        ),
        Case(
            "a bot where bots are judged is outside, and no outsider",
            zh="检查机器人时，机器人在范围外，但不是外部人员",
            given=members("robot", departments=["d1"]),
            params={"bots": "judge"},
            finds=("g/robot",),
            reasons={"g/robot": "machine"},
        ),
        Case(
            "seconded elsewhere: still of the scope, unless the unit says otherwise",
            zh="借调到别处：仍属于成员范围，单位另有规定的除外",
            given=members("a3", ranks=["科员"]),
        ),
        Case(
            "seconded elsewhere, where that ends it",
            zh="借调到别处即不再属于成员范围",
            given=members("a3", ranks=["科员"]),
            params={"seconded_belong": False},
            finds=("g/a3",),
            reasons={"g/a3": "seconded"},
        ),
        Case(
            "somebody who leaves later",
            zh="日后才离职的人",
            given={
                **members("a2", departments=["d1"]),
                "people": [{"id": "p2", "name": "李娜", "status": "departed", "status_since": "2024-09-01"}],
            },
            finds=("g/a2",),
        ),
        Case("nobody declared a scope", zh="没有写明成员范围", given=members("a1"), unknown=("g/a1",)),
        Case(
            "a scope without a word in it declares nothing",
            zh="空的成员范围等于没有写明",
            given=members("a1", "robot", departments=[]),
            unknown=("g/a1",),
        ),
        Case(
            "a member who has left the group",
            zh="已退群的成员",
            given={
                **members(departments=["d1"]),
                "memberships": [{"group_id": "g", "account_id": "a2", "left_at": "2024-04-01"}],
            },
        ),
    )
