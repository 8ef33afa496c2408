"""`/api/v1/domain`: the domains a client may see, and who else may (`api.md`, Managing Domains)."""

from __future__ import annotations

from typing import Any

from litestar import Request, get
from litestar.datastructures import State

from hoofprint.api.fields import listed
from hoofprint.api.operation import described, query
from hoofprint.api.services import Services

TAGS = ["Domains"]
_DOMAIN = {"type": "object"}


@get(
    "/api/v1/domain",
    summary="List domains, or get one",
    operation_id="domains_read",
    tags=TAGS,
    operation_class=described(
        answer={"oneOf": [listed(_DOMAIN), _DOMAIN]},
        parameters=[
            query("id", "Answer the domain with this id."),
            query("subdomain", "Answer the domain with this subdomain."),
            query("domain", "Answer the domain with this custom domain or hostname."),
            query("access", "The code of an access link, which opens its domain."),
        ],
        refusals=(401, 403, 404),
        open_to_all=True,
    ),
)
async def read_domain(
    request: Request[Any, Any, State], state: State
) -> list[dict[str, Any]] | dict[str, Any]:
    """All of the caller's domains; one object with `id`, `subdomain`, `domain` or `access`."""
    services: Services = state["services"]
    caller = await services.access.caller(request.headers.get("authorization"))
    return await services.domains.answer(caller, list(request.query_params.multi_items()))
