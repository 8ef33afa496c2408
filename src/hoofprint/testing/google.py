"""A stand-in for Google on a free port of this machine: consent, tokens, properties, reports.

It speaks the JSON that Google documents for OAuth 2, the Analytics Admin API and the Analytics
Data API, as much of it as is used.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, dict[str, Any], dict[str, str]]
REFRESH = "1//refresh-token"


class GoogleServer:
    """Used in a `with`. `rows` gives every row of a report by the names of its dimensions.

    A row is its dimensions, the date among them, and its metrics. `refusals` are answered first,
    one a request to the reports: a status and what `Retry-After` says. `valid` are the access
    tokens that are taken; `requests` what was asked for, `revoked` the tokens that were.
    """

    def __init__(
        self, rows: Callable[[tuple[str, ...]], list[tuple[list[str], list[str]]]] = lambda _: []
    ) -> None:
        self.rows = rows
        self.refusals: list[tuple[int, str]] = []
        self.codes = {"a-code"}
        self.valid: set[str] = set()
        self.refuses_refresh = False
        self.page_rows = 10_000
        self.requests: list[str] = []
        self.revoked: list[str] = []
        self._tokens = 0
        self._server = _Server(self)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, path: str, query: dict[str, str], bearer: str, body: Any) -> Answer:
        """What is answered to a request."""
        self.requests.append(path)
        match path:
            case "/token":
                return self._token(body)
            case "/revoke":
                self.revoked.append(body["token"])
                found: dict[str, Any] = {}
            case _ if bearer not in self.valid:
                return 401, _error(401, "invalid authentication credentials"), {}
            case "/v1/userinfo":
                found = {"sub": "1234567890", "email": "ada@gmail.example"}
            case "/v1beta/accountSummaries":
                found = _summaries(query.get("pageToken", ""))
            case "/v1beta/properties/4711:runReport":
                return self._report(body)
            case _:
                return 403, _error(403, "User does not have sufficient permissions"), {}
        return 200, found, {}

    def _token(self, body: dict[str, str]) -> Answer:
        wrong: Answer = (400, {"error": "invalid_grant"}, {})
        if (body.get("client_id"), body.get("client_secret")) != ("an-id", "a-secret"):
            return 401, {"error": "invalid_client"}, {}
        answer: dict[str, Any] = {"expires_in": 3599, "token_type": "Bearer"}
        if body["grant_type"] == "authorization_code":
            if body["code"] not in self.codes:
                return wrong
            self.codes.discard(body["code"])
            answer["refresh_token"] = REFRESH
        elif self.refuses_refresh or body.get("refresh_token") != REFRESH:
            return wrong
        self._tokens += 1
        answer["access_token"] = f"access-{self._tokens}"
        self.valid.add(answer["access_token"])
        return 200, answer, {}

    def _report(self, wanted: Any) -> Answer:
        if self.refusals:
            status, after = self.refusals.pop(0)
            headers = {"Retry-After": after} if after else {}
            return status, _error(status, "Exhausted concurrent requests quota."), headers
        dimensions = tuple(one["name"] for one in wanted["dimensions"])
        metrics = [one["name"] for one in wanted["metrics"]]
        [dates] = wanted["dateRanges"]
        first, last = (dates[name].replace("-", "") for name in ("startDate", "endDate"))
        rows = [row for row in self.rows(dimensions) if first <= row[0][0] <= last]
        offset, limit = int(wanted["offset"]), min(int(wanted["limit"]), self.page_rows)
        return (
            200,
            {
                "dimensionHeaders": [{"name": name} for name in dimensions],
                "metricHeaders": [{"name": name, "type": "TYPE_INTEGER"} for name in metrics],
                "rows": [
                    {
                        "dimensionValues": [{"value": value} for value in row[0]],
                        "metricValues": [{"value": value} for value in row[1][: len(metrics)]],
                    }
                    for row in rows[offset : offset + limit]
                ],
                "rowCount": len(rows),
                "kind": "analyticsData#runReport",
            },
            {},
        )


def _summaries(page: str) -> dict[str, Any]:
    """Two pages of accounts with their properties."""
    if not page:
        one = {"property": "properties/4711", "displayName": "Shop", "parent": "accounts/1"}
        account = {"account": "accounts/1", "displayName": "Ada", "propertySummaries": [one]}
        return {"accountSummaries": [account], "nextPageToken": "second"}
    other = {"property": "properties/4712", "displayName": "Blog", "parent": "accounts/2"}
    return {"accountSummaries": [{"account": "accounts/2", "propertySummaries": [other]}]}


def _error(code: int, message: str) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "status": "REFUSED"}}


class _Server(ThreadingHTTPServer):
    def __init__(self, google: GoogleServer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.google = google


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer."""
        self._answer(None)

    def do_POST(self) -> None:
        """Answer."""
        data = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Content-Type", "").startswith("application/json"):
            self._answer(json.loads(data))
        else:
            self._answer({name: some[0] for name, some in parse_qs(data.decode()).items()})

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _answer(self, body: Any) -> None:
        url = urlsplit(self.path)
        query = {name: some[0] for name, some in parse_qs(url.query).items()}
        bearer = self.headers.get("Authorization", "").removeprefix("Bearer ")
        status, answer, headers = self.server.google.answer(url.path, query, bearer, body)
        data = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", **headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
