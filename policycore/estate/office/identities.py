"""Give the rows of people's lists what tells them apart: an id, a department that stands outside the list."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from policycore.estate.inputs import FilledSheet
from policycore.estate.office.directory import Directory, name_key
from policycore.estate.office.headers import NAMES
from policycore.estate.office.layout import without_list_words
from policycore.model.schema import table_schema
from policycore.model.words import enumeration_words, fold_word
from policycore.system.grouped import grouped

__all__ = ["give", "identify", "is_same_person", "set_aside_repeated", "take_department", "take_sections"]

_section_name = re.compile(r"[^群]{2,}(?:处|部|院|系|室|中心|委员会|党委|团委|工会|馆|办公室|公司|局|厅)")
_unit_name = re.compile(r".*(?:处|部|院|系|室|中心|科|办|委员会|委|馆|所|站|队|公司|局|厅|会|团|校|组|厂|车间)$")
_MONTHS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_month_title = re.compile(
    r"(?:(?P<year>20[0-9]{2})[年.-]?)?"
    r"(?:(?P<month>[01]?[0-9]|十?[一二三四五六七八九十])月份?|第?(?P<quarter>[1-4一二三四])季度)(?:台[账帐]|情况|更新)?"
    r"|(?P<in_year>20[0-9]{2})[.-]?(?P<number>0[1-9]|1[0-2])"
)
_with_ending = re.compile(r".+\.[A-Za-z0-9]{2,5}")
_PERSONAL = frozenset({"status", "status_since", "former_names"})


def give(sheet: FilledSheet, column: str, value: str) -> None:
    """Give every row of a sheet one value, and say so."""
    sheet.headers[column] = value
    for row in sheet.rows:
        row[column] = value
    sheet.reading.given.append((column, value))


def take_sections(sheet: FilledSheet, directory: Directory | None = None) -> None:
    """Let the name of a department that stands alone in a row be that of the rows below it, and no group or person."""
    departments = directory.known.get("departments", {}) if directory else {}
    named = {n: name_key(sheet.rows[n].get("name") or "") for n in sheet.lone}
    # In a list that names no departments what stands alone and is called like one is one.
    guessed = "department_id" not in sheet.headers and not departments
    sections = {n for n, name in named.items() if name in departments or (guessed and _section_name.fullmatch(name))}
    if not sections or len(sections) == len(sheet.rows):
        return
    listed = "department_id" in sheet.headers
    sheet.headers.setdefault("department_id", sheet.headers["name"])
    unit: str | None = None
    kept: list[tuple[dict[str, str | None], int]] = []
    for index, (row, number) in enumerate(zip(sheet.rows, sheet.numbers, strict=True)):
        if index in sections:
            unit = row["name"]
            sheet.reading.aside.append((number, str(unit), "department"))
        else:
            kept.append((row if listed and row["department_id"] else {**row, "department_id": unit}, number))
    sheet.keep(kept)


def take_department(sheet: FilledSheet, directory: Directory | None = None) -> None:
    """Let a list that names no department have the one that its sheet or its file is called by.

    Without a `directory` it is one of people, which may be called like a unit: 教务处, 教务处人员名单.
    """
    if "department_id" in sheet.headers:
        if directory is not None:
            _fill_down(sheet, directory)
        return
    if directory is None:
        called = [without_list_words(title) for title in sheet.titles]
        units = [one for one in called if len(one) > 2 and one[0] not in "各全本" and _unit_name.fullmatch(one)]
        if units:
            give(sheet, "department_id", units[0])
        return
    for title in sheet.titles:
        left = without_list_words(title)
        # Where nobody knows the departments, a sheet may be called like one.
        guess = left if "departments" not in directory.known and left == title and _unit_name.fullmatch(left) else None
        unit = directory.unit_in(title) or guess
        if unit is not None:
            give(sheet, "department_id", unit)
            return


def _fill_down(sheet: FilledSheet, directory: Directory) -> None:
    """Let a row without a department be of the one above where its owner is of that: it was not written twice."""
    above: str | None = None
    for row, number in zip(sheet.rows, sheet.numbers, strict=True):
        owner = row.get("owner_id")
        if row["department_id"]:
            above = row["department_id"]
        elif above and owner and directory.is_of(owner, above):
            row["department_id"] = above
            sheet.reading.took("department_id", "", above, number)


def identify(sheet: FilledSheet, by_table: Mapping[str, Sequence[FilledSheet]]) -> None:
    """Give rows without ids the name by which the list itself tells them apart, with the department where several are.

    Two lines of one person of one department are two posts; two of one name elsewhere are two people.
    """
    if sheet.table == "submissions" and "id" not in sheet.headers:
        _number(sheet)
    name = NAMES.get(sheet.table)
    own = {index for index, row in enumerate(sheet.rows) if row.get("id")}
    # Who fills in a form knows no number of a group: it may stand for some and be left out for others.
    if name is None or name not in sheet.headers or (own and sheet.table != "groups"):
        return
    if not own:
        sheet.headers["id"] = sheet.headers[name]
    # What each name is of, over all sheets that tell rows apart by it.
    where = grouped(
        (row[name] or "", row.get("department_id"))
        for other in by_table[sheet.table]
        if other is sheet or "id" not in other.headers or other.headers["id"] == other.headers.get(name)
        for row in other.rows
        if row[name]
    )
    seen: dict[str, list[Mapping[str, str | None]]] = {}
    latest: dict[str, str] = {}
    for index, row in enumerate(sheet.rows):
        called, unit = row[name], row.get("department_id")
        if index in own:
            continue
        if not called:
            row["id"] = None
            continue
        if index in sheet.again and called in latest:
            row["id"] = latest[called]
            continue
        elsewhere = len(set(where[called])) > 1 and unit and where[called][0] != unit
        identity = f"{called}（{unit}）" if elsewhere else called
        # Whoever differs in what is one's own is another one of that name: of people, in what they are once.
        once, others = _PERSONAL if sheet.table == "people" else row.keys() - {"id"}, seen.setdefault(identity, [])
        alike = (n for n, other in enumerate(others) if all(other.get(name) == row.get(name) for name in once))
        place = next(alike, len(others))
        if place == len(others):
            others.append(dict(row))
        row["id"] = latest[called] = identity + (f"#{place + 1}" if place else "")


def set_aside_repeated(sheets: Sequence[FilledSheet]) -> None:
    """Set aside the rows of a group or a person of which another row says the same, or a later month more."""
    seen: dict[tuple[str, str | None], tuple[FilledSheet, Mapping[str, str | None]]] = {}
    months = {id(sheet): _month(sheet.titles[0] if sheet.titles else "") for sheet in sheets}
    # The latest month first, the others as they stand.
    for sheet in sorted(sheets, key=lambda one: months[id(one)] or (0, 0), reverse=True):
        kept: list[tuple[dict[str, str | None], int]] = []
        for row, number in zip(sheet.rows, sheet.numbers, strict=True):
            where, first = seen.setdefault((sheet.workbook, row.get("id")), (sheet, row))
            earlier = where is not sheet and months[id(sheet)] is not None and months[id(where)] is not None
            if row.get("id") and first is not row and (earlier or row.items() <= first.items()):
                why = "again" if row.items() <= first.items() else "earlier"
                sheet.reading.aside.append((number, str(row["id"]), why))
            else:
                kept.append((row, number))
        sheet.keep(kept)


def _month(title: str) -> tuple[int, int] | None:
    """Return year (0 where it is not said) and month, or quarter, that a sheet is called by."""
    found = _month_title.fullmatch("".join(title.split()))
    if found is None:
        return None
    said = found["month"] or found["quarter"] or found["number"]
    year = int(found["year"] or found["in_year"] or 0)
    return year, _MONTHS.index(said) + 1 if said in _MONTHS else int(said)


def _number(sheet: FilledSheet) -> None:
    """Give each row of what was handed in an id by who handed in what, the second time with a number.

    One row for paper and file (纸质、电子) is two, and so is one that names two files.
    """
    media = enumeration_words(table_schema("submissions").columns["medium"])
    for column, marks, is_one in (
        ("medium", r"[、,，;；/+＋和及与\s]+", lambda one: fold_word(one) in media),
        ("file", r"\s*[、,，;；|\n]\s*", _with_ending.fullmatch),
    ):
        if column not in sheet.headers:
            continue
        said = [row.get(column) or "" for row in sheet.rows]
        named = [[one for one in re.split(marks, text.strip()) if one] for text in said]
        # What is no list of such as it stands is left as it is.
        parts = [both if both and all(map(is_one, both)) else [text] for text, both in zip(said, named, strict=True)]
        sheet.numbers = [number for number, both in zip(sheet.numbers, parts, strict=True) for _ in both]
        sheet.rows = [{**row, column: one or None} for row, both in zip(sheet.rows, parts, strict=True) for one in both]
    sheet.headers["id"] = sheet.headers["department_id"]
    seen: Counter[str] = Counter()
    for row in sheet.rows:
        called = "-".join(row.get(name) or "" for name in ("department_id", "kind", "medium"))
        seen[called] += 1
        row["id"] = f"{called}#{seen[called]}" if seen[called] > 1 else called


def is_same_person(first: Mapping[str, str | None], other: Mapping[str, str | None]) -> bool:
    """Return whether two rows of one id are one person: nothing that a person has once differs."""
    names = [name_key(str(row.get("name"))) for row in (first, other)]
    return names[0] == names[1] and all(not other.get(name) or first.get(name) == other[name] for name in _PERSONAL)
