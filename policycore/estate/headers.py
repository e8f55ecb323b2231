"""Match a file's headers to a table's columns: English names, Chinese headers, nothing guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from policycore.errors import DataError, Place, Problem
from policycore.estate.problems import problem
from policycore.estate.words import UNUSED_HEADERS, fold_word
from policycore.model.schema import TableSchema
from policycore.text.suggest import suggestion

__all__ = ["Matched", "header_words", "match_headers"]


@dataclass(slots=True)
class Matched:
    """Say at which position each column stands, and which headers no table keeps."""

    positions: dict[str, int] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)


def header_words(table: TableSchema) -> dict[str, str]:
    """Return every header that means a column of the table, folded, with the column's name."""
    words = {fold_word(header): column.name for column in table.columns.values() for header in column.headers[1:]}
    words.update({fold_word(column.headers[0]): column.name for column in table.columns.values()})
    words.update({column.name.casefold(): column.name for column in table.columns.values()})
    return words


def match_headers(table: TableSchema, headers: Sequence[str], place: Place, *, spreadsheet: bool = False) -> Matched:
    """Return where the table's columns stand; DataError with every unknown and every repeated header.

    Only in a `spreadsheet` are the customary headers that no table keeps (序号, 人数 …) left aside.
    """
    known = header_words(table)
    matched = Matched()
    problems: list[Problem] = []
    for position, header in enumerate(headers):
        word = fold_word(header)
        column = known.get(word)
        at = Place(place.file, place.line, position + 1)
        if column is None:
            if spreadsheet and (word in UNUSED_HEADERS or not word):
                matched.unused.append(header)
                continue
            hint = suggestion(header, set(table.columns) | {c.zh for c in table.columns.values()})
            problems.append(problem("unknown-column", at, suggested=hint, column=header, table=table.name))
        elif column in matched.positions:
            first = matched.positions[column] + 1
            problems.append(problem("column-twice", at, column=header, first=first, name=column))
        else:
            matched.positions[column] = position
    problems.extend(
        problem("column-missing", place, column=f"{column.name} / {column.zh}", table=table.name)
        for column in table.columns.values()
        if not column.nullable and column.name not in matched.positions
    )
    if problems:
        raise DataError(*problems)
    return matched
