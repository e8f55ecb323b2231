"""Say in SQL which departments count as another one: itself, those below it, those above it."""

from __future__ import annotations

from typing import Literal

from policycore import Field, Rule

__all__ = ["RELATED", "UPWARDS", "WORKING", "Related", "RelatedParams"]

Related = Literal["same", "below", "above", "both"]


class RelatedParams(Rule.Params):
    """How far a department reaches."""

    related: Related = Field(
        "both",
        description="departments that count beside the one named: none, those below it, above it, or both",
        json_schema_extra={"zh": "除所写部门外还计入：无、下级、上级，或两者"},
    )


RELATED = """related AS (
    SELECT department_key AS post, ancestor_key AS named FROM department_tree
    WHERE $related IN ('below', 'both') OR department_key = ancestor_key
    UNION SELECT ancestor_key, department_key FROM department_tree WHERE $related IN ('above', 'both')
)"""
"""Table: a post in department ``post`` counts for whoever names department ``named``; both are keys."""

UPWARDS = """SELECT DISTINCT m.group_id, m.account_id, d.id AS row_id
    FROM memberships m JOIN accounts a USING (account_key) JOIN appointments t USING (person_key)
    JOIN department_tree c USING (department_key) JOIN departments d ON d.department_key = c.ancestor_key"""
"""SQL for a need: the departments where each member holds a post, and those above as far as they are known."""

WORKING = """working AS (
    SELECT person_key, list(DISTINCT department ORDER BY department) AS departments FROM posts
    WHERE person_key IN (SELECT person_key FROM {people}) GROUP BY person_key
)"""
"""Table of the departments where each of some ``{people}`` holds a post."""
