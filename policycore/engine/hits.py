"""Run a rule and return what it hits, as rows that say where each subject belongs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow

from policycore.engine.availability import fields_of_condition, path_fields
from policycore.engine.enrich import enriched
from policycore.engine.session import EstateSession
from policycore.engine.subjects import SubjectTable, required_value
from policycore.engine.texts import TextPass, check_patterns
from policycore.plugin_api.rule import Query, Rule, TextRule
from policycore.rulesets.resolved import ResolvedRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policycore.plugin_api.rule import Hit

__all__ = ["MOST_FINDINGS", "BrokenRuleError", "Hits", "row_conditions", "rule_hits"]

MOST_FINDINGS = 200_000
"""Findings of one rule that are listed. Five million would take ten gigabytes and nobody would read them."""


class BrokenRuleError(Exception):
    """Say that a rule returned something that is not a result, in words without any data."""


class Hits(NamedTuple):
    """Hold a rule's hits, how many rows stand behind each subject found, and how many hits are only counted."""

    rows: list[dict[str, Any]]
    covered: dict[tuple[Any, ...], int]
    unlisted: int


def rule_hits(
    session: EstateSession,
    resolved: ResolvedRule,
    table: SubjectTable | None,
    subjects: str,
    texts: TextPass,
) -> Hits:
    """Run the rule; return its hits on subjects it applies to."""
    where = ""
    if table is not None and subjects and (not table.in_groups or any(row_conditions(resolved.rule, table))):
        on = " AND ".join(f"s.{key} = h.{key}" for key in table.keys)
        where = f"EXISTS (SELECT 1 FROM ({subjects}) s WHERE {on})"
    hits = _run(session, resolved, texts, where)
    if table is not None and table.in_groups and hits.num_rows:
        hits = session.in_scope(hits)
    keys = resolved.rule.subject.keys
    for key in keys:
        if hits.num_rows and hits.column(key).null_count:
            raise BrokenRuleError(f"result has a row without {key}")
    unlisted = 0
    more: dict[tuple[Any, ...], int] = {}
    if hits.num_rows > MOST_FINDINGS:
        ordered = hits.sort_by([(key, "ascending") for key in keys])
        hits, rest = ordered.slice(0, MOST_FINDINGS), ordered.slice(MOST_FINDINGS)
        unlisted = rest.num_rows
        told_apart = rest.group_by(list(keys)).aggregate([]).select(list(keys))
        more = dict.fromkeys(zip(*(column.to_pylist() for column in told_apart.columns), strict=True), 1)
    rows = enriched(session, resolved.rule.subject, hits)
    covered = {tuple(row[key] for key in keys): row.get("__stays", 1) for row in rows}
    return Hits(rows, {**more, **covered}, unlisted)


def _run(session: EstateSession, resolved: ResolvedRule, texts: TextPass, where: str) -> pyarrow.Table:
    """Call the rule's ``check`` and return those of its rows that meet `where`."""
    rule = resolved.rule
    if isinstance(rule, TextRule):
        check_patterns(resolved)
        answer: Query | Iterable[Hit] = texts.hits(session, resolved)
    else:
        answer = rule.check(session, resolved.params)
    if isinstance(answer, Query):
        for name, select in rule.shared.items():
            if name.lower() in answer.sql.lower():
                session.prepare_shared(name, select)
        found = session.arrow(answer.sql, answer.values, _or_keyless(where, rule))
        _check_columns(rule, found.column_names)
        return found
    hits = _from_rows(answer)
    if hits.num_rows == 0:
        return hits
    _check_columns(rule, hits.column_names)
    with session.relation("rows", hits):
        return session.arrow("SELECT * FROM rows", where=_or_keyless(where, rule))


def _or_keyless(where: str, rule: Rule) -> str:
    """Let rows without a key through the filter: they are the rule's mistake and must be seen."""
    if not where:
        return ""
    keyless = " OR ".join(f"h.{key} IS NULL" for key in rule.subject.keys)
    return f"({where}) OR {keyless}"


def _check_columns(rule: Rule, names: Iterable[str]) -> None:
    """Raise BrokenRuleError when a result lacks one of the subject's keys."""
    absent = set(rule.subject.keys) - set(names)
    if absent:
        raise BrokenRuleError(f"result lacks the column {', '.join(sorted(absent))}")


def _from_rows(rows: Iterable[Hit]) -> pyarrow.Table:
    """Return the rows that a python rule yields as one table; columns may differ from row to row."""
    listed: list[dict[str, Any]] = [dict(row) for row in rows]
    names = list(dict.fromkeys(name for row in listed for name in row))
    return pyarrow.table({name: [row.get(name) for row in listed] for name in names})


def row_conditions(rule: Rule, table: SubjectTable) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield (when a row can't be decided, for lack of which fields, what the rows go on to meet)."""
    applies = f"({rule.applies_when})" if rule.applies_when else ""
    for path in rule.requires_value:
        if path.startswith(f"{table.table}."):
            value, _ = required_value(path, table.table)
            relevant = f"{applies} IS NOT FALSE AND " if applies else ""
            yield f"{relevant}{value} IS NULL", path_fields(path), f"{value} IS NOT NULL"
    if applies:
        yield f"{applies} IS NULL", fields_of_condition(rule.applies_when, table.table), applies
