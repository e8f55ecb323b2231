"""Judge one rule: which subjects it applies to, which are unknown, what it finds, how many pass."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from policycore.engine.availability import Availability, MissingFields, fields_of_condition, path_fields
from policycore.engine.hits import Hits, row_conditions, rule_hits
from policycore.engine.session import EstateSession
from policycore.engine.subjects import SubjectTable, required_value, subject_table
from policycore.engine.tally import count_subjects
from policycore.engine.texts import TextPass
from policycore.model.verdict import Subject
from policycore.plugin_api.rule import Rule, TextRule
from policycore.rulesets.resolved import ResolvedRule

__all__ = ["Judgement", "Unknown", "judge"]


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

    def take(self, hits: Hits) -> None:
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
        return _counted(session, judgement, scope, "SELECT id AS group_id FROM all_groups WHERE false", {})
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
    subjects = _subjects(rule.subject, table, scope, where)
    hits = rule_hits(session, resolved, table, subjects, texts)
    judgement.take(hits)
    unread = _unread(session, availability, resolved, scope) if isinstance(rule, TextRule) else []
    judgement.unknown += unread
    return _counted(session, judgement, scope, subjects, hits.covered, unread)


def _counted(
    session: EstateSession,
    judgement: Judgement,
    scope: str,
    subjects: str,
    covered: Mapping[tuple[Any, ...], int],
    unread: Iterable[Unknown] = (),
) -> Judgement:
    """Count what passes and what is not applicable; every key in `covered` begins with its group."""
    of_group: Counter[str] = Counter()
    for key, number in covered.items():
        of_group[key[0]] += number
    unknown = [item.keys["group_id"] for item in judgement.unknown]
    voided = [item.keys["group_id"] for item in unread]
    judgement.passes, judgement.not_applicable = count_subjects(session, scope, subjects, of_group, unknown, voided)
    return judgement


def _unread(session: EstateSession, availability: Availability, resolved: ResolvedRule, scope: str) -> list[Unknown]:
    """Return the groups whose source lacks a text that the rule also reads: nothing of theirs passes.

    What was found in the other texts stands: a mark in a message counts though no file name is known.
    """
    reads = resolved.rule.reads if isinstance(resolved.rule, TextRule) else ()
    unread = availability.missing(reads)
    found: list[Unknown] = []
    if unread.everywhere:
        found += _unknown_groups(session, f"SELECT id, NULL FROM {scope}", unread.everywhere)
    for source, fields in unread.by_source.items():
        quoted = source.replace("'", "''")
        groups = f"SELECT id, NULL FROM {scope} WHERE source = '{quoted}'"
        found += _unknown_groups(session, groups, fields, source)
    return found


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
    for undecided, fields, condition in row_conditions(rule, table):
        rows = " AND ".join([f"group_id IN (SELECT id FROM {scope})", *held, undecided])
        sql = f"SELECT DISTINCT group_id, NULL FROM {table.table} WHERE {rows}"
        judgement.unknown += _unknown_groups(session, sql, fields)
        held.append(condition)
    return " AND ".join(held)


def _unknown_groups(
    session: EstateSession, sql: str, fields: tuple[str, ...], source: str | None = None
) -> list[Unknown]:
    """Return an unknown for each group that `sql` lists as (id, name of the missing field or NULL)."""
    rows = session.connection.execute(sql).fetchall()
    return [
        Unknown(Subject.GROUP, {"group_id": group}, (named,) if named else fields, source)
        for group, named in sorted(rows)
    ]


def _subjects(subject: Subject, table: SubjectTable, scope: str, where: str) -> str:
    """Return a SELECT of the keys of the subjects in `scope` ('' where they are its groups)."""
    if subject is Subject.GROUP:
        return ""
    where = f"{where} AND " if where else ""
    keys = ", ".join(f"{column} AS {key}" for key, column in table.keys.items())
    return f"SELECT {keys} FROM {table.table} WHERE {where}group_id IN (SELECT id FROM {scope})"


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
    hits = rule_hits(session, resolved, table, subjects, texts)
    judgement.take(hits)
    # A count over groups of which some are unknown is a lower bound: what it finds stands, what it
    # does not find is no pass.
    judgement.passes = 0 if incomplete else max(0, total - sum(hits.covered.values()))
    return judgement


def _undecided(
    session: EstateSession, rule: Rule, table: SubjectTable, keys: str, conditions: list[str]
) -> list[Unknown]:
    """Return the subjects of which nobody can say whether the rule applies to them."""
    where = " AND ".join([*conditions, f"({rule.applies_when}) IS NULL"])
    rows = session.connection.execute(f"SELECT {keys} FROM {table.table} WHERE {where}").fetchall()
    fields = fields_of_condition(rule.applies_when, table.table)
    return [Unknown(rule.subject, dict(zip(table.keys, row, strict=True)), fields, None) for row in sorted(rows)]
