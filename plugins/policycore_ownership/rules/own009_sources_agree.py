"""Two lists that name different owners cannot both be right."""

from __future__ import annotations

from typing import Any

from policycore import Case, Query, Rule, RuleEstate, Severity, Step, Subject, Text, Verdict

PEOPLE: list[dict[str, Any]] = [{"id": "p1", "name": "张敏"}, {"id": "p2", "name": "赵磊"}]
ACCOUNTS: list[dict[str, Any]] = [{"id": "a1", "person_id": "p1"}, {"id": "a2", "person_id": "p2"}]


def two_sources(value: str | None, other: str | None, *, field: str = "groups.owner_id") -> dict[str, Any]:
    """Return an estate with one group of which the register says `value` and the platform `other`."""
    said = {"field": field, "id": "g1", "group_id": "g1", "value": value, "other_value": other}
    return {
        "groups": [{"id": "g1", "owner_id": value}],
        "people": PEOPLE,
        "accounts": ACCOUNTS,
        "group_sources": [
            {"group_id": "g1", "source": source, "fields": ["groups.owner_id"]} for source in ("register", "platform")
        ],
        "differences": [{**said, "source": "register", "other_source": "platform"}],
    }


class SourcesAgree(Rule):
    """An owner of whom one source knows and another does not may never have taken over, or never have handed over.

    Only groups that several sources know can differ. What the first source says is what all other rules judge; put
    the difference right in the list that is wrong, and import it again.
    """

    id = "OWN009"
    name = "ownership/sources-agree"
    subject = Subject.GROUP
    per_group = True
    severity = Severity.WARNING
    verdict = Verdict.SUSPECT
    only_read = {"accounts.person_id": "the names of the owners"}
    requires = ("groups.owner_id",)
    applies_when = "id IN (SELECT group_id FROM group_sources GROUP BY group_id HAVING count(*) > 1)"
    key_facts = ("source", "other_source")
    title = Text(zh="各来源的群主一致", en="Sources agree on the owner")
    headline = Text(zh="各来源的群主不一致", en="Sources differ on the owner")
    message = {
        "another": Text(
            zh="{source}中的群主是{owner}，{other_source}中是{other_owner}",
            en="{source} has {owner} as owner, {other_source} has {other_owner}",
        ),
        "none": Text(
            zh="{source}中没有群主，{other_source}中是{other_owner}",
            en="{source} has no owner, {other_source} has {other_owner}",
        ),
        "only": Text(
            zh="{source}中的群主是{owner}，{other_source}中没有群主",
            en="{source} has {owner} as owner, {other_source} has none",
        ),
    }
    explanation = Text(
        zh="备案表与平台的群主不一致，说明变更没有登记，或者没有转让。",
        en="Where the register and the platform name different owners, a change was not entered or never made.",
    )
    remediation = (
        Step(
            "department",
            Text(
                zh="核实谁是群主，更正有误的一份后重新导入",
                en="find out who is the owner, correct the list that is wrong, and import it again",
            ),
        ),
    )

    def check(self, estate: RuleEstate, params: Rule.Params) -> Query:
        """Find groups of whose owner two sources say different things."""
        return estate.query(
            """SELECT d.group_id, d.source, coalesce(p.name, d.value) AS owner, d.other_source,
                coalesce(q.name, d.other_value) AS other_owner,
                CASE WHEN d.value IS NULL THEN 'none' WHEN d.other_value IS NULL THEN 'only'
                    ELSE 'another' END AS reason
            FROM differences d JOIN groups g USING (group_key)
            LEFT JOIN accounts a ON a.id = d.value LEFT JOIN people p ON p.person_key = a.person_key
            LEFT JOIN accounts b ON b.id = d.other_value LEFT JOIN people q ON q.person_key = b.person_key
            WHERE d.field = 'groups.owner_id'"""
        )

    cases = (
        Case(
            "the register names another owner than the platform",
            zh="备案表与平台的群主不同",
            given=two_sources("a1", "a2"),
            finds=("g1",),
            reasons={"g1": "another"},
            facts={"g1": {"source": "register", "owner": "张敏", "other_source": "platform", "other_owner": "赵磊"}},
        ),
        Case(
            "the register names none",
            zh="备案表中没有群主",
            given=two_sources(None, "a2"),
            finds=("g1",),
            reasons={"g1": "none"},
        ),
        Case(
            "the platform has none, or an account that nobody knows",
            zh="平台上没有群主，或是无人认识的账号",
            given=two_sources("a9", None),
            finds=("g1",),
            reasons={"g1": "only"},
            facts={"g1": {"owner": "a9"}},
        ),
        Case(
            "they differ in the purpose only",
            zh="只有用途不同",
            given=two_sources("[4]", "[6]", field="groups.purpose"),
        ),
        Case(
            "one source alone cannot differ",
            zh="只有一个来源，无从不一致",
            given={"groups": [{"id": "g1", "owner_id": "a1"}], "accounts": ACCOUNTS},
        ),
    )
