"""The page of the interchange folder, made from the table models."""

from __future__ import annotations

from bench.docs.markdown import both, code, introduction, table
from policycore.language import say_both
from policycore.model.schema import ColumnSchema, table_schemas

__all__ = ["page"]


def page() -> str:
    """Return the page."""
    lines = introduction("estate")
    headings = [both(say_both(f"docs.estate.{word}")) for word in ("column", "type", "headers", "meaning")]
    for name, schema in table_schemas().items():
        lines += [f"## {name}", "", schema.en.splitlines()[0], ""]
        lines += table(
            headings, ((_name(one), _type(one), "、".join(one.headers), one.en) for one in schema.columns.values())
        )
    return "\n".join(lines)


def _name(column: ColumnSchema) -> str:
    """Return a column's name, marked when it is part of the row's identity or may not be empty."""
    marks = [both(say_both("docs.estate.key"))] if column.key else []
    if not column.nullable and not column.key and column.type != "list":
        marks.append(both(say_both("docs.required")))
    return f"{code(column.name)} {', '.join(marks)}".strip()


def _type(column: ColumnSchema) -> str:
    """Return a column's type with the words it may hold or the table it points to."""
    if column.references:
        return f"{column.type} → [{column.references}](#{column.references})"
    return f"{column.type}: {', '.join(map(code, column.values))}" if column.values else column.type
