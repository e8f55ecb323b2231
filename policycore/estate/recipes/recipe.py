"""Turn foreign files into tables as an import recipe says, keeping file and line of every row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa

from policycore.errors import DataError, Place, Problem
from policycore.estate.cells.times import DEFAULT_TIMEZONE, parse_moment, since_1970
from policycore.estate.inputs import Gathered, InputFile
from policycore.estate.listed import list_inputs
from policycore.estate.manifest import EstateSource, Manifest
from policycore.estate.parts import Part, Unreadable
from policycore.estate.problems import excerpt, problem
from policycore.estate.recipes.recipe_files import matching, open_document
from policycore.estate.recipes.recipe_model import ColumnRecipe, Condition, Recipe, RowsRecipe, read_recipe
from policycore.estate.recipes.recipe_path import Item, RecipePath, ShapeError, items_of, said, values_of
from policycore.language import say
from policycore.model.schema import ColumnSchema, table_schema
from policycore.system.grouped import grouped
from policycore.text.suggest import suggestion
from policycore.yaml.nodes import Node

__all__ = ["AS_OF", "find_recipe", "read_by_recipe", "recipe_names"]

AS_OF = "@as_of"
ENDING = ".yaml"
_month = re.compile(r"[0-9]{4}[-/][0-9]{1,2}")
_half_character = re.compile("[\ud800-\udfff]")
_WRITTEN_BY_PEOPLE = frozenset({"text", "announcement", "detail", "purpose"})
"""Columns of what people wrote, which platforms keep in parts wherever a word is a link, a mention or bold."""


def recipe_names(folders: Sequence[Path]) -> dict[str, list[Path]]:
    """Return the recipes in `folders` by name; several files where plugins share a name."""
    files = dict.fromkeys(path.resolve() for folder in folders for path in sorted(folder.glob(f"*{ENDING}")))
    return grouped((path.stem, path) for path in files)


def find_recipe(recipe: str | Path, folders: Sequence[Path]) -> Path:
    """Return the file of a recipe given by name or by path; DataError for neither, and for a name of several."""
    path = Path(recipe)
    if path.suffix.lower() in (".yaml", ".yml") or path.is_file():
        if not path.is_file():
            raise DataError(problem("no-file", Place(str(path))))
        return path
    known = recipe_names(folders)
    if str(recipe) not in known:
        raise DataError(problem("no-recipe", suggested=suggestion(str(recipe), known), name=str(recipe)))
    files = known[str(recipe)]
    if len(files) > 1:
        first, second = ("/".join(file.parts[-3:]) for file in files[:2])
        raise DataError(problem("recipe-clash", name=str(recipe), first=first, second=second))
    return files[0]


def read_by_recipe(
    inputs: Sequence[Path], recipe: str | Path, folders: Sequence[Path] | None, as_of: datetime | str
) -> Gathered:
    """Return the parts that a recipe makes of `inputs`; ``@as_of`` stands for `as_of`, read in the recipe's zone."""
    checked = read_recipe(find_recipe(recipe, folders or ()))
    sources = tuple(entry.source() for entry in checked.sources) or (EstateSource(checked.name),)
    gathered = Gathered(manifest=Manifest(None, checked.timezone, sources))
    if isinstance(as_of, str):
        as_of = parse_moment(as_of, ZoneInfo(checked.timezone or DEFAULT_TIMEZONE)) or as_of
    run = _Run(checked, gathered, {AS_OF: as_of if isinstance(as_of, str) else as_of.isoformat()})
    run.open(list_inputs(inputs, gathered))
    for table, entry in checked.tables.items():
        # By key, how often it came: of rows that are merged the first counts.
        came = Counter[tuple[object, ...]]() if entry.duplicates == "merge" else None
        for rows in entry.rows:
            for opened in run.opened.get(checked.file_of(rows), ()):
                run.take(table, rows, opened, came)
        if came and came.total() > len(came):
            gathered.notes.append(problem("note-merged", table=table, count=came.total() - len(came)))
    gathered.notes += run.declared.notes()
    if not gathered.parts and not gathered.problems:
        gathered.problems.append(problem("no-tables", Place(str(inputs[0]) if inputs else ".")))
    return gathered


@dataclass(slots=True)
class _Opened:
    file: InputFile
    document: Node
    unreadable: list[Unreadable]
    rows_are_lines: bool


@dataclass(slots=True)
class _Run:
    recipe: Recipe
    gathered: Gathered
    context: Mapping[str, str]
    opened: dict[str, list[_Opened]] = field(default_factory=dict)
    declared: _Declared = field(default_factory=lambda: _Declared())

    def open(self, files: Sequence[InputFile]) -> None:
        """Open every file that the recipe means, each once."""
        used: set[str] = set()
        for name, recipe in self.recipe.files.items():
            found = matching(recipe, files)
            used.update(file.name for file in found)
            if not found and not recipe.optional:
                self.gathered.problems.append(problem("recipe-no-file", recipe.place, name=name, pattern=recipe.match))
            self.opened[name] = []
            for file in found:
                unreadable: list[Unreadable] = []
                try:
                    document = open_document(recipe, file, unreadable)
                except DataError as error:
                    self.gathered.problems.extend(error.problems)
                    continue
                lines = recipe.format in ("yaml", "jsonl", "csv")
                self.opened[name].append(_Opened(file, document, unreadable, lines))
        left = sum(1 for file in files if file.name not in used)
        if left:
            self.gathered.notes.append(problem("note-unused", count=left))

    def take(self, table: str, rows: RowsRecipe, opened: _Opened, came: Counter[tuple[object, ...]] | None) -> None:
        """Add the part that one file supplies of one table."""
        schema = table_schema(table)
        name = opened.file.name
        folder = Path(name).parent.name or opened.file.path.resolve().parent.name
        context = {**self.context, "@file": name, "@folder": folder}
        # What the file could not be split into is reported with the first table that reads it.
        unreadable, opened.unreadable = opened.unreadable, []
        kept: list[Mapping[str, object]] = []
        places: list[Place] = []
        for item in items_of(rows.each, opened.document):
            if isinstance(item, ShapeError):
                unreadable.append(_misshapen(item))
                continue
            try:
                if not all(_holds(condition, item, context) for condition in rows.where):
                    continue
                self.check(rows, item, context)
                row = {
                    c: _cell(way, schema.columns[c], item, context, self.declared) for c, way in rows.columns.items()
                }
            except ShapeError as error:
                unreadable.append(_misshapen(error))
                continue
            key = tuple(row.get(column) for column in schema.key)
            if came is not None:
                came[key] += 1
            if came is None or came[key] == 1:
                kept.append(row)
                places.append(item.value.place)
        columns = {}
        for column in rows.columns:
            kind = pa.list_(pa.string()) if schema.columns[column].type == "list" else pa.string()
            columns[column] = pa.chunked_array([pa.array([row[column] for row in kept], kind)])
        numbers = pa.array([place.line for place in places], pa.int32())
        part = Part(table, name, columns, numbers, {}, unreadable, self.recipe.source_of(rows))
        if any(place.file != name for place in places):
            part.files = pa.array([place.file for place in places], pa.string())
        part.row_is_line = opened.rows_are_lines
        part.folder = opened.file.path.parent
        self.gathered.parts.append(part)

    def check(self, rows: RowsRecipe, item: Item, context: Mapping[str, str]) -> None:
        """Note values that the recipe does not allow; they doubt the source, not the row."""
        for check in rows.checks:
            for found in values_of(check.path, item, context):
                if said(found) not in check.allowed:
                    hint = say("estate.expected-enum", words=", ".join(check.allowed))
                    told = {"path": check.path.text, "value": excerpt(said(found))}
                    self.gathered.doubts.append(problem("not-allowed", found.place, suggested=hint, **told))


def _misshapen(error: ShapeError) -> Unreadable:
    """Return the unreadable row for an item of the wrong shape, or with half a character in it."""
    half = error.wanted == "half-character"
    wanted = say("estate.expected-whole-characters" if half else f"estate.expected-shape-{error.wanted}")
    return Unreadable(error.place.line, error.wanted if half else "shape", wanted, "", error.place.file)


def _holds(condition: Condition, item: Item, context: Mapping[str, str]) -> bool:
    values = [text for found in values_of(condition.path, item, context) if (text := said(found))]
    if condition.exists is not None:
        return bool(values) == condition.exists
    return condition.equal in values if condition.equal is not None else condition.unequal not in values


def _cell(
    way: ColumnRecipe, column: ColumnSchema, item: Item, context: Mapping[str, str], declared: _Declared
) -> object:
    """Return the value of one column for one item: a text, a list of texts, or None."""
    found = _changed(way, _found(way, item, context, declared), context)
    if column.type == "time":
        found = [since_1970(text, way.epoch) or text for text in found]
    if any(_half_character.search(text) for text in found):
        raise ShapeError(item.value.place, "half-character")
    if column.type == "list":
        return found or None
    if len(found) > 1 and (way.join is not None or (column.type == "text" and column.name in _WRITTEN_BY_PEOPLE)):
        return (way.join or "").join(found)
    if len(found) > 1:
        raise ShapeError(item.value.place, "one")
    return found[0] if found else None


def _changed(way: ColumnRecipe, found: list[str], context: Mapping[str, str]) -> list[str]:
    """Return the texts after all that the recipe does to them."""
    if way.split is not None:
        found = [piece.strip() for text in found for piece in text.split(way.split) if piece.strip()]
    if way.trim:
        found = [text.strip() for text in found]
    if way.lower:
        found = [text.lower() for text in found]
    if way.month_start:
        found = [f"{text}-01" if _month.fullmatch(text) else text for text in found]
    if way.map is not None:
        words = (way.map.get(text, text) for text in found)
        found = [context[AS_OF] if word == AS_OF else word for word in words if word is not None]
    if not found and way.default is not None:
        found = [way.default]
    return found


def _found(way: ColumnRecipe, item: Item, context: Mapping[str, str], declared: _Declared) -> list[str]:
    """Return the texts that a column's way leads to, before anything is done to them."""
    if way.value is not None:
        return [context[AS_OF] if way.value == AS_OF else way.value]
    if way.template:
        filled = _fill(way.template, item, context)
        return [] if filled is None else [filled]
    for path in way.paths:
        texts = _texts(path, item, context)
        if texts:
            return [declared.name(text, place) if way.distinguish else text for text, place in texts]
    return []


class _Declared:
    """At which places each id is declared, to tell apart those that are declared twice."""

    def __init__(self) -> None:
        self.places: dict[str, list[Place]] = {}

    def name(self, text: str, place: Place) -> str:
        """Return the id of the declaration at `place`."""
        places = self.places.setdefault(text, [])
        if place not in places:
            places.append(place)
        number = places.index(place) + 1
        return text if number == 1 else f"{text}#{number}"

    def notes(self) -> list[Problem]:
        """Return a note for every further declaration."""
        return [
            problem("note-distinguished", place, name=text, other=f"{text}#{number}")
            for text, places in self.places.items()
            for number, place in enumerate(places[1:], 2)
        ]


def _texts(path: RecipePath, item: Item, context: Mapping[str, str]) -> list[tuple[str, Place]]:
    """Return the texts at a path with their places, empty ones left out; ShapeError where a mapping stands."""
    found: list[tuple[str, Place]] = []
    for value in values_of(path, item, context):
        for child in value.items() if value.kind == "list" else (value,):
            # A part of a rich text: what is bold or a link is kept as a mapping with the text in it.
            if value.kind == "list" and child.kind == "map" and child.get("text") is not None:
                child = child.get("text") or child
            if child.kind in ("list", "map"):
                raise ShapeError(value.place, "text")
            if text := said(child):
                found.append((text, value.place))
    return found


def _fill(template: Sequence[str | RecipePath], item: Item, context: Mapping[str, str]) -> str | None:
    """Return a template filled in; None when a value is missing."""
    pieces = []
    for piece in template:
        if isinstance(piece, str):
            pieces.append(piece)
            continue
        texts = _texts(piece, item, context)
        if not texts:
            return None
        if len(texts) > 1:
            raise ShapeError(item.value.place, "one")
        pieces.append(texts[0][0])
    return "".join(pieces)
