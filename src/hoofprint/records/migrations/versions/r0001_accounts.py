"""Users, domains with their hostnames, members and access links, and clients."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
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
    """A row of `table` ends with its owner, a domain or a user."""
    column = f"{owner}_id"
    return sa.ForeignKeyConstraint(
        [column], [f"{owner}s.id"], name=f"fk_{table}_{column}", ondelete="CASCADE"
    )


def upgrade() -> None:
    """To this revision."""
    op.create_table(
        "users",
        *common("users"),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("full_name", sa.String(200), nullable=False),
        sa.UniqueConstraint("email", name="uq_users_email"),
    )
    op.create_table(
        "domains",
        *common("domains"),
        sa.Column("user_id", sa.String(10), nullable=False),
        sa.Column("organization_id", sa.String(10)),
        sa.Column("hostname", sa.String(253), nullable=False),
        sa.Column("subdomain", sa.String(63), nullable=False),
        sa.Column("identification_code", sa.String(32), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("google_user_id", sa.String(255)),
        sa.Column("google_user_email", sa.String(254)),
        sa.Column("gsc_domain", sa.String(255)),
        sa.Column("new_owner", sa.String(254)),
        sa.Column("timezone", sa.String(64), nullable=False),
        sa.Column("group_by_title", sa.Boolean(), nullable=False),
        sa.Column("active_visitors_seconds", sa.Integer(), nullable=False),
        sa.Column("disable_scripts", sa.Boolean(), nullable=False),
        sa.Column("statistics_start", sa.Date()),
        sa.Column("imported_statistics", sa.Boolean(), nullable=False),
        sa.Column("metadata", sa.JSON(), nullable=False),
        sa.Column("theme_id", sa.String(10)),
        sa.Column("custom_domain", sa.String(253)),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("theme_settings", sa.JSON(), nullable=False),
        sa.Column("display_name", sa.String(200)),
        owned_by("user", "domains"),
        sa.UniqueConstraint("subdomain", name="uq_domains_subdomain"),
        sa.UniqueConstraint("identification_code", name="uq_domains_identification_code"),
        sa.UniqueConstraint("custom_domain", name="uq_domains_custom_domain"),
    )
    op.create_index("ix_domains_user_id", "domains", ["user_id"])
    op.create_index("ix_domains_organization_id", "domains", ["organization_id"])
    op.create_index("ix_domains_hostname", "domains", ["hostname"])
    op.create_index("ix_domains_theme_id", "domains", ["theme_id"])
    op.create_table(
        "hostnames",
        *common("hostnames"),
        sa.Column("domain_id", sa.String(10), nullable=False),
        sa.Column("hostname", sa.String(253), nullable=False),
        owned_by("domain", "hostnames"),
        sa.UniqueConstraint("domain_id", "hostname", name="uq_hostnames_domain_id_hostname"),
    )
    op.create_table(
        "members",
        *common("members"),
        sa.Column("domain_id", sa.String(10), nullable=False),
        sa.Column("user_id", sa.String(10), nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.CheckConstraint("role IN ('Admin', 'Viewer')", name="ck_members_role"),
        owned_by("domain", "members"),
        owned_by("user", "members"),
        sa.UniqueConstraint("domain_id", "user_id", name="uq_members_domain_id_user_id"),
    )
    op.create_index("ix_members_user_id", "members", ["user_id"])
    op.create_table(
        "access_links",
        *common("access_links"),
        sa.Column("domain_id", sa.String(10), nullable=False),
        sa.Column("code", sa.String(32), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True)),
        owned_by("domain", "access_links"),
        sa.UniqueConstraint("code", name="uq_access_links_code"),
    )
    op.create_index("ix_access_links_domain_id", "access_links", ["domain_id"])
    op.create_table(
        "clients",
        *common("clients"),
        sa.Column("domain_id", sa.String(10)),
        sa.Column("user_id", sa.String(10)),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("client_id", sa.String(32), nullable=False),
        sa.Column("secret_hash", sa.String(64), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "(domain_id IS NULL) <> (user_id IS NULL)", name="ck_clients_belongs_to_one"
        ),
        sa.CheckConstraint("type IN ('oauth', 'token')", name="ck_clients_type"),
        owned_by("domain", "clients"),
        owned_by("user", "clients"),
        sa.UniqueConstraint("client_id", name="uq_clients_client_id"),
        sa.UniqueConstraint("secret_hash", name="uq_clients_secret_hash"),
    )
    op.create_index("ix_clients_domain_id", "clients", ["domain_id"])
    op.create_index("ix_clients_user_id", "clients", ["user_id"])


def downgrade() -> None:
    """Back to the one before."""
    for table in ("clients", "access_links", "members", "hostnames", "domains", "users"):
        op.drop_table(table)
