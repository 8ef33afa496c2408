"""Imports of statistics, and the Google accounts that domains are connected to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def common(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """The columns every table has, and the domain it belongs to, which has one row at most."""
    return (
        sa.Column("id", sa.String(10), nullable=False),
        sa.Column("def_time", TIME, nullable=False),
        sa.Column("mod_time", TIME, nullable=False),
        sa.Column("domain_id", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.UniqueConstraint("domain_id", name=f"uq_{table}_domain_id"),
        sa.ForeignKeyConstraint(
            ["domain_id"], ["domains.id"], name=f"fk_{table}_domain_id", ondelete="CASCADE"
        ),
    )


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "imports",
        *common("imports"),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("file", sa.String(64), nullable=False),
        sa.Column("google_user_id", sa.String(255)),
        sa.Column("google_user_email", sa.String(254)),
        sa.Column("property", sa.String(64)),
        sa.Column("first_day", sa.Date()),
        sa.Column("last_day", sa.Date()),
        sa.Column("rows_id", sa.String(10), nullable=False),
        sa.Column("taken_until", TIME),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("rows_done", sa.BigInteger(), nullable=False),
        sa.Column("rows_all", sa.BigInteger(), nullable=False),
        sa.Column("skipped", sa.BigInteger(), nullable=False),
        sa.Column("broken", sa.BigInteger(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("finished", TIME),
        sa.CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed')", name="ck_imports_state"
        ),
        sa.CheckConstraint("type IN ('ga', 'plausible', 'fathom')", name="ck_imports_type"),
    )
    op.create_index("ix_imports_state", "imports", ["state"])
    op.create_table(
        "google_accounts",
        *common("google_accounts"),
        sa.Column("user_id", sa.String(10)),
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name="fk_google_accounts_user_id", ondelete="SET NULL"
        ),
    )
    with op.batch_alter_table("domains") as domains:
        domains.add_column(
            sa.Column("imported", sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
        )


def downgrade() -> None:
    """Back to the one before."""
    with op.batch_alter_table("domains") as domains:
        domains.drop_column("imported")
    op.drop_table("google_accounts")
    op.drop_table("imports")
