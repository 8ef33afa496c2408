"""A small made-up shop at `/demo` that carries the snippet, to see one's own clicks arrive.

Served only while `demo.json` in the data directory names a domain for it; `make run` writes it.
"""

from __future__ import annotations

from html import escape
from importlib.resources import files
from string import Template

import msgspec
from litestar import MediaType, Response, get
from litestar.datastructures import State
from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from hoofprint.api.services import Services
from hoofprint.errors import NotFound
from hoofprint.management.demo import FILE


class DemoDomain(Struct, frozen=True):
    """The content of `demo.json`: what the demo's page views are counted for."""

    identification_code: str
    hostname: str


class Page(Struct, frozen=True):
    """One page of the shop; `content` is HTML, the rest text."""

    path: str
    title: str
    lead: str
    content: str
    label: str = ""
    """Its name in the menu; pages without one are reached from other pages."""


def _card(title: str, text: str, action: str) -> str:
    return f'<section class="card"><h2>{title}</h2><p>{text}</p>{action}</section>'


def _button(event: str, label: str, item: str = "") -> str:
    return f'<button type="button" data-event="{event}" data-item="{item}">{label}</button>'


def _cards(*cards: str) -> str:
    return f'<div class="cards">{"".join(cards)}</div>'


def _post(*paragraphs: str) -> str:
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return f'<article class="post">{text}{_button("Newsletter", "Subscribe")}</article>'


PAGES: tuple[Page, ...] = (
    Page(
        "/demo",
        "Gear for slow, long rides",
        "Saddles, bags and maps made in small numbers, mended for as long as you ride.",
        _cards(
            _card(
                "Moor saddle bag",
                'Waxed canvas, 14 litres. <span class="price">89 €</span>',
                _button("Add to cart", "Add to cart", "Moor saddle bag"),
            ),
            _card(
                "Trail map, north",
                'Paper that takes rain, 1:50&nbsp;000. <span class="price">19 €</span>',
                _button("Add to cart", "Add to cart", "Trail map, north"),
            ),
            _card(
                "Felt girth",
                'Wool felt, three lengths. <span class="price">54 €</span>',
                _button("Add to cart", "Add to cart", "Felt girth"),
            ),
        )
        + '<p>New here? <a href="/demo/blog/first-long-ride">Plan a first long ride</a>.</p>',
        "Shop",
    ),
    Page(
        "/demo/pricing",
        "Membership",
        "Repairs and maps for everybody; a little more for those who ride a lot.",
        _cards(
            _card("Walk", "One map a year and our letter. 0 €", _button("Sign up", "Join", "Walk")),
            _card(
                "Trot", "Every map and one repair. 4 € a month", _button("Sign up", "Join", "Trot")
            ),
            _card(
                "Canter",
                "All repairs, and a seat on two rides. 11 € a month",
                _button("Sign up", "Join", "Canter"),
            ),
        ),
        "Membership",
    ),
    Page(
        "/demo/blog",
        "Notes from the trail",
        "What we learned the slow way.",
        _cards(
            _card(
                "Planning a first long ride",
                "Distance is the last thing to decide.",
                '<a href="/demo/blog/first-long-ride">Read on</a>',
            ),
            _card(
                "Mending waxed canvas",
                "An evening, a needle, and some patience.",
                '<a href="/demo/blog/mending-canvas">Read on</a>',
            ),
        ),
        "Blog",
    ),
    Page(
        "/demo/blog/first-long-ride",
        "Planning a first long ride",
        "Distance is the last thing to decide.",
        _post(
            "Begin with water: mark where your horse can drink, and let the route follow.",
            "Then look for shade at noon and for a field whose owner answers the telephone.",
            "What remains on the map is your distance: shorter than you hoped, and right.",
        ),
    ),
    Page(
        "/demo/blog/mending-canvas",
        "Mending waxed canvas",
        "An evening, a needle, and some patience.",
        _post(
            "Brush the cloth clean and let it dry for a day before you look for holes.",
            "Sew the patch from the inside with long stitches, and wax both sides of the seam.",
            "Hang it in the sun. By the next evening it will have forgotten the hole.",
        ),
    ),
    Page(
        "/demo/about",
        "About us",
        "Three saddlers, one workshop, no shop window.",
        '<p class="post">We make what fits on one bench. If something breaks, send it back: '
        "the second life of a bag is usually the longer one.</p>"
        + _button("Contact", "Write to us"),
        "About",
    ),
)

_TEMPLATE = Template(files("hoofprint.api").joinpath("demo.html").read_text("utf-8"))


def render(page: Page, domain: DemoDomain) -> str:
    """A page as HTML, with the snippet of the domain."""
    here = ' aria-current="page"'
    nav = "".join(
        f'<a href="{other.path}"{here if other is page else ""}>{other.label}</a>'
        for other in PAGES
        if other.label
    )
    return _TEMPLATE.substitute(
        title=page.title,
        lead=page.lead,
        content=page.content,
        nav=nav,
        code=escape(domain.identification_code),
        hostname=escape(domain.hostname),
    )


def demo_domain(services: Services) -> DemoDomain:
    """The demo's domain. Raises NotFound when this instance has no demo."""
    try:
        content = (services.settings.data_path / FILE).read_bytes()
        return msgspec.json.decode(content, type=DemoDomain)
    except (FileNotFoundError, NotADirectoryError, msgspec.DecodeError):
        raise NotFound from None


def demo_routes() -> list[HTTPRouteHandler]:
    """A route for every page of the demo."""
    return [_route(page) for page in PAGES]


def _route(page: Page) -> HTTPRouteHandler:
    @get(
        page.path,
        media_type=MediaType.HTML,
        include_in_schema=False,
        sync_to_thread=True,
        name=page.path,
    )
    def serve(state: State) -> Response[str]:
        services: Services = state["services"]
        return Response(
            render(page, demo_domain(services)),
            media_type=MediaType.HTML,
            headers={"cache-control": "no-store"},
        )

    return serve
