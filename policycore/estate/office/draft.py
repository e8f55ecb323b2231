"""Rows of one table before they become a part."""

from __future__ import annotations

from dataclasses import dataclass, field

from policycore.estate.inputs import FilledSheet
from policycore.language import say

__all__ = ["Draft"]


@dataclass(slots=True)
class Draft:
    """Rows of one table from one sheet, before they become Arrow columns."""

    table: str
    sheet: FilledSheet
    columns: tuple[str, ...]
    rows: list[dict[str, str | None]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    undecided: list[tuple[int, str, str, str]] = field(default_factory=list)
    """Position, column, code and what was expected of cells that are unknown."""

    def add(self, row: dict[str, str | None], number: int) -> None:
        """Add a row that stands at `number` in its sheet."""
        self.rows.append(row)
        self.numbers.append(number)

    def doubt(self, column: str, code: str) -> None:
        """Leave a cell of the row that is added next unknown."""
        self.undecided.append((len(self.rows), column, code, say(f"estate.expected-{code}")))
