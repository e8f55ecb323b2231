"""An owner who has left, retired or gone elsewhere answers for nothing."""

from __future__ import annotations

from typing import Any

from policycore import Case, Field, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_ownership import service

PEOPLE: list[dict[str, Any]] = [
    {"id": "p1", "name": "王建国", "status": "retired", "status_since": "2024-04-12T00:00:00+08:00"},
    {"id": "p2", "name": "李敏", "status": "active"},
    {"id": "p3", "name": "赵磊", "status": "seconded", "status_since": "2024-03-01T00:00:00+08:00"},
    {"id": "p4", "name": "李敏", "status": "leave", "status_since": "2024-01-01T00:00:00+08:00"},
    {"id": "p5", "name": "周琳", "status": "departed", "status_since": "2024-05-01T00:00:00+08:00"},
    {"id": "p6", "name": "吴静", "status": "departed"},
    {"id": "p7", "name": "郑强", "status": None},
    {"id": "p8", "name": "冯丽", "status_since": "2024-09-01"},
]
ACCOUNTS: list[dict[str, Any]] = [
    *({"id": f"a{number}", "person_id": f"p{number}", "kind": "internal"} for number in range(1, 9)),
    {"id": "bot", "kind": "bot"},
    {"id": "guest", "kind": "external", "person_id": "p2"},
    {"id": "stray", "kind": "internal"},
]


def owned_by(*accounts: str) -> dict[str, list[dict[str, Any]]]:
    """Return an estate with one group for each owner's account."""
    groups = [{"id": f"g-{account}", "owner_id": account} for account in accounts]
    return {"groups": groups, "people": PEOPLE, "accounts": ACCOUNTS}


class OwnerInPost(Rule):
    """A group whose owner has left has nobody who answers for it.

    The owner must be a person of the directory, with an internal account, and neither retired,
    departed nor seconded for longer than the grace. On leave is still in post. A group without an
    owner is owner-present's finding. Put it right by handing the group over.
    """

    id = "OWN002"
    name = "ownership/owner-in-post"
    subject = Subject.GROUP
    per_group = True
    severity = Severity.ERROR
    requires = ("groups.owner_id", *service.account_needs("groups.owner_id"))
    applies_when = "owner_id IS NOT NULL"
    title = Text(zh="群主在职在岗", en="Owner is in post")
    headline = Text(zh="群主不在岗或状态不明", en="Owner is not in post, or nobody knows")
    message = service.reasons("owner", "群主", "the owner")
    explanation = Text(
        zh="群主为直接责任人。群主退休、离职或借调后，没有人对该群负责，也没有人能审核成员和内容。",
        en="The owner is directly responsible. Once they retire, leave or are seconded, nobody answers for the group.",
    )
    remediation = (
        Step(
            "department",
            Text(
                zh="确定一名本部门在职人员接任群主，报主管部门更新群组登记",
                en="choose a person in post as the new owner and update the register",
            ),
            within_days=3,
            reasons=service.GONE,
        ),
        Step(
            "owner",
            Text(zh="在群设置中把群主转让给接任人", en="transfer the ownership to them in the group's settings"),
            reasons=service.GONE,
        ),
        service.ask("owner", "群主", "the owner"),
    )

    tighter = {"grace_days": "lower"}

    class Params(Rule.Params):
        """How soon after a change the group must be handed over."""

        grace_days: int = Field(
            3,
            ge=0,
            le=365,
            description="days after the change of status in which nothing is found",
            json_schema_extra={"zh": "状态变化后的宽限天数，期内不算问题"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find groups whose owner's account leads to nobody in post."""
        return estate.query(
            f"""SELECT *, {service.VERDICT} FROM (
                SELECT g.id AS group_id, {service.REASON_OF_ACCOUNT} AS reason, p.name AS owner, p.id AS owner_id,
                    g.owner_id AS owner_account, p.status, p.status_since, p.status_since_latest,
                    $grace_days AS grace_days
                FROM groups g LEFT JOIN accounts a ON a.account_key = g.owner_key LEFT JOIN people p USING (person_key)
                WHERE g.owner_id IS NOT NULL
            ) WHERE reason IS NOT NULL""",
            params,
        )

    cases = (
        Case(
            "seconded six weeks ago, departed at a date nobody wrote down",
            zh="六周前借调；离职但没有人登记日期",
            given=owned_by("a3", "a6"),
            finds=("g-a3", "g-a6"),
            reasons={"g-a3": "seconded", "g-a6": "undated"},
            facts={"g-a3": {"owner": "赵磊", "grace_days": 3}},
        ),
        Case("retired, on the last day of grace", zh="退休，宽限的最后一天", given=owned_by("a1")),
        Case(
            "the day after the last day of grace has begun",
            zh="宽限最后一天的次日已开始",
            given=owned_by("a1"),
            as_of="2024-04-16T00:00:00+08:00",
            finds=("g-a1",),
            reasons={"g-a1": "retired"},
        ),
        Case(
            "active, on leave, and leaving only after the as-of time",
            zh="在职、休假，以及在检查时点之后才离职",
            given=owned_by("a2", "a4", "a5"),
        ),
        Case(
            "a bot, an outsider, an account of nobody",
            zh="机器人、外部人员、不属于任何人的账号",
            given=owned_by("bot", "guest", "stray"),
            finds=("g-bot", "g-guest", "g-stray"),
            reasons={"g-bot": "bot", "g-guest": "outsider", "g-stray": "nobody"},
        ),
        Case(
            "no status in the directory",
            zh="人员名册中没有状态",
            given=owned_by("a7"),
            finds=("g-a7",),
            reasons={"g-a7": "status-unknown"},
        ),
        Case(
            "in post only from September on",
            zh="九月才到任",
            given=owned_by("a8"),
            finds=("g-a8",),
            reasons={"g-a8": "not-yet"},
        ),
        Case(
            "no owner at all is another rule's finding",
            zh="根本没有群主属于另一条规则的问题",
            given={"groups": [{"id": "g1"}]},
        ),
        Case(
            "a source without the directory",
            zh="来源不提供人员名册",
            given=owned_by("a2"),
            lacks=("people.status",),
            unknown=("g-a2",),
        ),
    )
