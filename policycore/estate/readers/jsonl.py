"""Read JSON Lines with DuckDB over one buffer: types, unknown keys and bad lines for all rows at once."""

from __future__ import annotations

import json
import mmap
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policycore.errors import DataError, Place, Problem
from policycore.estate.database import MemoryDatabase
from policycore.estate.parts import Part, Unreadable
from policycore.estate.problems import problem
from policycore.estate.readers.encoding import mapped
from policycore.language import say
from policycore.model.schema import table_schema
from policycore.text.suggest import suggestion

if TYPE_CHECKING:
    import duckdb

__all__ = ["read_jsonl"]

MAX_LINE = 64 * 1024 * 1024
_BLOCK = 8 * 1024 * 1024


def read_jsonl(path: Path, name: str, table: str) -> Part:
    """Return one table's rows from a JSON Lines file; `_row` is the line, blank lines are skipped."""
    import duckdb

    with mapped(path, name) as data:
        lines, numbers = _lines(data, name)
    database = MemoryDatabase()
    try:
        return _extract(database.connection, lines, numbers, name, table)
    except duckdb.Error as error:
        raise DataError(problem("unreadable", Place(name), reason=type(error).__name__)) from None
    finally:
        database.close()


def _lines(data: bytes | mmap.mmap, name: str) -> tuple[Any, Any]:
    """Return the lines as an Arrow array over the file's own bytes, and their numbers."""
    import numpy
    import pyarrow as pa
    import pyarrow.compute as pc

    _refuse_bad_utf8(data, name)
    content = data[3:] if data[:3] == b"\xef\xbb\xbf" else data[:]
    ends = numpy.flatnonzero(numpy.frombuffer(content, dtype="uint8") == 0x0A).astype("int64") + 1
    if content and not content.endswith(b"\n"):
        ends = numpy.append(ends, len(content))
    offsets = numpy.concatenate([numpy.zeros(1, dtype="int64"), ends])
    if len(offsets) > 1 and int(numpy.diff(offsets).max()) > MAX_LINE:
        raise DataError(problem("line-too-long", Place(name), limit=MAX_LINE))
    lines = pa.LargeStringArray.from_buffers(len(ends), pa.py_buffer(offsets), pa.py_buffer(content))
    filled = pc.not_equal(pc.utf8_trim_whitespace(lines), "")
    numbers = pa.array(numpy.arange(1, len(ends) + 1, dtype="int32"))
    if pc.all(filled).as_py() is False:
        return lines.filter(filled), numbers.filter(filled)
    return lines, numbers


def _refuse_bad_utf8(data: bytes | mmap.mmap, name: str) -> None:
    """Raise DataError naming the first line that is not UTF-8."""
    from policycore.estate.readers.encoding import _damaged, _first_fault

    fault = _first_fault(data, 0)
    if fault is not None:
        raise _damaged(data, fault, name)


def _extract(connection: duckdb.DuckDBPyConnection, lines: Any, numbers: Any, name: str, table: str) -> Part:
    """Take the table's columns out of every line."""
    import pyarrow as pa

    source = pa.table({"line": lines, "number": numbers})
    connection.register("source", source)
    connection.execute(
        "CREATE TABLE parsed AS SELECT number, line,"
        " CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE false END AS good FROM source"
    )
    schema = table_schema(table)
    bad = connection.execute("SELECT number, line FROM parsed WHERE NOT good ORDER BY number").fetchall()
    unreadable = [_unreadable(number, line.strip()) for number, line in bad]
    keys = connection.execute(
        "SELECT key, min(number) AS first, max(times) AS times FROM (SELECT number, key, count(*) AS times FROM"
        " (SELECT number, unnest(json_keys(line)) AS key FROM parsed WHERE good) GROUP BY number, key) GROUP BY key"
        " ORDER BY first, key"
    ).fetchall()
    problems = _check_keys(keys, schema.columns, name, table)
    if problems:
        raise DataError(*problems)
    named = {key for key, _, _ in keys}
    if not named and not unreadable and not len(lines):
        raise DataError(problem("empty-file", Place(name)))
    # A file without one good line still supplies the columns that every row needs: for no row.
    present = [
        column.name for column in schema.columns.values() if column.name in named or not (named or column.nullable)
    ]
    present += [name for name in schema.beside if name in named]
    # A JSON null and an absent key are the same: SQL NULL; a JSON text comes without its quotes.
    selected = ", ".join(f"json_extract_string(line, '$.{column}') AS {column}" for column in present)
    sql = f"SELECT number{', ' + selected if selected else ''} FROM parsed WHERE good ORDER BY number"  # noqa: S608 - names of the model
    result: pa.Table = connection.sql(sql).to_arrow_table()
    columns = {column: result.column(column) for column in present}
    return Part(table, name, columns, result.column("number").combine_chunks(), {}, unreadable, row_is_line=True)


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
            pass
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
