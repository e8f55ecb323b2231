"""Read JSON Lines with DuckDB, block by block: types, unknown keys and bad lines for all rows of a block at once."""

from __future__ import annotations

import json
import mmap
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy
import pyarrow as pa
import pyarrow.compute as pc

from policycore.errors import DataError, Place, Problem
from policycore.estate.database import MemoryDatabase
from policycore.estate.parts import Part, Unreadable
from policycore.estate.problems import problem
from policycore.estate.readers.encoding import mapped, refuse_bad_utf8
from policycore.language import say
from policycore.model.schema import table_schema
from policycore.text.suggest import suggestion

__all__ = ["read_jsonl"]

MAX_LINE = 64 * 1024 * 1024
_BLOCK = 8 * 1024 * 1024


def read_jsonl(path: Path, name: str, table: str) -> Part:
    """Return one table's rows from a JSON Lines file; `_row` is the line, blank lines are skipped."""
    with mapped(path, name) as data, MemoryDatabase() as connection:
        refuse_bad_utf8(data, name)
        read = _Read(name, table)
        try:
            for content, before in _blocks(data, name):
                read.take(connection, *_lines(content, before))
        except duckdb.Error as error:
            raise DataError(problem("unreadable", Place(name), reason=type(error).__name__)) from None
    return read.part()


def _blocks(data: bytes | mmap.mmap, name: str) -> Iterator[tuple[bytes, int]]:
    """Yield the file in blocks of whole lines, each with the number of lines before it."""
    at, before = (3 if data[:3] == b"\xef\xbb\xbf" else 0), 0
    while at < len(data):
        end = data.find(b"\n", min(at + _BLOCK, len(data))) + 1 or len(data)
        content = data[at:end]
        if end - at > _BLOCK + MAX_LINE:
            raise DataError(problem("line-too-long", Place(name), limit=MAX_LINE))
        yield content, before
        before += content.count(b"\n")
        at = end


def _lines(content: bytes, before: int) -> tuple[Any, Any]:
    """Return the lines of a block as an Arrow array over its own bytes, and their numbers."""
    ends = numpy.flatnonzero(numpy.frombuffer(content, dtype="uint8") == 0x0A).astype("int64") + 1
    if content and not content.endswith(b"\n"):
        ends = numpy.append(ends, len(content))
    offsets = numpy.concatenate([numpy.zeros(1, dtype="int64"), ends])
    lines = pa.LargeStringArray.from_buffers(len(ends), pa.py_buffer(offsets), pa.py_buffer(content))
    filled = pc.not_equal(pc.utf8_trim_whitespace(lines), "")
    numbers = pa.array(numpy.arange(before + 1, before + len(ends) + 1, dtype="int32"))
    if pc.all(filled).as_py() is False:
        return lines.filter(filled), numbers.filter(filled)
    return lines, numbers


class _Read:
    """The columns of a table that were taken out of a file's blocks so far."""

    def __init__(self, name: str, table: str) -> None:
        self._name = name
        self._schema = table_schema(table)
        self._keys: dict[str, tuple[int, int]] = {}
        """By key the line that has it first, and how often it stands in one line at most."""
        self._tables: list[pa.Table] = []
        self._unreadable: list[Unreadable] = []
        self._is_empty = True

    def take(self, connection: duckdb.DuckDBPyConnection, lines: Any, numbers: Any) -> None:
        """Take the columns out of the lines of one block."""
        self._is_empty = self._is_empty and not len(lines)
        connection.register("source", pa.table({"line": lines, "number": numbers}))
        connection.execute(
            "CREATE OR REPLACE TEMP TABLE parsed AS SELECT number, line,"
            " CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE false END AS good FROM source"
        )
        bad = connection.execute("SELECT number, line FROM parsed WHERE NOT good ORDER BY number").fetchall()
        self._unreadable += [_unreadable(number, line.strip()) for number, line in bad]
        keys = connection.execute(
            "SELECT key, min(number) AS first, max(times) AS times FROM (SELECT number, key, count(*) AS times FROM"
            " (SELECT number, unnest(json_keys(line)) AS key FROM parsed WHERE good) GROUP BY number, key) GROUP BY key"
            " ORDER BY first, key"
        ).fetchall()
        for key, first, times in keys:
            begun, most = self._keys.get(key, (first, 0))
            self._keys[key] = begun, max(most, times)
        named = {key for key, _, _ in keys}
        present = [column for column in (*self._schema.columns, *self._schema.beside) if column in named]
        # A JSON null and an absent key are the same: SQL NULL; a JSON text comes without its quotes.
        selected = "".join(f", json_extract_string(line, '$.{column}') AS {column}" for column in present)
        sql = f"SELECT number{selected} FROM parsed WHERE good ORDER BY number"  # noqa: S608 - names of the model
        self._tables.append(connection.sql(sql).to_arrow_table())
        connection.unregister("source")

    def part(self) -> Part:
        """Return the rows of all blocks; DataError for keys that are no columns, or a file without a line."""
        keys = [(key, first, times) for key, (first, times) in self._keys.items()]
        columns = self._schema.columns
        problems = _check_keys(keys, columns, self._name, self._schema.name)
        if problems:
            raise DataError(*problems)
        if not keys and not self._unreadable and self._is_empty:
            raise DataError(problem("empty-file", Place(self._name)))
        # A file without one good line still supplies the columns that every row needs: for no row.
        present = [name for name, one in columns.items() if name in self._keys or not (keys or one.nullable)]
        present += [name for name in self._schema.beside if name in self._keys]
        kinds = [("number", pa.int32()), *((name, pa.string()) for name in present)]
        whole = pa.concat_tables([pa.schema(kinds).empty_table(), *self._tables], promote_options="permissive")
        found = {name: whole.column(name).cast(pa.string()) for name in present}
        numbers = whole.column("number").cast(pa.int32()).combine_chunks()
        return Part(self._schema.name, self._name, found, numbers, {}, self._unreadable, row_is_line=True)


_halves = re.compile(r"\\u[dD](?:[89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|[c-fC-F])")


def _unreadable(number: int, line: str) -> Unreadable:
    """Return what is wrong with a line that is no JSON object, or holds half a character."""
    # Whole pairs go first: what is left over is half of one.
    without = re.sub(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}", "", line)
    if _halves.search(without):
        try:
            if isinstance(json.loads(line), dict):
                return Unreadable(number, "half-character", say("estate.expected-whole-characters"), "")
        except (ValueError, RecursionError):
            pass  # no object either: a bad line, as any other
    return Unreadable(number, "bad-line", say("estate.expected-object"), line)


def _check_keys(keys: list[tuple[str, int, int]], known: Any, name: str, table: str) -> list[Problem]:
    """Return a problem for every key that is no column, is repeated in a line, or is missing throughout."""
    problems = []
    for key, first, times in keys:
        place = Place(name, first, 1)
        if key not in known and key not in table_schema(table).beside:
            problems.append(problem("unknown-column", place, suggested=suggestion(key, known), column=key, table=table))
        elif times > 1:
            problems.append(problem("key-twice", place, column=key))
    found = {key for key, _, _ in keys}
    if keys:
        problems.extend(
            problem("column-missing", Place(name), column=column.name, table=table)
            for column in known.values()
            if not column.nullable and column.name not in found
        )
    return problems
