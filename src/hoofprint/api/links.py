"""`/api/v1/domain/link`: access links (`api.md`, Managing Access Links)."""

from __future__ import annotations

from typing import Any

from litestar import Request, delete, get, post, put
from litestar.datastructures import State

from hoofprint.api.body import Body, read_body_of, required
from hoofprint.api.services import Services
from hoofprint.management.links import Link

PATH = "/api/v1/domain/link"
Asked = Request[Any, Any, State]


@get(PATH)
async def list_links(request: Asked, state: State) -> list[dict[str, Any]]:
    """The links of a domain."""
    services: Services = state["services"]
    caller = await services.access.known_caller(request.headers.get("authorization"))
    return await services.links.list(caller, required(request, "domain_id"))


@post(PATH, status_code=200)
async def create_link(request: Asked, state: State) -> dict[str, Any]:
    """A new link with its code."""
    services: Services = state["services"]
    caller = await services.access.known_caller(request.headers.get("authorization"))
    body = read_body_of(await request.body())
    domain_id, link = body.name("domain_id"), _link(body)
    body.check()
    return await services.links.create(caller, domain_id, link)


@put(PATH, status_code=200)
async def update_link(request: Asked, state: State) -> None:
    """Decide anew what a link is for and when it ends."""
    services: Services = state["services"]
    caller = await services.access.known_caller(request.headers.get("authorization"))
    body = read_body_of(await request.body())
    link_id, link = body.name("id"), _link(body)
    body.check()
    await services.links.update(caller, link_id, link)


@delete(PATH, status_code=200)
async def delete_link(request: Asked, state: State) -> None:
    """End a link for good."""
    services: Services = state["services"]
    caller = await services.access.known_caller(request.headers.get("authorization"))
    await services.links.delete(caller, required(request, "id"))


LINK_ROUTES = (list_links, create_link, update_link, delete_link)


def _link(body: Body) -> Link:
    return Link(body.text("description"), body.moment("valid_until"))
