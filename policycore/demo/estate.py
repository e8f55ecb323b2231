"""The estate while it is being made: rows by table, the seed's dice, and the labels that go with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from policycore.demo.labels import Label
from policycore.demo.names import invented_names
from policycore.model.tables import TABLES

__all__ = ["DemoEstate", "Row"]

Row = dict[str, Any]


@dataclass(slots=True)
class DemoEstate:
    """Hold the rows of every table; rows stay open to change until the estate is written."""

    random: Random
    group_count: int
    tables: dict[str, list[Row]] = field(default_factory=lambda: {name: [] for name in TABLES})
    labels: list[Label] = field(default_factory=list)
    member_sets: list[frozenset[str]] = field(default_factory=list)
    names: Iterator[str] = field(init=False)
    _group_numbers: list[int] = field(init=False)

    def __post_init__(self) -> None:
        """Draw the names and the order of group numbers, so that planted groups lie among the others."""
        self.names = invented_names(self.random)
        self._group_numbers = list(range(1, self.group_count + 1))
        self.random.shuffle(self._group_numbers)

    def add(self, table: str, **row: Any) -> Row:
        """Add one row to `table` and return it."""
        self.tables[table].append(row)
        return row

    def next_id(self, table: str, prefix: str) -> str:
        """Return the next free id of `table`."""
        return f"{prefix}{len(self.tables[table]) + 1:05d}"

    def next_group_id(self) -> str:
        """Return the id of one more group."""
        return f"g{self._group_numbers.pop():04d}"

    @property
    def groups_left(self) -> int:
        """Return how many groups are still to be made."""
        return len(self._group_numbers)

    def label(self, rule: str, verdict: str, subject_id: str, why: str, *, kind: str = "group") -> None:
        """Note what `rule` must answer about one subject."""
        self.labels.append(Label(rule, kind, subject_id, verdict, why))
