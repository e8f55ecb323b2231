"""Follow the paths by which rules name what they need: along references, from the subject to a column."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from policycore.language import say
from policycore.model.schema import ColumnSchema, own_columns, table_schema, table_schemas
from policycore.plugin_api.rule import Needs

__all__ = ["FieldPath", "PathError", "as_needs", "need_fields", "visible"]


class PathError(ValueError):
    """A path that leads nowhere; the message says why."""


def as_needs(requires: Iterable[str | Needs]) -> tuple[Needs, ...]:
    """Return `requires` with each plain ``table.column`` as a need without a condition."""
    return tuple(item if isinstance(item, Needs) else Needs(item) for item in requires)


def need_fields(path: str) -> tuple[str, ...]:
    """Return every ``table.column`` along `path`; PathError where it leads nowhere."""
    return _fields_along(path, own_columns())


@lru_cache(4096)
def _fields_along(path: str, _own: tuple[ColumnSchema, ...]) -> tuple[str, ...]:
    """Follow a path once for the same own columns: each start of the program follows five hundred."""
    return tuple(column.field for column, _ in FieldPath(path).columns)


@dataclass(slots=True)
class FieldPath:
    """A path followed from its first table: the joins, and each column with the alias of the row it stands in."""

    text: str
    first: str = ""
    joins: list[str] = field(default_factory=list)
    columns: list[tuple[ColumnSchema, str]] = field(default_factory=list)
    ways: list[str] = field(default_factory=list)
    """For each column the path that ends with it."""
    aliases: list[str] = field(default_factory=list)
    reached_by: dict[str, str] = field(default_factory=dict)
    """By alias, SQL that says whether there is something there to know: a reference that holds a value."""

    def __post_init__(self) -> None:
        """Follow the path; PathError where a step is no column, no reference, or no table that leads here."""
        self.first, *names = self.text.split(".")
        if self.first not in table_schemas() or not names:
            raise PathError(say("plugin_api.path.begins", path=self.text))
        table = self.first
        alias = self._alias(table)
        for place, name in enumerate(names):
            last = place == len(names) - 1
            column = table_schema(table).columns.get(name)
            above = alias
            if column is not None:
                self.columns.append((column, alias))
                self.ways.append(".".join([self.first, *names[: place + 1]]))
                if last:
                    return
                if column.references is None:
                    raise PathError(say("plugin_api.path.refers", path=self.text, field=column.field))
                table = column.references
                alias = self._alias(table)
                self.joins.append(f"LEFT JOIN {visible(table)} {alias} ON {alias}.id = {above}.{name}")
                self.reached_by[alias] = f"{above}.{name} IS NOT NULL"
            elif name in table_schemas() and not last:
                back, table = _reference(name, table, self.text), name
                alias = self._alias(table)
                self.joins.append(f"LEFT JOIN {visible(table)} {alias} ON {alias}.{back} = {above}.id")
            else:
                raise PathError(say("plugin_api.path.column", path=self.text, table=table, name=name))
        raise PathError(say("plugin_api.path.ends", path=self.text))

    def _alias(self, table: str) -> str:
        """Return the name of `table` in the SQL: its own, or with a number where it comes a second time."""
        count = self.aliases.count(table) + 1
        self.aliases.append(table)
        return table if count == 1 else f"{table}_{count}"


def _reference(table: str, target: str, path: str) -> str:
    """Return the one column of `table` that leads to `target`."""
    columns = table_schema(table).columns
    found = [name for name, column in columns.items() if column.references == target and column.key]
    found = found or [name for name, column in columns.items() if column.references == target]
    if len(found) != 1:
        raise PathError(say("plugin_api.path.one", path=path, table=table, target=target))
    return found[0]


def visible(table: str) -> str:
    """Return the view in which every row of `table` can be referred to."""
    return "all_groups" if table == "groups" else table
