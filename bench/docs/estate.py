"""The page of the interchange folder, made from the table models."""

from __future__ import annotations

from typing import get_args

from bench.docs.markdown import code, introduction, table
from policycore.estate.office.header_words import spelt_headers
from policycore.model.schema import ColumnSchema, table_schema, table_schemas
from policycore.model.tables import MADE_TABLES
from policycore.yaml.own_columns import OWN_TABLE, OwnColumn

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
        lines += table(headings, ((_name(one), _type(one), _headers(one), one.en) for one in schema.columns.values()))
    lines += [
        "## 导入自己生成的表 · Tables that an import makes",
        "",
        "几个文件夹、表格或导出一起导入时，同一个群、同一个人、同一个账号是一行：编号相同，或编号不同而名称和部门都相同且唯一。"
        "各来源的列合在一起；同一单元格说法不同的，以写在前面的来源为准（先按命令行的次序，再按`manifest.yaml`中来源的次序），"
        "包括“确实没有”。每处不一致是`differences`中的一行，`group_sources`记录每个来源对每个群提供了哪些字段。"
        "规则可以读取这些表，文件中不能有。",
        "",
        "`attachments.path`指到的文件在导入时读取，同一内容（按SHA-256）只读一次：文字写入`attachments.text`，"
        "`file_texts`记录由什么读取、哪些部分没有读到，`file_places`记录每段文字在哪个内含文件、哪一页、哪一块。"
        "没有读到的，该附件的文字为“未知”。",
        "",
        "Where several folders, sheets or exports are imported together, the same group, person or account is one row: "
        "by its id, or, where ids differ, by name and department if only one bears both. Columns are the union; of "
        "what two sources say of one cell, the one that is named first counts (first on the command line, then among "
        "the sources of a `manifest.yaml`), also where it says that there is none. Each difference is a row of "
        "`differences`; `group_sources` says which fields each source supplies of which group. Rules may read "
        "these tables; no file holds them.",
        "",
        "The files that `attachments.path` leads to are read at import, the same content (by SHA-256) once: the text "
        "is in `attachments.text`; `file_texts` says what read it and which parts were not read, `file_places` in "
        "which file inside the file, on which page and where on it each piece stands. The text of an attachment "
        "of which a part was not read is unknown.",
        "",
    ]
    for name in MADE_TABLES:
        lines += [f"### {name}", "", table_schema(name).en.splitlines()[0], ""]
        rows = ((_name(one), _type(one), one.en) for one in table_schema(name).columns.values())
        lines += table(("列 · column", "类型 · type", "含义 · meaning"), rows)
    lines += [
        "## 自己的列和表 · Own columns and tables",
        "",
        "本单位另有的列（例如备案号、审批人）和表在`manifest.yaml`的`own:`中写明类型，之后与上面的列一样：规则、`query`、"
        "多来源合并都认识它们，未知和涉密的处理也一样。"
        "空单元格是“未知”，写了`none: true`才是“确实没有”。"
        f"自己的表名以`{OWN_TABLE}`开头，并用`key: true`标出标识一行的列。`header`是表格中的表头。"
        "用到它们的规则集在自己的"
        "`own:`中写同样的话，检查时与总账不一致就报错；"
        "总账没有的列，有关的结论是“无法判断”。",
        "",
        "What an organization keeps beyond these columns (the number of a record, who approved) and tables is declared "
        "with its type under `own:` in `manifest.yaml`, and is from then on like any other: rules, `query` and "
        "the import of several sources know it, and what is unknown or secret holds for it. An empty cell is unknown; "
        f"with `none: true` it says that there is none. The name of an own table begins with `{OWN_TABLE}`, and "
        "`key: true` marks the columns that identify its rows. `header` is what people write over a column. A rule set "
        "that goes by own columns says the same under its own `own:`; a check refuses one that differs from the "
        "estate's, and where the estate does not have a column, verdicts that hang on it are unknown.",
        "",
        "```yaml",
        *EXAMPLE.splitlines(),
        "```",
        "",
    ]
    words = [(code(name), one.description or "") for name, one in OwnColumn.model_fields.items()]
    lines += table(("键 · key", "含义 · meaning"), words)
    kinds = "、".join(map(code, get_args(OwnColumn.model_fields["type"].annotation)))
    lines += [f"类型 · types: {kinds}", ""]
    return "\n".join(lines)


EXAMPLE = """own:
  groups:
    record_number: {type: text, header: [备案号]}
    approved_by: {type: id of people, none: true, header: [审批人]}
  own_inspections:
    group_id: {type: id of groups, key: true}
    inspected_at: {type: date, key: true}
    result: {type: word, words: [合格, 不合格]}"""


def _headers(column: ColumnSchema) -> str:
    """Return the headers that mean a column, those of the model before those of people's own lists."""
    own = spelt_headers(column.table).get(column.name, ())
    return "、".join(dict.fromkeys([*column.headers, *own]))


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
