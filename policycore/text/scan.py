"""Find the few texts that any text rule wants to see, in one pass over whole Arrow buffers.

The pass runs on folded text in RE2, whose time is linear in the text whatever the patterns are;
the rule then confirms each candidate in Python. This module is the seam for a faster matcher:
only `_Matcher` knows which engine runs underneath.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from policycore.plugin_api.rule import Pattern, TextMatch
from policycore.text.fold import fold_array

if TYPE_CHECKING:
    import pyarrow

__all__ = ["Candidate", "Wanted", "pattern_problem", "scan"]

ROWS_AT_A_TIME = 131_072
"""Texts folded and matched together: large enough to amortise, small enough for the cache and the memory."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Ask for one pattern of one rule in some text columns (``messages.text``, …)."""

    rule: str
    pattern: Pattern
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidate:
    """One text in which a pattern hit: the row counts from 0 through the column's arrays."""

    rule: str
    column: str
    row: int
    match: TextMatch


def scan(texts: Mapping[str, Iterable[pyarrow.Array]], wanted: Sequence[Wanted]) -> Iterator[Candidate]:
    """Yield every text that a wanted pattern hits, by column, then row, then in the order of `wanted`.

    `texts` gives for each column its arrays one after another (a chunked array's chunks, or
    batches as they are read, so that a column need not fit into memory). Raises ValueError for a
    pattern that is outside the linear dialect; ask `pattern_problem` first.
    """
    for column, arrays in texts.items():
        patterns = [one for one in wanted if column in one.reads]
        if not patterns:
            continue
        matcher = _Matcher([one.pattern.expression for one in patterns])
        first = 0
        for array in arrays:
            for start in range(0, len(array), ROWS_AT_A_TIME):
                piece = array.slice(start, ROWS_AT_A_TIME)
                for row, which, text, folded in matcher.hits(piece):
                    one = patterns[which]
                    yield Candidate(one.rule, column, first + start + row, TextMatch(one.pattern.id, text, folded))
            first += len(array)


def pattern_problem(pattern: Pattern) -> str | None:
    """Return why `pattern` cannot be matched in linear time, or None when it can."""
    import pyarrow
    import pyarrow.compute

    try:
        pyarrow.compute.match_substring_regex(pyarrow.array([""]), pattern.expression)
    except pyarrow.ArrowInvalid as error:
        return str(error).partition(":")[2].strip() or "invalid expression"
    return None


class _Matcher:
    """Match several expressions at once: all joined over every text, then each over the few that hit."""

    def __init__(self, expressions: Sequence[str]) -> None:
        self.expressions = expressions
        self.joined = "|".join(f"(?:{expression})" for expression in expressions)

    def hits(self, texts: pyarrow.Array) -> list[tuple[int, int, str, str]]:
        """Return row, index of the expression, text and folded text of every hit, in that order."""
        import pyarrow
        import pyarrow.compute

        if pyarrow.types.is_dictionary(texts.type):
            texts = texts.dictionary_decode()
        folded = fold_array(texts)
        hit = pyarrow.compute.match_substring_regex(folded, self.joined)
        rows = pyarrow.compute.indices_nonzero(hit)
        if len(rows) == 0:
            return []
        few, few_folded = texts.take(rows), folded.take(rows)
        found: list[tuple[int, int, str, str]] = []
        for index, expression in enumerate(self.expressions):
            hit = pyarrow.compute.match_substring_regex(few_folded, expression)
            found += [
                (rows[place].as_py(), index, few[place].as_py(), few_folded[place].as_py())
                for place in pyarrow.compute.indices_nonzero(hit).to_pylist()
            ]
        return sorted(found, key=lambda one: one[:2])
