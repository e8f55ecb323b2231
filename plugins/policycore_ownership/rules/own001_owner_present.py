"""A group without an owner has nobody who answers for it."""

from __future__ import annotations

from policycore import Case, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_ownership import service


class OwnerPresent(Rule):
    """A group without an owner has nobody who answers for it, admits or removes people.

    An owner whom only the member list names is not missing: the finding asks for them to be registered. Put it
    right by naming an owner in post, or by dissolving the group.
    """

    id = "OWN001"
    name = "ownership/owner-present"
    subject = Subject.GROUP
    per_group = True
    severity = Severity.ERROR
    requires = ("groups.owner_id",)
    only_read = dict.fromkeys(("accounts.person_id", "memberships.role"), "the name of the owner in the member list")
    shared = service.SHARED
    title = Text(zh="工作群有群主", en="Group has an owner")
    headline = Text(zh="没有群主", en="Group has no owner")
    message = {
        "none": Text(zh="没有群主", en="the group has no owner"),
        "unregistered": Text(
            zh="登记中没有群主，成员名单中的群主是{listed}，请补登",
            en="the register names no owner, the member list has {listed} as owner: enter them in the register",
        ),
    }
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
        return estate.query(
            """SELECT g.id AS group_id, l.listed,
                CASE WHEN l.listed IS NULL THEN 'none' ELSE 'unregistered' END AS reason
            FROM groups g LEFT JOIN (
                SELECT m.group_key, list_sort(list(DISTINCT coalesce(p.name, m.account_id))) AS listed
                FROM role_holders m LEFT JOIN accounts a USING (account_key) LEFT JOIN people p USING (person_key)
                WHERE m.role = 'owner' AND m.group_key IN (SELECT group_key FROM groups WHERE owner_id IS NULL)
                GROUP BY m.group_key
            ) l USING (group_key)
            WHERE g.owner_id IS NULL"""
        )

    cases = (
        Case("a group with no owner", zh="没有群主的群", given={"groups": [{"id": "g1"}]}, finds=("g1",)),
        Case(
            "an owner whom only the member list names",
            zh="只在成员名单中有群主",
            given={
                "groups": [{"id": "g1"}],
                "people": [{"id": "p1", "name": "王芳"}],
                "accounts": [{"id": "a1", "person_id": "p1"}],
                "memberships": [{"group_id": "g1", "account_id": "a1", "role": "owner"}],
            },
            finds=("g1",),
            reasons={"g1": "unregistered"},
            facts={"g1": {"listed": ["王芳"]}},
        ),
        Case(
            "a group with one",
            zh="有群主的群",
            given={"groups": [{"id": "g1", "owner_id": "a1"}], "accounts": [{"id": "a1"}]},
        ),
    )
