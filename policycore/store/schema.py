"""The tables of the findings store, one definition for SQLite and PostgreSQL.

Times are whole microseconds since 1970 in UTC: they sort, compare and survive a change of zone the
same way in both databases. What a run found lies in ``files`` as it was found, and the words for it in
``texts``; the columns of ``findings`` exist to be searched, sorted and counted.
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

from policycore.errors import DataError, Problem
from policycore.text.clean import clean

__all__ = [
    "VERSION",
    "Moment",
    "audit",
    "create_tables",
    "decisions",
    "files",
    "findings",
    "metadata",
    "microseconds",
    "moves",
    "notes",
    "roles",
    "run_bodies",
    "run_decisions",
    "run_files",
    "run_gaps",
    "runs",
    "step_ticks",
    "texts",
    "version_of",
    "wording_clauses",
    "wordings",
]

VERSION = 5
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
    """An aware time, stored as microseconds since 1970 in UTC; a time without an offset is refused."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 - SQLAlchemy's
        """Return the microseconds of `value`."""
        return microseconds(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - SQLAlchemy's
        """Return the time, in UTC; DataError for what was written past this program."""
        try:
            return None if value is None else _EPOCH + timedelta(microseconds=value)
        except (TypeError, OverflowError):
            raise DataError(Problem.of("store.altered", what=clean(str(value), limit=40))) from None


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
    # The entry of the audit trail that seals all that is kept of the run.
    Column("entry", Integer, nullable=False),
    Index(None, "ruleset", "replay", "id"),
)
"""One row a run, narrow, so that a trend over every run never touches the findings."""

files = Table(
    "files",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
"""What was found, by the hash of its content: columns of one rule, or what stands beside them; see `found_files`."""

texts = Table(
    "texts",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
"""Every version of a rule's texts that findings were put into words by, as JSON, by its hash."""

run_bodies = Table(
    "run_bodies",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    Column("body", Text, nullable=False),
    # The findings that no rule found in the data, and by which decision each finding was settled.
    Column("beside", Text, ForeignKey("files.hash"), nullable=False),
    # By rule: a waiver that is granted later lapses when one of them changes.
    Column("parameters", Text, nullable=False),
)
"""What a stored run needs to be reported again: titles, outcomes, clause ledger, problems."""

run_files = Table(
    "run_files",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    Column("rule", Text, primary_key=True),
    Column("texts", Text, ForeignKey("texts.hash"), nullable=False),
    Column("file", Text, ForeignKey("files.hash"), nullable=False),
    Column("row_count", Integer, nullable=False),
)
"""Which columns, in which words, are what a rule found in a run."""

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

wordings = Table(
    "wordings",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("digest", Text, nullable=False, unique=True),
    Column("words", Text, nullable=False),
)
"""The words that many findings share, to be searched: title and message of a rule for one reason."""

wording_clauses = Table(
    "wording_clauses",
    metadata,
    Column("clause", Text, primary_key=True),
    Column("wording_id", Integer, ForeignKey("wordings.id"), primary_key=True, autoincrement=False),
)

findings = Table(
    "findings",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("ruleset", Text, nullable=False),
    Column("fingerprint", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("rule_name", Text, nullable=False),
    Column("wording_id", Integer, ForeignKey("wordings.id"), nullable=False),
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
    # The as-of time of the run with which its present life began: deadlines count from there.
    Column("begun", Moment, nullable=False),
    Column("first_run", Integer, ForeignKey("runs.id"), nullable=False),
    Column("first_seen", Moment, nullable=False),
    # The last run that reported it; empty while that is the newest one, so that it costs nothing to report it again.
    Column("last_run", Integer, ForeignKey("runs.id")),
    Column("times_reopened", Integer, nullable=False),
    Column("assigned_to", Text),
    UniqueConstraint("ruleset", "fingerprint"),
    Index("ix_findings_default_order", "active", "urgency", "due", "rule_name", "id"),
    Index(
        "ix_findings_facets",
        *("active", "severity", "verdict", "state", "rule", "department", "platform", "responsible", "wording_id"),
    ),
    # No index for every order: each costs every new finding a write, and a list of a hundred thousand sorts in less
    # than a blink.
    Index("ix_findings_subject_id", "subject_id", "id"),
    Index("ix_findings_group_id", "group_id", "id"),
)
"""One row a finding and rule set, its life, as the newest run left it."""

moves = Table(
    "moves",
    metadata,
    Column("run_id", Integer, ForeignKey("runs.id"), primary_key=True, autoincrement=False),
    Column("position", Integer, primary_key=True, autoincrement=False),
    # Where they stood before and stand now; all empty for findings that only say something else than before.
    Column("was", Text),
    Column("state", Text),
    Column("known_state", Text),
    Column("reason", Text),
    Column("decided_by", Text),
    Column("finding_count", Integer, nullable=False),
    Column("findings", LargeBinary, nullable=False),
)
"""What a run changed in the lives of findings, one row for all that moved alike; see `moves`."""

notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("finding_id", Integer, ForeignKey("findings.id"), nullable=False, index=True),
    Column("at", Moment, nullable=False),
    Column("author", Text, nullable=False),
    Column("text", Text, nullable=False),
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
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("id", Text, nullable=False),
    # The rule set whose run it was made on, '' where nobody said.
    Column("ruleset", Text, nullable=False),
    # What it is about, as JSON: by kind of name (findings, subjects, rules, ...) a list of them.
    Column("covers", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("until", Moment),
    Column("evidence", Text, nullable=False),
    # All that was said, as JSON of its kind.
    Column("body", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("ended", Moment),
    Column("ended_by", Text, nullable=False),
    Column("ended_why", Text, nullable=False),
    UniqueConstraint("kind", "id"),
)
"""What people decided: waivers, attestations, disputes and whatever kind comes; see `decided`."""

run_decisions = Table(
    "run_decisions",
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

roles = Table(
    "roles",
    metadata,
    # ``database`` for a user of the database, ``name`` for a name in the audit trail.
    Column("kind", Text, primary_key=True),
    Column("who", Text, primary_key=True),
    Column("role", Text, nullable=False),
)
"""What whom may do; empty until somebody gives the first role."""

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
    return 0 if {"runs", "run_bodies", "audit"} <= tables else None


def create_tables(connection: Connection) -> None:
    """Create every table, and the triggers that keep the audit trail append-only."""
    metadata.create_all(connection, checkfirst=False)
    connection.execute(_schema.insert().values(version=VERSION))
    for statement in _APPEND_ONLY[connection.dialect.name]:
        connection.exec_driver_sql(statement)
