"""What is known of the tables and results that SQL reads from: their columns, with the words that each can hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from policycore.model.words import closed_columns
from policycore.rulesets.sql.told import ENDLESS, NOTHING, UNSEEN, Told, words_of_people
from policycore.rulesets.sql.tree import Tree

__all__ = ["UNKNOWN", "Column", "Relation", "Word", "Words", "at_place", "both", "estate_relations", "united"]


@dataclass(frozen=True, slots=True)
class Word:
    """A word and where it stands: in the SQL, or in the value of a parameter."""

    text: str
    position: object = None
    parameter: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """Every word that an expression can hold.

    `column` is the closed column that they come from, '' for what the SQL itself writes down; `direct` says of such
    words that they stand in the comparison itself.
    """

    words: tuple[Word, ...]
    column: str = ""
    direct: bool = False

    @property
    def texts(self) -> tuple[str, ...]:
        """Return the words alone."""
        return tuple(dict.fromkeys(word.text for word in self.words))

    @property
    def given(self) -> bool:
        """Return whether a parameter says some of them."""
        return any(word.parameter for word in self.words)

    def mapped(self, change: Callable[[str], str]) -> Words:
        """Return the words after a function."""
        return replace(self, words=tuple(replace(word, text=change(word.text)) for word in self.words))

    def beside(self, other: Words) -> Words:
        """Return the words of both."""
        return Words((*self.words, *other.words), self.column or other.column)


@dataclass(frozen=True, slots=True)
class Column:
    """What is known of an expression: its words, the ``table.column`` that it is, a constant of its type.

    `numbers` are all that it can be, where they come from a function of times.
    """

    words: Words | None = None
    field: str = ""
    sample: Tree | None = None
    told: Told = NOTHING
    numbers: range | None = None


UNKNOWN = Column(told=UNSEEN)


@dataclass(slots=True)
class Relation:
    """What a query reads from, or returns: columns by name, in order; `open` where there may be others."""

    columns: dict[str, Column] = field(default_factory=dict)
    open: bool = False
    asks: int = 0
    """Whether, 1, or not, 0, words of people decide which rows there are; `ENDLESS` where they decide too much."""

    def renamed(self, names: Sequence[str]) -> Relation:
        """Return the relation with its first columns called `names`."""
        old = list(self.columns.items())
        new = [(names[number] if number < len(names) else name, column) for number, (name, column) in enumerate(old)]
        return Relation(dict(new), self.open, self.asks)


def at_place(column: Column, place: int) -> Column:
    """Return a column as it is where rows come from one `place`: what is read twice differs by two."""
    rows: frozenset[object] = frozenset((row, place) for row in column.told.rows)
    return replace(column, told=replace(column.told, rows=rows)) if rows else column


def both(first: Words | None, second: Words | None) -> Words | None:
    """Return the words of both, none where those of one cannot be told."""
    return None if first is None or second is None else first.beside(second)


def united(first: Relation, second: Relation, how: str) -> Relation:
    """Return the columns of two results put together, place by place."""
    pairs = list(zip(first.columns.items(), second.columns.values(), strict=False))
    columns = {
        name: Column(
            both(one.words, two.words),
            one.field if one.field == two.field else "",
            # What two parts list beside each other, or beside words, is no one value any more.
            told=replace(one.told.beside(two.told), made=one.told.made or two.told.made or not _speak(one, two)),
        )
        for (name, one), two in pairs
    }
    # Which part a row comes from tells of what was asked there.
    asks = first.asks + second.asks
    if any(one.told.cut or two.told.cut for (_, one), two in pairs if not _speak(one, two)):
        asks += ENDLESS  # all that could be in a text, beside it
    if how in ("EXCEPT", "INTERSECT"):
        asks += ENDLESS * any(one.told.cut or two.told.cut for (_, one), two in pairs)
        asks += any(one.told.fields for (_, one), _ in pairs)
    columns = {
        name: replace(one, told=replace(one.told, bits=one.told.bits + asks)) if asks > 1 else one
        for name, one in columns.items()
    }
    return Relation(columns, first.open or second.open, asks if asks >= ENDLESS else min(1, asks))


def _speak(one: Column, two: Column) -> bool:
    """Return whether two columns hold words of people, or the ids of one table: both the same kind of thing."""
    return bool(one.told.fields and two.told.fields) or bool(one.field and one.field == two.field)


def estate_relations(columns: Mapping[str, Mapping[str, tuple[str, Tree | None]]]) -> dict[str, Relation]:
    """Return the tables that SQL may read: by table and column the model's field and a sample."""
    closed, spoken = closed_columns(), words_of_people()
    rows: frozenset[object] = frozenset([""])
    return {
        table: Relation(
            {
                name: Column(
                    Words(tuple(map(Word, closed[field])), field) if field in closed else None,
                    field,
                    sample,
                    Told(frozenset({field}), spoken[field], rows=rows) if field in spoken else Told(rows=rows),
                )
                for name, (field, sample) in listed.items()
            }
        )
        for table, listed in columns.items()
    }
