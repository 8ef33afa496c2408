"""Browser, system and platform as the user agent tells them, corrected by client hints."""

from __future__ import annotations

import re
from functools import cache, lru_cache

import ua_parser
from msgspec import Struct
from msgspec.structs import astuple

from hoofprint.ingest.hit import Hit, Request
from hoofprint.ingest.pipe import Outcome, Step
from hoofprint.ingest.text import SYSTEM, cut

BROWSERS = {
    "Chrome Mobile": "Chrome",
    "Chrome Mobile iOS": "Chrome",
    "Chrome Mobile WebView": "Chrome",
    "Chromium": "Chrome",
    "Firefox Mobile": "Firefox",
    "Firefox iOS": "Firefox",
    "Firefox Focus": "Firefox",
    "Mobile Safari": "Safari",
    "Mobile Safari UI/WKWebView": "Safari",
    "Opera Mobile": "Opera",
    "Opera Mini": "Opera",
    "Opera Touch": "Opera",
    "Opera Tablet": "Opera",
    "Opera GX": "Opera",
    "Edge Mobile": "Edge",
    "Microsoft Edge": "Edge",
    "IE Mobile": "IE",
    "DuckDuckGo Mobile": "DuckDuckGo",
    "DuckDuckGo Desktop": "DuckDuckGo",
    "Other": "",
}
"""Names of the parser that stand for a browser of another name; the rest keep theirs."""

SYSTEMS = {
    "Windows": "Windows",
    "Windows Phone": "Windows Mobile",
    "Windows Mobile": "Windows Mobile",
    "Windows CE": "Windows Mobile",
    "Mac OS X": "Mac",
    "Mac OS": "Mac",
    "macOS": "Mac",
    "iOS": "iOS",
    "iPadOS": "iOS",
    "Android": "Android",
    "Chrome OS": "Chrome OS",
    "Chromium OS": "Chrome OS",
    **dict.fromkeys(
        ("Linux", "Ubuntu", "Fedora", "Debian", "Red Hat", "CentOS", "SUSE", "Gentoo", "Mandriva"),
        "Linux",
    ),
    **dict.fromkeys(("Arch Linux", "Linux Mint", "Kubuntu", "Slackware", "Puppy"), "Linux"),
}
NT_VERSIONS = {
    "5.0": "2000",
    "5.1": "XP",
    "5.2": "XP",
    "6.0": "Vista",
    "6.1": "7",
    "6.2": "8",
    "6.3": "8",
    "10.0": "10",
}
DESKTOP = frozenset({"Windows", "Mac", "Linux"})
MOBILE = frozenset({"Android", "iOS", "Windows Mobile"})

LONGEST = 1000
"""As much of a user agent or a hint as is looked at, in characters."""

_NT = re.compile(r"Windows NT (\d+\.\d+)")


class Software(Struct, frozen=True):
    """What a user agent tells; every unknown value is empty."""

    os: str = ""
    os_version: str = ""
    browser: str = ""
    browser_version: str = ""


@cache
def _parser() -> ua_parser.Parser:
    """The parser with its Rust core, built once."""
    from ua_parser.loaders import load_lazy_builtins  # noqa: PLC0415 - loads its rules
    from ua_parser.regex import Resolver  # noqa: PLC0415 - see above

    return ua_parser.Parser(Resolver(load_lazy_builtins()))


@lru_cache(4096)
def parse_user_agent(text: str) -> Software:
    """The software behind a user agent."""
    found = _parser()(cut(text, LONGEST), ua_parser.Domain.USER_AGENT | ua_parser.Domain.OS)
    os = os_version = browser = browser_version = ""
    if found.os is not None:
        os = SYSTEMS.get(found.os.family, "")
        if os == "Windows":
            nt = _NT.search(text)
            os_version = NT_VERSIONS.get(nt[1], "") if nt else ""
        elif os:
            os_version = _version(found.os.major, found.os.minor)
    if found.user_agent is not None:
        browser = BROWSERS.get(found.user_agent.family, found.user_agent.family)
        if browser:
            browser_version = _version(found.user_agent.major, found.user_agent.minor)
    return Software(os, os_version, cut(browser, SYSTEM), cut(browser_version, SYSTEM))


def _version(major: str | None, minor: str | None) -> str:
    """`major.minor`, as far as they are known."""
    if not major:
        return ""
    return cut(f"{major}.{minor}" if minor else major, SYSTEM)


def platform_of(os: str) -> str:
    """`desktop`, `mobile` or empty, by the operating system."""
    if os in DESKTOP:
        return "desktop"
    return "mobile" if os in MOBILE else ""


def run(request: Request) -> Outcome:
    """Parse the user agent; client hints win over it."""
    hit = request.hit
    text = (hit.user_agent or "")[:LONGEST]
    if hit.sec_ch_ua or hit.sec_ch_ua_platform or hit.sec_ch_ua_mobile:
        return _with_hints(text, *_hints(hit))
    software = parse_user_agent(text)
    return *astuple(software), platform_of(software.os)


def _hints(hit: Hit) -> tuple[str, str, str, str]:
    return (
        (hit.sec_ch_ua or "")[:LONGEST],
        (hit.sec_ch_ua_platform or "")[:LONGEST],
        (hit.sec_ch_ua_platform_version or "")[:LONGEST],
        (hit.sec_ch_ua_mobile or "")[:LONGEST],
    )


def _with_hints(
    text: str, brands: str, system: str, system_version: str, mobile: str
) -> tuple[str, ...]:
    software = parse_user_agent(text)
    os, os_version = system_hint(system, system_version, software)
    browser, browser_version = brand_hint(brands) or (software.browser, software.browser_version)
    platform = {"?1": "mobile", "?0": "desktop"}.get(mobile.strip()) or platform_of(os)
    return (
        os,
        cut(os_version, SYSTEM),
        cut(browser, SYSTEM),
        cut(browser_version, SYSTEM),
        platform,
    )


HINTED_SYSTEMS = {
    "macos": "Mac",
    "mac os x": "Mac",
    "windows": "Windows",
    "linux": "Linux",
    "android": "Android",
    "ios": "iOS",
    "chrome os": "Chrome OS",
    "chromium os": "Chrome OS",
    "chromeos": "Chrome OS",
}
NAMED_BRANDS = {
    "google chrome": "Chrome",
    "microsoft edge": "Edge",
    "opera": "Opera",
    "arc": "Arc",
}
_BRAND = re.compile(r'"((?:[^"\\]|\\.)*)"\s*;\s*v\s*=\s*"([^"]*)"')
_NO_BRAND = ("not", "brand", "chromium")
WINDOWS_11 = 13


def system_hint(system: str, version: str, software: Software) -> tuple[str, str]:
    """Operating system and version by Sec-CH-UA-Platform and -Platform-Version."""
    os = HINTED_SYSTEMS.get(system.strip().strip('"').lower(), "")
    if not os:
        return software.os, software.os_version
    version = version.strip().strip('"')
    if os == "Windows":
        version = windows_version(version)
    if not version and os == software.os:
        version = software.os_version
    return os, version


def windows_version(version: str) -> str:
    """What Windows is called whose platform version this is; empty if unknown."""
    if version in {"0.1", "0.1.0"}:
        return "7"
    if version in {"0.2", "0.2.0", "0.3", "0.3.0"}:
        return "8"
    major = version.split(".", maxsplit=1)[0]
    if not (major.isascii() and major.isdigit()) or int(major[:6]) == 0:
        return ""
    if int(major[:6]) >= WINDOWS_11:
        return "11"
    return "10" if int(major[:6]) <= 10 else ""  # noqa: PLR2004 - Windows 10 sends 1 to 10


def brand_hint(brands: str) -> tuple[str, str] | None:
    """Browser and version by Sec-CH-UA: a brand we know, else the last that says something."""
    found = _BRAND.findall(brands)
    for brand, version in found:
        named = NAMED_BRANDS.get(brand.lower())
        if named:
            return named, version
    for brand, version in reversed(found):
        if brand and not any(word in brand.lower() for word in _NO_BRAND):
            return brand, version
    return None


STEP = Step(
    "user_agent",
    run,
    gives=("os", "os_version", "browser", "browser_version", "platform"),
)
