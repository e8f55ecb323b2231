"""An old group had as many members as the policy says."""

from __future__ import annotations

from typing import Any

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_composition.formula import asked_of_groups, estate, formula
from policycore_composition.rules.com006_old_group_dissolved import _OLD, _REPLACES


def _old(*accounts: str, left: str | None = None, **group: object) -> dict[str, Any]:
    """Return an estate whose old group has these accounts."""
    stays = [{"group_id": "old", "account_id": one, "joined_at": "2020-01-01", "left_at": left} for one in accounts]
    return estate(groups=[{**_OLD, **group}], memberships=stays)


class StatedSize(Rule):
    """The list of members does not have the number that the policy states, as of the day of the policy.

    A list that has nobody of a group says nothing of it. Put it right by finding out which of the two is wrong.
    """

    id = "COM007"
    name = "composition/stated-size"
    subject = Subject.GROUP
    severity = Severity.INFO
    applies_when = "id IN (SELECT group_id FROM replaced_groups WHERE size IS NOT NULL)"
    include_dissolved = True
    requires = (
        "memberships.account_id",
        Needs("memberships.joined_at", when="memberships.group_id IS NOT NULL"),
        Needs(
            "memberships.joined_at",
            when="NOT EXISTS (SELECT 1 FROM membership_history h WHERE h.group_id = subject.group_id)",
            null="unknown",
        ),
        "memberships.left_at",
        *asked_of_groups("replaced_groups"),
    )
    title = Text(zh="原群人数与制度所述一致", en="Old groups had as many members as the policy says")
    headline = Text(zh="原群人数与制度所述不一致", en="An old group had another number of members than stated")
    message = Text(
        zh="{on}有成员{members}名，制度所述为{size}名",
        en="{members} {members:member|members} on {on}, where the policy says {size}",
    )
    explanation = Text(
        zh="整改以通知所述的现状为起点；人数不符，说明数据不全或通知有误。",
        en="The rectification starts from what the notice states; where numbers differ, data or notice is incomplete.",
    )
    remediation = (Step("committee", Text(zh="核对原群成员名单", en="check the old group's list of members")),)

    class Params(Rule.Params):
        """When the policy counted."""

        on: str | None = Field(
            None,
            pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
            description="day of the number where the formula gives none",
            json_schema_extra={"zh": "公式未写日期时，人数所指的日期"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Count who was there at the end of the day."""
        return estate.query(
            """WITH sized AS (
                SELECT group_id, size, coalesce(size_on, CAST($on AS DATE), CAST(as_of() AS DATE)) AS day,
                    CAST(day + 1 AS TIMESTAMPTZ) AS moment FROM replaced_groups WHERE size IS NOT NULL
            )
            SELECT s.group_id, s.size, s.day AS on, count(DISTINCT m.account_id) AS members FROM sized s
            JOIN membership_history m ON m.group_id = s.group_id
            WHERE m.joined_at < s.moment AND (m.left_at IS NULL OR m.left_at >= s.moment) GROUP BY ALL
            HAVING count(DISTINCT m.account_id) <> s.size""",
            params,
        )

    cases = (
        Case(
            "two instead of three",
            zh="应为三名，实有两名",
            given=_old("a1", "a2"),
            memberships=formula(replaces=_REPLACES),
            finds=("old",),
            facts={"old": {"members": 2, "size": 3}},
        ),
        Case(
            "three then, who left when the group was dissolved",
            zh="当时三名，解散时退群",
            given=_old("a1", "a2", "a3", left="2024-04-02", dissolved_at="2024-04-02"),
            memberships=formula(replaces=_REPLACES),
        ),
        Case(
            "a list that has nobody of the group",
            zh="名单中没有该群的人",
            given=_old(),
            memberships=formula(replaces=_REPLACES),
            unknown=("old",),
        ),
    )
