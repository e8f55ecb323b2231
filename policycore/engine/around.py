"""What stands around a message: its group, its sender, its hour, and what the sender wrote before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from policycore.engine.session import EstateSession
from policycore.model.workdays import CalendarYear, working_day
from policycore.text.patterns import Around

__all__ = ["around_messages"]

_SUCCESSIVE_MINUTES = 10
_HERE = """m JOIN messages p ON p.group_id = m.group_id AND p.sender_id = m.sender_id AND p.id <> m.id
        AND p.text <> ''"""
_AROUND = f"""WITH hit AS (SELECT * FROM messages WHERE id IN (SELECT unnest($ids::VARCHAR[]))),
    before AS (SELECT m.id, arg_max(p.text, p.sent_at) AS text FROM hit {_HERE}
        AND p.sent_at BETWEEN m.sent_at - to_minutes($within) AND m.sent_at GROUP BY m.id),
    after AS (SELECT m.id, arg_min(p.text, p.sent_at) AS text FROM hit {_HERE}
        AND p.sent_at BETWEEN m.sent_at AND m.sent_at + to_minutes($within) GROUP BY m.id),
    roles AS (SELECT group_id, account_id, min_by(role, list_position(['owner', 'admin', 'member'], role)) AS role
        FROM memberships SEMI JOIN hit ON hit.group_id = memberships.group_id AND hit.sender_id = memberships.account_id
        GROUP BY group_id, account_id)
    SELECT m.id, g.kind AS group_kind, m.sender_id, a.kind AS sender_kind, r.role AS sender_role,
        epoch(m.sent_at) AS sent_at, m.recalled_at IS NOT NULL AS recalled,
        m.reply_to IS NOT NULL AS replies, coalesce(before.text, '') AS previous, coalesce(after.text, '') AS following
    FROM hit m LEFT JOIN all_groups g ON g.id = m.group_id LEFT JOIN accounts a ON a.id = m.sender_id
    LEFT JOIN roles r ON r.group_id = m.group_id AND r.account_id = m.sender_id
    LEFT JOIN before ON before.id = m.id LEFT JOIN after ON after.id = m.id"""


def around_messages(
    session: EstateSession, ids: Sequence[str], calendar: Mapping[str, CalendarYear]
) -> Mapping[str, Around]:
    """Return what stands around each of the messages `ids`; `calendar` says which days are working days."""
    found = {}
    for row in session.rows(_AROUND, {"ids": ids, "within": _SUCCESSIVE_MINUTES}):
        message, sent_at = row.pop("id"), row.pop("sent_at")
        moment = None if sent_at is None else datetime.fromtimestamp(sent_at, session.timezone)
        found[message] = Around(
            sent_at=moment, working_day=None if moment is None else working_day(calendar, moment.date()), **row
        )
    return found
