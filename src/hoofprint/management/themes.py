"""Themes: how dashboards look, for one or many (`api.md`, Managing Themes)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct
from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from hoofprint.errors import Invalid
from hoofprint.management.access import (
    Action,
    permitted,
    permitted_organization,
    permitted_user,
)
from hoofprint.management.images import FILES, Owner, copy_images, forget_image, keep_image
from hoofprint.management.pictures import Picture
from hoofprint.management.reach import organizations_of
from hoofprint.management.resource import MOST_OBJECTS, Field
from hoofprint.management.theme_reach import belonging_to, permitted_theme
from hoofprint.management.theme_settings import files_of
from hoofprint.management.transactions import Transactions
from hoofprint.model.principal import Principal
from hoofprint.records.ids import ID_LENGTH
from hoofprint.records.moments import moment, wire_time
from hoofprint.records.tables import DomainRecord, OrganizationRecord, ThemeRecord
from hoofprint.records.tables.domains import SUBDOMAIN_LENGTH
from hoofprint.records.tables.record import HOSTNAME_LENGTH
from hoofprint.records.tables.themes import THEME_NAME_LENGTH
from hoofprint.records.texts import NUL

FIELDS = (
    Field("id", about="Changes this one.", longest=ID_LENGTH),
    Field("copy_id", about="A new one begins as a copy of this one.", longest=ID_LENGTH),
    Field("domain_id", about="Made for this domain, for its organization or else its owner."),
    Field("organization_id", about="The organization that it belongs to."),
    Field("name", about="Needed for a new one that is no copy.", longest=THEME_NAME_LENGTH),
)
SUBDOMAIN = Field("subdomain", about="Those that this domain may have.", longest=SUBDOMAIN_LENGTH)
CUSTOM = Field("domain", about="Those of this custom domain.", longest=HOSTNAME_LENGTH)
OTHER_ORGANIZATION = "is not the domain's"
Settings = dict[str, str]


class Look(Struct, frozen=True):
    """What was sent of how something shall look; `settings` is None where none were."""

    settings: Settings | None = None
    pictures: Mapping[str, Picture] = {}


class SentTheme(Struct, frozen=True):
    """What was sent of a theme."""

    id: str = ""
    copy_id: str = ""
    domain_id: str = ""
    organization_id: str = ""
    name: str = ""
    look: Look = Look()


class Listing(Struct, frozen=True):
    """Which themes are asked for: without any of it the caller's own."""

    organization_id: str = ""
    subdomain: str = ""
    domain: str = ""
    include_organizations: bool = False


class Themes:
    """Manages themes for clients; what is changed counts at once.

    Every method raises Forbidden or NotFound as `management/access.py` has it.
    """

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions

    async def save(self, caller: Principal, sent: SentTheme) -> dict[str, Any]:
        """The fields of a new theme, or of one that was changed. Raises Invalid."""

        def work(session: Session) -> dict[str, Any]:
            now = self._transactions.clock()
            if sent.id:
                theme = permitted_theme(session, Action.CHANGE_THEMES, caller, sent.id)
                settings = theme.settings
            else:
                theme, settings = _begin(session, caller, sent, now)
            owner = Owner(theme_id=theme.id)
            theme.name = sent.name or theme.name
            theme.settings = dressed(session, owner, settings, sent.look, now)
            theme.mod_time = moment(now)
            session.flush()
            return _wired(session, [theme])[0]

        return await self._transactions.write(work)

    async def list(self, caller: Principal, wanted: Listing) -> list[dict[str, Any]]:
        """The fields of themes, the oldest first."""

        def work(session: Session) -> list[dict[str, Any]]:
            condition = _listed(session, caller, wanted)
            oldest = select(ThemeRecord).where(condition)
            oldest = oldest.order_by(ThemeRecord.def_time, ThemeRecord.id)
            return _wired(session, session.scalars(oldest).all())

        return await self._transactions.read(work)

    async def delete(self, caller: Principal, theme_id: str, keep_settings: bool = False) -> None:
        """End a theme; the domains that have it look as without one, or keep its settings."""

        def work(session: Session) -> None:
            theme = permitted_theme(session, Action.CHANGE_THEMES, caller, theme_id)
            now = self._transactions.clock()
            having = select(DomainRecord).where(DomainRecord.theme_id == theme.id)
            for domain in session.scalars(having).all() if keep_settings else ():
                if domain.base_theme is theme:
                    _keep_settings(session, theme, domain, now)
            for record in (DomainRecord, OrganizationRecord):
                session.execute(
                    update(record).where(record.theme_id == theme.id).values(theme_id=None)
                )
            session.delete(theme)

        await self._transactions.write(work)

    async def delete_file(self, caller: Principal, owner: Owner, name: str) -> None:
        """Remove a file of a theme, or one that a domain has for itself."""

        def work(session: Session) -> None:
            record: ThemeRecord | DomainRecord
            now = moment(self._transactions.clock())
            if owner.theme_id is not None:
                record = permitted_theme(session, Action.CHANGE_THEMES, caller, owner.theme_id)
                record.settings = _without(record.settings, name)
            else:
                domain_id = owner.domain_id or ""
                record = permitted(session, Action.DELETE_THEME_FILES, caller, domain_id)
                record.theme_settings = _without(record.theme_settings, name)
            forget_image(session, owner, name)
            record.mod_time = now

        await self._transactions.write(work)


def dressed(session: Session, owner: Owner, before: Settings, look: Look, now: float) -> Settings:
    """The settings of a theme or domain after some were sent, which replace what was there.

    Its files stay until others are sent in their place.
    """
    files = files_of(before) | {
        name: keep_image(session, owner, name, picture, now)
        for name, picture in look.pictures.items()
    }
    settings = before if look.settings is None else look.settings
    return _without(settings, *FILES) | files


def _begin(
    session: Session, caller: Principal, sent: SentTheme, now: float
) -> tuple[ThemeRecord, Settings]:
    """A new theme, and the settings that it has from the one that it copies."""
    owned = _owned_by(session, caller, sent)
    owners = {name: owned[name] for name in ("user_id", "organization_id")}
    many = select(func.count(ThemeRecord.id)).filter_by(**owners)
    if session.scalars(many).one() >= MOST_OBJECTS:
        raise Invalid({}, f"an account or organization may have at most {MOST_OBJECTS} themes")
    source = None
    if sent.copy_id:
        source = permitted_theme(session, Action.READ_THEMES, caller, sent.copy_id)
    elif not sent.name:
        raise Invalid({"name": "is required"})
    at = moment(now)
    theme = ThemeRecord(name="", settings={}, def_time=at, mod_time=at, **owned)
    session.add(theme)
    session.flush()
    if source is None:
        return theme, {}
    theme.name = source.name
    copies = copy_images(session, Owner(theme_id=source.id), Owner(theme_id=theme.id), FILES, now)
    return theme, _without(source.settings, *FILES) | copies


def _owned_by(session: Session, caller: Principal, sent: SentTheme) -> dict[str, str | None]:
    """Whose a new theme is; a domain's client stands for its domain."""
    none = {"user_id": None, "organization_id": None, "domain_id": None}
    domain_id = sent.domain_id or caller.domain_id
    if domain_id:
        domain = permitted(session, Action.CHANGE_THEMES, caller, domain_id)
        if sent.organization_id and sent.organization_id != domain.organization_id:
            raise Invalid({"organization_id": OTHER_ORGANIZATION})
        if domain.organization_id:
            return none | {"organization_id": domain.organization_id, "domain_id": domain.id}
        return none | {"user_id": domain.user_id, "domain_id": domain.id}
    if sent.organization_id:
        action = Action.CHANGE_THEMES
        organization = permitted_organization(session, action, caller, sent.organization_id)
        return none | {"organization_id": organization.id}
    return none | {"user_id": permitted_user(session, Action.CHANGE_THEMES, caller).id}


def _listed(session: Session, caller: Principal, wanted: Listing) -> Any:
    """Which themes are listed, as a condition."""
    if wanted.organization_id:
        action = Action.READ_THEMES
        organization = permitted_organization(session, action, caller, wanted.organization_id)
        return belonging_to(None, organization.id)
    domain_id = caller.domain_id
    if wanted.subdomain or wanted.domain:
        named = (
            DomainRecord.subdomain == wanted.subdomain.lower()
            if wanted.subdomain
            else DomainRecord.custom_domain == wanted.domain.lower()
        )
        domain_id = ""
        if NUL not in wanted.subdomain + wanted.domain:
            domain_id = session.scalar(select(DomainRecord.id).where(named)) or ""
    if domain_id is not None:
        domain = permitted(session, Action.READ_DOMAIN_THEMES, caller, domain_id)
        return belonging_to(domain.user_id, domain.organization_id)
    user = permitted_user(session, Action.READ_THEMES, caller)
    own = belonging_to(user.id, None)
    if not wanted.include_organizations:
        return own
    ids = [organization.id for organization, _ in organizations_of(session, user.id)]
    return or_(own, ThemeRecord.organization_id.in_(ids))


def _keep_settings(session: Session, theme: ThemeRecord, domain: DomainRecord, now: float) -> None:
    """Let a domain look as it does with a theme, without it."""
    source, target = Owner(theme_id=theme.id), Owner(domain_id=domain.id)
    missing = [name for name in FILES if name not in domain.theme_settings]
    copies = copy_images(session, source, target, missing, now)
    domain.theme_settings = _without(theme.settings, *FILES) | copies | domain.theme_settings
    domain.mod_time = moment(now)


def _without(settings: Mapping[str, str], *names: str) -> Settings:
    return {name: value for name, value in settings.items() if name not in names}


def _wired(session: Session, themes: Sequence[ThemeRecord]) -> list[dict[str, Any]]:
    """Themes as they are answered."""
    ids = [theme.id for theme in themes]
    chosen = select(OrganizationRecord.id, OrganizationRecord.theme_id)
    chosen = chosen.where(OrganizationRecord.theme_id.in_(ids))
    defaults = {(of, theme_id) for of, theme_id in session.execute(chosen)}
    return [
        {
            "id": theme.id,
            "def_time": wire_time(theme.def_time),
            "mod_time": wire_time(theme.mod_time),
            "user_id": theme.user_id,
            "organization_id": theme.organization_id,
            "name": theme.name,
            "settings": theme.settings,
            "is_default": (theme.organization_id, theme.id) in defaults,
        }
        for theme in themes
    ]
