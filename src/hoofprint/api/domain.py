"""`GET /api/v1/domain`: the domains a client may see (`api.md`, Getting the Domain ID)."""

from __future__ import annotations

from typing import Any

from litestar import Request, get
from litestar.datastructures import State

from hoofprint.api.services import Services


@get("/api/v1/domain")
async def read_domain(
    request: Request[Any, Any, State], state: State
) -> list[dict[str, Any]] | dict[str, Any]:
    """All of the caller's domains; one object with `id`, `subdomain`, `domain` or `access`."""
    services: Services = state["services"]
    caller = await services.access.caller(request.headers.get("authorization"))
    return await services.domains.answer(caller, list(request.query_params.multi_items()))
