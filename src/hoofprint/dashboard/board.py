"""The pages of a dashboard as HTML; they hold no number, a script asks the public API for them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from html import escape
from importlib.resources import files
from string import Template

from hoofprint.dashboard.colours import style_of
from hoofprint.model.dashboard import Dashboard
from hoofprint.model.looks import fits

PATH = "/dashboard"
STYLE = files("hoofprint.dashboard").joinpath("dashboard.css").read_text("utf-8")
SCRIPT = files("hoofprint.dashboard").joinpath("dashboard.js").read_text("utf-8")
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""What the pages may load: the files and the API of their own host, nothing that is inline.

`data:` is the empty icon of a dashboard that has none.
"""
NOT_FOUND = "There is no dashboard here."
PRIVATE = "This dashboard is private."
ENDED = "The link that you followed is not valid, or no longer."

_PAGE = Template(files("hoofprint.dashboard").joinpath("board.html").read_text("utf-8"))
_NUMBERS = files("hoofprint.dashboard").joinpath("numbers.html").read_text("utf-8")
_SCRIPT_TAG = '<script src="{path}/dashboard.js?v={tag}" defer></script>'


def tag_of(text: str) -> str:
    """What changes with a text: an address with it may be kept for long."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def open_page(dashboard: Dashboard) -> str:
    """The page of a dashboard that the one who asks may see."""
    script = _SCRIPT_TAG.format(path=PATH, tag=tag_of(SCRIPT))
    return _page(dashboard, _NUMBERS, script)


def private_page(dashboard: Dashboard, login: str, *, followed: bool) -> str:
    """The page of a dashboard that the one who asks may not see, with where to sign in.

    `followed`: a link was followed that does not open it.
    """
    told = f"<p>{ENDED}</p>" if followed else ""
    return _page(dashboard, _message(f"{told}<p>{PRIVATE}</p>{_link(login, 'Sign in')}"))


def unknown_page() -> str:
    """The page of a host that no dashboard has."""
    content = _message(f"<p>{NOT_FOUND}</p>")
    return _filled({"name": "Not found", "content": content})


def _page(dashboard: Dashboard, content: str, script: str = "") -> str:
    name, settings = escape(dashboard.name), dashboard.settings
    theme = style_of(settings)
    return _filled(
        {
            "name": name,
            "content": content,
            "script": script,
            "theme": f'<link rel="stylesheet" href="{PATH}/theme.css?v={tag_of(theme)}">',
            "icon": _icon(settings),
            "logo": _logo(settings, name),
            "domain_id": escape(dashboard.domain_id),
            "timezone": escape(dashboard.timezone),
        }
    )


def _filled(parts: dict[str, str]) -> str:
    empty = dict.fromkeys(("script", "theme", "icon", "logo", "domain_id", "timezone"), "")
    style = f"{PATH}/dashboard.css?v={tag_of(STYLE)}"
    return _PAGE.substitute(empty | {"style": style} | parts)


def _icon(settings: Mapping[str, str]) -> str:
    if not fits("favicon", settings.get("favicon")):
        return '<link rel="icon" href="data:,">'
    return f'<link rel="icon" type="image/png" href="{escape(settings["favicon"])}">'


def _logo(settings: Mapping[str, str], name: str) -> str:
    """A logo for light and one for dark surroundings; one of them is enough for both."""
    light, dark = (
        settings[key] if fits(key, settings.get(key)) else "" for key in ("logo_light", "logo_dark")
    )
    if not light and not dark:
        return ""
    source = (
        f'<source srcset="{escape(dark)}" media="(prefers-color-scheme: dark)">'
        if light and dark
        else ""
    )
    return (
        f'<picture class="logo">{source}<img src="{escape(light or dark)}" alt="{name}"></picture>'
    )


def _message(content: str) -> str:
    return f'<section class="message">{content}</section>'


def _link(address: str, text: str) -> str:
    return f'<p><a class="button" href="{escape(address)}">{text}</a></p>'
