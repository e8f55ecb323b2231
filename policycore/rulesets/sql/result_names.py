"""Tell which columns a SELECT that cannot be run as it stands may be meant to return."""

from __future__ import annotations

import re
from collections.abc import Iterable

from policycore.rulesets.sql.empty_schema import tables_and_columns
from policycore.rulesets.sql.tree import SqlFault, Tree, selected

__all__ = ["possible_names"]

_word = re.compile(r"\w+")


def possible_names(sql: str, tree: Tree, faults: Iterable[SqlFault]) -> frozenset[str]:
    """Return every name that a column of the result may have once the `faults` of `sql` are mended.

    `tree` is its syntax tree, {} where it has none. Rather a name too many than one too few: a text that uses it is
    then told of when the SQL is right, but never called wrong for the SQL's mistake.
    """
    listed = selected(tree)
    names = [_name(item) for item in listed]
    if not listed or None in names:
        # Not to be read, or with `*`: a column's name still stands somewhere in the text or in a table.
        return frozenset(_word.findall(sql)) | _columns()
    found = frozenset(str(name) for name in names)
    # A column that was misspelt in the SQL may be spelt right in the message.
    return found | _columns() if any(fault.code == "sql.unknown-column" for fault in faults) else found


def _name(item: Tree) -> str | None:
    """Return the name of one result column; None for what may be several, '' for one that no text can name."""
    if item.get("class") == "STAR" or item.get("function_name") == "unnest":
        return None
    names = item.get("column_names") or [""]
    return str(item.get("alias") or names[-1])


def _columns() -> frozenset[str]:
    """Return the names of all columns of the estate."""
    return frozenset(column for columns in tables_and_columns().values() for column in columns)
