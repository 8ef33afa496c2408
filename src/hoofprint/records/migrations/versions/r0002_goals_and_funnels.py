"""Conversion goals, and funnels with their steps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def common(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """The columns every table has."""
    return (
        sa.Column("id", sa.String(10), nullable=False),
        sa.Column("def_time", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mod_time", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )


def owned_by(owner: str, table: str) -> sa.ForeignKeyConstraint:
    """A row of `table` ends with its owner, a domain or a funnel."""
    column = f"{owner}_id"
    return sa.ForeignKeyConstraint(
        [column], [f"{owner}s.id"], name=f"fk_{table}_{column}", ondelete="CASCADE"
    )


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "goals",
        *common("goals"),
        sa.Column("domain_id", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("path_pattern", sa.Text()),
        sa.Column("pattern", sa.Text()),
        sa.Column("event_name", sa.Text()),
        sa.Column("event_meta_key", sa.Text()),
        sa.Column("event_meta_value", sa.Text()),
        sa.Column("custom_metric_key", sa.Text()),
        sa.Column("custom_metric_type", sa.String(16)),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("visitor_goal", sa.BigInteger()),
        sa.Column("cr_goal", sa.Double()),
        sa.Column("custom_metric_total_goal", sa.Double()),
        sa.Column("custom_metric_avg_goal", sa.Double()),
        sa.Column("delete_reached", sa.Boolean(), nullable=False),
        sa.Column("email_reached", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "custom_metric_type IN ('integer', 'float')", name="ck_goals_custom_metric_type"
        ),
        owned_by("domain", "goals"),
    )
    op.create_index("ix_goals_domain_id", "goals", ["domain_id"])
    op.create_table(
        "funnels",
        *common("funnels"),
        sa.Column("domain_id", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        owned_by("domain", "funnels"),
    )
    op.create_index("ix_funnels_domain_id", "funnels", ["domain_id"])
    op.create_table(
        "funnel_steps",
        *common("funnel_steps"),
        sa.Column("funnel_id", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("filter", sa.JSON(), nullable=False),
        owned_by("funnel", "funnel_steps"),
        sa.UniqueConstraint("funnel_id", "step", name="uq_funnel_steps_funnel_id_step"),
    )


def downgrade() -> None:
    """Back to the one before."""
    for table in ("funnel_steps", "funnels", "goals"):
        op.drop_table(table)
