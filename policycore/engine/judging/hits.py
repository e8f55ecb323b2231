"""Run a rule and return what it hits, as rows that say where each subject belongs."""

from __future__ import annotations

import itertools
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pyarrow
import pyarrow.compute

from policycore.engine.judging.enrich import enriched
from policycore.engine.judging.existing import check_columns, check_groups, check_keys, check_rows, or_not_there
from policycore.engine.judging.reads import check_reads
from policycore.engine.judging.result_shape import UNTOLD, check_words, parted, table_of_rows
from policycore.engine.judging.rough_times import Shown, all_ends, as_shown, compared, rough_times
from policycore.engine.judging.rule_view import RuleView
from policycore.engine.judging.subjects import SubjectTable
from policycore.engine.judging.tried_values import Tried, values_to_try
from policycore.engine.session import EstateSession
from policycore.engine.texts import TextPass
from policycore.model.schema import key_columns, latest_of
from policycore.plugin_api.paths import as_needs
from policycore.plugin_api.rule import Query, TextRule
from policycore.rulesets.resolved import ResolvedRule
from policycore.rulesets.sql.rule import SqlRule
from policycore.system.memory import memory_bounded, memory_limit

if TYPE_CHECKING:
    from policycore.engine.judging.needs import Knowledge
    from policycore.plugin_api.rule import Hit

__all__ = [
    "MOST_FINDINGS",
    "YIELDED",
    "Hits",
    "rule_hits",
    "undecided_by_others",
    "undecided_days",
    "undecided_values",
    "without_keys",
]

YIELDED = "yielded"
"""Where a session remembers how many rows a rule has yielded at most at a time, outside its scope too."""
MOST_FINDINGS = 200_000
"""Findings of one rule that are listed. Five million would take ten gigabytes and nobody would read them."""


class Hits(NamedTuple):
    """A rule's hits, the subjects that it found, and how many hits are only counted."""

    rows: pyarrow.Table
    """One row a hit, with ``__…`` columns about its subject."""
    found: pyarrow.Table
    """The key columns of every subject that the rule found, each once: those too of which a needed value is missing."""
    covered: int
    """How many of the subjects that the rule judges are found."""
    unlisted: int
    untold: pyarrow.Table
    """Keys of the subjects of which the rule says that what it read does not tell, and the ``table.column`` meant."""


def rule_hits(
    session: EstateSession,
    resolved: ResolvedRule,
    table: SubjectTable | None,
    where: str,
    texts: TextPass,
    *,
    some_open: bool,
) -> Hits:
    """Run the rule; return its hits ``h`` that meet `where`, lie in scope and stand whatever is missing.

    Raises BrokenRuleError where a hit is about nothing that the estate knows.
    """
    hits = _run(session, resolved, texts, or_not_there(where, table))
    keys = list(resolved.rule.subject.keys)
    if isinstance(resolved.rule, SqlRule) and hits.num_rows:
        hits = _with_latest(session, resolved, texts, where, hits)
    check_keys(keys, hits)
    if table is not None and table.in_groups and hits.num_rows:
        check_groups(session, hits)
        hits = session.in_scope(hits)
    hits, untold = parted(hits)
    unlisted = 0
    found = subjects = _subjects(hits, keys)
    if some_open and hits.num_rows:
        on = " AND ".join(["s.hits IS NOT NULL", *(f"s.{key} = h.{key}" for key in keys)])
        with session.relation("rows", hits):
            hits = session.arrow("SELECT * FROM rows", where=f"NOT EXISTS (SELECT 1 FROM open_subjects s WHERE {on})")
        subjects = _subjects(hits, keys)
    covered = subjects.num_rows
    if hits.num_rows > MOST_FINDINGS:
        hits = hits.sort_by([(key, "ascending") for key in keys])
        hits, unlisted = hits.slice(0, MOST_FINDINGS), hits.num_rows - MOST_FINDINGS
    rows = enriched(session, resolved.rule.subject, hits)
    check_rows(session, resolved.rule.subject, rows)
    if "__stays" in rows.column_names:
        # A member who has left is no subject any more; what a rule says of one takes no pass away.
        gone = rows.filter(pyarrow.compute.equal(rows.column("__stays"), 0))
        covered -= _subjects(gone, keys).num_rows
    return Hits(rows, found, covered, unlisted, untold.select([*keys, UNTOLD]) if untold.num_rows else untold)


def undecided_days(session: EstateSession, resolved: ResolvedRule, where: str, texts: TextPass) -> pyarrow.Table | None:
    """Return the keys of those of whom the rule says something else if days of unknown years were all days of work.

    None where the rule asks for no working days.
    """
    rule = resolved.rule
    if not isinstance(rule, SqlRule) or not rule.asks_workdays:
        return None
    said = []
    try:
        for answer in (True, False):
            session.assume_workday(answer)
            said.append(_subjects(_run(session, resolved, texts, where), list(rule.subject.keys)))
    finally:
        session.assume_workday(None)
    return _different(session, *said)


def undecided_values(
    session: EstateSession, knowledge: Knowledge, resolved: ResolvedRule, where: str, texts: TextPass
) -> list[tuple[Tried, pyarrow.Table]]:
    """Return what unknown cells may hold, and the keys of those of whom the rule says something else then.

    Tried are both ends of times that are known to the month or year only, but where the rule looks at both by itself,
    and what cells may hold that the SQL of a rule set reads.
    """
    rule, keys = resolved.rule, list(resolved.rule.subject.keys)
    rough, twice = _rough(session, resolved)
    times = tuple(f"{table}.{name}" for table, names in rough.items() for name in names)
    tried = [Tried(times, all_ends(rough, twice))] if rough else []
    if isinstance(rule, SqlRule):
        tried += values_to_try(session, knowledge, rule, resolved.params, tried)
    said: dict[tuple[int, ...], pyarrow.Table] = {}
    for chosen in itertools.product(*(range(len(one.options)) for one in tried)) if tried else ():
        shown = {cell: sql for one, at in zip(tried, chosen, strict=True) for cell, sql in one.options[at].items()}
        hits = _run(session, resolved, texts, where, shown)
        said[chosen] = _subjects(hits, [*keys, *{"verdict"}.intersection(hits.column_names)])
    found = []
    for place, one in enumerate(tried):
        others = [_different(session, said[(*at[:place], 0, *at[place + 1 :])], rows) for at, rows in said.items()]
        found.append((one, _subjects(pyarrow.concat_tables(others, promote_options="default"), keys)))
    return found


def undecided_by_others(
    session: EstateSession, resolved: ResolvedRule, where: str, texts: TextPass, scopes: Iterable[Sequence[str]]
) -> pyarrow.Table:
    """Return the keys of those of whom the rule says something else in one of two scopes; the second stays in use."""
    said = []
    for conditions in scopes:
        session.use_scope(*conditions)
        said.append(_subjects(_run(session, resolved, texts, where, {}), list(resolved.rule.subject.keys)))
    return _different(session, *said)


def _rough(session: EstateSession, resolved: ResolvedRule) -> tuple[dict[str, tuple[str, ...]], dict[str, int]]:
    """Return by table the times known to the month or year that decide what a rule says of what its SQL returns.

    And of tables of which the SQL may compare such rows with one another how many of these there are.
    """
    rule = resolved.rule
    named = {latest_of(need.path.rpartition(".")[2]) for need in as_needs(rule.requires)}
    if isinstance(rule, TextRule) or all(map(named.isdisjoint, session.data.columns.values())):
        return {}, {}
    asked: list[str] = []

    def shown(sql: str) -> str:
        asked.append(sql)
        return sql

    answer = rule.check(RuleView(session, shown), resolved.params.model_copy(deep=True))
    if isinstance(answer, Query):
        asked = [answer.sql]
    else:
        deque(answer, maxlen=0)  # on its way it asks
    found: dict[str, set[str]] = {}
    for sql in asked:
        for table, times in rough_times(session.data, rule, sql).items():
            found.setdefault(table, set()).update(times)
    twice = {
        table: session.cached_count(f"SELECT count(*) FROM {table}")
        for table in found
        if any(compared(table, sql) for sql in asked)
    }
    return {table: tuple(sorted(times)) for table, times in found.items()}, twice


def _with_latest(
    session: EstateSession, resolved: ResolvedRule, texts: TextPass, where: str, hits: pyarrow.Table
) -> pyarrow.Table:
    """Return `hits` with the latest moment beside each fact that is a time known to the month or year only."""
    keys = list(resolved.rule.subject.keys)
    times = [
        field.name
        for field in hits.schema
        if pyarrow.types.is_timestamp(field.type) and f"{field.name}_latest" not in hits.column_names
    ]
    rough, _ = _rough(session, resolved) if times else ({}, {})
    if not rough:
        return hits
    later = _run(session, resolved, texts, where, all_ends(rough, {})[1])
    if _subjects(later, keys).num_rows < later.num_rows:
        return hits
    named = ", ".join(f'l."{name}" AS "{name}_latest"' for name in times)
    with session.relation("rows", hits), session.relation("later", later):
        return session.arrow(f"SELECT r.*, {named} FROM rows r LEFT JOIN later l USING ({', '.join(keys)})")


def _different(session: EstateSession, one: pyarrow.Table, other: pyarrow.Table) -> pyarrow.Table:
    """Return the rows that only one of two tables has."""
    if not one.num_rows or not other.num_rows:
        return one if one.num_rows else other
    with session.relation("one", one), session.relation("other", other):
        return session.arrow(
            "SELECT * FROM ((FROM one EXCEPT FROM other) UNION ALL (FROM other EXCEPT FROM one)) ORDER BY ALL"
        )


def _subjects(hits: pyarrow.Table, keys: list[str]) -> pyarrow.Table:
    """Return the key columns of every subject in `hits`, each once; one row for the estate as a whole."""
    if keys and hits.num_rows:
        return hits.select(keys).group_by(keys).aggregate([])
    return hits.slice(0, min(1, hits.num_rows))


def _run(
    session: EstateSession, resolved: ResolvedRule, texts: TextPass, where: str, instead: Shown | None = None
) -> pyarrow.Table:
    """Call the rule's ``check`` and return those of its rows that meet `where`; it sees what is shown `instead`."""
    rule = resolved.rule

    def seen(sql: str) -> str:
        ends = {} if isinstance(rule, SqlRule) else rough_times(session.data, rule, sql)
        own = {cell for cell in instead or () if not ends or cell[1].removesuffix("_latest") in ends.get(cell[0], ())}
        return as_shown(sql, {cell: value for cell, value in (instead or {}).items() if cell in own})

    shown = None if instead is None else seen
    if isinstance(rule, TextRule):
        answer: Query | Iterable[Hit] | pyarrow.Table = texts.hits(session, resolved)
    else:
        answer = rule.check(RuleView(session, shown), resolved.params.model_copy(deep=True))
    if isinstance(answer, Query):
        check_reads(session.data, rule, answer)
        for name, select in rule.shared.items():
            if name.lower() in answer.sql.lower():
                session.prepare_shared(name, select)
        # What a rule set writes comes from anywhere; half as much again is for the rows themselves.
        foreign = isinstance(rule, SqlRule)
        if isinstance(rule, SqlRule) and rule.asks_workdays:
            session.use_calendar(rule.parts.calendar)
        with memory_bounded(memory_limit() * 3 // 2) if foreign else nullcontext():
            found = session.arrow(shown(answer.sql) if shown else answer.sql, answer.values, where)
        check_columns(rule.subject.keys, found.column_names)
        check_words(rule, found)
        return without_keys(found)
    if isinstance(answer, pyarrow.Table):
        hits = answer
    else:
        hits = without_keys(table_of_rows(answer))
        session.memory[YIELDED] = max(hits.num_rows, session.memory.get(YIELDED, 0))
    if hits.num_rows == 0:
        return hits
    check_columns(rule.subject.keys, hits.column_names)
    check_words(rule, parted(hits)[0])
    if not where:
        return hits
    check_keys(rule.subject.keys, hits)
    with session.relation("rows", hits):
        return session.arrow("SELECT * FROM rows", where=where)


def without_keys(rows: pyarrow.Table) -> pyarrow.Table:
    """Return `rows` without the keys by which tables are joined: they mean nothing in another snapshot."""
    return rows.select([name for name in rows.column_names if name not in _keys()])


@cache
def _keys() -> frozenset[str]:
    """Return the names of all key columns."""
    return frozenset(key for columns in key_columns().values() for key, _ in columns.values())
