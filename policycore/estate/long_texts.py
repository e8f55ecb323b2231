"""Cut texts that are longer than rules can read in their time, and say that the rest of them is unknown.

Whoever sends ten megabytes must not switch off a rule for everybody else: of such a text the begin is judged, what is
found in it counts, and nothing passes because of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy
import pyarrow as pa
import pyarrow.compute as pc

from policycore.errors import Problem
from policycore.estate.checked import CheckedPart
from policycore.estate.problems import problem
from policycore.files.taken import MAX_CHARACTERS
from policycore.model.schema import table_schema

__all__ = ["cut_long_texts"]


def cut_long_texts(tables: Mapping[str, Sequence[CheckedPart]]) -> Iterator[Problem]:
    """Cut every text that is too long, name its cell unknown, and yield a note for each column with such texts."""
    for table, parts in tables.items():
        for part in parts:
            for name in [name for name in part.columns if _is_text(table, name)]:
                rows = _cut(part, name)
                if len(rows):
                    first = int(rows[0])
                    yield problem(
                        "note-long-text",
                        part.part.place(part.part.rows[first].as_py(), part.part.file_at(first)),
                        count=len(rows),
                        field=f"{table}.{name}",
                        limit=f"{MAX_CHARACTERS:,}",
                    )


def _is_text(table: str, name: str) -> bool:
    """Return whether a column holds what people write, and no id."""
    column = table_schema(table).columns[name]
    return column.type == "text" and not column.key and not column.references


def _cut(part: CheckedPart, name: str) -> numpy.ndarray:
    """Cut the texts of a column that are too long and return their rows."""
    values = part.columns[name]
    # Bytes are counted at once, characters one by one.
    if (pc.max(pc.binary_length(values)).as_py() or 0) <= MAX_CHARACTERS:
        return numpy.empty(0, numpy.int64)
    long = pc.fill_null(pc.greater(pc.utf8_length(values), MAX_CHARACTERS), False).to_numpy()
    if long.any():
        begins = pc.utf8_slice_codeunits(values, 0, MAX_CHARACTERS)
        part.columns[name] = pc.if_else(pa.chunked_array([pa.array(long)]), begins, values)
        part.unknown[name] = long | ~part.is_known(name)
    return numpy.flatnonzero(long)
