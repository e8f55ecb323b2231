"""The groups that are made anew are dissolved."""

from __future__ import annotations

from policycore import Case, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_composition.formula import GROUP_GRACE, GraceParams, asked_of_groups, estate, formula

_OLD = {"id": "old", "name": "机关党委工作群", "created_at": "2019-09-10"}
_REPLACES = {"groups": "name = '机关党委工作群' AND created_at < DATE '2024-03-22'", "size": 3, "on": "2024-03-22"}


class OldGroupDissolved(Rule):
    """A group that the policy makes anew is still there.

    Old and new share a name; they are told apart by id and by when they were made. The policy gives no day, so the
    days of grace are a parameter. Put it right by dissolving the old group.
    """

    id = "COM006"
    name = "composition/old-group-dissolved"
    subject = Subject.GROUP
    severity = Severity.WARNING
    applies_when = "id IN (SELECT group_id FROM replaced_groups)"
    include_dissolved = True
    requires = (
        *asked_of_groups("replaced_groups"),
        Needs("groups.dissolved_at", when=GROUP_GRACE),
    )
    title = Text(zh="被取代的原群已解散", en="The groups that were made anew are dissolved")
    headline = Text(zh="原群尚未解散", en="An old group is not dissolved")
    message = {
        "both": Text(
            zh="原“{title_zh}”尚未解散，新群{successors}已建立",
            en="the old {title_en} is not dissolved, though the new one ({successors}) is there",
        ),
        "alone": Text(
            zh="原“{title_zh}”尚未解散，新群也未建立", en="the old {title_en} is not dissolved, nor is a new one there"
        ),
    }
    explanation = Text(
        zh="原群人员复杂、职责不清，新群建立后应解散，同名两群并存会发错通知。",
        en="The old groups mixed people and tasks; two groups of one name lead notices astray.",
    )
    remediation = (
        Step("owner", Text(zh="确认成员已转入新群后解散原群", en="dissolve it once its people are in the new one")),
    )
    tighter = {"grace_days": "lower"}
    Params = GraceParams

    def check(self, estate: RuleEstate, params: GraceParams) -> Query:
        """Take the old groups that stand after the days of grace."""
        return estate.query(
            f"""SELECT r.group_id, any_value(f.title_zh) AS title_zh, any_value(f.title_en) AS title_en,
                list(DISTINCT n.group_id ORDER BY n.group_id) FILTER (n.group_id IS NOT NULL) AS successors,
                CASE WHEN count(n.group_id) > 0 THEN 'both' ELSE 'alone' END AS reason
            FROM replaced_groups r JOIN formulas f ON f.formula = r.formula JOIN all_groups g ON g.id = r.group_id
            LEFT JOIN formula_groups n ON n.formula = r.formula
            WHERE g.dissolved_at IS NULL AND NOT r.undecided AND {GROUP_GRACE} GROUP BY r.group_id""",
            params,
        )

    cases = (
        Case(
            "old and new side by side",
            zh="新旧两群并存",
            given=estate(groups=[_OLD, {"id": "g", "name": "机关党委工作群", "created_at": "2024-03-28"}]),
            memberships=formula(replaces=_REPLACES),
            finds=("old",),
            reasons={"old": "both"},
        ),
        Case(
            "dissolved",
            zh="已解散",
            given=estate(groups=[{**_OLD, "dissolved_at": "2024-04-02"}]),
            memberships=formula(replaces=_REPLACES),
        ),
        Case(
            "within the days of grace",
            zh="宽限期内",
            given=estate(groups=[_OLD]),
            memberships=formula(replaces=_REPLACES),
            as_of="2024-03-27T00:00:00+08:00",
        ),
    )
