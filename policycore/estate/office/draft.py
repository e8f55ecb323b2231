"""Rows of one table before they become a part, and the end of a group that a list tells in words: 已解散, 是."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from policycore.estate.cells.words import says_unknown, truth_of
from policycore.estate.inputs import FilledSheet
from policycore.language import say

__all__ = ["STATES", "Draft", "take_end"]

STATES = ("state", "ended")
"""Columns of people's lists that say whether a group goes on."""

_planned = re.compile(r"[未没不拟待将暂]|准备|计划|建议|申请")
_end = re.compile(r"解散|注销|撤销|dissolved|closed", re.IGNORECASE)
_goes_on = re.compile(r"正常|在用|使用|活跃|存续|保留|启用|运行|有效|存在|active|open|in use", re.IGNORECASE)
_beside_date = re.compile(r"[已于在是（）()【】，,;；:：\s]|解散|注销|撤销|日期|时间")


@dataclass(slots=True)
class Draft:
    """Rows of one table from one sheet, before they become Arrow columns."""

    table: str
    sheet: FilledSheet
    columns: tuple[str, ...]
    rows: list[dict[str, str | None]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    undecided: list[tuple[int, str, str, str]] = field(default_factory=list)
    """Position, column, code and what was expected of cells that are unknown."""

    def add(self, row: dict[str, str | None], number: int) -> None:
        """Add a row that stands at `number` in its sheet."""
        self.rows.append(row)
        self.numbers.append(number)

    def doubt(self, column: str, code: str) -> None:
        """Leave a cell of the row that is added next unknown."""
        self.undecided.append((len(self.rows), column, code, say(f"estate.expected-{code}")))


def take_end(draft: Draft, row: Mapping[str, str | None], kept: dict[str, str | None]) -> None:
    """Give a group the end that its state tells with a date; leave it unknown where no date, or nothing clear, is said.

    Whoever writes that a group is dissolved and not since when says too much for a finding, and too little for a pass.
    """
    told = kept.get("dissolved_at") or ""
    if _end.search(told):
        # 2023年底已解散 and 未解散, where only a date is asked for.
        kept["dissolved_at"] = None if _planned.search(told) else _beside_date.sub("", told) or told
    for name in STATES:
        text = row.get(name)
        if not text or kept.get("dissolved_at"):
            continue
        truth = truth_of(text) if name == "ended" else None
        if says_unknown(text, "groups.dissolved_at"):
            draft.doubt("dissolved_at", "unclear")
            return
        if truth is False or _planned.search(text) or (_goes_on.search(text) and not _end.search(text)):
            continue
        date = _beside_date.sub("", text)
        if re.match(r"[0-9]{4}", date) and (name == "ended" or _end.search(text)):
            kept["dissolved_at"] = date
        else:
            draft.doubt("dissolved_at", "undated" if truth or _end.search(text) else "unclear")
            return
