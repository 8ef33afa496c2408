"""Access links are found by the hash of their code."""

from __future__ import annotations

import hashlib

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"
branch_labels = None
depends_on = None

LINKS = sa.table(
    "access_links", sa.column("id", sa.String), sa.column("code"), sa.column("code_hash")
)


def upgrade() -> None:
    """To this revision."""
    with op.batch_alter_table("access_links") as table:
        table.add_column(sa.Column("code_hash", sa.String(64)))
    connection = op.get_bind()
    for link_id, code in connection.execute(sa.select(LINKS.c.id, LINKS.c.code)).all():
        hashed = hashlib.sha256(code.encode()).hexdigest()
        connection.execute(LINKS.update().where(LINKS.c.id == link_id).values(code_hash=hashed))
    with op.batch_alter_table("access_links") as table:
        table.alter_column("code_hash", existing_type=sa.String(64), nullable=False)
        table.drop_constraint("uq_access_links_code", type_="unique")
        table.create_unique_constraint("uq_access_links_code_hash", ["code_hash"])


def downgrade() -> None:
    """Back to the one before."""
    with op.batch_alter_table("access_links") as table:
        table.drop_constraint("uq_access_links_code_hash", type_="unique")
        table.drop_column("code_hash")
        table.create_unique_constraint("uq_access_links_code", ["code"])
