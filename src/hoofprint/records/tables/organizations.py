"""The tables of organizations, of the people of one or of a domain, and of who is invited."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hoofprint.records.tables.record import HOSTNAME_LENGTH, Id, Record
from hoofprint.records.tables.users import EMAIL_LENGTH

ORGANIZATION_NAME_LENGTH = 200
ROLE_LENGTH = 16
HASH_LENGTH = 64
OF_ONE = "(domain_id IS NULL) <> (organization_id IS NULL)"


class OrganizationRecord(Record):
    """Domains with the same people and themes; `user_id` owns it.

    `theme_id` is the theme that is chosen first for its new domains.
    """

    __tablename__ = "organizations"

    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(ORGANIZATION_NAME_LENGTH))
    theme_id: Mapped[str | None] = mapped_column(Id, index=True)


class AutoJoinRecord(Record):
    """A host of e-mail addresses; new accounts with such an address join the organization."""

    __tablename__ = "auto_joins"
    __table_args__ = (UniqueConstraint("organization_id", "hostname"),)

    organization_id: Mapped[str] = mapped_column(ForeignKey("organizations.id", ondelete="CASCADE"))
    hostname: Mapped[str] = mapped_column(String(HOSTNAME_LENGTH), index=True)


class MemberRecord(Record):
    """A person who may see or manage a domain or an organization of somebody else.

    The owner has no such row.
    """

    __tablename__ = "members"
    __table_args__ = (
        UniqueConstraint("domain_id", "user_id"),
        UniqueConstraint("organization_id", "user_id"),
        CheckConstraint("role IN ('Admin', 'Viewer')", name="role"),
        CheckConstraint(OF_ONE, name="belongs_to_one"),
    )

    domain_id: Mapped[str | None] = mapped_column(ForeignKey("domains.id", ondelete="CASCADE"))
    organization_id: Mapped[str | None] = mapped_column(
        ForeignKey("organizations.id", ondelete="CASCADE")
    )
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(ROLE_LENGTH))


class InvitationRecord(Record):
    """An e-mail address whose owner may join a domain or an organization.

    `code_hash` is the SHA-256 of the code in the mail, which nobody can guess.
    """

    __tablename__ = "invitations"
    __table_args__ = (
        UniqueConstraint("domain_id", "email"),
        UniqueConstraint("organization_id", "email"),
        CheckConstraint(OF_ONE, name="belongs_to_one"),
    )

    domain_id: Mapped[str | None] = mapped_column(ForeignKey("domains.id", ondelete="CASCADE"))
    organization_id: Mapped[str | None] = mapped_column(
        ForeignKey("organizations.id", ondelete="CASCADE")
    )
    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH), index=True)
    code_hash: Mapped[str] = mapped_column(String(HASH_LENGTH), unique=True)
