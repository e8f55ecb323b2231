"""Working days: weekdays without holidays, and the days on which work is made up; a year nobody lists is unknown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

__all__ = ["ASSUMED", "CALENDAR", "CalendarYear", "assume_workday", "workday_macro", "working_day"]

CALENDAR = "calendar"
"""What a gap calls the calendar of a rule set in place of a table; its columns are years."""
ASSUMED = "policycore_unknown_workday"


@dataclass(frozen=True, slots=True)
class CalendarYear:
    """The days of one year that are no ordinary ones: holidays, and days off on which work is made up (ISO dates)."""

    holidays: tuple[str, ...] = ()
    workdays: tuple[str, ...] = ()


def workday_macro(calendar: Mapping[str, CalendarYear] | None = None) -> str:
    """Return the statement that defines ``is_workday(d)`` by a calendar; in other years it is what is assumed."""
    calendar = calendar or {}
    years = ", ".join(sorted(calendar))
    cases = [
        f"WHEN CAST(d AS DATE) IN ({', '.join(f'DATE {day!r}' for day in days)}) THEN {answer}"
        for answer, days in (
            ("false", [day for year in calendar.values() for day in year.holidays]),
            ("true", [day for year in calendar.values() for day in year.workdays]),
        )
        if days
    ]
    known = f"WHEN year(CAST(d AS DATE)) IN ({years}) THEN isodow(CAST(d AS DATE)) < 6" if years else ""
    return (
        f"CREATE OR REPLACE MACRO is_workday(d) AS CASE WHEN CAST(d AS DATE) IS NULL THEN NULL "
        f"{' '.join(cases)} {known} ELSE {ASSUMED}() END"
    )


def working_day(calendar: Mapping[str, CalendarYear], day: date) -> bool | None:
    """Return whether `day` is a working day, as ``is_workday`` says it; None in a year that is not listed."""
    year = calendar.get(str(day.year))
    if year is None:
        return None
    return day.isoformat() in year.workdays or (day.isoweekday() < 6 and day.isoformat() not in year.holidays)


def assume_workday(answer: bool | None) -> str:
    """Return the statement that says what a day of an unknown year is taken for."""
    said = "NULL" if answer is None else str(answer).lower()
    return f"CREATE OR REPLACE MACRO {ASSUMED}() AS CAST({said} AS BOOLEAN)"
