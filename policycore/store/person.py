"""Take one person out of texts, columns and JSON: ids and names become a mark that says nothing of them.

A name is found inside longer texts; what accounts are called, which may be any word, only where it is all that is said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from policycore.model.found import FACT, FoundRows
from policycore.model.verdict import Subject

if TYPE_CHECKING:
    import pyarrow

__all__ = ["MARK", "Person", "longer_names"]

MARK = "erased-"
"""What stands in the place of a person begins with."""

_HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_AS_IT_IS = frozenset({"fingerprint", "former", "verdict", f"{FACT}reason"})
_TOLD_APART = {"responsible": "responsible_id"}
"""Names that stand beside an id: another person of the same name keeps it."""

_may_be_word = re.compile(r"[a-z_]{1,15}\Z")


@dataclass(frozen=True)
class Person:
    """One person as data know them, and the `mark` that takes their place."""

    mark: str
    ids: tuple[str, ...]
    """Of the person first, then of their accounts."""
    names: frozenset[str]
    called: frozenset[str] = frozenset()
    """What their accounts are called, which may be any word."""
    others: frozenset[str] = frozenset()
    """Longer names of other people that hold one of `names`: they stay."""
    _known: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def by_name(self) -> Person:
        """Return the person as their names alone tell: ids stay where they stand."""
        return replace(self, ids=())

    @cached_property
    def marks(self) -> dict[str, str]:
        """Return the mark for each id: the person's own, and one for each account."""
        return {one: f"{self.mark}-{place}" if place else self.mark for place, one in enumerate(self.ids)}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Return what finds others' names, which stay, and this person's names and longer ids inside a text."""
        ids = (one for one in self.ids if len(one) >= (6 if one.isdigit() else 4))
        mine = sorted((*map(_spelled, self.names), *map(_bounded, ids)), key=len, reverse=True)
        others = sorted(map(re.escape, self.others), key=len, reverse=True)
        stay = f"(?P<stay>{'|'.join(others)})|" if others else ""
        return re.compile(stay + "|".join(mine or ["(?!)"]), re.IGNORECASE)

    def text(self, text: str) -> str:
        """Return `text` without the person."""
        if text not in self._known:
            self._known[text] = self._without(text)
        return self._known[text]

    def _without(self, text: str) -> str:
        """Return `text` without the person."""
        if text in self.marks:
            return self.marks[text]
        if text in self.names or text in self.called:
            return self.mark
        group, slash, account = text.rpartition("/")
        if slash and account in self.marks:
            return f"{group}/{self.marks[account]}"
        return self._pattern.sub(lambda found: found[0] if found.lastgroup == "stay" else self.mark, text)

    def tree(self, value: Any) -> Any:
        """Return what JSON can hold without the person."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self.tree(item) for item in value]
        if isinstance(value, dict):
            return {key: self.tree(item) for key, item in value.items()}
        return value

    def rows(self, found: FoundRows) -> FoundRows | None:
        """Return what a rule found without the person; None where it says nothing of them.

        Of findings about themselves the texts of facts go too, and where the row stood: they may say who it was.
        """
        import pyarrow

        theirs = self._theirs(found)
        table = found.table
        for place, name in enumerate(table.column_names):
            if name in _AS_IT_IS:
                continue
            before = table.column(name).combine_chunks()
            after = self._column(before)
            if name in _TOLD_APART:
                ids = table.column(_TOLD_APART[name]).to_pylist()
                stay = pyarrow.array([one is not None and one not in self.marks.values() for one in ids])
                after = pyarrow.compute.if_else(stay, before, after)
            if any(theirs) and name.startswith(FACT) and _holds_text(before.type):
                after = _where(theirs, after, self._blank)
            if any(theirs) and name in ("file", "row"):
                after = _where(theirs, after, lambda _: None)
            if not after.equals(before):
                table = table.set_column(place, table.schema.field(place), after)
        if table is found.table:
            return None
        return FoundRows(found.texts, table.sort_by([("subject_id", "ascending"), ("fingerprint", "ascending")]))

    def _theirs(self, found: FoundRows) -> list[bool]:
        """Return of each finding whether it is about this person; what they sent is about a message."""
        about = found.texts.kind in (Subject.PERSON, Subject.MEMBERSHIP)
        return [about and subject.rpartition("/")[2] in self.marks for subject in found.columns["subject_id"]]

    def _blank(self, value: Any) -> Any:
        """Return a fact about this person without its texts; words of the model stay."""
        if isinstance(value, str):
            return value if _may_be_word.match(value) or value.startswith(MARK) else self.mark
        if isinstance(value, list):
            return [self._blank(item) for item in value]
        return {key: self._blank(item) for key, item in value.items()} if isinstance(value, dict) else value

    def _column(self, column: Any) -> Any:
        """Return a column without the person."""
        import pyarrow

        if pyarrow.types.is_string(column.type):
            encoded = column.dictionary_encode()
            texts = (None if text is None else self.text(text) for text in encoded.dictionary.to_pylist())
            return pyarrow.array(texts, pyarrow.string()).take(encoded.indices)
        if not _holds_text(column.type):
            return column
        return pyarrow.array([self.tree(value) for value in column.to_pylist()], column.type)


def _where(wanted: Sequence[bool], column: Any, change: Callable[[Any], Any]) -> Any:
    """Return a column with the values changed where they are wanted."""
    import pyarrow

    values = zip(wanted, column.to_pylist(), strict=True)
    return pyarrow.array([change(value) if one else value for one, value in values], column.type)


def _holds_text(kind: pyarrow.DataType) -> bool:
    """Return whether a column of facts holds texts, or what may hold texts."""
    from pyarrow import types

    return bool(types.is_string(kind) or types.is_nested(kind))


def _spelled(name: str) -> str:
    """Return what finds a name: a blank may stand between its characters, no letter beside it where it has letters."""
    if len(name) < 2:
        return _bounded(name)
    if re.fullmatch(f"[{_HAN}]+", name):
        return "[ \u3000]?".join(map(re.escape, name))
    return _bounded(name)


def _bounded(text: str) -> str:
    """Return what finds a text that is no part of a longer word."""
    letter = f"[0-9A-Za-z_{_HAN if len(text) < 2 else ''}]"
    return f"(?<!{letter}){re.escape(text)}(?!{letter})"


def longer_names(names: Iterable[str], everybody: Iterable[str]) -> frozenset[str]:
    """Return who of `everybody` has one of `names` inside a longer name."""
    mine = tuple(names)
    return frozenset(other for other in everybody if other not in mine and any(name in other for name in mine))
