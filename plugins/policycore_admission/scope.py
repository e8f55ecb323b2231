"""Say in SQL who belongs in a group: everybody who matches any list of its declared scope."""

from __future__ import annotations

from typing import Literal

from policycore import Needs
from policycore_admission.posts import RELATED

__all__ = ["ALL_SCOPES", "BELONGING", "SCOPES", "SHARED", "lists", "post_needs"]

# Most groups with a list of names hold exactly those people. Comparing two sums of hashes tells them from the rest
# for a fraction of what comparing the names costs; only the rest is compared name by name. A sum that is equal by
# chance (one in 2^64, and the counts must agree too) is the price.
SHARED = {
    "scope_settled": """WITH listed AS (
            SELECT group_id, group_key, len(people) AS people, list_sum(people) AS sum
            FROM (SELECT id AS group_id, group_key,
                    list_distinct(list_transform(scope.people, lambda person: hash(person))) AS people FROM all_groups
                  WHERE dissolved_at IS NULL AND len(scope.people) > 0
                    AND coalesce(len(scope.departments), 0) + coalesce(len(scope.ranks), 0)
                      + coalesce(len(scope.titles), 0) + coalesce(len(scope.duties), 0) = 0)
        ), actual AS (
            SELECT m.group_key, count(*) AS people, sum(coalesce(a.hash, hash(NULL))) AS sum
            FROM memberships m LEFT JOIN (SELECT account_key, hash(person_id) AS hash FROM accounts) a
                USING (account_key) GROUP BY m.group_key
        )
        SELECT group_id FROM listed JOIN actual USING (group_key, people, sum)"""
}
"""Shared table ``scope_settled`` (group_id): groups whose members are exactly the people that their scope names."""

# Groups of one department usually share their scope: each different scope is worked out once.
_SCOPES = f"""{RELATED}, scoped AS (
    SELECT id AS group_id, group_key, dense_rank() OVER (ORDER BY scope) AS number, scope FROM groups
    WHERE scope IS NOT NULL AND {{settled}}
), scopes AS (
    SELECT number, any_value(scope) AS scope FROM scoped GROUP BY number
), belongs AS (
    SELECT s.number, t.person_id FROM (SELECT number, unnest(scope.departments) AS wanted FROM scopes) s
    JOIN departments d ON d.id = s.wanted JOIN related r ON r.named = d.department_key
    JOIN appointments t ON t.department_key = r.post
    UNION SELECT s.number, t.person_id FROM (SELECT number, unnest(scope.ranks) AS wanted FROM scopes) s
    JOIN appointments t ON t.rank = s.wanted
    UNION SELECT s.number, t.person_id FROM (SELECT number, unnest(scope.titles) AS wanted FROM scopes) s
    JOIN appointments t ON t.title = s.wanted
    UNION SELECT s.number, t.person_id FROM (SELECT number, unnest(scope.duties) AS wanted FROM scopes) s
    JOIN (SELECT person_id, unnest(duties) AS duty FROM appointments) t ON t.duty = s.wanted
    UNION SELECT number, unnest(scope.people) FROM scopes
)"""
SCOPES = _SCOPES.format(settled="id NOT IN (SELECT group_id FROM scope_settled)")
"""Tables: ``scoped`` (group_id, group_key, number of its scope; no settled groups), ``belongs`` (number, person_id)."""

ALL_SCOPES = _SCOPES.format(settled="true")
"""The same with the settled groups."""

BELONGING = f"""WITH {ALL_SCOPES}
    SELECT s.group_id, b.person_id AS row_id FROM scoped s JOIN belongs b ON b.number = s.number"""
"""SQL for a need: the people of each group's scope, as far as their posts are known."""


def lists(name: str) -> str:
    """Return SQL for a need: whether the scope of the subject's group has a list of this name with something in it."""
    return f"coalesce((SELECT len(g.scope.{name}) FROM all_groups g WHERE g.id = subject.group_id), 0) > 0"


def post_needs(
    person: str, stands: Literal["hits", "passes"], when: str = "true", below: str = ""
) -> tuple[Needs, ...]:
    """Return what a scope needs to know of the posts of the people at the end of the path `person`.

    What is missing there could only bring more people into the scope, so that one of the two answers `stands`; a
    post that may have ended could only take people out, so that the other does. `below` may lead to the departments
    of which alone it matters what is above them, where those below a department of the scope count.
    """
    other: Literal["hits", "passes"] = "hits" if stands == "passes" else "passes"
    above = "$related IN ('above', 'both')" if below else "$related <> 'same'"
    some_post = " OR ".join(lists(name) for name in ("departments", "ranks", "titles", "duties"))
    return (
        Needs(f"{person}appointments.department_id", when=f"({some_post}) AND {when}", stands=stands),
        Needs(f"{person}appointments.rank", when=f"{lists('ranks')} AND {when}", stands=stands),
        Needs(f"{person}appointments.title", when=f"{lists('titles')} AND {when}", stands=stands),
        Needs(f"{person}appointments.duties", when=f"{lists('duties')} AND {when}", stands=stands),
        Needs("departments.parent_id", when=f"{above} AND {lists('departments')} AND {when}", stands=stands),
        *(
            (
                Needs(
                    "departments.parent_id",
                    via=below,
                    when=f"$related = 'below' AND {lists('departments')}",
                    stands=stands,
                ),
            )
            if below
            else ()
        ),
        Needs(f"{person}appointments.until", when=f"({some_post}) AND {when}", stands=other),
    )
