"""What one rule said of an estate, before it is put into words."""

from __future__ import annotations

from dataclasses import dataclass, field

import pyarrow

from policycore.model.verdict import Subject

__all__ = ["Judgement", "OpenSubjects"]


@dataclass(frozen=True, slots=True)
class OpenSubjects:
    """Subjects of one kind that cannot be judged because the same fields are missing from the same source."""

    kind: Subject
    fields: tuple[str, ...]
    source: str | None
    keys: pyarrow.Table
    """One row a subject, its key columns; no column for the estate as a whole."""


@dataclass(slots=True)
class Judgement:
    """What one rule said before it is put into words."""

    hits: pyarrow.Table = field(default_factory=lambda: pyarrow.table({}))
    """Rows of the rule's result with ``__…`` columns that say where each subject belongs."""
    gaps: list[OpenSubjects] = field(default_factory=list)
    passes: int = 0
    not_applicable: int = 0
    unlisted: int = 0
    """Hits beyond `MOST_FINDINGS`: counted, named as a number, not listed one by one."""
    yielded: int = 0
    """Rows that the rule yielded, outside its scope too."""
    seconds: float = 0.0
    """How long it took where it was made elsewhere."""

    @property
    def rows(self) -> int:
        """Return how many hits there are."""
        return int(self.hits.num_rows) + self.unlisted
