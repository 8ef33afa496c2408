"""A plan that adds up, for the tests of this folder."""

from __future__ import annotations

from msgspec.structs import replace

from hoofprint.query.counting import count_by, key_of
from hoofprint.query.dimensions import BROWSER
from hoofprint.query.filters import Base, rows
from hoofprint.query.plan import Column, Order, Select

from .asking import question

MARCH_1 = 20_513
"""2026-03-01, as days since 1970-01-01."""
COUNTS = ("visitors", "sessions")
ORDER = (Order(Column("visitors"), descending=True), Order(Column("key_browser")))


def plan(
    first: str = "2026-03-02", last: str = "2026-03-08", tz: str = "UTC", **more: str
) -> Select:
    """Visitors and sessions by browser, the most visitors first."""
    asked = question({"from": first, "to": last, "tz": tz, **more})
    where = rows(Base.SESSIONS, asked)
    counted = count_by((key_of(BROWSER),), COUNTS, Base.SESSIONS, asked, where)
    return replace(counted, order_by=ORDER, limit=10)
