"""How a route describes itself in the OpenAPI document, beside its summary, id and tags."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from litestar.openapi.spec import (
    OpenAPIMediaType,
    OpenAPIResponse,
    Operation,
    Parameter,
    Reference,
    RequestBody,
    Schema,
)

JSON = "application/json"
ZIP = "application/zip"
FORM = "multipart/form-data"
REFUSALS: dict[int, str] = {
    400: "Invalid",
    401: "Unauthenticated",
    403: "Forbidden",
    404: "NotFound",
    413: "TooLarge",
    429: "TooManyRequests",
    503: "Unavailable",
}
"""The component that describes the answer with a status."""
MANAGED = (400, 401, 403, 404, 429)
"""How a request to manage something may be refused."""
Responses = dict[str, OpenAPIResponse | Reference]


def parameter_ref(name: str, *, required: bool = False) -> Reference:
    """A parameter of the statistics, which all routes that take it share."""
    return Reference(f"#/components/parameters/{component_name(name, required=required)}")


def component_name(name: str, *, required: bool = False) -> str:
    """What a parameter is called among the components."""
    return name.removesuffix("*") + (".required" if required else "")


def schema_ref(name: str) -> dict[str, Any]:
    """A schema among the components."""
    return {"$ref": f"#/components/schemas/{name}"}


def query(name: str, about: str, schema: dict[str, Any] | None = None) -> Parameter:
    """A parameter of one route, not required."""
    return Parameter(
        name, "query", description=about, schema=cast("Schema", schema or {"type": "string"})
    )


def needed(name: str, about: str) -> Parameter:
    """A parameter of one route that must be set."""
    return Parameter(
        name,
        "query",
        description=about,
        schema=cast("Schema", {"type": "string"}),
        required=True,
    )


def described(
    *,
    answer: dict[str, Any] | None = None,
    body: dict[str, Any] | None = None,
    files: Sequence[str] = (),
    parameters: Sequence[Parameter | Reference] = (),
    refusals: Sequence[int] = MANAGED,
    media_type: str = JSON,
    body_required: bool = True,
    body_type: str = JSON,
    open_to_all: bool = False,
    by_login: bool = False,
) -> type[Operation]:
    """Litestar's `operation_class` of a route.

    `answer` and `body` are schemas; without an `answer` its body is empty. With `files` the body is
    a form of these and of the `body` as `data`, or the `body` alone, which is of a `body_type`.
    `refusals` are the statuses of its errors. `open_to_all`: there is an answer without a token;
    `by_login`: only for people who are logged in.
    """

    class Described(Operation):  # no dataclass of its own: making one takes milliseconds
        def __init__(self, **given: Any) -> None:
            super().__init__(**given)
            self.parameters = list(parameters) or None
            if body is not None or files:
                content = _sent(body, files, body_type)
                self.request_body = RequestBody(content, required=body_required)
            answered = None if answer is None else _content(media_type, answer)
            told: Responses = {"200": OpenAPIResponse("The answer.", content=answered)}
            if answered is None:
                told = {"200": OpenAPIResponse("Done; the body is empty.")}
            for status in refusals:
                told[str(status)] = Reference(f"#/components/responses/{REFUSALS[status]}")
            self.responses = told
            if open_to_all:
                self.security = [{"token": []}, {"login": []}, {}]
            elif by_login:
                self.security = [{"login": []}]

    return Described


def _sent(
    body: dict[str, Any] | None, files: Sequence[str], body_type: str
) -> dict[str, OpenAPIMediaType]:
    content = {} if body is None else _content(body_type, body)
    if files:
        parts: dict[str, Any] = {name: {"type": "string", "format": "binary"} for name in files}
        schema = {"type": "object", "properties": parts | ({"data": body} if body else {})}
        content |= _content(FORM, schema | ({} if body else {"required": list(files)}))
    return content


def _content(media_type: str, schema: dict[str, Any]) -> dict[str, OpenAPIMediaType]:
    return {media_type: OpenAPIMediaType(schema=cast("Schema", schema))}
