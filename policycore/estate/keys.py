"""Give every id an integer key beside it, so that rules join millions of rows without comparing texts.

A key holds in one snapshot only: it is never shown, stored or compared with another snapshot's. Every id that is
seen has one, also where nothing but a reference names it. Encoding the texts of five million memberships takes about
two seconds once; every join over them afterwards costs a third to a tenth of one over texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import TYPE_CHECKING

from policycore.model.schema import key_columns

if TYPE_CHECKING:
    import pyarrow

__all__ = ["with_keys"]


def with_keys(tables: Mapping[str, pyarrow.Table]) -> dict[str, pyarrow.Table]:
    """Return `tables` with a key column (int32) behind each id, reference and display name that they hold.

    The same tables get the same keys: in the order of the tables, their columns and their rows.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    keyed = dict(tables)
    columns = [
        (table, key, register, tables[table].column(name))
        for table, columns in key_columns().items()
        if table in tables
        for name, (key, register) in columns.items()
        if name in tables[table].column_names and key not in tables[table].column_names
    ]
    # Register by register: what is encoded takes as much memory as the keys.
    for register in dict.fromkeys(register for _, _, register, _ in columns):
        here = [(table, key, *_encoded(values)) for table, key, one, values in columns if one == register]
        dictionaries = [words for _, _, words, _ in here if len(words)]
        # Every text once, in the order in which they come: those of the first come first and are what they are.
        everything = pa.chunked_array(dictionaries, pa.string()).unique() if len(dictionaries) > 1 else None
        for table, key, words, places in here:
            if len(words) and words is not dictionaries[0]:
                known = pc.index_in(words, value_set=everything)
                places = pa.chunked_array([known.take(chunk) for chunk in places.chunks], pa.int32())
            keyed[table] = keyed[table].append_column(key, places)
    return keyed


def _encoded(values: pyarrow.ChunkedArray) -> tuple[pyarrow.Array, pyarrow.ChunkedArray]:
    """Return texts, each once, and for each cell its place among them; null where there is none."""
    import numpy
    import pyarrow as pa

    lengths = [len(chunk) for chunk in values.chunks]
    if values.null_count == 0 and not pa.types.is_dictionary(values.type):
        words = values.unique()
        if len(words) == len(values):
            ends = numpy.cumsum([0, *lengths])
            chunks = [pa.array(numpy.arange(*pair, dtype="int32")) for pair in pairwise(ends)]
            return words, pa.chunked_array(chunks, pa.int32())
    encoded = values.unify_dictionaries() if pa.types.is_dictionary(values.type) else values.dictionary_encode()
    words = encoded.chunk(0).dictionary.cast(pa.string()) if encoded.num_chunks else pa.array([], pa.string())
    return words, pa.chunked_array([chunk.indices.cast(pa.int32()) for chunk in encoded.chunks], pa.int32())
