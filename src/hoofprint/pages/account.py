"""`/account`: one's own account, and for the operator the mails that were not sent."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from litestar import Response, get, post
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from markupsafe import Markup

from hoofprint.api.logged_in import no_login_cookie
from hoofprint.api.managed import tried
from hoofprint.errors import Invalid
from hoofprint.management.accounts.parts import Accounts
from hoofprint.model.principal import Principal
from hoofprint.pages.local import HOME
from hoofprint.pages.page import redirect
from hoofprint.pages.visit import Asked, Form, Visit, posted, visit

BAD = 400
LOG_IN = f"/login?next={HOME}"
DONE: Mapping[str, str] = {
    "name": "The name is saved.",
    "email": "The new address is mailed a link; it counts once that was followed.",
    "password": "The password is changed, and all other logins have ended.",
    "totp": "Logins no longer ask for a code.",
    "logins": "The login has ended.",
    "confirmed": "The address is confirmed.",
    "joined": "The invitation is accepted.",
    "kept": "Welcome back: the account is not deleted.",
}


@get(HOME, include_in_schema=False)
async def show_account(request: Asked, state: State) -> Response[str]:
    """All of it on one page."""
    found = await visit(request, state)
    if found.caller is None:
        return redirect(LOG_IN)
    return await _account(found, found.caller, notice=DONE.get(found.asked_for("done"), ""))


async def _account(
    visit: Visit, caller: Principal, status: int = 200, **shown: Any
) -> Response[str]:
    accounts = visit.services.accounts
    account = await accounts.profile.read(caller)
    logins = await accounts.logins.list(caller)
    return visit.show("account", status, account=account, logins=logins, wide=True, **shown)


Act = Callable[[Accounts, Principal, Form], Awaitable[object]]


def _changing(path: str, part: str, act: Act, *, guarded: bool = True) -> HTTPRouteHandler:
    """A form of the account's page; `guarded` if it asks for a password."""

    @post(f"{HOME}{path}", include_in_schema=False, name=f"account{path}")
    async def change(request: Asked, state: State) -> Response[str]:
        found, form = await posted(request, state)
        if found.caller is None:
            return redirect(LOG_IN)
        if guarded:
            tried(request, found.caller.user_id or "")
        try:
            await act(found.services.accounts, found.caller, form)
        except Invalid as error:
            wrong = {part: error.fields}
            return await _account(found, found.caller, BAD, wrong=wrong, messages=error.messages)
        return redirect(f"{HOME}?done={part}")

    return change


def _rename(accounts: Accounts, caller: Principal, form: Form) -> Awaitable[object]:
    return accounts.profile.rename(caller, form.text("full_name"))


def _email(accounts: Accounts, caller: Principal, form: Form) -> Awaitable[object]:
    return accounts.profile.change_email(caller, form.text("email"), form["password"])


def _password(accounts: Accounts, caller: Principal, form: Form) -> Awaitable[object]:
    return accounts.profile.change_password(caller, form["old_password"], form["password"])


def _totp_off(accounts: Accounts, caller: Principal, form: Form) -> Awaitable[object]:
    return accounts.second_factor.end(caller, form["password"])


def _end_login(accounts: Accounts, caller: Principal, form: Form) -> Awaitable[object]:
    return accounts.logins.end(caller, form["id"])


def _end_others(accounts: Accounts, caller: Principal, _: Form) -> Awaitable[object]:
    return accounts.logins.end_others(caller)


@post(f"{HOME}/totp", include_in_schema=False)
async def begin_totp(request: Asked, state: State) -> Response[str]:
    """The secret for the app."""
    found, form = await posted(request, state)
    if found.caller is None:
        return redirect(LOG_IN)
    tried(request, found.caller.user_id or "")
    try:
        begun = await found.services.accounts.second_factor.begin(found.caller, form["password"])
    except Invalid as error:
        wrong = {"totp": error.fields}
        return await _account(found, found.caller, BAD, wrong=wrong, messages=error.messages)
    return _totp(found, begun)


@post(f"{HOME}/totp/confirm", include_in_schema=False)
async def confirm_totp(request: Asked, state: State) -> Response[str]:
    """The recovery codes, once the app's code is right."""
    found, form = await posted(request, state)
    if found.caller is None:
        return redirect(LOG_IN)
    tried(request, found.caller.user_id or "")
    factor = found.services.accounts.second_factor
    try:
        codes = await factor.confirm(found.caller, form.text("code"))
    except Invalid as error:
        begun = await factor.pending(found.caller)
        if begun is None:
            return redirect(HOME)
        return _totp(found, begun, BAD, error.fields)
    return found.show("recovery", codes=codes)


def _totp(
    visit: Visit,
    begun: Mapping[str, str],
    status: int = 200,
    wrong: Mapping[str, str] | None = None,
) -> Response[str]:
    picture = Markup(begun["qr"])  # noqa: S704 - SVG that we drew
    return visit.show("totp", status, picture=picture, secret=begun["secret"], wrong=wrong or {})


@post(f"{HOME}/delete", include_in_schema=False)
async def delete_account(request: Asked, state: State) -> Response[str]:
    """Logged out everywhere; the account goes in a week."""
    found, form = await posted(request, state)
    if found.caller is None:
        return redirect(LOG_IN)
    tried(request, found.caller.user_id or "")
    try:
        told = await found.services.accounts.ending.ask(found.caller, form["password"])
    except Invalid as error:
        wrong = {"delete": error.fields}
        return await _account(found, found.caller, BAD, wrong=wrong, messages=error.messages)
    text = f"It goes on {told['ends'][:10]} (UTC). If you log in before that, it stays."
    shown: dict[str, Any] = {"heading": "The account will be deleted", "text": text, "caller": None}
    cookies = [no_login_cookie(found.services.settings)]
    return found.show("said", cookies=cookies, link="/login", label="Keep it: log in", **shown)


@get(f"{HOME}/outbox", include_in_schema=False)
async def show_outbox(request: Asked, state: State) -> Response[str]:
    """For the operator of an instance without a mail server."""
    found = await visit(request, state)
    if found.caller is None:
        return redirect(f"/login?next={HOME}/outbox")
    mails = await found.services.accounts.unsent.list(found.caller)
    return found.show("outbox", mails=mails, wide=True)


ACCOUNT_PAGES = (
    show_account,
    _changing("/name", "name", _rename, guarded=False),
    _changing("/email", "email", _email),
    _changing("/password", "password", _password),
    _changing("/totp/off", "totp", _totp_off),
    _changing("/logins/end", "logins", _end_login, guarded=False),
    _changing("/logins/others", "logins", _end_others, guarded=False),
    begin_totp,
    confirm_totp,
    delete_account,
    show_outbox,
)
