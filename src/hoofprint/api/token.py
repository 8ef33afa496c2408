"""`POST /api/v1/token`: credentials for a token (`api.md`, Getting an Access Token)."""

from __future__ import annotations

from typing import Any

from litestar import Request, post
from litestar.datastructures import State

from hoofprint.api.client_ip import network_of
from hoofprint.api.fields import record, text
from hoofprint.api.lenient import parse
from hoofprint.api.operation import described, schema_ref
from hoofprint.api.services import Services
from hoofprint.errors import Invalid
from hoofprint.management.exchange import Token

FIELDS = ("client_id", "client_secret")


@post(
    "/api/v1/token",
    status_code=200,
    summary="Get a token",
    operation_id="token_create",
    tags=["Tokens"],
    operation_class=described(
        answer=schema_ref("Token"),
        body=record(dict.fromkeys(FIELDS, text())),
        refusals=(400, 401, 429),
        open_to_all=True,
    ),
)
async def create_token(request: Request[Any, Any, State], state: State) -> Token:
    """A token for 60 minutes; wrong credentials are 401, too many 429, missing ones 400."""
    services: Services = state["services"]
    given = read_credentials(await request.body())
    network = network_of(state["client_ip"](request.scope))
    return await services.exchange.exchange(given["client_id"], given["client_secret"], network)


def read_credentials(body: bytes) -> dict[str, str]:
    """Both credentials out of a JSON object. Raises Invalid naming every one that is missing."""
    value = parse(body)
    if not isinstance(value, dict):
        raise Invalid({}, "expected an object")
    wrong: dict[str, str] = {}
    for name in FIELDS:
        if not value.get(name):
            wrong[name] = "is required"
        elif not isinstance(value[name], str):
            wrong[name] = "must be a text"
    if wrong:
        raise Invalid(wrong)
    return {name: value[name] for name in FIELDS}
