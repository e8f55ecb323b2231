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
    encoded = _encoded(tables)
    for register in dict.fromkeys(register for _, _, register, _ in encoded):
        here = [item for item in encoded if item[2] == register]
        everything = _united([indices.dictionary for _, _, _, indices in here])
        for table, key, _, indices in here:
            keyed[table] = keyed[table].append_column(key, _keys(indices, everything))
    return keyed


def _encoded(tables: Mapping[str, pyarrow.Table]) -> list[tuple[str, str, str, pyarrow.DictionaryArray]]:
    """Return table, key column, register and dictionary-encoded texts of every column that gets keys."""
    import pyarrow as pa

    found = []
    for table, columns in key_columns().items():
        if table not in tables:
            continue
        for name, (key, register) in columns.items():
            if name in tables[table].column_names and key not in tables[table].column_names:
                values = tables[table].column(name).combine_chunks()
                if not pa.types.is_dictionary(values.type):
                    values = values.dictionary_encode()
                found.append((table, key, register, values))
    return found


def _united(dictionaries: list[pyarrow.Array]) -> pyarrow.Array:
    """Return every text once, in the order in which they come."""
    import pyarrow as pa

    return pa.chunked_array([one.cast(pa.string()) for one in dictionaries], pa.string()).unique()


def _keys(indices: pyarrow.DictionaryArray, everything: pyarrow.Array) -> pyarrow.Array:
    """Return the place of each text in `everything`; null where there is none."""
    import pyarrow as pa
    import pyarrow.compute as pc

    places = pc.index_in(indices.dictionary.cast(pa.string()), value_set=everything)
    return places.take(indices.indices.cast(pa.int32()))
