"""Say in SQL who belongs in a group: everybody who matches any list of its declared scope."""

from __future__ import annotations

from policycore_admission.posts import RELATED

__all__ = ["FIELDS", "SCOPES"]

FIELDS = (
    "groups.scope",
    "appointments.person_id",
    "appointments.rank",
    "appointments.title",
    "appointments.duties",
    "departments.parent_id",
    "people.status",
    "accounts.person_id",
)
"""Fields that `SCOPES` reads, and what its users need to compare people with members."""

# Groups of one department usually share their scope: each different scope is worked out once.
SCOPES = f"""{RELATED}, scoped AS (
    SELECT id AS group_id, dense_rank() OVER (ORDER BY scope) AS number, scope FROM groups WHERE scope IS NOT NULL
), scopes AS (
    SELECT number, any_value(scope) AS scope FROM scoped GROUP BY number
), belongs AS (
    SELECT s.number, t.person_id FROM (SELECT number, unnest(scope.departments) AS wanted FROM scopes) s
    JOIN related r ON r.named = s.wanted JOIN appointments t ON t.department_id = r.post
    UNION SELECT s.number, t.person_id FROM (SELECT number, unnest(scope.ranks) AS wanted FROM scopes) s
    JOIN appointments t ON t.rank = s.wanted
    UNION SELECT s.number, t.person_id FROM (SELECT number, unnest(scope.titles) AS wanted FROM scopes) s
    JOIN appointments t ON t.title = s.wanted
    UNION SELECT s.number, t.person_id FROM (SELECT number, unnest(scope.duties) AS wanted FROM scopes) s
    JOIN (SELECT person_id, unnest(duties) AS duty FROM appointments) t ON t.duty = s.wanted
    UNION SELECT number, unnest(scope.people) FROM scopes
)"""
"""Tables: ``scoped`` (group_id, number of its scope) and ``belongs`` (number, person_id)."""
