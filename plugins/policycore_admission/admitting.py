"""Who owned a group when a member joined, and which members the owner of then did not let in, in SQL.

The conditions below say where a value that is missing could change that: they speak of the row ``subject`` that is
judged and of the row whose field is asked about, as ``Needs`` has them.
"""

from __future__ import annotations

from policycore_admission import classes

IN_TIME = "($effective IS NULL OR {row}.joined_at IS NULL OR {row}.joined_at >= CAST($effective AS TIMESTAMPTZ))"


def reasoned(transfer: str) -> str:
    """Return SELECTs that end with ``reasoned``: every member whom the owner of then did not let in, and why.

    `transfer` says which events ``e`` are hand-overs. What happened at one moment (many registers know the day alone)
    is put in order by giver and receiver: whoever only gave owned the group before, whoever only received after.
    """
    return f"""handed AS (
        SELECT group_id, moment, latest,
            list_filter(givers, lambda one: one IS NULL OR NOT coalesce(list_contains(got, one), false))[1] AS giver,
            list_filter(receivers, lambda one: one IS NULL OR NOT coalesce(list_contains(gave, one), false))[1]
                AS receiver
        FROM (SELECT e.group_id, e.at AS moment, max(e.at_latest) AS latest,
                list(e.actor_id ORDER BY e.actor_id) AS givers, list(e.subject_id ORDER BY e.subject_id) AS receivers,
                list(e.actor_id) FILTER (e.actor_id <> e.subject_id) AS gave,
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
        WHERE {IN_TIME.format(row="m")}
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


TRANSFER = "e.kind = 'transfer'"
_MEMBER = "(subject.group_id, subject.account_id)"


def _found(columns: str = "group_id, account_id", where: str = "true", transfer: str = TRANSFER) -> str:
    """Return SQL of the members that are found, whatever they are."""
    return f"(WITH {reasoned(transfer)} SELECT {columns} FROM reasoned WHERE {where})"


_PERHAPS = _found("group_id, account_id, verdict", transfer="coalesce(e.kind, 'transfer') = 'transfer'")
_SURELY = _found("group_id, account_id, verdict")
# Members on whom an event of no known kind would tell if it were a hand-over. Of several such events any might be one.
_TURNED = f"""(SELECT group_id, account_id FROM (
    (FROM {_PERHAPS} EXCEPT FROM {_SURELY}) UNION (FROM {_SURELY} EXCEPT FROM {_PERHAPS})))"""
_INVITED = f"""(SELECT m.group_id, m.account_id FROM memberships m JOIN all_groups g ON g.id = m.group_id
    WHERE {IN_TIME.format(row="m")} AND coalesce(m.join_scene, 'invite') = 'invite' AND g.owner_id <> m.account_id
        AND m.inviter_id <> m.account_id)"""
SUSPECT = f"{_MEMBER} IN " + _found(where="verdict = 'suspect'")
# Whose account stands twice in the group is found by the other row already.
OTHERWISE_FOUND = f"{_MEMBER} IN " + _found(where="join_scene IS NOT NULL AND verdict = 'fail'")
BY_OTHERS = f"{_MEMBER} IN " + _found(where="reason IN ('member', 'admin', 'owner-unrecorded', 'undated')")
# Of a month within which the policy took effect nobody knows whether the member came before or after.
IF_LATER = f"{_MEMBER} IN " + _found().replace("m.joined_at >=", "m.joined_at_latest >=")
# Whom an admin let in is found where that admin had left by then.
BUT_FOR_ADMINS = f"{_MEMBER} IN " + _found().replace("$delegation", "false")
BY_INVITATION = f"{_MEMBER} IN {_INVITED} AND {classes.JUDGED}"
IF_HANDED_OVER = f"""CASE WHEN events.id IS NULL OR (SELECT count(*) FROM events e WHERE e.group_id = subject.group_id
    AND e.kind IS NULL) > 1 THEN {BY_INVITATION} ELSE {_MEMBER} IN {_TURNED} END"""
LET_IN = """EXISTS (SELECT 1 FROM memberships m WHERE m.group_id = subject.group_id
    AND m.account_id = subject.account_id AND m.inviter_id = memberships.account_id)"""
# Where there are several hand-overs, each may tell which came first.
SEVERAL = "(SELECT count(*) FROM events e WHERE e.group_id = subject.group_id AND e.kind = 'transfer') > 1"
NOT_OWNER = (
    """coalesce((SELECT g.owner_id <> subject.account_id FROM all_groups g WHERE g.id = subject.group_id), false)"""
)
