"""`/invitation`: where the link of an invitation leads."""

from __future__ import annotations

from urllib.parse import quote

from litestar import Response, get, post
from litestar.datastructures import State

from hoofprint.errors import NotFound
from hoofprint.pages.local import HOME
from hoofprint.pages.page import redirect
from hoofprint.pages.visit import Asked, Visit, posted, visit

PATH = "/invitation"
GONE, NOT_THEIRS = 400, 404


def invitation_path(code: str) -> str:
    """The page of an invitation."""
    return f"{PATH}?code={quote(code, safe='')}"


@get(PATH, include_in_schema=False)
async def show_invitation(request: Asked, state: State) -> Response[str]:
    """A button for who is logged in; for others the ways to get there."""
    found = await visit(request, state)
    code = found.asked_for("code")
    email = await found.services.accounts.sign_up.invited(code)
    if email is None:
        return _no_longer(found)
    later = quote(invitation_path(code), safe="")
    return found.show("invitation", email=email, code=code, later=later)


@post(PATH, include_in_schema=False)
async def accept(request: Asked, state: State) -> Response[str]:
    """A member of what the invitation is for, if it is for this account."""
    found, form = await posted(request, state)
    code = form["code"]
    if found.caller is None:
        return redirect(invitation_path(code))
    try:
        await found.services.accounts.sign_up.accept(found.caller, code)
    except NotFound:
        text = "It was accepted already, was taken back, or is for another e-mail address."
        return _said(found, NOT_THEIRS, text)
    return redirect(f"{HOME}?done=joined")


def _no_longer(visit: Visit) -> Response[str]:
    return _said(visit, GONE, "It was accepted already, or was taken back.")


def _said(visit: Visit, status: int, text: str) -> Response[str]:
    heading, label = "There is no such invitation", "Your account"
    return visit.show("said", status, heading=heading, text=text, link=HOME, label=label)


INVITATION_PAGES = (show_invitation, accept)
