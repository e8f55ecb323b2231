"""Judge one rule: which subjects it applies to, which are unknown, what it finds, how many pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import pyarrow

from policycore.engine.availability import Availability, MissingFields, fields_of_condition, path_fields
from policycore.engine.enrich import enriched
from policycore.engine.session import EstateSession
from policycore.engine.subjects import SubjectTable, required_value, subject_table
from policycore.engine.texts import TextPass, check_patterns
from policycore.model.resolved import ResolvedRule
from policycore.model.verdict import Subject
from policycore.rule import Query, Rule, TextRule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from policycore.rule import Hit

MOST_FINDINGS = 200_000
"""Findings of one rule that are listed. Five million would take ten gigabytes and nobody would read them."""

__all__ = ["BrokenRuleError", "Judgement", "Unknown", "judge"]


class BrokenRuleError(Exception):
    """Say that a rule returned something that is not a result, in words without any data."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Name subjects for which fields are missing; `source` is the source that lacks them."""

    subject: Subject
    keys: Mapping[str, str]
    fields: tuple[str, ...]
    source: str | None


@dataclass(slots=True)
class Judgement:
    """Hold what one rule said before it is put into words."""

    hits: list[dict[str, Any]] = field(default_factory=list)
    """Rows of the rule's result with ``__…`` columns that say where each subject belongs."""
    unknown: list[Unknown] = field(default_factory=list)
    passes: int = 0
    not_applicable: int = 0
    rows: int = 0
    unlisted: int = 0
    """Hits beyond `MOST_FINDINGS`: counted, named as a number, not listed one by one."""

    def take(self, hits: _Hits) -> None:
        """Keep what the rule found."""
        self.hits, self.unlisted = hits.rows, hits.unlisted
        self.rows = len(hits.rows) + hits.unlisted


def judge(session: EstateSession, availability: Availability, resolved: ResolvedRule, texts: TextPass) -> Judgement:
    """Return what `resolved` says of the estate in `session`; `texts` serves the text rules.

    Raises BrokenRuleError, and whatever the rule's own code or SQL raises.
    """
    rule = resolved.rule
    table = subject_table(rule.subject)
    missing = availability.missing(_required(resolved))
    if table is not None and table.register and not session.table_count(table.register):
        # Nothing to judge is no clean result: a register that came out empty must not look like one in order.
        fields = missing.everywhere or (f"{table.register.removeprefix('all_')}.id",)
        return Judgement(unknown=[Unknown(Subject.ESTATE, {}, fields, None)])
    if table is not None and table.in_groups:
        return _judge_by_group(session, availability, resolved, table, missing, texts)
    return _judge_estate(session, resolved, table, missing, texts)


def _required(resolved: ResolvedRule) -> tuple[str, ...]:
    """Return every field the rule cannot do without, in a stable order."""
    rule = resolved.rule
    fields = list(rule.requires)
    for path in rule.requires_value:
        fields.extend(path_fields(path))
    if resolved.applies_to:
        fields.extend(fields_of_condition(resolved.applies_to, "groups"))
    table = subject_table(rule.subject)
    if rule.applies_when and table is not None:
        fields.extend(fields_of_condition(rule.applies_when, table.table))
    return tuple(dict.fromkeys(fields))


def _judge_by_group(
    session: EstateSession,
    availability: Availability,
    resolved: ResolvedRule,
    table: SubjectTable,
    missing: MissingFields,
    texts: TextPass,
) -> Judgement:
    """Judge a rule whose subjects belong to groups: what is missing makes groups unknown."""
    rule = resolved.rule
    judgement = Judgement()
    alive = [] if rule.include_dissolved else ["dissolved_at IS NULL"]
    absent = [name for name in missing.everywhere if name.startswith("groups.")]
    narrowed = list(alive)
    if resolved.applies_to and not any(name in absent for name in fields_of_condition(resolved.applies_to, "groups")):
        narrowed.append(f"({resolved.applies_to}) IS NOT FALSE")
    if missing.everywhere:
        scope = session.use_scope(*narrowed)
        judgement.unknown += _unknown_groups(session, f"SELECT id, NULL FROM {scope}", missing.everywhere)
        judgement.not_applicable = _excluded(session, scope)
        return judgement
    scope_conditions = narrowed
    for source, fields in missing.by_source.items():
        quoted = source.replace("'", "''")
        scope = session.use_scope(*scope_conditions, f"source = '{quoted}'")
        judgement.unknown += _unknown_groups(session, f"SELECT id, NULL FROM {scope}", fields, source)
    if missing.by_source:
        listed = ", ".join("'" + source.replace("'", "''") + "'" for source in missing.by_source)
        scope_conditions = [*scope_conditions, f"(source IS NULL OR source NOT IN ({listed}))"]
    if resolved.applies_to:
        scope_conditions = _decide(
            session,
            judgement,
            scope_conditions,
            resolved.applies_to,
            fields_of_condition(resolved.applies_to, "groups"),
        )
    scope_conditions = _decide_values(session, judgement, resolved, scope_conditions)
    scope = session.use_scope(*scope_conditions)
    where = _decide_rows(session, judgement, rule, table, scope)
    total, subjects = _count(session, rule.subject, table, scope, where)
    hits = _hits(session, resolved, table, subjects, texts)
    judgement.take(hits)
    judgement.passes = max(0, total - hits.covered)
    judgement.not_applicable += _excluded(session, scope) - len(judgement.unknown)
    if isinstance(rule, TextRule):
        _unread(session, availability, resolved, judgement, scope)
    return judgement


def _unread(
    session: EstateSession, availability: Availability, resolved: ResolvedRule, judgement: Judgement, scope: str
) -> None:
    """Void the passes of groups whose source lacks a text that the rule also reads.

    What was found in the other texts stands: a mark in a message counts though no file name is known.
    """
    reads = resolved.rule.reads if isinstance(resolved.rule, TextRule) else ()
    unread = availability.missing(reads)
    if unread.everywhere:
        judgement.unknown += _unknown_groups(session, f"SELECT id, NULL FROM {scope}", unread.everywhere)
        judgement.passes = 0
    for source, fields in unread.by_source.items():
        quoted = source.replace("'", "''")
        groups = f"SELECT id, NULL FROM {scope} WHERE source = '{quoted}'"
        judgement.unknown += _unknown_groups(session, groups, fields, source)
        passed = f"""SELECT count(*) FROM messages WHERE group_id IN
            (SELECT id FROM {scope} WHERE source = '{quoted}')"""
        judgement.passes = max(0, judgement.passes - session.scalar(passed))


def _decide(
    session: EstateSession, judgement: Judgement, conditions: list[str], condition: str, fields: tuple[str, ...]
) -> list[str]:
    """Call groups unknown for which `condition` is neither true nor false; return narrowed conditions."""
    scope = session.use_scope(*conditions, f"({condition}) IS NULL")
    # A condition that names no field and still is neither true nor false settles nothing about any group.
    fields = fields or ("groups.id",)
    named = " ".join(f"WHEN {name.partition('.')[2]} IS NULL THEN '{name}'" for name in fields)
    judgement.unknown += _unknown_groups(session, f"SELECT id, CASE {named} END FROM {scope}", fields)
    return [*conditions, f"({condition})"]


def _decide_values(
    session: EstateSession, judgement: Judgement, resolved: ResolvedRule, conditions: list[str]
) -> list[str]:
    """Call groups unknown that lack a value the rule needs; what it does not apply to needs none.

    A rule about members or messages may need values of their group as well (``groups.scope``).
    """
    rule = resolved.rule
    applies = f"({rule.applies_when})" if rule.applies_when and rule.subject is Subject.GROUP else ""
    if applies:
        conditions = [*conditions, f"{applies} IS NOT FALSE"]
    for path in (path for path in rule.requires_value if path.startswith("groups.")):
        value, _ = required_value(path, "all_groups")
        scope = session.use_scope(*conditions, f"{value} IS NULL")
        _, renamed = required_value(path, scope)
        judgement.unknown += _unknown_groups(session, f"SELECT id, {renamed} FROM {scope}", path_fields(path))
        conditions = [*conditions, f"{value} IS NOT NULL"]
    if not applies:
        return conditions
    fields = fields_of_condition(rule.applies_when, "groups")
    return _decide(session, judgement, conditions, rule.applies_when, fields)


def _decide_rows(session: EstateSession, judgement: Judgement, rule: Rule, table: SubjectTable, scope: str) -> str:
    """Call groups unknown of whose members or messages some can't be decided; return what the others meet."""
    if rule.subject is Subject.GROUP:
        return ""
    held: list[str] = []
    for undecided, fields, condition in _row_conditions(rule, table):
        rows = " AND ".join([f"group_id IN (SELECT id FROM {scope})", *held, undecided])
        sql = f"SELECT DISTINCT group_id, NULL FROM {table.table} WHERE {rows}"
        judgement.unknown += _unknown_groups(session, sql, fields)
        held.append(condition)
    return " AND ".join(held)


def _row_conditions(rule: Rule, table: SubjectTable) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """Yield (when a row can't be decided, for lack of which fields, what the rows go on to meet)."""
    applies = f"({rule.applies_when})" if rule.applies_when else ""
    for path in rule.requires_value:
        if path.startswith(f"{table.table}."):
            value, _ = required_value(path, table.table)
            relevant = f"{applies} IS NOT FALSE AND " if applies else ""
            yield f"{relevant}{value} IS NULL", path_fields(path), f"{value} IS NOT NULL"
    if applies:
        yield f"{applies} IS NULL", fields_of_condition(rule.applies_when, table.table), applies


def _unknown_groups(
    session: EstateSession, sql: str, fields: tuple[str, ...], source: str | None = None
) -> list[Unknown]:
    """Return an unknown for each group that `sql` lists as (id, name of the missing field or NULL)."""
    rows = session.connection.execute(sql).fetchall()
    return [
        Unknown(Subject.GROUP, {"group_id": group}, (named,) if named else fields, source)
        for group, named in sorted(rows)
    ]


def _excluded(session: EstateSession, scope: str) -> int:
    """Return how many groups that exist stand outside `scope`."""
    return session.table_count("all_groups") - session.table_count(scope)


def _count(session: EstateSession, subject: Subject, table: SubjectTable, scope: str, where: str) -> tuple[int, str]:
    """Return how many subjects there are and a SELECT of their keys ('' where the scope says it all)."""
    if subject is Subject.GROUP:
        return session.table_count(scope), ""
    where = f"{where} AND " if where else ""
    keys = ", ".join(f"{column} AS {key}" for key, column in table.keys.items())
    select = f"SELECT {keys} FROM {table.table} WHERE {where}group_id IN (SELECT id FROM {scope})"
    return session.cached_count(f"SELECT count(*) FROM ({select})"), select


class _Hits(NamedTuple):
    """Hold a rule's hits, how many subjects' rows they cover, and how many hits are only counted."""

    rows: list[dict[str, Any]]
    covered: int
    unlisted: int


def _hits(
    session: EstateSession,
    resolved: ResolvedRule,
    table: SubjectTable | None,
    subjects: str,
    texts: TextPass,
) -> _Hits:
    """Run the rule; return its hits on subjects it applies to."""
    where = ""
    if table is not None and subjects and (not table.in_groups or any(_row_conditions(resolved.rule, table))):
        on = " AND ".join(f"s.{key} = h.{key}" for key in table.keys)
        where = f"EXISTS (SELECT 1 FROM ({subjects}) s WHERE {on})"
    hits = _run(session, resolved, texts, where)
    if table is not None and table.in_groups and hits.num_rows:
        hits = session.in_scope(hits)
    keys = resolved.rule.subject.keys
    for key in keys:
        if hits.num_rows and hits.column(key).null_count:
            raise BrokenRuleError(f"result has a row without {key}")
    unlisted, more = 0, 0
    if hits.num_rows > MOST_FINDINGS:
        ordered = hits.sort_by([(key, "ascending") for key in keys])
        hits, rest = ordered.slice(0, MOST_FINDINGS), ordered.slice(MOST_FINDINGS)
        unlisted, more = rest.num_rows, rest.group_by(list(keys)).aggregate([]).num_rows
    rows = enriched(session, resolved.rule.subject, hits)
    covered = {tuple(row[key] for key in keys): row.get("__stays", 1) for row in rows}
    return _Hits(rows, sum(covered.values()) + more, unlisted)


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


def _judge_estate(
    session: EstateSession,
    resolved: ResolvedRule,
    table: SubjectTable | None,
    missing: MissingFields,
    texts: TextPass,
) -> Judgement:
    """Judge a rule whose subjects are not tied to one group: what any source lacks voids its passes."""
    rule = resolved.rule
    judgement = Judgement()
    alive = [] if rule.include_dissolved else ["dissolved_at IS NULL"]
    if missing.everywhere:
        judgement.unknown.append(Unknown(Subject.ESTATE, {}, missing.everywhere, None))
        return judgement
    if resolved.applies_to:
        alive = _decide(
            session, judgement, alive, resolved.applies_to, fields_of_condition(resolved.applies_to, "groups")
        )
    session.use_scope(*alive)
    incomplete = bool(judgement.unknown)
    for source, fields in missing.by_source.items():
        judgement.unknown.append(Unknown(Subject.ESTATE, {}, fields, source))
        incomplete = True
    total, subjects = 1, ""
    if table is not None:
        keys = ", ".join(f"{column} AS {key}" for key, column in table.keys.items())
        conditions = [f"({rule.applies_when})"] if rule.applies_when else []
        for path in rule.requires_value:
            value, named = required_value(path, table.table)
            where = " AND ".join([*conditions, f"{value} IS NULL"])
            rows = session.connection.execute(f"SELECT {keys}, {named} FROM {table.table} WHERE {where}").fetchall()
            judgement.unknown += [
                Unknown(rule.subject, dict(zip(table.keys, row, strict=False)), (row[-1],), None)
                for row in sorted(rows)
            ]
            conditions.append(f"{value} IS NOT NULL")
        if rule.applies_when:
            judgement.unknown += _undecided(session, rule, table, keys, conditions[1:])
        where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
        subjects = f"SELECT {keys} FROM {table.table}{where}"
        total = session.scalar(f"SELECT count(*) FROM ({subjects})")
    hits = _hits(session, resolved, table, subjects, texts)
    judgement.take(hits)
    # A count over groups of which some are unknown is a lower bound: what it finds stands, what it
    # does not find is no pass.
    judgement.passes = 0 if incomplete else max(0, total - hits.covered)
    return judgement


def _undecided(
    session: EstateSession, rule: Rule, table: SubjectTable, keys: str, conditions: list[str]
) -> list[Unknown]:
    """Return the subjects of which nobody can say whether the rule applies to them."""
    where = " AND ".join([*conditions, f"({rule.applies_when}) IS NULL"])
    rows = session.connection.execute(f"SELECT {keys} FROM {table.table} WHERE {where}").fetchall()
    fields = fields_of_condition(rule.applies_when, table.table)
    return [Unknown(rule.subject, dict(zip(table.keys, row, strict=True)), fields, None) for row in sorted(rows)]
