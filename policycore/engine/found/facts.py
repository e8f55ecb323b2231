"""Make what a rule's query returned fit to be kept: personal numbers masked, lengths bounded, plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from policycore.text.mask import mask

if TYPE_CHECKING:
    import pyarrow

__all__ = ["fact_column", "masked", "shown_text"]

LONGEST_FACT = 500
"""Characters of a text that a finding keeps; a display name of a megabyte is evidence of nothing more."""


# The same groups, people and departments stand in most findings: masking is half of what a finding costs.
@lru_cache(16_384)
def shown_text(text: str | None) -> str | None:
    """Return `text` as findings may hold it: masked and bounded."""
    if text is None:
        return None
    return mask(text if len(text) <= LONGEST_FACT else text[:LONGEST_FACT] + "…")


def masked(column: pyarrow.ChunkedArray) -> pyarrow.Array:
    """Return a column of texts as findings may hold them, each distinct text looked at once."""
    import pyarrow

    encoded = column.combine_chunks().cast(pyarrow.string()).dictionary_encode()
    shown = pyarrow.array([shown_text(text) for text in encoded.dictionary.to_pylist()], pyarrow.string())
    return shown.take(encoded.indices)


def fact_column(column: pyarrow.ChunkedArray, zone: ZoneInfo) -> pyarrow.Array:
    """Return a column of facts as it is kept: texts masked and bounded, moments in UTC, all else plain."""
    import pyarrow
    import pyarrow.compute
    from pyarrow import types

    flat, kind = column.combine_chunks(), column.type
    if types.is_string(kind) or types.is_large_string(kind) or types.is_dictionary(kind):
        return masked(column)
    if types.is_timestamp(kind):
        if kind.tz is None:
            flat = pyarrow.compute.assume_timezone(flat, zone.key, ambiguous="earliest", nonexistent="latest")
        return flat.cast(pyarrow.timestamp("us", "UTC"))
    simple = (types.is_boolean, types.is_integer, types.is_floating, types.is_date, types.is_null)
    if any(fits(kind) for fits in simple):
        return flat
    plain = [_plain(value, zone) for value in flat.to_pylist()]
    try:
        return pyarrow.array(plain)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError):
        return pyarrow.array([None if value is None else str(value) for value in plain], pyarrow.string())


def _plain(value: Any, zone: ZoneInfo) -> object:
    """Return one value as JSON can hold it (times stay datetimes until they are written)."""
    if isinstance(value, str):
        return shown_text(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, datetime):
        return value.astimezone(zone) if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, date):
        return value
    if isinstance(value, Mapping):
        return {str(key): _plain(item, zone) for key, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, (bytes, bytearray)):
        return [_plain(item, zone) for item in value]
    return str(value)
