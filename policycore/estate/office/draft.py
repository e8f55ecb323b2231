"""Rows of one table before they become a part: ids in place of names, and the end of a group that is told in words.

Where nobody knows whom a name means, the cell stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from policycore.errors import Place
from policycore.estate.cells.words import says_unknown, truth_of
from policycore.estate.inputs import FilledSheet
from policycore.estate.office.directory import Directory, scope_meant
from policycore.language import say
from policycore.model.forms import kind_meant
from policycore.model.schema import table_schema

__all__ = ["STATES", "Draft", "meant_id", "resolve", "take_end"]

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


def resolve(
    draft: Draft, kept: dict[str, str | None], name: str, row: Mapping[str, str | None], directory: Directory
) -> None:
    """Put the id in place of what a reference column says; leave the cell unknown where nobody knows what it means."""
    column = table_schema(draft.table).columns[name]
    target, text = column.references, row.get(name)
    if text and says_unknown(text, column.field) and (column.nullable or target):
        draft.doubt(name, "undated" if column.field == "memberships.left_at" else "said-unknown")
        return
    if text and column.field == "submissions.kind":
        kept[name] = kind_meant(text)
        return
    meant = scope_meant(text, row.get("department_id"), directory) if text and column.field == "groups.scope" else None
    if meant is not None:
        kept[name] = meant
        return
    if target is None or not text or (target not in directory.known and target not in ("accounts", "people")):
        return
    if target in ("accounts", "people") and directory.is_empty:
        directory.asked_in.add(draft.sheet.file)
        return
    # Of several of one name a group's own department tells who is meant.
    department = row.get("department") or row.get("department_id")
    identity, code = meant_id(draft.sheet, name, text, target, department, directory)
    if identity is None:
        draft.doubt(name, code)
    else:
        kept[name] = identity


def meant_id(
    sheet: FilledSheet, column: str, text: str, target: str, department: str | None, directory: Directory
) -> tuple[str | None, str]:
    """Return the id that a cell means, noted where it is not what stands there; else None and why nobody knows.

    It is asked where several may be meant. An owner is looked up once as the group's owner, which is noted, and once as
    its member.
    """
    identity, code = directory.find(target, text, department)
    if identity is None and code.startswith("ambiguous"):
        directory.ask(text, department, Place(sheet.file))
    if code == "unresolved" and sum(directory.find("people", one)[1] == "" for one in directory.several(text)) > 1:
        code = "several"
    if identity not in (None, text) and column:
        known = directory.known.get("people" if target == "accounts" else target, {})
        sheet.reading.took(column, text, identity, 0, plain=text in known)
    return identity, code
