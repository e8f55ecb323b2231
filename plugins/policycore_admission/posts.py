"""Say in SQL which departments count as another one: itself, those below it, those above it."""

from __future__ import annotations

from typing import Literal

from policycore import Field, Rule

__all__ = ["RELATED", "Related", "RelatedParams"]

Related = Literal["same", "below", "above", "both"]


class RelatedParams(Rule.Params):
    """How far a department reaches."""

    related: Related = Field(
        "both",
        description="departments that count beside the one named: none, those below it, above it, or both",
        json_schema_extra={"zh": "除所写部门外还计入：无、下级、上级，或两者"},
    )


RELATED = """related AS (
    SELECT department_id AS post, ancestor_id AS named FROM department_tree
    WHERE $related IN ('below', 'both') OR department_id = ancestor_id
    UNION SELECT ancestor_id, department_id FROM department_tree WHERE $related IN ('above', 'both')
)"""
"""Table: a post in department ``post`` counts for whoever names department ``named``."""
