"""The made-up shop that lifelike traffic visits: its pages, where its visitors come from."""

from __future__ import annotations

from msgspec import Struct


class Page(Struct, frozen=True):
    """A page with its title; `tags` stand on its page views."""

    path: str
    title: str
    tags: dict[str, str] = {}


class Source(Struct, frozen=True):
    """How a share of the visits comes about; `lands` is where: shop, blog or anywhere."""

    share: float
    referrer: str = ""
    query: str = ""
    lands: str = "anywhere"


BRAND = "Tack & Trail"
AUTHORS = ("Ada", "Bashir", "Chiara")

SHOP: tuple[Page, ...] = (
    Page("/", f"{BRAND}: gear for slow, long rides"),
    Page("/shop", "Shop"),
    Page("/pricing", "Membership"),
    Page("/about", "About us"),
    Page("/contact", "Contact"),
    *(
        Page(f"/shop/{name.lower().replace(' ', '-')}", name, {"category": category})
        for name, category in (
            ("Moor saddle bag", "bags"),
            ("Trail map north", "maps"),
            ("Felt girth", "tack"),
            ("Trail map south", "maps"),
            ("Waxed rain cape", "clothing"),
            ("Fold-up bucket", "camp"),
            ("Leather halter", "tack"),
            ("Riding socks", "clothing"),
            ("Hoof pick", "tack"),
            ("Map case", "bags"),
            ("Bedroll", "camp"),
            ("Picket line", "camp"),
        )
    ),
    Page("/checkout", "Checkout"),
    Page("/checkout/thanks", "Thank you"),
)
_POSTS = (
    *("Planning a first long ride", "Mending waxed canvas", "How to read a hoof"),
    *("Ten river crossings", "Packing for a week", "What your horse drinks"),
    *("Letters from the moor", "Choosing a girth", "Night rides", "Maps that take rain"),
    *("A saddle for two seasons", "Riding in heat", "The vet's short list", "Why we walk"),
    *("Across the border with a horse", "Winter feed", "Quiet roads of the north"),
)
BLOG: tuple[Page, ...] = (
    Page("/blog", "Notes from the trail"),
    *(
        Page(
            "/blog/" + title.lower().replace(" ", "-").replace("'", ""),
            title,
            {"author": AUTHORS[i % len(AUTHORS)], "section": "how-to" if i % 2 else "stories"},
        )
        for i, title in enumerate(_POSTS)
    ),
)

SOURCES: tuple[Source, ...] = (
    Source(0.36),
    Source(0.22, "https://www.google.com/"),
    Source(0.03, "https://www.bing.com/"),
    Source(0.03, "https://duckduckgo.com/"),
    Source(0.05, "https://news.ycombinator.com/", lands="blog"),
    Source(0.04, "https://www.reddit.com/r/horses", lands="blog"),
    Source(0.03, "https://t.co/x1y2z3", lands="blog"),
    Source(0.03, "https://bsky.app/", lands="blog"),
    Source(0.03, "https://l.instagram.com/", lands="shop"),
    Source(0.03, "https://chatgpt.com/"),
    Source(0.01, "https://www.perplexity.ai/"),
    Source(0.02, "https://trail-riders.example/links"),
    Source(0.01, "android-app://com.google.android.gm"),
    Source(0.05, query="utm_source=newsletter&utm_medium=email&utm_campaign={season}-letter"),
    Source(
        0.04,
        "https://www.google.com/",
        "utm_source=google&utm_medium=cpc&utm_campaign={season}-sale&utm_term=saddle+bag",
        lands="shop",
    ),
    Source(
        0.02,
        "https://www.facebook.com/",
        "utm_source=facebook&utm_medium=paid_social&utm_campaign={season}-sale&utm_content=video",
        lands="shop",
    ),
)
"""How visits come about; `{season}` is filled in."""
