"""Open the files of a recipe as documents: YAML, JSON, JSON Lines, CSV and XLSX look the same to its paths."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import PurePosixPath
from typing import Any

from policycore.errors import DataError, Place, located
from policycore.estate.inputs import InputFile
from policycore.estate.parts import Unreadable
from policycore.estate.problems import problem
from policycore.estate.readers.encoding import as_utf8, mapped
from policycore.estate.recipes.recipe_model import FileRecipe
from policycore.language import say
from policycore.text.suggest import suggestion
from policycore.yaml.nodes import Node
from policycore.yaml.problems import Problems
from policycore.yaml.read import document
from policycore.yaml.scan import DATA

__all__ = ["matching", "open_document"]


def matching(recipe: FileRecipe, files: Sequence[InputFile]) -> list[InputFile]:
    """Return the files that a recipe's pattern means; the pattern is compared from the right."""
    return [file for file in files if PurePosixPath(file.name).match(recipe.match)]


def open_document(recipe: FileRecipe, file: InputFile, unreadable: list[Unreadable]) -> Node:
    """Return a file's content with places; rows that cannot be split go to `unreadable`.

    Raises DataError for a file that can't be read at all.
    """
    if recipe.format == "yaml":
        node, found = document(file.path, file.name, DATA)
        if node is None or found:
            problems = Problems("estate")
            problems.extend(found)
            raise DataError(*problems.all())
        return node
    if recipe.format == "xlsx":
        return _sheet(recipe, file)
    with mapped(file.path, file.name) as raw:
        data = as_utf8(raw, file.name)
        if recipe.format == "csv":
            from policycore.estate.readers.csv import read_csv_header, read_csv_rows

            header = read_csv_header(data, file.name)
            records = [(line, list(record)) for _, line, record in read_csv_rows(data, file.name, unreadable)]
            return _records(header, records, file.name, unreadable)
        if recipe.format == "json":
            return _json(bytes(data[:]), file.name, 0)
        lines = []
        for number, line in enumerate(bytes(data[:]).splitlines(), 1):
            if line.strip():
                try:
                    lines.append(_json(line, file.name, number))
                except DataError:
                    unreadable.append(Unreadable(number, "bad-line", "", line.decode(errors="replace")))
        return Node("list", Place(file.name), lines)


def _json(data: bytes, name: str, line: int) -> Node:
    """Return a JSON document: that of one `line`, or a whole file, whose items stand at places in their lists."""
    try:
        value = json.loads(data)
    except (ValueError, RecursionError) as error:
        at = Place(name, max(line, 1) + getattr(error, "lineno", 1) - 1, getattr(error, "colno", 1))
        raise DataError(problem("json", at, reason=getattr(error, "msg", type(error).__name__))) from None
    return _node(value, Place(name, line, 1 if line else 0), 0)


def _node(value: Any, place: Place, depth: int, path: str = "") -> Node:
    """Return a JSON value in the form of a YAML document; `path` leads to it in a document without lines."""
    if depth > DATA.depth:
        raise DataError(problem("json", place, reason=say("yaml.too-deep", limit=DATA.depth)))
    if isinstance(value, dict):
        named = {key: _node(child, place, depth + 1, f"{path}.{key[:40]}") for key, child in value.items()}
        return Node("map", place, named)
    if isinstance(value, list):
        file, inside = located(place.file, 0)
        counted = f"{file}: {path.removeprefix('.')}[*]" if inside or not place.line else ""
        items = [
            _node(child, Place(counted, number) if counted else place, depth + 1, f"{path}[{number}]")
            for number, child in enumerate(value)
        ]
        return Node("list", place, items)
    if value is None or isinstance(value, str):
        return Node("null" if value is None else "text", place, value)
    return Node("boolean" if isinstance(value, bool) else "number", place, value, text=json.dumps(value))


def _records(header: list[str], records: Any, name: str, unreadable: list[Unreadable]) -> Node:
    """Return numbered records as mappings by their headers."""
    repeated = {word for word in header if word and header.count(word) > 1}
    if repeated:
        raise DataError(problem("header-twice", Place(name, 1, 1), column=", ".join(sorted(repeated))))
    rows = []
    nothing = Node("null", Place(name))
    for number, record in records:
        place = Place(name, number)
        if len(record) != len(header):
            wanted = say("estate.expected-cells", count=len(header))
            unreadable.append(Unreadable(number, "ragged", wanted, ",".join(cell or "" for cell in record)))
            continue
        cells = zip(header, record, strict=True)
        rows.append(Node("map", place, {key: Node("text", place, cell) if cell else nothing for key, cell in cells}))
    return Node("list", Place(name), rows)


def _sheet(recipe: FileRecipe, file: InputFile) -> Node:
    """Return the rows of one sheet as a list of mappings."""
    from policycore.estate.readers.xlsx import read_sheets

    sheets = {sheet.title: sheet for sheet in read_sheets(file.path, file.name)}
    name = recipe.sheet if recipe.sheet is not None else next(iter(sheets), "")
    if name not in sheets:
        raise DataError(problem("no-sheet", Place(file.name), suggested=suggestion(name, sheets), sheet=name))
    sheet = sheets[name]
    if recipe.header is not None:
        start = recipe.header - sheet.first_row
    else:
        several = (n for n, row in enumerate(sheet.rows) if sum(cell is not None for cell in row) > 1)
        start = next(several, len(sheet.rows) - 1)
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
