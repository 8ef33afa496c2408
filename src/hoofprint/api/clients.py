"""`/api/v1/client`: the credentials of programs (`api.md`, Managing Clients)."""

from __future__ import annotations

from typing import Any

from litestar import delete, get, post
from litestar.datastructures import State

from hoofprint.api.body import required
from hoofprint.api.callers import Asked, known, sent
from hoofprint.api.fields import OWNED, listed, nullable, record, text
from hoofprint.api.operation import described, needed, query
from hoofprint.api.resources import field_schema, read_fields
from hoofprint.management.access import first_value
from hoofprint.management.own_clients import FIELDS
from hoofprint.management.resource import Field

PATH = "/api/v1/client"
TAGS = ["Clients"]
_DESCRIPTION = (Field("description"),)
_SCHEMAS = {field.name: field_schema(field) for field in FIELDS}
_CLIENT = {
    **OWNED,
    "domain_id": nullable(text("Null for a client of an account.")),
    "user_id": nullable(text("Null for a client of a domain.")),
    **_SCHEMAS,
    "client_id": text(),
}
_LISTED = record(_CLIENT)
_CREATED = record(
    {**_CLIENT, "client_secret": text("Only in the answer that creates it; or the access key.")},
    required=tuple(_CLIENT),
)


@get(
    PATH,
    summary="List clients",
    operation_id="clients_list",
    tags=TAGS,
    operation_class=described(
        answer=listed(_LISTED),
        parameters=[
            query("id", "The id of the domain; without it the clients of the caller's account."),
            query("search", "Only those whose description holds this text."),
        ],
    ),
)
async def list_clients(request: Asked, state: State) -> list[dict[str, Any]]:
    """Without their secrets, which nobody knows."""
    services, caller = await known(request, state)
    pairs = list(request.query_params.multi_items())
    domain_id, search = first_value(pairs, "id"), first_value(pairs, "search")
    return await services.clients.list(caller, domain_id, search)


@post(
    PATH,
    status_code=200,
    summary="Create a client, or change its description",
    operation_id="clients_save",
    tags=TAGS,
    operation_class=described(
        answer=_CREATED,
        body=record(
            {
                "id": text("Changes the description of this one, and nothing else."),
                "domain_id": text("Without it the client is one of the caller's account."),
                **_SCHEMAS,
            },
            required=(),
        ),
    ),
)
async def save_client(request: Asked, state: State) -> dict[str, Any]:
    """A new client with its secret, or a known one with another description."""
    services, caller, body = await sent(request, state)
    if client_id := body.text("id"):
        description = read_fields(body, _DESCRIPTION)["description"]
        return await services.clients.describe(caller, client_id, description)
    domain_id = body.text("domain_id")
    values = read_fields(body, FIELDS)
    return await services.clients.create(caller, domain_id, values)


@delete(
    PATH,
    status_code=200,
    summary="Delete a client",
    operation_id="clients_delete",
    tags=TAGS,
    operation_class=described(parameters=[needed("id", "The id of the client.")]),
)
async def delete_client(request: Asked, state: State) -> None:
    """End a client for good; its tokens end with it."""
    services, caller = await known(request, state)
    await services.clients.delete(caller, required(request, "id"))


CLIENT_ROUTES = (list_clients, save_client, delete_client)
