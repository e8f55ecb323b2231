"""What somebody has answered about an office's lists: kept beside the estate, so that nobody is asked twice.

Next month's file of the same shape is read by it; it may be written by hand as well, to teach headers of one's own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Literal

from pydantic import Field

from policycore.model.schema import table_schemas
from policycore.system.atomic_files import atomic_file
from policycore.yaml.nodes import Node
from policycore.yaml.own_columns import OwnPart
from policycore.yaml.read import read
from policycore.yaml.scan import WRITTEN
from policycore.yaml.written import Mistake, Word

__all__ = ["NOT_USED", "OfficeRecipe", "is_office_recipe", "read_office_recipe", "recipe_beside", "write_answer"]

NOT_USED = "none"
"""Stands for a column, or a sheet, that is not to be read."""
_BEYOND = {
    "groups": ("admins", "members", "handling", "done_at", "into_id", "state", "ended"),
    "memberships": ("department",),
} | {"people": ("department_id", "title", "rank", "duties", "since", "until")}
"""Columns of people's lists that become rows of other tables."""


class OfficeRecipe(OwnPart):
    """What headers, sheets and names mean that the import does not know, or not for sure."""

    may_be_empty: ClassVar = frozenset({"headers", "sheets", "names", "title", "description", "own"})
    policycore: Literal["1"] = "1"
    name: Word = Field("", alias="recipe")
    title: Any = None
    description: Any = None
    headers: dict[str, dict[str, Word]] = Field(default_factory=dict)
    """By table, the column that a header means, or ``none``."""
    sheets: dict[str, Word] = Field(default_factory=dict)
    """The table that a sheet of this title is, or ``none``."""
    names: dict[str, Word] = Field(default_factory=dict)
    """Whose id a name means, written as in the list or as name（department）."""

    @classmethod
    def mistakes(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        """Yield tables and columns that there are not."""
        yield from super().mistakes(data)
        schemas = table_schemas()
        for table, words in _mapping(data.get("headers")):
            if table not in schemas:
                yield Mistake("estate.unknown-table", ("headers", table), {"table": table}, schemas, on_key=True)
                continue
            known = (*schemas[table].columns, *_BEYOND.get(table, ()), NOT_USED)
            for header, column in _mapping(words):
                if isinstance(column, str) and column not in known:
                    at = ("headers", table, header)
                    yield Mistake("estate.unknown-column", at, {"column": column, "table": table}, known)
        for title, table in _mapping(data.get("sheets")):
            if isinstance(table, str) and table not in (*schemas, NOT_USED):
                yield Mistake("estate.unknown-table", ("sheets", title), {"table": table}, schemas)


def _mapping(value: object) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, Mapping) else []


def recipe_beside(out: Path) -> Path:
    """Return where answers about the estate `out` are kept."""
    out = out.absolute()
    return out.with_name(f"{out.name}.recipe.yaml")


def is_office_recipe(path: Path) -> bool:
    """Return whether a recipe's file says what words mean, and not how a foreign shape becomes tables."""
    from policycore.yaml.read import document

    node, _ = document(path, str(path), WRITTEN)
    return isinstance(node, Node) and node.kind == "map" and not {"files", "tables"} & set(node.value)


def read_office_recipe(path: Path) -> OfficeRecipe:
    """Return the recipe in `path`, an empty one where there is no file; DataError with every mistake."""
    return read(path, OfficeRecipe, "estate", bounds=WRITTEN) if path.is_file() else OfficeRecipe()


def write_answer(path: Path, kind: str, table: str, key: str, value: str) -> None:
    """Add one answer to the recipe in `path`, which is made where there is none; comments of hands stay."""
    from ruamel.yaml import YAML

    yaml = YAML()
    yaml.width = 4096
    data: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8")) if path.is_file() else {"policycore": 1}
    part = data.setdefault(kind, {})
    if kind == "headers":
        part = part.setdefault(table, {})
    part[key] = value
    with atomic_file(path) as stream:
        yaml.dump(data, stream)
