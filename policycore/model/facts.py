"""Compare facts across files and runs: what a waiver was granted for, and what is true now."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime

__all__ = ["changed_facts", "lasting_facts", "plain", "same", "same_words"]

# What grows by itself from day to day is no change of the facts.
_passing = re.compile(r"(^|_)(days?|hours?|minutes?|elapsed|age|overdue|late|silent|since_last)(_|$)")


def plain(value: object) -> object:
    """Return a value as YAML and JSON read it back: texts, numbers, booleans, lists, mappings."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    return value if value is None or isinstance(value, (bool, int, float)) else str(value)


def lasting_facts(facts: Mapping[str, object]) -> dict[str, object]:
    """Return the facts that do not change by the mere passing of time."""
    return {name: plain(value) for name, value in facts.items() if not _passing.search(name)}


def changed_facts(granted: Mapping[str, object], now: Mapping[str, object]) -> tuple[str, ...]:
    """Return the names of facts that were recorded and are different now; a fact that is gone is different."""
    return tuple(name for name, value in granted.items() if name not in now or not same(value, now[name]))


def same(first: object, second: object) -> bool:
    """Return whether two values say the same, however a file wrote them."""
    return same_words(first) == same_words(second)


def same_words(value: object) -> object:
    """Return a value with every scalar as it is written in a file."""
    value = plain(value)
    if isinstance(value, list):
        return [same_words(item) for item in value]
    return {name: same_words(item) for name, item in value.items()} if isinstance(value, dict) else _word(value)


def _word(value: object) -> str:
    """Return a scalar as it is written in a file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
