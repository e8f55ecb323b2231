"""Give every id an integer key beside it, so that rules join millions of rows without comparing texts.

A key holds in one snapshot only: it is never shown, stored or compared with another snapshot's. Every id that is
seen has one, also where nothing but a reference names it. Encoding the texts of five million memberships takes about
two seconds once; every join over them afterwards costs a third to a tenth of one over texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from policycore.model.schema import key_columns

if TYPE_CHECKING:
    import pyarrow

__all__ = ["with_keys"]


def with_keys(tables: Mapping[str, pyarrow.Table]) -> dict[str, pyarrow.Table]:
    """Return `tables` with a key column (int32) behind each id, reference and display name that they hold.

    The same tables get the same keys: in the order of the tables, their columns and their rows.
    """
    keyed = dict(tables)
    columns = _columns(tables)
    # Register by register: what is encoded takes as much memory as the keys.
    for register in dict.fromkeys(register for _, _, register, _ in columns):
        here = [(table, key, one, _encoded(values)) for table, key, one, values in columns if one == register]
        everything = _united([encoded.chunk(0).dictionary for _, _, _, encoded in here if encoded.num_chunks])
        for table, key, _, encoded in here:
            keyed[table] = keyed[table].append_column(key, _keys(encoded, everything))
    return keyed


def _columns(tables: Mapping[str, pyarrow.Table]) -> list[tuple[str, str, str, pyarrow.ChunkedArray]]:
    """Return table, key column, register and texts of every column that gets keys."""
    found = []
    for table, columns in key_columns().items():
        if table not in tables:
            continue
        for name, (key, register) in columns.items():
            if name in tables[table].column_names and key not in tables[table].column_names:
                found.append((table, key, register, tables[table].column(name)))
    return found


def _encoded(values: pyarrow.ChunkedArray) -> pyarrow.ChunkedArray:
    """Return texts as places in one dictionary, which all chunks share."""
    import pyarrow as pa

    return values.unify_dictionaries() if pa.types.is_dictionary(values.type) else values.dictionary_encode()


def _united(dictionaries: list[pyarrow.Array]) -> pyarrow.Array:
    """Return every text once, in the order in which they come."""
    import pyarrow as pa

    return pa.chunked_array([one.cast(pa.string()) for one in dictionaries], pa.string()).unique()


def _keys(encoded: pyarrow.ChunkedArray, everything: pyarrow.Array) -> pyarrow.ChunkedArray:
    """Return the place of each text in `everything`; null where there is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not encoded.num_chunks:
        return pa.chunked_array([], pa.int32())
    places = pc.index_in(encoded.chunk(0).dictionary.cast(pa.string()), value_set=everything)
    return pa.chunked_array([places.take(chunk.indices.cast(pa.int32())) for chunk in encoded.chunks], pa.int32())
