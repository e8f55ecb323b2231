"""Read spreadsheets that people filled in: find title rows, headers and which table each sheet is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from policycore.errors import DataError, Place
from policycore.estate.cells.words import is_no_value, says_none, table_of_title, truth_of
from policycore.estate.inputs import FilledSheet, Gathered, InputFile
from policycore.estate.office.forms import FilledForm, is_form, is_inventory, named_like_form, read_form, says_nil
from policycore.estate.office.headers import NAMES, Header, Headers, lacking
from policycore.estate.office.identities import give
from policycore.estate.office.layout import (
    NUMBER_HEADERS,
    close_up,
    foot_of,
    header_key,
    said_group,
    said_unit,
    status_of_title,
)
from policycore.estate.office.office_recipe import NOT_USED, OfficeRecipe
from policycore.estate.office.register import add_register
from policycore.estate.parts import Unreadable
from policycore.estate.problems import problem
from policycore.estate.readers.form_page import is_scan
from policycore.estate.readers.sheets import read_sheets
from policycore.estate.readers.xlsx import Sheet
from policycore.estate.reading import Choice, Question, ReadColumn, Reading, table_words
from policycore.language import say
from policycore.model.schema import table_schema, table_schemas
from policycore.model.words import fold_word
from policycore.text.suggest import nearest, suggestion

__all__ = ["read_workbooks"]

_explanation = re.compile(r".*(?:说明|须知|示例|样例|样表|范例|示范)[0-9]*")
_OF_A_PERSON = frozenset(
    {"people.name", "groups.owner_id", "groups.creator_id", "groups.responsible_id", "groups.admins"}
    | {"memberships.account_id", "accounts.person_id", "appointments.person_id"}
)
_MEMBERS = frozenset({"群成员", "成员", "成员名单", "群成员名单", "成员列表", "群成员列表", "群昵称", "群名片"})
_about_members = re.compile(r"(?:(?:全体)?成员(?:名单|列表)?|名单|\([0-9]+\)|（[0-9]+）)+$")
_default_title = re.compile(r"(?i)(?:sheet|工作表|table|表)\s*[0-9]*")


def read_workbooks(files: Sequence[InputFile], gathered: Gathered, recipe: OfficeRecipe | None = None) -> None:
    """Read every sheet of every workbook (and CSV lists with Chinese names) and add what they supply."""
    recipe = recipe or OfficeRecipe()
    work = _Workbooks(gathered, Headers(recipe))
    for file in files:
        try:
            work.read(file)
        except DataError as error:
            gathered.problems.extend(error.problems)
    # Names can't be looked up in a sheet without its own; saying so of every row would bury the cause.
    if work.complete:
        add_register(work.filled, gathered, recipe, work.forms)


@dataclass(slots=True)
class _Workbooks:
    """The sheets that were read so far."""

    gathered: Gathered
    headers: Headers
    filled: list[FilledSheet] = field(default_factory=list)
    forms: list[FilledForm] = field(default_factory=list)
    complete: bool = True
    """Whether no sheet lacks a column that every row needs."""

    def read(self, file: InputFile) -> None:
        """Read the sheets of one file; it is an error where none of them is a table."""
        sheets = []
        if not is_scan(file.path):
            try:
                sheets = read_sheets(file)
            except DataError:
                # What a department hands back is told of, whatever is wrong with the file.
                if not named_like_form(file):
                    raise
        if is_form(file, sheets):
            form = read_form(file)
            self.forms.append(form)
            self.gathered.readings.append(Reading(file.name, "submissions", "form", rows=len(form.people)))
            return
        if not sheets:
            self.gathered.problems.append(problem("empty-file", Place(file.name)))
        before, unread = len(self.filled), []
        for sheet in sheets:
            name = file.name if len(sheets) == 1 else f"{file.name}[{sheet.title}]"
            reading = self.take(file, sheet, name, alone=len(sheets) == 1)
            if reading is not None:
                unread.append((reading, sheet))
        for reading, sheet in unread:
            self.gathered.readings.append(reading)
            # What lies beside a list is told; a file of which nothing is read is not what somebody handed it in as.
            if len(self.filled) == before and reading.why == "undecided":
                hint = suggestion(sheet.title, table_schemas())
                self.gathered.problems.append(
                    problem("no-table-sheet", Place(reading.file), suggested=hint, sheet=sheet.title)
                )

    def take(self, file: InputFile, sheet: Sheet, name: str, *, alone: bool) -> Reading | None:
        """Take in one sheet; return why it was not read where it was not."""
        said = self.headers.recipe.sheets.get(sheet.title)
        if said == NOT_USED:
            return Reading(name, way="none", why="answered", hidden=sheet.hidden)
        if said is None and _explanation.fullmatch(sheet.title):
            # Its example is nobody's.
            return Reading(name, way="none", why="explanation", hidden=sheet.hidden)
        names = None if said else _shown_names(file, sheet, name)
        if names is not None:
            self.filled.append(names)
            self.gathered.readings.append(names.reading)
            return None
        titled = said or table_of_title(sheet.title) or (table_of_title(Path(file.name).stem) if alone else None)
        card = self.headers.card(sheet.rows, [said] if said else list(table_schemas()))
        if card is not None:
            self._fill_card(file, sheet, name, *card)
            return None
        header, others = self._header(sheet, titled, fixed=said is not None)
        if header is None or others:
            why = "hidden" if sheet.hidden else "undecided"
            if why == "undecided":
                choices = (*(others or table_schemas()), NOT_USED)
                labels = tuple(Choice(one, table_words(one)) for one in choices)
                self.gathered.questions.append(Question("sheets", sheet.title, Place(name), labels))
            return Reading(name, way="none", why=why, hidden=sheet.hidden)
        named = self._named(header)
        if sheet.hidden and (len(named) < 2 or lacking(header.table, named)):
            # Words to choose from, which a program keeps there.
            return Reading(name, way="none", why="hidden", hidden=True)
        filled = self._fill(file, sheet, name, header)
        self._take_from_outside(filled, sheet, header, file)
        self._add(filled)
        return None

    def _add(self, filled: FilledSheet) -> None:
        reading = filled.reading
        reading.rows = len(filled.rows)
        self.gathered.readings.append(reading)
        if not filled.rows and not filled.unreadable:
            self.gathered.notes.append(problem("note-no-rows", Place(filled.file)))
        place = Place(filled.file, filled.header_line, 1)
        columns = table_schema(filled.table).columns
        missing = lacking(filled.table, filled.headers)
        if missing:
            # What is unknown is what must be put right then.
            self.gathered.problems += [
                problem(
                    "unknown-column",
                    Place(filled.file, filled.header_line, one.number),
                    suggested=suggestion(one.header, self.headers.choices(filled.table)),
                    column=one.header,
                    table=filled.table,
                )
                for one in reading.columns
                if not one.field and not one.known
            ]
        self.gathered.problems += [
            problem("column-missing", place, column=columns[name].zh, table=filled.table) for name in missing
        ]
        self.complete &= not missing
        self.filled.append(filled)

    def _header(self, sheet: Sheet, titled: str | None, *, fixed: bool) -> tuple[Header | None, list[str]]:
        """Return the header of a sheet, and the tables that it may as well be one of.

        What the sheet is called decides, but where what is in it can only be another table.
        """
        found, others = self.headers.find(sheet.rows, [titled] if titled else list(table_schemas()))
        if titled is None or fixed:
            return (found, others) if found or not titled else (self._misspelt(sheet, titled), [])
        if found is None or lacking(titled, self._named(found)):
            other, several = self.headers.find(sheet.rows, list(table_schemas()))
            named = self._named(other) if other is not None else set()
            whole = other is not None and not several and not lacking(other.table, named)
            if whole and (found is None or len(named) > len(self._named(found))):
                return other, []
        return found or self._misspelt(sheet, titled), []

    def _named(self, header: Header) -> set[str | None]:
        return {self.headers.meaning(header.table, cell) for cell in header.cells if cell} - {None, ""}

    def _misspelt(self, sheet: Sheet, table: str) -> Header | None:
        """Return the row that is meant as the header of a sheet whose title names its table.

        Its unknown words are then reported one by one, each with the header that it resembles.
        """
        known = [*self.headers.words(table), *self.headers.choices(table)]
        scores = [
            sum(1 for cell in row if cell and nearest(fold_word(cell), known) is not None) for row in sheet.rows[:15]
        ]
        best = max(scores, default=0)
        return Header(table, scores.index(best), list(sheet.rows[scores.index(best)])) if best > 1 else None

    def _fill_card(
        self, file: InputFile, sheet: Sheet, name: str, table: str, pairs: Sequence[tuple[str, str | None, int]]
    ) -> None:
        """Take in a sheet that has a label before each value: one row."""
        rows: list[list[str | None]] = [[label for label, _, _ in pairs], [value for _, value, _ in pairs]]
        lying = Sheet(sheet.title, rows, sheet.first_row, hidden=sheet.hidden)
        filled = self._fill(file, lying, name, Header(table, 0, list(rows[0])))
        filled.reading.way, filled.reading.header = "card", 0
        # The row that is said is the one of the first label, not one below it.
        filled.numbers = [sheet.first_row + pairs[0][2] for _ in filled.numbers]
        self._take_from_outside(filled, sheet, Header(table, pairs[0][2], []), file)
        self._add(filled)

    def _fill(self, file: InputFile, sheet: Sheet, name: str, header: Header) -> FilledSheet:
        """Return one sheet with its table and columns; a second list further down is taken in by itself."""
        line = sheet.first_row + header.row
        reading = Reading(name, header.table, header=line, hidden=sheet.hidden)
        filled = FilledSheet(header.table, file.name, name, {}, [], [], header_line=line, reading=reading)
        positions = self._columns(header, filled)
        cells, table = header.cells, header.table
        numbered = next(
            (place for place, cell in enumerate(cells) if cell and header_key(cell) in NUMBER_HEADERS), None
        )
        keys = {column: place for column, place in positions.items() if column in _identity(table, filled.headers)}
        above = {fold_word(cell) for row in sheet.rows[: header.row] for cell in row if cell}
        for number, row in enumerate(sheet.rows[header.row + 1 :], line + 1):
            if not any(cell is not None and cell.strip() for cell in row):
                continue
            nil = table == "groups" and says_nil(row, keys.values())
            filled.nil_return |= nil
            why = "none" if nil else foot_of(row, keys, numbered, above) or ("header" if _repeats(row, cells) else "")
            if why:
                text = next(cell.strip() for cell in row if cell and cell.strip())
                reading.aside.append((number, text, why))
                continue
            if self._is_header(row):
                rest = Sheet(sheet.title, sheet.rows[number - sheet.first_row :], number, hidden=sheet.hidden)
                unread = self.take(file, rest, name, alone=False)
                if unread is not None:
                    self.gathered.readings.append(unread)
                break
            width = len(cells)
            if any(cell is not None for cell in row[width:]):
                wanted = say("estate.expected-cells", count=width)
                filled.unreadable.append(Unreadable(number, "ragged", wanted, ",".join(cell or "" for cell in row)))
                continue
            if sum(1 for cell in row if cell) == 1:
                filled.lone.add(len(filled.rows))
            if any(cell and "兼" in cell for cell in row):
                filled.again.add(len(filled.rows))
            filled.rows.append(
                {
                    column: _kept(filled, column, row[place] if place < len(row) else None, number)
                    for column, place in positions.items()
                }
            )
            filled.numbers.append(number)
        filled.inventory = hashlib.sha256(file.path.read_bytes()).hexdigest() if is_inventory(filled) else ""
        return filled

    def _is_header(self, row: Sequence[str | None]) -> bool:
        """Return whether a row below the header begins another list."""
        words = [cell for cell in row if cell]
        return len(words) > 1 and all(self.headers.is_word(cell) for cell in words) and len(set(words)) == len(words)

    def _columns(self, header: Header, filled: FilledSheet) -> dict[str, int]:
        """Return where each column stands; note what becomes of it, and ask about those that nobody knows."""
        table, positions = header.table, dict[str, int]()
        for position, cell in enumerate(header.cells):
            if not cell:
                continue
            place = Place(filled.file, filled.header_line, position + 1)
            column = self.headers.meaning(table, cell)
            if column and column in positions:
                # An id beside the name of the same: what tells one row from another counts, the other is not used.
                said_by_id = [_says_id(one) for one in (filled.headers[column], cell)]
                if not column.endswith("_id") or said_by_id[0] == said_by_id[1]:
                    first = positions[column] + 1
                    self.gathered.problems.append(problem("column-twice", place, column=cell, first=first, name=column))
                elif said_by_id[1]:
                    told = filled.reading.columns
                    told[:] = [replace(one, field=None) if one.number == positions[column] + 1 else one for one in told]
                    positions[column], filled.headers[column] = position, cell
                else:
                    column = ""
            elif column:
                positions[column], filled.headers[column] = position, cell
            meant = nearest(header_key(cell), self.headers.choices(table)) if column is None else None
            known = column is not None
            filled.reading.columns.append(ReadColumn(cell, position + 1, column or None, known, meant))
            if not known:
                self._ask(table, cell, meant, place)
        return positions

    def _ask(self, table: str, header: str, meant: str | None, place: Place) -> None:
        """Ask what a column is that nobody knows; the one that it resembles comes first."""
        columns = table_schema(table).columns
        names = dict.fromkeys([*(filter(None, [self.headers.meaning(table, meant)]) if meant else ()), *columns])
        choices = [Choice(NOT_USED, say("estate.choice-none"))]
        choices += [Choice(name, columns[name].zh if name in columns else meant or name) for name in names]
        self.gathered.questions.append(Question("headers", header, place, tuple(choices), table))

    def _take_from_outside(self, filled: FilledSheet, sheet: Sheet, header: Header, file: InputFile) -> None:
        """Take what is said once for all rows: unit or group above the header or in the title, 退休 in the title."""
        above = sheet.rows[: header.row + 1 - header.lines]
        untitled = _default_title.fullmatch(sheet.title) or table_of_title(sheet.title)
        filled.titles = (*(() if untitled else (sheet.title,)), Path(file.name).stem)
        unit = said_unit(above)
        if unit is not None and filled.table in ("groups", "people") and "department_id" not in filled.headers:
            give(filled, "department_id", unit)
        if filled.table == "memberships" and "group_id" not in filled.headers:
            group = said_group(above) or _about_members.sub("", filled.titles[0]).strip(" -_")
            if group:
                give(filled, "group_id", group)
        if filled.table == "people" and "status" not in filled.headers:
            status = status_of_title(sheet.title)
            if status is not None:
                give(filled, "status", status)


def _shown_names(file: InputFile, sheet: Sheet, name: str) -> FilledSheet | None:
    """Return a list of one column as the members of the group that the sheet, or the file, is called by; else None."""
    cells = [(number, row[0]) for number, row in enumerate(sheet.rows) if any(row)]
    alone = all(not any(row[1:]) for row in sheet.rows)
    if not alone or not cells or not cells[0][1]:
        return None
    heading = header_key(cells[0][1]) in _MEMBERS
    if (not heading and not sheet.lines) or len(cells) < 1 + heading:
        return None
    # A title that names no group is no group's name.
    untitled = _default_title.fullmatch(sheet.title) or table_of_title(sheet.title)
    title = Path(file.name).stem if untitled else sheet.title
    start = cells[0][0] if heading else -1
    group = _about_members.sub("", title).strip(" -_") or title
    named = str(cells[0][1]) if heading else title
    headers = {"group_id": named, "display_name": named}
    found = FilledSheet("memberships", file.name, name, headers, [], [], shown_names=True)
    found.header_line = sheet.first_row + start
    for number, cell in cells[heading:]:
        if cell:
            found.rows.append({"group_id": group, "display_name": cell})
            found.numbers.append(sheet.first_row + number)
    line = found.header_line if heading else 0
    found.reading = Reading(name, "memberships", "names", line, rows=len(found.rows), hidden=sheet.hidden)
    if heading:
        found.reading.columns.append(ReadColumn(named, 1, "display_name"))
    found.reading.given.append(("group_id", group))
    return found


def _identity(table: str, headers: Mapping[str, str]) -> tuple[str, ...]:
    """Return the columns of a sheet without which a row is nobody and nothing."""
    named = tuple(name for name in ("id", NAMES.get(table, "")) if name in headers)
    named = named or tuple(name for name in table_schema(table).key if name in headers)
    # Of what was handed in each row says by whom.
    return named or tuple({"department_id"} & headers.keys())


def _repeats(row: Sequence[str | None], header: Sequence[str | None]) -> bool:
    """Return whether a row is the header once more, as on every page of a long list."""
    both = [(cell, named) for cell, named in zip(row, header, strict=False) if named and cell]
    return len(both) > 1 and all(header_key(cell) == header_key(named) for cell, named in both)


def _says_id(header: str) -> bool:
    """Return whether a header speaks of ids and not of names."""
    return re.search(r"(?i)编号|编码|代码|群号|账号|工号|\bid\b|id$", header) is not None


def _kept(sheet: FilledSheet, name: str, cell: str | None, row: int) -> str | None:
    """Return a cell as it is read: nothing where people wrote that there is none."""
    table = sheet.table
    if cell is None:
        return None
    if is_no_value(cell) and name in ("id", NAMES.get(table)):
        return None
    if f"{table}.{name}" in _OF_A_PERSON:
        cell = close_up(cell)
    if name == NAMES.get(table):
        cell = "".join(cell.splitlines())
    column = table_schema(table).columns.get(name)
    # 无 in a column of yes and no is an answer.
    answers = column is not None and column.type == "boolean" and truth_of(cell) is not None
    if not says_none(cell, f"{table}.{name}") or answers:
        return cell
    sheet.reading.took(name, cell, None, row)
    return None
