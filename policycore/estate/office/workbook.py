"""Read spreadsheets that people filled in: find title rows, headers and which table each sheet is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from policycore.errors import DataError, Place
from policycore.estate.cells.words import UNUSED_HEADERS, table_of_title
from policycore.estate.inputs import FilledSheet, Gathered, InputFile
from policycore.estate.office.forms import FilledForm, is_form, is_inventory, named_like_form, read_form, says_nil
from policycore.estate.office.headers import Card, Header, Headers, lacking, office_tables
from policycore.estate.office.identities import give
from policycore.estate.office.layout import (
    NUMBER_HEADERS,
    foot_of,
    header_key,
    is_called_list,
    said_unit,
    status_of_title,
)
from policycore.estate.office.matrix import groups_across
from policycore.estate.office.names_alone import (
    a_group_a_column,
    group_of_members,
    is_about_members,
    is_untitled,
    names_alone,
    nil_alone,
)
from policycore.estate.office.office_recipe import NOT_USED, OfficeRecipe
from policycore.estate.office.option_cells import with_options_joined
from policycore.estate.office.parted_cells import part_cells
from policycore.estate.office.prose import read_letter
from policycore.estate.office.register import add_register
from policycore.estate.office.remarks import fill_status
from policycore.estate.office.row_cells import (
    identity_of,
    kept_row,
    repeats,
    says_id,
    set_aside,
    take_row,
    with_group_above,
)
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


def read_workbooks(files: Sequence[InputFile], gathered: Gathered, recipe: OfficeRecipe | None = None) -> None:
    """Read every sheet of every workbook (and CSV lists with Chinese names) and add what they supply."""
    recipe = recipe or OfficeRecipe()
    work = _Workbooks(gathered, Headers(recipe))
    for file in files:
        filled, forms, wrong = len(work.filled), len(work.forms), len(gathered.problems)
        try:
            work.read(file)
        except DataError as error:
            gathered.problems.extend(error.problems)
        if len(gathered.problems) > wrong:
            # Half a file would pass for all of it.
            gathered.unread += gathered.problems[wrong:]
            del work.filled[filled:], work.forms[forms:], gathered.problems[wrong:]
            work.unread.append(file)
    if work.filled or work.forms or gathered.parts:
        add_register(work.filled, gathered, recipe, work.forms, work.unread)


@dataclass(slots=True)
class _Workbooks:
    gathered: Gathered
    headers: Headers
    filled: list[FilledSheet] = field(default_factory=list)
    forms: list[FilledForm] = field(default_factory=list)
    unread: list[InputFile] = field(default_factory=list)
    """Files of which nothing is taken, for something is wrong with them."""

    def read(self, file: InputFile) -> None:
        """Read the sheets of one file; it is an error where none of them is a table."""
        try:
            sheets = [] if is_scan(file.path) else read_letter(file, self.headers) or read_sheets(file)
        except DataError:
            # What a department hands back is told of, whatever is wrong with the file.
            if not named_like_form(file):
                raise
            sheets = []
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
        sheet = sheet if said else a_group_a_column(sheet) or nil_alone(sheet) or sheet
        card = self.headers.card(sheet.rows, [said] if said else office_tables())
        if not (card and sheet.lines) and said is None and self._takes_members(file, sheet, name):
            return None
        titled = said or _titled(file, sheet, alone=alone)
        if card is not None:
            self._fill_card(file, sheet, name, card)
            return None
        outside = {"group_id"} if is_about_members(file, sheet, alone=alone) else set()
        header, others = self._header(sheet, titled, outside, fixed=said is not None)
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
        second = _second_beside(header.cells)
        # Two columns of rows on one page, each under the same header.
        for start, end in ((0, second), (second, None)) if second else ():
            top = header.row + 1 - header.lines
            rows = [row if number < top else row[start:end] for number, row in enumerate(sheet.rows)]
            self.take(file, replace(sheet, rows=rows), name, alone=alone)
        if not second:
            filled = self._fill(file, sheet, name, header)
            self._take_from_outside(filled, sheet, header, file)
            self._add(filled)
        return None

    def _add(self, filled: FilledSheet) -> None:
        reading = filled.reading
        reading.rows = len(filled.rows)
        self.gathered.readings.append(reading)
        if not filled.rows and not filled.unreadable and not filled.nil_return:
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
        self.filled.append(filled)

    def _header(
        self, sheet: Sheet, titled: str | None, outside: Set[str], *, fixed: bool
    ) -> tuple[Header | None, list[str]]:
        """Return the header of a sheet, and the tables that it may as well be one of.

        What the sheet is called decides, which may say columns from `outside`, but where what is in it can only be
        another table.
        """
        found, others = self.headers.find(sheet.rows, [titled] if titled else office_tables())
        if titled is None or fixed:
            return (found, others) if found or not titled else (self._misspelt(sheet, titled), [])
        if found is None or lacking(titled, self._named(found) | outside):
            other, several = self.headers.find(sheet.rows, office_tables())
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
        known = [*self.headers.words(table), *self.headers.choices(table), *UNUSED_HEADERS]
        scores = [
            sum(1 for cell in row if cell and nearest(fold_word(cell), known) is not None) for row in sheet.rows[:15]
        ]
        best = max(scores, default=0)
        return Header(table, scores.index(best), list(sheet.rows[scores.index(best)])) if best > 1 else None

    def _fill_card(self, file: InputFile, sheet: Sheet, name: str, card: Card) -> None:
        """Take in a sheet that has a label before each value: a row for each card."""
        labels = list(dict.fromkeys(label for record in card.records for label in record))
        rows: list[list[str | None]] = [[*labels], *([record.get(name) for name in labels] for record in card.records)]
        lying = Sheet(sheet.title, rows, sheet.first_row, hidden=sheet.hidden)
        filled = self._fill(file, lying, name, Header(card.table, 0, list(labels)))
        filled.reading.way, filled.reading.header = "card", 0
        # The row that is said is the one of the first label, not one below it.
        filled.numbers = [sheet.first_row + card.lines[number - sheet.first_row - 1] for number in filled.numbers]
        self._take_from_outside(filled, sheet, Header(card.table, card.lines[0], []), file)
        self._add(filled)

    def _takes_members(self, file: InputFile, sheet: Sheet, name: str) -> bool:
        """Take in a sheet that holds display names alone, or ticks people in groups; return whether it is one."""
        names = names_alone(file, sheet, name)
        if names is not None:
            self.filled.append(names)
            self.gathered.readings.append(names.reading)
            return True
        across = list(groups_across(sheet, self.headers))
        for group, place, listed, header in across:
            # The name of a group heads the column of its members' marks.
            filled = self._fill(file, listed, f"{name}[{group}]", header)
            told = filled.reading.columns
            told[:] = [replace(one, header=group) if one.number == place + 1 else one for one in told]
            give(filled, "group_id", group)
            self._add(filled)
        return bool(across)

    def _fill(self, file: InputFile, sheet: Sheet, name: str, header: Header) -> FilledSheet:
        """Return one sheet with its table and columns; a second list further down is taken in by itself."""
        line = sheet.first_row + header.row
        reading = Reading(name, header.table, header=line, hidden=sheet.hidden)
        # Of what is hidden only what lies within the list is of it.
        last = line + len(sheet.rows) - header.row - 1
        reading.unseen = [one for one in sheet.unseen if not one.isdigit() or line < int(one) <= last]
        filled = FilledSheet(header.table, file.name, name, {}, [], [], header_line=line, reading=reading)
        cells, rows = with_options_joined(header.table, header.cells, sheet.rows[header.row + 1 :])
        header, table = replace(header, cells=cells), header.table
        positions, also = self._columns(header, filled)
        numbered = next(
            (place for place, cell in enumerate(cells) if cell and header_key(cell) in NUMBER_HEADERS), None
        )
        keys = {column: place for column, place in positions.items() if column in identity_of(table, filled.headers)}
        above = {fold_word(cell) for row in sheet.rows[: header.row] for cell in row if cell}
        for number, row in enumerate(rows, line + 1):
            if not any(cell is not None and cell.strip() for cell in row):
                continue
            if table == "memberships" and filled.rows:
                row = with_group_above(filled, row, positions, number)
            nil = table == "groups" and says_nil(row, keys.values())
            filled.nil_return |= nil
            why = "none" if nil else foot_of(row, keys, numbered, above) or ("header" if repeats(row, cells) else "")
            if why:
                set_aside(filled, row, why, number, positions)
                continue
            if self._is_header(row):
                rest = Sheet(sheet.title, sheet.rows[number - sheet.first_row :], number, hidden=sheet.hidden)
                unread = self.take(file, rest, name, alone=False)
                if unread is not None:
                    self.gathered.readings.append(unread)
                break
            if any(cell is not None for cell in row[len(cells) :]):
                wanted = say("estate.expected-cells", count=len(cells))
                filled.unreadable.append(Unreadable(number, "ragged", wanted, ",".join(cell or "" for cell in row)))
                continue
            take_row(filled, row, kept_row(filled, row, positions, also, number), number, numbered)
        part_cells(filled)
        reported = "handling" in filled.headers or is_inventory(filled.file)
        if filled.nil_return or (table == "groups" and reported):
            filled.inventory = hashlib.sha256(file.path.read_bytes()).hexdigest()
        return filled

    def _is_header(self, row: Sequence[str | None]) -> bool:
        """Return whether a row below the header begins another list."""
        words = [cell for cell in row if cell]
        return len(words) > 1 and all(self.headers.is_word(cell) for cell in words) and len(set(words)) == len(words)

    def _columns(self, header: Header, filled: FilledSheet) -> tuple[dict[str, int], dict[str, list[int]]]:
        """Return where each column stands, and stands again; note what becomes of it, ask about what nobody knows."""
        table, positions, also = header.table, dict[str, int](), dict[str, list[int]]()
        listed = self.headers.listed(table, header.cells)
        for position, cell in enumerate(header.cells):
            if not cell:
                continue
            place = Place(filled.file, filled.header_line, position + 1)
            column = self.headers.meaning(table, cell)
            if column not in self.headers.listed(table, [cell]):
                column = self.headers.meaning(table, cell, {*listed, *positions})
            if column and column in positions:
                # An id beside the name of the same: what tells one row from another counts, the other is not used.
                said_by_id = [says_id(one) for one in (filled.headers[column], cell)]
                if not column.endswith("_id") or said_by_id[0] == said_by_id[1]:
                    if column in identity_of(table, filled.headers):
                        first = positions[column] + 1
                        self.gathered.problems.append(
                            problem("column-twice", place, column=cell, first=first, name=column)
                        )
                    also.setdefault(column, []).append(position)
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
        return positions, also

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
        within = PurePosixPath(file.name)
        # The nearest title counts: the sheet's, the file's, then those of the folders that it is in.
        lone = [cells[0] for row in above if len(cells := [cell for cell in row if cell]) == 1]
        sheet_title = () if is_untitled(sheet) else (sheet.title,)
        filled.titles = (*sheet_title, *lone, within.stem, *reversed(within.parts[:-1]))
        unit = said_unit(above)
        if unit is not None and filled.table in ("groups", "people") and "department_id" not in filled.headers:
            give(filled, "department_id", unit)
        if filled.table == "memberships" and "group_id" not in filled.headers:
            group = group_of_members(file, sheet, above)
            if group:
                give(filled, "group_id", group)
        filled.shown_names = (
            filled.table == "memberships"
            and {"group_id", "display_name"} <= filled.headers.keys()
            and "account_id" not in filled.headers
        )
        if filled.table == "people":
            called = [title for title in (*lone, within.stem) if is_untitled(sheet) and is_called_list(title)]
            status = next(filter(None, map(status_of_title, (sheet.title, *called))), None)
            if status is not None and not fill_status(filled, status):
                give(filled, "status", status)


def _titled(file: InputFile, sheet: Sheet, *, alone: bool) -> str | None:
    """Return the table that a sheet, or the file that it is alone in, is called by; None where nothing says it."""
    titled = table_of_title(sheet.title) or (table_of_title(Path(file.name).stem) if alone else None)
    return titled or ("memberships" if is_about_members(file, sheet, alone=alone) else None)


def _second_beside(cells: Sequence[str | None]) -> int:
    """Return where the same header begins once more beside itself; 0 where it does not."""
    words = [header_key(cell) if cell else None for cell in cells]
    first = next((place for place, word in enumerate(words) if word), 0)
    for place in range(first + 2, len(words)):
        again = [word for word in words[place:] if word]
        if words[place] == words[first] and len(again) > 1 and again == [word for word in words[:place] if word]:
            return place
    return 0
