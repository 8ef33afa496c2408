"""`/api/v1/organization`: domains with the same people (`api.md`, Managing Organizations)."""

from __future__ import annotations

from typing import Any

from litestar import delete, get, post, put
from litestar.datastructures import State

from hoofprint.api.body import Body, required
from hoofprint.api.callers import Asked, known, sent
from hoofprint.api.domain import DOMAIN
from hoofprint.api.fields import OWNED, flag, listed, nullable, record, text, whole
from hoofprint.api.operation import described, needed, query
from hoofprint.api.resources import field_schema, read_fields
from hoofprint.management.auto_join import HOSTS, read_hosts
from hoofprint.management.organizations import COUNTED, LISTED, NAME

PATH = "/api/v1/organization"
TAGS = ["Organizations"]
_ID = text("The id of the organization.")
_FIELDS = {
    **OWNED,
    "user_id": text("The owner."),
    "name": text(),
    "member": whole("How many people belong to it, its owner among them."),
    "domains": whole(),
    "themes": whole(),
    "role": text("`Owner`, `Admin` or `Viewer`: what the caller is in it."),
    "can_edit": flag("Whether the caller owns it."),
    "theme_id": nullable(text("The theme that is chosen first for new domains.")),
    "auto_join": listed(text(), "The hosts of e-mail addresses that join; for admins."),
}
ORGANIZATION = record(_FIELDS)
_CHANGED = record({name: _FIELDS[name] for name in _FIELDS if name not in COUNTED + LISTED})


@get(
    PATH,
    summary="List organizations",
    operation_id="organizations_list",
    tags=TAGS,
    operation_class=described(answer=listed(ORGANIZATION), refusals=(401, 403, 429)),
)
async def list_organizations(request: Asked, state: State) -> list[dict[str, Any]]:
    """Those that the caller owns or belongs to."""
    services, caller = await known(request, state)
    return await services.organizations.list(caller)


@post(
    PATH,
    status_code=200,
    summary="Create an organization",
    operation_id="organizations_create",
    tags=TAGS,
    operation_class=described(
        answer=_CHANGED, body=record({NAME.name: field_schema(NAME)}), refusals=(400, 401, 403, 429)
    ),
)
async def create_organization(request: Asked, state: State) -> dict[str, Any]:
    """A new organization of the caller's user."""
    services, caller, body = await sent(request, state)
    values = read_fields(body, (NAME,))
    return await services.organizations.create(caller, values[NAME.name])


@put(
    PATH,
    status_code=200,
    summary="Rename an organization",
    operation_id="organizations_change",
    tags=TAGS,
    operation_class=described(
        answer=_CHANGED, body=record({"id": _ID, NAME.name: field_schema(NAME)})
    ),
)
async def rename_organization(request: Asked, state: State) -> dict[str, Any]:
    """The owner gives it another name."""
    services, caller, body = await sent(request, state)
    organization_id = body.name("id")
    values = read_fields(body, (NAME,))
    return await services.organizations.rename(caller, organization_id, values[NAME.name])


@delete(
    PATH,
    status_code=200,
    summary="Delete an organization",
    operation_id="organizations_delete",
    tags=TAGS,
    operation_class=described(
        parameters=[
            needed("id", "The id of the organization."),
            query(
                "delete_domains",
                "Delete its domains, too, with all that belongs to them; needs `domains` w.",
                {"type": "boolean", "default": False},
            ),
        ]
    ),
)
async def delete_organization(request: Asked, state: State) -> None:
    """Its domains belong to no organization then, unless they are deleted with it."""
    services, caller = await known(request, state)
    body = Body(request.query_params)
    organization_id, with_domains = body.name("id"), body.choice("delete_domains")
    body.check()
    await services.organizations.delete(caller, organization_id, with_domains)


@get(
    f"{PATH}/domain",
    summary="List the domains of an organization",
    operation_id="organizations_domains",
    tags=TAGS,
    operation_class=described(
        answer=listed(DOMAIN), parameters=[needed("id", "The id of the organization.")]
    ),
)
async def list_organization_domains(request: Asked, state: State) -> list[dict[str, Any]]:
    """As `GET /domain` lists them."""
    services, caller = await known(request, state)
    return await services.organization_domains.list(caller, required(request, "id"))


@post(
    f"{PATH}/domain",
    status_code=200,
    summary="Add a domain to an organization",
    operation_id="organizations_add_domain",
    tags=TAGS,
    operation_class=described(
        answer=DOMAIN, body=record({"id": _ID, "domain_id": text("The id of the domain.")})
    ),
)
async def add_organization_domain(request: Asked, state: State) -> dict[str, Any]:
    """Its people reach the domain from now on."""
    services, caller, body = await sent(request, state)
    organization_id, domain_id = body.name("id"), body.name("domain_id")
    body.check()
    return await services.organization_domains.add(caller, organization_id, domain_id)


@delete(
    f"{PATH}/domain",
    status_code=200,
    summary="Remove a domain from an organization",
    operation_id="organizations_remove_domain",
    tags=TAGS,
    operation_class=described(
        parameters=[
            needed("id", "The id of the organization."),
            needed("domain_id", "The id of the domain."),
        ]
    ),
)
async def remove_organization_domain(request: Asked, state: State) -> None:
    """Its people reach the domain no longer, unless they are the domain's own members."""
    services, caller = await known(request, state)
    body = Body(request.query_params)
    organization_id, domain_id = body.name("id"), body.name("domain_id")
    body.check()
    await services.organization_domains.remove(caller, organization_id, domain_id)


@post(
    f"{PATH}/autojoin",
    status_code=200,
    summary="Add auto-join hostnames",
    operation_id="organizations_add_auto_join",
    tags=TAGS,
    operation_class=described(body=record({"id": _ID, HOSTS.name: field_schema(HOSTS)})),
)
async def add_auto_join(request: Asked, state: State) -> None:
    """New accounts whose e-mail address has such a host become viewers."""
    services, caller, body = await sent(request, state)
    organization_id = body.name("id")
    hosts, wrong = read_hosts(body.texts(HOSTS.name))
    if wrong:
        body.wrong.setdefault(HOSTS.name, wrong)
    body.check()
    await services.auto_join.add(caller, organization_id, hosts)


@delete(
    f"{PATH}/autojoin",
    status_code=200,
    summary="Remove an auto-join hostname",
    operation_id="organizations_remove_auto_join",
    tags=TAGS,
    operation_class=described(
        parameters=[
            needed("id", "The id of the organization."),
            needed(HOSTS.name, "The hostname."),
        ]
    ),
)
async def remove_auto_join(request: Asked, state: State) -> None:
    """Whoever joined because of it stays."""
    services, caller = await known(request, state)
    body = Body(request.query_params)
    organization_id, host = body.name("id"), body.name(HOSTS.name)
    body.check()
    await services.auto_join.remove(caller, organization_id, host)


ORGANIZATION_ROUTES = (
    list_organizations,
    create_organization,
    rename_organization,
    delete_organization,
    list_organization_domains,
    add_organization_domain,
    remove_organization_domain,
    add_auto_join,
    remove_auto_join,
)
