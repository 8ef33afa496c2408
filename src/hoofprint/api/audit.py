"""`GET /api/v1/audit`: who changed what of a domain."""

from __future__ import annotations

from typing import Any

from litestar import get
from litestar.datastructures import State

from hoofprint.api.body import Body
from hoofprint.api.callers import Asked, known
from hoofprint.api.fields import OWNED, listed, nullable, record, text
from hoofprint.api.operation import described, needed, query
from hoofprint.api.resources import field_schema, read_fields
from hoofprint.management.audit import FIELDS

_CHANGE = record(
    {
        **OWNED,
        "domain_id": text(),
        "user_id": nullable(text("Whom the client stands for; null for a domain's client.")),
        "client_id": text("Whose credentials it was done with."),
        "operation": text("The operation's id in this document, such as `webhooks_save`."),
        "object_id": nullable(text("What was changed; of several that were made, the first.")),
    }
)


@get(
    "/api/v1/audit",
    summary="List changes",
    operation_id="audit_list",
    tags=["Audit"],
    operation_class=described(
        answer=listed(_CHANGE),
        parameters=[
            needed("domain_id", "The id of the domain."),
            *(query(field.name, field.about, field_schema(field)) for field in FIELDS),
        ],
    ),
)
async def list_changes(request: Asked, state: State) -> list[dict[str, Any]]:
    """The changes of a domain, the newest first; no values, and no address they came from."""
    services, caller = await known(request, state)
    given = Body(request.query_params)
    domain_id = given.name("domain_id")
    return await services.audit.list(caller, domain_id, read_fields(given, FIELDS))
