"""Decide, before a rule runs, for which groups its fields are known (domain: missing data never passes)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from policycore.engine.session import EstateData
from policycore.model.schema import table_schema, table_schemas

__all__ = ["Availability", "MissingFields", "fields_of_condition", "path_fields"]


@dataclass(frozen=True, slots=True)
class MissingFields:
    """Say which of a rule's fields nobody supplies, and which single sources lack."""

    everywhere: tuple[str, ...]
    by_source: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Availability:
    """Know which ``table.column`` fields an estate has, and which of its sources lack some."""

    supplied: frozenset[str]
    lacks: dict[str, frozenset[str]]

    @classmethod
    def of(cls, data: EstateData) -> Availability:
        """Return the availability of an estate's fields."""
        supplied = frozenset(f"{table}.{column}" for table, columns in data.columns.items() for column in columns)
        return cls(supplied, {source.name: source.lacks for source in data.sources})

    def missing(self, required: tuple[str, ...]) -> MissingFields:
        """Return what is missing of `required`; a bare table name asks for its key columns."""
        everywhere = tuple(field for field in required if field not in self.supplied)
        rest = [field for field in required if field in self.supplied]
        by_source = {
            name: found
            for name, lacks in self.lacks.items()
            if (found := tuple(field for field in rest if field in lacks or field.partition(".")[0] in lacks))
        }
        if self.lacks and len(by_source) == len(self.lacks):
            # What every source lacks is missing everywhere, whatever an empty column pretends.
            shared = [field for field in rest if all(field in found for found in by_source.values())]
            everywhere += tuple(shared)
            by_source = {
                name: kept
                for name, found in by_source.items()
                if (kept := tuple(field for field in found if field not in shared))
            }
        return MissingFields(everywhere, by_source)


def path_fields(path: str) -> tuple[str, ...]:
    """Return the fields along a path.

    ``groups.task_id.state`` leads along ``groups.task_id`` and ``tasks.state``.

    Raises ValueError when a step is not a column, or not a reference where one is needed.
    """
    table, *steps = path.split(".")
    if table not in table_schemas() or not steps:
        raise ValueError(f"{path!r} does not begin with a table and a column")
    fields = []
    for position, step in enumerate(steps):
        column = table_schema(table).columns.get(step)
        if column is None:
            raise ValueError(f"{path!r}: table {table} has no column {step!r}")
        fields.append(column.field)
        if position < len(steps) - 1:
            if column.references is None:
                raise ValueError(f"{path!r}: {column.field} refers to no other table")
            table = column.references
    return tuple(fields)


_word = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def fields_of_condition(condition: str, table: str) -> tuple[str, ...]:
    """Return the columns of `table` that a SQL condition names, string literals left aside.

    SQL knows a column in any case (``KIND``). A condition over whole rows (``COLUMNS(…)``, the table as
    a value) reads every column: rather too many groups are unknown than one passes unseen.
    """
    import duckdb

    encoded = condition.encode()
    tokens = duckdb.tokenize(condition)
    ends = [start for start, _ in tokens[1:]] + [len(encoded)]
    bare = " ".join(
        encoded[start:end].decode(errors="replace")
        for (start, kind), end in zip(tokens, ends, strict=False)
        if kind is not duckdb.token_type.string_const
    ).lower()
    words = set(_word.findall(bare))
    whole = "columns" in words or re.search(rf"\b(all_)?{table}\b(?!\"?\s*\.)", bare)
    columns = table_schema(table).columns.values()
    return tuple(column.field for column in columns if whole or column.name.lower() in words)
