"""Parts of tables as they are read, and the Arrow types of their columns."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from policycore.errors import Place, Problem, located
from policycore.estate.problems import excerpt, problem
from policycore.estate.reading import ReadColumn, Reading
from policycore.language import say
from policycore.model.gap import UNNAMED_SOURCE
from policycore.model.schema import UNKNOWN_COLUMN, ColumnSchema, TableSchema, latest_of
from policycore.model.tables import Scope

if TYPE_CHECKING:
    import numpy
    import pyarrow

__all__ = [
    "DEFAULT_SOURCE",
    "FILE_COLUMN",
    "ROW_COLUMN",
    "Fault",
    "HandIn",
    "Part",
    "Unreadable",
    "arrow_schema",
    "arrow_type",
    "plain_reading",
    "row_said",
    "shown",
]


def row_said(row: int, *, is_line: bool = False) -> str:
    """Return a row as a person reads it."""
    return say("estate.line" if is_line else "estate.row", row=row)


def shown(scalars: Iterable[Any]) -> list[Any]:
    """Return Arrow scalars as texts, lists and None; a time beyond Python's years as its number."""
    found: list[Any] = []
    for scalar in scalars:
        try:
            value = scalar.as_py()
        except (OverflowError, ValueError):
            value = scalar.value
        found.append(value if value is None or isinstance(value, (str, list, dict)) else str(value))
    return found


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that could not be split into columns at all; `content` is what stood there."""

    row: int
    code: str
    expected: str
    content: str
    file: str = ""
    """What `row` counts (`located`), where that is not the file of its part."""

    def problem(self, part: Part) -> Problem:
        """Return the problem that tells the user."""
        file = self.file or part.file
        return problem(
            self.code,
            part.place(self.row, file),
            suggested=self.expected,
            row=located(file, self.row)[1] or row_said(self.row, is_line=part.row_is_line),
            value=self.content,
        )


DEFAULT_SOURCE = UNNAMED_SOURCE


@dataclass(frozen=True, slots=True, order=True)
class HandIn:
    """What was handed in together: a folder of tables, a workbook, an export. What ranks before counts before."""

    rank: tuple[int, int, int] = (0, 0, 0)
    """Which of the inputs it belongs to, where their manifest names it, and where it was found."""
    place: str = ""
    """The folder or file, which tells two hand-ins of one name apart."""
    name: str = DEFAULT_SOURCE
    """How it is called as a source."""


@dataclass(slots=True)
class Part:
    """What one file (or sheet, or recipe entry) supplies of one table.

    Columns are Arrow arrays under the model's names: strings as written, or typed where the file
    has types. `rows` are numbered as the file's own program does it: row of the sheet, line, position.
    `headers` is what the file itself calls the columns.
    """

    table: str
    file: str
    columns: dict[str, pyarrow.ChunkedArray]
    rows: pyarrow.Array
    headers: dict[str, str] = field(default_factory=dict)
    unreadable: list[Unreadable] = field(default_factory=list)
    source: str | None = None
    platform: str | None = None
    row_is_line: bool = False
    files: pyarrow.Array | None = None
    """For each row what its number counts (`located`), where that is not `file` itself."""
    derived: bool = False
    """Whether its rows follow from those of another part, where their mistakes are told."""
    is_hand_in: bool = False
    """Whether its row stands for a file that a department handed in; others are rows of registers."""
    by_people: bool = False
    """Whether people typed it into a spreadsheet: outer spaces mean nothing."""
    undecided: list[tuple[int, str, str, str]] = field(default_factory=list)
    """Cells that say nothing for sure, as a name that several bear: position, column, code, what was expected."""
    lacks: frozenset[str] = frozenset()
    """Fields that the sources of these groups can't supply, whatever rows other tables hold."""
    again: Callable[[], Mapping[str, pyarrow.ChunkedArray]] | None = None
    """Reads its columns once more, where the file can be asked again what it says."""
    handed_in: HandIn = field(default_factory=lambda: HandIn())
    folder: Path | None = None
    """Where the files lie that its rows name by paths."""
    reading: Reading | None = None
    """How the sheet was read that it comes from, where its own cells are what that tells of."""

    def let_go(self, column: str) -> None:
        """Forget what is written in a column until somebody asks, where the file can be asked again."""
        if self.again is not None:
            del self.columns[column]

    def written(self) -> Mapping[str, pyarrow.ChunkedArray]:
        """Return all columns as they are written."""
        if self.again is not None:
            self.columns = {**self.again(), **self.columns}
            self.again = None
        return self.columns

    def file_at(self, position: int) -> str:
        """Return what the number of a row counts."""
        return self.file if self.files is None else str(self.files[position].as_py())

    def place(self, row: int, file: str) -> Place:
        """Return the place of a row: with its line where rows are lines."""
        return Place(file, row, 1) if self.row_is_line or located(file, row)[1] else Place(file)

    def origin(self) -> pyarrow.Array:
        """Return the file of each row, as one of a few."""
        import pyarrow as pa

        if self.files is not None:
            return self.files.dictionary_encode()
        return pa.DictionaryArray.from_arrays(
            pa.repeat(pa.scalar(0, pa.int32()), len(self.rows)), pa.array([self.file])
        )


def plain_reading(part: Part, way: str) -> Reading:
    """Return how a part was read that came ready as a table, by a source's or a recipe's name."""
    columns = [ReadColumn(part.headers.get(name, name), number, name) for number, name in enumerate(part.columns, 1)]
    return Reading(part.file, part.table, way, columns=columns, rows=len(part.rows))


_ROWS = 8
"""Rows that one sentence lists."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault in one column of one part, with all the positions that have it."""

    part: Part
    code: str
    column: str
    positions: numpy.ndarray
    expected: str

    def __len__(self) -> int:
        return len(self.positions)

    def value(self, position: int) -> str | None:
        """Return what the file has there, in full; None for nothing."""
        columns = self.part.columns if self.column in self.part.columns else self.part.written()
        values = columns.get(self.column)
        value = None if values is None else shown([values[position]])[0]
        return None if value is None else str(value)

    def problem(self, position: int) -> Problem:
        """Return the problem at one position."""
        row = self.part.rows[position].as_py()
        place = self.part.place(row, self.part.file_at(position))
        value = self.value(position)
        return problem(
            self.code,
            place,
            suggested=self.expected,
            row=located(place.file, row)[1] or row_said(row, is_line=self.part.row_is_line),
            column=self.part.headers.get(self.column, self.column),
            value=say("estate.nothing") if value is None else excerpt(value),
            table=self.part.table,
        )

    def folded(self) -> Problem:
        """Return the first problem, with the rows of the others."""
        first, *others = self.positions.tolist()
        found = self.problem(first)
        # A row with three names is blamed three times, and named once.
        rows = {self.part.rows[position].as_py(): position for position in reversed(others)}
        rows.pop(self.part.rows[first].as_py(), None)
        if not rows:
            return found
        said = self.value(first)
        listed = [(row, self.value(position)) for row, position in [*reversed(rows.items())][:_ROWS]]
        also = [
            say("estate.in-row", row=row, value="" if value in (None, said) else f"“{excerpt(value)}”")
            for row, value in listed
        ]
        more = say(
            "estate.more-rows", rows=say("estate.list").join(also) + "…" * (len(rows) > _ROWS), count=1 + len(rows)
        )
        return replace(found, what=f"{found.what}{more}")


FILE_COLUMN = "_file"
ROW_COLUMN = "_row"


def arrow_type(column: ColumnSchema) -> pyarrow.DataType:
    """Return the Arrow type in which a column is stored."""
    import pyarrow as pa

    if column.type == "scope":
        return pa.struct([(name, pa.list_(pa.string())) for name in Scope.model_fields])
    return {
        "text": pa.string(),
        "enum": pa.string(),
        "time": pa.timestamp("us", tz="UTC"),
        "integer": pa.int64(),
        "number": pa.float64(),
        "boolean": pa.bool_(),
        "list": pa.list_(pa.string()),
    }[column.type]


def arrow_schema(table: TableSchema, columns: tuple[str, ...]) -> pyarrow.Schema:
    """Return the schema of a stored table that supplies `columns`, with file and row at its end."""
    import pyarrow as pa

    beside = {latest_of(name): arrow_type(table.columns[name]) for name in table.times}
    beside[UNKNOWN_COLUMN] = pa.list_(pa.string())
    fields = [pa.field(name, beside[name] if name in beside else arrow_type(table.columns[name])) for name in columns]
    fields.append(pa.field(FILE_COLUMN, pa.dictionary(pa.int32(), pa.string())))
    fields.append(pa.field(ROW_COLUMN, pa.int32()))
    return pa.schema(fields)
