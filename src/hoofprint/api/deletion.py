"""`DELETE /api/v1/statistics` and how far deletions are (`api.md`, Deleting Statistics)."""

from __future__ import annotations

from typing import Any

from litestar import delete, get
from litestar.datastructures import State

from hoofprint.api.body import Body, read_body_of, required
from hoofprint.api.callers import Asked, known
from hoofprint.api.fields import OWNED, listed, moment, nullable, number, record, text
from hoofprint.api.operation import described, needed, query
from hoofprint.api.params import read_days
from hoofprint.api.statistics import PREFIX
from hoofprint.management.deletions import WantedDeletion
from hoofprint.model.deletion import DeletionKind

UNKNOWN_KIND = "must be empty, all, events or imported"
UTC = "UTC"
TAGS = ["Statistics"]


_DAY = {"type": "string", "format": "date"}
_WANTED = {
    "id": text("The id of the domain."),
    "kind": {
        "type": "string",
        "enum": list(DeletionKind),
        "description": "Empty: everything; `all`: what was counted here; `events`: only events; "
        "`imported`: only imported statistics.",
    },
    "from": _DAY | {"description": "The first day, in the domain's time zone."},
    "to": _DAY | {"description": "The last day, which is deleted, too."},
}
_LISTED = record(
    {
        **OWNED,
        "domain_id": text(),
        "requested_by": text(),
        "kind": text(),
        "from": _DAY,
        "to": _DAY,
        "state": text("`waiting`, `deleting` or `done`."),
        "progress": number("From 0 to 1."),
        "error": text(),
        "finished": nullable(moment()),
    }
)


@delete(
    PREFIX,
    status_code=200,
    summary="Delete statistics",
    operation_id="statistics_delete",
    tags=TAGS,
    operation_class=described(
        body=record(_WANTED, required=("id", "from", "to")),
        body_required=False,
        parameters=[query(name, "Without a body.", schema) for name, schema in _WANTED.items()],
    ),
)
async def delete_statistics(request: Asked, state: State) -> None:
    """Have the statistics of local days deleted; they go in the background.

    The fields may stand in the query instead of the body, which not every client can send.
    """
    services, caller = await known(request, state)
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


@get(
    PREFIX + "/deletion",
    summary="List deletions",
    operation_id="statistics_deletions",
    tags=TAGS,
    operation_class=described(
        answer=listed(_LISTED), parameters=[needed("id", "The id of the domain.")]
    ),
)
async def list_deletions(request: Asked, state: State) -> list[dict[str, Any]]:
    """The last deletions of a domain and how far they are, the newest first."""
    services, caller = await known(request, state)
    return await services.deletions.list(caller, required(request, "id"))


def _kind(body: Body) -> DeletionKind:
    name = body.text("kind").lower()
    if name not in set(DeletionKind):
        body.wrong["kind"] = UNKNOWN_KIND
        return DeletionKind.EVERYTHING
    return DeletionKind(name)
