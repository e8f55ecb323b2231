"""Find the line and column of a spot inside SQL that stands in YAML."""

from __future__ import annotations

from policycore.errors import Place
from policycore.yaml.nodes import Node

__all__ = ["place_in_sql"]


def place_in_sql(node: Node, sql: str, offset: int | None) -> Place:
    """Return the place of the character at `offset` of `sql`, as `node` holds it.

    Exact for plain and quoted text on one line and for ``|`` blocks; elsewhere the line may be moved by
    folding, so the beginning of the text is returned.
    """
    start = node.place
    if offset is None:
        return start
    # The statement was stripped before it was parsed; count from the first character that is none.
    offset += len(sql) - len(sql.lstrip())
    before = sql[:offset]
    lines = before.count("\n")
    if node.style == "|":
        return Place(start.file, start.line + 1 + lines, node.indent + offset - (before.rfind("\n") + 1) + 1)
    if "\n" in sql or node.style == ">":
        return start
    quoted = 1 if node.style in ("'", '"') else 0
    escaped = before.count("'") if node.style == "'" else 0
    return Place(start.file, start.line, start.column + quoted + offset + escaped)
