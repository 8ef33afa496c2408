"""`/api/v1/account`: one's own account, for people who are logged in; not in `api.md`."""

from __future__ import annotations

from typing import Any

from litestar import delete, get, post, put
from litestar.datastructures import State

from hoofprint.api.answer import Answer
from hoofprint.api.body import Body
from hoofprint.api.callers import Asked, known, sent
from hoofprint.api.fields import OWNED, flag, moment, nullable, record, text, whole
from hoofprint.api.logged_in import csrf_token, login_of, no_login_cookie
from hoofprint.api.managed import tried
from hoofprint.api.operation import described
from hoofprint.api.services import Services
from hoofprint.errors import Forbidden
from hoofprint.management.access import RIGHTS, Action
from hoofprint.model.principal import Principal

PATH = "/api/v1/account"
TAGS = ["Account"]
REFUSALS = (400, 401, 403, 429)
NOT_KEPT = {"cache-control": "no-store"}
"""Of answers that hold a secret."""
PASSWORD = text("The password of the account.")
ACCOUNT = record(
    {
        **OWNED,
        "email": text(),
        "full_name": text(),
        "operator": flag("Whether the account operates the instance; the first one does."),
        "second_factor": flag("Whether logins ask for a code."),
        "recovery_codes": whole("How many are left."),
        "ends": nullable(moment("When it is deleted; null unless that was asked for.")),
    }
)
READ = ACCOUNT | {
    "properties": ACCOUNT["properties"]
    | {"csrf_token": text("To be sent as `X-CSRF-Token` by whatever changes something.")}
}


async def proving(request: Asked, state: State) -> tuple[Services, Principal, Body]:
    """`sent` for people who send a password or a code of their own, of which every try counts.

    Programs are refused before: none of them may use up the tries of its user.
    """
    services, caller, body = await sent(request, state)
    if not RIGHTS[Action.CHANGE_ACCOUNT].granted_to(caller):
        raise Forbidden
    tried(request, caller.user_id or "")
    return services, caller, body


@get(
    PATH,
    summary="Read one's own account",
    operation_id="account_read",
    tags=TAGS,
    response_headers=NOT_KEPT,
    operation_class=described(answer=READ, refusals=(401, 403, 429), by_login=True),
)
async def read_account(request: Asked, state: State) -> dict[str, Any]:
    """The account, and what its pages need to change something."""
    services, caller = await known(request, state)
    token = csrf_token(login_of(request, services.settings))
    return await services.accounts.profile.read(caller) | {"csrf_token": token}


@put(
    PATH,
    status_code=200,
    summary="Change one's name",
    operation_id="account_change",
    tags=TAGS,
    operation_class=described(
        answer=ACCOUNT, body=record({"full_name": text()}), refusals=REFUSALS, by_login=True
    ),
)
async def change_account(request: Asked, state: State) -> dict[str, Any]:
    """The account with another name; nothing else of what is sent counts."""
    services, caller, body = await sent(request, state)
    full_name = body.text("full_name")
    body.check()
    return await services.accounts.profile.rename(caller, full_name)


@put(
    f"{PATH}/password",
    status_code=200,
    summary="Change one's password",
    operation_id="account_password",
    tags=TAGS,
    operation_class=described(
        body=record({"old_password": text(), "password": text("The new one.")}),
        refusals=REFUSALS,
        by_login=True,
    ),
)
async def change_password(request: Asked, state: State) -> None:
    """All other logins end."""
    services, caller, body = await proving(request, state)
    old, new = body.exact("old_password"), body.exact("password")
    body.check()
    await services.accounts.profile.change_password(caller, old, new)


@put(
    f"{PATH}/email",
    status_code=200,
    summary="Change one's e-mail address",
    operation_id="account_email",
    tags=TAGS,
    operation_class=described(
        body=record({"email": text("The new one, which is mailed a link."), "password": PASSWORD}),
        refusals=REFUSALS,
        by_login=True,
    ),
)
async def change_email(request: Asked, state: State) -> None:
    """The account has the address once the link was followed; the old one is told."""
    services, caller, body = await proving(request, state)
    email, password = body.name("email"), body.exact("password")
    body.check()
    await services.accounts.profile.change_email(caller, email, password)


@delete(
    PATH,
    status_code=200,
    summary="Delete one's account, in a week",
    operation_id="account_delete",
    tags=TAGS,
    operation_class=described(
        answer=record({"ends": moment("A login before that keeps the account.")}),
        body=record({"password": PASSWORD}),
        refusals=REFUSALS,
        by_login=True,
    ),
)
async def delete_account(request: Asked, state: State) -> Answer:
    """It is logged out everywhere at once, and goes in a week with all of its domains."""
    services, caller, body = await proving(request, state)
    password = body.exact("password")
    body.check()
    answer = await services.accounts.ending.ask(caller, password)
    return Answer(answer, cookies=[no_login_cookie(services.settings)])


@post(
    f"{PATH}/logout",
    status_code=200,
    summary="Log out",
    operation_id="account_logout",
    tags=TAGS,
    operation_class=described(refusals=(401, 403, 429), by_login=True),
)
async def log_out(request: Asked, state: State) -> Answer:
    """End the login that asks, if it has not ended."""
    services: Services = state["services"]
    await services.accounts.logins.log_out(login_of(request, services.settings))
    return Answer(None, cookies=[no_login_cookie(services.settings)])


ACCOUNT_ROUTES = (
    read_account,
    change_account,
    change_password,
    change_email,
    delete_account,
    log_out,
)
