"""`/api/v1/billing`: what is billed (`api.md`, Usage)."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime
from typing import Any

from litestar import get
from litestar.datastructures import State

from hoofprint.api.callers import Asked, known
from hoofprint.api.fields import listed, record, text, whole
from hoofprint.api.operation import described, query
from hoofprint.errors import Invalid
from hoofprint.management.access import first_value

_DAY = {"type": "string", "format": "date"}
_DATE_LENGTH = 10
NO_DATE = "must be a date like 2026-05-31"


@get(
    "/api/v1/billing",
    summary="Usage",
    operation_id="billing_usage",
    tags=["Billing"],
    operation_class=described(
        answer=listed(
            record(
                {
                    "domain": record({"id": text(), "hostname": text()}),
                    "page_views": whole("With events and a tenth of the session extensions."),
                }
            ),
            "The largest first; more than 50 domains are one row called All.",
        ),
        parameters=[
            query("from", "The first UTC day; without it the current month's.", _DAY),
            query("to", "The last UTC day; without it the current month's.", _DAY),
        ],
        refusals=(400, 401, 403),
    ),
)
async def read_usage(request: Asked, state: State) -> list[dict[str, Any]]:
    """Page views, events and a tenth of the session extensions, of deleted domains too."""
    services, caller = await known(request, state)
    pairs = list(request.query_params.multi_items())
    today = datetime.fromtimestamp(services.clock(), UTC).date()
    usual = {
        "from": today.replace(day=1),
        "to": today.replace(day=monthrange(today.year, today.month)[1]),
    }
    wrong: dict[str, str] = {}
    days = [_day(name, first_value(pairs, name), usual[name], wrong) for name in usual]
    if wrong:
        raise Invalid(wrong)
    return await services.billing.usage(caller, min(days), max(days))


def _day(name: str, given: str, usual: date, wrong: dict[str, str]) -> date:
    """A day; full timestamps count for their date."""
    if not given:
        return usual
    try:
        return date.fromisoformat(given[:_DATE_LENGTH])
    except ValueError:
        wrong[name] = NO_DATE
        return usual
