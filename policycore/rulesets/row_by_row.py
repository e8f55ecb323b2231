"""Tell whether a SELECT says something of each row by itself, whatever the other rows are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

__all__ = ["is_row_by_row"]

_OF_GROUPS = frozenset({"groups", "group_facts", "memberships", "messages"})
_EMPTY = ("where_clause", "modifiers", "from_table", "select_list", "type", "aggregate_handling", "cte_map")


def is_row_by_row(tree: dict[str, Any], nodes: Iterable[dict[str, Any]], is_scalar: Callable[[str], bool]) -> bool:
    """Return whether the SELECT with this syntax tree filters one table of groups row by row, and nothing else.

    `nodes` are all nodes of the tree; `is_scalar` says of a function whether it looks at one row only. What is not
    known to be harmless is not: no joins, groupings, subqueries, windows, limits, table functions.
    """
    source = tree.get("from_table") or {}
    if tree.get("type") != "SELECT_NODE" or source.get("type") != "BASE_TABLE":
        return False
    path = (source.get("qualified_name") or {}).get("path", [])
    if len(path) != 1 or str(path[0]).lower() not in _OF_GROUPS:
        return False
    if (tree.get("cte_map") or {}).get("map") or tree.get("aggregate_handling") != "STANDARD_HANDLING":
        return False
    if any(one.get("type") != "ORDER_MODIFIER" for one in tree.get("modifiers") or ()):
        return False
    if any(value for name, value in tree.items() if name not in _EMPTY):
        # Grouping, having, qualify, sample, and whatever a later version may add.
        return False
    for node in nodes:
        kind = node.get("class")
        if kind in ("SUBQUERY", "WINDOW"):
            return False
        if kind == "FUNCTION" and not node.get("is_operator") and not is_scalar(str(node["function_name"]).lower()):
            return False
    return True
