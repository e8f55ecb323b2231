"""Read what an organization adds to the model: columns and tables of its own, each with its type.

A manifest, a recipe and a rule set say it in the same words under ``own:``; where two of them speak of the same
column they must agree, for a rule that takes a number for a text judges wrongly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from policycore.errors import Place, Problem
from policycore.model.columns import EARLIEST
from policycore.model.schema import ColumnSchema, ColumnType
from policycore.model.tables import TABLES
from policycore.yaml.nodes import Node
from policycore.yaml.problems import problem
from policycore.yaml.read import document, validated
from policycore.yaml.scan import DATA
from policycore.yaml.written import Mistake, Several, Truth, Word, Written, entries_of

__all__ = ["OWN_TABLE", "OwnColumn", "OwnPart", "columns_in", "differing", "own_part", "own_texts", "read_own"]

OWN_TABLE = "own_"
"""What the name of an own table begins with: no table or view of the program is ever called so."""

_TYPES: dict[str, tuple[ColumnType, str | None]] = {
    "text": ("text", None),
    "integer": ("integer", None),
    "number": ("number", None),
    "boolean": ("boolean", None),
    "date": ("time", None),
    "moment": ("time", None),
    "list": ("list", None),
    "word": ("enum", None),
    "id of people": ("text", "people"),
    "id of departments": ("text", "departments"),
    "id of groups": ("text", "groups"),
    "id of accounts": ("text", "accounts"),
}
_name = re.compile(r"[a-z][a-z0-9_]{0,60}")
_reserved = re.compile(
    # Keys and ends of the program's own, counts beside every group, words that SQL needs for itself.
    r".*_(key|latest)|(member|owner|admin|message)_count|last_(human_)?message_at|subject|"
    r"all|analy[sz]e|and|anti|any|array|as|asc|asof|asymmetric|authorization|binary|both|by|case|cast|check|"
    r"collate|collation|columns?|concurrently|constraint|create|cross|default|deferrable|desc|describe|distinct|do|"
    r"else|end|except|false|fetch|for|foreign|freeze|from|full|generated|glob|grant|group|having|ilike|in|initially|"
    r"inner|intersect|into|is|isnull|join|lambda|lateral|leading|left|like|limit|map|natural|not|notnull|null|offset|"
    r"on|only|or|order|outer|overlaps|pivot|pivot_longer|pivot_wider|placing|positional|primary|qualify|references|"
    r"returning|right|select|semi|show|similar|some|struct|summarize|symmetric|table|tablesample|then|to|trailing|"
    r"true|try_cast|tuple|union|unique|unpack|unpivot|using|variadic|verbose|when|where|window|with"
)


class OwnColumn(Written):
    """What is said of one own column."""

    type: Literal[
        "text", "integer", "number", "boolean", "date", "moment", "list", "word",
        "id of people", "id of departments", "id of groups", "id of accounts",
    ] = Field(description="what a cell holds")  # fmt: skip
    words: tuple[Word, ...] = Field((), description="of a word, those that it can be")
    none: Truth = Field(False, description="whether an empty cell says that there is none; it is unknown otherwise")
    key: Truth = Field(False, description="of an own table, whether it is part of what identifies a row")
    header: Several = Field([], description="headers under which people write it into their lists")
    zh: Word | None = Field(None, description="what it is called in Chinese")
    en: Word | None = Field(None, description="what it holds, in English")

    @classmethod
    def mistakes(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        """Yield words where there are none to choose from, or none where there are."""
        if (data.get("type") == "word") != bool(data.get("words")):
            yield Mistake("own-words")


class OwnPart(Written):
    """What a file says under ``own:``."""

    own: dict[Word, dict[Word, OwnColumn]] = Field(
        {}, description=f"own columns by table and name; an own table's name begins with {OWN_TABLE}"
    )

    @classmethod
    def mistakes(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        """Yield names that cannot be, and own tables whose rows nothing identifies."""
        for table, columns in entries_of(data.get("own")):
            if not isinstance(table, str):  # a list, which its type tells of
                break
            at = ("own", table)
            own = table.startswith(OWN_TABLE) and _name.fullmatch(table)
            if table not in TABLES and not own:
                yield Mistake("own-table", at, {"table": table}, TABLES, on_key=True)
                continue
            taken = () if own else {name for model in TABLES.values() for name in model.model_fields}
            for name in columns:
                if not _name.fullmatch(name) or _reserved.fullmatch(name) or name in taken:
                    yield Mistake("own-name", (*at, name), {"name": name}, on_key=True)
            keys = [entry for _, entry in entries_of(columns) if entry.get("key") in ("true", True)]
            if bool(keys) != bool(own) and columns:
                yield Mistake("own-key", at, {"table": table}, on_key=True)
            for name, entry in entries_of(columns):
                if entry.get("key") in ("true", True) and entry.get("none") in ("true", True):
                    yield Mistake("own-key", (*at, name), {"table": table}, on_key=True)


def own_part(node: Node) -> tuple[tuple[ColumnSchema, ...], list[Problem]]:
    """Return the columns that the ``own`` part `node` of a file declares, and everything wrong with it."""
    part, found = validated(OwnPart, Node("map", node.place, {"own": node}, {"own": node.place}))
    return () if part is None else columns_in(part), found


def columns_in(part: OwnPart) -> tuple[ColumnSchema, ...]:
    """Return the columns that a file declares, each with its place."""
    return tuple(_column(table, name, entry) for table, named in part.own.items() for name, entry in named.items())


def _column(table: str, name: str, entry: OwnColumn) -> ColumnSchema:
    """Return the schema of an own column."""
    kind, target = _TYPES[entry.type]
    headers = tuple(dict.fromkeys([*([entry.zh] if entry.zh else []), *entry.header])) or (name,)
    return ColumnSchema(
        table=table,
        name=name,
        type=kind,
        zh=headers[0],
        en=entry.en or name,
        nullable=not entry.key,
        key=entry.key,
        references=target,
        headers=headers,
        values=entry.words,
        ends=False,
        always="" if entry.none or entry.key else "true",
        earliest=EARLIEST if kind == "time" else "",
        place=entry.place,
    )


def own_texts(columns: Iterable[ColumnSchema]) -> dict[str, dict[str, dict[str, object]]]:
    """Return `columns` as a file says them under ``own:``."""
    said: dict[str, dict[str, dict[str, object]]] = {}
    for one in columns:
        kind = next(word for word, meant in _TYPES.items() if meant == (one.type, one.references) and word != "date")
        entry: dict[str, object] = {"type": kind, "zh": one.zh, "en": one.en}
        entry |= {"words": list(one.values)} if one.values else {}
        entry |= {"none": True} if one.nullable and not one.always else {}
        entry |= {"key": True} if one.key else {}
        entry |= {"header": list(one.headers)} if one.headers else {}
        said.setdefault(one.table, {})[one.name] = entry
    return said


def read_own(path: Path, shown: str) -> tuple[ColumnSchema, ...]:
    """Return the columns that the YAML file at `path` declares; none where it cannot be read, which others tell."""
    node, _ = document(path, shown, DATA)
    own = node.get("own") if node is not None else None
    return own_part(own)[0] if own is not None else ()


def differing(columns: Iterable[ColumnSchema]) -> tuple[tuple[ColumnSchema, ...], list[Problem]]:
    """Return each of `columns` once, and a problem with both places where two declare one of them differently."""
    known: dict[str, ColumnSchema] = {}
    problems = []
    for one in columns:
        first = known.setdefault(one.field, one)
        if _meaning(first) != _meaning(one):
            other = str(first.place or "")
            problems.append(problem("own-differs", one.place or Place(""), field=one.field, other=other))
        elif set(one.headers) - set(first.headers):
            known[one.field] = _with_headers(first, one)
    return tuple(known.values()), problems


def _meaning(column: ColumnSchema) -> tuple[object, ...]:
    """Return what rules go by; what a column is called may differ."""
    return column.type, column.references, frozenset(column.values), column.nullable, column.key, column.always


def _with_headers(first: ColumnSchema, other: ColumnSchema) -> ColumnSchema:
    """Return a column with the headers that two files know of."""
    return replace(first, headers=tuple(dict.fromkeys([*first.headers, *other.headers])))
