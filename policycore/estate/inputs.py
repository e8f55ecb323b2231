"""What an import has read so far: files, sheets whose header is known, parts of tables, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from policycore.errors import Problem
from policycore.estate.manifest import Manifest
from policycore.estate.parts import Part, Unreadable
from policycore.estate.reading import Question, Reading

__all__ = ["FilledSheet", "Gathered", "InputFile"]


@dataclass(frozen=True, slots=True)
class InputFile:
    """One file to read, with the name that messages and `_file` show."""

    path: Path
    name: str
    folder: str = ""
    """The name of the folder that it was found in, from the input folder on."""
    input: int = 0
    """Which of the inputs that was."""
    inner: bool = False
    """Whether that folder lies inside the one that was handed in."""


@dataclass(slots=True)
class Gathered:
    """Everything that was read: parts, the manifest, what is wrong with whole files, and notes."""

    parts: list[Part] = field(default_factory=list)
    manifest: Manifest = field(default_factory=Manifest)
    problems: list[Problem] = field(default_factory=list)
    unread: list[Problem] = field(default_factory=list)
    """What is wrong with whole files that are left out for it: the others are read, and nothing passes for complete."""
    doubts: list[Problem] = field(default_factory=list)
    """Values that a recipe does not allow though no column takes them: strict fails, lenient notes them."""
    notes: list[Problem] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def add(self, other: Gathered) -> None:
        """Add everything else that was read, but its manifest."""
        for name in ("parts", "problems", "unread", "doubts", "notes", "readings", "questions"):
            getattr(self, name).extend(getattr(other, name))


@dataclass(slots=True)
class FilledSheet:
    """One sheet whose table and header are known: rows of cells by column name."""

    table: str
    workbook: str
    """The file that it is in; `file` may name the sheet as well."""
    file: str
    headers: dict[str, str]
    rows: list[dict[str, str | None]]
    numbers: list[int]
    unreadable: list[Unreadable] = field(default_factory=list)
    header_line: int = 0
    inventory: str = ""
    """SHA-256 of the file, where it is what a department reports of its groups."""
    nil_return: bool = False
    """Whether it says that there are none."""
    shown_names: bool = False
    """Whether it is nothing but what the members of one group are shown as."""
    reading: Reading = field(default_factory=lambda: Reading(""))
    titles: tuple[str, ...] = ()
    """What the sheet and the file are called, which may name the department that every row is of."""
    section: str | None = None
    """The department whose name stood last over rows of its own."""
    counted: str | None = None
    """The number that the last row bears."""
    lone: set[int] = field(default_factory=set)
    """Rows with nothing but a name, which may stand over the rows of a department."""
    told: set[str] = field(default_factory=set)
    """Columns that it has not, but that remarks and the like tell of some rows."""
    again: set[int] = field(default_factory=set)
    """Rows that say of themselves that they are one more post of somebody named before."""

    def keep(self, rows: Sequence[tuple[dict[str, str | None], int]]) -> None:
        """Keep these rows, each with its number, and no others."""
        self.rows, self.numbers = [row for row, _ in rows], [number for _, number in rows]
        self.reading.rows = len(rows)
