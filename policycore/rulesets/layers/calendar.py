"""Read the calendar of a rule set: which days of a year are holidays, and on which weekends work is made up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from policycore.errors import Problem
from policycore.model.workdays import CalendarYear
from policycore.rulesets.layers.layer import Layer
from policycore.rulesets.layers.problems import problem
from policycore.yaml.nodes import Node

__all__ = ["calendar_mistakes", "calendar_of"]

_MOST_DAYS = 366


def calendar_of(layer: Layer) -> dict[str, CalendarYear]:
    """Return the calendar that is in force, by year."""
    return {
        year: CalendarYear(*(_listed(setting.node.get(kind)) for kind in ("holidays", "workdays")))
        for year, setting in layer.below("calendar")
    }


def _listed(node: Node | None) -> tuple[str, ...]:
    return tuple(day.isoformat() for item in (node.items() if node else ()) for day in _days(item))


def calendar_mistakes(year: str, node: Node) -> Iterator[Problem]:
    """Yield the days that cannot be meant: of another year, listed twice, or made up on a day of work."""
    seen: set[date] = set()
    for kind in ("holidays", "workdays"):
        listed = node.get(kind)
        for item in listed.items() if listed is not None else ():
            for day in _days(item):
                if str(day.year) != year:
                    yield problem("calendar-year", item.place, day=day, year=year)
                elif day in seen:
                    yield problem("calendar-twice", item.place, day=day)
                elif kind == "workdays" and day.isoweekday() < 6:
                    yield problem("calendar-weekday", item.place, day=day)
                seen.add(day)


def _days(item: Node) -> list[date]:
    """Return the days that an entry means; none for what is told as malformed."""
    first, _, last = str(item.value).partition("/")
    try:
        begin, end = date.fromisoformat(first), date.fromisoformat(last or first)
    except ValueError:
        return []
    return [begin + timedelta(days=number) for number in range(min((end - begin).days, _MOST_DAYS) + 1)]
