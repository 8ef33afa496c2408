"""Google by HTTP: consent, tokens, the properties of an account, and their reports (GA4 Data API).

What Google documents is all that is known of it here: nothing of the answers is trusted but what is
read. Refusals that may pass are tried again as long as it says, or with growing pauses.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

import httpx
from msgspec import Struct

from hoofprint.errors import Invalid, Unavailable

SCOPES = "openid email https://www.googleapis.com/auth/analytics.readonly"
TRIES = 5
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
TIMEOUT_SECONDS = 60.0
SPARE_SECONDS = 60.0
"""So long before its end an access token is no longer used."""
MOST_PAGES = 100
_PASSING = frozenset({429, 500, 502, 503, 504})
UNCONFIGURED = "Google is not set up on this server (google_client_id, google_client_secret)"
CONNECT_AGAIN = "Google refuses the account: it has to be connected again"
NO_ANSWER = "Google gives no answer that can be read"


class Places(Struct, frozen=True):
    """Where Google is: the addresses in front of the paths that it documents."""

    consent: str = "https://accounts.google.com"
    tokens: str = "https://oauth2.googleapis.com"
    people: str = "https://openidconnect.googleapis.com"
    admin: str = "https://analyticsadmin.googleapis.com"
    data: str = "https://analyticsdata.googleapis.com"


def places_at(base_url: str) -> Places:
    """Everything at one address, or where Google really is without one."""
    return Places(*[base_url.rstrip("/")] * 5) if base_url else Places()


class GoogleApp(Struct, frozen=True):
    """How this instance is known to Google, and where people come back to."""

    client_id: str
    client_secret: str
    redirect_url: str


class GoogleUser(Struct, frozen=True):
    """Who has consented, and the token that stands for that."""

    token: str
    user_id: str
    email: str


class Google:
    """Asks Google for an account that is known by its (refresh) token; from several threads.

    Raises Invalid when Google refuses for good, Unavailable when it may be asked again. `sleep`
    may end early, when the process does.
    """

    def __init__(
        self,
        app: GoogleApp,
        places: Places,
        sleep: Callable[[float], object] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app = app
        self._places = places
        self._opening = threading.Lock()
        self._opened: httpx.Client | None = None
        self._sleep = sleep
        self._monotonic = monotonic
        self._access: dict[str, tuple[str, float]] = {}

    def close(self) -> None:
        """End all connections."""
        if self._opened is not None:
            self._opened.close()

    def consent_url(self, state: str) -> str:
        """Where somebody consents; Google sends them back with the state."""
        if not self._app.client_id or not self._app.client_secret:
            raise Invalid({}, UNCONFIGURED)
        wanted = {
            "client_id": self._app.client_id,
            "redirect_uri": self._app.redirect_url,
            "response_type": "code",
            "scope": SCOPES,
            "access_type": "offline",
            "prompt": "consent",
            "state": state,
        }
        return f"{self._places.consent}/o/oauth2/v2/auth?{urlencode(wanted)}"

    def exchange(self, code: str) -> GoogleUser:
        """Who has consented, by the code that they came back with."""
        answer = self._tokens(
            grant_type="authorization_code", code=code, redirect_uri=self._app.redirect_url
        )
        token, access = _text(answer, "refresh_token"), _text(answer, "access_token")
        if not token or not access:
            raise Invalid({}, NO_ANSWER)
        headers = {"Authorization": f"Bearer {access}"}
        found = self._send("GET", f"{self._places.people}/v1/userinfo", headers=headers)
        who = self._read(found)
        return GoogleUser(token, _text(who, "sub"), _text(who, "email"))

    def revoke(self, token: str) -> None:
        """Let Google forget a token; one that it has forgotten before is as good."""
        self._access.pop(token, None)
        self._send("POST", f"{self._places.tokens}/revoke", data={"token": token})

    def properties(self, token: str) -> list[tuple[str, str]]:
        """The names and ids of all properties that the account may read."""
        found: list[tuple[str, str]] = []
        page = ""
        for _ in range(MOST_PAGES):
            query = {"pageSize": "200"} | ({"pageToken": page} if page else {})
            url = f"{self._places.admin}/v1beta/accountSummaries?{urlencode(query)}"
            answer = self._ask(token, "GET", url)
            for account in _objects(answer, "accountSummaries"):
                for one in _objects(account, "propertySummaries"):
                    number = _text(one, "property").removeprefix("properties/")
                    found.append((_text(one, "displayName"), number))
            page = _text(answer, "nextPageToken")
            if not page:
                break
        return found

    def report(self, token: str, property_id: str, wanted: Mapping[str, Any]) -> Mapping[str, Any]:
        """A page of a report (`runReport`)."""
        url = f"{self._places.data}/v1beta/properties/{property_id}:runReport"
        return self._ask(token, "POST", url, json=wanted)

    def _ask(self, token: str, method: str, url: str, **content: Any) -> Mapping[str, Any]:
        """An answer to the account; an access token that Google has forgotten is made anew once."""
        for renewed in (False, True):
            headers = {"Authorization": f"Bearer {self._access_token(token)}"}
            found = self._send(method, url, headers=headers, **content)
            if found.status_code != HTTPStatus.UNAUTHORIZED:
                return self._read(found)
            self._access.pop(token, None)
            if renewed:
                break
        raise Invalid({}, CONNECT_AGAIN)

    def _access_token(self, token: str) -> str:
        access, until = self._access.get(token, ("", 0.0))
        if not access or until <= self._monotonic():
            answer = self._tokens(grant_type="refresh_token", refresh_token=token)
            access, lasts = _text(answer, "access_token"), answer.get("expires_in", 0)
            seconds = lasts if isinstance(lasts, int | float) else 0
            until = self._monotonic() + seconds - SPARE_SECONDS
            self._access[token] = access, until
        return access

    def _tokens(self, **wanted: str) -> Mapping[str, Any]:
        mine = {"client_id": self._app.client_id, "client_secret": self._app.client_secret}
        found = self._send("POST", f"{self._places.tokens}/token", data=mine | wanted)
        if found.status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}:
            raise Invalid({}, CONNECT_AGAIN)
        return self._read(found)

    def _read(self, found: httpx.Response) -> Mapping[str, Any]:
        if found.status_code != HTTPStatus.OK:
            said = ""
            if found.headers.get("content-type", "").startswith("application/json"):
                said = _text(_json(found).get("error"), "message")[:200]
            raise Invalid({}, f"Google refuses ({found.status_code}){said and f': {said}'}")
        return _json(found)

    def _client(self) -> httpx.Client:
        """Made when it is first needed, which takes a while; no redirect is documented."""
        with self._opening:
            if self._opened is None:
                self._opened = httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False)
            return self._opened

    def _send(self, method: str, url: str, **content: Any) -> httpx.Response:
        """An answer that is final, after as many tries as that takes."""
        pause = FIRST_PAUSE
        for place in range(TRIES):
            wait = pause
            try:
                found = self._client().request(method, url, **content)
            except httpx.HTTPError as error:
                problem = type(error).__name__
            else:
                if found.status_code not in _PASSING:
                    return found
                problem = str(found.status_code)
                wait = _asked_pause(found) or pause
            if place < TRIES - 1:
                self._sleep(min(wait, LONGEST_PAUSE))
                pause *= 2
        raise Unavailable(f"Google can't be asked now ({problem})")


def _asked_pause(found: httpx.Response) -> float:
    text = found.headers.get("retry-after", "")
    return float(text) if text.isdigit() else 0.0


def _json(found: httpx.Response) -> Mapping[str, Any]:
    try:
        answer = found.json()
    except ValueError:
        raise Unavailable(NO_ANSWER) from None
    if not isinstance(answer, dict):
        raise Unavailable(NO_ANSWER)
    return answer


def _text(found: object, name: str) -> str:
    value = found.get(name) if isinstance(found, Mapping) else None
    return value if isinstance(value, str) else ""


def _objects(found: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    listed = found.get(name)
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
