"""`/api/v1/domain/link`: access links (`api.md`, Managing Access Links)."""

from __future__ import annotations

from typing import Any

from litestar import delete, get, post, put
from litestar.datastructures import State

from hoofprint.api.body import Body, required
from hoofprint.api.callers import Asked, known, sent
from hoofprint.api.fields import OWNED, listed, moment, nullable, record, text
from hoofprint.api.operation import described, needed
from hoofprint.management.links import Link

PATH = "/api/v1/domain/link"
TAGS = ["Access links"]

_CREATED = {
    **OWNED,
    "domain_id": text(),
    "code": text("What `access` is set to."),
    "description": text(),
}
_LISTED = record({**_CREATED, "valid_until": nullable(moment("Null if it never ends."))})
_DECIDED = {
    "description": text(),
    "valid_until": nullable(moment("When it ends; without a zone in UTC. Never if not set.")),
}


@get(
    PATH,
    summary="List access links",
    operation_id="links_list",
    tags=TAGS,
    operation_class=described(
        answer=listed(_LISTED), parameters=[needed("domain_id", "The id of the domain.")]
    ),
)
async def list_links(request: Asked, state: State) -> list[dict[str, Any]]:
    """The links of a domain."""
    services, caller = await known(request, state)
    return await services.links.list(caller, required(request, "domain_id"))


@post(
    PATH,
    status_code=200,
    summary="Create an access link",
    operation_id="links_create",
    tags=TAGS,
    operation_class=described(
        answer=record(_CREATED),
        body=record(
            {"domain_id": text("The id of the domain."), **_DECIDED}, required=("domain_id",)
        ),
    ),
)
async def create_link(request: Asked, state: State) -> dict[str, Any]:
    """A new link with its code."""
    services, caller, body = await sent(request, state)
    domain_id, link = body.name("domain_id"), _link(body)
    body.check()
    return await services.links.create(caller, domain_id, link)


@put(
    PATH,
    status_code=200,
    summary="Change an access link",
    operation_id="links_update",
    tags=TAGS,
    operation_class=described(
        body=record({"id": text("The link's id."), **_DECIDED}, required=("id",))
    ),
)
async def update_link(request: Asked, state: State) -> None:
    """Decide anew what a link is for and when it ends."""
    services, caller, body = await sent(request, state)
    link_id, link = body.name("id"), _link(body)
    body.check()
    await services.links.update(caller, link_id, link)


@delete(
    PATH,
    status_code=200,
    summary="Delete an access link",
    operation_id="links_delete",
    tags=TAGS,
    operation_class=described(parameters=[needed("id", "The id of the link.")]),
)
async def delete_link(request: Asked, state: State) -> None:
    """End a link for good."""
    services, caller = await known(request, state)
    await services.links.delete(caller, required(request, "id"))


LINK_ROUTES = (list_links, create_link, update_link, delete_link)


def _link(body: Body) -> Link:
    return Link(body.text("description"), body.moment("valid_until"))
