"""Read the times that people name; what no clock showed, or showed twice, is asked about and not guessed."""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from policycore.errors import Problem, UsageError
from policycore.language import say
from policycore.text.fold import fold

__all__ = ["moment_in", "moment_of"]

_YEARS = range(1900, 2200)
"""Further away, adding a time limit or changing the zone runs out of calendar."""
_written = re.compile(r"(\d{4})[年./-](\d{1,2})[月./-](\d{1,2})日?(?:(?:[ T]+|(?<=\D))(\d{1,2})(\D.*)?)?")
"""A day as people type it, 2024.3.26 or 2024年4月20日, and the time behind it."""


def moment_of(given: datetime | str | None, timezone: str) -> datetime | None:
    """Return the time that is given; one without an offset is in `timezone`. None stays None.

    Raises UsageError as `moment_in` does.
    """
    if given is None or (isinstance(given, datetime) and given.tzinfo is not None):
        return given
    return moment_in(str(given), "--as-of", ZoneInfo(timezone), end=True)


def moment_in(text: str, option: str, zone: tzinfo | None, *, end: bool = False) -> datetime:
    """Return the time that `text` means: with its own offset, else in `zone` (None: this machine's).

    A day alone is its first moment, or its last with `end`. Raises UsageError for what is no time, for a time
    that the clocks skipped when they were put forward and for one that they showed twice.
    """
    typed = fold(text).strip()
    day = _written.fullmatch(typed)
    if day:
        typed = f"{day[1]}-{int(day[2]):02}-{int(day[3]):02}" + (f"T{int(day[4]):02}{day[5] or ''}" if day[4] else "")
    try:
        found = datetime.fromisoformat(typed)
    except ValueError:
        raise _refused(option, "operations.expected.time") from None
    if found.year not in _YEARS:
        raise _refused(option, "operations.expected.time")
    if found.tzinfo is not None:
        return found
    day_alone = len(typed) <= len("2024-04-15")
    if day_alone and end:
        found = found.replace(hour=23, minute=59, second=59, microsecond=999_999)
    early, late = (_placed(found.replace(fold=fold), zone) for fold in (0, 1))
    # Two times of one zone are compared by their clocks; these two differ in their offsets.
    if early.astimezone(UTC) == late.astimezone(UTC) or day_alone:
        return early
    # A clock that was put forward never showed what was asked for.
    twice = early.replace(tzinfo=None, fold=0) == found.replace(fold=0)
    raise _refused(option, "operations.expected.time-twice" if twice else "operations.expected.time-skipped")


def _placed(local: datetime, zone: tzinfo | None) -> datetime:
    """Return a local time with its offset, as the clocks really showed it."""
    aware = local.astimezone() if zone is None else local.replace(tzinfo=zone)
    utc = aware.astimezone(UTC)
    return utc.astimezone() if zone is None else utc.astimezone(zone)


def _refused(option: str, key: str) -> UsageError:
    """Return the error for a value that is no time, or not one time."""
    return UsageError(Problem("cli.bad-time", say("operations.bad-value", name=option), say(key)))
