"""What the requests of the access matrix name: objects of a tenant, and whose roles count there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from hoofprint.management.scopes import POSSIBLE

from .teamwork import DOMAIN as DOMAIN_PATH
from .teamwork import ORGANIZATION as ORGANIZATION_PATH

EVERY = {scope: "w" if "w" in modes else "r" for scope, modes in POSSIBLE.items()}
"""All that a client can be given."""
ITSELF, SIBLING, STRANGE = "the domain itself", "the owner's other domain", "a strange domain"
STRANGER, CHIEF = "a stranger", "a stranger with an organization"
OPERATOR = "the operator"
"""Whom clients stand for, beside the people of a tenant."""
PASSWORD = "correct horse battery"
FACTOR = "JBSWY3DPEHPK3PXP" * 2
"""Of everybody: the password, and the secret of a second factor that waits to be confirmed."""
UNKNOWN_ID = "A" * 10
EMAIL = "successor@matrix.example"


class Place(StrEnum):
    """Where somebody may have a role."""

    DOMAIN = "the domain"
    ORGANIZATION = "its organization"
    ACCOUNT = "the owner's account"
    VIEW = "a view of the owner's"
    INVITED = "something that the owner is invited to"
    OFFER = "the domain as it is offered to somebody"
    OFFERED = "another domain that is offered to the owner"
    SITE = "a page that is measured"
    THEME = "a theme of the organization"
    NEW_THEME = "the organization as the owner of a new theme"
    DOMAIN_THEME = "a theme of the organization that was made for the domain"
    OWN_THEME = "a theme of the owner's"
    LOGIN = "a login of the owner's"
    FREE = "an account that has nothing that others use"
    PICTURE = "the picture of whoever asks"


@dataclass(frozen=True, eq=False)
class Thing:
    """One object of a tenant, or a text that leads to one.

    With a `path` it is made by a POST of `body` by the tenant's owner, else `matrix_tenants.py`
    knows how. `unknown` is what nobody has. `is_id`: ids of all other kinds may stand in its place.
    """

    name: str
    place: Place
    path: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    unknown: str = UNKNOWN_ID
    is_id: bool = True


Sent = Mapping[str, Any]
"""A JSON body or a query; a Thing in it stands for its id or text."""

DOMAIN = Thing("domain", Place.DOMAIN)
ORGANIZATION = Thing("organization", Place.ORGANIZATION)
SUBDOMAIN = Thing("subdomain", Place.DOMAIN, unknown="nowhere", is_id=False)
HOSTNAME = Thing("hostname", Place.DOMAIN, unknown="nowhere.example", is_id=False)
URL = Thing("url", Place.SITE, unknown="https://nowhere.example/", is_id=False)
CODE = Thing("identification code", Place.DOMAIN, is_id=False)
CLIENT_ID = Thing("client id", Place.DOMAIN, is_id=False)
SECRET = Thing("client secret", Place.DOMAIN, is_id=False)
MEMBER = Thing("member", Place.DOMAIN)
VIEWERS_PLACE = Thing("the viewer's membership", Place.DOMAIN)
ORGANIZATION_MEMBER = Thing("organization member", Place.ORGANIZATION)
ORGANIZATION_VIEWERS_PLACE = Thing("the organization's viewer's membership", Place.ORGANIZATION)
INVITATION = Thing("invitation", Place.DOMAIN)
ORGANIZATION_INVITATION = Thing("organization invitation", Place.ORGANIZATION)
INVITED = Thing("invitation of the owner", Place.INVITED)
OFFER = Thing("offer", Place.OFFER)
OFFERED = Thing("offered domain", Place.OFFERED)
CUSTOM = Thing("custom domain", Place.DOMAIN, unknown="stats.nowhere.example", is_id=False)
THEME = Thing("theme", Place.THEME)
LOGIN = Thing("login", Place.LOGIN)
IMAGE_OWNER = Thing("image's owner", Place.PICTURE, is_id=False)
IMAGE = Thing("image", Place.PICTURE, is_id=False)

STEPS = [{"name": name, "filter": {"path": [f"/{name}"]}} for name in "ab"]
GOAL = Thing(
    "goal", Place.DOMAIN, "/api/v1/goal", {"domain_id": DOMAIN, "name": "Goal", "path_pattern": "/"}
)
FUNNEL = Thing(
    "funnel", Place.DOMAIN, "/api/v1/funnel", {"domain_id": DOMAIN, "name": "F", "steps": STEPS}
)
LINK = Thing("link", Place.DOMAIN, f"{DOMAIN_PATH}/link", {"domain_id": DOMAIN})
ALTERNATIVE = Thing(
    "alternative domain",
    Place.DOMAIN,
    f"{DOMAIN_PATH}/alternative",
    {"domain_id": DOMAIN, "hostname": "further.example"},
)
WEBHOOK = Thing(
    "webhook",
    Place.DOMAIN,
    "/api/v1/webhook",
    {"domain_id": DOMAIN, "event": "Buy", "endpoint": "https://hook.example/"},
)
FILTER = Thing(
    "traffic filter",
    Place.DOMAIN,
    "/api/v1/filter",
    {"domain_id": DOMAIN, "type": "ip", "filter": "10.1.2.3"},
)
REPORT = Thing(
    "report", Place.DOMAIN, "/api/v1/report", {"domain_id": DOMAIN, "emails": ["a@matrix.example"]}
)
VIEW = Thing("view", Place.VIEW, "/api/v1/view", {"domain_id": DOMAIN, "name": "View"})
CLIENT = Thing("client", Place.DOMAIN, "/api/v1/client", {"domain_id": DOMAIN, "type": "oauth"})
OWN_CLIENT = Thing(
    "client of the account",
    Place.ACCOUNT,
    "/api/v1/client",
    {"type": "oauth", "scope_domains": "r"},
)
OWN_THEME = Thing("theme of the owner", Place.OWN_THEME, "/api/v1/theme", {"name": "Mine"})
DOMAIN_THEME = Thing(
    *("theme for the domain", Place.DOMAIN_THEME),
    *("/api/v1/theme", {"name": "Its own", "domain_id": DOMAIN}),
)
MADE = (
    *(GOAL, FUNNEL, LINK, ALTERNATIVE, WEBHOOK, FILTER, REPORT, VIEW, CLIENT, OWN_CLIENT),
    *(OWN_THEME, DOMAIN_THEME),
)
"""In this order; another kind of object is a line above and its name here."""

HOST = "joiners.example"
"""Waits in every tenant's organization to be joined."""
SAVED: tuple[tuple[str, str, Sent], ...] = (
    ("POST", f"{DOMAIN_PATH}/snippet", {"domain_id": DOMAIN, "type": "event", "dev": True}),
    ("POST", "/api/v1/traffic/spike", {"domain_id": DOMAIN, "threshold": 5}),
    ("POST", "/api/v1/user/pin", {"id": DOMAIN}),
    ("POST", "/api/v1/user/favorite", {"id": DOMAIN}),
    ("POST", f"{ORGANIZATION_PATH}/autojoin", {"id": ORGANIZATION, "auto_join": [HOST]}),
    ("DELETE", "/api/v1/statistics", {"id": DOMAIN, "from": "2020-01-01", "to": "2020-01-02"}),
)
"""What else a tenant's owner does, so that every table has rows of it."""


def filled(sent: Sent, texts: Mapping[str, str]) -> dict[str, Any]:
    """What is sent really; `texts` has the ids and texts of things by their names."""
    return {
        name: texts[value.name] if isinstance(value, Thing) else value
        for name, value in sent.items()
    }
