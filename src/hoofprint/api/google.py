"""`/api/v1/google/connect` and `/callback`: a domain gets a Google account, by consent."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, delete, get
from litestar.datastructures import Cookie, State

from hoofprint.api.body import required
from hoofprint.api.callers import Asked, known
from hoofprint.api.fields import record, text
from hoofprint.api.operation import described, needed, query
from hoofprint.api.services import Services
from hoofprint.errors import Invalid
from hoofprint.management.access import first_value
from hoofprint.management.google import STATE_SECONDS

CONNECT, CALLBACK = "/api/v1/google/connect", "/api/v1/google/callback"
COOKIE = "hoofprint_google"
TAGS = ["Imports"]
DONE = "The Google account is connected. This window may be closed."
REFUSED = "Google was not given the consent"


@get(
    CONNECT,
    summary="Connect a domain to a Google account",
    description="Sends the browser to Google, which sends it back here.",
    operation_id="google_connect",
    tags=TAGS,
    operation_class=described(
        answer=record({"url": text("Where somebody consents.")}),
        parameters=[
            needed("domain_id", "The id of the domain."),
            query("redirect", "`false` answers the address instead of going there."),
        ],
    ),
)
async def connect_google(request: Asked, state: State) -> Response[Any]:
    """Send somebody to where they consent; their browser gets a cookie to come back with."""
    services, caller = await known(request, state)
    consent = await services.google.connect(caller, required(request, "domain_id"))
    goes = first_value(list(request.query_params.multi_items()), "redirect").lower() != "false"
    cookie = Cookie(
        COOKIE,
        path=CALLBACK,
        value=consent.cookie,
        max_age=STATE_SECONDS,
        httponly=True,
        samesite="lax",
        secure=services.settings.public_url.startswith("https:"),
    )
    return Response(
        {"url": consent.url},
        status_code=302 if goes else 200,
        headers={"location": consent.url} if goes else {},
        cookies=[cookie],
    )


@get(CALLBACK, include_in_schema=False)
async def google_callback(request: Request[Any, Any, State], state: State) -> Response[str]:
    """Where Google sends browsers back to."""
    services: Services = state["services"]
    given = list(request.query_params.multi_items())
    code = first_value(given, "code")
    if not code:
        raise Invalid({}, REFUSED)
    await services.google.callback(
        first_value(given, "state"), code, request.cookies.get(COOKIE, "")
    )
    answer = Response(DONE, media_type="text/plain")
    answer.delete_cookie(COOKIE, path=CALLBACK)
    return answer


@delete(
    CONNECT,
    status_code=200,
    summary="Disconnect a domain from its Google account",
    operation_id="google_disconnect",
    tags=TAGS,
    operation_class=described(parameters=[needed("domain_id", "The id of the domain.")]),
)
async def disconnect_google(request: Asked, state: State) -> None:
    """Forget the account and its token."""
    services, caller = await known(request, state)
    await services.google.disconnect(caller, required(request, "domain_id"))


GOOGLE_ROUTES = (connect_google, disconnect_google)
