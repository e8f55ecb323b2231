"""Read the cells of one row of a list that people keep: what several columns say, what the row above says for it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from policycore.estate.cells.words import is_no_value, says_none, truth_of
from policycore.estate.inputs import FilledSheet
from policycore.estate.office.headers import NAMES
from policycore.estate.office.layout import close_up, header_key, unit_of_section
from policycore.estate.office.option_cells import chosen
from policycore.language import say
from policycore.model.schema import table_schema

__all__ = ["identity_of", "kept_row", "repeats", "says_id", "set_aside", "take_row", "with_group_above"]

_OF_A_PERSON = frozenset(
    {"people.name", "groups.owner_id", "groups.creator_id", "groups.responsible_id", "groups.admins"}
    | {"memberships.account_id", "accounts.person_id", "appointments.person_id"}
)
_a_group = re.compile(r"(?:[(（]?[0-9]{1,2}[.、．)）])?\s*(\S.*群(?:[(（][^()（）]*[)）])?)[;；,，、。]?")
_group_over = re.compile(
    r"(?:[(（]?[一二三四五六七八九十]+[)）、.．]|[0-9]{1,2}[、.．])?\s*(\S.*群)(?:成员|人员)?(?:名单)?\s*(?:[(（][^()（）]*[)）])?[:：]?"
)
_quoted = re.compile('[“"《「【]([^“”"《》「」【】]+)[”"》」】]')
_ditto = re.compile("[(（]?同[上前][)）]?|[〃″\"＂]|''|ditto", re.IGNORECASE)


_COUNTED = frozenset(("栏次", *"甲乙丙丁戊己庚辛"))
"""What columns are numbered by beside figures."""


def identity_of(table: str, headers: Mapping[str, str]) -> tuple[str, ...]:
    """Return the columns of a sheet without which a row is nobody and nothing."""
    named = tuple(name for name in ("id", NAMES.get(table, "")) if name in headers)
    named = named or tuple(name for name in table_schema(table).key if name in headers)
    if table == "memberships" and "account_id" not in headers and "display_name" in headers:
        named = (*named, "display_name")
    # Of what was handed in each row says by whom.
    return named or tuple({"department_id"} & headers.keys())


def repeats(row: Sequence[str | None], header: Sequence[str | None]) -> bool:
    """Return whether a row is the header once more, as on every page, or numbers the columns: 甲 乙 1 2 3."""
    filled = [cell.strip("()（） ") for cell in row if cell]
    numbers = [int(cell) for cell in filled if cell.isascii() and cell.isdigit()]
    if len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1)):
        return all(cell in _COUNTED or (cell.isascii() and cell.isdigit()) for cell in filled)
    both = [(cell, named) for cell, named in zip(row, header, strict=False) if named and cell]
    return len(both) > 1 and all(header_key(cell) == header_key(named) for cell, named in both)


def _cells(row: Sequence[str | None], place: int, also: Sequence[int]) -> str | None:
    """Return what a row says in a column, or in several of one meaning: all that differs, which a list may do."""
    said = [row[one] for one in (place, *also) if one < len(row) and row[one]]
    told = [one for one in said if one and not says_none(one, "groups.admins")] or said
    return "、".join(dict.fromkeys(filter(None, told))) or None


def with_group_above(
    filled: FilledSheet, row: list[str | None], positions: Mapping[str, int], number: int
) -> list[str | None]:
    """Return a row of a list of members with the group of the row above, where it names none."""
    place = positions.get("group_id", len(row))
    above = filled.rows[-1].get("group_id")
    who = positions.get("account_id", positions.get("display_name", len(row)))
    if place >= len(row) or row[place] or not above or who >= len(row) or not row[who]:
        return row
    filled.reading.took("group_id", "", above, number)
    return [*row[:place], above, *row[place + 1 :]]


def says_id(header: str) -> bool:
    """Return whether a header speaks of ids and not of names."""
    return re.search(r"(?i)编号|编码|代码|群号|账号|工号|\bid\b|id$", header) is not None


def set_aside(
    filled: FilledSheet, row: Sequence[str | None], why: str, number: int, positions: Mapping[str, int]
) -> None:
    """Note a row that is no data; one that names a department over the rows of it says whose they are."""
    unit = unit_of_section(row) if filled.table in ("groups", "people") and why in ("text", "title") else None
    text = next(cell.strip() for cell in row if cell and cell.strip())
    place = positions.get("department_id", len(row))
    numbered = any(cell and cell.strip().isdigit() for cell in row)
    below = unit_of_section(row[place : place + 1]) if why in ("text", "title") and not numbered else None
    if below:
        # 一 | 教务处, in the columns of numbers and departments.
        filled.section, text, why = below, below, "department"
    if unit and "department_id" not in positions:
        filled.headers["department_id"], filled.section, why = text, unit, "department"
        for kept in filled.rows:
            kept.setdefault("department_id", None)
    group = _group_over.fullmatch(text) if filled.table == "memberships" and why in ("text", "title") else None
    if group and "group_id" not in positions:
        filled.headers["group_id"], filled.section, why = text, group[1], "group"
    filled.reading.aside.append((number, text, why))


def take_row(
    filled: FilledSheet, row: Sequence[str | None], kept: dict[str, str | None], number: int, numbered: int | None
) -> None:
    """Take in a row as it is read: one more of its sheet, several groups in one, or more of the group above."""
    if sum(1 for cell in row if cell) == 1:
        filled.lone.add(len(filled.rows))
    if any(cell and "兼" in cell for cell in row):
        filled.again.add(len(filled.rows))
    count = row[numbered] if numbered is not None and numbered < len(row) else None
    if _goes_on(filled, kept, same=count in (None, filled.counted)):
        filled.reading.took("name", kept.get("name") or "", say("estate.group-above"), number)
        return
    filled.counted = count
    for one in _each_group(kept) if filled.table == "groups" else [kept]:
        filled.rows.append(one)
        filled.numbers.append(number)


def _goes_on(filled: FilledSheet, kept: Mapping[str, str | None], *, same: bool) -> bool:
    """Add to the group above the admins and members that a row names of it, and return whether it is such a row.

    It says nothing else of its own, as where a group is merged over the rows of its admins; `same` says that it has no
    number of its own.
    """
    lists = [name for name in ("admins", "members") if kept.get(name)]
    if filled.table != "groups" or not filled.rows or not same or not lists:
        return False
    above = filled.rows[-1]
    other = any(value and value != above.get(name) for name, value in kept.items() if name not in lists)
    if other or all(kept[name] == above.get(name) for name in lists):
        return False
    for name in lists:
        above[name] = "、".join(dict.fromkeys(filter(None, [above.get(name), kept[name]])))
    return True


def _each_group(kept: Mapping[str, str | None]) -> list[dict[str, str | None]]:
    """Return a row for each group that a cell names on lines of its own, with its own line of what else has as many."""
    names = (kept.get("name") or "").split("\n")
    if len(names) < 2 or kept.get("id"):
        return [dict(kept)]
    lines = {column: (value or "").split("\n") for column, value in kept.items()}
    return [
        {column: (own[place] if len(own) == len(names) else kept[column]) for column, own in lines.items()}
        for place in range(len(names))
    ]


def kept_row(
    filled: FilledSheet,
    row: Sequence[str | None],
    positions: Mapping[str, int],
    also: Mapping[str, Sequence[int]],
    number: int,
) -> dict[str, str | None]:
    """Return a row by column, as it is read; `also` says where columns stand again."""
    above = filled.rows[-1] if filled.rows else {}
    kept = {
        column: _kept(filled, column, _cells(row, place, also.get(column, ())), number, above.get(column))
        for column, place in positions.items()
    }
    over = "group_id" if filled.table == "memberships" else "department_id"
    return {**kept, over: kept.get(over) or filled.section} if filled.section else kept


def _kept(sheet: FilledSheet, name: str, cell: str | None, row: int, above: str | None) -> str | None:
    """Return a cell as it is read: nothing where people wrote that there is none, the one above for 同上."""
    table = sheet.table
    if cell is None or (is_no_value(cell) and name in ("id", NAMES.get(table))):
        return None
    if above and _ditto.fullmatch(cell.strip()) and name not in ("id", NAMES.get(table)):
        sheet.reading.took(name, cell, above, row)
        return above
    if f"{table}.{name}" in _OF_A_PERSON:
        cell = close_up(cell)
    if name == NAMES.get(table):
        lines = cell.splitlines() if "\n" in cell else re.split("(?<=..群)[、，,；;]", cell)
        groups = [_a_group.fullmatch(line.strip()) for line in lines] if table == "groups" else []
        several = len(groups) > 1 and all(groups)
        cell = "\n".join(one[1] for one in groups if one) if several else "".join(cell.splitlines())
        quoted = _quoted.fullmatch(cell.strip()) if table == "groups" else None
        cell = quoted[1] if quoted else cell
    column = table_schema(table).columns.get(name)
    if column is None or column.type in ("enum", "boolean"):
        cell = chosen(cell)
    # 无 in a column of yes and no is an answer.
    answers = column is not None and column.type == "boolean" and truth_of(cell) is not None
    if not says_none(cell, f"{table}.{name}") or answers:
        return cell
    sheet.reading.took(name, cell, None, row)
    return None
