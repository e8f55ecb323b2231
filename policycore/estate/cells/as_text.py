"""Take cells that a file holds as numbers, times or structures for the texts that the readers of cells take."""

from __future__ import annotations

import json
from typing import Any

__all__ = ["as_text"]


def as_text(chunk: Any) -> Any:
    """Return typed cells as the texts that the readers of cells take."""
    import pyarrow as pa

    if pa.types.is_nested(chunk.type):
        # Of structures the fields without a value mean "nothing said".
        said = (
            {key: value for key, value in item.items() if value is not None} if isinstance(item, dict) else item
            for item in chunk.to_pylist()
        )
        kept = (None if item is None else json.dumps(item, ensure_ascii=False, default=str) for item in said)
        return pa.array(kept, pa.string())
    if pa.types.is_binary(chunk.type) or pa.types.is_large_binary(chunk.type):
        return pa.array((None if item is None else repr(item) for item in chunk.to_pylist()), pa.string())
    try:
        return chunk.cast(pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        return pa.array((None if item is None else str(item) for item in chunk.to_pylist()), pa.string())
