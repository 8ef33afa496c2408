"""For whoever runs the server: `/health/live`, `/health/ready` and Prometheus' `/metrics`."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

from litestar import Response, get
from litestar.datastructures import State

from hoofprint.api.metrics import CONTENT_TYPE
from hoofprint.api.services import Services

FINE = "ok"


@get("/health/live", include_in_schema=False, sync_to_thread=False)
def live() -> dict[str, str]:
    """200 for as long as the process answers at all."""
    return {"status": FINE}


@get("/health/ready", include_in_schema=False)
async def ready(state: State) -> Response[dict[str, Any]]:
    """200 when every part can do its work, else 503; the body says how each of them is."""
    services: Services = state["services"]
    parts = dict(await asyncio.to_thread(services.readiness))
    fine = all(said == FINE for said in parts.values())
    body = {
        "status": FINE if fine else "not ready",
        "parts": parts,
        "spool_lag": services.metrics.lag,
    }
    status = HTTPStatus.OK if fine else HTTPStatus.SERVICE_UNAVAILABLE
    return Response(body, status_code=status, headers={"cache-control": "no-store"})


@get("/metrics", include_in_schema=False, sync_to_thread=False)
def metrics(state: State) -> Response[bytes]:
    """Everything that was counted, in Prometheus' text format."""
    services: Services = state["services"]
    return Response(services.metrics.render(), media_type=CONTENT_TYPE)
