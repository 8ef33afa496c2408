"""`/api/v1/account/totp`, `/logins` and `/outbox`: who else gets in, and with what."""

from __future__ import annotations

from typing import Any

from litestar import delete, get, post, put
from litestar.datastructures import State

from hoofprint.api.account import NOT_KEPT, PASSWORD, PATH, REFUSALS, TAGS, proving
from hoofprint.api.body import required
from hoofprint.api.callers import Asked, known
from hoofprint.api.fields import OWNED, flag, listed, moment, record, text
from hoofprint.api.operation import described, needed

READING = (401, 403, 429)
_LOGIN = record(
    {
        **OWNED,
        "seen": moment("When it was used last, to a minute."),
        "ends": moment("At the latest."),
        "browser": text(),
        "os": text(),
        "current": flag("Whether it is the one that asks."),
    }
)
_MAIL = record(
    {**OWNED, "recipient": text(), "subject": text(), "text": text(), "kind": text("In a word.")}
)


@post(
    f"{PATH}/totp",
    status_code=200,
    summary="Begin to ask for codes at logins",
    operation_id="account_totp_begin",
    tags=TAGS,
    response_headers=NOT_KEPT,
    operation_class=described(
        answer=record(
            {
                "secret": text("Base32, to be typed into the app."),
                "uri": text("The same as an `otpauth:` address."),
                "qr": text("The address as a picture: SVG."),
            }
        ),
        body=record({"password": PASSWORD}),
        refusals=REFUSALS,
        by_login=True,
    ),
)
async def begin_totp(request: Asked, state: State) -> dict[str, Any]:
    """Nothing is asked for until a code of the app was sent."""
    services, caller, body = await proving(request, state)
    password = body.exact("password")
    body.check()
    return await services.accounts.second_factor.begin(caller, password)


@put(
    f"{PATH}/totp",
    status_code=200,
    summary="Ask for codes at logins",
    operation_id="account_totp_confirm",
    tags=TAGS,
    response_headers=NOT_KEPT,
    operation_class=described(
        answer=record({"recovery_codes": listed(text(), "Shown this once; each works once.")}),
        body=record({"code": text("What the app shows.")}),
        refusals=REFUSALS,
        by_login=True,
    ),
)
async def confirm_totp(request: Asked, state: State) -> dict[str, Any]:
    """The recovery codes, for when the app is lost."""
    services, caller, body = await proving(request, state)
    code = body.name("code")
    body.check()
    return {"recovery_codes": await services.accounts.second_factor.confirm(caller, code)}


@delete(
    f"{PATH}/totp",
    status_code=200,
    summary="No longer ask for codes at logins",
    operation_id="account_totp_end",
    tags=TAGS,
    operation_class=described(
        body=record({"password": PASSWORD}), refusals=REFUSALS, by_login=True
    ),
)
async def end_totp(request: Asked, state: State) -> None:
    """The secret and the recovery codes are forgotten."""
    services, caller, body = await proving(request, state)
    password = body.exact("password")
    body.check()
    await services.accounts.second_factor.end(caller, password)


@get(
    f"{PATH}/logins",
    summary="List one's logins",
    operation_id="account_logins_list",
    tags=TAGS,
    operation_class=described(answer=listed(_LOGIN), refusals=READING, by_login=True),
)
async def list_logins(request: Asked, state: State) -> list[dict[str, Any]]:
    """Where the account is logged in, the last used first."""
    services, caller = await known(request, state)
    return await services.accounts.logins.list(caller)


@delete(
    f"{PATH}/logins",
    status_code=200,
    summary="End one of one's logins",
    operation_id="account_logins_end",
    tags=TAGS,
    operation_class=described(
        parameters=[needed("id", "The id of the login.")],
        refusals=(400, 401, 403, 404, 429),
        by_login=True,
    ),
)
async def end_login(request: Asked, state: State) -> None:
    """That browser is logged out."""
    services, caller = await known(request, state)
    await services.accounts.logins.end(caller, required(request, "id"))


@delete(
    f"{PATH}/logins/others",
    status_code=200,
    summary="End all of one's other logins",
    operation_id="account_logins_end_others",
    tags=TAGS,
    operation_class=described(refusals=READING, by_login=True),
)
async def end_other_logins(request: Asked, state: State) -> None:
    """Only the one that asks stays."""
    services, caller = await known(request, state)
    await services.accounts.logins.end_others(caller)


@get(
    f"{PATH}/outbox",
    summary="List mails that were not sent",
    operation_id="account_outbox",
    tags=TAGS,
    response_headers=NOT_KEPT,
    operation_class=described(answer=listed(_MAIL), refusals=READING, by_login=True),
)
async def list_unsent(request: Asked, state: State) -> list[dict[str, Any]]:
    """For the operator of an instance without a mail server, the newest first."""
    services, caller = await known(request, state)
    return await services.accounts.unsent.list(caller)


SECURITY_ROUTES = (
    begin_totp,
    confirm_totp,
    end_totp,
    list_logins,
    end_login,
    end_other_logins,
    list_unsent,
)
