"""Conversion goals."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "goals",
        sa.Column("id", sa.String(10), nullable=False),
        sa.Column("def_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mod_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("domain_id", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("path_pattern", sa.String(2000)),
        sa.Column("pattern", sa.String(4096)),
        sa.Column("event_name", sa.String(200)),
        sa.Column("event_meta_key", sa.String(200)),
        sa.Column("event_meta_value", sa.String(2000)),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("custom_metric_key", sa.String(200)),
        sa.Column("custom_metric_type", sa.String(16)),
        sa.Column("visitor_goal", sa.BigInteger()),
        sa.Column("cr_goal", sa.Double()),
        sa.Column("custom_metric_total_goal", sa.Double()),
        sa.Column("custom_metric_avg_goal", sa.Double()),
        sa.Column("delete_reached", sa.Boolean(), nullable=False),
        sa.Column("email_reached", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["domain_id"], ["domains.id"], "fk_goals_domain_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_goals"),
    )
    op.create_index("ix_goals_domain_id", "goals", ["domain_id"])


def downgrade() -> None:
    """Back to the one before."""
    op.drop_table("goals")
