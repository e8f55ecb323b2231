"""Tell which columns a SELECT that cannot be run as it stands may be meant to return."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from policycore.rulesets.sql.empty_schema import tables_and_columns

if TYPE_CHECKING:
    from policycore.rulesets.sql.tree import SqlFault

__all__ = ["possible_names"]

_word = re.compile(r"\w+")


def possible_names(sql: str, statements: Sequence[Any], faults: Iterable[SqlFault]) -> frozenset[str]:
    """Return every name that a column of the result may have once the `faults` of `sql` are mended.

    `statements` are its syntax trees. Rather a name too many than one too few: a text that uses it is then
    told of when the SQL is right, but never called wrong for the SQL's mistake.
    """
    listed = _selected(statements[0]["node"]) if len(statements) == 1 else []
    names = [_name(item) for item in listed]
    if not listed or None in names:
        # Not to be read, or with `*`: a column's name still stands somewhere in the text or in a table.
        return frozenset(_word.findall(sql)) | _columns()
    found = frozenset(str(name) for name in names)
    # A column that was misspelt in the SQL may be spelt right in the message.
    return found | _columns() if any(fault.code == "sql.unknown-column" for fault in faults) else found


def _selected(node: Any) -> list[Any]:
    """Return the expressions of a SELECT, or of the first one of several put together, which names the columns."""
    while "select_list" not in node:
        node = next(iter(node.get("children") or ()), None) or node.get("left") or {"select_list": []}
    return list(node["select_list"])


def _name(item: Any) -> str | None:
    """Return the name of one result column; None for what may be several, '' for one that no text can name."""
    if item.get("class") == "STAR" or item.get("function_name") == "unnest":
        return None
    names = item.get("column_names") or [""]
    return str(item.get("alias") or names[-1])


def _columns() -> frozenset[str]:
    """Return the names of all columns of the estate."""
    return frozenset(column for columns in tables_and_columns().values() for column in columns)
