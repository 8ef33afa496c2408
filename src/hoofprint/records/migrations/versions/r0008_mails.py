"""Mails that wait to be sent, and the log of what was changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def common(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """The columns every table has."""
    return (
        sa.Column("id", sa.String(10), nullable=False),
        sa.Column("def_time", TIME, nullable=False),
        sa.Column("mod_time", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "mails",
        *common("mails"),
        sa.Column("recipient", sa.String(254), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("html", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("next_try", TIME),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent", TIME),
        sa.Column("error", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'sent', 'failed', 'unsent')", name="ck_mails_state"
        ),
    )
    op.create_index("ix_mails_state_next_try", "mails", ["state", "next_try"])
    op.create_table(
        "audit",
        *common("audit"),
        sa.Column("operation", sa.String(64), nullable=False),
        sa.Column("client_id", sa.String(32), nullable=False),
        sa.Column("user_id", sa.String(10)),
        sa.Column("domain_id", sa.String(10)),
        sa.Column("object_id", sa.String(10)),
    )
    op.create_index("ix_audit_domain_id_def_time", "audit", ["domain_id", "def_time"])


def downgrade() -> None:
    """Back to the one before."""
    op.drop_table("audit")
    op.drop_table("mails")
