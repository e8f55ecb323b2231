"""Read spreadsheets that people filled in: find title rows, headers and which table each sheet is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from policycore.errors import DataError, Place, Problem
from policycore.estate.cells.words import (
    UNUSED_HEADERS,
    header_words,
    says_none,
    table_of_title,
    truth_of,
)
from policycore.estate.inputs import FilledSheet, Gathered, InputFile
from policycore.estate.office.register import add_register
from policycore.estate.parts import Unreadable
from policycore.estate.problems import problem
from policycore.estate.readers.encoding import as_utf8, mapped
from policycore.estate.readers.xlsx import Sheet, read_sheets
from policycore.model.schema import table_schema, table_schemas
from policycore.model.words import fold_word
from policycore.text.suggest import suggestion

__all__ = ["read_workbooks", "sheet_words"]

# Title rows above the header: the name of the list, the department, the date.
_LOOKED_AT = 15
_EXPLANATION = "说明"

# Headers of registers that name people and groups instead of ids, with what they mean there.
_BY_NAME: dict[str, dict[str, str]] = {
    "groups": {"群管理员": "admins", "管理员": "admins"},
    "memberships": {"群名称": "group_id", "群名": "group_id", "姓名": "account_id",
                    "成员": "account_id",
                    "成员姓名": "account_id", "部门": "department", "单位": "department"},
    "people": {"部门": "department_id", "部门名称": "department_id", "单位": "department_id",
               "所在部门": "department_id",
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


def sheet_words(table: str) -> dict[str, str]:
    """Return every header that means something on a sheet of this table, folded."""
    words = {fold_word(header): meaning for header, meaning in _BY_NAME.get(table, {}).items()}
    return {**words, **header_words(table_schema(table))}


def read_workbooks(files: Sequence[InputFile], gathered: Gathered) -> None:
    """Read every sheet of every workbook (and CSV lists with Chinese names) and add what they supply."""
    filled: list[FilledSheet] = []
    complete = True
    for file in files:
        try:
            sheets = _csv_sheet(file) if file.path.suffix.lower() == ".csv" else read_sheets(file.path, file.name)
        except DataError as error:
            gathered.problems.extend(error.problems)
            continue
        if not sheets:
            gathered.problems.append(problem("empty-file", Place(file.name)))
        for sheet in sheets:
            taken = _fill(file, sheet, len(sheets) == 1, gathered)
            if taken is not None:
                if not taken.rows and not taken.unreadable:
                    gathered.notes.append(problem("note-no-rows", Place(taken.file)))
                missing = _missing(taken)
                gathered.problems += missing
                complete &= not missing
                filled.append(taken)
    # Names can't be looked up in a sheet without its own; saying so of every row would bury the cause.
    if complete:
        add_register(filled, gathered)


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
        for number, record in read_csv_rows(data, file.name, unreadable):
            while len(rows) < number:
                rows.append([])
            rows.append([cell.strip() or None for cell in record])
    if unreadable:
        raise DataError(
            *(problem("csv-quote", Place(file.name), suggested=bad.expected, row=bad.row) for bad in unreadable)
        )
    return [Sheet(Path(file.name).stem, rows, 1)]


def _fill(file: InputFile, sheet: Sheet, alone: bool, gathered: Gathered) -> FilledSheet | None:
    """Return one sheet with its table and columns; note or report what it is not."""
    name = file.name if alone else f"{file.name}[{sheet.title}]"
    table = table_of_title(sheet.title) or (table_of_title(Path(file.name).stem) if alone else None)
    start, best = _header_row(sheet, [table] if table else list(table_schemas()))
    if best is None:
        if _EXPLANATION in sheet.title:
            gathered.notes.append(problem("note-sheet", Place(name)))
        else:
            hint = suggestion(sheet.title, table_schemas())
            gathered.problems.append(problem("no-table-sheet", Place(name), suggested=hint, sheet=sheet.title))
        return None
    positions, headers, problems = _columns(sheet.rows[start], best, name, sheet.first_row + start, gathered)
    gathered.problems.extend(problems)
    filled = FilledSheet(best, file.name, name, headers, [], [], header_line=sheet.first_row + start)
    width = len(sheet.rows[start])
    for number, row in enumerate(sheet.rows[start + 1 :], 1):
        if not any(cell is not None and cell.strip() for cell in row):
            continue
        if any(cell is not None for cell in row[width:]) or len(row) < width:
            from policycore.language import say

            wanted = say("estate.expected-cells", count=width)
            filled.unreadable.append(Unreadable(number, "ragged", wanted, ",".join(cell or "" for cell in row)))
            continue
        filled.rows.append({column: _kept(best, column, row[position]) for column, position in positions.items()})
        filled.numbers.append(number)
    return filled


def _kept(table: str, name: str, cell: str | None) -> str | None:
    """Return a cell as it is read: nothing where people wrote that there is none."""
    if cell is None:
        return None
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
        words = [fold_word(cell) for cell in row if cell]
        scores = {table: len({known[table][word] for word in words if word in known[table]}) for table in tables}
        score = max(scores.values())
        # A lone word such as 部门 in a title row is no header, unless it is all there is.
        if score > best and (score > 1 or len(words) == 1 == len(row)):
            best, place = score, position
            fitting = [table for table in tables if scores[table] == score]
    if best == 0 and len(tables) == 1:
        return _misspelt_header(sheet, tables[0])
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
    for position, cell in enumerate(header):
        if not cell:
            continue
        place = Place(name, line, position + 1)
        column = known.get(fold_word(cell))
        if column is None and fold_word(cell) in UNUSED_HEADERS:
            unused.append(cell)
        elif column is None:
            choices = [column.zh for column in table_schema(table).columns.values()]
            hint = suggestion(cell, [*choices, *_BY_NAME.get(table, {})])
            problems.append(problem("unknown-column", place, suggested=hint, column=cell, table=table))
        elif column in positions:
            first = positions[column] + 1
            problems.append(problem("column-twice", place, column=cell, first=first, name=column))
        else:
            positions[column], headers[column] = position, cell
    if unused:
        gathered.notes.append(problem("note-columns", Place(name), columns=", ".join(unused)))
    return positions, headers, problems
