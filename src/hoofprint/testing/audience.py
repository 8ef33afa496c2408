"""Who visits a made-up site: addresses by country, languages, and the browsers people use."""

from __future__ import annotations

from random import Random

from msgspec import Struct


class Country(Struct, frozen=True):
    """Where a share of the visitors is: networks of /16 there, and what Accept-Language says."""

    share: float
    networks: tuple[str, ...]
    language: str


class Hints(Struct, frozen=True):
    """The client hints of a browser; None is not sent."""

    brands: str | None = None
    mobile: str | None = None
    system: str | None = None
    system_version: str | None = None


class Device(Struct, frozen=True):
    """A browser on a system, by its user agent and client hints, and its screens' widths."""

    share: float
    agent: str
    widths: tuple[int, ...]
    hints: Hints = Hints()


class Visitor(Struct, frozen=True, gc=False):
    """One person of the pool, as a request shows them."""

    ip: str
    language: str
    device: Device
    width: int


COUNTRIES: tuple[Country, ...] = (
    Country(0.31, ("47.231", "108.240", "69.241", "50.79", "104.10"), "en-US,en;q=0.9"),
    Country(0.17, ("77.181", "95.114", "217.236", "87.158"), "de-DE,de;q=0.9,en;q=0.6"),
    Country(0.10, ("81.105", "80.46", "92.20"), "en-GB,en;q=0.9"),
    Country(0.06, ("78.246", "37.174", "88.178"), "fr-FR,fr;q=0.9,en;q=0.5"),
    Country(0.05, ("70.30", "76.69"), "en-CA,en;q=0.9,fr;q=0.3"),
    Country(0.05, ("117.239", "59.183"), "en-IN,hi;q=0.8"),
    Country(0.04, ("85.148", "84.85"), "nl-NL,nl;q=0.9,en;q=0.7"),
    Country(0.03, ("106.146", "126.179"), "ja-JP,ja;q=0.9"),
    Country(0.03, ("177.85", "187.84"), "pt-BR,pt;q=0.9"),
    Country(0.03, ("115.131", "49.196"), "en-AU,en;q=0.9"),
    Country(0.03, ("83.49", "2.142"), "es-ES,es;q=0.9"),
    Country(0.02, ("87.14", "79.41"), "it-IT,it;q=0.9"),
    Country(0.02, ("90.224", "83.251"), "sv-SE,sv;q=0.9"),
    Country(0.02, ("178.38", "84.227"), "de-CH,de;q=0.9,fr;q=0.5"),
    Country(0.015, ("91.113", "83.215"), "de-AT,de;q=0.9"),
    Country(0.015, ("83.31", "79.185"), "pl-PL,pl;q=0.9"),
    Country(0.01, ("90.184", "80.197"), "da-DK,da;q=0.9"),
    Country(0.01, ("85.165", "81.167"), "nb-NO,nb;q=0.9"),
)

_MAC = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)"
_WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64)"
_IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X)"
_KHTML = "AppleWebKit/537.36 (KHTML, like Gecko)"
_WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"


def _hints(brand: str, version: str, system: str, system_version: str | None = None) -> Hints:
    """The client hints of a Chromium."""
    return Hints(
        f'"Not=A?Brand";v="24", "Chromium";v="{version}", "{brand}";v="{version}"',
        "?1" if system == "Android" else "?0",
        f'"{system}"',
        system_version and f'"{system_version}"',
    )


_DESKTOP = (1280, 1366, 1440, 1536, 1920, 1920, 2560, 3840)
_PHONE = (360, 375, 390, 393, 412, 430)

DEVICES: tuple[Device, ...] = (
    *(
        Device(
            share,
            f"{_WINDOWS} {_KHTML} Chrome/{version}.0.0.0 Safari/537.36",
            _DESKTOP,
            _hints("Google Chrome", version, "Windows", system),
        )
        for share, version, system in (
            (0.13, "148", "15.0.0"),
            (0.06, "147", "10.0.0"),
            (0.02, "141", None),
        )
    ),
    *(
        Device(
            share,
            f"{_MAC} {_KHTML} Chrome/{version}.0.0.0 Safari/537.36",
            (1440, 1512, 1728, 1920, 2560),
            _hints("Google Chrome", version, "macOS", "15.6.0"),
        )
        for share, version in ((0.07, "148"), (0.02, "147"))
    ),
    Device(
        0.06,
        f"{_WINDOWS} {_KHTML} Chrome/148.0.0.0 Safari/537.36 Edg/148.0.0.0",
        _DESKTOP,
        _hints("Microsoft Edge", "148", "Windows", "15.0.0"),
    ),
    Device(0.04, f"{_WINDOWS[:-1]}; rv:144.0) Gecko/20100101 Firefox/144.0", _DESKTOP),
    Device(
        0.02,
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        (1920, 2560),
    ),
    Device(
        0.015,
        f"Mozilla/5.0 (X11; Linux x86_64) {_KHTML} Chrome/148.0.0.0 Safari/537.36",
        (1920, 2560),
        _hints("Google Chrome", "148", "Linux"),
    ),
    *(
        Device(
            share, f"{_MAC} {_WEBKIT} Version/{version} Safari/605.1.15", (1440, 1512, 1728, 2560)
        )
        for share, version in ((0.05, "26.0"), (0.03, "18.6"))
    ),
    *(
        Device(share, f"{_IPHONE} {_WEBKIT} Version/{version} Mobile/15E148 Safari/604.1", _PHONE)
        for share, version in ((0.14, "26.0"), (0.07, "18.6"), (0.02, "17.6"))
    ),
    Device(0.02, f"{_IPHONE} {_WEBKIT} CriOS/148.0.7700.20 Mobile/15E148 Safari/604.1", _PHONE),
    *(
        Device(
            share,
            f"Mozilla/5.0 (Linux; Android 10; K) {_KHTML} Chrome/{version}.0.0.0"
            " Mobile Safari/537.36",
            _PHONE,
            _hints("Google Chrome", version, "Android", "16.0.0"),
        )
        for share, version in ((0.13, "148"), (0.05, "147"))
    ),
    Device(
        0.03,
        f"Mozilla/5.0 (Linux; Android 10; K) {_KHTML} SamsungBrowser/29.0 Chrome/136.0.0.0"
        " Mobile Safari/537.36",
        _PHONE,
        _hints("Samsung Internet", "29", "Android", "15.0.0"),
    ),
    Device(
        0.015,
        f"{_WINDOWS} {_KHTML} Chrome/147.0.0.0 Safari/537.36 OPR/131.0.0.0",
        _DESKTOP,
        _hints("Opera", "131", "Windows", "15.0.0"),
    ),
)

BOTS: tuple[str, ...] = (
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (compatible; GPTBot/1.2; +https://openai.com/gptbot)",
    "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)",
    "curl/8.5.0 (x86_64-pc-linux)",
)


def draw_visitor(draw: Random) -> Visitor:
    """Somebody new."""
    [country] = draw.choices(COUNTRIES, _COUNTRY_SHARES)
    [device] = draw.choices(DEVICES, _DEVICE_SHARES)
    network = draw.choice(country.networks)
    ip = f"{network}.{draw.randrange(256)}.{draw.randrange(1, 255)}"
    return Visitor(ip, country.language, device, draw.choice(device.widths))


_COUNTRY_SHARES = [country.share for country in COUNTRIES]
_DEVICE_SHARES = [device.share for device in DEVICES]
