"""Keep the rows of findings that moved in one list a run."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the lists; earlier runs have none, for whatever moved was written anew with them."""
    op.create_table(
        "run_places",
        sa.Column("run_id", sa.Integer(), sa.ForeignKey("runs.id", name="fk_run_places_run_id"), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", name="pk_run_places"),
    )
