"""Fold findings that are alike into one line: the same rule for the same reason at one place, in one state.

What is to be signed is alike at every place. Suspects are never folded: each one is judged by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace

from sqlalchemy import Connection, Select, case, func, or_, select

from policycore.model.verdict import Verdict
from policycore.store import schema
from policycore.store.lives.last_words import last_words
from policycore.store.query import BY_MESSAGE, FindingFilter, FindingRow, by_message, order_of, rows_of

__all__ = ["count_lines", "numbers_alike", "page_of_lines"]

_finding = schema.findings.c
_ALIKE = (
    _finding.ruleset,
    _finding.rule,
    _finding.wording_id,
    _finding.verdict,
    _finding.severity,
    _finding.state,
    case((_finding.verdict == Verdict.SUSPECT, _finding.id)),
    case(
        (_finding.verdict == Verdict.NEEDS_ATTESTATION, ""),
        else_=func.coalesce(_finding.group_id, _finding.department_id, _finding.subject_id),
    ),
)

_COMPARED = 8
"""Findings of one line whose sentences are compared."""


def _folds(wanted: FindingFilter) -> Select[tuple[int, int, int]]:
    """Return the query for each finding that fits: its number, the first one's that is alike, how many there are."""
    first = func.min(_finding.id).over(partition_by=_ALIKE).label("first")
    size = func.count().over(partition_by=_ALIKE).label("size")
    return select(_finding.id, first, size).where(*wanted.conditions())


def _lines(wanted: FindingFilter, opened: Collection[int]) -> Select[tuple[int, int]]:
    """Return the query for the lines: the first number of each fold with its size; of one in `opened` every number."""
    fold = _folds(wanted).subquery()
    is_open = fold.c.first.in_(opened)
    size = case((is_open, 1), else_=fold.c.size).label("size")
    return select(fold.c.id, size).where(or_(fold.c.id == fold.c.first, is_open))


def count_lines(connection: Connection, wanted: FindingFilter, opened: Collection[int] = ()) -> int:
    """Return how many lines the findings that fit make; `opened` holds the first numbers of open folds."""
    return connection.scalar(select(func.count()).select_from(_lines(wanted, opened).subquery())) or 0


def page_of_lines(
    connection: Connection,
    wanted: FindingFilter,
    opened: Collection[int] = (),
    *,
    sort: str = "severity",
    descending: bool = False,
    offset: int = 0,
    limit: int = 100,
) -> list[FindingRow]:
    """Return one page of lines in the order of `SORTS[sort]`; a row says how many findings are alike."""
    line = _lines(wanted, opened).subquery()
    if sort == BY_MESSAGE:
        sizes = {row.id: row.size for row in connection.execute(select(line))}
        ordered = [number for number in by_message(connection, wanted, descending=descending) if number in sizes]
        numbers = ordered[offset : offset + limit]
    else:
        page = select(line).join(schema.findings, _finding.id == line.c.id)
        cut = page.order_by(*order_of(sort, descending=descending)).offset(offset).limit(limit)
        sizes = {row.id: row.size for row in connection.execute(cut)}
        numbers = list(sizes)
    said = _said_alike(connection, wanted, {number: size for number, size in sizes.items() if size > 1})
    return [
        replace(row, alike=sizes[row.id], says_alike=row.id not in said or said[row.id])
        for row in rows_of(connection, numbers)
    ]


def _said_alike(connection: Connection, wanted: FindingFilter, sizes: Mapping[int, int]) -> dict[int, bool]:
    """Return by first number whether all findings of a fold say the same; of many it is not asked, and False.

    What is to be signed is the same by its rule and clause.
    """
    few = [number for number, size in sizes.items() if size <= _COMPARED]
    folds = numbers_alike(connection, wanted, few) if few else {}
    words = last_words(connection, [number for numbers in folds.values() for number in numbers])
    found = dict.fromkeys(sizes, False)
    for first, numbers in folds.items():
        found[first] = len({str(words[number].says) for number in numbers if number in words}) == 1
    return found


def numbers_alike(connection: Connection, wanted: FindingFilter, firsts: Iterable[int]) -> dict[int, frozenset[int]]:
    """Return by first number the numbers of all the findings that fit and are alike."""
    fold = _folds(wanted).subquery()
    found: dict[int, set[int]] = {}
    for number, first in connection.execute(select(fold.c.id, fold.c.first).where(fold.c.first.in_(list(firsts)))):
        found.setdefault(first, set()).add(number)
    return {first: frozenset(numbers) for first, numbers in found.items()}
