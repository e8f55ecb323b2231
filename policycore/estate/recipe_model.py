"""Read and check an import recipe: every mistake with file, line, column and a suggestion."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policycore.errors import DataError, Place
from policycore.estate.manifest import EstateSource, ManifestReader, is_timezone
from policycore.estate.problems import cap, excerpt, problem, suggestion
from policycore.estate.recipe_path import RecipePath, parse_path
from policycore.model.schema import ColumnSchema, table_schema, table_schemas
from policycore.yaml.marked_yaml import MarkedList, MarkedMap, Scalar, read_yaml

__all__ = ["COLUMN_KEYS", "FORMATS", "ColumnRecipe", "FileRecipe", "Recipe", "RowsRecipe", "ValueCheck", "read_recipe"]

MAX_BYTES = 1024 * 1024
FORMATS = ("yaml", "json", "jsonl", "csv", "xlsx")
TOP_KEYS = ("policycore", "recipe", "title", "description", "timezone", "sources", "files", "tables")
FILE_KEYS = ("match", "format", "optional", "sheet", "header")
TABLE_KEYS = ("duplicates", "rows")
ROWS_KEYS = ("from", "each", "where", "source", "columns", "checks")
WAYS = ("path", "first_of", "value", "template", "none")
COLUMN_KEYS = (*WAYS, "split", "map", "default", "lower", "month_start", "distinguish")
WHERE_KEYS = ("path", "is", "is_not", "exists")
CHECK_KEYS = ("path", "allowed")
_place_in_template = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class FileRecipe:
    """Say which files are meant and how they are written."""

    match: str
    format: str
    optional: bool = False
    sheet: str | None = None
    header: int | None = None
    place: Place = field(default_factory=lambda: Place(""))


@dataclass(frozen=True, slots=True)
class ColumnRecipe:
    """Say where one column's value comes from."""

    paths: tuple[RecipePath, ...] = ()
    value: str | None = None
    template: tuple[str | RecipePath, ...] = ()
    split: str | None = None
    map: Mapping[str, str | None] | None = None
    default: str | None = None
    lower: bool = False
    month_start: bool = False
    """Whether a date given to the month only is its first day."""
    distinguish: bool = False
    """Whether an id that is declared at several places is several ids: x, x#2, x#3."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Say which items are meant: by the value at a path."""

    path: RecipePath
    equal: str | None = None
    unequal: str | None = None
    exists: bool | None = None


@dataclass(frozen=True, slots=True)
class ValueCheck:
    """Say which values may stand at a path that no column takes."""

    path: RecipePath
    allowed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowsRecipe:
    """Say how one kind of item becomes rows of a table."""

    file: str
    each: RecipePath | None
    where: tuple[Condition, ...]
    source: str | None
    columns: Mapping[str, ColumnRecipe]
    checks: tuple[ValueCheck, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Recipe:
    """Be a checked recipe."""

    name: str
    timezone: str | None
    sources: tuple[EstateSource, ...]
    files: Mapping[str, FileRecipe]
    tables: Mapping[str, Sequence[RowsRecipe]]
    merge: frozenset[str]
    """Tables in which rows with an earlier row's key are merged into it, as the recipe asks."""


def read_recipe(path: Path, name: str | None = None) -> Recipe:
    """Return the recipe in `path`; DataError with every mistake."""
    shown = name or str(path)
    reader = _RecipeReader(shown)
    recipe = reader.recipe(read_yaml(path, shown, limit=MAX_BYTES))
    if reader.problems:
        raise DataError(*cap(reader.problems))
    return recipe


class _RecipeReader(ManifestReader):
    """Check a recipe key by key and collect what is wrong."""

    def recipe(self, document: Any) -> Recipe:
        """Return the recipe, as far as it can be read."""
        top = self.mapping(document, self.place, "recipe", TOP_KEYS)
        if top.get("policycore") != "1" and isinstance(document, MarkedMap):
            self.wrong(top.values_at.get("policycore", self.place), "policycore", "1", top.get("policycore"))
        zone = self.text(top, "timezone", "timezone")
        if zone is not None and not is_timezone(zone):
            self.wrong(top.values_at["timezone"], "timezone", "a time zone such as Asia/Shanghai", zone)
            zone = None
        sources = self.sources(top)
        files = self.files(top)
        tables: dict[str, Sequence[RowsRecipe]] = {}
        merge = set()
        listed = self.mapping(
            top.get("tables"), top.values_at.get("tables", self.place), "tables", tuple(table_schemas())
        )
        for name, value in listed.items():
            if name not in table_schemas():
                continue
            table = self.mapping(value, listed.values_at[name], f"tables.{name}", TABLE_KEYS)
            if (
                "duplicates" in table
                and self.choice(table, "duplicates", f"tables.{name}", ("merge", "report")) == "merge"
            ):
                merge.add(name)
            tables[name] = self.rows(table, name, files, sources)
        return Recipe(self.text(top, "recipe", "recipe") or "", zone, sources, files, tables, frozenset(merge))

    def choice(self, mapping: MarkedMap, key: str, path: str, words: Sequence[str]) -> str | None:
        """Return one of a few words."""
        word = self.text(mapping, key, f"{path}.{key}")
        if word is not None and word not in words:
            place = mapping.values_at[key]
            hint = suggestion(word, words)
            self.problems.append(problem("recipe-word", place, suggested=hint, path=f"{path}.{key}", value=word))
            return None
        return word

    def truth(self, mapping: MarkedMap, key: str, path: str) -> bool:
        """Return true or false; an absent key is false."""
        value = mapping.get(key)
        if key in mapping and not (isinstance(value, Scalar) and value.kind == "boolean"):
            self.wrong(mapping.values_at[key], f"{path}.{key}", "true / false", value)
        return isinstance(value, Scalar) and value.lower() == "true"

    def path(self, text: str, place: Place) -> RecipePath:
        """Return a parsed path."""
        try:
            return parse_path(text)
        except ValueError as error:
            self.problems.append(problem("recipe-path", place, path=text, rest=excerpt(error)))
            return RecipePath(text)

    def files(self, top: MarkedMap) -> dict[str, FileRecipe]:
        """Return the named kinds of files."""
        listed = top.get("files")
        if not isinstance(listed, MarkedMap) or not listed:
            self.wrong(top.values_at.get("files", self.place), "files", "a mapping", listed)
            return {}
        files = {}
        for name, value in listed.items():
            path = f"files.{name}"
            place = listed.values_at[name]
            entry = self.mapping(value, place, path, FILE_KEYS)
            match = self.text(entry, "match", f"{path}.match")
            if match is None:
                if isinstance(value, MarkedMap) and "match" not in entry:
                    self.wrong(place, f"{path}.match", "a pattern such as groups/*.yaml", None)
                match = "?"
            elif match.startswith("/") or ".." in match.split("/"):
                self.wrong(entry.values_at["match"], f"{path}.match", "a pattern below the folder", match)
            kind = self.choice(entry, "format", path, FORMATS) or _format_of(match)
            header = self.count(entry, "header", f"{path}.header") if "header" in entry else None
            sheet = self.text(entry, "sheet", f"{path}.sheet")
            files[name] = FileRecipe(match, kind, self.truth(entry, "optional", path), sheet, header, place)
        return files

    def rows(
        self, table: MarkedMap, name: str, files: Mapping[str, FileRecipe], sources: Sequence[EstateSource]
    ) -> list[RowsRecipe]:
        """Return how rows of one table are made; all ways must supply the same columns."""
        listed = table.get("rows")
        if not isinstance(listed, MarkedList) or not listed:
            self.wrong(table.values_at.get("rows", table.place), f"tables.{name}.rows", "a list", listed)
            return []
        found = []
        for position, (value, place) in enumerate(zip(listed, listed.items_at, strict=True)):
            path = f"tables.{name}.rows[{position}]"
            entry = self.mapping(value, place, path, ROWS_KEYS)
            found.append(self.row(entry, name, path, files, sources))
        for other in found[1:]:
            for column in sorted(set(found[0].columns) ^ set(other.columns)):
                lacks = other if column in found[0].columns else found[0]
                self.problems.append(problem("recipe-columns-differ", lacks.place, column=column, table=name))
        return found

    def row(
        self, entry: MarkedMap, table: str, path: str, files: Mapping[str, FileRecipe], sources: Sequence[EstateSource]
    ) -> RowsRecipe:
        """Return one way in which items become rows."""
        file = self.text(entry, "from", f"{path}.from")
        if file is None and len(files) == 1 and "from" not in entry:
            file = next(iter(files))
        if file is None or file not in files:
            place = entry.values_at.get("from", entry.place)
            hint = suggestion(file or "", files)
            self.problems.append(
                problem("recipe-word", place, suggested=hint, path=f"{path}.from", value=file or "null")
            )
        source = self.text(entry, "source", f"{path}.source")
        names = [known.name for known in sources]
        if source is not None and source not in names:
            place = entry.values_at["source"]
            hint = suggestion(source, names)
            self.problems.append(problem("recipe-word", place, suggested=hint, path=f"{path}.source", value=source))
        elif source is None and len(names) > 1 and table == "groups":
            self.wrong(entry.place, f"{path}.source", "the name of a source", None)
        each = self.text(entry, "each", f"{path}.each")
        return RowsRecipe(
            file or "",
            None if each is None else self.path(each, entry.values_at["each"]),
            tuple(self.condition(value, place, path) for value, place in _listed(entry, "where")),
            source or (names[0] if len(names) == 1 else None),
            self.columns(entry, table, path),
            tuple(self.check(value, place, path) for value, place in _listed(entry, "checks")),
            entry.place,
        )

    def condition(self, value: Any, place: Place, path: str) -> Condition:
        """Return a condition under ``where``."""
        entry = self.mapping(value, place, f"{path}.where", WHERE_KEYS)
        where = self.text(entry, "path", f"{path}.where.path") or "."
        if sum(key in entry for key in ("is", "is_not", "exists")) != 1:
            self.wrong(place, f"{path}.where", "one of is, is_not, exists", None)
        exists = self.truth(entry, "exists", f"{path}.where") if "exists" in entry else None
        return Condition(
            self.path(where, place),
            self.text(entry, "is", f"{path}.where.is"),
            self.text(entry, "is_not", f"{path}.where.is_not"),
            exists,
        )

    def check(self, value: Any, place: Place, path: str) -> ValueCheck:
        """Return a check of values."""
        entry = self.mapping(value, place, f"{path}.checks", CHECK_KEYS)
        where = self.text(entry, "path", f"{path}.checks.path") or "."
        allowed = tuple(word for word, _ in self.texts(entry, "allowed", f"{path}.checks.allowed"))
        if not allowed:
            self.wrong(place, f"{path}.checks.allowed", "a list", entry.get("allowed"))
        return ValueCheck(self.path(where, place), allowed)

    def columns(self, entry: MarkedMap, table: str, path: str) -> dict[str, ColumnRecipe]:
        """Return the columns; every one exists, and none that each row needs is left out."""
        schema = table_schema(table)
        listed = entry.get("columns")
        if not isinstance(listed, MarkedMap):
            self.wrong(entry.values_at.get("columns", entry.place), f"{path}.columns", "a mapping", listed)
            return {}
        columns = {}
        for name, value in listed.items():
            column = schema.columns.get(name)
            if column is None:
                place = listed.keys_at[name]
                hint = suggestion(name, schema.columns)
                self.problems.append(problem("unknown-column", place, suggested=hint, column=name, table=table))
                continue
            columns[name] = self.column(value, listed.values_at[name], f"{path}.columns.{name}", column)
        for column in schema.columns.values():
            if not column.nullable and column.name not in listed:
                self.problems.append(problem("column-missing", listed.place, column=column.name, table=table))
        return columns

    def column(self, value: Any, place: Place, path: str, column: ColumnSchema) -> ColumnRecipe:
        """Return where one column comes from: a path, or a mapping that says more."""
        if isinstance(value, Scalar):
            return ColumnRecipe((self.path(str(value), place),))
        entry = self.mapping(value, place, path, COLUMN_KEYS)
        if sum(way in entry for way in WAYS) != 1:
            self.problems.append(problem("recipe-one-way", place, path=path, ways=", ".join(WAYS)))
        paths: tuple[RecipePath, ...] = ()
        if "path" in entry and (text := self.text(entry, "path", f"{path}.path")):
            paths = (self.path(text, entry.values_at["path"]),)
        elif "first_of" in entry:
            paths = tuple(self.path(text, at) for text, at in self.texts(entry, "first_of", f"{path}.first_of"))
        template = self.text(entry, "template", f"{path}.template")
        constant = self.text(entry, "value", f"{path}.value")
        if constant is not None and column.type == "enum" and constant not in column.values:
            hint = suggestion(constant, column.values)
            at = entry.values_at["value"]
            self.problems.append(problem("recipe-word", at, suggested=hint, path=f"{path}.value", value=constant))
        return ColumnRecipe(
            paths,
            constant,
            self.template(template, entry.values_at["template"]) if template is not None else (),
            self.text(entry, "split", f"{path}.split"),
            self.words(entry, path),
            self.text(entry, "default", f"{path}.default"),
            self.truth(entry, "lower", path),
            self.truth(entry, "month_start", path),
            self.truth(entry, "distinguish", path),
        )

    def words(self, entry: MarkedMap, path: str) -> dict[str, str | None] | None:
        """Return which word becomes which."""
        if "map" not in entry:
            return None
        listed = entry["map"]
        if not isinstance(listed, MarkedMap):
            self.wrong(entry.values_at["map"], f"{path}.map", "a mapping", listed)
            return {}
        words: dict[str, str | None] = {}
        for word, value in listed.items():
            if value is not None and not isinstance(value, Scalar):
                self.wrong(listed.values_at[word], f"{path}.map.{word}", "a text", value)
                continue
            words[word] = None if value is None else str(value)
        return words

    def template(self, text: str, place: Place) -> tuple[str | RecipePath, ...]:
        """Return a template as texts and paths in turn."""
        parts: list[str | RecipePath] = []
        end = 0
        for found in _place_in_template.finditer(text):
            parts += [text[end : found.start()], self.path(found[1], place)]
            end = found.end()
        return (*parts, text[end:])


def _listed(entry: MarkedMap, key: str) -> list[tuple[Any, Place]]:
    """Return the items of a list, or a single mapping as the only one."""
    value = entry.get(key)
    if value is None:
        return []
    if isinstance(value, MarkedList):
        return list(zip(value, value.items_at, strict=True))
    return [(value, entry.values_at[key])]


def _format_of(match: str) -> str:
    """Return the format that a pattern's ending names."""
    ending = Path(match).suffix.lower().lstrip(".")
    return {"yml": "yaml", "xlsm": "xlsx"}.get(ending, ending if ending in FORMATS else "yaml")
