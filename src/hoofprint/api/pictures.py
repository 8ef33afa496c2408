"""Serves pictures at `/image`, and `/api/v1/user/picture`, which changes one's own; both ours."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, delete, get, post
from litestar.datastructures import State

from hoofprint.api.callers import Asked, known
from hoofprint.api.fields import record, text
from hoofprint.api.operation import described
from hoofprint.api.services import Services
from hoofprint.api.uploads import read_upload
from hoofprint.management.images import PATH
from hoofprint.management.pictures import PORTRAIT

FILE = "file"
FOR_EVER = "public, max-age=31536000, immutable"
NOTHING_ELSE = "default-src 'none'; sandbox"


@get(f"{PATH}/{{owner_id:str}}/{{file:str}}", include_in_schema=False)
async def read_image(request: Request[Any, Any, State], state: State) -> Response[bytes]:
    """A picture that never changes under its address, as nothing but a picture."""
    services: Services = state["services"]
    image = await services.images.read(**request.path_params)
    etag = f'"{image.tag}"'
    headers = {
        "cache-control": FOR_EVER,
        "etag": etag,
        "x-content-type-options": "nosniff",
        "content-security-policy": NOTHING_ELSE,
        "cross-origin-resource-policy": "cross-origin",
    }
    known_as = request.headers.get("if-none-match", "")
    if etag in known_as or known_as.strip() == "*":
        return Response(b"", status_code=304, headers=headers, media_type=image.media_type)
    return Response(image.content, headers=headers, media_type=image.media_type)


@post(
    "/api/v1/user/picture",
    status_code=200,
    summary="Change one's own picture",
    operation_id="user_set_picture",
    tags=["User"],
    operation_class=described(
        answer=record({"picture": text("Its path.")}),
        files=(FILE,),
        refusals=(400, 401, 403, 413, 429),
    ),
)
async def set_picture(request: Asked, state: State) -> dict[str, str]:
    """A picture of 256 pixels each way, which is shown with the caller's memberships."""
    services, caller = await known(request, state)
    body, pictures = await read_upload(request, state, {FILE: PORTRAIT})
    if FILE not in pictures:
        body.wrong.setdefault(FILE, "is required")
    body.check()
    return {"picture": await services.portraits.set(caller, pictures[FILE])}


@delete(
    "/api/v1/user/picture",
    status_code=200,
    summary="Remove one's own picture",
    operation_id="user_delete_picture",
    tags=["User"],
    operation_class=described(refusals=(401, 403, 404, 429)),
)
async def delete_picture(request: Asked, state: State) -> None:
    """Have no picture any more."""
    services, caller = await known(request, state)
    await services.portraits.remove(caller)


PICTURE_ROUTES = (set_picture, delete_picture)
