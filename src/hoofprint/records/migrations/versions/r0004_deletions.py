"""Deletions of statistics."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "deletions",
        sa.Column("id", sa.String(10), nullable=False),
        sa.Column("def_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mod_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("domain_id", sa.String(10), nullable=False),
        sa.Column("requested_by", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("steps", sa.Integer(), nullable=False),
        sa.Column("progress", sa.Double(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("finished", sa.DateTime(timezone=True)),
        sa.CheckConstraint("state IN ('waiting', 'deleting', 'done')", name="ck_deletions_state"),
        sa.CheckConstraint("kind IN ('', 'all', 'events', 'imported')", name="ck_deletions_kind"),
        sa.ForeignKeyConstraint(
            ["domain_id"], ["domains.id"], "fk_deletions_domain_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_deletions"),
    )
    op.create_index("ix_deletions_domain_id", "deletions", ["domain_id"])
    op.create_index("ix_deletions_state", "deletions", ["state"])


def downgrade() -> None:
    """Back to the one before."""
    op.drop_table("deletions")
