"""The channel of a session: Google Analytics 4's default channel group, plus AI."""

from __future__ import annotations

import re

from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Outcome, Step
from hoofprint.ingest.referrers import kind_of_name

_PAID = re.compile(r"^(.*cp.*|ppc|retargeting|paid.*)$")
_SHOP = re.compile(r"^(.*(([^a-df-z]|^)shop|shopping).*)$")
_VIDEO = re.compile(r"^(.*video.*)$")
_DISPLAY = frozenset({"display", "banner", "expandable", "interstitial", "cpm"})
_SOCIAL = frozenset(
    {"social", "social-network", "social-media", "sm", "social network", "social media"}
)
_EMAIL = frozenset({"email", "e-mail", "e_mail", "e mail", "newsletter"})
_REFERRAL = frozenset({"referral", "app", "link"})
_CLICK_IDS = frozenset({"(gclid)", "(msclkid)"})
CROSS_NETWORK = "cross-network"


def channel_of(referrer: str, referrer_name: str, source: str, medium: str, campaign: str) -> str:
    """The first channel whose rule fits."""
    source, medium, campaign = source.lower(), medium.lower(), campaign.lower()
    kinds = {kind_of_name(source) if source else "", kind_of_name(referrer_name)}
    paid = bool(_PAID.match(medium)) or medium in _CLICK_IDS
    shopping = "shopping" in kinds or bool(_SHOP.match(campaign))
    video = "video" in kinds
    rules = (
        ("Cross-network", CROSS_NETWORK in campaign),
        ("Paid Shopping", paid and shopping),
        ("Paid Search", paid and "search" in kinds),
        ("Paid Social", paid and "social" in kinds),
        ("Paid Video", paid and video),
        ("Display", medium in _DISPLAY),
        ("Paid Other", paid),
        ("Organic Shopping", shopping),
        ("Organic Social", "social" in kinds or medium in _SOCIAL),
        ("Organic Video", video or bool(_VIDEO.match(medium))),
        ("Organic Search", "search" in kinds or medium == "organic"),
        ("Email", "email" in kinds or source in _EMAIL or medium in _EMAIL),
        ("Affiliates", medium == "affiliate"),
        ("Audio", medium == "audio"),
        ("SMS", "sms" in {source, medium}),
        ("Mobile Push Notifications", _is_push(source, medium)),
        ("AI", "ai" in kinds),
        ("Referral", bool(referrer or referrer_name) or medium in _REFERRAL),
    )
    return next((name for name, fits in rules if fits), "Direct")


def _is_push(source: str, medium: str) -> bool:
    mobile = "mobile" in medium or "notification" in medium
    return medium.endswith("push") or mobile or source == "firebase"


def run(_: Request, *facts: str) -> Outcome:
    """Choose by referrer and campaign."""
    return (channel_of(*facts),)


STEP = Step(
    "channel",
    run,
    needs=("referrer", "referrer_name", "utm_source", "utm_medium", "utm_campaign"),
    gives=("channel",),
)
