"""User agents that people's browsers send today, and what they stand for."""

from __future__ import annotations

from typing import NamedTuple

_LIKE = "AppleWebKit/537.36 (KHTML, like Gecko)"
_WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_LIKE}"
_MAC_CHROME = f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_LIKE}"
_MAC = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/18.5"
)
_LINUX = f"Mozilla/5.0 (X11; Linux x86_64) {_LIKE}"
_ANDROID = f"Mozilla/5.0 (Linux; Android 10; K) {_LIKE}"
_WEBVIEW = (
    f"Mozilla/5.0 (Linux; Android 15; SM-S928B Build/AP3A.240905.015.A2; wv) {_LIKE}"
    " Version/4.0 Chrome/138.0.7204.63 Mobile Safari/537.36"
)
_IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15"
    " (KHTML, like Gecko)"
)
_IPAD = "Mozilla/5.0 (iPad; CPU OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"


class Agent(NamedTuple):
    """A user agent and the facts in it."""

    text: str
    os: str
    os_version: str
    browser: str
    browser_version: str


CURRENT = {
    "Chrome, Windows": Agent(
        f"{_WINDOWS} Chrome/138.0.0.0 Safari/537.36", "Windows", "10", "Chrome", "138.0"
    ),
    "Chrome, Mac": Agent(
        f"{_MAC_CHROME} Chrome/138.0.0.0 Safari/537.36", "Mac", "10.15", "Chrome", "138.0"
    ),
    "Chrome, Linux": Agent(
        f"{_LINUX} Chrome/138.0.0.0 Safari/537.36", "Linux", "", "Chrome", "138.0"
    ),
    "Chrome, Chromebook": Agent(
        f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {_LIKE} Chrome/138.0.0.0 Safari/537.36",
        "Chrome OS",
        "14541.0",
        "Chrome",
        "138.0",
    ),
    "Chrome, Android": Agent(
        f"{_ANDROID} Chrome/138.0.0.0 Mobile Safari/537.36", "Android", "10", "Chrome", "138.0"
    ),
    "Chrome, Android tablet": Agent(
        f"{_ANDROID} Chrome/138.0.0.0 Safari/537.36", "Android", "10", "Chrome", "138.0"
    ),
    "Chrome, iPhone": Agent(
        f"{_IPHONE} CriOS/138.0.7204.119 Mobile/15E148 Safari/604.1",
        "iOS",
        "18.5",
        "Chrome",
        "138.0",
    ),
    "Safari, Mac": Agent(f"{_MAC} Safari/605.1.15", "Mac", "10.15", "Safari", "18.5"),
    "Safari, iPhone": Agent(
        f"{_IPHONE} Version/18.5 Mobile/15E148 Safari/604.1", "iOS", "18.5", "Safari", "18.5"
    ),
    "Safari 26, iPhone": Agent(
        f"{_IPHONE.replace('18_5', '18_6')} Version/26.0 Mobile/15E148 Safari/604.1",
        "iOS",
        "18.6",
        "Safari",
        "26.0",
    ),
    "Safari, iPad in mobile mode": Agent(
        f"{_IPAD} Version/18.5 Mobile/15E148 Safari/604.1", "iOS", "18.5", "Safari", "18.5"
    ),
    "Firefox, Windows": Agent(
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Windows",
        "10",
        "Firefox",
        "140.0",
    ),
    "Firefox, Mac": Agent(
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Mac",
        "10.15",
        "Firefox",
        "140.0",
    ),
    "Firefox, Ubuntu": Agent(
        "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
        "Linux",
        "",
        "Firefox",
        "140.0",
    ),
    "Firefox, Android": Agent(
        "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0",
        "Android",
        "15",
        "Firefox",
        "140.0",
    ),
    "Firefox, iPhone": Agent(
        f"{_IPHONE} FxiOS/140.0 Mobile/15E148 Safari/605.1.15", "iOS", "18.5", "Firefox", "140.0"
    ),
    "Edge, Windows": Agent(
        f"{_WINDOWS} Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0",
        "Windows",
        "10",
        "Edge",
        "138.0",
    ),
    "Edge, Android": Agent(
        f"{_ANDROID} Chrome/138.0.0.0 Mobile Safari/537.36 EdgA/138.0.0.0",
        "Android",
        "10",
        "Edge",
        "138.0",
    ),
    "Edge, iPhone": Agent(
        f"{_IPHONE} Version/18.0 EdgiOS/138.0.3351.65 Mobile/15E148 Safari/604.1",
        "iOS",
        "18.5",
        "Edge",
        "138.0",
    ),
    "Opera, Windows": Agent(
        f"{_WINDOWS} Chrome/136.0.0.0 Safari/537.36 OPR/121.0.0.0",
        "Windows",
        "10",
        "Opera",
        "121.0",
    ),
    "Opera, Android": Agent(
        f"{_ANDROID} Chrome/136.0.0.0 Mobile Safari/537.36 OPR/90.0.0.0",
        "Android",
        "10",
        "Opera",
        "90.0",
    ),
    "Opera, iPhone": Agent(
        f"{_IPHONE} Version/18.5 Mobile/15E148 Safari/604.1 OPT/5.5.0",
        "iOS",
        "18.5",
        "Opera",
        "5.5",
    ),
    "Opera GX, iPhone": Agent(
        f"{_IPHONE} Version/18.5 Mobile/15E148 Safari/604.1 OPX/2.5.0",
        "iOS",
        "18.5",
        "Opera",
        "2.5",
    ),
    "Opera Mini": Agent(
        "Opera/9.80 (Android; Opera Mini/36.2.2254/119.132; U; id) Presto/2.12.423 Version/12.16",
        "Android",
        "",
        "Opera",
        "36.2",
    ),
    "Samsung Internet": Agent(
        f"{_ANDROID} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
        "Android",
        "10",
        "Samsung Internet",
        "28.0",
    ),
    "DuckDuckGo, Mac": Agent(
        f"{_MAC} Safari/605.1.15 Ddg/18.5", "Mac", "10.15", "DuckDuckGo", "18.5"
    ),
    "DuckDuckGo, iPhone": Agent(
        f"{_IPHONE} Version/18.5 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15",
        "iOS",
        "18.5",
        "DuckDuckGo",
        "7",
    ),
    "DuckDuckGo, Android": Agent(
        f"{_ANDROID} Chrome/138.0.0.0 Mobile Safari/537.36 Ddg/138.0",
        "Android",
        "10",
        "DuckDuckGo",
        "138.0",
    ),
    "Vivaldi, Windows": Agent(
        f"{_WINDOWS} Chrome/138.0.0.0 Safari/537.36 Vivaldi/7.5.3735.47",
        "Windows",
        "10",
        "Vivaldi",
        "7.5",
    ),
    "Yandex Browser": Agent(
        f"{_WINDOWS} Chrome/136.0.0.0 YaBrowser/25.6.0.0 Safari/537.36",
        "Windows",
        "10",
        "Yandex Browser",
        "25.6",
    ),
    "Huawei Browser": Agent(
        f"Mozilla/5.0 (Linux; Android 12; NOH-NX9; HMSCore 6.13.0.302) {_LIKE}"
        " Chrome/114.0.5735.196 HuaweiBrowser/15.0.4.312 Mobile Safari/537.36",
        "Android",
        "12",
        "Huawei Browser",
        "15.0",
    ),
    "WebView, Android": Agent(_WEBVIEW, "Android", "15", "Chrome", "138.0"),
    "WebView, iPhone": Agent(f"{_IPHONE} Mobile/15E148", "iOS", "18.5", "Safari", ""),
    "LinkedIn app, iPhone": Agent(
        f"{_IPHONE} Mobile/15E148 [LinkedInApp]/9.31.6184", "iOS", "18.5", "Safari", ""
    ),
    "Facebook app, Android": Agent(
        f"{_WEBVIEW} [FB_IAB/FB4A;FBAV/520.0.0.45.80;]", "Android", "15", "Facebook", "520.0"
    ),
    "Facebook app, iPhone": Agent(
        f"{_IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/520.0.0.38.101;FBBV/756351453;FBDV/iPhone15,2;"
        "FBMD/iPhone;FBSN/iOS;FBSV/18.5;FBSS/3;FBCR/;FBID/phone;FBLC/en_US;FBOP/80]",
        "iOS",
        "18.5",
        "Facebook",
        "520.0",
    ),
    "Instagram app, iPhone": Agent(
        f"{_IPHONE} Mobile/22F76 Instagram 388.0.0.32.90 (iPhone15,2; iOS 18_5; en_US; en;"
        " scale=3.00; 1179x2556; 757519456)",
        "iOS",
        "18.5",
        "Instagram",
        "388.0",
    ),
    "Google app, iPhone": Agent(
        f"{_IPHONE} GSA/376.0.778131432 Mobile/15E148 Safari/604.1",
        "iOS",
        "18.5",
        "Google",
        "376.0",
    ),
    "a phone called Cubot": Agent(
        f"Mozilla/5.0 (Linux; Android 13; CUBOT NOTE 20) {_LIKE}"
        " Chrome/138.0.0.0 Mobile Safari/537.36",
        "Android",
        "13",
        "Chrome",
        "138.0",
    ),
    "Internet Explorer 11": Agent(
        "Mozilla/5.0 (Windows NT 10.0; WOW64; Trident/7.0; rv:11.0) like Gecko",
        "Windows",
        "10",
        "IE",
        "11.0",
    ),
}
