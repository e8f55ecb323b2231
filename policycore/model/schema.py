"""Read the table definitions as plain data: columns, types, keys and references.

Everything that needs to know the shape of a table asks here, so that `policycore.model.tables`
stays the only place where it is written down.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from policycore.errors import Place
from policycore.language import Text

if TYPE_CHECKING:
    from pydantic import BaseModel

__all__ = [
    "UNKNOWN_COLUMN",
    "ColumnSchema",
    "ColumnType",
    "TableSchema",
    "all_schemas",
    "declared",
    "field_names",
    "kept_by_schema",
    "key_columns",
    "latest_of",
    "own_columns",
    "table_schema",
    "table_schemas",
]

UNKNOWN_COLUMN = "_unknown"
"""Names, row by row, the columns that could not be read or decided."""

ColumnType = Literal["text", "time", "integer", "number", "boolean", "list", "enum", "scope"]


@dataclass(frozen=True, slots=True)
class ColumnSchema:
    """One column of a table."""

    table: str
    name: str
    type: ColumnType
    zh: str
    en: str
    nullable: bool
    key: bool
    references: str | None
    headers: tuple[str, ...]
    values: tuple[str, ...]
    ends: bool
    """Whether it says when a row came to its end: a list that has no such column is a list of what goes on."""
    always: str
    """SQL over ``{row}``: the rows in which there must be a value, so that a null is unknown; '' for none."""
    earliest: str
    """Of a time, the first moment that can be true; '' for any other column."""
    place: Place | None = field(default=None, compare=False)
    """Where an organization declares it as its own; None for a column of the model."""

    @property
    def field(self) -> str:
        """Return ``table.column``, the name rules use in `requires`."""
        return f"{self.table}.{self.name}"


@dataclass(frozen=True, slots=True)
class TableSchema:
    """One table: its columns by name, in the order of the model."""

    name: str
    en: str
    columns: Mapping[str, ColumnSchema]

    @property
    def key(self) -> tuple[str, ...]:
        """Return the names of the columns that together identify a row."""
        return tuple(column.name for column in self.columns.values() if column.key)

    @property
    def times(self) -> tuple[str, ...]:
        """Return the names of the columns that hold times."""
        return tuple(column.name for column in self.columns.values() if column.type == "time")

    @property
    def beside(self) -> tuple[str, ...]:
        """Return the names of the columns that say how much is known of the others; a file may have them too."""
        return (*(latest_of(name) for name in self.times), UNKNOWN_COLUMN)


def latest_of(column: str) -> str:
    """Return the column that holds the latest moment of a time which `column` holds the earliest of."""
    return f"{column}_latest"


def _type_of(annotation: Any) -> tuple[ColumnType, tuple[str, ...], bool]:
    """Return column type, enum values and nullability of a field's annotation."""
    nullable = False
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        members = typing.get_args(annotation)
        nullable = type(None) in members
        annotation = next(member for member in members if member is not type(None))
    if hasattr(annotation, "__metadata__"):
        annotation = annotation.__origin__
    if typing.get_origin(annotation) is tuple:
        return "list", (), nullable
    if annotation is _models()[2]:
        return "scope", (), nullable
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return "enum", tuple(member.value for member in annotation), nullable
    simple: dict[Any, ColumnType] = {str: "text", datetime: "time", int: "integer", bool: "boolean"}
    return simple[annotation], (), nullable


def _earliest_of(annotation: Any) -> str:
    """Return the first moment that can be true of a column of times; '' for any other column."""
    marks = [mark for member in typing.get_args(annotation) for mark in getattr(member, "__metadata__", ())]
    return next((str(mark.func.earliest) for mark in marks), "")


Kept = TypeVar("Kept")

_declared: ContextVar[tuple[ColumnSchema, ...]] = ContextVar("policycore_own_columns", default=())
"""What an organization has added to the model, for as long as somebody works with its estate or rule set."""


def own_columns() -> tuple[ColumnSchema, ...]:
    """Return the columns beyond the model's that are `declared` here."""
    return _declared.get()


@contextmanager
def declared(columns: Iterable[ColumnSchema]) -> Iterator[None]:
    """Make the schemas hold the own `columns` of an estate or a rule set as well, inside a ``with`` block."""
    before = _declared.get()
    # Those of one table stand together, whoever declared them.
    _declared.set(tuple(sorted(columns, key=lambda column: column.table)))
    try:
        yield
    finally:
        _declared.set(before)


def kept_by_schema(make: Callable[[], Kept]) -> Callable[[], Kept]:
    """Return `make`, asked only once for the same own columns."""
    kept = lru_cache(8)(lambda _: make())
    return lambda: kept(own_columns())


def table_schema(name: str) -> TableSchema:
    """Return the schema of the table called `name`; KeyError when there is none."""
    return _schemas(own_columns())[name]


@cache
def _models() -> tuple[Mapping[str, type[BaseModel]], Mapping[str, type[BaseModel]], type[BaseModel]]:
    """Return the models of the tables that files hold, of those that the import makes, and of a scope.

    They are built for who asks: a report of a stored run does not.
    """
    from policycore.model.tables import MADE_TABLES, TABLES, Scope

    return TABLES, MADE_TABLES, Scope


@lru_cache(64)
def _schemas(own: tuple[ColumnSchema, ...]) -> Mapping[str, TableSchema]:
    """Return the schemas of all tables: those of the model with what is added to them, own ones, those of imports."""
    added: dict[str, dict[str, ColumnSchema]] = {}
    for column in own:
        added.setdefault(column.table, {})[column.name] = column
    found, (held, made, _) = {}, _models()
    for name in (*held, *(name for name in added if name not in held), *made):
        schema = _model_schema(name) if name in held or name in made else TableSchema(name, "", {})
        found[name] = replace(schema, columns={**schema.columns, **added.get(name, {})})
    return found


@cache
def _model_schema(name: str) -> TableSchema:
    """Return the schema of a table of the model."""
    held, made, _ = _models()
    model = held.get(name) or made[name]
    columns = {}
    for column, info in model.model_fields.items():
        kind, values, nullable = _type_of(info.annotation)
        extra = typing.cast("dict[str, Any]", info.json_schema_extra or {})
        columns[column] = ColumnSchema(
            table=name,
            name=column,
            type=kind,
            zh=extra["zh"],
            en=info.description or "",
            nullable=nullable,
            key=extra["key"],
            references=extra.get("references"),
            headers=tuple(extra["headers"]),
            values=values,
            ends=extra["ends"],
            always=extra["always"],
            earliest=_earliest_of(info.annotation),
        )
    return TableSchema(name=name, en=(model.__doc__ or "").strip(), columns=columns)


def table_schemas() -> Mapping[str, TableSchema]:
    """Return the schemas of all tables that files hold, in the order in which references can be checked."""
    return _held_by_files(own_columns())


@lru_cache(64)
def _held_by_files(own: tuple[ColumnSchema, ...]) -> Mapping[str, TableSchema]:
    made = _models()[1]
    return {name: schema for name, schema in _schemas(own).items() if name not in made}


def all_schemas() -> Mapping[str, TableSchema]:
    """Return the schemas of all tables, those that the import makes behind those that files hold."""
    return _schemas(own_columns())


_REGISTERS = {
    "departments": "department_key",
    "people": "person_key",
    "accounts": "account_key",
    "groups": "group_key",
    "messages": "message_key",
    "tasks": "task_key",
}


@cache
def key_columns() -> Mapping[str, Mapping[str, tuple[str, str]]]:
    """Return by table and column the name of its key column and the register whose keys it holds.

    Ids and what refers to them share the keys of their table; display names have a register of their own. Own columns
    have none.
    """
    found: dict[str, dict[str, tuple[str, str]]] = {}
    held, made, _ = _models()
    for table in (*held, *made):
        columns = found.setdefault(table, {})
        for name, column in _model_schema(table).columns.items():
            if name == "id" and table in _REGISTERS:
                columns[name] = (_REGISTERS[table], table)
            elif column.references in _REGISTERS:
                columns[name] = (f"{name.removesuffix('_id')}_key", column.references)
    found["memberships"]["display_name"] = ("name_key", "display_names")
    return found


def field_names(fields: Iterable[str]) -> Text:
    """Return fields for a person: the Chinese column name with the technical one, or the technical one."""
    listed = list(fields)
    chinese = []
    for name in listed:
        table, _, column = name.partition(".")
        known = all_schemas().get(table)
        schema = known.columns.get(column) if known else None
        chinese.append(f"{schema.zh}（{name}）" if schema else name)
    return Text("、".join(chinese), ", ".join(listed))
