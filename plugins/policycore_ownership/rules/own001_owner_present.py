"""A group without an owner has nobody who answers for it."""

from __future__ import annotations

from policycore import Case, Query, Rule, RuleEstate, Severity, Step, Subject, Text


class OwnerPresent(Rule):
    """A group without an owner has nobody who answers for it, admits or removes people.

    Put it right by naming an owner in post, or by dissolving the group.
    """

    id = "OWN001"
    name = "ownership/owner-present"
    subject = Subject.GROUP
    per_group = True
    severity = Severity.ERROR
    requires = ("groups.owner_id",)
    title = Text(zh="工作群有群主", en="Group has an owner")
    message = Text(zh="没有群主", en="the group has no owner")
    explanation = Text(
        zh="群主是直接责任人。没有群主的群，没有人对成员和内容负责。",
        en="The owner is the directly responsible person. Nobody answers for a group without one.",
    )
    remediation = (
        Step(
            "department",
            Text(zh="指定一名在职人员担任群主，或解散该群", en="name a person in post as owner, or dissolve the group"),
        ),
    )

    def check(self, estate: RuleEstate, params: Rule.Params) -> Query:
        """Find groups whose owner is null."""
        return estate.query("SELECT id AS group_id FROM groups WHERE owner_id IS NULL")

    cases = (
        Case("a group with no owner", zh="没有群主的群", given={"groups": [{"id": "g1"}]}, finds=("g1",)),
        Case(
            "a group with one",
            zh="有群主的群",
            given={"groups": [{"id": "g1", "owner_id": "a1"}], "accounts": [{"id": "a1"}]},
        ),
    )
