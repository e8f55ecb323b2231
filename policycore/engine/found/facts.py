"""Make what a rule's query returned fit to be kept: texts as they may be shown, lengths bounded, plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from policycore.text.mask import mask_name
from policycore.text.shown import MAY_BEAR_PATTERN, is_withheld, shown, shown_id

if TYPE_CHECKING:
    import pyarrow

__all__ = ["fact_column", "shown_ids", "shown_names", "shown_text", "shown_texts"]

LONGEST_FACT = 500
"""Characters of a text that a finding keeps; a display name of a megabyte is evidence of nothing more."""


# The same groups, people and departments stand in the findings of most rules: masking is half of what a finding costs,
# and a hundred megabytes keep the names of a very large estate.
_shown = lru_cache(262_144)(shown)


def shown_text(text: str | None, key: bytes | None) -> str | None:
    """Return `text` as findings may hold it: bounded, and as `shown` shows it; `key` is the workspace's."""
    if text is None or len(text) <= LONGEST_FACT:
        return None if text is None else _shown(text, key)
    safe = shown(text, key)
    return safe if len(safe) <= LONGEST_FACT else shown(text[:LONGEST_FACT], key) + "…"


def shown_texts(column: pyarrow.ChunkedArray | pyarrow.Array, key: bytes | None) -> pyarrow.Array:
    """Return a column of texts as findings may hold them, each distinct text looked at once."""
    import pyarrow

    flat = column.combine_chunks() if isinstance(column, pyarrow.ChunkedArray) else column
    encoded = flat.cast(pyarrow.string()).dictionary_encode()
    safe = pyarrow.array([shown_text(text, key) for text in encoded.dictionary.to_pylist()], pyarrow.string())
    return safe.take(encoded.indices)


def shown_names(column: pyarrow.ChunkedArray | pyarrow.Array, key: bytes | None) -> pyarrow.Array:
    """Return a column of names that people show as findings may hold them: without long numbers of any kind."""
    import pyarrow

    encoded = shown_texts(column, key).dictionary_encode()
    names = (name if name is None or is_withheld(name) else mask_name(name) for name in encoded.dictionary.to_pylist())
    return pyarrow.array(list(names), pyarrow.string()).take(encoded.indices)


def shown_ids(column: pyarrow.ChunkedArray | pyarrow.Array, key: bytes | None) -> pyarrow.Array:
    """Return a column of ids as findings may hold them: as they are, unless one bears a mark."""
    import pyarrow
    import pyarrow.compute

    flat = column.combine_chunks() if isinstance(column, pyarrow.ChunkedArray) else column
    flat = flat.cast(pyarrow.string())
    may = pyarrow.compute.match_substring_regex(flat, MAY_BEAR_PATTERN)
    if not pyarrow.compute.any(may).as_py():
        return flat
    return pyarrow.array([one if one is None else shown_id(one, key) for one in flat.to_pylist()], pyarrow.string())


def fact_column(column: pyarrow.ChunkedArray, zone: ZoneInfo, key: bytes | None) -> pyarrow.Array:
    """Return a column of facts as it is kept: texts as they may be shown, moments in UTC, all else plain."""
    import pyarrow
    import pyarrow.compute
    from pyarrow import types

    flat, kind = column.combine_chunks(), column.type
    if types.is_string(kind) or types.is_large_string(kind) or types.is_dictionary(kind):
        return shown_texts(column, key)
    if types.is_timestamp(kind):
        if kind.tz is None:
            flat = pyarrow.compute.assume_timezone(flat, zone.key, ambiguous="earliest", nonexistent="latest")
        return flat.cast(pyarrow.timestamp("us", "UTC"))
    simple = (types.is_boolean, types.is_integer, types.is_floating, types.is_date, types.is_null)
    if any(fits(kind) for fits in simple):
        return flat
    plain = [_plain(value, zone, key) for value in flat.to_pylist()]
    try:
        return pyarrow.array(plain)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowTypeError, OverflowError):
        return pyarrow.array([None if value is None else str(value) for value in plain], pyarrow.string())


def _plain(value: Any, zone: ZoneInfo, key: bytes | None) -> object:
    """Return one value as JSON can hold it (times stay datetimes until they are written)."""
    if isinstance(value, str):
        return shown_text(value, key)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Decimal):
        # A sum is a number, and no text in which a telephone number may stand.
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, datetime):
        return value.astimezone(zone) if value.tzinfo else value.replace(tzinfo=zone)
    if isinstance(value, date):
        return value
    if isinstance(value, Mapping):
        return {shown_text(str(name), key): _plain(item, zone, key) for name, item in value.items()}
    if isinstance(value, Iterable) and not isinstance(value, (bytes, bytearray)):
        return [_plain(item, zone, key) for item in value]
    return str(value)
