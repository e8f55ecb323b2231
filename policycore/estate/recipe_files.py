"""Open the files of a recipe as documents: YAML, JSON, JSON Lines, CSV and XLSX look the same to its paths."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from policycore.errors import DataError, Place
from policycore.estate.encoding import as_utf8, mapped
from policycore.estate.gather import InputFile
from policycore.estate.parts import Unreadable
from policycore.estate.problems import problem, suggestion
from policycore.estate.recipe_model import FileRecipe
from policycore.yaml.marked_yaml import MarkedList, MarkedMap, Scalar, read_yaml

__all__ = ["matching", "open_document"]

MAX_DEPTH = 60


def matching(recipe: FileRecipe, files: Sequence[InputFile]) -> list[InputFile]:
    """Return the files that a recipe's pattern means; the pattern is compared from the right."""
    return [file for file in files if PurePosixPath(file.name).match(recipe.match)]


def open_document(recipe: FileRecipe, file: InputFile, unreadable: list[Unreadable]) -> Any:
    """Return a file's content with places; rows that cannot be split go to `unreadable`."""
    if recipe.format == "yaml":
        return read_yaml(file.path, file.name)
    if recipe.format == "xlsx":
        return _sheet(recipe, file)
    with mapped(file.path, file.name) as raw:
        data = as_utf8(raw, file.name)
        if recipe.format == "csv":
            return _csv(data, file.name, unreadable)
        if recipe.format == "json":
            return _json(bytes(data[:]), file.name, 1)
        listed = MarkedList(Place(file.name))
        for number, line in enumerate(bytes(data[:]).splitlines(), 1):
            if line.strip():
                try:
                    _append(listed, _json(line, file.name, number), Place(file.name, number, 1))
                except DataError:
                    unreadable.append(Unreadable(number, "bad-line", "", line.decode(errors="replace")))
        return listed


def _append(listed: MarkedList, value: Any, place: Place) -> None:
    listed.append(value)
    listed.items_at.append(place)


def _json(data: bytes, name: str, line: int) -> Any:
    """Return a JSON document; its items are placed by their number, because JSON keeps no lines."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        at = Place(name, line + getattr(error, "lineno", 1) - 1, getattr(error, "colno", 1))
        raise DataError(problem("json", at, reason=getattr(error, "msg", type(error).__name__))) from None
    return _marked(value, Place(name, line, 1), 0)


def _marked(value: Any, place: Place, depth: int) -> Any:
    """Return a JSON value in the form of a YAML document."""
    if depth > MAX_DEPTH:
        raise DataError(problem("yaml-depth", place, limit=MAX_DEPTH))
    if isinstance(value, dict):
        mapping = MarkedMap(place)
        for key, child in value.items():
            mapping[key] = _marked(child, place, depth + 1)
            mapping.keys_at[key] = mapping.values_at[key] = place
        return mapping
    if isinstance(value, list):
        listed = MarkedList(place)
        for number, child in enumerate(value, 1):
            at = Place(place.file, number, 1) if depth == 0 else place
            _append(listed, _marked(child, at, depth + 1), at)
        return listed
    if value is None:
        return None
    if isinstance(value, str):
        return Scalar(value)
    return Scalar(json.dumps(value), "boolean" if isinstance(value, bool) else "number")


def _csv(data: Any, name: str, unreadable: list[Unreadable]) -> MarkedList:
    """Return the records of a CSV file as a list of mappings."""
    from policycore.estate.read_csv import read_csv_header, read_csv_rows

    header = read_csv_header(data, name)
    records = [(number, list(record)) for number, record in read_csv_rows(data, name, unreadable)]
    return _records(header, records, name, unreadable)


def _records(header: list[str], records: Any, name: str, unreadable: list[Unreadable]) -> MarkedList:
    """Return numbered records as mappings by their headers."""
    from policycore.language import say

    repeated = {word for word in header if word and header.count(word) > 1}
    if repeated:
        raise DataError(problem("header-twice", Place(name, 1, 1), column=", ".join(sorted(repeated))))
    listed = MarkedList(Place(name))
    for number, record in records:
        place = Place(name, number)
        if len(record) != len(header):
            wanted = say("estate.expected-cells", count=len(header))
            unreadable.append(Unreadable(number, "ragged", wanted, ",".join(cell or "" for cell in record)))
            continue
        mapping = MarkedMap(place)
        for key, cell in zip(header, record, strict=True):
            mapping[key] = Scalar(cell) if cell else None
            mapping.keys_at[key] = mapping.values_at[key] = place
        _append(listed, mapping, place)
    return listed


def _sheet(recipe: FileRecipe, file: InputFile) -> MarkedList:
    """Return the rows of one sheet as a list of mappings."""
    from policycore.estate.read_xlsx import read_sheets

    sheets = {sheet.title: sheet for sheet in read_sheets(file.path, file.name)}
    name = recipe.sheet if recipe.sheet is not None else next(iter(sheets), "")
    if name not in sheets:
        raise DataError(problem("no-sheet", Place(file.name), suggested=suggestion(name, sheets), sheet=name))
    sheet = sheets[name]
    start = 0 if recipe.header is None else recipe.header - sheet.first_row
    while (
        recipe.header is None
        and sum(cell is not None for cell in sheet.rows[start]) < 2
        and start < len(sheet.rows) - 1
    ):
        start += 1
    if not 0 <= start < len(sheet.rows):
        raise DataError(problem("no-header", Place(file.name)))
    header = [cell or "" for cell in sheet.rows[start]]
    body = [
        (sheet.first_row + start + 1 + offset, row)
        for offset, row in enumerate(sheet.rows[start + 1 :])
        if any(cell is not None for cell in row)
    ]
    filled = [position for position, cell in enumerate(header) if cell]
    records = [(number, [row[position] for position in filled]) for number, row in body]
    return _records([header[position] for position in filled], records, file.name, [])
