"""Ask the sources that plugins bring for files that are neither tables nor workbooks."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import pyarrow as pa

from policycore.errors import DataError, Place, PluginError, Problem
from policycore.estate.inputs import InputFile
from policycore.estate.parts import FILE_COLUMN, ROW_COLUMN, Part
from policycore.estate.problems import problem
from policycore.language import Text
from policycore.model.schema import UNKNOWN_COLUMN, TableSchema, table_schema, table_schemas
from policycore.plugin_api.source import Source, SourceError
from policycore.text.suggest import suggestion

__all__ = ["claim", "read_foreign"]


def claim(file: InputFile, sources: Sequence[Source]) -> Source | None:
    """Return the one source that reads a file or a folder, which only those are offered that ask for folders.

    Raises DataError where several claim it: which of them reads it must not depend on the order of loading.
    """
    place = Place(file.name)
    offered = [source for source in sources if source.folders] if file.path.is_dir() else sources
    claims = [source for source in offered if _asked(source, file, place)]
    if len(claims) > 1:
        raise DataError(problem("source-clash", place, names=", ".join(source.name for source in claims)))
    return claims[0] if claims else None


def read_foreign(file: InputFile, source: Source, notes: list[Problem]) -> list[Part]:
    """Return the tables that a source reads from a file; what it changed or left out is added to `notes`.

    Raises DataError with every mistake in what the source returned.
    """
    place = Place(file.name)
    lacks, problems = _lacks(source, place)
    source.notes = tuple[tuple[Text, str], ...]()  # they are of this file alone
    try:
        answer: Any = source.read(file.path)
        tables = {
            name: rows if hasattr(rows, "column_names") else list(rows)
            for name, rows in (answer.items() if isinstance(answer, Mapping) else ())
        }
    except PluginError as error:
        raise PluginError(*error.problems, *problems) from error
    except SourceError as error:
        raise DataError(_broken(source, error, place), *problems) from None
    except Exception as error:  # the file is not what it seems to be; the error's text may quote data
        raise DataError(_failed(source, error, place), *problems) from None
    notes += [
        problem("source-note", place, at=_at(at), name=source.name, what=what.in_language())
        for what, at in source.notes
    ]
    if not isinstance(answer, Mapping):
        problems.append(problem("source-shape", place, name=source.name))
    parts = _parts(source, tables, lacks, problems, file.name)
    if problems:
        raise DataError(*problems)
    return parts


def _parts(
    source: Source, tables: Mapping[str, Any], lacks: frozenset[str], problems: list[Problem], file: str
) -> list[Part]:
    """Return the parts that a source read; what is wrong with them is added to `problems`."""
    parts = []
    for name, rows in tables.items():
        try:
            if name not in table_schemas():
                hint = suggestion(str(name), table_schemas())
                raise DataError(problem("unknown-table", Place(file), suggested=hint, table=name))
            part = _part(source, table_schema(name), rows, file)
            part.lacks = lacks if name == "groups" else frozenset()
            parts.append(part)
        except DataError as error:
            problems += error.problems
    return parts


def _asked(source: Source, file: InputFile, place: Place) -> bool:
    """Return whether a source claims a file; one that fails at looking is named."""
    try:
        return bool(source.can_read(file.path))
    except PluginError:
        raise
    except SourceError as error:
        raise DataError(_broken(source, error, place)) from None
    except Exception as error:  # as below
        raise DataError(_failed(source, error, place)) from None


def _failed(source: Source, error: Exception, place: Place) -> Problem:
    return problem("source-failed", place, name=source.name or type(source).__name__, reason=type(error).__name__)


def _broken(source: Source, error: SourceError, place: Place) -> Problem:
    where = Place(place.file, error.line, 1) if error.line else place
    return problem("source-broken", where, at=_at(error.at), name=source.name, reason=error.reason.in_language())


def _at(at: str) -> str:
    """Return a place inside a file as the beginning of a sentence."""
    return f"{at}: " if at else ""


def _lacks(source: Source, place: Place) -> tuple[frozenset[str], list[Problem]]:
    """Return the fields that a source says it lacks, a table standing for all of its columns."""
    schemas = table_schemas()
    fields = {column.field for schema in schemas.values() for column in schema.columns.values()}
    found: set[str] = set()
    problems = []
    for name in source.lacks:
        if name in schemas:
            found.update(column.field for column in schemas[name].columns.values())
        elif name in fields:
            found.add(name)
        else:
            problems.append(problem("lacks-unknown", place, suggested=suggestion(name, fields), field=name))
    return frozenset(found), problems


def _part(source: Source, schema: TableSchema, rows: Any, file: str) -> Part:
    """Return what a source read of one table, its columns checked by name."""
    place = Place(file)
    columns = list(rows.column_names) if isinstance(rows, pa.Table) else _keys(source, schema, rows, place)
    names = [name for name in columns if name not in (FILE_COLUMN, ROW_COLUMN)]
    problems = [
        problem("unknown-column", place, suggested=suggestion(name, schema.columns), column=name, table=schema.name)
        for name in names
        if name not in (*schema.columns, *schema.beside)
    ]
    problems += [
        problem("column-missing", place, column=column.name, table=schema.name)
        for column in schema.columns.values()
        if names and not column.nullable and column.name not in names
    ]
    if problems:
        raise DataError(*problems)
    count = rows.num_rows if isinstance(rows, pa.Table) else len(rows)
    cells = {name: _column(schema, name, rows) for name in names or schema.key}
    try:
        if ROW_COLUMN in columns:
            numbers = pa.chunked_array(_column(schema, ROW_COLUMN, rows)).cast(pa.int32()).fill_null(0)
        else:
            numbers = pa.array(range(1, count + 1), pa.int32())
        part = Part(schema.name, file, cells, numbers, source=source.name)
        if FILE_COLUMN in columns:
            part.files = _inside(file, pa.chunked_array(_column(schema, FILE_COLUMN, rows)))
    except pa.ArrowInvalid:
        raise DataError(problem("source-shape", place, name=source.name)) from None
    part.platform = source.platform
    return part


def _inside(file: str, said: pa.ChunkedArray) -> pa.Array:
    """Return what the numbers of rows count, from what a source says of it: a file of an export, or a place in one."""
    named = said.combine_chunks()
    coded = named if pa.types.is_dictionary(named.type) else named.cast(pa.string()).dictionary_encode()
    texts = [
        f"{file}: {one}" if "[*]" in one and ": " not in one else f"{file.rstrip('/')}/{one}" if one else file
        for one in coded.dictionary.to_pylist()
    ]
    return pa.array(texts, pa.string()).take(coded.indices).fill_null(file)


def _keys(source: Source, schema: TableSchema, rows: Sequence[Any], place: Place) -> list[str]:
    """Return the keys that all rows have; a key that only some have would read as "there is none"."""
    if not all(isinstance(row, Mapping) for row in rows):
        raise DataError(problem("source-shape", place, name=source.name))
    keys = list(dict.fromkeys(str(key) for row in rows for key in row))
    uneven = [key for key in keys if any(key not in row for row in rows)]
    if uneven:
        raise DataError(problem("source-keys", place, name=source.name, table=schema.name, columns=", ".join(uneven)))
    return keys


def _column(schema: TableSchema, name: str, rows: Any) -> pa.ChunkedArray:
    """Return one column: as Arrow has it, or as texts that the import reads like those of a file."""
    if isinstance(rows, pa.Table):
        return rows.column(name)
    if name == UNKNOWN_COLUMN or (name in schema.columns and schema.columns[name].type == "list"):
        lists = [None if row[name] is None else _texts(row[name]) for row in rows]
        return pa.chunked_array([pa.array(lists, pa.list_(pa.string()))])
    return pa.chunked_array([pa.array([_text(row[name]) for row in rows], pa.string())])


def _texts(value: object) -> list[str | None]:
    """Return a list of texts; one text is a list of one."""
    items = value if isinstance(value, Iterable) and not isinstance(value, str) else (value,)
    return [_text(item) for item in items]


def _text(value: object) -> str | None:
    """Return a value as a file would spell it."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (Mapping, list, tuple)) else str(value)
