"""Read what a list of groups says of their end in words: 已解散 under 群状态, 是 under 是否解散."""

from __future__ import annotations

import re
from collections.abc import Mapping

from policycore.estate.cells.words import says_unknown, truth_of
from policycore.estate.office.draft import Draft

__all__ = ["STATES", "take_end"]

STATES = ("state", "ended")
"""Columns of people's lists that say whether a group goes on."""

_planned = re.compile(r"[未没不拟待将暂]|准备|计划|建议|申请")
_end = re.compile(r"解散|注销|撤销|dissolved|closed", re.IGNORECASE)
_goes_on = re.compile(r"正常|在用|使用|活跃|存续|保留|启用|运行|有效|存在|active|open|in use", re.IGNORECASE)
_beside_date = re.compile(r"[已于在是（）()【】，,;；:：\s]|解散|注销|撤销|日期|时间")


def take_end(draft: Draft, row: Mapping[str, str | None], kept: dict[str, str | None]) -> None:
    """Give a group the end that its state tells with a date; leave it unknown where no date, or nothing clear, is said.

    Whoever writes that a group is dissolved and not since when says too much for a finding, and too little for a pass.
    """
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
