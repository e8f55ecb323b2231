"""Read the cases of a rule that a rule set writes: rows of tables, and what must be found in them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from policycore.language import Text
from policycore.model.schema import UNKNOWN_COLUMN, ColumnSchema, own_columns, table_schemas
from policycore.model.words import closed_columns, meant_word
from policycore.plugin_api.rule import Case
from policycore.rulesets.layers.layer import Setting
from policycore.rulesets.layers.problems import problem
from policycore.text.suggest import suggestion
from policycore.yaml.nodes import Node, plain
from policycore.yaml.problems import Problems

__all__ = ["cases_of"]

_time = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2}([T ][0-9:.]+(Z|[+-][0-9:]+)?)?)?)?")
_KINDS = {
    "integer": ("integer",),
    "number": ("integer", "number"),
    "boolean": ("boolean",),
    "list": ("list",),
    "scope": ("map",),
    "text": ("text", "integer", "number"),
    "enum": ("text",),
    "time": ("text", "integer"),
}


def cases_of(setting: Setting | None, params: Mapping[str, object], problems: Problems) -> tuple[Case, ...]:
    """Return the cases of a rule whose parameters are `params`; every mistake in them goes to `problems`."""
    before = len(problems)
    found = [
        _case(entry, params, problems)
        for entry in (setting.node.items() if setting is not None else ())
        if entry.kind == "map"
    ]
    return tuple(case for case in found if case is not None) if len(problems) == before else ()


def _case(entry: Node, params: Mapping[str, object], problems: Problems) -> Case | None:
    """Return one case; None where what it needs is missing, which is told elsewhere."""
    name, given = entry.get("name"), entry.get("given")
    if name is None or given is None or given.kind != "map":
        return None
    said = plain(name)
    title = (
        Text(str(said.get("zh") or said.get("en")), str(said.get("en") or said.get("zh")))
        if isinstance(said, dict)
        else Text(str(said), str(said))
    )
    rows = {
        table: [_row(table, row, problems) for row in node.items() if row.kind == "map"]
        for table, node in given.value.items()
        if _known_table(table, given, problems)
    }
    changed = entry.get("with")
    changed = changed if changed is not None and changed.kind == "map" else None  # else its type is told
    for key in changed.value if changed is not None else ():
        if key not in params:
            place = changed.keys[key] if changed is not None else entry.place
            problems.add(problem("case-parameter", place, word=key, fix=suggestion(key, params)))
    lacks = entry.get("lacks")
    for item in lacks.items() if lacks is not None else ():
        _known_field(item, problems)
    as_of = entry.get("as_of")
    if as_of is not None and not _time.fullmatch(str(as_of.value)):
        problems.add(problem("yaml.not-a-time", as_of.place, value=as_of.value))
    values: dict[str, Any] = {
        key: plain(node) for key in ("as_of", "lacks", "finds", "unknown", "facts") if (node := entry.get(key))
    }
    for key in ("lacks", "finds", "unknown"):
        values[key] = tuple(map(str, values.get(key) or ()))
    values["params"] = {**params, **(plain(changed) if changed is not None else {})}
    return Case(title.en, rows, zh=title.zh, own=own_columns(), **values)


def _known_table(table: str, given: Node, problems: Problems) -> bool:
    """Return whether there is such a table, telling where there is none."""
    known = table_schemas()
    if table not in known:
        problems.add(problem("sql.unknown-table", given.keys[table], word=table, fix=suggestion(table, known)))
    return table in known


def _known_field(item: Node, problems: Problems) -> None:
    """Tell of a ``table.column`` that is not there."""
    fields = [column.field for schema in table_schemas().values() for column in schema.columns.values()]
    if str(item.value) not in fields:
        problems.add(
            problem("sql.unknown-column", item.place, word=item.value, fix=suggestion(str(item.value), fields))
        )


def _row(table: str, row: Node, problems: Problems) -> dict[str, object]:
    """Return one row as a case holds it, people's words for closed columns as the model's."""
    columns = table_schemas()[table].columns
    found: dict[str, object] = {}
    for name, node in row.value.items():
        if name in columns:
            found[name] = _cell(columns[name], node, problems)
        elif name == UNKNOWN_COLUMN:
            found[name] = plain(node)
        else:
            hint = suggestion(name, columns)
            problems.add(problem("sql.unknown-column", row.keys[name], word=name, fix=hint))
    return found


def _cell(column: ColumnSchema, node: Node, problems: Problems) -> object:
    """Return one value of a row, telling what the column cannot hold."""
    if node.kind == "null":
        return None
    value = plain(node)
    if node.kind not in _KINDS[column.type]:
        problems.add(problem("case-value", node.place, word=column.field, value=value))
    elif column.type == "time" and not _time.fullmatch(node.text or str(value)):
        problems.add(problem("yaml.not-a-time", node.place, value=value))
    elif column.type == "enum" and value not in column.values:
        known = closed_columns()[column.field]
        meant = meant_word(str(value), known, column.field)
        if meant is not None:
            return meant
        words = ", ".join(known)
        hint = suggestion(str(value), known)
        problems.add(problem("sql.unknown-word", node.place, column=column.field, known=words, word=value, fix=hint))
    return (node.text or str(value)) if column.type in ("text", "time") else value
