"""The table of what was changed, and by whom."""

from __future__ import annotations

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from hoofprint.records.ids import CODE_LENGTH
from hoofprint.records.tables.record import Id, Record

OPERATION_LENGTH = 64


class AuditRecord(Record):
    """A change at `def_time`: no values, no secrets, and no address that it came from.

    It outlives whatever it names. `client_id` is that of the credentials, `user_id` whom they stand
    for. `object_id` is what was changed; it is the domain's where the domain itself was.
    """

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_domain_id_def_time", "domain_id", "def_time"),)

    operation: Mapped[str] = mapped_column(String(OPERATION_LENGTH))
    client_id: Mapped[str] = mapped_column(String(CODE_LENGTH))
    user_id: Mapped[str | None] = mapped_column(Id)
    domain_id: Mapped[str | None] = mapped_column(Id)
    object_id: Mapped[str | None] = mapped_column(Id)
