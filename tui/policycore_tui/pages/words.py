"""The words that several pages share: severities with their symbol, states, times, values."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from policycore.language import Text, say

__all__ = [
    "LOOK_OF",
    "count_word",
    "date_word",
    "fact_word",
    "severity_parts",
    "severity_word",
    "state_word",
    "time_word",
    "value_word",
    "verdict_word",
]

LOOK_OF = {"error": "error", "warning": "warning", "info": "info"}
_SYMBOL = {"error": "!!", "warning": "! ", "info": "i "}


def severity_parts(severity: str) -> tuple[str, str]:
    """Return a severity as symbol and word: neither needs a colour to be told apart."""
    return _SYMBOL.get(severity, "? "), say(f"store.severity.{severity}")


def severity_word(severity: str) -> str:
    """Return a severity as symbol and word in one text."""
    return " ".join(severity_parts(severity))


def count_word(count: int, look: str = "error") -> tuple[str, str]:
    """Return a count with its look; none is nothing to look at."""
    return str(count), look if count else "muted"


def verdict_word(verdict: str) -> str:
    """Return a verdict in words."""
    return say(f"reports.verdict.{verdict}")


def state_word(state: str) -> str:
    """Return a state in words."""
    return say(f"store.state.{state}")


def date_word(moment: datetime | None, zone: ZoneInfo) -> str:
    """Return a date as people of the estate's zone read it."""
    return "-" if moment is None else moment.astimezone(zone).strftime("%Y-%m-%d")


def time_word(moment: datetime | None, zone: ZoneInfo) -> str:
    """Return a time as people of the estate's zone read it."""
    return "-" if moment is None else moment.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def fact_word(name: str) -> str:
    """Return what a fact is called; a name that only a plugin knows stays as it is."""
    try:
        return say(f"tui.fact.{name}")
    except KeyError:
        return name


def value_word(value: object, zone: ZoneInfo) -> str:
    """Return a fact's value in words."""
    if isinstance(value, Text):
        return str(value)
    if isinstance(value, datetime):
        return time_word(value, zone) if value.tzinfo else value.isoformat(" ", "minutes")
    if isinstance(value, bool):
        return say("tui.yes" if value else "tui.no")
    if value is None:
        return say("tui.none")
    if isinstance(value, (list, tuple, set, frozenset)):
        return say("tui.comma").join(value_word(item, zone) for item in value)
    if isinstance(value, dict):
        return say("tui.comma").join(f"{key}={value_word(item, zone)}" for key, item in value.items())
    return str(value)
