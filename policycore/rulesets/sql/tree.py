"""Syntax trees of SQL as DuckDB writes them down, what can be wrong in them, and where that stands in the YAML."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from policycore.errors import Place
from policycore.language import say
from policycore.text.suggest import suggestion
from policycore.yaml.nodes import Node

__all__ = [
    "SqlFault",
    "alias_of",
    "arguments",
    "as_called",
    "bare",
    "cte_entries",
    "cte_query",
    "function_name",
    "moved",
    "nodes",
    "offset_of",
    "place_in_sql",
    "place_of",
    "selected",
]

Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SqlFault:
    """What is wrong with SQL and where in it: `offset` in characters, None for the whole."""

    code: str
    offset: int | None
    word: str = ""
    candidates: tuple[str, ...] = ()
    column: str = ""
    """The ``table.column`` that it is about."""
    known: tuple[str, ...] = ()
    """The words that it can hold."""
    parameter: str = ""
    """The parameter whose value is wrong; '' where the SQL itself is."""

    @property
    def fix(self) -> str:
        """Return which word was probably meant; '' where nobody can tell."""
        if len(self.candidates) == 1:
            return say("text.did-you-mean", name=self.candidates[0])
        return suggestion(self.word, self.candidates) if self.candidates else ""


def moved(fault: SqlFault, by: int) -> SqlFault:
    """Return `fault` with its offset counted from `by` on."""
    return fault if fault.offset is None else replace(fault, offset=max(0, fault.offset - by))


def nodes(tree: Any) -> Iterator[Tree]:
    """Yield every mapping in a syntax tree, outer ones first."""
    waiting = [tree]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            yield current
            waiting.extend(reversed(current.values()))
        elif isinstance(current, list):
            waiting.extend(reversed(current))


def as_called(statements: list[Any]) -> list[Any]:
    """Return syntax trees in which every call has all that it is called with among its arguments, changed in place.

    ``name.left(1)`` is written down as a function of a schema called ``name``, ``name -> '$.a'`` as a lambda.
    """
    for node in nodes(statements):
        if node.get("class") == "LAMBDA" and node.get("syntax_type") == "SINGLE_ARROW":
            node.update(
                {"class": "FUNCTION", "type": "FUNCTION", "function_name": "->", "is_operator": True},
                arguments=[{"name": "", "expression": node.pop(side)} for side in ("lhs", "expr")],
                qualified_name={"path": ["->"]},
            )
        path = (node.get("qualified_name") or {}).get("path") or []
        if node.get("class") in ("FUNCTION", "WINDOW") and len(path) > 1:
            place = {name: node.get(name) for name in ("query_location", "query_location_length")}
            called = {"class": "COLUMN_REF", "type": "COLUMN_REF", "alias": "", "column_names": path[:-1], **place}
            node["arguments"] = [{"name": "", "expression": called}, *(node.get("arguments") or ())]
            node.update(schema="", catalog="", qualified_name={"path": path[-1:]})
    return statements


def bare(tree: Any) -> str:
    """Return what a part of a syntax tree says, wherever it stands."""
    return json.dumps(_placeless(tree), default=repr)


def _placeless(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _placeless(part) for key, part in tree.items() if key != "alias" and "location" not in key}
    return [_placeless(part) for part in tree] if isinstance(tree, list) else tree


def cte_entries(node: Tree) -> list[Tree]:
    """Return the named subqueries that a node introduces."""
    entries = node.get("cte_map")
    return entries.get("map", []) if isinstance(entries, dict) else []


def cte_query(entry: Tree) -> tuple[str, Tree, list[str]]:
    """Return the name of a named subquery, its query and the names that it gives its columns."""
    value = entry["value"]
    query = value.get("query_node") or (value.get("query") or {}).get("node") or {}
    return str(entry["key"]).lower(), query, [str(name).lower() for name in value.get("aliases") or ()]


def alias_of(item: Tree) -> str:
    """Return the name of one column of a result; '' for one that has none."""
    names = item.get("column_names") or [""]
    return str(item.get("alias") or names[-1]).lower()


def function_name(node: Tree) -> str:
    """Return the name of the function that a node calls, '' for any other node."""
    return str(node.get("function_name") or "").lower() if node.get("class") in ("FUNCTION", "WINDOW") else ""


def arguments(node: Tree) -> list[Tree]:
    """Return what a function is called with."""
    return [one.get("expression", one) for one in node.get("arguments") or node.get("children") or ()]


def offset_of(sql: str, position: object) -> int | None:
    """Return a position in bytes, as DuckDB counts, in characters."""
    try:
        count = int(str(position))
    except ValueError:
        return None
    encoded = sql.encode("utf-8", "replace")
    return len(encoded[:count].decode("utf-8", "replace")) if 0 <= count <= len(encoded) else None


def place_of(sql: str, tree: Any) -> int | None:
    """Return where a part of a statement begins, in characters."""
    places = (offset_of(sql, node.get("query_location")) for node in nodes(tree))
    return next((offset for offset in places if offset is not None), None)


def selected(tree: Tree) -> list[Tree]:
    """Return the expressions that name a result's columns: those of the first of several queries put together."""
    while "select_list" not in tree:
        found: Tree | None = next(iter(tree.get("children") or ()), None)
        tree = found or tree.get("left") or {"select_list": []}
    return list(tree["select_list"])


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
