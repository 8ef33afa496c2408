"""`/api/v1/domain/snippet`: how scripts are set up (`api.md`, Managing Snippets)."""

from __future__ import annotations

from typing import Any

from litestar import get, post
from litestar.datastructures import State

from hoofprint.api.body import required
from hoofprint.api.callers import Asked, known, sent
from hoofprint.api.fields import OWNED, flag, record, text
from hoofprint.api.operation import described, needed
from hoofprint.api.resources import field_schema, read_fields
from hoofprint.errors import Invalid
from hoofprint.management.snippets import DECIDED, FIELDS, TYPES

PATH = "/api/v1/domain/snippet"
TAGS = ["Snippets"]
_TYPE = {"type": "string", "enum": list(TYPES)}
_DECIDED = {field.name: field_schema(field) for field in DECIDED}


@get(
    PATH,
    summary="Get a snippet",
    operation_id="snippets_get",
    tags=TAGS,
    operation_class=described(
        answer=record(
            {**OWNED, "domain_id": text(), "type": _TYPE, **_DECIDED, "dev": flag()},
            "Without an id if it was never saved.",
        ),
        parameters=[
            needed("domain_id", "The id of the domain."),
            needed("type", f"One of {', '.join(TYPES)}."),
        ],
    ),
)
async def get_snippet(request: Asked, state: State) -> dict[str, Any]:
    """The set-up for one kind of request."""
    services, caller = await known(request, state)
    domain_id, kind = required(request, "domain_id"), required(request, "type")
    if kind not in TYPES:
        raise Invalid({"type": f"must be one of {', '.join(TYPES)}"})
    return await services.snippets.get(caller, domain_id, kind)


@post(
    PATH,
    status_code=200,
    summary="Save a snippet",
    operation_id="snippets_save",
    tags=TAGS,
    operation_class=described(
        body=record(
            {"domain_id": text("The id of the domain."), "type": _TYPE, **_DECIDED},
            required=("domain_id", "type"),
        )
    ),
)
async def save_snippet(request: Asked, state: State) -> None:
    """Decide anew about one kind of request: what is not sent is as usual."""
    services, caller, body = await sent(request, state)
    domain_id = body.name("domain_id")
    values = read_fields(body, FIELDS)
    await services.snippets.save(caller, domain_id, values)


SNIPPET_ROUTES = (get_snippet, save_snippet)
