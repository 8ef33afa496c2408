"""Themes, the pictures of themes, domains and people, and where a person's picture is."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
ID = sa.String(10)
OWNERS = ("theme", "domain", "user")
OF_ONE = " + ".join(f"CASE WHEN {owner}_id IS NULL THEN 0 ELSE 1 END" for owner in OWNERS)


def common(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """The columns every table has."""
    return (
        sa.Column("id", ID, nullable=False),
        sa.Column("def_time", TIME, nullable=False),
        sa.Column("mod_time", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )


def of(owner: str, table: str, ondelete: str = "CASCADE") -> tuple[sa.schema.SchemaItem, ...]:
    """The column with the id of an owner, and what becomes of the row without it."""
    column = f"{owner}_id"
    name = f"fk_{table}_{column}"
    key = sa.ForeignKeyConstraint([column], [f"{owner}s.id"], name=name, ondelete=ondelete)
    return sa.Column(column, ID), key


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "themes",
        *common("themes"),
        *of("user", "themes"),
        *of("organization", "themes"),
        *of("domain", "themes", "SET NULL"),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(user_id IS NULL) <> (organization_id IS NULL)", name=op.f("ck_themes_belongs_to_one")
        ),
    )
    for owner in ("user", "organization", "domain"):
        op.create_index(f"ix_themes_{owner}_id", "themes", [f"{owner}_id"])
    op.create_table(
        "images",
        *common("images"),
        *[item for owner in OWNERS for item in of(owner, "images")],
        sa.Column("name", sa.String(16), nullable=False),
        sa.Column("tag", sa.String(16), nullable=False),
        sa.Column("format", sa.String(8), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        *[
            sa.UniqueConstraint(f"{owner}_id", "name", name=f"uq_images_{owner}_id_name")
            for owner in OWNERS
        ],
        sa.CheckConstraint(f"({OF_ONE}) = 1", name=op.f("ck_images_belongs_to_one")),
    )
    with op.batch_alter_table("users") as users:
        users.add_column(sa.Column("picture", sa.String(100), nullable=False, server_default=""))
    with op.batch_alter_table("users") as users:
        users.alter_column("picture", server_default=None)


def downgrade() -> None:
    """Back to the one before."""
    with op.batch_alter_table("users") as users:
        users.drop_column("picture")
    op.drop_table("images")
    op.drop_table("themes")
