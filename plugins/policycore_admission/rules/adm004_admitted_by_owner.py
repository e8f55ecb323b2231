"""Whoever comes into a group is let in by its owner."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_admission import admitting, classes

ESTATE: dict[str, list[dict[str, Any]]] = {
    "groups": [{"id": "g", "owner_id": "owner"}],
    "accounts": [
        {"id": "owner", "person_id": "p1", "kind": "internal"},
        {"id": "owner-second", "person_id": "p1", "kind": "internal"},
        {"id": "admin", "person_id": "p2", "kind": "internal"},
        {"id": "former", "person_id": "p3", "kind": "internal"},
        {"id": "member", "person_id": "p4", "kind": "internal"},
        {"id": "new", "person_id": "p5", "kind": "internal"},
        {"id": "robot", "kind": "bot"},
    ],
}
HANDED_OVER: dict[str, list[dict[str, Any]]] = {
    "events": [
        {"id": "e1", "group_id": "g", "kind": "transfer", "at": "2024-04-01"}
        | {"actor_id": "former", "subject_id": "owner"}
    ]
}
EFFECTIVE = {"effective": "2024-03-22"}


def joined(
    at: str | None, by: str | None, scene: str | None = "invite", account: str = "new"
) -> dict[str, list[dict[str, Any]]]:
    """Return an estate in which somebody joined group g; it has an owner and an admin."""
    stays: list[dict[str, Any]] = [
        {"group_id": "g", "account_id": "owner", "role": "owner", "joined_at": "2023-01-01", "join_scene": "created"},
        {"group_id": "g", "account_id": "admin", "role": "admin", "joined_at": "2023-01-01", "join_scene": "created"},
        {"group_id": "g", "account_id": account, "joined_at": at, "inviter_id": by, "join_scene": scene},
    ]
    return {**ESTATE, "memberships": stays}


class AdmittedByOwner(Rule):
    """The owner alone admits and removes people, or admins where that is delegated.

    Each present member who joined from the effective moment on must have been let in by whoever owned
    the group at that time, as recorded transfers tell; of two on one day the giver and the receiver tell which
    came first. Where nobody wrote down who owned the group then, or when the member joined, it is suspect. Joining
    by QR code or link is nobody's decision. An admin's second account is an account like any other: delegation
    goes by account, as the platform does. Where a group has no owner, that is owner-present's finding alone. Put it
    right by having the owner confirm or remove the member.
    """

    id = "ADM004"
    name = "admission/admitted-by-owner"
    subject = Subject.MEMBERSHIP
    per_group = True
    severity = Severity.ERROR
    only_read = {"memberships.display_name": "what a member is called whom no person stands behind"}
    requires = (
        Needs(
            "groups.owner_id",
            when=f"""{classes.JUDGED} AND EXISTS (SELECT 1 FROM memberships m WHERE m.group_id = subject.group_id
                AND m.account_id = subject.account_id AND m.join_scene IS DISTINCT FROM 'created'
                AND {admitting.IN_TIME.format(row="m")})""",
        ),
        Needs(
            "memberships.join_scene",
            when=f"""{admitting.IN_TIME.format(row="memberships")} AND {admitting.NOT_OWNER} AND {classes.JUDGED}
                AND NOT {admitting.OTHERWISE_FOUND}""",
        ),
        Needs("memberships.inviter_id", when="memberships.join_scene NOT IN ('qr', 'link')", stands="passes"),
        Needs(
            "memberships.joined_at",
            when=f"memberships.joined_at IS NULL AND {admitting.SUSPECT}",
            null="judged",
            stands="passes",
        ),
        Needs(
            "memberships.joined_at",
            when=f"coalesce(memberships.joined_at < CAST($effective AS TIMESTAMPTZ), false) AND {admitting.IF_LATER}",
            null="judged",
        ),
        Needs("memberships.inviter_id.person_id", when=admitting.BY_OTHERS, stands="passes"),
        Needs("groups.owner_id.person_id", when=admitting.BY_OTHERS, stands="passes"),
        Needs(
            "groups.memberships.role",
            when=f"$delegation AND {admitting.BY_OTHERS} AND {admitting.LET_IN}",
            stands="passes",
        ),
        # An admin who had left by then, or came later, was none.
        Needs(
            "groups.memberships.joined_at",
            when=f"$delegation AND memberships.role = 'admin' AND {admitting.BUT_FOR_ADMINS} AND {admitting.LET_IN}",
            null="judged",
            stands="hits",
        ),
        Needs(
            "groups.memberships.left_at",
            when=f"$delegation AND memberships.role = 'admin' AND {admitting.BUT_FOR_ADMINS} AND {admitting.LET_IN}",
            stands="hits",
        ),
        Needs("events.kind", when=admitting.IF_HANDED_OVER),
        Needs("events.at", when=f"events.kind = 'transfer' AND {admitting.BY_INVITATION}"),
        Needs("events.actor_id", when=f"events.kind = 'transfer' AND {admitting.BY_OTHERS}", stands="passes"),
        Needs("events.actor_id.person_id", when=f"events.kind = 'transfer' AND {admitting.BY_OTHERS}", stands="passes"),
        Needs(
            "events.actor_id", when=f"events.kind = 'transfer' AND {admitting.SEVERAL} AND {admitting.BY_INVITATION}"
        ),
        Needs("events.subject_id", when=f"events.kind = 'transfer' AND {admitting.BY_INVITATION}"),
        Needs(
            "events.subject_id.person_id", when=f"events.kind = 'transfer' AND {admitting.BY_OTHERS}", stands="passes"
        ),
        *classes.NEEDS,
    )
    title = Text(zh="由群主确认入群", en="Members are admitted by the owner")
    headline = Text(zh="入群没有群主确认的记录", en="No confirmation of an admission by the owner")
    message = {
        "qr": Text(
            zh="{account}于{joined_at}扫二维码入群，未经群主{owner}确认",
            en="{account} came in by QR code at {joined_at}, not by the owner {owner}",
        ),
        "link": Text(
            zh="{account}于{joined_at}通过链接入群，未经群主{owner}确认",
            en="{account} came in by link at {joined_at}, not by the owner {owner}",
        ),
        "member": Text(
            zh="{account}于{joined_at}由普通成员{inviter}拉入，不是群主{owner}",
            en="{account} was let in at {joined_at} by the member {inviter}, not by the owner {owner}",
        ),
        "admin": Text(
            zh="{account}于{joined_at}由管理员{inviter}拉入，群主{owner}未授权管理员拉人",
            en="{account} was let in at {joined_at} by the admin {inviter}, who may not do that for the owner {owner}",
        ),
        "owner-unrecorded": Text(
            zh="{account}于{joined_at}由{inviter}拉入，当时谁是群主没有记录，请核实",
            en="{account} was let in at {joined_at} by {inviter}, and who owned the group then is not on record: "
            "please confirm",
        ),
        "undated": Text(
            zh="{account}由{inviter}拉入，没有记录确切时间，而{inviter}只在一段时间内是群主，请核实",
            en="{account} was let in by {inviter}, nobody knows exactly when, and {inviter} owned the group for a time "
            "only: please confirm",
        ),
        "not-recorded": Text(
            zh="{account}于{joined_at}入群，没有记录由谁拉入",
            en="{account} joined at {joined_at}, and nobody is on record as having let them in",
        ),
        **classes.MESSAGES,
    }
    explanation = Text(
        zh="入群人员一律由群主根据工作需要确认拉入或请出。",
        en="Whoever joins is let in, or asked to leave, by the owner according to the needs of the work.",
    )
    remediation = (
        Step(
            "owner",
            Text(
                zh="按工作需要确认{account}；不需要的请出群",
                en="confirm {account} if the work needs them, else remove them",
            ),
        ),
        Step(
            "owner",
            Text(
                zh="开启入群确认，关闭二维码和链接入群",
                en="switch join approval on, and joining by QR code and link off",
            ),
        ),
    )

    tighter = {"effective": "lower", "delegation": (True, False), **classes.TIGHTER}

    class Params(classes.ClassParams):
        """From when on the policy holds and who may admit."""

        effective: datetime | date | None = Field(
            None,
            description="joins from then on are judged, none for all; a date begins at midnight in the estate's zone",
            json_schema_extra={"zh": "从此时起的入群才检查，不填则全部检查；只写日期时从总账时区的零点起算"},
        )
        delegation: bool = Field(
            False,
            description="whether admins may admit people on the owner's behalf",
            json_schema_extra={"zh": "管理员可否代群主拉人"},
        )
        bots: classes.Class = Field(
            "judge",
            description="bots: ignore, judge like a person, fail, or suspect",
            json_schema_extra={"zh": "机器人：不检查、与人同样检查、判为不合规，或判为存疑"},
        )

    def check(self, estate: RuleEstate, params: Params) -> Query:
        """Leave out what the present owner of a group without transfers did; look closely at the remainder."""
        return estate.query(
            f"""WITH {admitting.reasoned(admitting.TRANSFER)}
            SELECT r.group_id, r.account_id, r.reason, r.verdict,
                r.account_id AS account, r.joined_at, r.joined_at_latest, r.inviter_id AS inviter,
                r.owner_then AS owner,
                CAST(CAST($effective AS TIMESTAMPTZ) AS VARCHAR) AS effective
            FROM reasoned r JOIN accounts a ON a.id = r.account_id WHERE {classes.judged(params)}
            UNION ALL SELECT group_id, account_id, reason, verdict, account, NULL, NULL, NULL, NULL, NULL
            FROM ({classes.class_hits(params)})""",
            # Without an offset it is read in the estate's zone.
            {"effective": str(params.effective) if params.effective else None, "delegation": params.delegation},
        )

    cases = (
        Case(
            "by QR code, by link, by a member, by an admin, by nobody on record",
            zh="扫码、通过链接、由成员、由管理员、由记录中不存在的人拉入",
            given={
                **ESTATE,
                "accounts": [*ESTATE["accounts"], *({"id": f"a{number}"} for number in range(5))],
                "memberships": [
                    {"group_id": "g", "account_id": "admin", "role": "admin", "join_scene": "created"},
                    *(
                        joined("2024-04-02", inviter, scene, account)["memberships"][-1]
                        for account, inviter, scene in (
                            ("a0", "owner", "qr"),
                            ("a1", "owner", "link"),
                            ("a2", "member", "invite"),
                            ("a3", "admin", "invite"),
                            ("a4", None, "invite"),
                        )
                    ),
                ],
            },
            params=EFFECTIVE,
            finds=("g/a0", "g/a1", "g/a2", "g/a3", "g/a4"),
            reasons={"g/a0": "qr", "g/a1": "link", "g/a2": "member", "g/a3": "admin", "g/a4": "not-recorded"},
        ),
        Case("by the owner", zh="由群主拉入", given=joined("2024-04-02", "owner"), params=EFFECTIVE),
        Case(
            "by the owner's second account",
            zh="由群主的另一账号拉入",
            given=joined("2024-04-02", "owner-second"),
            params=EFFECTIVE,
        ),
        Case(
            "by an admin, who may",
            zh="由管理员拉入，且允许管理员拉人",
            given=joined("2024-04-02", "admin"),
            params={**EFFECTIVE, "delegation": True},
        ),
        Case(
            "a second before the policy took effect, in local time",
            zh="按当地时间，规定生效前一秒",
            given=joined("2024-03-21T15:59:59+00:00", "member"),
            params=EFFECTIVE,
        ),
        Case(
            "at the moment it took effect",
            zh="规定生效的那一刻",
            given=joined("2024-03-21T16:00:00+00:00", "member"),
            params=EFFECTIVE,
            finds=("g/new",),
        ),
        Case(
            "by the owner of that time, who has handed over since",
            zh="由当时的群主拉入，其后已移交",
            given={**joined("2024-03-25", "former"), **HANDED_OVER},
            params=EFFECTIVE,
        ),
        Case(
            "by the former owner after handing over",
            zh="由移交之后的前群主拉入",
            given={**joined("2024-04-02", "former"), **HANDED_OVER},
            params=EFFECTIVE,
            finds=("g/new",),
            reasons={"g/new": "member"},
        ),
        Case(
            "by the owner before being one",
            zh="由尚未成为群主的人拉入",
            given={**joined("2024-03-25", "owner"), **HANDED_OVER},
            params=EFFECTIVE,
            finds=("g/new",),
        ),
        Case(
            "there since the group was created",
            zh="建群时即在群内",
            given=joined("2024-04-02", None, "created"),
            params=EFFECTIVE,
        ),
        Case("no date of joining", zh="没有入群日期", given=joined(None, "member"), params=EFFECTIVE, finds=("g/new",)),
        Case(
            "by an owner for a time, on no known day",
            zh="由曾任群主者拉入，时间没有记录",
            given={**joined(None, "former"), **HANDED_OVER},
            finds=("g/new",),
            reasons={"g/new": "undated"},
        ),
        Case(
            "before the first hand-over on record, which names no giver",
            zh="早于第一次有记录的移交，而该记录没有移交人",
            given={
                **joined("2023-02-01", "former"),
                "events": [
                    {"id": "e1", "group_id": "g", "kind": "transfer", "at": "2023-03-01", "subject_id": "member"},
                    {
                        "id": "e2",
                        "group_id": "g",
                        "kind": "transfer",
                        "at": "2023-09-01",
                        "actor_id": "member",
                        "subject_id": "owner",
                    },
                ],
            },
            finds=("g/new",),
            reasons={"g/new": "owner-unrecorded"},
        ),
        Case(
            "two hand-overs on one day, listed the other way round",
            zh="同一天两次移交，记录次序颠倒",
            given={
                **joined("2024-04-02", "owner"),
                "events": [
                    {
                        "id": f"e{number}",
                        "group_id": "g",
                        "kind": "transfer",
                        "at": "2024-04-01",
                        "actor_id": giver,
                        "subject_id": receiver,
                    }
                    for number, (giver, receiver) in enumerate([("member", "owner"), ("former", "member")])
                ],
            },
        ),
        Case(
            "between two hand-overs that do not meet: who owned the group meanwhile was not written down",
            zh="两次移交前后不衔接，其间谁是群主没有记录",
            given={
                **joined("2023-05-01", "member"),
                "events": [
                    {
                        "id": event,
                        "group_id": "g",
                        "kind": "transfer",
                        "at": at,
                        "actor_id": giver,
                        "subject_id": taker,
                    }
                    for event, at, giver, taker in (
                        ("e1", "2023-03-01", "former", "admin"),
                        ("e2", "2023-09-01", "member", "owner"),
                    )
                ],
            },
            finds=("g/new",),
            reasons={"g/new": "owner-unrecorded"},
        ),
        Case(
            "in the month in which the owner changed",
            zh="入群只知道月份，当月移交过群主",
            given={
                **joined("2024-04", "former"),
                "events": [{**HANDED_OVER["events"][0], "at": "2024-04-10"}],
            },
            finds=("g/new",),
            reasons={"g/new": "undated"},
        ),
        Case(
            "in the month in which the policy took effect",
            zh="入群只知道月份，规定当月生效",
            given=joined("2024-03", "member"),
            params=EFFECTIVE,
            unknown=("g/new",),
        ),
        Case(
            "how they came in is not known",
            zh="入群方式不明",
            given=joined("2024-04-02", "member", None),
            params=EFFECTIVE,
            unknown=("g/new",),
        ),
        Case(
            "a bot brought in by a member, where bots are left alone",
            zh="不检查机器人时，由成员拉入的机器人",
            given=joined("2024-04-02", "member", account="robot"),
            params={"bots": "ignore"},
        ),
        Case(
            "let in by a member where there is no owner: another rule's finding",
            zh="没有群主的群由成员拉人：属于另一条规则的问题",
            given={**joined("2024-04-02", "member"), "groups": [{"id": "g"}]},
            params=EFFECTIVE,
        ),
        Case(
            "a source without inviters",
            zh="来源不提供邀请人",
            given=joined("2024-04-02", "owner"),
            lacks=("memberships.inviter_id",),
            unknown=("g/new",),
        ),
    )
