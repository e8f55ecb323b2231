"""Joining needs the owner's approval."""

from __future__ import annotations

from policycore import Case, Query, Rule, RuleEstate, Severity, Step, Subject, Text


class ApprovalOn(Rule):
    """With join approval off, every member lets people in and the owner learns of it afterwards.

    A setting that nobody knows is unknown, not off. Put it right in the group's settings.
    """

    id = "ADM005"
    name = "admission/approval-on"
    subject = Subject.GROUP
    per_group = True
    severity = Severity.WARNING
    requires = ("groups.join_approval",)
    title = Text(zh="已开启入群确认", en="Join approval is on")
    headline = Text(zh="未开启入群确认", en="Join approval is off")
    message = Text(zh="没有开启入群确认，任何成员都能拉人入群", en="join approval is off: any member can let people in")
    explanation = Text(
        zh="入群人员一律由群主确认。开启入群确认，群主才能逐一确认。",
        en="The owner admits everybody. Only with join approval on does the owner get to decide each time.",
    )
    remediation = (
        Step("owner", Text(zh="在群管理中开启“入群需确认”", en="switch join approval on in the group's settings")),
    )

    def check(self, estate: RuleEstate, params: Rule.Params) -> Query:
        """Find groups whose setting is off."""
        return estate.query("SELECT id AS group_id, join_approval FROM groups WHERE NOT join_approval", params)

    cases = (
        Case(
            "approval is off",
            zh="未开启入群确认",
            given={"groups": [{"id": "g1", "join_approval": False}]},
            finds=("g1",),
        ),
        Case("approval is on", zh="已开启入群确认", given={"groups": [{"id": "g1", "join_approval": True}]}),
        Case("nobody wrote it down", zh="没有人登记", given={"groups": [{"id": "g1"}]}, unknown=("g1",)),
        Case(
            "off in a dissolved group",
            zh="已解散的群未开启",
            given={"groups": [{"id": "g1", "join_approval": False, "dissolved_at": "2024-04-01"}]},
        ),
    )
