"""Read spreadsheets that people filled in: find title rows, headers and which table each sheet is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

from policycore.errors import DataError, Place, Problem
from policycore.estate.cells.words import (
    UNUSED_HEADERS,
    header_words,
    is_no_value,
    says_none,
    table_of_title,
    truth_of,
)
from policycore.estate.inputs import FilledSheet, Gathered, InputFile
from policycore.estate.office.forms import FilledForm, is_form, is_inventory, read_form, says_nil
from policycore.estate.office.layout import NUMBER_HEADERS, close_up, header_key, is_foot, said_unit, status_of_title
from policycore.estate.office.register import add_register
from policycore.estate.parts import Unreadable, row_said
from policycore.estate.problems import problem
from policycore.estate.readers.encoding import as_utf8, mapped
from policycore.estate.readers.xlsx import Sheet, read_sheets
from policycore.language import say
from policycore.model.schema import field_names, table_schema, table_schemas
from policycore.model.words import fold_word
from policycore.text.suggest import suggestion

__all__ = ["read_workbooks", "sheet_words"]

# Title rows above the header: the name of the list, the department, the date.
_LOOKED_AT = 15
_EXPLANATION = "说明"

# Headers of registers that name people and groups instead of ids, with what they mean there.
_BY_NAME: dict[str, dict[str, str]] = {
    "groups": {"群管理员": "admins", "管理员": "admins", "群管理员姓名": "admins", "管理员姓名": "admins",
               "微信群名称": "name", "微信工作群名称": "name", "工作群名称": "name", "群组名称": "name",
               "群聊名称": "name",
               "群主姓名": "owner_id", "群负责人": "owner_id", "建群人姓名": "creator_id",
               "主要用途": "purpose", "群用途说明": "purpose", "主要功能": "purpose",
               "成立时间": "created_at", "建立时间": "created_at", "建群日期": "created_at",
               "群类别": "kind", "群性质": "kind", "类别": "kind",
               "部门名称": "department_id", "单位": "department_id", "责任部门": "department_id",
               "处理方式": "handling", "清理方式": "handling", "处理措施": "handling", "整改措施": "handling",
               "清理结果": "handling", "处理时间": "done_at", "清理时间": "done_at", "整改时间": "done_at",
               "并入群": "into_id", "并入群名称": "into_id", "合并到": "into_id",
               "主管部门": "department_id", "所属单位": "department_id", "登记时间": "registered_at"},
    "memberships": {"群名称": "group_id", "群名": "group_id", "姓名": "account_id",
                    "成员": "account_id",
                    "成员姓名": "account_id", "部门": "department", "单位": "department"},
    "people": {"部门": "department_id", "部门名称": "department_id", "单位": "department_id",
               "所在部门": "department_id", "所属部门": "department_id", "原部门": "department_id",
               "原单位": "department_id",
               "退休时间": "status_since", "离职时间": "status_since", "调离时间": "status_since",
               "职务": "title",
               "岗位": "title", "职级": "rank", "分工": "duties", "职责": "duties", "任职时间": "since",
               "免职时间": "until"},
    "accounts": {"姓名": "person_id", "使用人": "person_id"},
    "appointments": {"姓名": "person_id", "部门名称": "department_id", "单位": "department_id"},
    "tasks": {"部门": "department_id"},
    "submissions": {"部门名称": "department_id", "单位": "department_id"},
}  # fmt: skip


_NAMES = {"departments": "name", "people": "name", "groups": "name", "tasks": "title"}
"""Columns that tell rows apart where a list has no ids."""


_PEOPLE_FIRST = ("people", "appointments")
"""A list of names, units and posts is a directory, which gives posts as well."""
_OF_A_PERSON = frozenset(
    {"people.name", "groups.owner_id", "groups.creator_id", "groups.responsible_id", "groups.admins"}
    | {"memberships.account_id", "accounts.person_id", "appointments.person_id"}
)


def sheet_words(table: str) -> dict[str, str]:
    """Return every header that means something on a sheet of this table, folded."""
    words = {fold_word(header): meaning for header, meaning in _BY_NAME.get(table, {}).items()}
    return {**words, **header_words(table_schema(table))}


def _known(known: dict[str, str], cell: str) -> str | None:
    """Return the column that a header means, as it is written or without what people write around it."""
    return known.get(fold_word(cell)) or known.get(header_key(cell))


def read_workbooks(files: Sequence[InputFile], gathered: Gathered) -> None:
    """Read every sheet of every workbook (and CSV lists with Chinese names) and add what they supply."""
    filled: list[FilledSheet] = []
    forms: list[FilledForm] = []
    complete = True
    for file in files:
        if is_form(file):
            forms.append(read_form(file))
            continue
        try:
            sheets = _csv_sheet(file) if file.path.suffix.lower() == ".csv" else read_sheets(file.path, file.name)
        except DataError as error:
            gathered.problems.extend(error.problems)
            continue
        if not sheets:
            gathered.problems.append(problem("empty-file", Place(file.name)))
        if is_form(file, sheets):
            forms.append(read_form(file))
            continue
        for sheet in sheets:
            taken = _fill(file, sheet, len(sheets) == 1, gathered)
            if taken is not None:
                if not taken.rows and not taken.unreadable:
                    gathered.notes.append(problem("note-no-rows", Place(taken.file)))
                missing = [] if taken.shown_names else _missing(taken)
                gathered.problems += missing
                complete &= not missing
                filled.append(taken)
    # Names can't be looked up in a sheet without its own; saying so of every row would bury the cause.
    if complete:
        add_register(filled, gathered, forms)


def _missing(sheet: FilledSheet) -> list[Problem]:
    """Return a problem for each column that every row needs; a name may stand for the id."""
    columns = table_schema(sheet.table).columns
    name = columns.get(_NAMES.get(sheet.table, ""))
    found = {
        name.name if name and column.name == "id" else column.name for column in columns.values() if not column.nullable
    }
    if "id" in sheet.headers and name and name.nullable:
        found.discard(name.name)
    place = Place(sheet.file, sheet.header_line, 1)
    return [
        problem("column-missing", place, column=columns[column].zh, table=sheet.table)
        for column in columns
        if column in found and column not in sheet.headers
    ]


def _csv_sheet(file: InputFile) -> list[Sheet]:
    """Return a CSV list as a sheet."""
    from policycore.estate.readers.csv import read_csv_header, read_csv_rows

    with mapped(file.path, file.name) as raw:
        data = as_utf8(raw, file.name)
        if not len(data):
            return []
        unreadable: list[Unreadable] = []
        rows: list[list[str | None]] = [list(read_csv_header(data, file.name))]
        for number, _, record in read_csv_rows(data, file.name, unreadable):
            while len(rows) < number:
                rows.append([])
            rows.append([cell.strip() or None for cell in record])
    if unreadable:
        raise DataError(
            *(
                problem("csv-quote", Place(file.name), suggested=bad.expected, row=row_said(bad.row, is_line=True))
                for bad in unreadable
            )
        )
    return [Sheet(Path(file.name).stem, rows, 1)]


def _fill(file: InputFile, sheet: Sheet, alone: bool, gathered: Gathered) -> FilledSheet | None:
    """Return one sheet with its table and columns; note or report what it is not."""
    name = file.name if alone else f"{file.name}[{sheet.title}]"
    table = table_of_title(sheet.title) or (table_of_title(Path(file.name).stem) if alone else None)
    names = _shown_names(file, sheet, name)
    if names is not None:
        return names
    start, best = _header_row(sheet, [table] if table else list(table_schemas()))
    if best is None:
        if _EXPLANATION in sheet.title:
            gathered.notes.append(problem("note-sheet", Place(name)))
        else:
            hint = suggestion(sheet.title, table_schemas())
            gathered.problems.append(problem("no-table-sheet", Place(name), suggested=hint, sheet=sheet.title))
        return None
    header = sheet.rows[start]
    positions, headers, problems = _columns(header, best, name, sheet.first_row + start, gathered)
    gathered.problems.extend(problems)
    filled = FilledSheet(best, file.name, name, headers, [], [], header_line=sheet.first_row + start)
    numbered = next((place for place, cell in enumerate(header) if cell and header_key(cell) in NUMBER_HEADERS), None)
    keys = {column: place for column, place in positions.items() if column in _identity(best, headers)}
    aside: list[tuple[int, str]] = []
    for number, row in enumerate(sheet.rows[start + 1 :], filled.header_line + 1):
        if not any(cell is not None and cell.strip() for cell in row):
            continue
        nil = best == "groups" and says_nil(row, keys.values())
        filled.nil_return |= nil
        if nil or is_foot(row, keys, numbered) or _repeats(row, header):
            aside.append((number, next(cell.strip() for cell in row if cell and cell.strip())))
            continue
        width = len(header)
        if any(cell is not None for cell in row[width:]) or len(row) < width:
            wanted = say("estate.expected-cells", count=width)
            filled.unreadable.append(Unreadable(number, "ragged", wanted, ",".join(cell or "" for cell in row)))
            continue
        filled.rows.append({column: _kept(best, column, row[position]) for column, position in positions.items()})
        filled.numbers.append(number)
    if aside:
        rows = tuple(say("estate.row-aside", row=row_said(row), text=text) for row, text in aside)
        gathered.notes.append(problem("note-aside", Place(name), count=len(aside), rows=rows))
    _take_from_outside(filled, sheet, start, table is None, gathered)
    filled.inventory = hashlib.sha256(file.path.read_bytes()).hexdigest() if is_inventory(filled) else ""
    return filled


_MEMBERS = frozenset({"群成员", "成员", "成员名单", "群成员名单", "成员列表", "群成员列表", "群昵称"})


def _shown_names(file: InputFile, sheet: Sheet, name: str) -> FilledSheet | None:
    """Return a list of one column as the members of the group that the sheet, or the file, is called by; else None."""
    cells = [(number, row[0]) for number, row in enumerate(sheet.rows) if any(row)]
    alone = all(not any(row[1:]) for row in sheet.rows)
    if len(cells) < 2 or not alone or not cells[0][1] or header_key(cells[0][1]) not in _MEMBERS:
        return None
    # A title that names no group is no group's name.
    untitled = _DEFAULT_TITLE.fullmatch(sheet.title) or table_of_title(sheet.title)
    title = Path(file.name).stem if untitled else sheet.title
    start, heading = cells[0]
    group = _about_members.sub("", title).strip(" -_") or title
    found = FilledSheet(
        "memberships",
        file.name,
        name,
        {"group_id": heading or "", "display_name": heading or ""},
        [],
        [],
        shown_names=True,
    )
    found.header_line = sheet.first_row + start
    for number, cell in cells[1:]:
        if cell:
            found.rows.append({"group_id": group, "display_name": cell})
            found.numbers.append(sheet.first_row + number)
    return found


_about_members = re.compile(r"(?:群?成员(?:名单|列表)?|名单|\([0-9]+\)|（[0-9]+）)+$")


def _identity(table: str, headers: dict[str, str]) -> tuple[str, ...]:
    """Return the columns of a sheet without which a row is nobody and nothing."""
    named = tuple(name for name in ("id", _NAMES.get(table, "")) if name in headers)
    return named or tuple(name for name in table_schema(table).key if name in headers)


def _repeats(row: Sequence[str | None], header: Sequence[str | None]) -> bool:
    """Return whether a row is the header once more, as on every page of a long list."""
    both = [(cell, named) for cell, named in zip(row, header, strict=False) if named]
    return len(both) > 1 and all(
        cell is not None and header_key(cell) == header_key(named or "") for cell, named in both
    )


def _take_from_outside(sheet: FilledSheet, cells: Sheet, start: int, untitled: bool, gathered: Gathered) -> None:
    """Take what is said once for all rows: the unit above the header or in the sheet's title, 退休 in its title."""
    unit = said_unit(cells.rows[:start])
    if unit is None and untitled and not _DEFAULT_TITLE.fullmatch(cells.title) and sheet.table == "groups":
        unit = cells.title
    if unit is not None and sheet.table in ("groups", "people") and "department_id" not in sheet.headers:
        _give(sheet, "department_id", unit, gathered)
    if sheet.table == "people" and "status" not in sheet.headers:
        status = status_of_title(cells.title)
        if status is not None:
            _give(sheet, "status", status, gathered)


_DEFAULT_TITLE = re.compile(r"(?i)(?:sheet|工作表|table)\s*[0-9]*")


def _give(sheet: FilledSheet, column: str, value: str, gathered: Gathered) -> None:
    """Give every row of a sheet one value, and say so."""
    sheet.headers[column] = value
    for row in sheet.rows:
        row[column] = value
    field = field_names([f"{sheet.table}.{column}"]).in_language()
    gathered.notes.append(problem("note-given", Place(sheet.file), column=field, value=value))


def _kept(table: str, name: str, cell: str | None) -> str | None:
    """Return a cell as it is read: nothing where people wrote that there is none."""
    if cell is None:
        return None
    if is_no_value(cell) and name in ("id", _NAMES.get(table)):
        return None
    if f"{table}.{name}" in _OF_A_PERSON:
        cell = close_up(cell)
    column = table_schema(table).columns.get(name)
    # 无 in a column of yes and no is an answer.
    answers = column is not None and column.type == "boolean" and truth_of(cell) is not None
    return None if says_none(cell, f"{table}.{name}") and not answers else cell


def _header_row(sheet: Sheet, tables: Sequence[str]) -> tuple[int, str | None]:
    """Return the row that is most of a header, and the one table it is a header of; no table when several fit."""
    known = {table: sheet_words(table) for table in tables}
    best, place = 0, 0
    fitting: list[str] = []
    for position, row in enumerate(sheet.rows[:_LOOKED_AT]):
        words = [cell for cell in row if cell]
        scores = {table: len({_known(known[table], cell) for cell in words} - {None}) for table in tables}
        score = max(scores.values())
        # A lone word such as 部门 in a title row is no header, unless it is all there is.
        if score > best and (score > 1 or len(words) == 1 == len(row)):
            best, place = score, position
            fitting = [table for table in tables if scores[table] == score]
    if best == 0 and len(tables) == 1:
        return _misspelt_header(sheet, tables[0])
    if set(fitting) == set(_PEOPLE_FIRST):
        return place, _PEOPLE_FIRST[0]
    return place, fitting[0] if len(fitting) == 1 else None


def _misspelt_header(sheet: Sheet, table: str) -> tuple[int, str | None]:
    """Return the row that is meant as the header of a sheet whose title names its table.

    Its unknown words are then reported one by one, each with the header that it resembles.
    """
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    known = [*sheet_words(table), *UNUSED_HEADERS]
    best, place = 1, 0
    for position, row in enumerate(sheet.rows[:_LOOKED_AT]):
        words = {fold_word(cell) for cell in row if cell}
        score = sum(
            1
            for word in words
            if process.extractOne(word[:100], known, scorer=OSA.normalized_similarity, score_cutoff=0.5)
        )
        if score > best:
            best, place = score, position
    return place, table if best > 1 else None


def _columns(
    header: Sequence[str | None], table: str, name: str, line: int, gathered: Gathered
) -> tuple[dict[str, int], dict[str, str], list[Problem]]:
    """Return where each column stands and what it is called; problems for unknown and repeated headers."""
    known = sheet_words(table)
    positions: dict[str, int] = {}
    headers: dict[str, str] = {}
    problems = []
    unused = []
    unknown: list[tuple[Place, str, str]] = []
    for position, cell in enumerate(header):
        if not cell:
            continue
        place = Place(name, line, position + 1)
        column = _known(known, cell)
        if column is None and {fold_word(cell), header_key(cell)} & UNUSED_HEADERS:
            unused.append(" ".join(cell.split()))
        elif column is None:
            choices = [column.zh for column in table_schema(table).columns.values()]
            hint = suggestion(cell, [*choices, *_BY_NAME.get(table, {})])
            unknown.append((place, hint, cell))
        elif column in positions:
            first = positions[column] + 1
            problems.append(problem("column-twice", place, column=cell, first=first, name=column))
        else:
            positions[column], headers[column] = position, cell
    if unused:
        gathered.notes.append(problem("note-columns", Place(name), columns=tuple(unused)))
    # What is unknown is told; where a column that every row needs is not there, it is what must be put right.
    lacking = _missing(FilledSheet(table, name, name, headers, [], [], header_line=line))
    key, kept = ("unknown-column", problems) if lacking else ("note-unknown-column", gathered.notes)
    kept += [problem(key, place, suggested=hint, column=cell, table=table) for place, hint, cell in unknown]
    return positions, headers, problems
