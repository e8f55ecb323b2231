"""Ask the store for findings: filters, facets with counts, one page at a time, all set-based SQL.

This is what every screen and list reads. A filter never loads a finding it does not show.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, not_, or_, select
from sqlalchemy.sql.operators import nulls_last_op

from policycore.language import current_language
from policycore.model.result import Finding
from policycore.model.verdict import Verdict
from policycore.store import schema
from policycore.store.lives.acts import Acts, acts_of
from policycore.store.lives.disputes import beside
from policycore.store.lives.last_words import Saying, each_of, last_words, sayings, words_of
from policycore.store.lives.life_cycle import State
from policycore.text.fold import fold

__all__ = [
    "BY_MESSAGE",
    "FACETS",
    "SORTS",
    "FindingFilter",
    "FindingRow",
    "by_message",
    "count_findings",
    "counts_by",
    "facet_counts",
    "findings_matching",
    "order_of",
    "page_of_findings",
    "rows_of",
]

_finding = schema.findings.c

FACETS: Mapping[str, Any] = {
    # A statement that is still to be signed breaks no rule: severities say how many violations there are, everywhere.
    "severity": case((_finding.verdict != Verdict.NEEDS_ATTESTATION.value, _finding.severity)),
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
"""Columns that a filter can name; ``clause`` is one more, kept with the words that findings share."""

SORTS: Mapping[str, tuple[Any, ...]] = {
    # Secrecy before form, then by severity, fail before suspect, overdue before due: see `life_rows`.
    "severity": (_finding.urgency, _finding.due, _finding.rule_name, _finding.id),
    "rule": (_finding.rule, _finding.id),
    "department": (_finding.department, _finding.id),
    "subject": (_finding.subject_name, _finding.id),
    "group": (func.coalesce(_finding.group_name, _finding.department, _finding.subject_name), _finding.id),
    "responsible": (_finding.responsible, _finding.id),
    # Numbers are given in the order in which findings were first seen, in one run by rule and subject.
    "since": (_finding.id.desc(),),
    "oldest": (_finding.id,),
    "state": (_finding.state, _finding.id),
    # What has no date comes last, whichever way round.
    "due": (_finding.due.nulls_last(), _finding.id),
}
"""Orders that a database knows; each ends in the number, so that pages never overlap."""

BY_MESSAGE = "message"
"""One more order: by what the reader sees, for which every finding that fits is put into words."""


@dataclass(frozen=True, slots=True)
class FindingFilter:
    """Which findings are meant: every part must fit.

    `any_of` and `none_of` map a facet to values; ``*`` in a value stands for anything. `words` must
    all occur, `without` must not; either occurs as well where a finding has one of the facets' values that `shown_as`
    gives for it. `active` True leaves out what is resolved, waived or attested.
    """

    any_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    none_of: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    shown_as: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
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
        found += [self._occurs(word) for word in self.words]
        found += [not_(func.coalesce(self._occurs(word), False)) for word in self.without]
        if self.due_before is not None:
            found.append(_finding.due < self.due_before)
        return found

    def _occurs(self, word: str) -> ColumnElement[bool]:
        """Return the condition that a finding holds a word, or is shown with it."""
        return or_(_holds(word), *(_fits(facet, values) for facet, values in self.shown_as.get(word, {}).items()))


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
    finding: Finding
    """What it said last."""
    acts: Acts = field(default_factory=Acts)
    alike: int = 1
    """How many findings the line stands for; it shows the first of them."""
    says_alike: bool = True
    """Whether all of them say what the first one says."""


def _fits(facet: str, values: Iterable[str]) -> ColumnElement[bool]:
    """Return the condition that a facet has one of `values`; '' means that it has none."""
    if facet == "clause":
        table = schema.wording_clauses.c
        return _finding.wording_id.in_(select(table.wording_id).where(_one_of(table.clause, values)))
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
    """Return the condition that a finding's own words hold `word`, or those that it shares with others."""
    pattern, table = f"%{_pattern(fold(word).lower())}%", schema.wordings.c
    shared = select(table.id).where(table.words.like(pattern, escape="\\"))
    ids = (func.lower(_finding.label), func.lower(_finding.subject_id))
    held = (text.like(pattern, escape="\\") for text in (_finding.search, *ids))
    return or_(*held, _finding.wording_id.in_(shared))


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
    if sort == BY_MESSAGE:
        numbers = by_message(connection, wanted, descending=descending)[offset : offset + limit]
    else:
        # The page is cut on the narrow table first; only its rows are read whole.
        page = _where(select(_finding.id), wanted).order_by(*order_of(sort, descending=descending))
        numbers = list(connection.scalars(page.offset(offset).limit(limit)))
    return rows_of(connection, numbers)


def order_of(sort: str, *, descending: bool = False) -> tuple[Any, ...]:
    """Return one of `SORTS`, or the other way round."""
    order = SORTS[sort]
    return tuple(_reversed(column) for column in order) if descending else order


def rows_of(connection: Connection, numbers: Sequence[int]) -> list[FindingRow]:
    """Return the lines of findings in the order of their numbers."""
    if not numbers:
        return []
    rows = connection.execute(select(*_shown).where(_finding.id.in_(numbers))).all()
    said = beside(connection, last_words(connection, numbers))
    acts = acts_of(connection, [(row.id, row.fingerprint) for row in rows])
    by_number = {row.id: _row((*row, said[row.id], acts[row.id])) for row in rows}
    return [by_number[number] for number in numbers]


def _row(values: tuple[Any, ...]) -> FindingRow:
    """Return the line for one row of `_shown` and what it said last."""
    row = FindingRow(*values)
    return replace(row, state=State(row.state))


def by_message(connection: Connection, wanted: FindingFilter, *, descending: bool) -> list[int]:
    """Return the numbers of the findings that fit in the order of their messages, in the reader's language."""
    language = current_language()
    asked = [Saying(*row) for row in connection.execute(_where(sayings(), wanted))]
    said = [(one.message.in_language(language), number) for number, one in each_of(connection, asked)]
    return [number for _, number in sorted(said, reverse=descending)]


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
        return _counts_by_clause(connection, wanted)
    column = FACETS[facet]
    query = select(column, number).select_from(schema.findings)
    query = _where(query, wanted).group_by(column).order_by(number.desc(), column)
    return {value or "": count for value, count in connection.execute(query)}


def _counts_by_clause(connection: Connection, wanted: FindingFilter) -> dict[str, int]:
    """Return how many findings that fit rest on each clause, most first; few wordings stand for all of them."""
    wording, table = _finding.wording_id, schema.wording_clauses.c
    of_wording = _where(select(wording, func.count()), wanted).group_by(wording)
    numbers = {row[0]: row[1] for row in connection.execute(of_wording)}
    counts: Counter[str] = Counter()
    for clause, one in connection.execute(select(table.clause, table.wording_id)):
        counts[clause] += numbers.get(one, 0)
    found = ((clause, count) for clause, count in counts.items() if count)
    return dict(sorted(found, key=lambda pair: (-pair[1], pair[0])))


def findings_matching(connection: Connection, wanted: FindingFilter) -> list[Finding]:
    """Return what each finding that fits said last, by rule and subject; for exports."""
    order = (_finding.rule, _finding.subject_id, _finding.fingerprint)
    asked = [Saying(*row) for row in connection.execute(_where(sayings(), wanted).order_by(*order))]
    said = beside(connection, words_of(connection, asked))
    return [said[one.id] for one in asked]
