"""Look up, set-wise, where the subjects of hits belong: group, department, responsible person, source row."""

from __future__ import annotations

from typing import Any

import pyarrow

from policycore.engine.session import EstateSession
from policycore.model.verdict import Subject

__all__ = ["enriched"]

# Responsible is who the policy calls directly responsible, the owner; the first responsible person
# stands in where the group has none.
_GROUP = """
    g.name AS __group, g.platform AS __platform, g.department_id AS __department_id, d.name AS __department,
    coalesce(po.id, pr.id) AS __responsible_id, coalesce(po.name, pr.name, ao.name) AS __responsible,
    coalesce(po.name, ao.name) AS __owner, pr.name AS __first_responsible"""
_GROUP_JOINS = """
    LEFT JOIN all_groups g ON g.id = h.group_id
    LEFT JOIN departments d ON d.id = g.department_id
    LEFT JOIN accounts ao ON ao.id = g.owner_id
    LEFT JOIN people po ON po.id = ao.person_id
    LEFT JOIN people pr ON pr.id = g.responsible_id"""
_NO_GROUP = """
    NULL AS __group, NULL AS __platform, {department_id} AS __department_id, d.name AS __department,
    {person_id} AS __responsible_id, {person} AS __responsible, NULL AS __owner, NULL AS __first_responsible"""

_SQL = {
    Subject.GROUP: f"""SELECT h.*, g.name AS __name, {_GROUP}, NULL AS __member, r._file AS __file, r._row AS __row
        FROM hits h {_GROUP_JOINS} LEFT JOIN raw.groups r ON r.id = h.group_id""",
    Subject.MEMBERSHIP: f"""SELECT h.*, coalesce(r.display_name, p.name, a.name) AS __name, {_GROUP},
            coalesce(p.name, r.display_name) AS __member, r._file AS __file, r._row AS __row
        FROM hits h {_GROUP_JOINS}
        LEFT JOIN accounts a ON a.id = h.account_id LEFT JOIN people p ON p.id = a.person_id
        LEFT JOIN (SELECT m.group_id, m.account_id, min(m.display_name) AS display_name,
                   min(m._file) AS _file, min(m._row) AS _row
                   FROM raw.memberships m SEMI JOIN hits USING (group_id, account_id) GROUP BY ALL) r
            ON r.group_id = h.group_id AND r.account_id = h.account_id""",
    Subject.MESSAGE: f"""SELECT h.*, NULL AS __name, {_GROUP}, coalesce(p.name, a.name) AS __member,
            r._file AS __file, r._row AS __row
        FROM hits h {_GROUP_JOINS}
        LEFT JOIN (SELECT id, sender_id, _file, _row FROM raw.messages
                   WHERE id IN (SELECT message_id FROM hits)) r ON r.id = h.message_id
        LEFT JOIN accounts a ON a.id = r.sender_id LEFT JOIN people p ON p.id = a.person_id""",
    Subject.PERSON: f"""SELECT h.*, p.name AS __name,
            {_NO_GROUP.format(department_id="w.department_id", person_id="p.id", person="p.name")},
            NULL AS __member, p._file AS __file, p._row AS __row
        FROM hits h LEFT JOIN raw.people p ON p.id = h.person_id
        LEFT JOIN (SELECT person_id, min(department_id) AS department_id FROM appointments GROUP BY 1) w
            ON w.person_id = h.person_id
        LEFT JOIN departments d ON d.id = w.department_id""",
    Subject.DEPARTMENT: f"""SELECT h.*, d.name AS __name,
            {_NO_GROUP.format(department_id="h.department_id", person_id="NULL", person="NULL")},
            NULL AS __member, d._file AS __file, d._row AS __row
        FROM hits h LEFT JOIN raw.departments d ON d.id = h.department_id""",
    Subject.TASK: f"""SELECT h.*, t.title AS __name,
            {_NO_GROUP.format(department_id="t.department_id", person_id="NULL", person="NULL")},
            NULL AS __member, t._file AS __file, t._row AS __row
        FROM hits h LEFT JOIN raw.tasks t ON t.id = h.task_id LEFT JOIN departments d ON d.id = t.department_id""",
    Subject.SUBMISSION: f"""SELECT h.*, s.kind AS __name,
            {_NO_GROUP.format(department_id="s.department_id", person_id="NULL", person="NULL")},
            NULL AS __member, s._file AS __file, s._row AS __row
        FROM hits h LEFT JOIN raw.submissions s ON s.id = h.submission_id
        LEFT JOIN departments d ON d.id = s.department_id""",
}


def enriched(session: EstateSession, subject: Subject, hits: pyarrow.Table) -> list[dict[str, Any]]:
    """Return the rows of `hits` with ``__…`` columns that say where each subject belongs.

    This is where hits become Python objects: one query for all of a rule's hits, and none for what passed.
    """
    sql = _SQL.get(subject)
    if sql is None:
        rows: list[dict[str, Any]] = hits.to_pylist()
        return rows
    with session.relation("hits", hits):
        found: list[dict[str, Any]] = session.arrow(sql).to_pylist()
    return found
