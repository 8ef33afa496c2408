"""`/api/v1/domain/custom`: a further hostname of a dashboard (`api.md`, Set a Custom Domain)."""

from __future__ import annotations

from litestar import get, post
from litestar.datastructures import State

from hoofprint.api.body import required
from hoofprint.api.callers import Asked, sent
from hoofprint.api.fields import record, text
from hoofprint.api.operation import MANAGED, described, needed
from hoofprint.api.resources import field_schema, read_fields
from hoofprint.api.services import Services
from hoofprint.errors import NotFound
from hoofprint.management.custom_domains import HOSTNAME
from hoofprint.management.hostnames import read_hostname

PATH = "/api/v1/domain/custom"
TAGS = ["Domains"]


@post(
    PATH,
    status_code=200,
    summary="Set the custom domain of a dashboard",
    operation_id="domains_custom",
    tags=TAGS,
    operation_class=described(
        body=record(
            {"domain_id": text("The id of the domain."), HOSTNAME.name: field_schema(HOSTNAME)},
            required=("domain_id",),
        ),
        refusals=(*MANAGED, 503),
    ),
)
async def set_custom_domain(request: Asked, state: State) -> None:
    """It needs a TXT record, which the refusal without it names; an empty hostname removes it."""
    services, caller, body = await sent(request, state)
    domain_id = body.name("domain_id")
    values = read_fields(body, (HOSTNAME,))
    await services.custom_domains.set(caller, domain_id, values[HOSTNAME.name])


@get(
    PATH,
    summary="Whether a dashboard is served under a hostname",
    operation_id="domains_custom_exists",
    tags=TAGS,
    operation_class=described(
        parameters=[needed("domain", "A custom domain, or a subdomain of the base host.")],
        refusals=(400, 404),
        open_to_all=True,
    ),
)
async def custom_domain_exists(request: Asked, state: State) -> None:
    """200 or 404, for anybody: reverse proxies ask before they get a certificate."""
    services: Services = state["services"]
    host = read_hostname(required(request, "domain"))
    named = None if host is None else services.hosts.dashboard(host)
    if named is None or await services.directory.dashboard(named) is None:
        raise NotFound
