"""`/api/v1/domain`: the domains a client may see, and who else may (`api.md`, Managing Domains)."""

from __future__ import annotations

from typing import Any

from litestar import delete, get, post
from litestar.datastructures import State

from hoofprint.api.body import required
from hoofprint.api.callers import Asked, credentials, known, sent
from hoofprint.api.fields import (
    OWNED,
    by_name,
    flag,
    listed,
    moment,
    nullable,
    record,
    text,
    whole,
)
from hoofprint.api.operation import described, needed, query
from hoofprint.api.resources import field_schema, read_fields
from hoofprint.api.services import Services
from hoofprint.management.domain_life import FIELDS

PATH = "/api/v1/domain"
TAGS = ["Domains"]
_PAIRS = by_name({})
_TEXTS = by_name(text())
DOMAIN = record(
    {
        **OWNED,
        "user_id": text("The owner."),
        "organization_id": nullable(text()),
        "hostname": text(),
        "subdomain": text(),
        "identification_code": text("What the snippet sends; it is no secret."),
        "public": flag("Whether everybody may see the statistics."),
        "google_user_id": nullable(text()),
        "google_user_email": nullable(text()),
        "gsc_domain": nullable(text()),
        "new_owner": nullable(text("Who shall become the owner.")),
        "timezone": text(),
        "group_by_title": flag(),
        "active_visitors_seconds": whole(),
        "disable_scripts": flag(),
        "statistics_start": nullable(moment("The first day with facts of its own.")),
        "imported_statistics": flag(),
        "metadata": by_name({}, "Whatever clients keep there."),
        "theme_id": nullable(text()),
        "theme": _TEXTS,
        "custom_domain": nullable(text()),
        "user_role": text("`Owner`, `Admin` or `Viewer`: what the caller is on it."),
        "settings": _PAIRS,
        "theme_settings": _TEXTS,
        "display_name": nullable(text()),
        "subscription_active": flag("Always true."),
    }
)


@get(
    PATH,
    summary="List domains, or get one",
    operation_id="domains_read",
    tags=TAGS,
    operation_class=described(
        answer={"oneOf": [listed(DOMAIN), DOMAIN]},
        parameters=[
            query("id", "Answer the domain with this id."),
            query("subdomain", "Answer the domain with this subdomain."),
            query("domain", "Answer the domain with this custom domain or hostname."),
            query("access", "The code of an access link, which opens its domain."),
        ],
        refusals=(401, 403, 404, 429),
        open_to_all=True,
    ),
)
async def read_domain(request: Asked, state: State) -> list[dict[str, Any]] | dict[str, Any]:
    """All of the caller's domains; one object with `id`, `subdomain`, `domain` or `access`."""
    services: Services = state["services"]
    caller = await services.access.caller(credentials(request))
    return await services.domains.answer(caller, list(request.query_params.multi_items()))


@post(
    PATH,
    status_code=200,
    summary="Create a domain",
    operation_id="domains_create",
    tags=TAGS,
    operation_class=described(
        answer=DOMAIN,
        body=record(
            {field.name: field_schema(field) for field in FIELDS},
            required=tuple(field.name for field in FIELDS if field.required),
        ),
        refusals=(400, 401, 403, 429),
    ),
)
async def create_domain(request: Asked, state: State) -> dict[str, Any]:
    """A new domain of the caller's user."""
    services, caller, body = await sent(request, state)
    values = read_fields(body, FIELDS)
    return await services.domain_life.create(caller, values)


@delete(
    PATH,
    status_code=200,
    summary="Delete a domain",
    operation_id="domains_delete",
    tags=TAGS,
    operation_class=described(parameters=[needed("id", "The id of the domain.")]),
)
async def delete_domain(request: Asked, state: State) -> None:
    """End a domain with all that belongs to it; its statistics are deleted in the background."""
    services, caller = await known(request, state)
    await services.domain_life.delete(caller, required(request, "id"))


DOMAIN_ROUTES = (read_domain, create_domain, delete_domain)
