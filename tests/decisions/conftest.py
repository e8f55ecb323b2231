"""A waiver that counts, and whoever may approve one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from policycore.decisions.standing import Post
from policycore.decisions.waivers import Scope, Waiver

NOON = datetime(2024, 4, 15, 12, tzinfo=UTC)
DAY = timedelta(days=1)
HEAD = Post("d1", "中层正职", frozenset({"党建"}), NOON - 400 * DAY, None)
_GRANTED = Waiver(
    id="W-1",
    rule="ownership/own001",
    clause="一(一)-3",
    scope=Scope(groups=frozenset({"g1"})),
    reason="transition",
    text="新群主待任命",
    ticket="OA-7",
    requester="p1",
    approver="p2",
    approved=NOON - DAY,
    begins=NOON - DAY,
    ends=NOON + 30 * DAY,
)


def waiver(**changes: Any) -> Waiver:
    """Return the waiver with changes."""
    return replace(_GRANTED, **changes)
