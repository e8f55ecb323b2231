"""Say in SQL which departments count as another one: itself, those below it, those above it."""

from __future__ import annotations

from typing import Literal

from policycore import Field, Rule

__all__ = ["RELATED", "Related", "RelatedParams"]

Related = Literal["same", "below", "above", "both"]


class RelatedParams(Rule.Params):
    """Say how far a department reaches."""

    related: Related = Field(
        "both",
        description="departments that count beside the one named: none, those below it, above it, or both",
        json_schema_extra={"zh": "除所写部门外还计入：无、下级、上级，或两者"},
    )


RELATED = """above AS (
    SELECT id, id AS ancestor FROM departments
    UNION SELECT above.id, d.parent_id FROM above JOIN departments d ON d.id = above.ancestor
    WHERE d.parent_id IS NOT NULL
), related AS (
    SELECT id AS post, ancestor AS named FROM above WHERE $related IN ('below', 'both') OR id = ancestor
    UNION SELECT ancestor, id FROM above WHERE $related IN ('above', 'both')
)"""
"""Recursive tables: a post in department ``post`` counts for whoever names department ``named``."""
