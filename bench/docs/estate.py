"""The page of the interchange folder, made from the table models."""

from __future__ import annotations

from bench.docs.markdown import code, introduction, table
from policycore.model.schema import ColumnSchema, table_schemas

__all__ = ["page"]


def page() -> str:
    """Return the page."""
    lines = introduction(
        "群组总账的表 · Tables of an estate",
        "交换文件夹里每张表一个文件（`.csv`、`.jsonl`或`.parquet`），外加`manifest.yaml`。任何表、任何列都可以没有："
        "没有的列是“未知”，有列而值为空是“确实没有”。"
        "CSV中的列表用`|`分隔，时间用ISO 8601；没有时区的时间按manifest的时区理解。",
        "An interchange folder holds one file for each table (`.csv`, `.jsonl` or `.parquet`) and `manifest.yaml`. "
        "Any table and any column may be absent: an absent column is unknown, an empty value in a column that is "
        "there means there is none. Lists in CSV are separated by `|`, times are ISO 8601; a time without an offset "
        "is in the manifest's zone.",
    )
    headings = ("列 · column", "类型 · type", "表格中的表头 · spreadsheet headers", "含义 · meaning")
    for name, schema in table_schemas().items():
        lines += [f"## {name}", "", schema.en.splitlines()[0], ""]
        lines += table(
            headings, ((_name(one), _type(one), "、".join(one.headers), one.en) for one in schema.columns.values())
        )
    return "\n".join(lines)


def _name(column: ColumnSchema) -> str:
    """Return a column's name, marked when it is part of the row's identity or may not be empty."""
    marks = ["主键 · key"] if column.key else []
    if not column.nullable and not column.key and column.type != "list":
        marks.append("必填 · required")
    return f"{code(column.name)} {', '.join(marks)}".strip()


def _type(column: ColumnSchema) -> str:
    """Return a column's type with the words it may hold or the table it points to."""
    if column.references:
        return f"{column.type} → [{column.references}](#{column.references})"
    return f"{column.type}: {', '.join(map(code, column.values))}" if column.values else column.type
