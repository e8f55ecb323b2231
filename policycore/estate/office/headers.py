"""Know the headers of lists that people keep: what each means in which table, in one line or in two."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from policycore.estate.cells.words import UNUSED_HEADERS, header_words
from policycore.estate.office.header_words import (
    LISTS,
    before_contact,
    before_number,
    is_of_somebody,
    put_together,
    spelt_headers,
)
from policycore.estate.office.layout import header_key
from policycore.estate.office.office_recipe import NOT_USED, OfficeRecipe
from policycore.estate.office.option_cells import is_option
from policycore.model.schema import table_schema, table_schemas
from policycore.model.words import fold_word

__all__ = ["NAMES", "Card", "Header", "Headers", "lacking", "office_tables"]

# Title rows above the header: the name of the list, the department, the date.
_LOOKED_AT = 40
_CARD_ROWS = 100
"""No card of one row is longer."""
_CARD = 3
"""How many labels beside their values make a card of one row."""

NAMES = {"departments": "name", "people": "name", "groups": "name", "tasks": "title"}
"""Columns that tell rows apart where a list has no ids."""

_PEOPLE_FIRST = ("people", "appointments")
"""A list of names, units and posts is a directory, which gives posts as well."""

_REMARKS = frozenset({"备注", "备注说明", "情况说明", "说明", "remark", "remarks"})
_REMARKED = ("groups", "people", "memberships")
"""Tables of which remarks may tell what becomes of a row."""
_TELLING_NOTHING = frozenset({None, "", "account", "remark", "seconded_to", "owner_tick", "admin_tick"})
"""What headers mean that are found in lists of every kind: of which one it is they don't say."""


def office_tables() -> list[str]:
    """Return the tables that a sheet may be without being called so; forms and inventories make the others."""
    return [name for name in table_schemas() if name not in ("designations", "listings")]


@dataclass(frozen=True, slots=True)
class Header:
    """What was found to be the header of a sheet."""

    table: str
    row: int
    """Position of its last line in the sheet."""
    cells: list[str | None]
    lines: int = 1


@dataclass(slots=True)
class Headers:
    """What headers mean, extended by what a recipe says."""

    recipe: OfficeRecipe = field(default_factory=OfficeRecipe)
    _words: dict[str, dict[str, str]] = field(default_factory=dict)
    _any: frozenset[str] = frozenset()

    def words(self, table: str) -> Mapping[str, str]:
        """Return every header that means something on a sheet of this table, folded; what is not used means ""."""
        if table not in self._words:
            spelt, said = spelt_headers(table), self.recipe.headers.get(table, {})
            self._words[table] = {
                **{fold_word(header): column for column, headers in spelt.items() for header in headers},
                **header_words(table_schema(table)),
                **{header_key(one): "" if name == NOT_USED else name for one, name in said.items()},
            }
        return self._words[table]

    def meaning(self, table: str, cell: str, beside: Collection[str | None] = ()) -> str | None:
        """Return the column that a header means, "" for one that is not used, None for one that nobody knows.

        One that nobody has listed means no column that another one `beside` it means already.
        """
        listed = next(put_together(table, fold_word(cell).strip("*:"), two=True), None) or self._listed(table, cell)
        if listed is not None:
            return listed
        if table in _REMARKED and header_key(cell) in _REMARKS:
            return "remark"
        key = header_key(cell)
        # Such lists have it and no table keeps it; what one of members says of the people is for the directory to say.
        unused = {fold_word(cell), key} & UNUSED_HEADERS or is_of_somebody(key)
        if unused or (table == "memberships" and self._listed("people", cell)):
            return ""
        like = [*put_together(table, key), self._listed(table, before_contact(key))]
        return next((one for one in like if one not in beside or f"{table}.{one}" in LISTS), None)

    def listed(self, table: str, cells: Sequence[str | None]) -> set[str | None]:
        """Return the columns that headers mean which somebody has listed."""
        return {self._listed(table, cell) for cell in cells if cell}

    def _listed(self, table: str, cell: str) -> str | None:
        """Return the column that a header means as somebody has listed it, a list's with a number behind as well."""
        known, key = self.words(table), header_key(cell)
        for word in (key, fold_word(cell)):
            if word in known:
                return known[word]
        column = known.get(before_number(key))
        return column if f"{table}.{column}" in LISTS else None

    def is_word(self, cell: str) -> bool:
        """Return whether a cell is a header in any table."""
        if not self._any:
            self._any = UNUSED_HEADERS.union(*(self.words(table) for table in table_schemas()))
        key = header_key(cell)
        return (
            key in self._any
            or fold_word(cell) in self._any
            or is_of_somebody(key)
            or before_contact(key) in self._any
            or any(f"{name}.{self._listed(name, before_contact(key))}" in LISTS for name in ("groups", "people"))
        )

    def choices(self, table: str) -> list[str]:
        """Return the headers of the table's own columns that a misspelt one may be meant for."""
        listed = [header for headers in spelt_headers(table).values() for header in headers]
        return [*(column.zh for column in table_schema(table).columns.values()), *listed]

    def find(self, rows: Sequence[Sequence[str | None]], tables: Sequence[str]) -> tuple[Header | None, list[str]]:
        """Return the header among the first rows, and the tables that it may as well be one of."""
        best, place = 0, 0
        fitting: list[str] = []
        for position, row in enumerate(rows[:_LOOKED_AT]):
            words = [cell for cell in row if cell]
            scores = {table: self._score(table, row) for table in tables}
            score = max(scores.values(), default=0)
            # A lone word such as 部门 in a title row is no header, unless it is all there is, or names of groups are
            # counted beside.
            named = scores.get("groups") == 1 and "name" in {self.meaning("groups", cell) for cell in words}
            counted = named and sum(map(self.is_word, words)) > 1
            if score > best and (score > 1 or len(words) == 1 == len(row) or counted):
                best, place = score, position
                fitting = [table for table in tables if scores[table] == score]
        if not fitting:
            return None, []
        # A second line tells more: what the two are a header of may be one table only.
        joined = {table: self._joined(rows, place, table) for table in fitting}
        scores = {table: self._score(table, cells) for table, (cells, _) in joined.items()}
        fitting = [table for table in fitting if scores[table] == max(scores.values())]
        table, others = self._chosen(joined[fitting[0]][0], fitting)
        cells, last = joined[table]
        return Header(table, last, cells, last - place + 1), others

    def _score(self, table: str, row: Sequence[str | None]) -> int:
        """Return how many columns of a table a row names."""
        return len({self.meaning(table, cell) for cell in row if cell} - _TELLING_NOTHING)

    def _chosen(self, cells: Sequence[str | None], fitting: Sequence[str]) -> tuple[str, list[str]]:
        """Return the one table that a header is of, and those that it may be of as well."""
        whole = [
            table
            for table in fitting
            if not lacking(table, {self.meaning(table, cell) or "" for cell in cells if cell})
        ]
        left = whole or list(fitting)
        return left[0], [] if set(left) == set(_PEOPLE_FIRST) or len(left) == 1 else left

    def _joined(self, rows: Sequence[Sequence[str | None]], place: int, table: str) -> tuple[list[str | None], int]:
        """Return the header of which `place` is a line, together with the line above or below it."""
        upper = rows[place]
        below = rows[place + 1] if place + 1 < len(rows) else []
        above = rows[place - 1] if place else []
        if self._is_second_line(upper, below, table):
            # Of a third line above only what stands over nothing counts: 序号, which is merged over all three.
            beside = [cell if cell and self.is_word(cell) else None for cell in above]
            joined = self._two_lines(upper, below, table)
            return [cell or _at(beside, number) for number, cell in enumerate(joined)], place + 1
        # 填报人：李强 beside 填报部门：教务处 is said above a list, and no line of its header.
        says = any(cell and (cell.isdigit() or re.search("[:：]\\s*\\S", cell)) for cell in above)
        if sum(1 for cell in above if cell) > 1 and not says:
            return self._two_lines(above, upper, table), place
        return list(upper), place

    def _is_second_line(self, upper: Sequence[str | None], below: Sequence[str | None], table: str) -> bool:
        """Return whether a row goes on with the header above it: 群主 over 姓名 and 电话."""
        new = [(over, cell) for over, cell in zip(upper, below, strict=False) if cell and cell != over]
        return bool(new) and all(
            self.is_word(cell) or is_option(table, cell) or (over is not None and self.is_word(f"{over}{cell}"))
            for over, cell in new
        )

    def _two_lines(self, upper: Sequence[str | None], lower: Sequence[str | None], table: str) -> list[str | None]:
        """Return the headers that two lines make: 群主 over 姓名 is 群主姓名, a group's name over all is none."""
        cells: list[str | None] = []
        over: str | None = None
        for place in range(max(len(upper), len(lower))):
            above = upper[place] if place < len(upper) else None
            here = lower[place] if place < len(lower) else None
            over = above or over
            if here is None or here == above:
                cells.append(above if here is None else here)
                continue
            # 群主信息 is about the 群主.
            stem = header_key(over or "").removesuffix("信息").removesuffix("情况")
            whole = [f"{over}{here}", f"{stem}{here}"] if over else []
            known = next((one for one in whole if self.meaning(table, one) or is_of_somebody(one)), None)
            stands = self.meaning(table, here) is not None or not over or is_option(table, here)
            cells.append(known or (here if stands else f"{over}{here}"))
        return cells

    def card(self, rows: Sequence[Sequence[str | None]], tables: Sequence[str]) -> Card | None:
        """Return what a sheet holds that has a label before each value; None for any other sheet."""
        if len(rows) > _CARD_ROWS:
            return None
        return self._card(rows, tables) or self._card([self._at_colons(row) for row in rows], tables)

    def _at_colons(self, row: Sequence[str | None]) -> list[str | None]:
        """Return a row in which 群名称：甲群 stands in two cells."""
        cells: list[str | None] = []
        for cell in row:
            label, colon, value = (cell or "").replace("：", ":").partition(":")
            split = colon and value.strip() and self.is_word(label)
            cells += [label, value.strip()] if split else [cell]
        return cells

    def _card(self, rows: Sequence[Sequence[str | None]], tables: Sequence[str]) -> Card | None:
        found = [
            (cell, row[place + 1] if place + 1 < len(row) else None, number, place)
            for number, row in enumerate(rows)
            for place, cell in enumerate(row)
            if cell and self.is_word(cell) and (place == 0 or not self.is_word(row[place - 1] or ""))
        ]
        scores = {table: self._score(table, [label for label, *_ in found]) for table in tables}
        table = max(scores, key=lambda name: scores[name], default="")
        meant = [(self.meaning(table, label), value) for label, value, *_ in found if table]
        labels = [(name, value) for name, value in meant if name]
        few = len({name for name, _ in labels}) < _CARD or lacking(table, {name for name, value in labels if value})
        if few or any(value and self.is_word(value) for _, value in labels):
            return None
        records, first = [dict[str, str | None]()], labels[0][0]
        lines: list[int] = []
        for (label, value, number, _), (name, _) in zip(found, meant, strict=True):
            if name == first and lines:
                # The next card on the same sheet.
                records.append({})
            if name == first:
                lines.append(number)
            if label in records[-1]:
                return None
            records[-1][label] = value
        if len(records) == 1 and len({place for *_, place in found}) == 1:
            # The same labels before several columns of values: a list on its side.
            place = found[0][-1]
            for column in range(place + 2, max(map(len, rows))):
                beside = {label: _at(rows[number], column) for label, _, number, _ in found}
                if not lacking(table, {self.meaning(table, label) for label, value in beside.items() if value}):
                    records.append(beside)
                    lines.append(lines[0])
        return Card(table, records, lines)


@dataclass(frozen=True, slots=True)
class Card:
    """What stands on a sheet with a label before each value."""

    table: str
    records: Sequence[Mapping[str, str | None]]
    """The values of each card by their labels."""
    lines: Sequence[int]
    """The position of the row in which each begins."""


def _at(row: Sequence[str | None], place: int) -> str | None:
    return row[place] if place < len(row) else None


def lacking(table: str, found: Collection[str | None]) -> list[str]:
    """Return the columns that every row of a table needs and that are not `found`; a name may stand for the id."""
    schema = table_schema(table)
    name = schema.columns.get(NAMES.get(table, ""))
    if table == "submissions":
        # Who keeps such a list gives no ids: each row is one.
        return [] if "department_id" in found or "id" in found else ["department_id"]
    needed = {
        name.name if name and column.name == "id" else column.name
        for column in schema.columns.values()
        if not column.nullable
    }
    if "id" in found and name and name.nullable:
        needed.discard(name.name)
    if table == "memberships" and "display_name" in found:
        # What somebody is shown as tells enough for the rules that judge just that.
        needed.discard("account_id")
    return [column for column in schema.columns if column in needed and column not in found]
