"""The table of conversion goals."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Double, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from hoofprint.records.tables.record import Record

NAME_LENGTH = 200
TEXT_LENGTH = 2000
PATTERN_LENGTH = 4096


class GoalRecord(Record):
    """What a domain wants visitors to do; `pattern` is made of what the user typed."""

    __tablename__ = "goals"

    domain_id: Mapped[str] = mapped_column(ForeignKey("domains.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    path_pattern: Mapped[str | None] = mapped_column(String(TEXT_LENGTH))
    pattern: Mapped[str | None] = mapped_column(String(PATTERN_LENGTH))
    event_name: Mapped[str | None] = mapped_column(String(NAME_LENGTH))
    event_meta_key: Mapped[str | None] = mapped_column(String(NAME_LENGTH))
    event_meta_value: Mapped[str | None] = mapped_column(String(TEXT_LENGTH))
    tags: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    custom_metric_key: Mapped[str | None] = mapped_column(String(NAME_LENGTH))
    custom_metric_type: Mapped[str | None] = mapped_column(String(16))
    visitor_goal: Mapped[int | None] = mapped_column(BigInteger)
    cr_goal: Mapped[float | None] = mapped_column(Double)
    custom_metric_total_goal: Mapped[float | None] = mapped_column(Double)
    custom_metric_avg_goal: Mapped[float | None] = mapped_column(Double)
    delete_reached: Mapped[bool] = mapped_column(default=False)
    email_reached: Mapped[bool] = mapped_column(default=False)
