"""The tables of funnels and their steps."""

from __future__ import annotations

from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from hoofprint.records.tables.record import Record

FUNNEL_NAME_LENGTH = 200


class FunnelRecord(Record):
    """A way through a domain's pages and events, step by step."""

    __tablename__ = "funnels"

    domain_id: Mapped[str] = mapped_column(ForeignKey("domains.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(FUNNEL_NAME_LENGTH))

    steps: Mapped[list[FunnelStepRecord]] = relationship(
        lazy="selectin",
        cascade="all, delete-orphan",
        passive_deletes=True,
        order_by="FunnelStepRecord.step",
    )


class FunnelStepRecord(Record):
    """One step of a funnel; `step` counts from 0, `filter` has the fields of the API."""

    __tablename__ = "funnel_steps"
    __table_args__ = (UniqueConstraint("funnel_id", "step"),)

    funnel_id: Mapped[str] = mapped_column(ForeignKey("funnels.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(FUNNEL_NAME_LENGTH))
    step: Mapped[int]
    filter: Mapped[dict[str, Any]] = mapped_column(JSON)
