"""Look up, set-wise, where the subjects of hits belong: group, department, responsible person, source row.

One query does it for all hits of a rule, and leaves out hits on subjects that the rule does not
apply to. It is here that hits become Python objects; what passes never does.
"""

from __future__ import annotations

from typing import Any

import pyarrow

from policycore.engine.session import EstateSession
from policycore.model.verdict import Subject

__all__ = ["GROUP_CARDS", "enriched"]

GROUP_CARDS = """SELECT g.id AS group_id, g.name AS __group, g.platform AS __platform,
    g.department_id AS __department_id, d.name AS __department,
    coalesce(po.id, pr.id) AS __responsible_id, coalesce(po.name, pr.name, ao.name) AS __responsible,
    coalesce(po.name, ao.name) AS __owner, pr.name AS __first_responsible, r._file AS __file, r._row AS __row
    FROM all_groups g JOIN raw.groups r ON r.id = g.id
    LEFT JOIN departments d ON d.id = g.department_id
    LEFT JOIN accounts ao ON ao.id = g.owner_id
    LEFT JOIN people po ON po.id = ao.person_id
    LEFT JOIN people pr ON pr.id = g.responsible_id"""
"""What a finding says about its group. Responsible is whom the policy calls directly responsible, the
owner; the first responsible person stands in where the group has none."""

_CARD = "c.* EXCLUDE (group_id)"
_CARD_OTHER_ROW = "c.* EXCLUDE (group_id, __file, __row)"
_NO_GROUP = """
    NULL AS __group, NULL AS __platform, {department_id} AS __department_id, d.name AS __department,
    {person_id} AS __responsible_id, {person} AS __responsible, NULL AS __owner, NULL AS __first_responsible"""

_SQL = {
    Subject.GROUP: f"""SELECT h.*, c.__group AS __name, {_CARD}, NULL AS __member, 1 AS __stays
        FROM hits h JOIN group_cards c ON c.group_id = h.group_id""",
    Subject.MEMBERSHIP: f"""SELECT h.*, coalesce(r.display_name, p.name, a.name) AS __name, {_CARD_OTHER_ROW},
            coalesce(p.name, r.display_name) AS __member, w._file AS __file, w._row AS __row,
            coalesce(r.stays, 0) AS __stays
        FROM hits h JOIN group_cards c ON c.group_id = h.group_id
        LEFT JOIN accounts a ON a.id = h.account_id LEFT JOIN people p ON p.id = a.person_id
        LEFT JOIN (SELECT group_id, account_id, min(display_name) AS display_name, count(*) AS stays
                   FROM memberships SEMI JOIN hits USING (group_id, account_id) GROUP BY ALL) r
            ON r.group_id = h.group_id AND r.account_id = h.account_id
        LEFT JOIN (SELECT group_id, account_id, min_by(_file, _row) AS _file, min(_row) AS _row
                   FROM raw.memberships SEMI JOIN hits USING (group_id, account_id) GROUP BY ALL) w
            ON w.group_id = h.group_id AND w.account_id = h.account_id""",
    Subject.MESSAGE: f"""SELECT h.*, NULL AS __name, {_CARD_OTHER_ROW}, coalesce(p.name, a.name) AS __member,
            r._file AS __file, r._row AS __row, 1 AS __stays
        FROM hits h JOIN group_cards c ON c.group_id = h.group_id
        LEFT JOIN (SELECT id, sender_id, _file, _row FROM raw.messages
                   WHERE id IN (SELECT message_id FROM hits)) r ON r.id = h.message_id
        LEFT JOIN accounts a ON a.id = r.sender_id LEFT JOIN people p ON p.id = a.person_id""",
    Subject.PERSON: f"""SELECT h.*, p.name AS __name,
            {_NO_GROUP.format(department_id="w.department_id", person_id="p.id", person="p.name")},
            p.name AS __member, p._file AS __file, p._row AS __row, 1 AS __stays
        FROM hits h LEFT JOIN raw.people p ON p.id = h.person_id
        LEFT JOIN (SELECT person_id, min(department_id) AS department_id FROM appointments GROUP BY 1) w
            ON w.person_id = h.person_id
        LEFT JOIN departments d ON d.id = w.department_id""",
    Subject.DEPARTMENT: f"""SELECT h.*, d.name AS __name,
            {_NO_GROUP.format(department_id="h.department_id", person_id="NULL", person="NULL")},
            NULL AS __member, d._file AS __file, d._row AS __row, 1 AS __stays
        FROM hits h LEFT JOIN raw.departments d ON d.id = h.department_id""",
    Subject.TASK: f"""SELECT h.*, t.title AS __name,
            {_NO_GROUP.format(department_id="t.department_id", person_id="NULL", person="NULL")},
            NULL AS __member, t._file AS __file, t._row AS __row, 1 AS __stays
        FROM hits h LEFT JOIN raw.tasks t ON t.id = h.task_id LEFT JOIN departments d ON d.id = t.department_id""",
    Subject.SUBMISSION: f"""SELECT h.*, s.kind AS __name,
            {_NO_GROUP.format(department_id="s.department_id", person_id="NULL", person="NULL")},
            NULL AS __member, s._file AS __file, s._row AS __row, 1 AS __stays
        FROM hits h LEFT JOIN raw.submissions s ON s.id = h.submission_id
        LEFT JOIN departments d ON d.id = s.department_id""",
}


def enriched(session: EstateSession, subject: Subject, hits: pyarrow.Table, where: str = "") -> list[dict[str, Any]]:
    """Return the rows of `hits` that meet `where`, with ``__…`` columns that say where each belongs.

    ``__stays`` counts the rows of the subject's table that stand behind the subject: a member who
    is owner and admin has two.
    """
    sql = _SQL.get(subject)
    if sql is None:
        rows: list[dict[str, Any]] = [{**row, "__stays": 1} for row in hits.to_pylist()]
        return rows
    if "group_cards" in sql:
        session.prepare("group_cards", GROUP_CARDS)
    with session.relation("hits", hits):
        found: list[dict[str, Any]] = session.arrow(f"{sql} WHERE {where}" if where else sql).to_pylist()
    return found
