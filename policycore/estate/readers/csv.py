"""Read CSV: Arrow's reader for clean files, a strict row-by-row one that can name every broken row."""

from __future__ import annotations

import csv
import io
import mmap
import re
from pathlib import Path
from typing import Any

import numpy
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv

from policycore.errors import DataError, Place
from policycore.estate.cells.words import match_headers
from policycore.estate.parts import Part, Unreadable, row_said
from policycore.estate.problems import problem
from policycore.estate.readers.encoding import as_utf8, mapped, survey
from policycore.language import say
from policycore.model.schema import table_schema

__all__ = ["read_csv", "read_csv_header", "read_csv_rows"]

BLOCK = 16 * 1024 * 1024
MAX_CELL = 64 * 1024 * 1024
MAX_COLUMNS = 1_000
_BATCH = 20_000


def read_csv(path: Path, name: str, table: str) -> Part:
    """Return one table's rows from a CSV file; rows that do not fit its header come as unreadable."""
    with mapped(path, name) as raw:
        data = as_utf8(raw, name)
        header = read_csv_header(data, name)
        matched = match_headers(table_schema(table), header, Place(name, 1, 1))
        seen = survey(data)
        # Arrow skips blank lines, lets an open quote swallow the rest, and keeps NUL: not here.
        table_read = None
        if not seen.nul and not seen.blank_lines and seen.quotes % 2 == 0:
            # From the file itself where it is UTF-8 already: a mapped one would stay in memory beside its rows.
            table_read = _read_whole(path if data is raw else data, len(header), quoted=seen.quotes > 0)
        if table_read is None:
            columns, rows, unreadable = _read_rows(data, len(header), name)
        else:
            columns, rows, unreadable = table_read.columns, _lines(table_read, header, quoted=seen.quotes > 0), []
    kept = {column: columns[position] for column, position in matched.items()}
    headers = {column: header[position] for column, position in matched.items()}
    return Part(
        table,
        name,
        kept,
        rows,
        headers,
        unreadable,
        row_is_line=True,
        again=lambda: read_csv(path, name, table).columns,
    )


def _lines(table: pa.Table, header: list[str], *, quoted: bool) -> Any:
    """Return the line on which each row begins; a quoted cell may hold several."""
    taken = numpy.ones(table.num_rows, dtype="int32")
    for column in table.columns if quoted else ():
        taken += pc.fill_null(pc.count_substring_regex(column, "\r\n|\r|\n"), 0).to_numpy()
    first = 2 + sum(len(re.findall("\r\n|\r|\n", cell)) for cell in header)
    return pa.array((numpy.cumsum(taken) - taken + first).astype("int32"))


def _records(data: bytes | mmap.mmap, delimiter: str = ",") -> Any:
    """Return a strict reader of the file's records."""
    csv.field_size_limit(MAX_CELL)
    return csv.reader(io.TextIOWrapper(io.BytesIO(data), "utf-8", newline=""), strict=True, delimiter=delimiter)


def read_csv_header(data: bytes | mmap.mmap, name: str, delimiter: str = ",") -> list[str]:
    """Return the first record."""
    end = data.find(b"\n", 0)
    # Only when a header cell is quoted may the record go beyond the first line.
    first = data if end < 0 or b'"' in data[:end] else data[: end + 1]
    try:
        header: list[str] = next(_records(first, delimiter), [])
    except csv.Error as error:
        raise DataError(problem("csv-header", Place(name, 1, 1), reason=str(error))) from None
    if not header:
        raise DataError(problem("no-header", Place(name)))
    if len(header) > MAX_COLUMNS:
        raise DataError(problem("too-many-columns", Place(name, 1, 1), count=len(header), limit=MAX_COLUMNS))
    return header


def _read_whole(source: Path | bytes | mmap.mmap, width: int, *, quoted: bool) -> pa.Table | None:
    """Return all rows by Arrow's reader, every cell a string; None where it stumbles."""
    names = [f"c{position}" for position in range(width)]
    try:
        table: pa.Table = arrow_csv.read_csv(
            source if isinstance(source, Path) else pa.py_buffer(source),
            # The names stand in the file's first record, which may be longer than a line.
            read_options=arrow_csv.ReadOptions(block_size=BLOCK, column_names=names),
            parse_options=arrow_csv.ParseOptions(newlines_in_values=quoted),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
            memory_pool=_pool(),
        )
    except pa.ArrowInvalid:
        return None
    return table.slice(1)


def _pool() -> pa.MemoryPool:
    """Return the allocator that gives back what several threads filled and one frees; Arrow's own where it is absent.

    With it the peak of an import of a million memberships is 400 MB, not 430.
    """
    try:
        return pa.jemalloc_memory_pool()
    except NotImplementedError:
        return pa.default_memory_pool()


def _read_rows(data: bytes | mmap.mmap, width: int, name: str) -> tuple[list[Any], Any, list[Unreadable]]:
    """Return columns, row numbers and unreadable rows, one record at a time."""
    batches: list[list[Any]] = [[] for _ in range(width)]
    kept: list[list[str]] = []
    numbers: list[int] = []
    unreadable: list[Unreadable] = []

    def keep() -> None:
        for position in range(width):
            cells = [record[position] or None for record in kept]
            batches[position].append(pa.array(cells, pa.string()))
        kept.clear()

    for _, number, record in read_csv_rows(data, name, unreadable):
        if len(record) != width:
            wanted = say("estate.expected-cells", count=width)
            unreadable.append(Unreadable(number, "ragged", wanted, ",".join(record)))
            continue
        kept.append(record)
        numbers.append(number)
        if len(kept) >= _BATCH:
            keep()
    keep()
    return [pa.chunked_array(chunks, pa.string()) for chunks in batches], pa.array(numbers, pa.int32()), unreadable


def read_csv_rows(data: bytes | mmap.mmap, name: str, unreadable: list[Unreadable], delimiter: str = ",") -> Any:
    """Yield every record below the header with its number and first line; blank lines count but are no record.

    A record with stray quotes goes to `unreadable`; a quote that never closes is a DataError, because
    nobody can say where its record ends.
    """
    records = _records(data, delimiter)
    number = -1
    while True:
        line = records.line_num
        number += 1
        try:
            record = next(records)
        except StopIteration:
            return
        except csv.Error as error:
            if "end of data" in str(error) or "field larger" in str(error):
                raise DataError(
                    problem("csv-open-quote", Place(name, line + 1, 1), row=row_said(line + 1, is_line=True))
                ) from None
            unreadable.append(Unreadable(line + 1, "csv-quote", say("estate.expected-quote"), str(error)))
            continue
        if number and record:
            yield number, line + 1, record
