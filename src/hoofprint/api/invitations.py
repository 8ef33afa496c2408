"""`/api/v1/invitation`: who is invited to what (`api.md`, Listing Invitations and after)."""

from __future__ import annotations

from typing import Any

from litestar import delete, get, post
from litestar.datastructures import State

from hoofprint.api.body import Body, read_body_of
from hoofprint.api.callers import Asked, known, sent
from hoofprint.api.domain import DOMAIN
from hoofprint.api.fields import OWNED, listed, nullable, record, text
from hoofprint.api.members import read_named
from hoofprint.api.operation import described, query
from hoofprint.api.organizations import ORGANIZATION
from hoofprint.management.teams import Named

PATH = "/api/v1/invitation"
TAGS = ["Invitations"]
_ID = text("The id of the invitation.")
_DOMAIN_ID = "Those to this domain instead of the caller's own."
_ORGANIZATION_ID = "Those to this organization instead of the caller's own."
_INVITATION = record(
    {
        **OWNED,
        "domain_id": nullable(text()),
        "organization_id": nullable(text()),
        "email": text("Whom it is for."),
        "domain": nullable(DOMAIN),
        "organization": nullable(ORGANIZATION),
    }
)


@get(
    PATH,
    summary="List invitations",
    operation_id="invitations_list",
    tags=TAGS,
    operation_class=described(
        answer=listed(_INVITATION),
        parameters=[query("domain_id", _DOMAIN_ID), query("organization_id", _ORGANIZATION_ID)],
    ),
)
async def list_invitations(request: Asked, state: State) -> list[dict[str, Any]]:
    """Those for the caller, or those to a domain or an organization."""
    services, caller = await known(request, state)
    body = Body(request.query_params)
    named = _read_named(body)
    body.check()
    return await services.invitations.list(caller, named)


@post(
    PATH,
    status_code=200,
    summary="Accept an invitation",
    operation_id="invitations_accept",
    tags=TAGS,
    operation_class=described(body=record({"id": _ID})),
)
async def accept_invitation(request: Asked, state: State) -> None:
    """The caller becomes a viewer."""
    services, caller, body = await sent(request, state)
    invitation_id = body.name("id")
    body.check()
    await services.invitations.accept(caller, invitation_id)


@delete(
    PATH,
    status_code=200,
    summary="Delete an invitation",
    operation_id="invitations_delete",
    tags=TAGS,
    operation_class=described(
        body=record(
            {
                "id": _ID,
                "domain_id": text("The one to this domain, not one for the caller."),
                "organization_id": text("The one to this organization, not one for the caller."),
            },
            required=("id",),
        ),
        body_required=False,
        parameters=[
            query("id", "Without a body."),
            query("domain_id", "Without a body."),
            query("organization_id", "Without a body."),
        ],
    ),
)
async def delete_invitation(request: Asked, state: State) -> None:
    """Refuse an invitation, or take one back.

    The fields may stand in the query instead of the body, which not every client can send.
    """
    services, caller = await known(request, state)
    given = await request.body()
    body = read_body_of(given) if given.strip() else Body(request.query_params)
    invitation_id, named = body.name("id"), _read_named(body)
    body.check()
    await services.invitations.delete(caller, invitation_id, named)


def _read_named(body: Body) -> Named | None:
    """What is named, if anything is; complains in `body` if both are."""
    if body.text("domain_id") or body.text("organization_id"):
        return read_named(body, "domain_id")
    return None


INVITATION_ROUTES = (list_invitations, accept_invitation, delete_invitation)
