"""The owner needs somebody beside them who looks after the group from day to day."""

from __future__ import annotations

from typing import Any, Literal

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_ownership import service

ACCOUNTS: list[dict[str, Any]] = [
    {"id": "owner", "person_id": "p1"},
    {"id": "owner-second", "person_id": "p1"},
    {"id": "admin", "person_id": "p2"},
    {"id": "admin-second", "person_id": "p2"},
    {"id": "member", "person_id": "p3"},
    {"id": "guest"},
]


def group_of(**roles: tuple[str, ...]) -> dict[str, list[dict[str, Any]]]:
    """Return an estate with one group owned by ``owner``; `roles` maps an account to its roles."""
    stays = [
        {"group_id": "g1", "account_id": account.replace("_", "-"), "role": role}
        for account, held in roles.items()
        for role in held
    ]
    return {"groups": [{"id": "g1", "owner_id": "owner"}], "accounts": ACCOUNTS, "memberships": stays}


def _counts(counted: str, role: str = "role", kind: str = "a.kind", listed: str = "memberships") -> str:
    """Return SELECTs that end with ``counts``: how many people look after each group.

    `counted` says whether an owner does; `role` and `kind` may say how to read what nobody knows, `listed` where the
    roles stand. Who is nobody of the directory counts by the account: keys below zero are accounts'.
    """
    return f"""listed AS (
        SELECT group_key, account_key, {role} = 'owner' AS owns FROM {listed} WHERE {role} IN ('owner', 'admin')
        UNION ALL SELECT group_key, owner_key, true FROM groups WHERE owner_id IS NOT NULL
    ), by_person AS (
        SELECT l.group_key, coalesce(a.person_key, -1 - l.account_key) AS person, bool_or(l.owns) AS owns,
            bool_or({kind} IS DISTINCT FROM 'bot') AS human,
            bool_or(NOT l.owns AND {kind} IS DISTINCT FROM 'bot') AS administers
        FROM listed l LEFT JOIN accounts a USING (account_key) GROUP BY ALL
    ), counts AS (SELECT group_key, count(*) AS admins FROM by_person WHERE human AND {counted} GROUP BY group_key)"""


_COUNTED = {True: "true", False: "NOT owns", "when-admin": "administers"}
_REASONS = {True: "owner-counted", False: "beside-owner", "when-admin": "with-owner"}
_WAY = "CAST($owner_counts AS VARCHAR)"
_BY_PARAMETER = f"CASE {_WAY} WHEN 'true' THEN true WHEN 'false' THEN NOT owns ELSE administers END"


def _enough(role: str = "role", kind: str = "a.kind") -> str:
    """Return SQL for a need: whether enough people look after the subject's group."""
    counts = _counts(_BY_PARAMETER, role, kind)
    return f"""subject.group_id IN (WITH {counts}
        SELECT g.id FROM counts JOIN groups g USING (group_key) WHERE admins >= $minimum)"""


_IF_ADMINS, _IF_OWNERS = _enough("coalesce(role, 'admin')"), _enough("coalesce(role, 'owner')")
_IF_BOTS = _enough(kind="coalesce(a.kind, 'bot')")


class AdminDesignated(Rule):
    """A group run by one person stands still when that person is away.

    Counted are people, not accounts: an owner's second account is no designated admin, and a bot is nobody. Whether
    the owner may count is a parameter. Put it right by making a named person admin.
    """

    id = "OWN005"
    name = "ownership/admin-designated"
    subject = Subject.GROUP
    per_group = True
    shared = service.SHARED
    severity = Severity.WARNING
    # No known role is read as none that counts, no known kind as a person's, no known person as one of their own.
    requires = (
        Needs("memberships.role", when=f"memberships.account_id IS NULL OR {_IF_ADMINS}", stands="passes"),
        Needs("memberships.role", when=f"NOT {_IF_OWNERS}", stands="hits"),
        Needs("memberships.account_id.kind", when=f"NOT {_IF_BOTS}", stands="hits"),
        Needs("memberships.account_id.person_id", when="memberships.role IN ('owner', 'admin')", stands="hits"),
        Needs("memberships.left_at", when="memberships.role IN ('owner', 'admin')", stands="hits"),
        Needs("groups.owner_id", when=f"{_WAY} = 'true'", stands="passes"),
        Needs("groups.owner_id", when=f"{_WAY} <> 'true'", stands="hits"),
        Needs("groups.owner_id.person_id", when=f"{_WAY} <> 'when-admin'", stands="hits"),
    )
    title = Text(zh="指定了群管理员", en="An admin is designated")
    headline = Text(zh="群管理员不足", en="Too few admins are designated")
    message = {
        "beside-owner": Text(
            zh="群管理员{admins}名，少于要求的{minimum}名（群主不计入）",
            en="{admins} designated beside the owner, {minimum} required",
        ),
        "with-owner": Text(
            zh="群管理员{admins}名，少于要求的{minimum}名（群主兼管理员的计入）",
            en="{admins} designated, an owner who is admin included, {minimum} required",
        ),
        "owner-counted": Text(
            zh="群主和群管理员共{admins}名，少于要求的{minimum}名",
            en="{admins} designated, the owner included, {minimum} required",
        ),
    }
    explanation = Text(
        zh="除群主外应指定专人担任群管理员，负责日常管理。",
        en="Beside the owner, a designated person should look after the group from day to day.",
    )
    remediation = (
        Step("department", Text(zh="指定专人负责该群日常管理", en="designate a person for the day-to-day management")),
        Step("owner", Text(zh="在群设置中把此人设为群管理员", en="make them admin in the group's settings")),
    )

    tighter = {"minimum": "higher", "owner_counts": (True, "when-admin", False)}

    class Params(Rule.Params):
        """How many are needed and whether the owner may be one of them."""

        minimum: int = Field(1, ge=1, le=100, description="people needed", json_schema_extra={"zh": "需要的人数"})
        owner_counts: bool | Literal["when-admin"] = Field(
            False,
            description="whether an owner counts: never, always, or only when also listed as admin (when-admin)",
            json_schema_extra={"zh": "群主是否计入：从不、总是，或仅在同时列为管理员时（when-admin）"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Count people by role; a group's owners are those listed and the one the group names."""
        return estate.query(
            f"""WITH {_counts(_COUNTED[params.owner_counts], listed="role_holders")}
            SELECT g.id AS group_id, coalesce(c.admins, 0) AS admins, $minimum AS minimum,
                $owner_counts AS owner_counts, $reason AS reason
            FROM groups g LEFT JOIN counts c USING (group_key) WHERE coalesce(c.admins, 0) < $minimum""",
            {
                "minimum": params.minimum,
                "owner_counts": params.owner_counts is not False,
                "reason": _REASONS[params.owner_counts],
            },
        )

    cases = (
        Case(
            "an owner and members only",
            zh="只有群主和普通成员",
            given=group_of(owner=("owner",), member=("member",)),
            finds=("g1",),
        ),
        Case(
            "a bot as the only admin",
            zh="唯一的管理员是机器人",
            given={
                **group_of(owner=("owner",), robot=("admin",)),
                "accounts": [*ACCOUNTS, {"id": "robot", "kind": "bot"}],
            },
            finds=("g1",),
        ),
        Case("an admin beside the owner", zh="群主之外有管理员", given=group_of(owner=("owner",), admin=("admin",))),
        Case(
            "the owner as admin, by the same account or another",
            zh="群主兼任管理员，用同一或另一账号",
            given=group_of(owner=("owner", "admin"), owner_second=("admin",)),
            finds=("g1",),
        ),
        Case(
            "an owner who is listed as admin, where that counts",
            zh="群主列为管理员，且可计入",
            given=group_of(owner=("owner", "admin")),
            params={"owner_counts": "when-admin"},
        ),
        Case(
            "an owner who is not listed as admin, where only that would count",
            zh="群主未列为管理员，而只有列入才计",
            given=group_of(owner=("owner",), member=("member",)),
            params={"owner_counts": "when-admin"},
            finds=("g1",),
        ),
        Case(
            "one maintainer where two are needed and the owner counts",
            zh="需要两名维护人、群主计入，却只有一名",
            given=group_of(owner=("owner",)),
            params={"minimum": 2, "owner_counts": True},
            finds=("g1",),
            facts={"g1": {"admins": 1, "minimum": 2}},
        ),
        Case(
            "two maintainers, both listed as owners",
            zh="两名维护人都列为群主",
            given=group_of(owner=("owner",), admin=("owner",)),
            params={"minimum": 2, "owner_counts": True},
        ),
        Case(
            "two accounts of one person are one admin",
            zh="一人的两个账号只算一名管理员",
            given=group_of(owner=("owner",), admin=("admin",), admin_second=("admin",)),
            params={"minimum": 2},
            finds=("g1",),
        ),
        Case(
            "an admin who has left the group",
            zh="已退群的管理员",
            given={
                **group_of(owner=("owner",)),
                "memberships": [{"group_id": "g1", "account_id": "admin", "role": "admin", "left_at": "2024-04-01"}],
            },
            finds=("g1",),
        ),
    )
