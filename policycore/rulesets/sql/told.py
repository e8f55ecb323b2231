"""Say which words of people a column or an expression holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from policycore.model.schema import all_schemas, kept_by_schema

__all__ = ["ENDLESS", "NOTHING", "UNSEEN", "Told", "one_answer", "words_of_people"]

ENDLESS = 1000
"""More answers about a text than any rule may give: what is asked is counted up, or goes by the order of texts."""

_NO_WORDS = frozenset(
    ["id", "source", "other_source", "platform", "sha256", "media_type", "mentions", "field", "fields"]
)
"""Columns of texts that a program writes."""


@dataclass(frozen=True, slots=True)
class Told:
    """Which words of people an expression holds."""

    fields: frozenset[str] = frozenset()
    """Columns that hold such words, as ``table.column``; '' is one that nobody can tell."""
    depth: int = 0
    """How many lists or structures stand around each text."""
    whole: bool = True
    """Whether every text is there as it stands in the estate, or not at all."""
    pieces: bool = False
    """Whether parts of texts are in it; a text with something put to it, or taken from it everywhere, is none."""
    made: bool = False
    """Whether values are in it that the SQL itself counts up or lists."""
    mingled: bool = False
    """Whether a structure holds texts beside values of other rows: each row of those would ask another thing."""
    bits: int = 0
    """How often a comparison with a text decided what it is."""
    rows: frozenset[object] = frozenset()
    """Which places that rows come from it differs by."""

    @property
    def cut(self) -> bool:
        """Return whether it holds what was made of words, and no longer the words."""
        return bool(self.fields) and not self.whole

    def beside(self, other: Told) -> Told:
        """Return what both hold."""
        return Told(
            self.fields | other.fields,
            max(self.depth, other.depth),
            self.whole and other.whole,
            self.pieces or other.pieces,
            self.made or other.made,
            self.mingled or other.mingled,
            self.bits + other.bits,
            self.rows | other.rows,
        )


NOTHING = Told()
UNSEEN = Told(frozenset({""}), whole=False, pieces=True)
"""What nobody can tell anything of."""


def one_answer(bits: int) -> int:
    """Return how many answers yes or no holds that was made of some."""
    return bits if bits >= ENDLESS else min(1, bits)


@kept_by_schema
def words_of_people() -> Mapping[str, int]:
    """Return each ``table.column`` in which people write, with the number of lists or structures around each text."""
    depth = {"text": 0, "list": 1, "scope": 2}
    return {
        column.field: depth[column.type]
        for schema in all_schemas().values()
        for column in schema.columns.values()
        if column.type in depth and not column.references and (column.place or column.name not in _NO_WORDS)
    }
