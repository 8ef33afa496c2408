"""Logins, codes that work once, second factors, and who operates the instance."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def common(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """The columns every table has, and the end of its rows with their user."""
    return (
        sa.Column("id", sa.String(10), nullable=False),
        sa.Column("def_time", TIME, nullable=False),
        sa.Column("mod_time", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=f"fk_{table}_user_id", ondelete="CASCADE"
        ),
    )


def upgrade() -> None:
    """To this revision."""
    with op.batch_alter_table("users") as users:
        users.add_column(
            sa.Column("operator", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        users.add_column(sa.Column("confirmed", TIME))
        users.add_column(sa.Column("ends", TIME))
    with op.batch_alter_table("users") as users:
        users.alter_column("operator", server_default=None)
    # Until now accounts were made on the command line only, by who operates the instance.
    op.execute("UPDATE users SET confirmed = def_time")
    op.execute(
        "UPDATE users SET operator = true"
        " WHERE id = (SELECT id FROM users ORDER BY def_time, id LIMIT 1)"
    )
    op.create_table(
        "logins",
        sa.Column("user_id", sa.String(10), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("browser", sa.String(64), nullable=False),
        sa.Column("system", sa.String(64), nullable=False),
        sa.Column("seen", TIME, nullable=False),
        sa.Column("ends", TIME, nullable=False),
        *common("logins"),
        sa.UniqueConstraint("token_hash", name="uq_logins_token_hash"),
    )
    op.create_index("ix_logins_user_id", "logins", ["user_id"])
    op.create_table(
        "codes",
        sa.Column("user_id", sa.String(10)),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("ends", TIME, nullable=False),
        *common("codes"),
        sa.UniqueConstraint("code_hash", name="uq_codes_code_hash"),
        sa.CheckConstraint(
            "kind IN ('setup', 'confirm', 'email', 'reset', 'second')", name="ck_codes_kind"
        ),
    )
    op.create_index("ix_codes_user_id", "codes", ["user_id"])
    op.create_table(
        "second_factors",
        sa.Column("user_id", sa.String(10), nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        *common("second_factors"),
        sa.UniqueConstraint("user_id", name="uq_second_factors_user_id"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("user_id", sa.String(10), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        *common("recovery_codes"),
        sa.UniqueConstraint("code_hash", name="uq_recovery_codes_code_hash"),
    )
    op.create_index("ix_recovery_codes_user_id", "recovery_codes", ["user_id"])


def downgrade() -> None:
    """Back to the one before."""
    for table in ("recovery_codes", "second_factors", "codes", "logins"):
        op.drop_table(table)
    with op.batch_alter_table("users") as users:
        for column in ("operator", "confirmed", "ends"):
            users.drop_column(column)
