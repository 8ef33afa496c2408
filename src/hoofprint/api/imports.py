"""`/api/v1/import`, `/api/v1/google/import`: statistics of other products (`api.md`, Importing)."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import delete, get, post
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler

from hoofprint.api.body import required
from hoofprint.api.callers import Asked, known, sent
from hoofprint.api.fields import OWNED, listed, moment, nullable, number, record, text, whole
from hoofprint.api.operation import described, needed
from hoofprint.api.params import read_days
from hoofprint.api.sent_archive import FORM, MARGIN, received
from hoofprint.errors import Invalid
from hoofprint.management.imports import GOOGLE, WantedImport

PATH, GOOGLE_PATH = "/api/v1/import", "/api/v1/google/import"
MOST_BYTES = 100 * 1024 * 1024
"""So large an archive may be, as it is sent."""
ARCHIVES = {"plausible": "Plausible", "fathom": "Fathom"}
LONGEST_PROPERTY = 20
TAGS = ["Imports"]
OF_DOMAIN = [needed("domain_id", "The id of the domain.")]
_DAY = {"type": "string", "description": "A day, or empty."}
_IMPORT = record(
    {
        **OWNED,
        "domain_id": text(),
        "type": text("`ga`, `plausible` or `fathom`."),
        "google_user_id": text(),
        "google_user_email": text(),
        "domain": nullable(text("The Google property.")),
        "from": nullable(_DAY),
        "to": nullable(_DAY),
        "state": text("`waiting`, `running`, `done` or `failed`."),
        "progress": number("From 0 to 1."),
        "rows_done": whole("Rows that were read."),
        "rows_all": whole("Rows there are."),
        "rows_skipped": whole("Rows of days that were counted here."),
        "rows_broken": whole("Rows that could not be read."),
        "problems": listed(text(), "The first of these: the file, the line, and why."),
        "error": text("Why it failed; nothing of it counts then."),
        "finished": nullable(moment()),
    }
)


def _reading(path: str, operation: str, summary: str) -> HTTPRouteHandler:
    @get(
        path,
        summary=summary,
        operation_id=operation,
        tags=TAGS,
        operation_class=described(answer=_IMPORT, parameters=OF_DOMAIN),
    )
    async def read_import(request: Asked, state: State) -> dict[str, Any]:
        services, caller = await known(request, state)
        return await services.imports.get(caller, required(request, "domain_id"))

    return read_import


def _cancelling(path: str, operation: str, summary: str) -> HTTPRouteHandler:
    @delete(
        path,
        status_code=200,
        summary=summary,
        description="One that has ended is forgotten, and what was imported stays: it goes with "
        "`DELETE /api/v1/statistics`.",
        operation_id=operation,
        tags=TAGS,
        operation_class=described(parameters=OF_DOMAIN),
    )
    async def cancel_import(request: Asked, state: State) -> None:
        services, caller = await known(request, state)
        await services.imports.cancel(caller, required(request, "domain_id"))

    return cancel_import


def _receiving(kind: str, product: str) -> HTTPRouteHandler:
    @post(
        f"{PATH}/{kind}",
        status_code=200,
        summary=f"Import statistics from {product}",
        description="It is carried out in the background; a mail tells the result.",
        operation_id=f"imports_{kind}",
        tags=TAGS,
        request_max_body_size=MOST_BYTES + MARGIN,
        operation_class=described(
            answer=_IMPORT,
            body=record(
                {
                    "domain": text("The id of the domain."),
                    "file": {"type": "string", "format": "binary", "description": "The zip."},
                }
            ),
            body_type=FORM,
            refusals=(400, 401, 403, 404, 413, 429),
        ),
    )
    async def import_archive(request: Asked, state: State) -> dict[str, Any]:
        services, caller = await known(request, state)
        services.imports.check(caller)
        form = received(
            request.headers.get("content-type", ""),
            request.stream(),
            services.uploads.directory,
            MOST_BYTES,
        )
        async with form as upload:
            domain_id = upload.fields.get("domain") or upload.fields.get("domain_id", "")
            wrong = {} if domain_id else {"domain": "is required"}
            if not upload.file:
                wrong["file"] = "is required"
            if wrong:
                raise Invalid(wrong)
            await services.imports.check_domain(caller, domain_id)
            try:
                await asyncio.to_thread(services.uploads.check, upload.file, kind)
            except Invalid as error:
                raise Invalid({"file": "; ".join(error.messages)}) from None
            wanted = WantedImport(kind, upload.file)
            return await services.imports.begin(caller, domain_id, wanted)

    return import_archive


@get(
    f"{GOOGLE_PATH}/profile",
    summary="List the properties of the connected Google account",
    operation_id="imports_google_properties",
    tags=TAGS,
    operation_class=described(
        answer=listed(record({"name": text(), "id": text()})),
        parameters=OF_DOMAIN,
        refusals=(400, 401, 403, 404, 429, 503),
    ),
)
async def list_properties(request: Asked, state: State) -> list[dict[str, Any]]:
    """What can be imported from Google."""
    services, caller = await known(request, state)
    return await services.google.properties(caller, required(request, "domain_id"))


@post(
    GOOGLE_PATH,
    status_code=200,
    summary="Import statistics from Google Analytics",
    operation_id="imports_google",
    tags=TAGS,
    operation_class=described(
        answer=_IMPORT,
        body=record(
            {
                "domain_id": text("The id of the domain."),
                "property": text("The id of a Google Analytics 4 property."),
                "from": text("The first day."),
                "to": text("The last day."),
            }
        ),
    ),
)
async def import_google(request: Asked, state: State) -> dict[str, Any]:
    """Begin to import days of a property of the connected account."""
    services, caller, body = await sent(request, state)
    domain_id = body.name("domain_id")
    property_id = body.name("property").removeprefix("properties/")
    wrong: dict[str, str] = {}
    if property_id and not (property_id.isdecimal() and len(property_id) <= LONGEST_PROPERTY):
        wrong["property"] = "must be the number of a Google Analytics 4 property"
    days = [(name, body.text(name)) for name in ("from", "to")]
    period, wrong_days = read_days(days, "UTC")
    body.check(wrong_days | wrong)
    wanted = WantedImport(GOOGLE, "", property_id, period.first_day, period.last_day)
    return await services.imports.begin(caller, domain_id, wanted, "domain_id")


IMPORT_ROUTES = (
    _reading(PATH, "imports_read", "Get the import of a domain"),
    _reading(f"{GOOGLE_PATH}/job", "imports_google_read", "Get the import of a domain"),
    _cancelling(PATH, "imports_cancel", "Cancel the import of a domain"),
    _cancelling(f"{GOOGLE_PATH}/job", "imports_google_cancel", "Cancel the import of a domain"),
    *(_receiving(kind, product) for kind, product in ARCHIVES.items()),
    list_properties,
    import_google,
)
