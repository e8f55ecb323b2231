"""Read what stands around the messages in which something was found: group, sender, time, what came before and next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from policycore.model.workdays import CalendarYear, working_day
from policycore.text.patterns import Around

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

__all__ = ["AROUND", "around_message"]

_MINUTES = 10
_WRITTEN = "CASE WHEN text <> '' THEN struct_pack(text := text, sent_at := sent_at) END"
AROUND = f"""WITH hit AS (SELECT * FROM messages WHERE id IN (SELECT unnest($ids::VARCHAR[]))),
    one_sender AS (SELECT messages.* FROM messages SEMI JOIN hit USING (group_id, sender_id)),
    beside AS (SELECT id, lag({_WRITTEN} IGNORE NULLS) OVER successive AS before,
            lead({_WRITTEN} IGNORE NULLS) OVER successive AS after
        FROM one_sender WINDOW successive AS (PARTITION BY group_id, sender_id ORDER BY sent_at, id)),
    roles AS (SELECT group_id, account_id, min_by(role, list_position(['owner', 'admin', 'member'], role)) AS role
        FROM memberships SEMI JOIN hit ON hit.group_id = memberships.group_id AND hit.sender_id = memberships.account_id
        GROUP BY group_id, account_id)
    SELECT m.id, g.kind AS group_kind, m.sender_id, a.kind AS sender_kind, r.role AS sender_role,
        epoch(m.sent_at) AS sent_at, date_trunc('minute', m.sent_at) = date_trunc('minute', m.sent_at_latest) AS known,
        CASE WHEN before.sent_at >= m.sent_at - to_minutes({_MINUTES}) THEN before.text ELSE '' END AS previous,
        CASE WHEN after.sent_at <= m.sent_at + to_minutes({_MINUTES}) THEN after.text ELSE '' END AS following,
        m.recalled_at IS NOT NULL AS recalled, m.reply_to IS NOT NULL AS replies
    FROM hit m LEFT JOIN all_groups g ON g.id = m.group_id LEFT JOIN accounts a ON a.id = m.sender_id
    LEFT JOIN roles r ON r.group_id = m.group_id AND r.account_id = m.sender_id
    LEFT JOIN beside ON beside.id = m.id"""
"""SQL of it, with the id, for the messages ``$ids``."""


def around_message(
    known: Mapping[str, tuple[Any, ...]], timezone: ZoneInfo, calendar: Mapping[str, CalendarYear], message: str
) -> Around | None:
    """Return what stands around a message; `calendar` says which days are working days."""
    if message not in known:
        return None
    kind, sender, sender_kind, role, sent_at, to_the_minute, *others = known[message]
    moment = datetime.fromtimestamp(sent_at, timezone) if to_the_minute else None
    day = None if moment is None else working_day(calendar, moment.date())
    return Around(kind, sender, sender_kind, role, moment, day, *others)
