"""Small steps of making columns: numbered ids, words by index, moments counted back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy
    import pyarrow

__all__ = ["AS_OF", "Columns", "before", "chosen", "moments", "numbered", "with_nulls"]

AS_OF = datetime(2024, 4, 14, 16, tzinfo=UTC)
_DAY = 86_400_000_000

Columns = dict[str, "dict[str, pyarrow.Array]"]
"""Columns by name, by table."""


def numbered(prefix: str, count: int) -> pyarrow.Array:
    """Return ``prefix`` with numbers from 1, padded so that they sort."""
    import numpy
    import pyarrow as pa
    import pyarrow.compute as pc

    digits = pc.utf8_lpad(pa.array(numpy.arange(1, count + 1)).cast(pa.string()), width=8, padding="0")
    return pc.binary_join_element_wise(pa.scalar(prefix), digits, "")


def chosen(words: Sequence[str | None], indices: numpy.ndarray) -> pyarrow.Array:
    """Return the word of each index."""
    import pyarrow as pa

    return pa.array(words, pa.string()).take(pa.array(indices))


def with_nulls(values: pyarrow.Array, absent: numpy.ndarray) -> pyarrow.Array:
    """Return `values` with null where `absent` is true."""
    import pyarrow as pa
    import pyarrow.compute as pc

    return pc.if_else(pa.array(absent), pa.scalar(None, values.type), values)


def before(days: numpy.ndarray) -> pyarrow.Array:
    """Return moments so many days before the as-of time."""
    import pyarrow as pa

    microseconds = int(AS_OF.timestamp()) * 1_000_000 - (days * _DAY).astype("int64")
    # Whole seconds: what a CSV says is what a table holds.
    return pa.array(microseconds // 1_000_000 * 1_000_000, pa.timestamp("us", tz="UTC"))


def moments(random: numpy.random.Generator, count: int, earliest: float, latest: float) -> pyarrow.Array:
    """Return moments between so many days before the as-of time."""
    return before(random.uniform(latest, earliest, count))
