"""Read how long something lasts, as people write it: 60s, 5m, 24h, 7d."""

from __future__ import annotations

import re
from datetime import timedelta

__all__ = ["duration", "spelled"]

_shape = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*(s|m|h|d|w)?", re.IGNORECASE | re.ASCII)
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_LONGEST = 3660 * 86400


def duration(text: str) -> timedelta:
    """Return the duration that `text` names; a bare number is seconds.

    Raises ValueError for anything else, for nothing at all and for more than ten years.
    """
    found = _shape.fullmatch(text.strip())
    seconds = float(found[1]) * _SECONDS[(found[2] or "s").lower()] if found else 0.0
    if not 0 < seconds <= _LONGEST:
        raise ValueError(text)
    return timedelta(seconds=seconds)


def spelled(length: timedelta) -> str:
    """Return a duration in its largest whole unit: 24h is 1d."""
    seconds = length.total_seconds()
    for unit, size in sorted(_SECONDS.items(), key=lambda item: -item[1]):
        if seconds >= size and seconds % size == 0:
            return f"{int(seconds // size)}{unit}"
    return f"{seconds:g}s"
