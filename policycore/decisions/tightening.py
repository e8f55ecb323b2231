"""Say whether a rule's parameters were tightened since a waiver was granted; in doubt they were."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from policycore.model.facts import changed_facts, same

if TYPE_CHECKING:
    from policycore.plugin_api.rule import Tighter
    from policycore.rulesets.resolved import ResolvedRule

__all__ = ["echoes", "tightened", "tighter_of"]


def tighter_of(resolved: ResolvedRule) -> dict[str, Tighter]:
    """Return by parameter which way it becomes tighter, as the rule and the rule set's floors say.

    Values as JSON holds them. Where the two contradict each other nobody knows, and nothing is said.
    """
    told: dict[str, Tighter] = {}
    for name in resolved.params.model_dump(mode="json"):
        declared = resolved.rule.tighter.get(name)
        ways: list[Tighter] = [*resolved.floors.get(name, ())]
        if declared is not None and not isinstance(declared, str):
            # An order of values says more than a floor, which can only name the values it allows.
            ways = [list(declared)]
        elif declared is not None and declared not in ways:
            ways.append(declared)
        if len(ways) == 1:
            told[name] = ways[0]
    return told


def tightened(
    granted: Mapping[str, object], now: Mapping[str, object], tighter: Mapping[str, Tighter]
) -> tuple[str, ...]:
    """Return the parameters that changed since they were `granted` and that nobody can tell to be looser now.

    Values that a file holds are texts; they are compared as what they say.
    """
    return tuple(
        name
        for name in changed_facts(granted, now)
        if name not in now or not _looser(granted[name], now[name], tighter.get(name))
    )


def echoes(
    granted: Mapping[str, object],
    now: Mapping[str, object],
    facts_granted: Mapping[str, object],
    facts_now: Mapping[str, object],
) -> frozenset[str]:
    """Return the facts that repeat a parameter under its own name: they change with it and say nothing more."""
    return frozenset(
        name
        for name in granted.keys() & now.keys() & facts_granted.keys() & facts_now.keys()
        if same(facts_granted[name], granted[name]) and same(facts_now[name], now[name])
    )


def _looser(before: object, after: object, tighter: Tighter | None) -> bool:
    """Return whether `after` is certainly no tighter than `before`."""
    if tighter is None:
        return False
    if not isinstance(tighter, str):
        return _earlier(before, after, tighter)
    if tighter in ("more", "fewer"):
        if not (isinstance(before, (list, tuple)) and isinstance(after, (list, tuple))):
            return False
        smaller, larger = (after, before) if tighter == "more" else (before, after)
        return all(any(same(item, other) for other in larger) for item in smaller)
    first, second = _ordered(before), _ordered(after)
    if first is None or second is None or isinstance(first, float) is not isinstance(second, float):
        return False
    return second < first if tighter == "higher" else second > first  # type: ignore[operator] # of one type by now


def _earlier(before: object, after: object, order: Sequence[object]) -> bool:
    """Return whether `after` stands before `before` in `order`, which begins with the loosest value."""
    places = [next((place for place, value in enumerate(order) if same(value, item)), None) for item in (before, after)]
    return places[0] is not None and places[1] is not None and places[1] < places[0]


def _ordered(value: object) -> float | datetime | None:
    """Return a number, or a date as its first moment, however a file wrote it; None for what has no order."""
    if isinstance(value, bool):
        return None
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            pass  # it may be a time
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    return datetime.combine(value, time(), UTC) if isinstance(value, date) else None
