"""Read a table of people by groups: names down, groups across, a tick or a role where somebody is a member."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from policycore.estate.cells.words import says_none, truth_of
from policycore.estate.office.headers import Header, Headers
from policycore.estate.office.layout import foot_of
from policycore.estate.office.names_alone import is_of_a_group
from policycore.estate.readers.xlsx import Sheet
from policycore.model.schema import table_schema
from policycore.model.words import enumeration_words, fold_word

__all__ = ["groups_across"]

_LOOKED_AT = 15
_ROLE = "群内身份"
"""Stands over the marks of one group."""
_about_groups = re.compile("所?(?:在|属|加入|参加|参与)|现有|各|全部")
_MARKED = 0.8
"""The share of filled cells under groups that are marks; one that is none is a role that nobody knows."""


def groups_across(sheet: Sheet, headers: Headers) -> Iterator[tuple[str, int, Sheet, Header]]:
    """Yield each group that heads a column of marks, the place of the column, and its members as a list of their own.

    Rows and columns stand where they stood. Nothing is yielded for a sheet that is no such table.
    """
    words = enumeration_words(table_schema("memberships").columns["role"])
    for number, row in enumerate(sheet.rows[:_LOOKED_AT]):
        above = sheet.rows[number - 1] if number else []
        cells = [
            cell or (above[place] if place < len(above) and headers.is_word(above[place] or "") else None)
            for place, cell in enumerate(row)
        ]
        groups = [place for place, cell in enumerate(cells) if cell and _heads(cell, headers)]
        people = [place for place, cell in enumerate(cells) if cell and headers.meaning("people", cell) == "name"]
        if not groups or not people:
            continue
        below = sheet.rows[number + 1 :]
        named = [one for one in below if not foot_of(one, {"name": people[0]}, None)]
        marks = [cell for one in named for place in groups if place < len(one) and (cell := one[place])]
        read = [cell for cell in marks if truth_of(cell) is not None or fold_word(cell) in words or says_none(cell, "")]
        if not read or len(read) < _MARKED * len(marks):
            return
        for group in groups:
            head = [_ROLE if place == group else None if place in groups else cell for place, cell in enumerate(cells)]
            listed = [_only(one, group, {*groups} - {group}) for one in below]
            lying = replace(sheet, rows=[*sheet.rows[:number], head, *listed])
            yield str(cells[group]).strip(), group, lying, Header("memberships", number, head)
        return


def _heads(cell: str, headers: Headers) -> bool:
    """Return whether a header is a group's own name."""
    named = is_of_a_group(cell) and not _about_groups.match(cell)
    return named and not headers.is_word(cell) and not headers.meaning("memberships", cell)


def _only(row: list[str | None], group: int, others: set[int]) -> list[str | None]:
    """Return a row with the role in one group, and without those in the `others`; nothing of who is not in it."""
    mark = row[group] if group < len(row) else None
    if not mark or truth_of(mark) is False or says_none(mark, ""):
        return []
    role = "成员" if truth_of(mark) else mark
    return [role if place == group else None if place in others else cell for place, cell in enumerate(row)]
