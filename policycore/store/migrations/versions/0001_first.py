"""Create the store: runs, findings and what they said, steps, notes, decisions, the audit trail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create every table, and the triggers that keep the audit trail append-only."""
    _runs()
    _findings()
    _occurrences()
    _work()
    _audit()


def _runs() -> None:
    """Create the runs and their counts."""
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("ruleset", sa.Text(), nullable=False),
        sa.Column("ruleset_hash", sa.Text(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("decisions_hash", sa.Text(), nullable=False),
        sa.Column("engine_version", sa.Text(), nullable=False),
        sa.Column("as_of", sa.BigInteger(), nullable=False),
        sa.Column("timezone", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.Column("replay", sa.Boolean(), nullable=False),
        sa.Column("cut", sa.Boolean(), nullable=False),
        sa.Column("previous", sa.Integer(), nullable=True),
        sa.Column("seconds", sa.Float(), nullable=False),
        sa.Column("complete", sa.Boolean(), nullable=False),
        sa.Column("passes", sa.Integer(), nullable=False),
        sa.Column("errors", sa.Integer(), nullable=False),
        sa.Column("warnings", sa.Integer(), nullable=False),
        sa.Column("infos", sa.Integer(), nullable=False),
        sa.Column("unknowns", sa.Integer(), nullable=False),
        sa.Column("needs_attestation", sa.Integer(), nullable=False),
        sa.Column("attested", sa.Integer(), nullable=False),
        sa.Column("waived", sa.Integer(), nullable=False),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.Column("new", sa.Integer(), nullable=False),
        sa.Column("reopened", sa.Integer(), nullable=False),
        sa.Column("resolved", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["previous"], ["runs.id"], name="fk_runs_previous"),
        sa.PrimaryKeyConstraint("id", name="pk_runs"),
    )
    op.create_index("ix_runs_ruleset_replay_id", "runs", ["ruleset", "replay", "id"])
    op.create_table(
        "run_bodies",
        sa.Column("run_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_run_bodies_run_id"),
        sa.PrimaryKeyConstraint("run_id", name="pk_run_bodies"),
    )
    op.create_table(
        "run_totals",
        sa.Column("run_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_run_totals_run_id"),
        sa.PrimaryKeyConstraint("run_id", "dimension", "key", "verdict", name="pk_run_totals"),
    )


def _findings() -> None:
    """Create the findings as the newest run left them."""
    op.create_table(
        "findings",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("ruleset", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("rule_name", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("subject_name", sa.Text(), nullable=False),
        sa.Column("group_id", sa.Text(), nullable=True),
        sa.Column("group_name", sa.Text(), nullable=True),
        sa.Column("department_id", sa.Text(), nullable=True),
        sa.Column("department", sa.Text(), nullable=True),
        sa.Column("platform", sa.Text(), nullable=True),
        sa.Column("responsible_id", sa.Text(), nullable=True),
        sa.Column("responsible", sa.Text(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=False),
        sa.Column("enforcement", sa.Text(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=True),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("known_state", sa.Text(), nullable=False),
        sa.Column("violated", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("state_run", sa.Integer(), nullable=False),
        sa.Column("state_since", sa.BigInteger(), nullable=False),
        sa.Column("first_run", sa.Integer(), nullable=False),
        sa.Column("first_seen", sa.BigInteger(), nullable=False),
        sa.Column("times_reopened", sa.Integer(), nullable=False),
        sa.Column("assigned_to", sa.Text(), nullable=True),
        sa.Column("occurrence_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["first_run"], ["runs.id"], name="fk_findings_first_run"),
        sa.ForeignKeyConstraint(["state_run"], ["runs.id"], name="fk_findings_state_run"),
        sa.PrimaryKeyConstraint("id", name="pk_findings"),
        sa.UniqueConstraint("ruleset", "fingerprint", name="uq_findings_ruleset_fingerprint"),
    )
    op.create_index("ix_findings_default_order", "findings", ["active", "weight", "rule", "subject_id", "id"])
    op.create_index("ix_findings_department", "findings", ["active", "department", "id"])
    op.create_index("ix_findings_due", "findings", ["active", "due", "id"])
    op.create_index(
        "ix_findings_facets",
        "findings",
        ["active", "severity", "verdict", "state", "rule", "department", "platform", "responsible"],
    )
    op.create_index("ix_findings_first_seen", "findings", ["active", "first_seen", "id"])
    op.create_index("ix_findings_responsible", "findings", ["active", "responsible", "id"])
    op.create_index("ix_findings_rule", "findings", ["active", "rule", "subject_id", "id"])
    op.create_index("ix_findings_state", "findings", ["active", "state", "id"])
    op.create_index("ix_findings_subject_id", "findings", ["subject_id", "id"])
    op.create_index("ix_findings_group_id", "findings", ["group_id", "id"])
    op.create_index("ix_findings_subject_name", "findings", ["active", "subject_name", "id"])
    op.create_table(
        "finding_clauses",
        sa.Column("clause", sa.Text(), nullable=False),
        sa.Column("finding_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name="fk_finding_clauses_finding_id"),
        sa.PrimaryKeyConstraint("clause", "finding_id", name="pk_finding_clauses"),
    )
    op.create_index("ix_finding_clauses_finding_id", "finding_clauses", ["finding_id"])


def _occurrences() -> None:
    """Create what findings said when, and how their state changed."""
    op.create_table(
        "occurrences",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("finding_id", sa.Integer(), nullable=True),
        sa.Column("first_run", sa.Integer(), nullable=False),
        sa.Column("last_run", sa.Integer(), nullable=True),
        sa.Column("replay", sa.Boolean(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("severity", sa.Text(), nullable=False),
        sa.Column("body_hash", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name="fk_occurrences_finding_id"),
        sa.ForeignKeyConstraint(["first_run"], ["runs.id"], name="fk_occurrences_first_run"),
        sa.ForeignKeyConstraint(["last_run"], ["runs.id"], name="fk_occurrences_last_run"),
        sa.PrimaryKeyConstraint("id", name="pk_occurrences"),
    )
    op.create_index("ix_occurrences_finding_id", "occurrences", ["finding_id", "first_run"])
    op.create_index("ix_occurrences_runs", "occurrences", ["replay", "first_run", "last_run"])
    op.create_table(
        "transitions",
        sa.Column("finding_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("run_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("was", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name="fk_transitions_finding_id"),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_transitions_run_id"),
        sa.PrimaryKeyConstraint("finding_id", "run_id", name="pk_transitions"),
    )
    op.create_index("ix_transitions_run_id", "transitions", ["run_id", "state"])


def _work() -> None:
    """Create what people add: notes, ticked steps, decisions."""
    op.create_table(
        "notes",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("finding_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name="fk_notes_finding_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
    )
    op.create_index("ix_notes_finding_id", "notes", ["finding_id"])
    op.create_table(
        "steps",
        sa.Column("finding_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("position", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=True),
        sa.Column("what_zh", sa.Text(), nullable=False),
        sa.Column("what_en", sa.Text(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name="fk_steps_finding_id"),
        sa.PrimaryKeyConstraint("finding_id", "position", name="pk_steps"),
    )
    op.create_index("ix_steps_due", "steps", ["due"])
    op.create_table(
        "step_ticks",
        sa.Column("finding_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("position", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["finding_id"], ["findings.id"], name="fk_step_ticks_finding_id"),
        sa.PrimaryKeyConstraint("finding_id", "position", name="pk_step_ticks"),
    )
    op.create_table(
        "decisions",
        sa.Column("run_id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("findings", sa.Integer(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name="fk_decisions_run_id"),
        sa.PrimaryKeyConstraint("run_id", "kind", "id", name="pk_decisions"),
    )


def _audit() -> None:
    """Create the audit trail, which only grows."""
    op.create_table(
        "audit",
        sa.Column("sequence", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text(), nullable=False),
        sa.Column("hash", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("sequence", name="pk_audit"),
    )
    if op.get_bind().dialect.name == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_no_{action.lower()} BEFORE {action} ON audit "
                "BEGIN SELECT RAISE(ABORT, 'audit is append-only'); END"
            )
        return
    op.execute(
        "CREATE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'audit is append-only'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_append_only()"
    )
