"""`/api/v1/theme` and the themes of domains and organizations (`api.md`, Managing Themes)."""

from __future__ import annotations

from typing import Any

from litestar import delete, get, post, put
from litestar.datastructures import State

from hoofprint.api.body import Body
from hoofprint.api.callers import Asked, known, sent
from hoofprint.api.domain import DOMAIN
from hoofprint.api.fields import OWNED, by_name, flag, listed, nullable, record, text
from hoofprint.api.operation import MANAGED, described, needed, query
from hoofprint.api.resources import field_schema, read_fields
from hoofprint.api.uploads import read_upload
from hoofprint.management.images import FILES, Owner
from hoofprint.management.theme_settings import read_settings_of
from hoofprint.management.themes import CUSTOM, FIELDS, SUBDOMAIN, Listing, Look, SentTheme
from hoofprint.model.looks import KNOWN

PATH = "/api/v1/theme"
TAGS = ["Themes"]
UPLOADING = (*MANAGED, 413)
ABOUT = (
    "Texts under names; any names may be used. The dashboard knows "
    f"{', '.join(f'`{name}`' for name in KNOWN)}. "
    f"{', '.join(f'`{name}`' for name in FILES)} are paths of files and not changed here."
)
_SETTINGS = by_name(text(), ABOUT)
_DOMAIN_ID = text("The id of the domain.")
_THEME_ID = text("The id of the theme; without it there is none from now on.")
THEME = record(
    {
        **OWNED,
        "user_id": nullable(text("Null for an organization's theme.")),
        "organization_id": nullable(text("Null for a person's theme.")),
        "name": text(),
        "settings": _SETTINGS,
        "is_default": flag("Whether new domains of its organization have it."),
    }
)


@post(
    PATH,
    status_code=200,
    summary="Create, change or copy a theme",
    operation_id="themes_save",
    tags=TAGS,
    operation_class=described(
        answer=THEME,
        body=record(
            {**{field.name: field_schema(field) for field in FIELDS}, "settings": _SETTINGS},
            required=(),
        ),
        files=tuple(FILES),
        refusals=UPLOADING,
    ),
)
async def save_theme(request: Asked, state: State) -> dict[str, Any]:
    """Settings that are sent replace all others; files stay until others are sent."""
    services, caller = await known(request, state)
    body, pictures = await read_upload(request, state, FILES)
    settings = _settings(body)
    values = read_fields(body, FIELDS)
    return await services.themes.save(caller, SentTheme(**values, look=Look(settings, pictures)))


@get(
    PATH,
    summary="List themes",
    operation_id="themes_list",
    tags=TAGS,
    operation_class=described(
        answer=listed(THEME),
        parameters=[
            query(
                "include_organizations",
                "Those of the caller's organizations, too.",
                {"type": "boolean", "default": False},
            ),
            query("organization_id", "Those of this organization."),
            query(SUBDOMAIN.name, SUBDOMAIN.about),
            query(CUSTOM.name, CUSTOM.about),
        ],
    ),
)
async def list_themes(request: Asked, state: State) -> list[dict[str, Any]]:
    """The caller's own; for a domain's client those that the domain may have."""
    services, caller = await known(request, state)
    body = Body(request.query_params)
    names = (body.text("organization_id"), body.text(SUBDOMAIN.name), body.text(CUSTOM.name))
    wanted = Listing(*names, include_organizations=body.choice("include_organizations"))
    body.check()
    return await services.themes.list(caller, wanted)


@delete(
    PATH,
    status_code=200,
    summary="Delete a theme",
    operation_id="themes_delete",
    tags=TAGS,
    operation_class=described(
        parameters=[
            needed("id", "The id of the theme."),
            query(
                "keep_settings",
                "The domains that have it keep looking as they do.",
                {"type": "boolean", "default": False},
            ),
        ]
    ),
)
async def delete_theme(request: Asked, state: State) -> None:
    """End a theme for good."""
    services, caller = await known(request, state)
    body = Body(request.query_params)
    theme_id, keep_settings = body.name("id"), body.choice("keep_settings")
    body.check()
    await services.themes.delete(caller, theme_id, keep_settings)


@delete(
    f"{PATH}/file",
    status_code=200,
    summary="Delete a file of a theme or of a domain",
    operation_id="themes_delete_file",
    tags=TAGS,
    operation_class=described(
        parameters=[
            query("theme_id", "The id of the theme."),
            query("domain_id", "The id of the domain, if it is a file of its own."),
            needed("file", f"{', '.join(FILES)}."),
        ]
    ),
)
async def delete_theme_file(request: Asked, state: State) -> None:
    """Remove a logo or the favicon."""
    services, caller = await known(request, state)
    body = Body(request.query_params)
    theme_id, domain_id, file = body.text("theme_id"), body.text("domain_id"), body.name("file")
    if file and file not in FILES:
        body.wrong["file"] = f"must be one of {', '.join(FILES)}"
    if not theme_id and not domain_id:
        body.wrong["theme_id"] = "is required, or domain_id"
    if theme_id and domain_id:
        body.wrong["domain_id"] = "can't be together with theme_id"
    body.check()
    owner = Owner(theme_id=theme_id) if theme_id else Owner(domain_id=domain_id)
    await services.themes.delete_file(caller, owner, file)


@put(
    "/api/v1/domain/theme",
    status_code=200,
    summary="Choose the base theme of a domain",
    operation_id="domains_set_theme",
    tags=TAGS,
    operation_class=described(
        answer=_SETTINGS,
        body=record({"domain_id": _DOMAIN_ID, "theme_id": _THEME_ID}, required=("domain_id",)),
    ),
)
async def set_domain_theme(request: Asked, state: State) -> dict[str, str]:
    """One of the themes of its owner or of its organization."""
    services, caller, body = await sent(request, state)
    domain_id, theme_id = body.name("domain_id"), body.text("theme_id")
    body.check()
    return await services.domain_themes.set_base(caller, domain_id, theme_id)


@post(
    "/api/v1/domain/theme",
    status_code=200,
    summary="Change how a domain looks beside its base theme",
    operation_id="domains_change_theme",
    tags=TAGS,
    operation_class=described(
        answer=DOMAIN,
        body=record({"domain_id": _DOMAIN_ID, "settings": _SETTINGS}, required=("domain_id",)),
        files=tuple(FILES),
        refusals=UPLOADING,
    ),
)
async def change_domain_theme(request: Asked, state: State) -> dict[str, Any]:
    """Settings that are sent replace all of the domain's own; files stay until others are sent."""
    services, caller = await known(request, state)
    body, pictures = await read_upload(request, state, FILES)
    domain_id, settings = body.name("domain_id"), _settings(body)
    body.check()
    return await services.domain_themes.change(caller, domain_id, Look(settings, pictures))


@put(
    "/api/v1/organization/theme",
    status_code=200,
    summary="Choose the theme of an organization's new domains",
    operation_id="organizations_set_theme",
    tags=TAGS,
    operation_class=described(
        body=record(
            {"organization_id": text("The id of the organization."), "theme_id": _THEME_ID},
            required=("organization_id",),
        ),
    ),
)
async def set_organization_theme(request: Asked, state: State) -> None:
    """One of the organization's own."""
    services, caller, body = await sent(request, state)
    organization_id, theme_id = body.name("organization_id"), body.text("theme_id")
    body.check()
    await services.domain_themes.set_default(caller, organization_id, theme_id)


def _settings(body: Body) -> dict[str, str] | None:
    """The settings of a body, None if it has none; what is wrong with them is noted there."""
    if not body.has("settings"):
        return None
    settings, wrong = read_settings_of(body.json_object("settings"))
    body.wrong.update(wrong)
    return settings


THEME_ROUTES = (
    save_theme,
    list_themes,
    delete_theme,
    delete_theme_file,
    set_domain_theme,
    change_domain_theme,
    set_organization_theme,
)
