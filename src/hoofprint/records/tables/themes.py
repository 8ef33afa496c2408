"""The tables of themes and of the pictures that belong to themes, domains and people."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from hoofprint.records.tables.record import Record

THEME_NAME_LENGTH = 200
IMAGE_NAME_LENGTH = 16
TAG_LENGTH = 16
FORMAT_LENGTH = 8


class ThemeRecord(Record):
    """Settings of how dashboards look, of a person or of an organization.

    `domain_id` is the domain that it was made for, whose own clients may change it.
    """

    __tablename__ = "themes"
    __table_args__ = (
        CheckConstraint("(user_id IS NULL) <> (organization_id IS NULL)", name="belongs_to_one"),
    )

    user_id: Mapped[str | None] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), index=True
    )
    organization_id: Mapped[str | None] = mapped_column(
        ForeignKey("organizations.id", ondelete="CASCADE"), index=True
    )
    domain_id: Mapped[str | None] = mapped_column(
        ForeignKey("domains.id", ondelete="SET NULL"), index=True
    )
    name: Mapped[str] = mapped_column(String(THEME_NAME_LENGTH))
    settings: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)


class ImageRecord(Record):
    """A picture as it is served: decoded and encoded anew, so that it holds nothing else.

    `tag` is the beginning of the content's SHA-256; `format` is what its file name ends with.
    """

    __tablename__ = "images"
    __table_args__ = (
        UniqueConstraint("theme_id", "name"),
        UniqueConstraint("domain_id", "name"),
        UniqueConstraint("user_id", "name"),
        CheckConstraint(
            "(CASE WHEN theme_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN domain_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN user_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="belongs_to_one",
        ),
    )

    theme_id: Mapped[str | None] = mapped_column(ForeignKey("themes.id", ondelete="CASCADE"))
    domain_id: Mapped[str | None] = mapped_column(ForeignKey("domains.id", ondelete="CASCADE"))
    user_id: Mapped[str | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(IMAGE_NAME_LENGTH))
    tag: Mapped[str] = mapped_column(String(TAG_LENGTH))
    format: Mapped[str] = mapped_column(String(FORMAT_LENGTH))
    content: Mapped[bytes] = mapped_column(LargeBinary)
