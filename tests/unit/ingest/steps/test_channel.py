"""The channel (`rules.md` 1.5): Google Analytics 4's default channel group, plus AI."""

from __future__ import annotations

import pytest
from hypothesis import given

from hoofprint.ingest.steps.channel import STEP, channel_of

from .sample import ANY_TEXT, asked, done

_NAMES = (
    "Cross-network, Paid Shopping, Paid Search, Paid Social, Paid Video, Display, Paid Other,"
    " Organic Shopping, Organic Social, Organic Video, Organic Search, Email, Affiliates, Audio,"
    " SMS, Mobile Push Notifications, AI, Referral, Direct"
)
ORDER = _NAMES.split(", ")


def channel(name: str = "", source: str = "", medium: str = "", campaign: str = "") -> str:
    """The channel of a referrer's name and a campaign."""
    url = "https://somewhere.org" if name else ""
    return channel_of(url, name, source, medium, campaign)


CASES: dict[str, list[tuple[str, ...]]] = {
    "Cross-network": [("", "google", "cpc", "2026-Cross-Network-sale")],
    "Paid Shopping": [("Amazon", "", "cpc"), ("", "ebay", "ppc"), ("", "x.org", "paid", "my-shop")],
    "Paid Search": [
        ("Google", "", "cpc"),
        ("", "google", "cpc"),
        ("", "bing", "PPC"),
        ("Google", "", "(gclid)"),
        ("Bing", "", "(msclkid)"),
        ("Google", "", "cpm"),
    ],
    "Paid Social": [("Facebook", "", "paid"), ("", "fb", "paid_social"), ("", "linkedin", "cpc")],
    "Paid Video": [("YouTube", "", "cpv-cp"), ("", "youtube.com", "retargeting")],
    "Display": [("", "", m) for m in ("display", "banner", "expandable", "interstitial", "cpm")],
    "Paid Other": [
        *(("", "", m) for m in ("cpc", "ppc", "retargeting", "paid", "paid-x", "xcpx")),
        ("example.org", "", "cpa-cp"),
        ("ChatGPT", "", "cpc"),
    ],
    "Organic Shopping": [
        ("Etsy", ""),
        ("", "amazon"),
        ("", "", "", "Summer Shopping"),
        ("Amazon", ""),
    ],
    "Organic Social": [
        ("Facebook", ""),
        ("Hacker News", ""),
        ("Bluesky", ""),
        ("Mastodon", ""),
        ("Threads", ""),
        ("Twitter", ""),
        ("X", ""),
        ("", "reddit"),
        ("", "", "social"),
        ("", "", "Social Media"),
        ("", "", "sm"),
        ("Google", "", "social-network"),
    ],
    "Organic Video": [("YouTube", ""), ("", "vimeo"), ("", "", "my-video-clip"), ("Twitch", "")],
    "Organic Search": [("Google", ""), ("DuckDuckGo", ""), ("", "ecosia.org"), ("", "", "organic")],
    "Email": [
        *(("", "", m) for m in ("email", "e-mail", "e_mail", "E Mail")),
        ("", "email"),
        ("", "e-mail", "app"),
        ("Gmail", ""),
    ],
    "Affiliates": [("example.org", "", "affiliate")],
    "Audio": [("", "spotify", "audio")],
    "SMS": [("", "sms"), ("", "carrier", "SMS")],
    "Mobile Push Notifications": [
        *(("", "", m) for m in ("push", "web-push", "mobile-x", "notification")),
        ("", "firebase"),
    ],
    "AI": [
        *(
            (name, "")
            for name in ("ChatGPT", "Claude", "Perplexity", "Gemini", "Microsoft Copilot")
        ),
        ("", "chatgpt.com"),
        ("", "perplexity"),
        ("ChatGPT", "", "referral"),
    ],
    "Referral": [
        *((name, "") for name in ("example.org", "GitHub", "Wikipedia")),
        *(("", "flyer", m) for m in ("referral", "app", "link")),
    ],
    "Direct": [("", ""), ("", "newspaper"), ("", "flyer", "print", "spring")],
}


@pytest.mark.parametrize(
    ("expected", "given_values"), [(name, case) for name, cases in CASES.items() for case in cases]
)
def test_a_visit_belongs_to_the_first_channel_whose_rule_fits(
    expected: str, given_values: tuple[str, ...]
) -> None:
    assert channel(*given_values) == expected


def test_every_channel_has_a_case() -> None:
    assert list(CASES) == ORDER


@pytest.mark.parametrize(
    ("earlier", "later", "both"),
    [
        ("Cross-network", "Paid Shopping", ("Amazon", "", "cpc", "cross-network")),
        ("Paid Shopping", "Paid Search", ("Google", "amazon", "cpc")),
        ("Paid Search", "Paid Social", ("Google", "facebook", "cpc")),
        ("Paid Social", "Paid Video", ("Facebook", "youtube", "cpc")),
        ("Paid Video", "Display", ("YouTube", "", "cpm")),
        ("Display", "Paid Other", ("", "", "cpm")),
        ("Paid Other", "Organic Video", ("", "", "paid-video")),
        ("Organic Shopping", "Organic Social", ("Facebook", "amazon")),
        ("Organic Social", "Organic Video", ("Facebook", "youtube")),
        ("Organic Video", "Organic Search", ("Google", "youtube")),
        ("Organic Search", "Email", ("Google", "", "email")),
        ("Email", "Affiliates", ("", "email", "affiliate")),
        ("Affiliates", "SMS", ("", "sms", "affiliate")),
        ("Audio", "SMS", ("", "sms", "audio")),
        ("SMS", "Mobile Push Notifications", ("", "sms", "push")),
        ("Mobile Push Notifications", "AI", ("ChatGPT", "", "push")),
        ("AI", "Referral", ("ChatGPT", "", "link")),
        ("Referral", "Direct", ("example.org", "")),
    ],
)
def test_the_order_is_part_of_the_rule(earlier: str, later: str, both: tuple[str, ...]) -> None:
    assert ORDER.index(earlier) < ORDER.index(later)
    assert channel(*both) == earlier


@pytest.mark.parametrize("medium", ["unpaid", "prepaid", "ppc2", "retargeting2", "c-p"])
def test_a_paid_medium_matches_as_a_whole(medium: str) -> None:
    """`^(.*cp.*|ppc|retargeting|paid.*)$`: only `cp` may stand anywhere."""
    assert channel("Google", "", medium) == "Organic Search"


@pytest.mark.parametrize("campaign", ["workshop", "my shop", "shop", "5shop", "Shopping"])
def test_a_shop_in_a_campaign_is_a_word_or_shopping(campaign: str) -> None:
    expected = "Direct" if campaign == "workshop" else "Organic Shopping"
    assert channel(campaign=campaign) == expected


def test_a_plain_name_as_a_referrer_is_a_referral_too() -> None:
    assert channel_of("", "Flyer", "Flyer", "", "") == "Referral"


def test_the_step_reads_referrer_and_campaign() -> None:
    facts = dict.fromkeys(STEP.needs, "")
    assert done(STEP, asked(), **facts) == {"channel": "Direct"}
    facts |= {"utm_source": "google", "utm_medium": "cpc"}
    assert done(STEP, asked(), **facts) == {"channel": "Paid Search"}
    facts |= {"utm_campaign": "cross-network"}
    assert done(STEP, asked(), **facts) == {"channel": "Cross-network"}


@given(ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT)
def test_every_visit_has_a_channel(name: str, source: str, medium: str, campaign: str) -> None:
    assert channel(name, source, medium, campaign) in ORDER
