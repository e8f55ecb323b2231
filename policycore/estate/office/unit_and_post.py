"""Take a unit and a post apart that stand in one cell: 教务处处长, 教务处/处长, 学生处（副处长）."""

from __future__ import annotations

import re
from collections.abc import Collection

from policycore.estate.inputs import FilledSheet

__all__ = ["part_units_and_posts"]

_unit_name = re.compile(r".*(?:处|部|院|系|室|中心|科|办|委员会|委|馆|所|站|队|公司|局|厅|会|团|校|组|厂|车间)")
_post_word = (
    "(?:党委|党组|党总支|直属党支部|党支部|纪委|工会|团委|行政)?(?:常务)?[正副代]?"
    "(?:[处部院系室科局馆所校站队会班园]长|主任|书记|主席|部长|经理|秘书|科员|干事|职员|干部|组织员|辅导员|教师|教员"
    "|会计|出纳|管理员|联络员|馆员|工程师|办事员|负责人|调研员|科级|主管)(?:助理|科员|兼.+)?"
)
_unit_and_post = re.compile(
    rf"(?P<unit>.{{2,40}}?)(?P<post>{_post_word}(?:[、,，/;；兼]{_post_word})*(?:[(（][^()（）]*[)）])?)"
)
_parted = re.compile(
    r"(?P<unit>[^/／|\s(（,，、]{2,40})(?:\s*[/／|,，、]\s*|\s+)(?P<post>\S.*)"
    r"|(?P<in>[^(（]{2,40})[(（](?P<its>[^()（）]+)[)）]"
)


def part_units_and_posts(sheet: FilledSheet, known: Collection[str]) -> None:
    """Take a unit and a post apart that stand in one cell: 教务处处长, 教务处/处长. `known` are names of units.

    Where nobody can tell where the unit ends, which it is stays unknown.
    """
    if "unit_and_post" not in sheet.headers:
        return
    header = sheet.headers.pop("unit_and_post")
    has_unit, has_post = "department_id" in sheet.headers, "title" in sheet.headers
    sheet.headers |= {name: header for name in ("department_id", "title") if name not in sheet.headers}
    for row in sheet.rows:
        cell = (row.pop("unit_and_post") or "").strip()
        unit, post = _unit_and_its_post(cell, known)
        if not has_unit:
            row["department_id"] = unit or ("不详" if cell else None)
        if not has_post:
            row["title"] = post or None


def _unit_and_its_post(cell: str, known: Collection[str]) -> tuple[str, str]:
    """Return the unit and the post that a cell names; '' for a unit that nobody can tell."""
    begins = max((name for name in known if cell.startswith(name)), key=len, default="")
    if begins:
        return begins, cell.removeprefix(begins).strip(" /／|,，、-()（）")
    parted = _parted.fullmatch(cell)
    if parted:
        unit = parted["unit"] or parted["in"]
        if _unit_name.fullmatch(unit):
            return unit, (parted["post"] or parted["its"]).strip()
    found = _unit_and_post.fullmatch(cell)
    if found and _unit_name.fullmatch(found["unit"]):
        return found["unit"].strip(), found["post"]
    return (cell, "") if _unit_name.fullmatch(cell) else ("", cell)
