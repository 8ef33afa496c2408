"""What a domain has further: webhooks, traffic filters, reports, views, snippets, alerts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
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


def of_domain(table: str) -> tuple[sa.schema.SchemaItem, ...]:
    """The common columns of a table whose rows end with their domain."""
    return (
        *common(table),
        sa.Column("domain_id", sa.String(10), nullable=False),
        owned_by("domain", table),
    )


def owned_by(owner: str, table: str) -> sa.ForeignKeyConstraint:
    """A row of `table` ends with its owner, a domain or a user."""
    column = f"{owner}_id"
    return sa.ForeignKeyConstraint(
        [column], [f"{owner}s.id"], name=f"fk_{table}_{column}", ondelete="CASCADE"
    )


def upgrade() -> None:
    """To this revision."""
    with op.batch_alter_table("deletions") as deletions:  # they outlive their domain
        deletions.drop_constraint("fk_deletions_domain_id", type_="foreignkey")
    op.create_table(
        "webhooks",
        *of_domain("webhooks"),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("event", sa.String(200), nullable=False),
        sa.Column("endpoint", sa.String(2000), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
    )
    op.create_table(
        "traffic_filters",
        *of_domain("traffic_filters"),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("filter", sa.String(2000), nullable=False),
        sa.CheckConstraint(
            "type IN ('ip', 'country', 'page', 'hostname')", name="ck_traffic_filters_type"
        ),
    )
    op.create_table(
        "reports",
        *of_domain("reports"),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("interval", sa.Integer(), nullable=False),
        sa.Column("link_to", sa.String(16), nullable=False),
        sa.Column("next_report", TIME, nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.CheckConstraint('"interval" BETWEEN 0 AND 4', name="ck_reports_interval"),
    )
    op.create_index("ix_reports_next_report", "reports", ["next_report"])
    op.create_table(
        "views",
        *of_domain("views"),
        sa.Column("user_id", sa.String(10), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("definition", sa.JSON(), nullable=False),
        owned_by("user", "views"),
    )
    op.create_index("ix_views_user_id", "views", ["user_id"])
    for table in ("webhooks", "traffic_filters", "reports", "views"):
        op.create_index(f"ix_{table}_domain_id", table, ["domain_id"])
    op.create_table(
        "snippets",
        *of_domain("snippets"),
        sa.Column("type", sa.String(16), nullable=False),
        sa.Column("dev", sa.Boolean(), nullable=False),
        *(
            sa.Column(name, sa.Text(), nullable=False)
            for name in ("include", "exclude", "domains", "endpoint", "sample")
        ),
        sa.UniqueConstraint("domain_id", "type", name="uq_snippets_domain_id_type"),
        sa.CheckConstraint("type IN ('page view', 'event', 'session')", name="ck_snippets_type"),
    )
    op.create_table(
        "alerts",
        *of_domain("alerts"),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("last_sent", TIME),
        sa.UniqueConstraint("domain_id", "kind", name="uq_alerts_domain_id_kind"),
        sa.CheckConstraint("kind IN ('spike', 'warning')", name="ck_alerts_kind"),
    )
    op.create_table(
        "preferences",
        *common("preferences"),
        sa.Column("user_id", sa.String(10), nullable=False),
        sa.Column("favorite_id", sa.String(10)),
        sa.Column("pinned", sa.JSON(), nullable=False),
        sa.Column("show_active", sa.Boolean(), nullable=False),
        sa.Column("full_width", sa.Boolean(), nullable=False),
        owned_by("user", "preferences"),
        sa.ForeignKeyConstraint(
            ["favorite_id"],
            ["domains.id"],
            name="fk_preferences_favorite_id",
            ondelete="SET NULL",
        ),
        sa.UniqueConstraint("user_id", name="uq_preferences_user_id"),
    )
    op.create_index("ix_preferences_favorite_id", "preferences", ["favorite_id"])


def downgrade() -> None:
    """Back to the one before."""
    tables = ("preferences", "alerts", "snippets", "views", "reports", "traffic_filters")
    for table in (*tables, "webhooks"):
        op.drop_table(table)
    op.execute("DELETE FROM deletions WHERE domain_id NOT IN (SELECT id FROM domains)")
    with op.batch_alter_table("deletions") as deletions:
        deletions.create_foreign_key(
            "fk_deletions_domain_id", "domains", ["domain_id"], ["id"], ondelete="CASCADE"
        )
