"""Nobody else is in a group whose members the policy names."""

from __future__ import annotations

from policycore import Case, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_composition.formula import DOUBTED, asked_of_groups, estate, formula, post_needs

_OPEN = """SELECT m.group_id, m.account_id, e.person_id AS row_id FROM expected_members e
    JOIN memberships m ON m.group_id = e.group_id JOIN accounts a ON a.id = m.account_id AND a.person_id = e.person_id
    WHERE e.due IS NULL"""


class ExtraMember(Rule):
    """Somebody is in the group who does not make it up by the formula of the rule set.

    Whoever may be there without being due (several deputies for one place, somebody seconded elsewhere) is left
    alone, a bot too; an account of nobody is name-in-directory's finding. Put it right by removing the member, or by
    correcting directory or formula.
    """

    id = "COM002"
    name = "composition/extra-member"
    subject = Subject.MEMBERSHIP
    severity = Severity.WARNING
    applies_when = "group_id IN (SELECT group_id FROM formula_groups)"
    requires = (
        *post_needs(
            _OPEN,
            f"(subject.group_id, subject.account_id) IN (SELECT (group_id, account_id) FROM ({_OPEN}))",
            "passes",
        ),
        Needs("memberships.account_id.person_id"),
        Needs("memberships.account_id.kind", when="accounts.person_id IS NULL", stands="hits"),
        Needs("memberships.left_at", stands="passes"),
        *asked_of_groups(),
    )
    title = Text(zh="群内没有规定以外的人员", en="Nobody else is in the group")
    headline = Text(zh="群内有规定以外的人员", en="Somebody is in the group who does not make it up")
    message = {
        "outside": Text(
            zh="{person}（{posts}）不是本群规定的成员", en="{person} ({posts}) is none of those who make up the group"
        ),
        "former": Text(
            zh="{person}（{posts}）不是本群规定的成员，{until}起不再任原职",
            en="{person} ({posts}) is none of those who make up the group; a former post ended on {until}",
        ),
        "gone": Text(
            zh="{person}已不在职（{since}起），不是本群规定的成员",
            en="{person} has left service ({since}) and is none of those who make up the group",
        ),
        "outsider": Text(
            zh="外部账号{account}不是本群规定的成员",
            en="the outsider {account} is none of those who make up the group",
        ),
    }
    explanation = Text(
        zh="群由制度规定的人员组成；其他人在群内，人员复杂、职责不清。",
        en="The policy says who makes up the group; others blur whose task is what.",
    )
    remediation = (
        Step("owner", Text(zh="把{account}移请出群", en="remove {account}")),
        Step(
            "department", Text(zh="任职已变动的，更新人员名册", en="correct the directory where the post has changed")
        ),
    )

    def check(self, estate: RuleEstate, params: Rule.Params) -> Query:
        """Take who belongs from who is there."""
        return estate.query(
            f"""SELECT m.group_id, m.account_id, any_value(m.account_id) AS account,
                any_value(a.person_id) AS person_id, any_value(p.name) AS person, min(m.joined_at) AS joined,
                coalesce(list(DISTINCT concat(t.department, t.title) ORDER BY concat(t.department, t.title))
                    FILTER (t.department IS NOT NULL), []) AS posts,
                coalesce(list(DISTINCT t.department ORDER BY t.department) FILTER (t.department IS NOT NULL), [])
                    AS departments, max(h.until) AS until, any_value(p.status_since) AS since,
                CASE WHEN any_value(a.person_id) IS NULL THEN 'outsider'
                    WHEN any_value(p.status) IN ('retired', 'departed') THEN 'gone'
                    WHEN max(h.until) IS NOT NULL THEN 'former' ELSE 'outside' END AS reason,
                CASE WHEN bool_and(f.{DOUBTED}) THEN 'suspect' ELSE 'fail' END AS verdict
            FROM memberships m JOIN formula_groups f ON f.group_id = m.group_id
            JOIN accounts a ON a.id = m.account_id LEFT JOIN people p ON p.id = a.person_id
            LEFT JOIN posts t ON t.person_id = a.person_id
            LEFT JOIN appointment_history h ON h.person_id = a.person_id AND h.until <= as_of()
            WHERE (a.person_id IS NOT NULL OR a.kind = 'external') AND coalesce(a.kind, '') <> 'bot'
                AND NOT EXISTS (SELECT 1 FROM expected_members e
                    WHERE e.group_id = m.group_id AND e.person_id = a.person_id)
            GROUP BY m.group_id, m.account_id"""
        )

    cases = (
        Case(
            "the head of a college, an outsider; a bot is left alone",
            zh="学院的负责人、外部人员；机器人不计",
            given=estate("a1", "a2", "a3", "a4", "a5", "guest", "robot"),
            memberships=formula(),
            finds=("g/a5", "g/guest"),
            reasons={"g/a5": "outside", "g/guest": "outsider"},
            facts={"g/a5": {"person": "孙悦", "posts": ["文学院院长"]}},
        ),
        Case(
            "a post that has ended, somebody retired",
            zh="任职已结束的人、已退休的人",
            given=estate(
                "a1",
                "a2",
                people=[
                    {"id": "p1", "name": "张伟"},
                    {"id": "p2", "name": "李娜", "status": "retired", "status_since": "2024-03-01"},
                ],
                appointments=[
                    {"person_id": "p1", "department_id": "d1", "rank": "中层正职", "until": "2024-04-01"},
                    {"person_id": "p1", "department_id": "d1", "title": "调研员", "rank": "科员"},
                    {"person_id": "p2", "department_id": "d1", "rank": "中层正职"},
                ],
            ),
            memberships=formula(),
            finds=("g/a1", "g/a2"),
            reasons={"g/a1": "former", "g/a2": "gone"},
        ),
        Case(
            "two deputies for one place may both be there until it is settled",
            zh="同一名额有两名副职，确定之前都可以在群内",
            given=estate(
                "a2",
                "a5",
                appointments=[
                    {"person_id": one, "department_id": "d1", "rank": "中层副职", "duties": ["党建"]}
                    for one in ("p2", "p5")
                ],
            ),
            memberships=formula(),
        ),
        Case(
            "whoever is taken out of the formula",
            zh="公式中除外的人",
            given=estate("a1", "a3"),
            memberships=formula({"ranks": ["中层正职"]}, minus=[{"departments": ["d2"]}]),
            finds=("g/a3",),
        ),
        Case(
            "no formula for this group",
            zh="本群没有公式",
            given=estate("a5", groups=[{"id": "g", "name": "其他群", "created_at": "2024-03-28"}]),
            memberships=formula(),
        ),
    )
