"""The demo's calendar: the as-of time, the notice's dates, and times counted back from them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

__all__ = ["AS_OF", "EFFECTIVE", "TIMEZONE", "ZONE", "ago", "at", "iso"]

TIMEZONE = "Asia/Shanghai"
# A fixed offset is exact for every date of the demo and needs no time zone database.
ZONE = timezone(timedelta(hours=8))
AS_OF = datetime(2024, 4, 15, tzinfo=ZONE)
EFFECTIVE = datetime(2024, 3, 22, tzinfo=ZONE)


def ago(days: float, *, hour: int = 10, minute: int = 0) -> datetime:
    """Return the moment `days` before the as-of time, at a working hour of that day."""
    return (AS_OF - timedelta(days=days)).replace(hour=hour, minute=minute, second=0)


def at(year: int, month: int, day: int, hour: int = 9, minute: int = 0) -> datetime:
    """Return a moment in the university's zone."""
    return datetime(year, month, day, hour, minute, tzinfo=ZONE)


def iso(moment: datetime | None) -> str | None:
    """Return `moment` as the interchange format writes it."""
    return None if moment is None else moment.isoformat(timespec="seconds")
