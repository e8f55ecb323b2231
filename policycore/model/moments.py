"""Say in SQL how long ago something was: the same for the engine and for whoever checks SQL before it runs.

A grace is whole days of the calendar, in the estate's zone: what began on the 8th with seven days of grace is within
it until the 15th ends. Of a date known only to the month or year the column holds the earliest moment, and
``<column>_latest`` the latest.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from policycore.language import say
from policycore.model.schema import latest_of, table_schemas
from policycore.model.workdays import assume_workday, workday_macro

__all__ = ["MACROS", "known_to", "through", "with_latest"]

# The first moment of the day that lies `n` days back: a constant of the query, whatever the number of rows.
_BEGIN = "CAST(CAST(as_of() AS DATE) - CAST(least(n, 1000000) AS INTEGER) AS TIMESTAMPTZ)"

MACROS = f"""
CREATE MACRO has_come(t) AS (t <= as_of());
CREATE MACRO elapsed_days(t) AS CAST(floor((epoch(as_of()) - epoch(t)) / 86400) AS INTEGER);
CREATE MACRO days_after(t, n) AS (t < {_BEGIN});
CREATE MACRO days_after_between(t, latest, n) AS
    CASE WHEN latest < {_BEGIN} THEN true WHEN t >= {_BEGIN} THEN false END;
CREATE MACRO local_date(t) AS CAST(t AS DATE);
CREATE MACRO local_hour(t) AS CAST(date_part('hour', t) AS INTEGER);
CREATE MACRO local_weekday(t) AS CAST(isodow(t) AS INTEGER);
{assume_workday(None)};
{workday_macro()};
"""
"""Statements that define macros: whether a moment of the data has come, for the engine's own SQL alone (what it says of
data stays true until the next of their moments); days gone by at ``as_of()``, whether ``n`` whole days after ``t`` are
over; and of a moment or day in the estate's zone its date, hour, weekday (1 is Monday), and whether it is one of work.
"""


def known_to(earliest: datetime, latest: datetime | None) -> str:
    """Return the month or year that is all that is known of a local time, as ``2023-08``; nothing where it is exact."""
    if latest is None or latest - earliest < timedelta(days=2):
        return ""
    first, last = (f"{moment:%Y-%m}" for moment in (earliest, latest))
    if first == last:
        return first
    return first[:4] if first[:4] == last[:4] else f"{first[:4]}–{last[:4]}"


def through(ends: datetime) -> str:
    """Return until when counts what ends at a local time: the last day where it ends with one, else the minute."""
    if ends.time() == time.min:
        return say("model.through", day=(ends.date() - timedelta(days=1)).isoformat())
    return ends.isoformat(sep=" ", timespec="minutes")


_call = re.compile(r"\bdays_after\s*\(\s*((?:\w+\.)?)(\w+)\s*,", re.IGNORECASE)


def with_latest(sql: str) -> str:
    """Return `sql` with ``days_after(x.column, n)`` of a time column asking for both ends of what is known of it.

    It is then NULL where the one end says yes and the other no. Any other argument is taken as exact.
    """
    if "days_after" not in sql.lower():
        return sql
    times = {c.name for schema in table_schemas().values() for c in schema.columns.values() if c.type == "time"}

    def widened(call: re.Match[str]) -> str:
        row, name = call[1], call[2]
        return f"days_after_between({row}{name}, {row}{latest_of(name)}," if name.lower() in times else call[0]

    return _call.sub(widened, sql)
