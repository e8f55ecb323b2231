"""An import recipe: which files, and how what stands in them becomes the rows of tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, PlainValidator
from pydantic_core import PydanticKnownError

from policycore.estate.manifest import SourceEntry, Zone, sources_twice
from policycore.estate.recipes.recipe_path import RecipePath, parse_path
from policycore.model.schema import table_schemas
from policycore.yaml.own_columns import OwnPart
from policycore.yaml.read import read
from policycore.yaml.scan import WRITTEN
from policycore.yaml.written import Mistake, Several, Truth, Whole, Word, Written, entries_of

__all__ = ["ColumnRecipe", "Condition", "FileRecipe", "Recipe", "RowsRecipe", "read_recipe"]

_FORMATS = {"json": "json", "jsonl": "jsonl", "csv": "csv", "xlsx": "xlsx", "xlsm": "xlsx"}
_WAYS = ("path", "first_of", "value", "template", "none")
_TESTS = ("is", "is_not", "exists")
_place_in_template = re.compile(r"\{([^{}]+)\}")


def _path(text: object) -> RecipePath:
    if not isinstance(text, str):
        raise PydanticKnownError("string_type")
    try:
        return parse_path(text)
    except ValueError as error:
        raise Mistake("estate.recipe-path", values={"path": text, "rest": error}).error() from None


def _template(text: object) -> tuple[str | RecipePath, ...]:
    if not isinstance(text, str):
        raise PydanticKnownError("string_type")
    parts: list[str | RecipePath] = []
    end = 0
    for found in _place_in_template.finditer(text):
        parts += [text[end : found.start()], _path(found[1])]
        end = found.end()
    return (*parts, text[end:])


def _pattern(text: str) -> str:
    """Refuse a pattern that leads out of the folder."""
    if text.startswith("/") or ".." in text.split("/"):
        raise Mistake("estate.recipe-outside", values={"pattern": text}).error()
    return text


def _several(value: object) -> object:
    """Return a single mapping as a list of one."""
    return [value] if isinstance(value, dict) else value


def _from_path(value: object) -> object:
    """Return a path alone as a mapping that has nothing else."""
    return {"path": value} if isinstance(value, str) else value


RecipePathText = Annotated[RecipePath, PlainValidator(_path)]


class FileRecipe(Written):
    """Which files are meant and how they are written."""

    match: Annotated[Word, AfterValidator(_pattern)]
    written_as: Literal["yaml", "json", "jsonl", "csv", "xlsx"] | None = Field(None, alias="format")
    optional: Truth = False
    sheet: Word | None = None
    header: Annotated[Whole, Field(ge=1)] | None = None

    @property
    def format(self) -> str:
        """Return the format that is given, else the one that the pattern's ending names."""
        return self.written_as or _FORMATS.get(Path(self.match).suffix.lower().lstrip("."), "yaml")


class ColumnRecipe(Written):
    """Where one column's value comes from, and what is done to it."""

    path: RecipePathText | None = None
    first_of: tuple[RecipePathText, ...] = ()
    value: Word | None = None
    template: Annotated[tuple[str | RecipePath, ...], PlainValidator(_template)] = ()
    none: Any = None
    split: Annotated[str, Field(min_length=1)] | None = None
    join: str | None = None
    """What stands between the parts of a text that comes in parts; nothing does for what people wrote."""
    epoch: Literal["seconds", "milliseconds", "microseconds"] | None = None
    """The unit of a time that is counted since 1970; found out by its size when not given."""
    trim: Truth = False
    map: dict[str, str | None] | None = None
    default: Word | None = None
    lower: Truth = False
    month_start: Truth = False
    """Whether a date given to the month only is its first day."""
    distinguish: Truth = False
    """Whether an id that is declared at several places is several ids: x, x#2, x#3."""

    @property
    def paths(self) -> tuple[RecipePath, ...]:
        """Return the paths that are tried in turn."""
        return self.first_of if self.path is None else (self.path,)

    @classmethod
    def mistakes(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        """Yield that there is not exactly one place to take the value from."""
        if sum(way in data for way in _WAYS) != 1:
            yield Mistake("estate.recipe-one-way", values={"ways": ", ".join(_WAYS)})


class Condition(Written):
    """Which items are meant: by the value at a path."""

    path: RecipePathText = RecipePath(".")
    equal: str | None = Field(None, alias="is")
    unequal: str | None = Field(None, alias="is_not")
    exists: Truth | None = None

    @classmethod
    def mistakes(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        """Yield that there is not exactly one test."""
        if sum(key in data for key in _TESTS) != 1:
            yield Mistake("estate.recipe-one-way", values={"ways": ", ".join(_TESTS)})


class ValueCheck(Written):
    """Which values may stand at a path that no column takes."""

    path: RecipePathText = RecipePath(".")
    allowed: Annotated[Several, Field(min_length=1)]


class RowsRecipe(Written):
    """How one kind of item becomes rows of a table."""

    may_be_empty: ClassVar = frozenset({"where", "checks"})
    file: Word = Field("", alias="from")
    each: RecipePathText | None = None
    where: Annotated[tuple[Condition, ...], BeforeValidator(_several)] = ()
    source: Word | None = None
    columns: dict[str, Annotated[ColumnRecipe, BeforeValidator(_from_path)]]
    checks: Annotated[tuple[ValueCheck, ...], BeforeValidator(_several)] = ()


class TableRecipe(Written):
    """How the rows of one table are made; rows with an earlier one's key are merged into it where it says so."""

    duplicates: Literal["merge", "report"] = "report"
    rows: Annotated[list[RowsRecipe], Field(min_length=1)]


class Recipe(OwnPart):
    """A checked recipe."""

    may_be_empty: ClassVar = frozenset({"sources", "title", "description", "own"})
    policycore: Literal["1"]
    name: Word = Field("", alias="recipe")
    title: Any = None
    description: Any = None
    timezone: Zone | None = None
    sources: tuple[SourceEntry, ...] = ()
    files: Annotated[dict[str, FileRecipe], Field(min_length=1)]
    tables: dict[str, TableRecipe]

    def file_of(self, rows: RowsRecipe) -> str:
        """Return the name of the files that `rows` come from; the only ones need not be named."""
        return rows.file or next(iter(self.files))

    def source_of(self, rows: RowsRecipe) -> str | None:
        """Return the name of the source that supplies `rows`; the only one need not be named."""
        return rows.source or (self.sources[0].name if len(self.sources) == 1 else None)

    @classmethod
    def mistakes(cls, data: Mapping[str, Any]) -> Iterator[Mistake]:
        """Yield tables, columns, files and sources that there are not, and those that should be there."""
        yield from super().mistakes(data)
        yield from sources_twice(data)
        schemas = table_schemas()
        files = data.get("files")
        listed = [str(entry.get("name")) for _, entry in entries_of(data.get("sources"))]
        for name, table in entries_of(data.get("tables")):
            if name not in schemas:
                yield Mistake("estate.unknown-table", ("tables", name), {"table": name}, schemas, on_key=True)
                continue
            first: Mapping[str, Any] | None = None
            for position, rows in entries_of(table.get("rows")):
                at = ("tables", name, "rows", position)
                if isinstance(files, dict):
                    yield from _named(rows, "from", [*files], at, needed=len(files) > 1)
                yield from _named(rows, "source", listed, at, needed=len(listed) > 1 and name == "groups")
                columns = rows.get("columns")
                if isinstance(columns, dict):
                    yield from _columns(name, columns, (*at, "columns"))
                    first = columns if first is None else first
                    for column in sorted(first.keys() ^ columns.keys()):
                        lacking = position if column in first else 0
                        said = {"column": column, "table": name}
                        yield Mistake("estate.recipe-columns-differ", ("tables", name, "rows", lacking), said)


def _named(
    rows: Mapping[str, Any], key: str, known: list[str], at: tuple[str | int, ...], *, needed: bool
) -> Iterator[Mistake]:
    """Yield that rows name a file or source that there is not, or none where there are several."""
    word = rows.get(key)
    if key not in rows and needed:
        yield Mistake("missing-key", at, {"word": key}, known)
    elif isinstance(word, str) and word not in known:
        yield Mistake("unknown-word", (*at, key), {"value": word}, known)


def _columns(table: str, columns: Mapping[str, Any], at: tuple[str | int, ...]) -> Iterator[Mistake]:
    """Yield columns that the table has not, columns that each row needs, and words that a column does not take."""
    known = table_schemas()[table].columns
    for name, way in columns.items():
        column = known.get(name)
        if column is None:
            yield Mistake("estate.unknown-column", (*at, name), {"column": name, "table": table}, known, on_key=True)
        elif isinstance(way, dict) and column.type == "enum":
            word = way.get("value")
            if isinstance(word, str) and word not in column.values:
                yield Mistake("unknown-word", (*at, name, "value"), {"value": word}, column.values)
    for column in known.values():
        if not column.nullable and column.name not in columns:
            yield Mistake("estate.column-missing", at, {"column": column.name, "table": table})


def read_recipe(path: Path, name: str | None = None) -> Recipe:
    """Return the recipe in `path`; DataError with every mistake."""
    return read(path, Recipe, "estate", shown=name, bounds=WRITTEN)
