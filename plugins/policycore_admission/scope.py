"""Say in SQL who belongs in a group: everybody who matches any list of its declared scope."""

from __future__ import annotations

from policycore_admission.posts import RELATED

__all__ = ["FIELDS", "SCOPES", "SHARED"]

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

# Most groups with a list of names hold exactly those people. Comparing two sums of hashes tells them from the rest
# for a fraction of what comparing the names costs; only the rest is compared name by name. A sum that is equal by
# chance (one in 2^64, and the counts must agree too) is the price.
SHARED = {
    "scope_settled": """WITH listed AS (
            SELECT group_id, len(people) AS people,
                list_sum(list_transform(people, lambda person: hash(person))) AS sum
            FROM (SELECT id AS group_id, list_distinct(scope.people) AS people FROM all_groups
                  WHERE dissolved_at IS NULL AND len(scope.people) > 0
                    AND coalesce(len(scope.departments), 0) + coalesce(len(scope.ranks), 0)
                      + coalesce(len(scope.titles), 0) + coalesce(len(scope.duties), 0) = 0)
        ), actual AS (
            SELECT m.group_id, count(*) AS people, sum(hash(a.person_id)) AS sum
            FROM memberships m LEFT JOIN accounts a ON a.id = m.account_id GROUP BY m.group_id
        )
        SELECT group_id FROM listed JOIN actual USING (group_id, people, sum)"""
}
"""Shared table ``scope_settled`` (group_id): groups whose members are exactly the people that their scope names."""

# Groups of one department usually share their scope: each different scope is worked out once.
SCOPES = f"""{RELATED}, scoped AS (
    SELECT id AS group_id, dense_rank() OVER (ORDER BY scope) AS number, scope FROM groups
    WHERE scope IS NOT NULL AND id NOT IN (SELECT group_id FROM scope_settled)
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
"""Tables: ``scoped`` (group_id, number of its scope; settled groups left out) and ``belongs`` (number, person_id)."""
