"""Turn the model's column types into Arrow types: how a table lies in a snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policycore.model.schema import ColumnSchema, TableSchema
from policycore.model.tables import Scope

if TYPE_CHECKING:
    import pyarrow

__all__ = ["FILE_COLUMN", "ROW_COLUMN", "arrow_schema", "arrow_type"]

FILE_COLUMN = "_file"
ROW_COLUMN = "_row"


def arrow_type(column: ColumnSchema) -> pyarrow.DataType:
    """Return the Arrow type in which a column is stored."""
    import pyarrow as pa

    if column.type == "scope":
        return pa.struct([(name, pa.list_(pa.string())) for name in Scope.model_fields])
    return {
        "text": pa.string(),
        "enum": pa.string(),
        "time": pa.timestamp("us", tz="UTC"),
        "integer": pa.int64(),
        "boolean": pa.bool_(),
        "list": pa.list_(pa.string()),
    }[column.type]


def arrow_schema(table: TableSchema, columns: tuple[str, ...]) -> pyarrow.Schema:
    """Return the schema of a stored table that supplies `columns`, with file and row at its end."""
    import pyarrow as pa

    fields = [pa.field(name, arrow_type(table.columns[name])) for name in columns]
    fields.append(pa.field(FILE_COLUMN, pa.dictionary(pa.int32(), pa.string())))
    fields.append(pa.field(ROW_COLUMN, pa.int32()))
    return pa.schema(fields)
