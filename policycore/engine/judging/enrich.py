"""Look up, set-wise, what findings say about members, senders, people and departments.

One query does it for all hits of a rule. What a finding says about its group comes from
`policycore.engine.found.group_summaries`.
"""

from __future__ import annotations

import pyarrow

from policycore.engine.session import EstateSession
from policycore.estate.views import SELF_NAMED
from policycore.model.verdict import Subject

__all__ = ["enriched"]

# __name: the subject's name; __member: the person a step can name; __stays: how many rows of the
# subject's table stand behind the subject (a member who is owner and admin has two); __there: whether it is known.
_KEYS = """SELECT h.*, g.group_key, a.account_key, a.person_key AS __person_key, a.name AS __account
    FROM hits h LEFT JOIN (SELECT id, group_key FROM raw.groups WHERE id IN (SELECT group_id FROM hits)) g
        ON g.id = h.group_id
    LEFT JOIN (SELECT id, account_key, person_key, name FROM accounts WHERE id IN (SELECT account_id FROM hits)) a
        ON a.id = h.account_id"""
# Joined on keys, or on ids where a group or an account stands in no register.
_MEMBERS = """SELECT h.* EXCLUDE (group_key, account_key), coalesce(r.display_name, p.name, h.__account) AS __name,
        coalesce(p.name, {called}) AS __member, r._file AS __file, r._row AS __row,
        coalesce(r.stays, 0) AS __stays, r.stays IS NOT NULL AS __there
    FROM hits h LEFT JOIN people p ON p.person_key = h.__person_key
    -- One scan for both: the stays in force, and the first row of the file, in force or over. That accounts are asked
    -- for on their own lets the scan leave out all others before it reads their texts, which halves what it costs.
    LEFT JOIN (SELECT group_{by}, account_{by}, min(display_name) FILTER (in_force) AS display_name,
                   count(*) FILTER (in_force) AS stays, min_by(_file, (_row, _file)) AS _file, min(_row) AS _row
               FROM (SELECT *, (left_at IS NULL OR left_at > as_of()) AS in_force FROM raw.memberships
                     WHERE account_{by} IN (SELECT account_{by} FROM hits)
                         AND (joined_at IS NULL OR joined_at <= as_of()))
               SEMI JOIN hits USING (group_{by}, account_{by}) GROUP BY ALL) r
        ON r.group_{by} = h.group_{by} AND r.account_{by} = h.account_{by}"""
_SQL = {
    Subject.MESSAGE: f"""SELECT h.*, NULL AS __name,
            coalesce(p.name, {SELF_NAMED.format(name="a.name", account="a.id")}) AS __member,
            r._file AS __file, r._row AS __row, 1 AS __stays, r.group_id IS NOT DISTINCT FROM h.group_id AS __there
        FROM hits h
        LEFT JOIN (SELECT id, group_id, sender_id, _file, _row FROM raw.messages
                   WHERE id IN (SELECT message_id FROM hits)) r ON r.id = h.message_id
        LEFT JOIN accounts a ON a.id = r.sender_id LEFT JOIN people p ON p.id = a.person_id""",
    Subject.PERSON: """SELECT h.*, p.name AS __name, p.name AS __member, p._file AS __file, p._row AS __row,
            1 AS __stays, p.id IS NOT NULL AS __there,
            w.department_id AS __department_id, d.name AS __department, p.id AS __responsible_id
        FROM hits h LEFT JOIN raw.people p ON p.id = h.person_id
        LEFT JOIN (SELECT person_id, min(department_id) AS department_id FROM appointments GROUP BY 1) w
            ON w.person_id = h.person_id
        LEFT JOIN departments d ON d.id = w.department_id""",
    Subject.DEPARTMENT: """SELECT h.*, d.name AS __name, NULL AS __member, d._file AS __file, d._row AS __row,
            1 AS __stays, d.id IS NOT NULL AS __there, h.department_id AS __department_id, d.name AS __department
        FROM hits h LEFT JOIN raw.departments d ON d.id = h.department_id""",
    Subject.TASK: """SELECT h.*, t.title AS __name, NULL AS __member, t._file AS __file, t._row AS __row,
            1 AS __stays, t.id IS NOT NULL AS __there, t.department_id AS __department_id, d.name AS __department
        FROM hits h LEFT JOIN raw.tasks t ON t.id = h.task_id LEFT JOIN departments d ON d.id = t.department_id""",
    Subject.SUBMISSION: """SELECT h.*, s.kind AS __name, NULL AS __member, s._file AS __file, s._row AS __row,
            1 AS __stays, s.id IS NOT NULL AS __there, s.department_id AS __department_id, d.name AS __department
        FROM hits h LEFT JOIN raw.submissions s ON s.id = h.submission_id
        LEFT JOIN departments d ON d.id = s.department_id""",
}


def enriched(session: EstateSession, subject: Subject, hits: pyarrow.Table) -> pyarrow.Table:
    """Return `hits` with ``__…`` columns about their subjects."""
    sql = _SQL.get(subject)
    if subject is Subject.MEMBERSHIP and hits.num_rows:
        with session.relation("hits", hits):
            hits = session.arrow(_KEYS)
        registered = not hits.column("group_key").null_count and not hits.column("account_key").null_count
        called = SELF_NAMED.format(name="r.display_name", account="h.account_id")
        sql = _MEMBERS.format(by="key" if registered else "id", called=called)
    if sql is not None and hits.num_rows:
        with session.relation("hits", hits):
            hits = session.arrow(sql)
    return hits
