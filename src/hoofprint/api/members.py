"""`/api/v1/member`: who belongs to what (`api.md`, Managing Members and Permissions)."""

from __future__ import annotations

from typing import Any

from litestar import delete, get, post, put
from litestar.datastructures import State

from hoofprint.api.body import Body, required
from hoofprint.api.callers import Asked, known, sent
from hoofprint.api.fields import OWNED, listed, nullable, record, text
from hoofprint.api.operation import described, needed, query
from hoofprint.api.resources import field_schema
from hoofprint.management.invitations import EMAILS, read_addresses
from hoofprint.management.members import ROLE, wrong_role
from hoofprint.management.teams import Named

PATH = "/api/v1/member"
TAGS = ["Members"]
ONE_OF_TWO = "exactly one of {} and {} must be set"
_EITHER = "Either this or the id of {} must be set."
_MEMBER = record(
    {
        **OWNED,
        "user_id": text(),
        "domain_id": nullable(text("Null for a member of an organization.")),
        "organization_id": nullable(text("Null for a member of a domain.")),
        "role": text("`Owner`, `Admin` or `Viewer`."),
        "user": record(
            {"id": text(), "email": text(), "full_name": text(), "picture": text("Always empty.")}
        ),
    }
)


@get(
    PATH,
    summary="List members",
    operation_id="members_list",
    tags=TAGS,
    operation_class=described(
        answer=listed(_MEMBER, "The owner first, under the id of the domain or organization."),
        parameters=[
            query("id", f"The id of a domain. {_EITHER.format('an organization')}"),
            query("organization_id", "The id of an organization."),
        ],
    ),
)
async def list_members(request: Asked, state: State) -> list[dict[str, Any]]:
    """The people of a domain or of an organization; a viewer sees only what it is itself."""
    services, caller = await known(request, state)
    body = Body(request.query_params)
    named = read_named(body, "id")
    body.check()
    return await services.members.list(caller, named)


@post(
    PATH,
    status_code=200,
    summary="Invite people",
    operation_id="members_invite",
    tags=TAGS,
    operation_class=described(
        body=record(
            {
                "id": text(f"The id of a domain. {_EITHER.format('an organization')}"),
                "organization_id": text("The id of an organization."),
                "emails": field_schema(EMAILS),
            },
            required=("emails",),
        ),
    ),
)
async def invite_members(request: Asked, state: State) -> None:
    """Each address gets a mail; whoever accepts is a viewer."""
    services, caller, body = await sent(request, state)
    named = read_named(body, "id")
    addresses, wrong = read_addresses(body.texts(EMAILS.name))
    if wrong:
        body.wrong.setdefault(EMAILS.name, wrong)
    body.check()
    await services.invitations.invite(caller, named, addresses)


@put(
    PATH,
    status_code=200,
    summary="Change the role of a member",
    operation_id="members_change",
    tags=TAGS,
    operation_class=described(
        body=record({"id": text("The id of the member."), "role": field_schema(ROLE)})
    ),
)
async def change_member(request: Asked, state: State) -> None:
    """Make a viewer an admin, or an admin a viewer."""
    services, caller, body = await sent(request, state)
    member_id, role = body.name("id"), body.name(ROLE.name)
    if role and (wrong := wrong_role(role)):
        body.wrong[ROLE.name] = wrong
    body.check()
    await services.members.change_role(caller, member_id, role)


@delete(
    PATH,
    status_code=200,
    summary="Remove a member, or leave",
    operation_id="members_delete",
    tags=TAGS,
    operation_class=described(parameters=[needed("id", "The id of the member.")]),
)
async def delete_member(request: Asked, state: State) -> None:
    """Their views, pins and favorites go with them where they reach the domain no longer."""
    services, caller = await known(request, state)
    await services.members.remove(caller, required(request, "id"))


def read_named(body: Body, domain: str) -> Named:
    """The domain or the organization that is named; complains in `body` unless it is just one."""
    named = Named(body.text(domain), body.text("organization_id"))
    if bool(named.domain_id) is bool(named.organization_id):
        complaint = ONE_OF_TWO.format(domain, "organization_id")
        for name in (domain, "organization_id"):
            body.wrong.setdefault(name, complaint)
    return named


MEMBER_ROUTES = (list_members, invite_members, change_member, delete_member)
