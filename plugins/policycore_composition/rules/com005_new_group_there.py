"""The group that the policy wants is there, once, and is no old one."""

from __future__ import annotations

from policycore import Case, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_composition.formula import GROUP_GRACE, GraceParams, asked_of_groups, estate, formula


class NewGroupThere(Rule):
    """No group is there to which a formula applies, or several are; the old one under the old id does not count.

    Without a group nobody's membership is judged, and that must not look like good order: a name that is written
    differently is found here too. Put it right by building the group, or by correcting the formula.
    """

    id = "COM005"
    name = "composition/new-group-there"
    subject = Subject.ESTATE
    severity = Severity.WARNING
    requires = (
        *asked_of_groups(),
        Needs(
            "groups.dissolved_at",
            when="groups.id IN (SELECT group_id FROM formula_groups UNION ALL SELECT group_id FROM replaced_groups)",
        ),
    )
    key_facts = ("formula",)
    title = Text(zh="规定的群已建立，且只有一个", en="Each group that the policy wants is there once")
    headline = Text(zh="规定的群没有建立，或不止一个", en="A group that the policy wants is not there, or several are")
    message = {
        "none": Text(zh="没有“{title_zh}”（公式{formula}）", en="there is no {title_en} (formula {formula})"),
        "reused": Text(
            zh="没有新的“{title_zh}”，只有原群{groups}：新群应另建，群编号不同",
            en="there is no new {title_en}, only the old group {groups}: the new one has another id",
        ),
        "several": Text(
            zh="“{title_zh}”有{number}个：{groups}",
            en="there are {number} {number:group|groups} for the {title_en}: {groups}",
        ),
    }
    explanation = Text(
        zh="没有群就没有可以核对的成员；同一用途有几个群，通知就会发错。",
        en="Without the group no member can be checked; with several, notices go astray.",
    )
    remediation = (
        Step(
            "committee", Text(zh="新建“{title_zh}”，或更正规则集", en="build the {title_en}, or correct the rule set")
        ),
    )
    tighter = {"grace_days": "lower"}
    Params = GraceParams

    def check(self, estate: RuleEstate, params: GraceParams) -> Query:
        """Count the groups of each formula that are not dissolved."""
        return estate.query(
            f"""WITH there AS (
                SELECT f.formula, list(g.id ORDER BY g.id) AS groups FROM formula_groups f
                JOIN all_groups g ON g.id = f.group_id WHERE g.dissolved_at IS NULL GROUP BY f.formula
            ), old AS (
                SELECT f.formula, list(g.id ORDER BY g.id) AS groups FROM replaced_groups f
                JOIN all_groups g ON g.id = f.group_id WHERE g.dissolved_at IS NULL GROUP BY f.formula
            )
            SELECT f.formula, f.title_zh, f.title_en, coalesce(len(t.groups), 0) AS number,
                coalesce(t.groups, o.groups) AS groups,
                CASE WHEN len(t.groups) > 1 THEN 'several' WHEN o.groups IS NOT NULL THEN 'reused' ELSE 'none' END
                    AS reason
            FROM formulas f LEFT JOIN there t USING (formula) LEFT JOIN old o USING (formula)
            WHERE len(t.groups) > 1 OR t.groups IS NULL AND {GROUP_GRACE}""",
            params,
        )

    cases = (
        Case(
            "no new group after the grace period",
            zh="宽限期后仍没有新群",
            given=estate(groups=[{"id": "g", "name": "别的群", "created_at": "2024-03-28"}]),
            memberships=formula(),
            finds=("estate",),
            reasons={"estate": "none"},
        ),
        Case(
            "only the old one, under its old id",
            zh="只有原群，群编号未变",
            given=estate(groups=[{"id": "old", "name": "机关党委工作群", "created_at": "2019-09-10"}]),
            memberships=formula(replaces={"groups": "name = '机关党委工作群' AND created_at < DATE '2024-03-22'"}),
            finds=("estate",),
            reasons={"estate": "reused"},
        ),
        Case(
            "two of them",
            zh="有两个",
            given=estate(
                groups=[{"id": one, "name": "机关党委工作群", "created_at": "2024-03-28"} for one in ("g1", "g2")]
            ),
            memberships=formula(),
            finds=("estate",),
            reasons={"estate": "several"},
        ),
        Case("one, and none before", zh="有一个", given=estate(), memberships=formula()),
        Case(
            "none yet, within the grace period",
            zh="宽限期内尚未建立",
            given=estate(groups=[{"id": "g", "name": "别的群", "created_at": "2024-03-01"}]),
            memberships=formula(),
            as_of="2024-03-27T00:00:00+08:00",
        ),
    )
