"""Take cells that a file holds as numbers, times or structures for the texts that the readers of cells take."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["as_text"]


def as_text(chunk: Any) -> Any:
    """Return typed cells as the texts that the readers of cells take."""
    import pyarrow as pa

    if pa.types.is_nested(chunk.type):
        kept = (
            None if item is None else json.dumps(_without_nulls(item), ensure_ascii=False, default=str)
            for item in chunk.to_pylist()
        )
        return pa.array(kept, pa.string())
    if pa.types.is_binary(chunk.type) or pa.types.is_large_binary(chunk.type):
        return pa.array((None if item is None else repr(item) for item in chunk.to_pylist()), pa.string())
    try:
        return chunk.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.array((None if item is None else str(item) for item in chunk.to_pylist()), pa.string())


def _without_nulls(item: Any) -> Any:
    """Return a structure without its null fields, which mean "nothing said"."""
    if isinstance(item, dict):
        return {key: value for key, value in item.items() if value is not None}
    return item
