"""`/api/v1/domain/owner`: handing over a domain. This is ours: `api.md` has only `new_owner`."""

from __future__ import annotations

from typing import Any

from litestar import delete, post, put
from litestar.datastructures import State

from hoofprint.api.body import required
from hoofprint.api.callers import Asked, known, sent
from hoofprint.api.domain import DOMAIN
from hoofprint.api.fields import record, text
from hoofprint.api.operation import described, needed
from hoofprint.api.resources import field_schema
from hoofprint.management.invitations import read_addresses
from hoofprint.management.ownership import EMAIL

PATH = "/api/v1/domain/owner"
TAGS = ["Domains"]
_DOMAIN_ID = {"domain_id": text("The id of the domain.")}


@put(
    PATH,
    status_code=200,
    summary="Offer a domain to another owner",
    operation_id="domains_offer",
    tags=TAGS,
    operation_class=described(
        answer=DOMAIN, body=record({**_DOMAIN_ID, EMAIL.name: field_schema(EMAIL)})
    ),
)
async def offer_domain(request: Asked, state: State) -> dict[str, Any]:
    """The address gets a mail, and is the domain's `new_owner` until it accepts or refuses."""
    services, caller, body = await sent(request, state)
    domain_id, email = body.name("domain_id"), body.name(EMAIL.name)
    addresses, wrong = read_addresses([email] if email else [])
    if wrong:
        body.wrong.setdefault(EMAIL.name, wrong)
    body.check()
    return await services.ownership.offer(caller, domain_id, addresses[0])


@post(
    PATH,
    status_code=200,
    summary="Accept a domain that is offered",
    operation_id="domains_take_over",
    tags=TAGS,
    operation_class=described(answer=DOMAIN, body=record(_DOMAIN_ID)),
)
async def take_over_domain(request: Asked, state: State) -> dict[str, Any]:
    """The caller owns it from now on; who owned it stays as an admin."""
    services, caller, body = await sent(request, state)
    domain_id = body.name("domain_id")
    body.check()
    return await services.ownership.accept(caller, domain_id)


@delete(
    PATH,
    status_code=200,
    summary="Take back an offer, or refuse it",
    operation_id="domains_withdraw",
    tags=TAGS,
    operation_class=described(parameters=[needed("domain_id", "The id of the domain.")]),
)
async def withdraw_domain(request: Asked, state: State) -> None:
    """Its owner takes it back, whom it is offered refuses it."""
    services, caller = await known(request, state)
    await services.ownership.withdraw(caller, required(request, "domain_id"))


OWNER_ROUTES = (offer_domain, take_over_domain, withdraw_domain)
