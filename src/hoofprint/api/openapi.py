"""The OpenAPI document: what Litestar makes of the routes, and the components they refer to."""

from __future__ import annotations

from typing import Any

from litestar import Request, get
from litestar.datastructures import State
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin

import hoofprint
from hoofprint.api.fields import answer_schema, by_name, listed, record, text
from hoofprint.api.logged_in import cookie_name
from hoofprint.api.operation import JSON, REFUSALS, component_name, schema_ref
from hoofprint.api.parameters import PARAMETERS, required_by, taken_by
from hoofprint.api.statistics import answer_name
from hoofprint.query.reports import REPORTS
from hoofprint.settings import Settings

Schema = dict[str, Any]

ABOUT = (
    "The API of this server. A token comes from `POST /api/v1/token`; a client without a secret "
    "has an access key instead. Statistics can also be read with an access link's code, those "
    "of a public domain by everybody."
)
LOGIN = (
    "A person who is logged in. Requests that change something come from the same origin and carry "
    "`X-CSRF-Token`, which `GET /api/v1/account` tells. Without TLS the cookie has no `__Host-`."
)
ERROR: Schema = record(
    {
        "validation": by_name(text(), "What is wrong, by parameter or field."),
        "error": listed(text(), "What is wrong with the request as a whole."),
        "context": {"type": "object", "description": "Always empty."},
    },
    "Every refusal has this body.",
)
SAYING = {
    "Invalid": "Something about the request is wrong; `validation` names every part that is.",
    "Unauthenticated": "The credentials are missing, wrong or expired.",
    "Forbidden": "The credentials lack a scope, or who they stand for a role.",
    "NotFound": "There is no such thing, or it is none of the caller's business.",
    "TooLarge": "The body is larger than it may be.",
    "TooManyRequests": "Too many requests; `Retry-After` says when to try again.",
    "Unavailable": "The server can't answer now, or not in time; `Retry-After` says when to try.",
}
_WAITING = frozenset({"TooManyRequests", "Unavailable"})


def openapi_config() -> OpenAPIConfig:
    """What Litestar is told about the document; it serves it below `/schema`."""
    return OpenAPIConfig(
        title="Hoofprint",
        version=hoofprint.__version__,
        description=ABOUT,
        path="/schema",
        security=[{"token": []}, {"login": []}],
        render_plugins=[_Complete(path="/openapi.json")],
    )


@get("/api/v1/openapi.json", include_in_schema=False, sync_to_thread=False)
def openapi(request: Request[Any, Any, State]) -> Schema:
    """The API's OpenAPI document."""
    return complete(request.app.openapi_schema.to_schema())


class _Complete(JsonRenderPlugin):
    """Litestar's own page of the document, with the components."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: Schema) -> bytes:
        return super().render(request, complete(openapi_schema))


def complete(document: Schema) -> Schema:
    """A document with the components that its operations refer to."""
    components = document.get("components", {})
    found = components | {
        "schemas": {**components.get("schemas", {}), **_schemas()},
        "parameters": _parameters(),
        "responses": {name: _response(name) for name in REFUSALS.values()},
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer"},
            "login": {
                "type": "apiKey",
                "in": "cookie",
                "name": cookie_name(Settings(base_url="https://localhost")),
                "description": LOGIN,
            },
        },
    }
    return document | {"components": found}


def _schemas() -> Schema:
    return {"Error": ERROR, **{answer_name(report): answer_schema(report) for report in REPORTS}}


def _parameters() -> Schema:
    """The parameters in the forms in which reports take them: required or not."""
    forms = {(name, name in required_by(report)) for report in REPORTS for name in taken_by(report)}
    return {
        component_name(name, required=must): parameter.described(required=must)
        for name, parameter in PARAMETERS.items()
        for must in (False, True)
        if (name, must) in forms
    }


def _response(name: str) -> Schema:
    headers = {}
    if name in _WAITING:
        seconds = {"type": "integer", "minimum": 0}
        headers = {"headers": {"Retry-After": {"description": "Seconds.", "schema": seconds}}}
    content = {JSON: {"schema": schema_ref("Error")}}
    return {"description": SAYING[name], **headers, "content": content}
