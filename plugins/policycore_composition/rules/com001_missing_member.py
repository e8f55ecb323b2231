"""Whoever a group is made up of must be in it."""

from __future__ import annotations

from policycore import Case, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_composition.formula import APPLIES, DOUBTED, asked_of_groups, estate, formula, post_needs

_PRESENT = """SELECT m.group_id, a.person_id FROM memberships m JOIN accounts a ON a.id = m.account_id
    WHERE m.group_id IN (SELECT group_id FROM formula_groups) AND a.person_id IS NOT NULL"""
_OPEN = f"""SELECT group_id, person_id AS row_id FROM expected_members
    WHERE due IS NULL AND (group_id, person_id) NOT IN ({_PRESENT})"""


class MissingMember(Rule):
    """Somebody belongs in the group by the formula of the rule set and is not in it.

    People are counted, not accounts, and once however often they qualify. A vacant post is nobody, somebody
    seconded elsewhere or not begun yet is not expected, and where several qualify for one place, none of them is
    missed before it is settled who it is. Put it right by letting them in.
    """

    id = "COM001"
    name = "composition/missing-member"
    subject = Subject.GROUP
    severity = Severity.WARNING
    applies_when = APPLIES
    requires = (
        *post_needs(_OPEN, f"EXISTS (SELECT 1 FROM ({_OPEN}) o WHERE o.group_id = subject.group_id)", "hits"),
        # Whose account it is could only excuse; that somebody has left could only add.
        "memberships.account_id",
        Needs("memberships.account_id.person_id", stands="passes"),
        Needs("memberships.left_at", stands="hits"),
        *asked_of_groups(),
    )
    key_facts = ("person_id",)
    title = Text(zh="应在群内的人员都在群内", en="Everybody who makes up the group is in it")
    headline = Text(zh="应在群内的人员缺席", en="Somebody who makes up the group is not in it")
    message = {
        "missing": Text(
            zh="{person}（{posts}）应在群内，但不在", en="{person} ({posts}) belongs in the group and is not in it"
        ),
        "left": Text(
            zh="{person}（{posts}）应在群内，但已于{left}退群",
            en="{person} ({posts}) belongs in the group and left it on {left}",
        ),
        "named": Text(zh="{person}应在群内，但不在", en="{person} belongs in the group and is not in it"),
    }
    explanation = Text(
        zh="群由制度规定的人员组成；缺一人，就有一个部门收不到通知。",
        en="The policy says who makes up the group; whoever is missing leaves a department without its notices.",
    )
    remediation = (
        Step("owner", Text(zh="把{person}拉入群", en="let {person} in")),
        Step(
            "department", Text(zh="任职已变动的，更新人员名册", en="correct the directory where the post has changed")
        ),
    )

    def check(self, estate: RuleEstate, params: Rule.Params) -> Query:
        """Take who is there from who is due."""
        return estate.query(
            f"""WITH gone AS (
                SELECT m.group_id, a.person_id, max(m.left_at) AS left_at FROM membership_history m
                JOIN accounts a ON a.id = m.account_id WHERE m.group_id IN (SELECT group_id FROM formula_groups)
                GROUP BY ALL
            )
            SELECT e.group_id, e.person_id, any_value(p.name) AS person, any_value(e.posts) AS posts,
                any_value(e.departments) AS departments,
                min(e.since) AS since, max(o.left_at) AS left,
                CASE WHEN max(o.left_at) IS NOT NULL THEN 'left' WHEN len(any_value(e.posts)) > 0 THEN 'missing'
                    ELSE 'named' END AS reason,
                CASE WHEN bool_and({DOUBTED}) THEN 'suspect' ELSE 'fail' END AS verdict
            FROM expected_members e JOIN people p ON p.id = e.person_id
            LEFT JOIN gone o ON o.group_id = e.group_id AND o.person_id = e.person_id
            WHERE e.due AND (e.group_id, e.person_id) NOT IN ({_PRESENT}) GROUP BY e.group_id, e.person_id"""
        )

    cases = (
        Case(
            "the head is not there, the deputy left again",
            zh="正职不在群内，副职退了群",
            given=estate(
                memberships=[
                    *({"group_id": "g", "account_id": one, "joined_at": "2024-03-28"} for one in ("a3", "a4")),
                    {"group_id": "g", "account_id": "a2", "joined_at": "2024-03-28", "left_at": "2024-04-02"},
                ]
            ),
            memberships=formula(),
            finds=("g", "g"),
        ),
        Case(
            "everybody is there, one by another account; a vacant post is nobody",
            zh="人员齐全，有一人用另一账号；空缺的职位不算人",
            given=estate("a1-second", "a2", "a3", "a4"),
            memberships=formula(),
        ),
        Case(
            "who qualifies twice counts once",
            zh="两项条件都符合的人只计一次",
            given=estate("a1", "a2", "a4"),
            memberships=formula(),
            finds=("g",),
            facts={"g": {"person": "王芳", "posts": ["机关党委书记"]}},
        ),
        Case(
            "somebody named, and somebody seconded, who is not expected",
            zh="点名的人；借调的人不要求在群内",
            given=estate(
                "a3", people=[{"id": "p1", "name": "张伟"}, {"id": "p3", "name": "王芳", "status": "seconded"}]
            ),
            memberships=formula({"people": ["张伟", "p3"]}),
            finds=("g",),
            reasons={"g": "named"},
        ),
        Case(
            "a group of that name from before is another one",
            zh="以前的同名群不是这个群",
            given=estate(groups=[{"id": "g", "name": "机关党委工作群", "created_at": "2019-09-10"}]),
            memberships=formula(),
        ),
    )
