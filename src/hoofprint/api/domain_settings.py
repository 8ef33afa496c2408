"""The endpoints that change one thing about a domain (`management/domain_settings.py`)."""

from __future__ import annotations

from typing import Any

from litestar import post, put
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler

from hoofprint.api.callers import Asked, sent
from hoofprint.api.fields import record, text
from hoofprint.api.operation import described
from hoofprint.api.resources import field_schema, read_fields
from hoofprint.management.domain_settings import SETTINGS, Setting

_VERBS = {"POST": post, "PUT": put}


def setting_routes() -> list[HTTPRouteHandler]:
    """A route for each setting."""
    return [_route(setting) for setting in SETTINGS]


def _route(setting: Setting) -> HTTPRouteHandler:
    named = {setting.named_by: text("The id of the domain.")}
    body_schema = record(
        named | {field.name: field_schema(field) for field in setting.fields},
        required=(setting.named_by, *(field.name for field in setting.fields if field.required)),
    )
    answer = record({name: text() for name in setting.answer}) if setting.answer else None

    @_VERBS[setting.method](
        setting.path,
        status_code=200,
        summary=setting.summary,
        operation_id=f"domains_{setting.name}",
        tags=[setting.tag],
        operation_class=described(answer=answer, body=body_schema),
    )
    async def change_setting(request: Asked, state: State) -> Any:
        services, caller, body = await sent(request, state)
        domain_id = body.name(setting.named_by)
        values = read_fields(body, setting.fields)
        return await services.settings_of_domains.change(setting, caller, domain_id, values)

    return change_setting
