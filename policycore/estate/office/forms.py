"""Take in the forms that departments hand back: 附件1 with its two people. Each is a submission, whatever is wrong."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pyarrow as pa

from policycore.estate.cells.words import says_none
from policycore.estate.inputs import FilledSheet, InputFile
from policycore.estate.office.directory import Directory
from policycore.estate.office.layout import close_up, foot_of
from policycore.estate.parts import Part
from policycore.estate.readers.form_page import FormPage, cell_name, header_score, read_page
from policycore.estate.readers.xlsx import Sheet
from policycore.model.forms import FORMS, INVENTORY, MARK, MEMBERS, FormLayout
from policycore.model.words import fold_word

__all__ = [
    "FilledForm",
    "form_parts",
    "inventory_id",
    "inventory_part",
    "inventory_units",
    "inventory_unread",
    "is_form",
    "is_inventory",
    "named_like_form",
    "read_form",
    "says_nil",
]

_left_over = re.compile(r"(?<![A-Za-z])[XxＸｘ×]{2,}(?![A-Za-z])")
_date = re.compile(r"((?:19|20)[0-9]{2})\s*[年.\-/]\s*([0-9]{1,2})\s*[月.\-/]\s*([0-9]{1,2})\s*日?")
_said_by_name = re.compile(
    r"附件\s*1|机关党委|微信工作群|工作群|成员|信息|规范清理|清理|情况|统计表|报告|自查|排查|零|[\s\-_－—()（）0-9]+"
)
_named = re.compile(r"附件[(（]?[1一](?![0-9])|成员信息统计表")
_signature = re.compile(r"签字|签名|签章|盖章|公章")
_COLUMNS = {"部门名称": "department", "姓名": "name", "职务": "title", "联系电话": "phone", "备注": "remark"}


@dataclass(slots=True)
class FilledForm:
    """One form as it was read: its people, its date, what is wrong with it."""

    file: InputFile
    layout: FormLayout
    id: str
    sha256: str
    faults: list[str]
    unread: bool = False
    """Whether nothing in it could be read: a scan, a password."""
    dated: date | None = None
    people: list[dict[str, str]] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)


def named_like_form(file: InputFile) -> bool:
    """Return whether a file is called as a filled 附件1 is; other lists are called so too."""
    return _named.search(fold_word(Path(file.name).stem)) is not None


def is_form(file: InputFile, sheets: Sequence[Sheet]) -> bool:
    """Return whether a file is a filled 附件1: by its title, or its name and a header most of which is the form's.

    Where no sheet of it can be read its name alone decides.
    """
    if "成员信息统计表" in fold_word(Path(file.name).stem):
        return True
    heads = [[cell or "" for cell in row] for sheet in sheets for row in sheet.rows[:15]]
    if any(fold_word(MEMBERS.title) in fold_word(cell) for row in heads for cell in row):
        return True
    fits = not sheets or max((header_score(row, MEMBERS) for row in heads), default=0) >= len(MEMBERS.columns) - 2
    return fits and named_like_form(file)


def read_form(file: InputFile) -> FilledForm:
    """Return what stands in a filled 附件1; what cannot be read is a fault of the form, never an error."""
    digest = hashlib.sha256(file.path.read_bytes()).hexdigest()
    page = read_page(file.path, file.name, MEMBERS)
    form = FilledForm(file, MEMBERS, f"{MEMBERS.kind}-{digest[:12]}", digest, page.faults)
    form.unread = not any(map(any, page.rows))
    if not form.unread:
        _read(form, page)
    return form


def _read(form: FilledForm, page: FormPage) -> None:
    """Take the table, the date and the left-overs out of a page."""
    known = {layout.mark for layout in FORMS.values()}
    if page.mark.startswith(MARK) and page.mark not in known:
        page.fault("version", page.mark.removeprefix(MARK)[:20])
    header = max(range(len(page.rows)), key=lambda n: header_score(page.rows[n], form.layout))
    if header_score(page.rows[header], form.layout) < 3:
        page.fault("header")
        return
    if not any(fold_word(form.layout.title) in fold_word(cell) for row in page.rows[:header] for cell in row):
        page.fault("title")
    foot = _take_rows(form, page, header, _places(page, header, form.layout))
    for number, row in enumerate(page.rows):
        for column, cell in enumerate(row):
            if _left_over.search(cell) and number != header:
                page.fault("left-over", cell_name(number, column))
    _take_date(form, page, foot)
    if not form.people:
        page.fault("empty")


def _places(page: FormPage, header: int, layout: FormLayout) -> dict[str, int]:
    """Return where each header stands; each that is not as printed is a fault."""
    cells = page.rows[header]
    while cells and not cells[-1]:
        cells = cells[:-1]
    for column, wanted in enumerate(layout.columns):
        if column >= len(cells) or "".join(cells[column].split()) != wanted:
            page.fault("header", cell_name(header, column))
    for column in range(len(layout.columns), len(cells)):
        page.fault("header", cell_name(header, column))
    named = {fold_word(cell): column for column, cell in reversed(list(enumerate(cells))) if cell}
    return {wanted: named[fold_word(wanted)] for wanted in layout.columns if fold_word(wanted) in named}


def _take_rows(form: FilledForm, page: FormPage, header: int, places: Mapping[str, int]) -> int:
    """Take the people below the header; return the row behind the last of them."""
    numbered = places.get("序号")
    keys = {name: place for name, place in places.items() if name in ("部门名称", "姓名")}
    for number in range(header + 1, len(page.rows)):
        row = page.rows[number]
        if any(_signature.search(cell) for cell in row):
            break
        if foot_of(row, keys, numbered):
            continue
        person = {
            name: row[places[title]] for title, name in _COLUMNS.items() if title in places and places[title] < len(row)
        }
        if not any(person.values()):
            continue
        form.people.append(person)
        form.rows.append(number + 1)
        if not person.get("department"):
            page.fault("no-department", str(len(form.people)))
        said = row[numbered] if numbered is not None and numbered < len(row) else ""
        if fold_word(said).rstrip(".、") != str(len(form.people)):
            page.fault("numbering", cell_name(number, numbered or 0))
    return form.rows[-1] if form.rows else header + 1


def _take_date(form: FilledForm, page: FormPage, foot: int) -> None:
    """Take the date below the table; one that is none, or is not there, is a fault."""
    for number, row in list(enumerate(page.rows))[foot:]:
        for column, cell in enumerate(row):
            found = _date.search(cell) or (_date.match(cell[:10]) if cell else None)
            if not found:
                continue
            try:
                form.dated = date(int(found[1]), int(found[2]), int(found[3]))
            except ValueError:
                page.fault("date", cell_name(number, column))
                return
    if form.dated is None:
        page.fault("no-date")


_DEPUTY, _LIAISON = re.compile(r"副职|党建"), re.compile(r"联络")


def role_of(remark: str) -> str | None:
    """Return what a remark says that somebody is designated for; None where it does not say one of the two."""
    said = [role for role, pattern in (("deputy", _DEPUTY), ("liaison", _LIAISON)) if pattern.search(remark)]
    return said[0] if len(said) == 1 else None


def form_parts(forms: Sequence[FilledForm], directory: Directory) -> Iterator[Part]:
    """Yield a submission for each form, and its people as the directory knows them."""
    departments = [_department_of(form, directory) for form in forms]
    readable = {where for form, where in zip(forms, departments, strict=True) if where and not form.unread}
    for form, department in zip(forms, departments, strict=True):
        written = [person.get("department", "") for person in form.people]
        if form.faults == ["scan"] and department in readable:
            form.faults = ["scan-beside"]
        yield _made(
            "submissions",
            form.file.name,
            [1],
            {
                "id": [form.id],
                "kind": [form.layout.kind],
                "department_id": [department],
                "medium": ["electronic"],
                "file": [Path(form.file.name).name],
                "sha256": [form.sha256],
                "dated": [None if form.dated is None else form.dated.isoformat()],
                "nil_return": [None if form.unread else "false"],
            },
            form.faults,
        )
        if not form.people:
            continue
        names = [close_up(person.get("name", "")) or None for person in form.people]
        units = [directory.find("departments", text)[0] if text else None for text in written]
        known = [
            directory.find("people", name, unit or department)[0] if name else None
            for name, unit in zip(names, units, strict=True)
        ]
        yield _made(
            "designations",
            form.file.name,
            form.rows,
            {
                "submission_id": [form.id] * len(names),
                "number": [str(number) for number in range(1, len(names) + 1)],
                "department_id": units,
                "name": names,
                "person_id": known,
                "title": [person.get("title") or None for person in form.people],
                "phone": [person.get("phone") or None for person in form.people],
                "remark": [person.get("remark") or None for person in form.people],
                "role": [role_of(person.get("remark", "")) for person in form.people],
            },
        )


_inventory = re.compile(r"规范清理|清理情况|自查|排查|零报告")
_app = "(?:企业微信|微信|钉钉|QQ|飞书)"
_nil = re.compile(
    r"(?:经?(?:自查|排查|清查)后?)?(?:[本我]?(?:部门|单位|处室?|部|院|室|中心|办)|[^群]{1,12}[处部院系室会委馆])?"
    r"(?:截至目前|截止目前|目前|暂时?|均|现在?|至今|尚|从)*(?:无|没有|未(?=[建设组使]))(?:(?:建立|设立|组建|使用)[过、和及或]?)*"
    rf"(?:任何|各类|相关)*(?:{_app}(?:工作)?群?[、/和及或])*(?:{_app}群?)?等?(?:工作|办公|各类)*群[组聊]?[。.]?"
    rf"|[^群]{{0,12}}?(?:现|共|有)*[0零]个{_app}?(?:工作)?群|{_app}?(?:工作)?群(?:数量?|总数)[为:：]?[0零]个?"
    r"|(?:特此|现|实行|予以?|作|特|为|以此)*零报告[。.]?"
)


def is_inventory(name: str) -> bool:
    """Return whether a file is called as what a department reports of its groups is."""
    return _inventory.search(name) is not None


def says_nil(row: Sequence[str | None], names: Iterable[int]) -> bool:
    """Return whether a row of a list of groups says that there are none: 本部门无工作群, 无 where the `names` stand."""
    cells = {place: cell for place, cell in enumerate(row) if cell and cell.strip()}
    named = [cells[place] for place in names if place in cells]
    if named and all(says_none(cell, "groups.purpose") for cell in named):
        return True
    if len(cells) == 1 and "".join(cells.values()).strip() in ("无", "暂无", "没有"):
        return True
    # Of a group that has a name a remark (未建QQ群) says something else.
    return any(_nil.fullmatch("".join(cell.split())) for cell in named or cells.values())


def _department_of(form: FilledForm, directory: Directory) -> str | None:
    """Return whose form it is: of the department in its rows, else in its file's name."""
    written = next((person["department"] for person in form.people if person.get("department")), "")
    return directory.find("departments", written or _said_by_name.sub("", Path(form.file.name).stem))[0]


def inventory_id(sheet: FilledSheet, unit: str | None) -> str:
    """Return the id of the submission that an inventory is; where it speaks for several departments, that of `unit`."""
    return "-".join(filter(None, (INVENTORY.kind, sheet.inventory[:12], unit)))


def inventory_units(sheet: FilledSheet, directory: Directory) -> list[str | None]:
    """Return the department of each row of an inventory: as it says, else the one above its table or in its name.

    An inventory without rows has one all the same.
    """
    said = sheet.headers.get("department_id")
    whole = (directory.find("departments", said)[0] if said else None) or _unit_named(sheet.workbook, directory)
    named = (row.get("department_id") for row in sheet.rows)
    return [directory.find("departments", text)[0] or whole if text else whole for text in named] or [whole]


def _unit_named(file: str, directory: Directory) -> str | None:
    """Return the department that the name of a file is, but for what all such files are called."""
    stem = _said_by_name.sub("", Path(file).stem)
    return directory.find("departments", stem)[0] if stem else None


def inventory_unread(file: InputFile, directory: Directory) -> Part:
    """Return the submission that a file is by its name, of which nothing could be read."""
    sheet = FilledSheet("groups", file.name, file.name, {}, [], [])
    sheet.inventory = hashlib.sha256(file.path.read_bytes()).hexdigest()
    return inventory_part(sheet, inventory_id(sheet, None), _unit_named(file.name, directory), nil=None)


def inventory_part(sheet: FilledSheet, identity: str, unit: str | None, *, nil: bool | None) -> Part:
    """Return the submission that an inventory is for one department; whether it says that there are no groups."""
    columns: dict[str, Sequence[str | None]] = {
        "id": [identity],
        "kind": [INVENTORY.kind],
        "department_id": [unit],
        "medium": ["electronic"],
        "file": [Path(sheet.workbook).name],
        "sha256": [sheet.inventory],
        "nil_return": [None if nil is None else str(nil).lower()],
    }
    return _made("submissions", sheet.file, [sheet.header_line], columns, [])


def _made(
    table: str,
    file: str,
    rows: Sequence[int],
    columns: Mapping[str, Sequence[str | None]],
    faults: Sequence[str] | None = None,
) -> Part:
    """Return rows of one table that a file supplies."""
    arrays: dict[str, pa.ChunkedArray] = {
        name: pa.chunked_array([pa.array(values, pa.string())]) for name, values in columns.items()
    }
    if faults is not None:
        arrays["faults"] = pa.chunked_array([pa.array([list(faults)], pa.list_(pa.string()))])
    headers, is_hand_in = {name: name for name in arrays}, table == "submissions"
    part = Part(table, file, arrays, pa.array(rows, pa.int32()), headers, is_hand_in=is_hand_in, by_people=True)
    part.derived = not is_hand_in
    return part
