"""The table of clients: the credentials of programs."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hoofprint.records.ids import CODE_LENGTH
from hoofprint.records.tables.record import Record

HASH_LENGTH = 64


class ClientType(StrEnum):
    """`oauth` exchanges its secret for tokens, `token` is an access key that only writes."""

    OAUTH = "oauth"
    TOKEN = "token"  # noqa: S105 - the API's word for an access key


class ClientRecord(Record):
    """A client of one domain or of one user. `scopes` maps a scope to `r` or `w` (w includes r).

    `secret_hash` is the SHA-256 of the secret or of the access key, which nobody can guess; an
    access key is found by it.
    """

    __tablename__ = "clients"
    __table_args__ = (
        CheckConstraint("(domain_id IS NULL) <> (user_id IS NULL)", name="belongs_to_one"),
        CheckConstraint("type IN ('oauth', 'token')", name="type"),
    )

    domain_id: Mapped[str | None] = mapped_column(
        ForeignKey("domains.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    type: Mapped[str] = mapped_column(String(16))
    client_id: Mapped[str] = mapped_column(String(CODE_LENGTH), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
    description: Mapped[str] = mapped_column(Text, default="")
    scopes: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
