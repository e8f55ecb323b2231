"""Read lists that hold nothing but what the members of one group are shown as: a column, or pasted lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from policycore.errors import DataError
from policycore.estate.cells.words import UNUSED_HEADERS, table_of_title
from policycore.estate.inputs import FilledSheet, InputFile
from policycore.estate.office.forms import says_nil
from policycore.estate.office.headers import Headers
from policycore.estate.office.layout import (
    NUMBER_HEADERS,
    Row,
    foot_of,
    header_key,
    said_group,
    said_unit,
    unit_of_section,
)
from policycore.estate.office.pasted import Named, first_numbered, part_line
from policycore.estate.office.remarks import take_remarks
from policycore.estate.readers.encoding import as_utf8
from policycore.estate.readers.xlsx import Sheet
from policycore.estate.reading import ReadColumn, Reading
from policycore.model.schema import table_schema
from policycore.model.words import enumeration_words, fold_word

__all__ = [
    "group_of_members",
    "group_titled",
    "is_about_members",
    "is_heading",
    "is_of_a_group",
    "is_untitled",
    "names_alone",
    "nil_alone",
]

_HEADINGS = frozenset(
    (
        "群成员",
        "成员",
        "成员名单",
        "群成员名单",
        "成员列表",
        "群成员列表",
        "群昵称",
        "群名片",
        "群内昵称",
        "群内名称",
        "成员昵称",
    )
)
_about = re.compile(
    r"(?:\s|-|_|(?:全体)?(?:成员|人员)(?:名单|列表|名册|导出|信息|明细|清单|情况|统计|汇总|登记)*表?|名单|[(（]共?[0-9]+人?[)）])+$"
)
_of_a_group = re.compile(r".*\S群(?:的)?(?:全体)?(?:成员|人员)?(?:名单|列表)?(?:[(（]共?[0-9]+人?[)）])?")
_members_of = re.compile(r".*群.{0,4}(?:成员|人员名单).*")
_counted = re.compile(r".*群[“”\"》】」]?\s*[(（]共?[0-9]+人?[)）]")
# What an app shows among the members of a group. Whether it is of the row above or below is not said: it gives no role.
_label = re.compile(
    r"群主|(?:群?管理员|(?:其他|普通|全部)?群?成员)(?:[(（][0-9]+人?[)）])?|(?:查看|展开|显示)?(?:更多|全部)(?:群?成员)?|收起|(?:添加|邀请|移除|删除)(?:群?成员)?|[+＋\-－]"
)
_default_title = re.compile(r"(?i)(?:sheet|工作表|table|表)\s*[0-9]*")
_TITLE_ROWS = 5
_LONGEST_LIST = 1 << 20
# A sentence, a time of the day or a date stands in what somebody wrote, and in no name.
_no_name = re.compile(r"[。！？!?]|[0-9]{1,2}[:：][0-9]{2}|[0-9]{4}[-年/.][0-9]|.{31}")


def is_heading(cell: str) -> bool:
    """Return whether a cell is what a column of display names is headed by."""
    return header_key(cell) in _HEADINGS


def is_title(text: str) -> bool:
    """Return whether a text stands over a list of the members of a group: 教务处工作群（5）."""
    return bool(_members_of.fullmatch(text) or _counted.fullmatch(text))


def is_of_a_group(text: str) -> bool:
    """Return whether a text is what a group, or a list of its members, is called by."""
    return _of_a_group.fullmatch(text) is not None


def is_list_of_names(file: InputFile) -> bool:
    """Return whether a text is a list: by its first line, or called like a group and nothing but names."""
    if file.path.stat().st_size > _LONGEST_LIST:
        return False
    try:
        lines = bytes(as_utf8(file.path.read_bytes(), file.name)[:]).decode().split("\n")
    except (DataError, UnicodeDecodeError):
        return False
    said = [line.strip() for line in lines if line.strip()]
    cells = said[0].split("\t") if said else []
    if said and (is_heading(said[0]) or is_title(said[0]) or sum(map(Headers().is_word, cells)) > 1):
        return True
    names = re.split("[、,，;；]", said[0]) if len(said) == 1 else said
    called = _of_a_group.fullmatch(file.path.stem.strip()) is not None
    return called and len(names) > 1 and not any(_no_name.search(one) for one in names)


def is_untitled(sheet: Sheet) -> bool:
    """Return whether the title of a sheet says nothing but which table it is, or nothing at all."""
    return bool(_default_title.fullmatch(sheet.title) or table_of_title(sheet.title))


def is_about_members(file: InputFile, sheet: Sheet, *, alone: bool) -> bool:
    """Return whether the title of a list says that it names the members of a group: it is no directory."""
    above = [cells[0] for row in sheet.rows[:_TITLE_ROWS] if len(cells := [cell for cell in row if cell]) == 1]
    titles = [sheet.title, *above, *([Path(file.name).stem] if alone else ())]
    return any(_members_of.fullmatch(title) for title in titles) or is_of_a_group(sheet.title)


def group_of_members(file: InputFile, sheet: Sheet, above: Sequence[Row]) -> str:
    """Return the group whose members a list names: as it says itself, else what sheet or file are called by."""
    said = said_group(above)
    if said:
        return said
    titles = [cells[0] for row in above if len(cells := [cell for cell in row if cell]) == 1]
    titles = [title for title in titles if _of_a_group.fullmatch(title)]
    title = next(iter(titles), Path(file.name).stem if is_untitled(sheet) else sheet.title)
    return group_titled(title)


def group_titled(title: str) -> str:
    """Return the group that the title of a list of its members names: 教务处工作群成员名单 is of 教务处工作群."""
    return _about.sub("", title).strip(" -_") or title


def a_group_a_column(sheet: Sheet) -> Sheet | None:
    """Return a sheet whose columns are headed by groups, and hold what their members are shown as, as one list."""
    for number, row in enumerate(sheet.rows[:_TITLE_ROWS]):
        heads = {place: cell for place, cell in enumerate(row) if cell and header_key(cell) not in NUMBER_HEADERS}
        if len(heads) < 2:
            continue
        groups = {
            place: _about.sub("", cell).strip(' -_“”"') for place, cell in heads.items() if _of_a_group.fullmatch(cell)
        }
        header = ["群名称", "群昵称"]
        if not groups and any(is_title(cell) for above in sheet.rows[:number] for cell in above if cell):
            # The members of one group, a column for each department.
            groups = {place: unit for place, cell in heads.items() if (unit := unit_of_section([cell]))}
            header = ["部门", "姓名"]
        if len(groups) != len(heads) or len(set(groups.values())) != len(heads):
            return None
        rows: list[list[str | None]] = [[*header]] * (number + 1)
        members = [
            [group, row[place]]
            for place, group in groups.items()
            for row in sheet.rows[number + 1 :]
            if place < len(row) and row[place]
        ]
        return replace(sheet, rows=[*rows[:1], *members], first_row=sheet.first_row + number)
    return None


def nil_alone(sheet: Sheet) -> Sheet | None:
    """Return a sheet that holds no list, but says that there is nothing to list, as a list of no groups."""
    if sheet.lines or any(sum(1 for cell in row if cell) > 2 for row in sheet.rows):
        return None
    nil = [row if says_nil(row, ()) else [] for row in sheet.rows]
    unit = said_unit(sheet.rows)
    above: list[list[str | None]] = [[f"填报单位：{unit}"] if unit else [], ["群名称"]]
    return replace(sheet, rows=[*above, *nil], first_row=sheet.first_row - len(above)) if any(nil) else None


def names_alone(file: InputFile, sheet: Sheet, name: str) -> FilledSheet | None:
    """Return a list of display names as the members of the group that it, the sheet or the file is called by."""
    sheet, named = _parted(sheet)
    found = _column(sheet)
    if found is None:
        return None
    place, start, heading = found
    if sheet.lines:
        start = max(start, first_numbered([(row[0] or "") if row else "" for row in sheet.rows]) - 1)
    rows = [
        (number, row) for number, row in enumerate(sheet.rows) if number > start and place < len(row) and row[place]
    ]
    if not rows:
        return None
    group = group_of_members(file, sheet, sheet.rows[: max(start, 0) + (heading is None)])
    header = heading or sheet.title
    filled = FilledSheet("memberships", file.name, name, {"group_id": header, "display_name": header}, [], [])
    filled.shown_names, filled.header_line = True, sheet.first_row + start
    reading = Reading(name, "memberships", "names", filled.header_line if heading else 0, hidden=sheet.hidden)
    # Where remarks stand beside names.
    heads = sheet.rows[start] if heading else []
    remarks = next((place for place, cell in enumerate(heads) if cell and header_key(cell) == "备注"), len(heads))
    for number, row in rows:
        label = _label.fullmatch(str(row[place]).strip())
        why = "label" if label else foot_of(row, {"display_name": place}, None) if not sheet.lines else ""
        if why in ("total", "note", "label"):
            reading.aside.append((sheet.first_row + number, str(row[place]), why))
            continue
        remark = row[remarks] if remarks < min(len(heads), len(row)) else None
        for one in named.get(number, [Named(str(row[place]), None, remark)]):
            said = {"display_name": one.name, "role": one.role, "remark": one.remark}
            filled.rows.append({"group_id": group, **said})
            filled.numbers.append(sheet.first_row + number)
    if any(kept["role"] for kept in filled.rows):
        filled.headers["role"] = header
        for kept in filled.rows:
            kept["role"] = kept["role"] or "member"
    filled.reading, reading.rows = reading, len(filled.rows)
    if heading:
        reading.columns.append(ReadColumn(heading, place + 1, "display_name"))
    reading.given.append(("group_id", group))
    take_remarks(filled)
    return filled


def _parted(sheet: Sheet) -> tuple[Sheet, dict[int, list[Named]]]:
    """Return pasted lines as one column, and by row whom they name, without what stands around the names."""
    if not sheet.lines:
        return sheet, {}
    words = enumeration_words(table_schema("memberships").columns["role"])
    # A role may stand behind a tab, as programs show it.
    rows: list[list[str | None]] = [
        [f"{row[0]} {row[1]}"] if len(row) == 2 and row[0] and fold_word(row[1] or "") in words else row
        for row in sheet.rows
    ]
    first = first_numbered([(row[0] or "") if row else "" for row in rows])
    named = {
        number: part_line(row[0], numbered=first >= 0)
        for number, row in enumerate(rows)
        if len(row) == 1 and row[0] and number >= first
    }
    return replace(sheet, rows=rows), named


def _column(sheet: Sheet) -> tuple[int, int, str | None] | None:
    """Return which column holds display names and nothing else does, the row of its header, and the header.

    A title that names a group's members stands for the header; -1 and None stand for none at all.
    """
    lone = -1
    for number, row in enumerate(sheet.rows[:_TITLE_ROWS]):
        cells = {place: cell for place, cell in enumerate(row) if cell}
        heads = [place for place, cell in cells.items() if is_heading(cell)]
        others = [header_key(cell) for place, cell in cells.items() if place not in heads]
        if (
            len(heads) == 1
            and all(word in UNUSED_HEADERS or word in NUMBER_HEADERS for word in others)
            and all(
                not cell for row in sheet.rows[number + 1 :] for place, cell in enumerate(row) if place not in cells
            )
        ):
            return heads[0], number, cells[heads[0]]
        if len(cells) > 1:
            break
        if cells and lone < 0 and is_title(next(iter(cells.values()))):
            lone = number
    places = {
        place
        for number, row in enumerate(sheet.rows)
        for place, cell in enumerate(row)
        if cell and number > lone and not cell.isdigit()
    }
    return (places.pop(), lone, None) if len(places) == 1 and (sheet.lines or lone >= 0) else None
