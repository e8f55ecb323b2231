"""An admin who has left cannot look after a group, and must not be able to."""

from __future__ import annotations

from typing import Any

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_ownership import service

PEOPLE: list[dict[str, Any]] = [
    {"id": "p1", "name": "高峰", "status": "departed", "status_since": "2024-04-08T00:00:00+08:00"},
    {"id": "p2", "name": "林燕", "status": "active"},
    {"id": "p3", "name": "马超", "status": "retired", "status_since": "2023-12-01T00:00:00+08:00"},
]
ACCOUNTS: list[dict[str, Any]] = [
    {"id": "a1", "person_id": "p1", "kind": "internal"},
    {"id": "a2", "person_id": "p2", "kind": "internal"},
    {"id": "a3", "person_id": "p3", "kind": "internal"},
    {"id": "robot", "kind": "bot"},
    {"id": "guest", "kind": "external"},
]


def managed_by(*accounts: str, role: str = "admin") -> dict[str, list[dict[str, Any]]]:
    """Return an estate with one group in which `accounts` have `role`."""
    stays = [{"group_id": "g1", "account_id": account, "role": role} for account in accounts]
    return {"groups": [{"id": "g1"}], "people": PEOPLE, "accounts": ACCOUNTS, "memberships": stays}


# One admin who certainly is not in post is enough, whatever is missing of the others.
_ENOUGH = f"""EXISTS (SELECT 1 FROM memberships m JOIN accounts a USING (account_key)
    LEFT JOIN people p USING (person_key)
    WHERE m.group_id = subject.group_id AND m.role = 'admin' AND m.account_id <> memberships.account_id
        AND a.kind IS NOT NULL AND NOT (a.kind = 'bot' AND $allow_bots OR a.kind = 'external' AND $allow_outsiders)
        AND {service.REASON_OF_ACCOUNT} NOT IN ('nobody', 'status-unknown', 'not-yet'))"""
_OUT_OF_POST = f"""memberships.account_id IN (SELECT a.id FROM accounts a LEFT JOIN people p USING (person_key)
    WHERE a.kind IS NULL OR {service.REASON_OF_ACCOUNT} IS NOT NULL AND NOT (a.kind = 'bot' AND $allow_bots
        OR a.kind = 'external' AND $allow_outsiders))"""


class AdminInPost(Rule):
    """Every admin must be a person in post; one good admin does not make up for one who has left.

    Each admin who is not is a finding of its own. Bots and outsiders are no designated persons,
    unless the parameters let them be. Put it right by taking the role away and naming another.
    """

    id = "OWN006"
    name = "ownership/admin-in-post"
    subject = Subject.GROUP
    per_group = True
    shared = service.SHARED
    severity = Severity.WARNING
    requires = (
        Needs("memberships.role", when=f"memberships.account_id IS NULL OR {_OUT_OF_POST}", stands="hits"),
        *service.account_needs(
            "memberships.account_id",
            "memberships.role = 'admin' AND NOT (accounts.kind = 'bot' AND $allow_bots) "
            f"AND NOT (accounts.kind = 'external' AND $allow_outsiders) AND NOT {_ENOUGH}",
            "($allow_bots OR $allow_outsiders)",
        ),
        Needs("memberships.left_at", when="memberships.role = 'admin'", stands="passes"),
    )
    key_facts = ("admin_account",)
    title = Text(zh="群管理员在职在岗", en="Admins are in post")
    headline = Text(zh="群管理员不在岗或状态不明", en="An admin is not in post, or nobody knows")
    message = service.reasons("admin", "群管理员", "the admin")
    explanation = Text(
        zh="群管理员由在职专人担任。离职、退休或借调人员仍可拉人、改名、发公告，日常管理却无人负责。",
        en="Admins are designated people in post. One who has left can still let people in, and nobody does the work.",
    )
    remediation = (
        Step(
            "owner",
            Text(
                zh="取消{admin_account}的管理员权限，另设一名在职管理员",
                en="take the role from {admin_account} and name another admin",
            ),
            reasons=service.GONE,
        ),
        Step("department", Text(zh="更新管理员登记", en="update the register of admins"), reasons=service.GONE),
        service.ask("admin", "群管理员", "the admin"),
    )

    tighter = {"grace_days": "lower", "allow_bots": (True, False), "allow_outsiders": (True, False)}

    class Params(Rule.Params):
        """How soon an admin must be replaced, and whether bots and outsiders may be admins."""

        grace_days: int = Field(
            3,
            ge=0,
            le=365,
            description="days after the change of status in which nothing is found",
            json_schema_extra={"zh": "状态变化后的宽限天数，期内不算问题"},
        )
        allow_bots: bool = Field(
            False, description="whether a bot may be an admin", json_schema_extra={"zh": "是否允许机器人担任管理员"}
        )
        allow_outsiders: bool = Field(
            False,
            description="whether an external account may be an admin",
            json_schema_extra={"zh": "是否允许外部账号担任管理员"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Find admins whose account leads to nobody in post."""
        return estate.query(
            f"""SELECT *, {service.VERDICT} FROM (
                SELECT DISTINCT m.group_id, {service.REASON_OF_ACCOUNT} AS reason, p.name AS admin, p.id AS admin_id,
                    m.account_id AS admin_account, p.status, p.status_since, p.status_since_latest,
                    $grace_days AS grace_days
                FROM (FROM role_holders WHERE role = 'admin') m
                LEFT JOIN accounts a USING (account_key) LEFT JOIN people p USING (person_key)
            ) WHERE reason IS NOT NULL AND NOT (reason = 'bot' AND $allow_bots)
                AND NOT (reason = 'outsider' AND $allow_outsiders)""",
            params,
        )

    cases = (
        Case(
            "one admin departed a week ago, the other is in post",
            zh="一名管理员一周前离职，另一名在职",
            given=managed_by("a1", "a2"),
            finds=("g1",),
            reasons={"g1": "departed"},
            facts={"g1": {"admin": "高峰"}},
        ),
        Case(
            "two admins gone are two findings",
            zh="两名管理员离职是两个问题",
            given=managed_by("a1", "a3"),
            finds=("g1", "g1"),
        ),
        Case(
            "departed, on the last day of grace",
            zh="离职，宽限的最后一天",
            given=managed_by("a1"),
            params={"grace_days": 7},
        ),
        Case("a departed person who is a plain member", zh="离职者只是普通成员", given=managed_by("a1", role="member")),
        Case("a bot as admin", zh="机器人担任管理员", given=managed_by("robot"), finds=("g1",), reasons={"g1": "bot"}),
        Case(
            "a bot and an outsider as admins, where both are allowed",
            zh="机器人和外部人员担任管理员，且两者都允许",
            given=managed_by("robot", "guest"),
            params={"allow_bots": True, "allow_outsiders": True},
        ),
    )
