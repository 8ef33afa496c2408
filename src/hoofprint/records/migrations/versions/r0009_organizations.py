"""Organizations, the hosts whose addresses join them, their members, and invitations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
OF_ONE = "(domain_id IS NULL) <> (organization_id IS NULL)"
MEMBERSHIP = "uq_members_organization_id_user_id"


def common(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """The columns every table has."""
    return (
        sa.Column("id", sa.String(10), nullable=False),
        sa.Column("def_time", TIME, nullable=False),
        sa.Column("mod_time", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
    )


def owned_by(owner: str, table: str) -> sa.ForeignKeyConstraint:
    """A row of `table` ends with its owner."""
    column = f"{owner}_id"
    return sa.ForeignKeyConstraint(
        [column], [f"{owner}s.id"], name=f"fk_{table}_{column}", ondelete="CASCADE"
    )


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "organizations",
        *common("organizations"),
        sa.Column("user_id", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("theme_id", sa.String(10)),
        owned_by("user", "organizations"),
    )
    op.create_index("ix_organizations_user_id", "organizations", ["user_id"])
    op.create_index("ix_organizations_theme_id", "organizations", ["theme_id"])
    op.create_table(
        "auto_joins",
        *common("auto_joins"),
        sa.Column("organization_id", sa.String(10), nullable=False),
        sa.Column("hostname", sa.String(253), nullable=False),
        owned_by("organization", "auto_joins"),
        sa.UniqueConstraint(
            "organization_id", "hostname", name="uq_auto_joins_organization_id_hostname"
        ),
    )
    op.create_index("ix_auto_joins_hostname", "auto_joins", ["hostname"])
    op.create_table(
        "invitations",
        *common("invitations"),
        sa.Column("domain_id", sa.String(10)),
        sa.Column("organization_id", sa.String(10)),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("code_hash", sa.String(64), nullable=False),
        owned_by("domain", "invitations"),
        owned_by("organization", "invitations"),
        sa.UniqueConstraint("domain_id", "email", name="uq_invitations_domain_id_email"),
        sa.UniqueConstraint(
            "organization_id", "email", name="uq_invitations_organization_id_email"
        ),
        sa.UniqueConstraint("code_hash", name="uq_invitations_code_hash"),
        sa.CheckConstraint(OF_ONE, name=op.f("ck_invitations_belongs_to_one")),
    )
    op.create_index("ix_invitations_email", "invitations", ["email"])
    with op.batch_alter_table("members") as members:
        members.alter_column("domain_id", existing_type=sa.String(10), nullable=True)
        members.add_column(sa.Column("organization_id", sa.String(10)))
        members.create_foreign_key(
            "fk_members_organization_id",
            "organizations",
            ["organization_id"],
            ["id"],
            ondelete="CASCADE",
        )
        members.create_unique_constraint(MEMBERSHIP, ["organization_id", "user_id"])
        members.create_check_constraint(op.f("ck_members_belongs_to_one"), OF_ONE)
    op.execute("UPDATE domains SET organization_id = NULL")  # nothing was there to belong to
    with op.batch_alter_table("domains") as domains:
        domains.create_foreign_key(
            "fk_domains_organization_id",
            "organizations",
            ["organization_id"],
            ["id"],
            ondelete="SET NULL",
        )


def downgrade() -> None:
    """Back to the one before."""
    with op.batch_alter_table("domains") as domains:
        domains.drop_constraint("fk_domains_organization_id", type_="foreignkey")
    op.execute("UPDATE domains SET organization_id = NULL")
    op.execute("DELETE FROM members WHERE domain_id IS NULL")
    with op.batch_alter_table("members") as members:
        members.drop_constraint(op.f("ck_members_belongs_to_one"), type_="check")
        members.drop_constraint(MEMBERSHIP, type_="unique")
        members.drop_constraint("fk_members_organization_id", type_="foreignkey")
        members.drop_column("organization_id")
        members.alter_column("domain_id", existing_type=sa.String(10), nullable=False)
    for table in ("invitations", "auto_joins", "organizations"):
        op.drop_table(table)
