"""Take apart what stands in one cell and is two things: 教务处处长, 张敏 2019.9, XX大学/教务处; 是 under 是否群主."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import replace

from policycore.estate.cells.words import truth_of
from policycore.estate.inputs import FilledSheet
from policycore.estate.office.layout import close_up
from policycore.estate.office.pasted import part_line, role_beside
from policycore.estate.office.remarks import DATE, UNSURE, as_written, take_remarks

__all__ = ["part_cells", "part_units_and_posts"]

_TWO = {"creator_and_time": ("creator_id", "created_at"), "receiver_and_time": ("receiver", "received_at")}
_former = re.compile(r"([^()（）]+?)\s*[(（]\s*(?:原名|曾用名|又名|别名)\s*[:：]?\s*([^()（）]+?)\s*[)）]")
_EMPTY = "未填"
_SAME = {
    **dict.fromkeys(("群主", "直接责任人"), "owner_id"),
    **dict.fromkeys(("建群人", "创建人", "创建者"), "creator_id"),
    **dict.fromkeys(("第一责任人", "负责人", "部门负责人"), "responsible_id"),
    **dict.fromkeys(("管理员", "群管理员"), "admins"),
}
_same = re.compile(rf"(?:[同与]|即)({'|'.join(_SAME)})(?:同|一致|相同)?")
_FLAGS = ("is_officer", "is_owner", "is_admin", "owner_tick", "admin_tick")
_EDGES = " ,，、/;；:：()（）—-－\n"
_made = re.compile(r"(?:于|创建|建群|建立|接收|签收)+$")


def part_cells(sheet: FilledSheet) -> None:
    """Take cells apart of which each part stands for itself, whoever is known."""
    for header in _TWO.keys() & sheet.headers.keys():
        _part_person_and_time(sheet, header)
    if sheet.table == "groups":
        _take_the_same(sheet)
    if "owner_and_admins" in sheet.headers:
        _part_owner_and_admins(sheet)
    if sheet.headers.keys() & set(_FLAGS):
        _take_flags(sheet)
    if sheet.table == "memberships" and "account_id" in sheet.headers and "role" not in sheet.headers:
        _take_roles_beside(sheet)
    if sheet.table == "people" and "name" in sheet.headers:
        _take_former_names(sheet)
    take_remarks(sheet)
    if sheet.table == "people" and "department_id" in sheet.headers:
        _take_ends_of_paths(sheet)


def _instead(sheet: FilledSheet, column: str, *others: str) -> None:
    """Put other columns in place of one, which its header then means; those that the sheet has by itself stay."""
    header = sheet.headers.pop(column)
    sheet.headers |= {name: header for name in others if name not in sheet.headers}
    told = sheet.reading.columns
    told[:] = [
        new for one in told for new in ([replace(one, field=n) for n in others] if one.field == column else [one])
    ]


def _part_person_and_time(sheet: FilledSheet, column: str) -> None:
    """Take 张敏 2019.9 apart; what tells only one of the two is nothing that the other can be."""
    who, when = _TWO[column]
    own = sheet.headers.keys() & {who, when}
    _instead(sheet, column, who, when)
    for row in sheet.rows:
        cell = unicodedata.normalize("NFKC", row.pop(column) or "")
        found = DATE.search(cell)
        around = [_made.sub("", one.strip(_EDGES)).strip(_EDGES) for one in DATE.split(cell, maxsplit=1)]
        name = " ".join(filter(None, around))
        said = (
            {who: close_up(name) or cell, when: as_written(found[0], cell) if found else cell}
            if cell
            else {who: None, when: None}
        )
        row |= {name: value for name, value in said.items() if name not in own}


def _take_the_same(sheet: FilledSheet) -> None:
    """Put whom another column of the row names where 同群主 or 同建群人 stands."""
    for row in sheet.rows:
        for column in _SAME.values():
            found = _same.fullmatch(row.get(column) or "")
            other = row.get(_SAME[found[1]]) if found else None
            if other and not _same.fullmatch(other):
                row[column] = other


def _part_owner_and_admins(sheet: FilledSheet) -> None:
    """Take 群主：张敏；管理员：李强 apart; whose a name is without a role is not said."""
    own = sheet.headers.keys() & {"owner_id", "admins"}
    _instead(sheet, "owner_and_admins", "owner_id", "admins")
    for row in sheet.rows:
        cell = row.pop("owner_and_admins") or ""
        lines = [one for one in re.split("[;；\n]|(?<=[)）])[、,，]", cell) if one.strip()]
        named = [one for line in lines for one in part_line(line, numbered=False)]
        said: dict[str, str | None] = {"owner_id": None, "admins": None}
        if named and all(one.role for one in named):
            for column, role in (("owner_id", "owner"), ("admins", "admin")):
                said[column] = "、".join(one.name for one in named if one.role == role) or None
        elif cell:
            said = dict.fromkeys(said, UNSURE)
        row |= {name: value for name, value in said.items() if name not in own}


def _take_flags(sheet: FilledSheet) -> None:
    """Give members the role that ticks and words under 是否群主, 是否管理员 tell.

    An empty cell is a no where nobody writes it otherwise.
    """
    flags = [name for name in _FLAGS if name in sheet.headers]
    blank_is_no = {name: not any(truth_of(row[name] or "") is False for row in sheet.rows) for name in flags}
    own = "role" in sheet.headers
    for name in flags:
        _instead(sheet, name, "role")
    for row in sheet.rows:
        role = "member"
        for name in flags:
            text = row.pop(name) or ""
            ticked = name.endswith("_tick")
            truth = False if not text and (blank_is_no[name] or ticked) else truth_of(text)
            if ticked and text and truth is None and row.get("account_id"):
                # The same name in every row of a group is its owner's.
                truth = close_up(text) == close_up(row["account_id"] or "")
            of_flag = name.removeprefix("is_").removesuffix("_tick")
            said = "admin" if "管" in text else "owner" if "群主" in text else of_flag
            if truth is False and "管" not in text and "群主" not in text:
                continue
            if said == "officer" or (truth is None and "管" not in text and "群主" not in text):
                role = (text or _EMPTY) if role == "member" else role
            elif role != "owner":
                role = said
        if not own:
            row["role"] = role


def _take_roles_beside(sheet: FilledSheet) -> None:
    """Take 张敏（群主） apart into the name and the role; without any of them nobody's role is told."""
    named = [role_beside(row["account_id"] or "") for row in sheet.rows]
    if any(role for _, role in named):
        sheet.headers["role"] = sheet.headers["account_id"]
        for row, (name, role) in zip(sheet.rows, named, strict=True):
            row["account_id"], row["role"] = name or None, role or "member"


def _take_former_names(sheet: FilledSheet) -> None:
    """Take 张敏（原名张明） apart into the name and the one before it."""
    for row in sheet.rows:
        found = _former.fullmatch(row["name"] or "")
        if found:
            sheet.headers.setdefault("former_names", sheet.headers["name"])
            row["name"], row["former_names"] = found[1], row.get("former_names") or found[2]
    for row in sheet.rows if "former_names" in sheet.headers else ():
        row.setdefault("former_names", None)


def _take_ends_of_paths(sheet: FilledSheet) -> None:
    """Read 大学/教务处 as 教务处 where every unit is a path from the same root, as contact lists have them.

    Somebody in several units has a row for each.
    """
    paths = [
        [one.strip(" /") for one in re.split("[;；]", row.get("department_id") or "") if one.strip(" /")]
        for row in sheet.rows
    ]
    roots = {one.partition("/")[0] for listed in paths for one in listed}
    if len(roots) != 1 or not any("/" in one for listed in paths for one in listed):
        return
    rows: list[dict[str, str | None]] = []
    numbers, again = list[int](), set[int]()
    for index, (row, number, listed) in enumerate(zip(sheet.rows, sheet.numbers, paths, strict=True)):
        for place, path in enumerate(listed or [""]):
            if place or index in sheet.again:
                again.add(len(rows))
            unit = path.rpartition("/")[2] or None
            if unit and unit != row["department_id"]:
                sheet.reading.took("department_id", path, unit, number)
            rows.append({**row, "department_id": unit})
            numbers.append(number)
    sheet.rows[:], sheet.numbers[:], sheet.again, sheet.lone = rows, numbers, again, set()


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
    has_unit, has_post = "department_id" in sheet.headers, "title" in sheet.headers
    _instead(sheet, "unit_and_post", "department_id", "title")
    for row in sheet.rows:
        cell = (row.pop("unit_and_post") or "").strip()
        unit, post = _unit_and_its_post(cell, known)
        if not has_unit:
            row["department_id"] = unit or (UNSURE if cell else None)
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
