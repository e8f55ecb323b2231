"""How each file was read: which table, which header, what became of every column, row and word."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from policycore.errors import Place, Problem
from policycore.estate.problems import excerpt, problem
from policycore.language import current_language, say
from policycore.model.schema import table_schema
from policycore.model.words import MEMBER_COUNTS, fold_word
from policycore.yaml.own_columns import OWN_TABLE

__all__ = ["Choice", "Question", "ReadColumn", "Reading", "table_words"]

SHOWN = 12
"""How many words that were interpreted one note names; JSON has all of them."""


def table_words(table: str) -> str:
    """Return what people call a table; an own one is called as it is."""
    return table if table.startswith(OWN_TABLE) else say(f"estate.table-{table}")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers to a question: how a recipe writes it, and what a person reads."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Question:
    """Something of which the import was not sure; without an answer it took the reading that supposes nothing."""

    kind: str
    """``headers``, ``sheets`` or ``names``: the part of a recipe that answers it."""
    key: str
    place: Place
    choices: tuple[Choice, ...]
    table: str = ""


@dataclass(frozen=True, slots=True)
class ReadColumn:
    """A column of a sheet and the field that it fills; none for one that is not used."""

    header: str
    number: int
    field: str | None
    known: bool = True
    """Whether it is one that such lists have and no table keeps; else nobody knows it."""
    meant: str | None = None
    """The header that it resembles."""


@dataclass(slots=True)
class Reading:
    """How one file, or one sheet of it, was read."""

    file: str
    table: str = ""
    way: str = "sheet"
    """``sheet``, ``card`` (a label before each value), ``names`` (display names alone), ``table`` (of an interchange
    folder), a source's or recipe's name; ``none`` for what was not read."""
    header: int = 0
    """The row of the header, 0 where there is none."""
    columns: list[ReadColumn] = field(default_factory=list)
    rows: int = 0
    aside: list[tuple[int, str, str]] = field(default_factory=list)
    """Rows that are no data: number, how they begin, why."""
    given: list[tuple[str, str]] = field(default_factory=list)
    """Fields that every row has from outside the list, and their value."""
    meant: dict[tuple[str, str, str], list[int]] = field(default_factory=dict)
    """What was written in a field and what it was taken for: in how many rows, in which first, and whether it is a
    name found as it is written."""
    hidden: bool = False
    unseen: list[str] = field(default_factory=list)
    """Rows and columns that are hidden in the program; they were read."""
    why: str = ""
    """Why it was not read."""

    def took(self, column: str, written: str, meaning: str | None, row: int, *, plain: bool = False) -> None:
        """Note that a cell was taken for something other than what stands there; None is "none".

        `plain` are names that are found as they are written: they are counted, and not worth a word each.
        """
        meaning = say("estate.nothing") if meaning is None else meaning
        found = self.meant.setdefault((column, written, meaning), [0, row, int(plain)])
        found[0] += 1

    def is_doubted(self) -> bool:
        """Return whether something was not read of which nobody knows what it is."""
        return self.why == "undecided" or any(not one.known for one in self.columns)

    def notes(self) -> list[Problem]:
        """Return it as notes, most important first."""
        place = Place(self.file)
        if self.way == "none":
            return [problem("note-not-read", place, reason=say(f"estate.not-read-{self.why}"))]
        used = tuple(f"{' '.join(one.header.split())} → {one.field}" for one in self.columns if one.field)
        mark = say("estate.read-columns") if used else ""
        where = say("estate.read-header", row=self.header) if self.header else ""
        table = table_words(self.table) if self.table else ""
        notes = [problem("note-read", place, table=table, header=where, rows=self.rows, mark=mark, columns=used)]
        if self.hidden:
            notes.append(problem("note-hidden", place))
        if self.unseen:
            rows = tuple(one for one in self.unseen if one.isdigit())
            columns = tuple(one for one in self.unseen if not one.isdigit())
            notes.append(problem("note-unseen", place, rows=rows or "-", columns=columns or "-"))
        unused = tuple(" ".join(one.header.split()) for one in self.columns if not one.field and one.known)
        if unused:
            notes.append(problem("note-columns", place, columns=unused))
        counts = tuple(one for one in unused if fold_word(one) in MEMBER_COUNTS)
        if counts and self.table == "groups":
            notes.append(problem("note-counts", place, columns=counts))
        for one in self.columns:
            if not one.field and not one.known:
                at = Place(self.file, self.header, one.number) if self.header else place
                hint = say("text.did-you-mean", name=one.meant) if one.meant else ""
                notes.append(problem("note-unknown-column", at, suggested=hint, column=one.header))
        if self.aside:
            listed = tuple(
                say(
                    "estate.row-aside",
                    row=say("estate.row", row=row),
                    text=excerpt(text),
                    why=say(f"estate.aside-{why}"),
                )
                for row, text, why in self.aside
            )
            notes.append(problem("note-aside", place, count=len(self.aside), rows=listed))
        notes += [problem("note-given", place, column=self._zh(name), value=value) for name, value in self.given]
        words = [
            say("estate.meant", column=self._zh(name), written=excerpt(written), meaning=excerpt(meaning), count=count)
            for (name, written, meaning), (count, _, plain) in self.meant.items()
            if not plain
        ]
        if words:
            more = say("estate.more-words", count=len(words) - SHOWN) if len(words) > SHOWN else ""
            notes.append(problem("note-meant", place, words=tuple(words[:SHOWN]), more=more))
        return notes

    def _zh(self, name: str) -> str:
        if current_language() != "zh":
            return name
        column = table_schema(self.table).columns.get(name)
        headers = (" ".join(one.header.split()) for one in self.columns if one.field == name)
        return column.zh if column else next(headers, name)

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {
            "file": self.file,
            "table": self.table or None,
            "way": self.way,
            "header_row": self.header or None,
            "rows": self.rows,
            "hidden": self.hidden,
            "hidden_rows": [int(one) for one in self.unseen if one.isdigit()],
            "hidden_columns": [one for one in self.unseen if not one.isdigit()],
            "not_read": say(f"estate.not-read-{self.why}") if self.why else None,
            "columns": [
                {
                    "header": excerpt(one.header),
                    "column": one.number,
                    "field": f"{self.table}.{one.field}" if one.field else None,
                    "status": "used" if one.field else "not-used" if one.known else "unknown",
                    "did_you_mean": one.meant,
                }
                for one in self.columns
            ],
            "set_aside": [
                {"row": row, "text": excerpt(text), "why": why, "reason": say(f"estate.aside-{why}")}
                for row, text, why in self.aside
            ],
            "given": [{"field": f"{self.table}.{name}", "value": excerpt(value)} for name, value in self.given],
            "interpreted": [
                {
                    "field": f"{self.table}.{name}",
                    "written": excerpt(written),
                    "meaning": excerpt(meaning),
                    "count": count,
                    "row": row or None,
                }
                for (name, written, meaning), (count, row, _) in self.meant.items()
            ],
        }
