"""What papers say of each group: who made and runs it, how large it is, what becomes of it, what it asks of people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from policycore.engine.judging.needs import Knowledge
from policycore.engine.session import EstateSession
from policycore.estate.views import SELF_NAMED
from policycore.language import say

__all__ = ["BURDEN_DAYS", "GroupFacts", "group_facts"]

BURDEN_DAYS = 30
"""The days before the moment whose messages are counted."""
_LONG = 15
"""Characters from which two equal texts are one notice posted twice, and no 收到."""
_DEMANDS = r"收到请?(?:务必)?(?:及时)?回复|请(?:大家)?(?:及时)?回复|务必回复|收到回|接龙|打卡"


@dataclass(frozen=True, slots=True)
class GroupFacts:
    """One group as a paper tells of it; what nobody knows is None."""

    id: str
    name: str
    department_id: str | None
    department: str | None
    kind: str | None
    purpose: str | None
    creator: str | None
    owner: str | None
    """Their name; empty where there is none, as of the admins."""
    admins: str | None
    members: int | None
    created_at: datetime | None
    dissolved_at: datetime | None
    handling: str | None
    handled_at: datetime | None
    messages: int | None
    duplicates: int | None
    demands: int | None

    @property
    def state(self) -> str:
        """Return what became of it: dissolved where it is, else what its inventory says, else kept."""
        return "dissolve" if self.dissolved_at is not None else self.handling or "keep"

    @property
    def state_words(self) -> str:
        """Return what became of it, and when."""
        at = self.dissolved_at or self.handled_at
        return say(f"papers.state.group-{self.state}") + ("" if at is None else f"（{at.date().isoformat()}）")


def group_facts(session: EstateSession) -> list[GroupFacts]:
    """Return every group of the estate that is there, or was dissolved before, by department and id."""
    knowledge = Knowledge(session)
    unsure = ["list_contains(g._unknown, 'owner_id')"]
    if lacking := knowledge.lacking("groups.owner_id"):
        unsure.append(knowledge.of("g", lacking))
    ownerless = "false" if knowledge.absent("groups.owner_id") else f"({' OR '.join(unsure)}) IS NOT TRUE"
    made_by, owned_by = (SELF_NAMED.format(name=f"{one}.name", account=f"{one}.id") for one in ("ca", "oa"))
    has_messages, has_members = bool(session.data.rows.get("messages")), bool(session.data.rows.get("memberships"))
    rows = session.rows(
        f"""WITH recent AS (
            SELECT group_key, trim(text) AS text FROM messages
            WHERE sent_at > as_of() - INTERVAL {BURDEN_DAYS} DAY AND type NOT IN ('system', 'recall')
        ), twice AS (
            SELECT text FROM recent WHERE length(text) >= {_LONG} GROUP BY text HAVING count(DISTINCT group_key) > 1
        ), burden AS (
            SELECT group_key, count(*) AS messages, count(*) FILTER (text IN (FROM twice)) AS duplicates,
                count(*) FILTER (regexp_matches(text, '{_DEMANDS}')) AS demands FROM recent GROUP BY group_key
        ), crew AS (
            SELECT m.group_key, CASE WHEN count(*) FILTER (list_contains(m._unknown, 'account_id')) = 0
                    THEN count(DISTINCT m.account_key) END AS members,
                CASE WHEN count(m.role) > 0 THEN coalesce(string_agg(
                    DISTINCT coalesce(p.name, m.account_id), '、' ORDER BY coalesce(p.name, m.account_id)
                ) FILTER (m.role = 'admin'), '') END AS admins,
                string_agg(DISTINCT coalesce(p.name, m.account_id), '、') FILTER (m.role = 'owner') AS owners
            FROM memberships m LEFT JOIN account_people p USING (account_key) GROUP BY m.group_key
        ), listed AS (
            SELECT listed_id, arg_max(CASE WHEN list_contains(_unknown, 'handling') THEN 'unknown' ELSE handling END,
                    submission_id) AS handling,
                max(done_at) AS done_at
            FROM listings GROUP BY listed_id
        )
        SELECT g.source, g.id, coalesce(g.name, g.id) AS name, g.department_id, d.name AS department, g.kind, g.purpose,
            coalesce(cp.name, {made_by}, g.creator_id) AS creator, c.admins, c.members,
            coalesce(op.name, {owned_by}, g.owner_id, c.owners, CASE WHEN {ownerless} THEN '' END) AS owner,
            g.created_at, g.dissolved_at, l.handling, l.done_at AS handled_at,
            coalesce(b.messages, 0) AS messages, coalesce(b.duplicates, 0) AS duplicates,
            coalesce(b.demands, 0) AS demands
        FROM all_groups g LEFT JOIN departments d USING (department_key)
        LEFT JOIN account_people cp ON cp.account_id = g.creator_id
        LEFT JOIN account_people op ON op.account_id = g.owner_id
        LEFT JOIN accounts ca ON ca.id = g.creator_id LEFT JOIN accounts oa ON oa.id = g.owner_id
        LEFT JOIN crew c USING (group_key) LEFT JOIN burden b USING (group_key) LEFT JOIN listed l ON l.listed_id = g.id
        ORDER BY d.department_key NULLS LAST, g.id"""  # noqa: S608 - constants of this module
    )
    unknown: dict[str, None] = {} if has_messages else dict.fromkeys(("messages", "duplicates", "demands"))
    if not has_members:
        unknown |= dict.fromkeys(("members", "admins"))
    # A list of groups names owners and admins only: they are not how many are in the group.
    partly = {source.name for source in session.data.sources if "memberships.account_id" in source.lacks}
    return [
        GroupFacts(**{**row, **few, **unknown})
        for row in rows
        for few in [{"members": None} if row.pop("source") in partly else {}]
    ]
