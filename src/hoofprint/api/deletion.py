"""`DELETE /api/v1/statistics` and how far deletions are (`api.md`, Deleting Statistics)."""

from __future__ import annotations

from typing import Any

from litestar import Request, delete, get
from litestar.datastructures import State

from hoofprint.api.body import Body, read_body_of, required
from hoofprint.api.params import read_days
from hoofprint.api.services import Services
from hoofprint.api.statistics import PREFIX
from hoofprint.management.deletions import WantedDeletion
from hoofprint.model.deletion import DeletionKind

UNKNOWN_KIND = "must be empty, all, events or imported"
UTC = "UTC"

Asked = Request[Any, Any, State]


@delete(PREFIX, status_code=200)
async def delete_statistics(request: Asked, state: State) -> None:
    """Have the statistics of local days deleted; they go in the background.

    The fields may stand in the query instead of the body, which not every client can send.
    """
    services: Services = state["services"]
    caller = await services.access.known_caller(request.headers.get("authorization"))
    given = await request.body()
    body = read_body_of(given) if given.strip() else Body(request.query_params)
    domain_id, kind = body.name("id"), _kind(body)
    days = [(name, body.text(name)) for name in ("from", "to")]
    domain = await services.directory.domain_by_id(domain_id)
    period, wrong = read_days(days, UTC if domain is None else domain.timezone)
    body.wrong = wrong | body.wrong
    body.check()
    wanted = WantedDeletion(kind, period.first_day, period.last_day, period.start, period.end)
    await services.deletions.request(caller, domain_id, wanted)


@get(PREFIX + "/deletion")
async def list_deletions(request: Asked, state: State) -> list[dict[str, Any]]:
    """The last deletions of a domain and how far they are, the newest first."""
    services: Services = state["services"]
    caller = await services.access.known_caller(request.headers.get("authorization"))
    return await services.deletions.list(caller, required(request, "id"))


DELETION_ROUTES = (delete_statistics, list_deletions)


def _kind(body: Body) -> DeletionKind:
    name = body.text("kind").lower()
    if name not in set(DeletionKind):
        body.wrong["kind"] = UNKNOWN_KIND
        return DeletionKind.EVERYTHING
    return DeletionKind(name)
