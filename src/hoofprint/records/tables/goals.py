"""The table of conversion goals."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from hoofprint.records.tables.record import Record

GOAL_NAME_LENGTH = 200


class GoalRecord(Record):
    """What counts as a conversion on a domain, and the targets that somebody has set.

    `path_pattern` is the user's pattern and `pattern` the regular expression made from it. What is
    not set is null, targets too.
    """

    __tablename__ = "goals"
    __table_args__ = (
        CheckConstraint("custom_metric_type IN ('integer', 'float')", name="custom_metric_type"),
    )

    domain_id: Mapped[str] = mapped_column(ForeignKey("domains.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(GOAL_NAME_LENGTH))
    path_pattern: Mapped[str | None] = mapped_column(Text)
    pattern: Mapped[str | None] = mapped_column(Text)
    event_name: Mapped[str | None] = mapped_column(Text)
    event_meta_key: Mapped[str | None] = mapped_column(Text)
    event_meta_value: Mapped[str | None] = mapped_column(Text)
    custom_metric_key: Mapped[str | None] = mapped_column(Text)
    custom_metric_type: Mapped[str | None] = mapped_column(String(16))
    tags: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    visitor_goal: Mapped[int | None] = mapped_column(BigInteger)
    cr_goal: Mapped[float | None]
    custom_metric_total_goal: Mapped[float | None]
    custom_metric_avg_goal: Mapped[float | None]
    delete_reached: Mapped[bool] = mapped_column(default=False)
    email_reached: Mapped[bool] = mapped_column(default=False)
