"""Read Parquet: typed columns as they are; their values are checked like any other's."""

from __future__ import annotations

from pathlib import Path

import numpy
import pyarrow as pa
import pyarrow.parquet as pq

from policycore.errors import DataError, Place
from policycore.estate.cells.words import match_headers
from policycore.estate.parts import FILE_COLUMN, ROW_COLUMN, Part
from policycore.estate.problems import problem
from policycore.model.schema import key_columns, table_schema

__all__ = ["read_parquet"]


def read_parquet(path: Path, name: str, table: str) -> Part:
    """Return one table's rows from a Parquet file."""
    try:
        with pq.ParquetFile(path) as file:
            headers = file.schema_arrow.names
            # A table copied out of a snapshot brings these; they are written anew.
            anew = {FILE_COLUMN, ROW_COLUMN, *(key for key, _ in key_columns().get(table, {}).values())}
            supplied = [header for header in headers if header not in anew]
            matched = match_headers(table_schema(table), supplied, Place(name))
            content = file.read(columns=supplied)
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        raise DataError(problem("parquet", Place(name), reason=type(error).__name__)) from None
    columns = {column: content.column(position) for column, position in matched.items()}
    written = {column: supplied[position] for column, position in matched.items()}
    rows = pa.array(numpy.arange(1, content.num_rows + 1, dtype="int32"))
    return Part(table, name, columns, rows, written)
