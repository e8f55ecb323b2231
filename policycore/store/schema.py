"""The tables of the findings store, one definition for SQLite and PostgreSQL.

Times are whole microseconds since 1970 in UTC: they sort, compare and survive a change of zone the
same way in both databases. What a person reads (messages, facts) stands in ``occurrences.body`` as
JSON; the columns beside it exist to be searched, sorted and counted.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    inspect,
    select,
)
from sqlalchemy.types import TypeDecorator

__all__ = [
    "VERSION",
    "Moment",
    "audit",
    "create_tables",
    "decisions",
    "finding_clauses",
    "findings",
    "metadata",
    "microseconds",
    "notes",
    "occurrences",
    "run_bodies",
    "run_gaps",
    "run_places",
    "runs",
    "step_ticks",
    "steps",
    "transitions",
    "version_of",
]

VERSION = 2
"""The version of the tables below; a store says in ``policycore_schema`` which one it has."""

_APPEND_ONLY = {
    "sqlite": [
        f"CREATE TRIGGER audit_no_{action.lower()} BEFORE {action} ON audit "
        "BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
        for action in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit is append-only'; END $$",
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()",
    ],
}

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def microseconds(value: datetime | None) -> int | None:
    """Return the microseconds since 1970 in UTC; a time without an offset is refused."""
    if value is None:
        return None
    if value.tzinfo is None:
        raise ValueError("a time in the store needs an offset")
    return (value - _EPOCH) // _MICROSECOND


class Moment(TypeDecorator[datetime]):
    """Store an aware time as microseconds since 1970 in UTC, and refuse a time without an offset."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        """Return the microseconds of `value`."""
        return microseconds(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Return the time, in UTC."""
        return None if value is None else _EPOCH + timedelta(microseconds=value)


runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("ruleset", Text, nullable=False),
    Column("ruleset_hash", Text, nullable=False),
    Column("snapshot", Text, nullable=False),
    Column("decisions_hash", Text, nullable=False),
    Column("engine_version", Text, nullable=False),
    Column("as_of", Moment, nullable=False),
    Column("timezone", Text, nullable=False),
    Column("recorded_at", Moment, nullable=False),
    # Not a run that moves states: it speaks of the past or of what may come, or was cut short before its end.
    Column("replay", Boolean, nullable=False),
    Column("cut", Boolean, nullable=False),
    Column("previous", Integer, ForeignKey("runs.id")),
    Column("seconds", Float, nullable=False),
    Column("complete", Boolean, nullable=False),
    Column("passes", Integer, nullable=False),
    Column("errors", Integer, nullable=False),
    Column("warnings", Integer, nullable=False),
    Column("infos", Integer, nullable=False),
    Column("unknowns", Integer, nullable=False),
    Column("needs_attestation", Integer, nullable=False),
    Column("attested", Integer, nullable=False),
    Column("waived", Integer, nullable=False),
    Column("broken", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("reopened", Integer, nullable=False),
    Column("resolved", Integer, nullable=False),
    Column("lost", Integer, nullable=False),
    Index(None, "ruleset", "replay", "id"),
)
"""One row a run, narrow, so that a trend over every run never touches the findings."""

run_bodies = Table(
    "run_bodies",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    # By rule: a waiver that is granted later lapses when one of them changes.
    Column("parameters", Text, nullable=False),
)
"""What a stored run needs to be reported again: titles, outcomes, clause ledger, problems."""

run_gaps = Table(
    "run_gaps",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("rule", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("clauses", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("enforcement", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("fields", Text, nullable=False),
    Column("source", Text),
    Column("subject_count", Integer, nullable=False),
    Column("subjects", LargeBinary, nullable=False),
)
"""What a run could not judge; lists and texts are JSON, `subjects` holds ids compressed; see `gaps`."""

findings = Table(
    "findings",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("ruleset", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("rule_name", Text, nullable=False),
    Column("subject_kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("subject_name", Text, nullable=False),
    Column("group_id", Text),
    Column("group_name", Text),
    Column("department_id", Text),
    Column("department", Text),
    Column("platform", Text),
    Column("responsible_id", Text),
    Column("responsible", Text),
    Column("verdict", Text, nullable=False),
    Column("severity", Text, nullable=False),
    # Its place among others, the most pressing first; those of one place all have a date, or none has.
    Column("urgency", Integer, nullable=False),
    Column("enforcement", Text, nullable=False),
    Column("due", Moment),
    Column("search", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("known_state", Text, nullable=False),
    # Whether a person still has to look at it: everything but resolved, waived and attested.
    Column("active", Boolean, nullable=False),
    Column("state_run", Integer, ForeignKey("runs.id"), nullable=False),
    Column("state_since", Moment, nullable=False),
    Column("first_run", Integer, ForeignKey("runs.id"), nullable=False),
    Column("first_seen", Moment, nullable=False),
    Column("times_reopened", Integer, nullable=False),
    Column("assigned_to", Text),
    Column("occurrence_id", Integer),
    UniqueConstraint("ruleset", "fingerprint"),
    Index("ix_findings_default_order", "active", "urgency", "due", "rule_name", "subject_id", "id"),
    Index(
        "ix_findings_facets", "active", "severity", "verdict", "state", "rule", "department", "platform", "responsible"
    ),
    Index("ix_findings_rule", "active", "rule", "subject_id", "id"),
    Index("ix_findings_department", "active", "department", "id"),
    Index("ix_findings_subject_name", "active", "subject_name", "id"),
    Index("ix_findings_responsible", "active", "responsible", "id"),
    Index("ix_findings_first_seen", "active", "first_seen", "id"),
    Index("ix_findings_due", "active", "due", "id"),
    Index("ix_findings_subject_id", "subject_id", "id"),
    Index("ix_findings_group_id", "group_id", "id"),
    Index("ix_findings_state", "active", "state", "id"),
)
"""One row a finding and rule set, as the newest run left it."""

finding_clauses = Table(
    "finding_clauses",
    metadata,
    Column("clause", Text, primary_key=True),
    Column("finding_id", Integer, ForeignKey("findings.id"), primary_key=True, autoincrement=False),
    Index("ix_finding_clauses_finding_id", "finding_id"),
)

occurrences = Table(
    "occurrences",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    # Empty for a replay, whose findings are no part of any finding's life.
    Column("finding_id", Integer, ForeignKey("findings.id")),
    Column("first_run", Integer, ForeignKey("runs.id"), nullable=False),
    Column("last_run", Integer, ForeignKey("runs.id")),
    Column("replay", Boolean, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("body_hash", Text, nullable=False),
    Column("body", Text, nullable=False),
    Index("ix_occurrences_finding_id", "finding_id", "first_run"),
    Index("ix_occurrences_runs", "replay", "first_run", "last_run"),
)
"""What a finding said, from one run to the last one in which it said just that.

`last_run` is empty while the newest run still says it, so that a run in which nothing changed
writes no row per finding.
"""

run_places = Table(
    "run_places",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
)
"""Where rows of findings stood in a run that had moved since the finding was written down; see `places`."""

transitions = Table(
    "transitions",
    metadata,
    Column("finding_id", Integer, ForeignKey("findings.id"), primary_key=True, autoincrement=False),
    Column("run_id", Integer, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("was", Text),
    Column("reason", Text, nullable=False),
    Column("decided_by", Text),
    Column("at", Moment, nullable=False),
    Index("ix_transitions_run_id", "run_id", "state"),
)

notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("finding_id", Integer, ForeignKey("findings.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("author", Text, nullable=False),
    Column("text", Text, nullable=False),
)

steps = Table(
    "steps",
    metadata,
    Column("finding_id", Integer, ForeignKey("findings.id"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("who", Text, nullable=False),
    Column("person", Text),
    Column("what_zh", Text, nullable=False),
    Column("what_en", Text, nullable=False),
    Column("due", Moment),
    Index("ix_steps_due", "due"),
)

step_ticks = Table(
    "step_ticks",
    metadata,
    Column("finding_id", Integer, ForeignKey("findings.id"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("author", Text, nullable=False),
)

decisions = Table(
    "decisions",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    Column("kind", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("status", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("findings", Integer, nullable=False),
    Column("until", Moment),
)
"""What became of each waiver and attestation in each run."""

audit = Table(
    "audit",
    metadata,
    Column("sequence", Integer, primary_key=True, autoincrement=False),
    Column("at", Moment, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)
"""The audit trail; triggers refuse every change but adding an entry at its end."""

_schema = Table("policycore_schema", metadata, Column("version", Integer, primary_key=True, autoincrement=False))


def version_of(connection: Connection) -> int | None:
    """Return which version of the tables a database holds, None where there is no store in it.

    0 stands for the stores of programs that kept no version.
    """
    tables = set(inspect(connection).get_table_names())
    if _schema.name in tables:
        return connection.scalar(select(_schema.c.version))
    return 0 if {"runs", "run_bodies", "occurrences", "audit"} <= tables else None


def create_tables(connection: Connection) -> None:
    """Create every table, and the triggers that keep the audit trail append-only."""
    metadata.create_all(connection, checkfirst=False)
    connection.execute(_schema.insert().values(version=VERSION))
    for statement in _APPEND_ONLY[connection.dialect.name]:
        connection.exec_driver_sql(statement)
