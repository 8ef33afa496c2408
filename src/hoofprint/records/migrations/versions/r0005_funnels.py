"""Funnels with their steps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
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
    for table in ("funnel_steps", "funnels"):
        op.drop_table(table)
