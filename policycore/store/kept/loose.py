"""Write findings that stand in no columns as JSON, and read back exactly what was written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from policycore.model.result import Finding

__all__ = ["counted_from", "loose_body", "loose_from", "said_alike"]


def loose_body(finding: Finding) -> dict[str, Any]:
    """Return everything `finding` says as JSON can hold it."""
    body: dict[str, Any] = msgspec.to_builtins(replace(finding, facts={}))
    if not finding.labels:
        del body["labels"]
    return body | {"facts": _plain(finding.facts)}


def loose_from(body: Mapping[str, Any], zone: ZoneInfo) -> Finding:
    """Return the finding that was written as `body`, its times in `zone` again."""
    finding = msgspec.convert({**body, "facts": {}}, Finding)
    steps = (step if step.due is None else replace(step, due=step.due.astimezone(zone)) for step in finding.remediation)
    decision = finding.decision
    if decision is not None and decision.until is not None:
        decision = replace(decision, until=decision.until.astimezone(zone))
    return replace(finding, facts=_rich(body["facts"], zone), remediation=tuple(steps), decision=decision)


def counted_from(finding: Finding, then: datetime, now: datetime) -> Finding:
    """Return a finding whose deadlines were counted from `then` with deadlines that are counted from `now`.

    Both are in the zone of the run: days are counted by its clocks.
    """
    steps = tuple(
        step if step.due is None else replace(step, due=now + _left(step.due, then)) for step in finding.remediation
    )
    return finding if then == now else replace(finding, remediation=steps)


def said_alike(before: Finding, then: datetime, after: Finding, now: datetime) -> bool:
    """Return whether two findings, of a run as of `then` and one as of `now`, say the same but for where rows stand."""
    return counted_from(replace(before, source=None), then, now) == replace(after, source=None)


def _left(due: datetime, then: datetime) -> timedelta:
    """Return what lies between a time and a deadline by the clocks of their zone."""
    return due.astimezone(then.tzinfo).replace(tzinfo=None) - then.replace(tzinfo=None)


def _plain(value: object) -> Any:
    """Return `value` as JSON can hold it, marking what JSON has no word for.

    A mapping whose keys could be taken for such a mark is written as a list of pairs.
    """
    if isinstance(value, datetime):
        return {"$time": value.isoformat()}
    if isinstance(value, date):
        return {"$date": value.isoformat()}
    if isinstance(value, Mapping):
        if any(not isinstance(key, str) or key.startswith("$") for key in value):
            return {"$map": [[_plain(key), _plain(item)] for key, item in value.items()]}
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple):
        return {"$tuple": [_plain(item) for item in value]}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _rich(value: Any, zone: ZoneInfo) -> Any:
    """Return what `_plain` made plain as it was."""
    if isinstance(value, list):
        return [_rich(item, zone) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        mark, inner = next(iter(value.items()))
        if mark == "$time":
            time = datetime.fromisoformat(inner)
            return time if time.tzinfo is None else time.astimezone(zone)
        if mark == "$date":
            return date.fromisoformat(inner)
        if mark == "$map":
            return {_rich(key, zone): _rich(item, zone) for key, item in inner}
        if mark == "$tuple":
            return tuple(_rich(item, zone) for item in inner)
    return {key: _rich(item, zone) for key, item in value.items()}
