"""Whoever comes into a group is let in by its owner."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from policycore import Case, Field, Needs, Query, Rule, RuleEstate, Severity, Step, Subject, Text
from policycore_admission import classes

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
TRANSFER: dict[str, list[dict[str, Any]]] = {
    "events": [
        {
            "id": "e1",
            "group_id": "g",
            "kind": "transfer",
            "at": "2024-04-01",
            "actor_id": "former",
            "subject_id": "owner",
        }
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


_IN_TIME = "($effective IS NULL OR {row}.joined_at IS NULL OR {row}.joined_at >= CAST($effective AS TIMESTAMPTZ))"


def _reasoned(transfer: str) -> str:
    """Return SELECTs that end with ``reasoned``: every member whom the owner of then did not let in, and why.

    `transfer` says which events ``e`` are hand-overs. What happened at one moment (many registers know the day alone)
    is put in order by giver and receiver: whoever only gave owned the group before, whoever only received after.
    """
    return f"""handed AS (
        SELECT group_id, moment, latest,
            list_filter(givers, lambda one: one IS NULL OR NOT coalesce(list_contains(got, one), false))[1] AS giver,
            list_filter(receivers, lambda one: one IS NULL OR NOT coalesce(list_contains(gave, one), false))[1]
                AS receiver
        FROM (SELECT e.group_id, e.at AS moment, max(e.at_latest) AS latest, list(e.actor_id) AS givers,
                list(e.subject_id) AS receivers, list(e.actor_id) FILTER (e.actor_id <> e.subject_id) AS gave,
                list(e.subject_id) FILTER (e.actor_id <> e.subject_id) AS got
              FROM events e WHERE ({transfer}) AND e.at IS NOT NULL GROUP BY e.group_id, e.at)
    ), owned AS (
        SELECT g.id, g.group_key, g.owner_id, g.owner_key, g.id IN (SELECT group_id FROM handed) AS moved FROM groups g
        WHERE g.owner_id IS NOT NULL
    ), chain AS (
        SELECT h.group_id, h.receiver, h.moment, lead(h.latest, 1, TIMESTAMPTZ 'infinity') OVER later AS ends,
            lead(h.giver, 1, o.owner_id) OVER later AS gives
        FROM handed h JOIN owned o ON o.id = h.group_id WINDOW later AS (PARTITION BY h.group_id ORDER BY h.moment)
    ), periods AS (
        -- Where somebody else hands it over than who received it, a hand-over in between was not written down.
        SELECT c.group_id, CASE WHEN coalesce(c.gives, c.receiver) = c.receiver OR r.person_id = n.person_id
            THEN c.receiver END AS owner, c.moment AS begins, c.ends
        FROM chain c LEFT JOIN accounts r ON r.id = c.receiver LEFT JOIN accounts n ON n.id = c.gives
        UNION ALL SELECT group_id, first(giver ORDER BY moment), TIMESTAMPTZ '-infinity', first(latest ORDER BY moment)
        FROM handed GROUP BY group_id
    ), doubtful AS (
        SELECT m.group_id, m.account_id, m.joined_at, m.joined_at_latest, m.inviter_id, m.inviter_key,
            m.join_scene, o.owner_id, o.moved
        FROM memberships m JOIN owned o USING (group_key)
        WHERE {_IN_TIME.format(row="m")}
            AND m.join_scene IS DISTINCT FROM 'created' AND m.account_key IS DISTINCT FROM o.owner_key
            AND (o.moved OR m.inviter_key IS DISTINCT FROM o.owner_key OR m.join_scene IN ('qr', 'link'))
    ), owning AS (
        SELECT d.*, CASE WHEN d.moved THEN p.owner ELSE d.owner_id END AS owner,
            NOT d.moved OR d.joined_at IS NULL OR p.ends > d.joined_at AS surely
        FROM doubtful d LEFT JOIN periods p ON p.group_id = d.group_id AND d.moved
            AND (d.joined_at IS NULL OR p.begins <= d.joined_at_latest AND (p.ends > d.joined_at
                -- Of two dates of one day, nobody knows which came first.
                OR p.ends = d.joined_at AND d.joined_at = CAST(CAST(d.joined_at AS DATE) AS TIMESTAMPTZ)))
    ), dated AS (
        SELECT t.* EXCLUDE (owner, surely), i.person_id AS inviting,
            CASE WHEN count(*) FILTER (t.surely) = 1 THEN any_value(t.owner) FILTER (t.surely) END AS owner_then,
            bool_and(coalesce(t.owner = t.inviter_id OR o.person_id = i.person_id, false)) FILTER (t.surely) AS let_in,
            bool_or(coalesce(t.owner = t.inviter_id OR o.person_id = i.person_id, false)) AS perhaps,
            bool_or(t.owner IS NULL) AS unrecorded
        FROM owning t LEFT JOIN accounts i ON i.account_key = t.inviter_key LEFT JOIN accounts o ON o.id = t.owner
        GROUP BY ALL
    ), admins AS (
        SELECT group_id, account_id, coalesce(joined_at, TIMESTAMPTZ '-infinity') AS begins,
            coalesce(left_at, TIMESTAMPTZ 'infinity') AS ends
        FROM membership_history WHERE role = 'admin'
    ), reasoned AS (
        SELECT *, CASE WHEN ($effective IS NOT NULL AND joined_at IS NULL) OR reason IN ('undated', 'owner-unrecorded')
            THEN 'suspect' ELSE 'fail' END AS verdict
        FROM (SELECT d.*, CASE
            WHEN d.join_scene IN ('qr', 'link') THEN d.join_scene
            WHEN d.inviter_id IS NULL OR d.inviter_id = d.account_id THEN 'not-recorded'
            WHEN d.let_in THEN NULL
            WHEN d.perhaps THEN 'undated'
            WHEN $delegation AND EXISTS (SELECT 1 FROM admins x WHERE x.group_id = d.group_id
                AND x.account_id = d.inviter_id AND coalesce(d.joined_at, as_of()) >= x.begins
                AND coalesce(d.joined_at, as_of()) < x.ends) THEN NULL
            -- Nobody wrote down who owned the group then, or when its present owner came to own it.
            WHEN d.unrecorded THEN 'owner-unrecorded'
            WHEN EXISTS (SELECT 1 FROM admins x WHERE x.group_id = d.group_id AND x.account_id = d.inviter_id
                AND coalesce(d.joined_at, as_of()) >= x.begins AND coalesce(d.joined_at, as_of()) < x.ends)
                THEN 'admin'
            ELSE 'member' END AS reason
        FROM dated d)
        WHERE reason IS NOT NULL
    )"""


_TRANSFER = "e.kind = 'transfer'"
_MEMBER = "(subject.group_id, subject.account_id)"


def _found(columns: str = "group_id, account_id", where: str = "true", transfer: str = _TRANSFER) -> str:
    """Return SQL of the members that are found, whatever they are."""
    return f"(WITH {_reasoned(transfer)} SELECT {columns} FROM reasoned WHERE {where})"


_PERHAPS = _found("group_id, account_id, verdict", transfer="coalesce(e.kind, 'transfer') = 'transfer'")
_SURELY = _found("group_id, account_id, verdict")
# Members on whom an event of no known kind would tell if it were a hand-over. Of several such events any might be one.
_TURNED = f"""(SELECT group_id, account_id FROM (
    (FROM {_PERHAPS} EXCEPT FROM {_SURELY}) UNION (FROM {_SURELY} EXCEPT FROM {_PERHAPS})))"""
_INVITED = f"""(SELECT m.group_id, m.account_id FROM memberships m JOIN all_groups g ON g.id = m.group_id
    WHERE {_IN_TIME.format(row="m")} AND coalesce(m.join_scene, 'invite') = 'invite' AND g.owner_id <> m.account_id
        AND m.inviter_id <> m.account_id)"""
_SUSPECT = f"{_MEMBER} IN " + _found(where="verdict = 'suspect'")
_BY_OTHERS = f"{_MEMBER} IN " + _found(where="reason IN ('member', 'admin', 'owner-unrecorded', 'undated')")
# Of a month within which the policy took effect nobody knows whether the member came before or after.
_IF_LATER = f"{_MEMBER} IN " + _found().replace("m.joined_at >=", "m.joined_at_latest >=")
# Whom an admin let in is found where that admin had left by then.
_BUT_FOR_ADMINS = f"{_MEMBER} IN " + _found().replace("$delegation", "false")
_BY_INVITATION = f"{_MEMBER} IN {_INVITED} AND {classes.JUDGED}"
_LET_IN = """EXISTS (SELECT 1 FROM memberships m WHERE m.group_id = subject.group_id
    AND m.account_id = subject.account_id AND m.inviter_id = memberships.account_id)"""
# Where there are several hand-overs, each may tell which came first.
_SEVERAL = "(SELECT count(*) FROM events e WHERE e.group_id = subject.group_id AND e.kind = 'transfer') > 1"
_NOT_OWNER = (
    """coalesce((SELECT g.owner_id <> subject.account_id FROM all_groups g WHERE g.id = subject.group_id), false)"""
)


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
                AND {_IN_TIME.format(row="m")})""",
        ),
        Needs(
            "memberships.join_scene",
            when=f"{_IN_TIME.format(row='memberships')} AND {_NOT_OWNER} AND {classes.JUDGED}",
        ),
        Needs("memberships.inviter_id", when="memberships.join_scene NOT IN ('qr', 'link')", stands="passes"),
        Needs(
            "memberships.joined_at",
            when=f"memberships.joined_at IS NULL AND {_SUSPECT}",
            null="judged",
            stands="passes",
        ),
        Needs(
            "memberships.joined_at",
            when=f"coalesce(memberships.joined_at < CAST($effective AS TIMESTAMPTZ), false) AND {_IF_LATER}",
            null="judged",
        ),
        Needs("memberships.inviter_id.person_id", when=_BY_OTHERS, stands="passes"),
        Needs("groups.owner_id.person_id", when=_BY_OTHERS, stands="passes"),
        Needs("groups.memberships.role", when=f"$delegation AND {_BY_OTHERS} AND {_LET_IN}", stands="passes"),
        # An admin who had left by then, or came later, was none.
        Needs(
            "groups.memberships.joined_at",
            when=f"$delegation AND memberships.role = 'admin' AND {_BUT_FOR_ADMINS} AND {_LET_IN}",
            null="judged",
            stands="hits",
        ),
        Needs(
            "groups.memberships.left_at",
            when=f"$delegation AND memberships.role = 'admin' AND {_BUT_FOR_ADMINS} AND {_LET_IN}",
            stands="hits",
        ),
        Needs(
            "events.kind",
            when=f"""CASE WHEN events.id IS NULL OR (SELECT count(*) FROM events e WHERE e.group_id = subject.group_id
                AND e.kind IS NULL) > 1 THEN {_BY_INVITATION} ELSE {_MEMBER} IN {_TURNED} END""",
        ),
        Needs("events.at", when=f"events.kind = 'transfer' AND {_BY_INVITATION}"),
        Needs("events.actor_id", when=f"events.kind = 'transfer' AND {_BY_OTHERS}", stands="passes"),
        Needs("events.actor_id.person_id", when=f"events.kind = 'transfer' AND {_BY_OTHERS}", stands="passes"),
        Needs("events.actor_id", when=f"events.kind = 'transfer' AND {_SEVERAL} AND {_BY_INVITATION}"),
        Needs("events.subject_id", when=f"events.kind = 'transfer' AND {_BY_INVITATION}"),
        Needs("events.subject_id.person_id", when=f"events.kind = 'transfer' AND {_BY_OTHERS}", stands="passes"),
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
            f"""WITH {_reasoned(_TRANSFER)}
            SELECT r.group_id, r.account_id, r.reason, r.verdict,
                r.account_id AS account, r.joined_at, r.joined_at_latest, r.inviter_id AS inviter,
                r.owner_then AS owner,
                CAST(CAST($effective AS TIMESTAMPTZ) AS VARCHAR) AS effective
            FROM reasoned r JOIN accounts a ON a.id = r.account_id WHERE {classes.judged(params)}
            UNION ALL SELECT group_id, account_id, reason, verdict, account, NULL, NULL, NULL, NULL, NULL
            FROM ({classes.class_hits(params)})""",
            {"effective": _moment(params.effective), "delegation": params.delegation},
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
                    {
                        "group_id": "g",
                        "account_id": "a0",
                        "joined_at": "2024-04-02",
                        "inviter_id": "owner",
                        "join_scene": "qr",
                    },
                    {
                        "group_id": "g",
                        "account_id": "a1",
                        "joined_at": "2024-04-02",
                        "inviter_id": "owner",
                        "join_scene": "link",
                    },
                    {
                        "group_id": "g",
                        "account_id": "a2",
                        "joined_at": "2024-04-02",
                        "inviter_id": "member",
                        "join_scene": "invite",
                    },
                    {
                        "group_id": "g",
                        "account_id": "a3",
                        "joined_at": "2024-04-02",
                        "inviter_id": "admin",
                        "join_scene": "invite",
                    },
                    {"group_id": "g", "account_id": "a4", "joined_at": "2024-04-02", "join_scene": "invite"},
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
            given={**joined("2024-03-25", "former"), **TRANSFER},
            params=EFFECTIVE,
        ),
        Case(
            "by the former owner after handing over",
            zh="由移交之后的前群主拉入",
            given={**joined("2024-04-02", "former"), **TRANSFER},
            params=EFFECTIVE,
            finds=("g/new",),
            reasons={"g/new": "member"},
        ),
        Case(
            "by the owner before being one",
            zh="由尚未成为群主的人拉入",
            given={**joined("2024-03-25", "owner"), **TRANSFER},
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
            given={**joined(None, "former"), **TRANSFER},
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
                "events": [{**TRANSFER["events"][0], "at": "2024-04-10"}],
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


def _moment(effective: datetime | date | None) -> str | None:
    """Return the moment as text: without an offset it is read in the estate's zone."""
    return None if effective is None else effective.isoformat()
