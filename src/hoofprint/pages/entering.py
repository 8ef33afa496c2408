"""`/login`, `/logout`, `/setup`, `/sign-up`, `/confirm` and `/reset`: getting an account and in."""

from __future__ import annotations

from typing import Any

from litestar import Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import State

from hoofprint.api.logged_in import device_of, login_cookie, no_login_cookie
from hoofprint.api.managed import tried, tried_for
from hoofprint.errors import Forbidden, Invalid, Unauthenticated
from hoofprint.management.accounts.entering import Entered
from hoofprint.management.accounts.sign_up import Wish
from hoofprint.pages.invitation import invitation_path
from hoofprint.pages.local import HOME, local_path
from hoofprint.pages.page import redirect
from hoofprint.pages.visit import Asked, Form, Visit, posted, visit

BAD, WHO = 400, 401
WRONG = {"password": "or e-mail address is wrong"}


def _in(visit: Visit, entered: Entered, wanted: str = HOME) -> Response[str]:
    """On to the page that was wanted, with the cookie of a login."""
    path = f"{HOME}?done=kept" if entered.kept else local_path(wanted)
    return redirect(path, [login_cookie(visit.services.settings, entered.token)])


def _login(visit: Visit, status: int = 200, wanted: str = "", **shown: Any) -> Response[str]:
    is_open = visit.services.accounts.sign_up.is_open(None)
    usual: dict[str, Any] = {"open": is_open, "next": wanted, "unconfirmed": False}
    return visit.show("login", status, **usual | shown)


@get("/login", include_in_schema=False)
async def show_login(request: Asked, state: State) -> Response[str]:
    """The form; who is logged in already goes on."""
    found = await visit(request, state)
    wanted = found.asked_for("next")
    return redirect(local_path(wanted)) if found.caller else _login(found, wanted=wanted)


@post("/login", include_in_schema=False)
async def log_in(request: Asked, state: State) -> Response[str]:
    """In, on to the second step, or the form again."""
    found, form = await posted(request, state)
    email, wanted = form.text("email"), form["next"]
    tried(request, email)
    device = device_of(request, found.services.settings)
    entering = found.services.accounts.entering
    try:
        entered = await entering.log_in(email, form["password"], device)
    except Unauthenticated:
        return _login(found, WHO, wanted, wrong=WRONG, values=form)
    except Invalid as error:
        return _login(found, BAD, wanted, wrong=error.fields, values=form, unconfirmed=True)
    if entered.challenge:
        return found.show("code", challenge=entered.challenge, next=wanted)
    return _in(found, entered, wanted)


@post("/login/code", include_in_schema=False)
async def second_step(request: Asked, state: State) -> Response[str]:
    """In, or the form for another code."""
    found, form = await posted(request, state)
    challenge, wanted = form["challenge"], form["next"]
    tried(request)
    entering = found.services.accounts.entering
    try:
        tried_for(request, await entering.whose(challenge))
        device = device_of(request, found.services.settings)
        entered = await entering.second_step(challenge, form.text("code"), device)
    except Unauthenticated:
        late = ["That took too long. Please begin again."]
        return _login(found, WHO, wanted, messages=late)
    except Invalid as error:
        shown: dict[str, Any] = {"challenge": challenge, "next": wanted, "wrong": error.fields}
        return found.show("code", BAD, **shown)
    return _in(found, entered, wanted)


@get("/logout", include_in_schema=False)
async def show_logout(request: Asked, state: State) -> Response[str]:
    """A button: an address alone logs nobody out."""
    found = await visit(request, state)
    return found.show("logout") if found.caller else redirect("/login")


@post("/logout", include_in_schema=False)
async def log_out(request: Asked, state: State) -> Response[str]:
    """Out."""
    found, _ = await posted(request, state)
    if found.caller:
        await found.services.accounts.logins.log_out(found.secret)
    return redirect("/login", [no_login_cookie(found.services.settings)])


@get("/setup", include_in_schema=False)
async def show_setup(request: Asked, state: State) -> Response[str]:
    """The form for the first account, for who has the link of the log."""
    found = await visit(request, state)
    code = found.asked_for("code")
    if await found.services.accounts.sign_up.can_set_up(code):
        return found.show("setup", code=code)
    return _useless(found, "The server logs a new link at each start, until there is an account.")


@post("/setup", include_in_schema=False)
async def set_up(request: Asked, state: State) -> Response[str]:
    """The first account, logged in."""
    found, form = await posted(request, state)
    tried(request)
    device = device_of(request, found.services.settings)
    code = form["code"]
    try:
        entered = await found.services.accounts.sign_up.set_up(code, _wish(form), device)
    except Invalid as error:
        shown: dict[str, Any] = {
            "code": code,
            "wrong": error.fields,
            "values": form,
            "messages": _other(error),
        }
        return found.show("setup", BAD, **shown)
    return _in(found, entered)


@get("/sign-up", include_in_schema=False)
async def show_sign_up(request: Asked, state: State) -> Response[str]:
    """The form, for whoever may have an account."""
    found = await visit(request, state)
    code = found.asked_for("invitation")
    invited = await found.services.accounts.sign_up.invited(code)
    if not found.services.accounts.sign_up.is_open(invited):
        return _closed(found)
    values = Form({"email": invited or ""})
    return found.show("sign_up", invitation=code, values=values)


@post("/sign-up", include_in_schema=False)
async def sign_up(request: Asked, state: State) -> Response[str]:
    """The same answer whether the address has an account already."""
    found, form = await posted(request, state)
    tried(request, form.text("email"))
    device = device_of(request, found.services.settings)
    code = form["invitation"]
    try:
        entered = await found.services.accounts.sign_up.sign_up(_wish(form), code, device)
    except Forbidden:
        return _closed(found)
    except Invalid as error:
        shown: dict[str, Any] = {"invitation": code, "wrong": error.fields, "values": form}
        return found.show("sign_up", BAD, messages=error.messages, **shown)
    if entered.token:
        return _in(found, entered, invitation_path(code))
    text = f"We mailed {form.text('email')} what comes next. The link works for 24 hours."
    return _said(found, "Look into your mails", text)


@get("/confirm", include_in_schema=False)
async def show_confirm(request: Asked, state: State) -> Response[str]:
    """A form: programs that follow the links of mails confirm nothing."""
    found = await visit(request, state)
    return found.show("confirm", code=found.asked_for("code"))


@post("/confirm", include_in_schema=False)
async def confirm(request: Asked, state: State) -> Response[str]:
    """The address is the account's."""
    found, form = await posted(request, state)
    tried(request)
    accounts, code = found.services.accounts, form["code"]
    try:
        tried_for(request, await accounts.sign_up.whose(code))
        device = device_of(request, found.services.settings)
        entered = await accounts.sign_up.confirm(code, form["password"], device)
    except Invalid as error:
        shown: dict[str, Any] = {"code": code, "wrong": error.fields, "messages": _other(error)}
        return found.show("confirm", BAD, **shown)
    return _in(found, entered) if entered.token else redirect(f"{HOME}?done=confirmed")


@post("/confirm/resend", include_in_schema=False)
async def resend(request: Asked, state: State) -> Response[str]:
    """The same answer whatever the address is."""
    found, form = await posted(request, state)
    email = form.text("email")
    tried(request, email)
    text = "If the address waits to be confirmed, it is mailed a new link."
    later = BackgroundTask(found.services.accounts.sign_up.resend, email)
    return _said(found, "Look into your mails", text, later)


@get("/reset", include_in_schema=False)
async def show_reset(request: Asked, state: State) -> Response[str]:
    """The form for a link, or with its code the one for a password."""
    found = await visit(request, state)
    code = found.asked_for("code")
    if code and not await found.services.accounts.reset.works(code):
        late = ["The link is too old or was used already. You can have another one."]
        return found.show("reset", BAD, code="", messages=late)
    return found.show("reset", code=code)


@post("/reset", include_in_schema=False)
async def ask_reset(request: Asked, state: State) -> Response[str]:
    """The same answer, after the same time, whether the address has an account."""
    found, form = await posted(request, state)
    email = form.text("email")
    tried(request, email)
    text = "If the address has an account, it is mailed a link that works for an hour."
    later = BackgroundTask(found.services.accounts.reset.ask, email)
    return _said(found, "Look into your mails", text, later)


@post("/reset/set", include_in_schema=False)
async def set_password(request: Asked, state: State) -> Response[str]:
    """The new password counts; nobody is logged in."""
    found, form = await posted(request, state)
    tried(request)
    code = form["code"]
    try:
        await found.services.accounts.reset.set(code, form["password"])
    except Invalid as error:
        shown: dict[str, Any] = {"code": code, "wrong": error.fields, "messages": _other(error)}
        return found.show("reset", BAD, **shown)
    return _said(found, "The password is set", "You can log in with it now.")


def _wish(form: Form) -> Wish:
    return Wish(form.text("email"), form["password"], form.text("full_name"))


def _other(error: Invalid) -> list[str]:
    """What belongs to no field that is shown."""
    code = error.fields.get("code")
    late = [f"The link {code}."] if code else []
    taken = [f"The address {error.fields['email']}."] if "email" in error.fields else []
    return [*late, *taken, *error.messages]


def _said(
    visit: Visit, heading: str, text: str, background: BackgroundTask | None = None
) -> Response[str]:
    shown: dict[str, Any] = {"heading": heading, "text": text, "link": "/login", "label": "Log in"}
    return visit.show("said", background=background, **shown)


def _useless(visit: Visit, text: str) -> Response[str]:
    heading = "The link does not work"
    return visit.show("said", BAD, heading=heading, text=text, link="/login", label="Log in")


def _closed(visit: Visit) -> Response[str]:
    text = "Accounts are for people who were invited. Ask whoever operates this instance."
    shown: dict[str, Any] = {
        "heading": "Sign-up is closed",
        "text": text,
        "link": "/login",
        "label": "Log in",
    }
    return visit.show("said", 403, **shown)


ENTERING_PAGES = (
    show_login,
    log_in,
    second_step,
    show_logout,
    log_out,
    show_setup,
    set_up,
    show_sign_up,
    sign_up,
    show_confirm,
    confirm,
    resend,
    show_reset,
    ask_reset,
    set_password,
)
