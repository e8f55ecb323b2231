"""Ask the store for findings: filters, facets with counts, one page at a time, all set-based SQL.

This is what every screen and list reads. A filter never loads a finding it does not show.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, and_, exists, func, not_, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.operators import nulls_last_op

from policycore.language import current_language
from policycore.store import schema
from policycore.store.life_cycle import State
from policycore.store.row_positions import RowPositions
from policycore.text.fold import fold

__all__ = [
    "FACETS",
    "SORTS",
    "FindingFilter",
    "FindingRow",
    "bodies_matching",
    "count_findings",
    "counts_by",
    "facet_counts",
    "page_of_findings",
    "said_in",
]

_finding = schema.findings.c

FACETS: Mapping[str, Any] = {
    "severity": _finding.severity,
    "verdict": _finding.verdict,
    "state": _finding.state,
    "rule": _finding.rule,
    "name": _finding.rule_name,
    "department": _finding.department,
    "platform": _finding.platform,
    "responsible": _finding.responsible,
    "ruleset": _finding.ruleset,
    "kind": _finding.subject_kind,
    "subject": _finding.subject_id,
    "group": _finding.group_id,
    "assigned": _finding.assigned_to,
}
"""Columns that a filter can name; ``clause`` is one more, kept in a table of its own."""


class _ChineseMessage(ColumnElement[str]):
    """The message of a finding, taken from the JSON of its body."""

    inherit_cache = True
    type = Text()
    place = 0


class _EnglishMessage(_ChineseMessage):
    """The same in English."""

    inherit_cache = True
    place = 1


@compiles(_ChineseMessage, "sqlite")
def _in_sqlite(element: _ChineseMessage, _compiler: Any, **_named: Any) -> str:
    return f"json_extract(occurrences.body, '$.message[{element.place}]')"


@compiles(_ChineseMessage, "postgresql")
def _in_postgresql(element: _ChineseMessage, _compiler: Any, **_named: Any) -> str:
    return f"(occurrences.body::json -> 'message' ->> {element.place})"


SORTS: Mapping[str, tuple[Any, ...]] = {
    # Secrecy before form, then by severity, fail before suspect, overdue before due: see `rows.finding_row`.
    "severity": (_finding.urgency, _finding.due, _finding.rule_name, _finding.subject_id, _finding.id),
    "rule": (_finding.rule, _finding.subject_id, _finding.id),
    "department": (_finding.department, _finding.id),
    "subject": (_finding.subject_name, _finding.id),
    "responsible": (_finding.responsible, _finding.id),
    "since": (_finding.first_seen.desc(), _finding.id.desc()),
    "oldest": (_finding.first_seen, _finding.id),
    "state": (_finding.state, _finding.id),
    # What has no date comes last, whichever way round.
    "due": (_finding.due.nulls_last(), _finding.id),
    "message": (_ChineseMessage(), _finding.id),
}
"""Orders a list can be in; each ends in the number, so that pages never overlap."""


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings are meant: every part must fit.

    `any_of` and `none_of` map a facet to values; ``*`` in a value stands for anything. `words` must
    all occur, `without` must not. `active` True leaves out what is resolved, waived or attested.
    """

    any_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    none_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    active: bool | None = True
    due_before: datetime | None = None

    def leaving_out(self, facet: str) -> FindingFilter:
        """Return the filter without its condition on one facet: what its other values would give."""
        return replace(self, any_of={name: values for name, values in self.any_of.items() if name != facet})

    def conditions(self) -> list[ColumnElement[bool]]:
        """Return the filter as SQL conditions."""
        found: list[ColumnElement[bool]] = []
        if self.active is not None:
            found.append(_finding.active.is_(self.active))
        found += [_fits(facet, values) for facet, values in self.any_of.items() if values]
        found += [not_(func.coalesce(_fits(facet, values), False)) for facet, values in self.none_of.items() if values]
        found += [_holds(word) for word in self.words]
        found += [not_(_holds(word)) for word in self.without]
        if self.due_before is not None:
            found.append(_finding.due < self.due_before)
        return found


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One line of a list of findings."""

    id: int
    label: str
    fingerprint: str
    ruleset: str
    rule: str
    rule_name: str
    verdict: str
    severity: str
    state: State
    reason: str
    subject_kind: str
    subject_id: str
    subject_name: str
    group_name: str | None
    department: str | None
    platform: str | None
    responsible: str | None
    assigned_to: str | None
    first_seen: datetime
    state_since: datetime
    due: datetime | None
    body: str
    """The finding as JSON; `bodies.finding_from` reads it."""


def _fits(facet: str, values: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a facet has one of `values`; '' means that it has none."""
    if facet == "clause":
        table = schema.finding_clauses
        return exists().where(table.c.finding_id == _finding.id, _one_of(table.c.clause, values))
    return _one_of(FACETS[facet], values)


def _one_of(column: Any, values: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that `column` equals one value or fits one pattern."""
    listed = list(values)
    plain = [value for value in listed if "*" not in value and value]
    found: list[ColumnElement[bool]] = [column.in_(plain)] if plain else []
    found += [column.like(_pattern(value), escape="\\") for value in listed if "*" in value]
    if "" in listed:
        found.append(column.is_(None))
    return or_(*found)


def _pattern(value: str) -> str:
    """Return a LIKE pattern in which only ``*`` is special."""
    escaped = value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped.replace("*", "%")


def _holds(word: str) -> ColumnElement[bool]:
    """Return the condition that the finding's searchable text holds `word`."""
    return _finding.search.like(f"%{_pattern(fold(word).lower())}%", escape="\\")


def _where(query: Select[Any], wanted: FindingFilter) -> Select[Any]:
    """Return `query` narrowed to what is wanted."""
    conditions = wanted.conditions()
    return query.where(and_(*conditions)) if conditions else query


_shown = (
    _finding.id,
    _finding.label,
    _finding.fingerprint,
    _finding.ruleset,
    _finding.rule,
    _finding.rule_name,
    _finding.verdict,
    _finding.severity,
    _finding.state,
    _finding.reason,
    _finding.subject_kind,
    _finding.subject_id,
    _finding.subject_name,
    _finding.group_name,
    _finding.department,
    _finding.platform,
    _finding.responsible,
    _finding.assigned_to,
    _finding.first_seen,
    _finding.state_since,
    _finding.due,
)


def page_of_findings(
    connection: Connection,
    wanted: FindingFilter,
    *,
    sort: str = "severity",
    descending: bool = False,
    offset: int = 0,
    limit: int = 100,
) -> list[FindingRow]:
    """Return one page of the findings that fit `wanted`, in the order of `SORTS[sort]`."""
    order = SORTS[sort]
    narrow = select(_finding.id)
    if sort == "message":
        said = schema.occurrences
        narrow = narrow.outerjoin_from(schema.findings, said, said.c.id == _finding.occurrence_id)
        order = (_ChineseMessage() if current_language() == "zh" else _EnglishMessage(), _finding.id)
    if descending:
        order = tuple(_reversed(column) for column in order)
    # The page is cut on the narrow table first; only its rows fetch what they said.
    page = _where(narrow, wanted).order_by(*order).offset(offset).limit(limit)
    numbers = connection.scalars(page).all()
    if not numbers:
        return []
    said = schema.occurrences
    rows = connection.execute(
        select(*_shown, said.c.body)
        .outerjoin_from(schema.findings, said, said.c.id == _finding.occurrence_id)
        .where(_finding.id.in_(numbers))
    )
    by_number = {row.id: _row(tuple(row)) for row in rows}
    return [by_number[number] for number in numbers]


def _row(values: tuple[Any, ...]) -> FindingRow:
    """Return the line for one row of `_shown` and its body."""
    row = FindingRow(*values)
    return replace(row, state=State(row.state))


def _reversed(column: Any) -> Any:
    """Return an order the other way round."""
    element = getattr(column, "element", None)
    if element is not None and column.modifier is nulls_last_op:
        return element.desc().nulls_last()
    return element if element is not None else column.desc()


def count_findings(connection: Connection, wanted: FindingFilter) -> int:
    """Return how many findings fit."""
    return connection.scalar(_where(select(func.count()).select_from(schema.findings), wanted)) or 0


def facet_counts(connection: Connection, wanted: FindingFilter, facet: str) -> dict[str, int]:
    """Return how many findings each value of `facet` would give, all other conditions kept; '' is "none"."""
    return counts_by(connection, wanted.leaving_out(facet), facet)


def counts_by(connection: Connection, wanted: FindingFilter, facet: str) -> dict[str, int]:
    """Return how many findings that fit have each value of `facet`, most first."""
    number = func.count()
    if facet == "clause":
        table = schema.finding_clauses
        column: Any = table.c.clause
        query = select(column, number).join_from(table, schema.findings, _finding.id == table.c.finding_id)
    else:
        column = FACETS[facet]
        query = select(column, number).select_from(schema.findings)
    query = _where(query, wanted).group_by(column).order_by(number.desc(), column)
    return {value or "": count for value, count in connection.execute(query)}


def bodies_matching(connection: Connection, wanted: FindingFilter) -> Iterable[tuple[str, State]]:
    """Yield what each finding that fits said last, and its state, by rule and subject; for exports."""
    said = schema.occurrences
    query = _where(
        select(said.c.body, _finding.state, _finding.id, said_in(said)).join_from(
            schema.findings, said, said.c.id == _finding.occurrence_id
        ),
        wanted,
    ).order_by(_finding.rule, _finding.subject_id, _finding.fingerprint)
    places = RowPositions(connection)
    for body, state, number, run in connection.execution_options(yield_per=5000).execute(query):
        yield places.placed(body, number, run), State(state)


def said_in(said: Any) -> ColumnElement[int]:
    """Return the last run in which what was `said` of a finding was said: the newest one where nothing ended it."""
    run = schema.runs.c
    newest = select(func.max(run.id)).where(run.ruleset == _finding.ruleset, run.replay.is_(False)).scalar_subquery()
    return func.coalesce(said.c.last_run, newest)
