"""`/api/v1/account/login` and its like: getting an account and getting in, without a token."""

from __future__ import annotations

from typing import Any

from litestar import post, put
from litestar.background_tasks import BackgroundTask
from litestar.datastructures import State

from hoofprint.api.account import PATH, TAGS
from hoofprint.api.answer import Answer
from hoofprint.api.body import Body, read_body_of
from hoofprint.api.callers import Asked
from hoofprint.api.fields import flag, nullable, record, text
from hoofprint.api.logged_in import csrf_token, device_of, login_cookie
from hoofprint.api.managed import tried, tried_for
from hoofprint.api.operation import described
from hoofprint.api.services import Services
from hoofprint.management.accounts.entering import Entered
from hoofprint.management.accounts.sign_up import Wish

TRYING = (400, 401, 403, 429)
ASKING = (400, 403, 429)
CODE = text("The code in the link.")
NEW_PASSWORD = text("At least 10 characters, and none of the most common ones.")
ENTERED = record(
    {
        "logged_in": flag("Whether there is a login now, whose cookie comes with this answer."),
        "challenge": nullable(text("To be sent with a code, where there is a second step.")),
        "csrf_token": nullable(text("What the login's requests carry as `X-CSRF-Token`.")),
        "kept": flag("Whether the account was to be deleted, and is not any more."),
    }
)
NEW_ACCOUNT = {"email": text(), "password": NEW_PASSWORD, "full_name": text()}


async def _sent(request: Asked, state: State) -> tuple[Services, Body]:
    services: Services = state["services"]
    return services, read_body_of(await request.body())


def _entered(services: Services, entered: Entered) -> Answer:
    token = entered.token
    content = {
        "logged_in": bool(token),
        "challenge": entered.challenge or None,
        "csrf_token": csrf_token(token) if token else None,
        "kept": entered.kept,
    }
    cookies = [login_cookie(services.settings, token)] if token else []
    return Answer(content, cookies=cookies, headers={"cache-control": "no-store"})


def _wish(body: Body) -> Wish:
    wish = Wish(body.name("email"), body.exact("password"), body.text("full_name"))
    body.check()
    return wish


def _about(verb: str, summary: str) -> dict[str, Any]:
    operation_id = f"account_{verb}"
    return {"status_code": 200, "summary": summary, "operation_id": operation_id, "tags": TAGS}


@post(
    f"{PATH}/setup",
    operation_class=described(
        answer=ENTERED,
        body=record({"code": CODE, **NEW_ACCOUNT}, required=("code", "email", "password")),
        refusals=ASKING,
        open_to_all=True,
    ),
    **_about("setup", "Make the first account"),
)
async def set_up(request: Asked, state: State) -> Answer:
    """With the code of the link that the server logs when it starts without an account."""
    services, body = await _sent(request, state)
    tried(request)
    code, wish = body.name("code"), _wish(body)
    device = device_of(request, services.settings)
    return _entered(services, await services.accounts.sign_up.set_up(code, wish, device))


@post(
    f"{PATH}/sign-up",
    operation_class=described(
        answer=ENTERED,
        body=record(
            {**NEW_ACCOUNT, "invitation": text("The code of an invitation.")},
            required=("email", "password"),
        ),
        refusals=ASKING,
        open_to_all=True,
    ),
    **_about("sign_up", "Make an account"),
)
async def sign_up(request: Asked, state: State) -> Answer:
    """The answer is the same whether the address has an account already: it is mailed."""
    services, body = await _sent(request, state)
    tried(request, body.text("email"))
    invitation, wish = body.text("invitation"), _wish(body)
    device = device_of(request, services.settings)
    return _entered(services, await services.accounts.sign_up.sign_up(wish, invitation, device))


@post(
    f"{PATH}/confirm",
    operation_class=described(
        answer=ENTERED,
        body=record({"code": CODE, "password": text("The account's.")}),
        refusals=ASKING,
        open_to_all=True,
    ),
    **_about("confirm", "Confirm an e-mail address"),
)
async def confirm(request: Asked, state: State) -> Answer:
    """The address of a new account, which is logged in with that, or a changed one."""
    services, body = await _sent(request, state)
    tried(request)
    code, password = body.name("code"), body.exact("password")
    body.check()
    tried_for(request, await services.accounts.sign_up.whose(code))
    device = device_of(request, services.settings)
    return _entered(services, await services.accounts.sign_up.confirm(code, password, device))


@post(
    f"{PATH}/confirm/resend",
    operation_class=described(body=record({"email": text()}), refusals=ASKING, open_to_all=True),
    **_about("confirm_resend", "Mail the link that confirms an address again"),
)
async def resend(request: Asked, state: State) -> Answer:
    """Answered before it is looked whether there is anything to confirm."""
    services, body = await _sent(request, state)
    email = body.name("email")
    body.check()
    tried(request, email)
    return Answer(None, background=BackgroundTask(services.accounts.sign_up.resend, email))


@post(
    f"{PATH}/login",
    operation_class=described(
        answer=ENTERED,
        body=record({"email": text(), "password": text()}),
        refusals=TRYING,
        open_to_all=True,
    ),
    **_about("login", "Log in"),
)
async def log_in(request: Asked, state: State) -> Answer:
    """A login, or the challenge of its second step."""
    services, body = await _sent(request, state)
    email, password = body.name("email"), body.exact("password")
    body.check()
    tried(request, email)
    device = device_of(request, services.settings)
    return _entered(services, await services.accounts.entering.log_in(email, password, device))


@post(
    f"{PATH}/login/code",
    operation_class=described(
        answer=ENTERED,
        body=record(
            {
                "challenge": text("What the first step answered, at most five minutes ago."),
                "code": text("What the app shows, or a recovery code."),
            }
        ),
        refusals=TRYING,
        open_to_all=True,
    ),
    **_about("login_code", "Log in: the second step"),
)
async def second_step(request: Asked, state: State) -> Answer:
    """A login; after a wrong code another one may be tried."""
    services, body = await _sent(request, state)
    challenge, code = body.name("challenge"), body.name("code")
    body.check()
    tried(request)
    tried_for(request, await services.accounts.entering.whose(challenge))
    device = device_of(request, services.settings)
    entering = services.accounts.entering
    return _entered(services, await entering.second_step(challenge, code, device))


@post(
    f"{PATH}/reset",
    operation_class=described(body=record({"email": text()}), refusals=ASKING, open_to_all=True),
    **_about("reset_ask", "Have a link mailed that sets a new password"),
)
async def ask_reset(request: Asked, state: State) -> Answer:
    """Answered before it is looked whether the address has an account."""
    services, body = await _sent(request, state)
    email = body.name("email")
    body.check()
    tried(request, email)
    return Answer(None, background=BackgroundTask(services.accounts.reset.ask, email))


@put(
    f"{PATH}/reset",
    operation_class=described(
        body=record({"code": CODE, "password": NEW_PASSWORD}), refusals=ASKING, open_to_all=True
    ),
    **_about("reset_set", "Set a new password with the code of a link"),
)
async def set_password(request: Asked, state: State) -> None:
    """All logins of the account end."""
    services, body = await _sent(request, state)
    code, password = body.name("code"), body.exact("password")
    body.check()
    tried(request)
    await services.accounts.reset.set(code, password)


ENTERING_ROUTES = (
    set_up,
    sign_up,
    confirm,
    resend,
    log_in,
    second_step,
    ask_reset,
    set_password,
)
