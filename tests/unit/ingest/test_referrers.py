"""Names and kinds of sources (`rules.md` 1.5): group[host + path], else group[host], else host."""

from __future__ import annotations

import pytest
from publicsuffixlist import PublicSuffixList

from hoofprint.ingest.data import read_json
from hoofprint.ingest.referrers import app_name, kind_of_name, source_of, spam_domains, without_www

KINDS = {"ai", "search", "social", "video", "shopping", "email", "other"}
LISTS = ("referrers.json", "referrers_overlay.json")

NAMES = {
    "Google": "google.com www.google.com google.de google.co.uk google.com.br google.cat"
    " www.google.fr google.co.jp google.com.au scholar.google.com cse.google.de google.ng google.zz"
    " syndicatedsearch.goog",
    "Twitter": "t.co twitter.com www.twitter.com mobile.twitter.com",
    "X": "x.com www.x.com",
    "Facebook": "facebook.com www.facebook.com l.facebook.com m.facebook.com lm.facebook.com"
    " fb.com web.facebook.com",
    "Hacker News": "news.ycombinator.com",
    "Bluesky": "bsky.app go.bsky.app",
    "Mastodon": "mastodon.social fosstodon.org hachyderm.io mas.to",
    "Threads": "threads.net www.threads.com l.threads.net l.threads.com",
    "Instagram": "instagram.com l.instagram.com",
    "LinkedIn": "linkedin.com lnkd.in de.linkedin.com",
    "Reddit": "reddit.com old.reddit.com out.reddit.com",
    "YouTube": "youtube.com m.youtube.com youtu.be",
    "TikTok": "tiktok.com www.tiktok.com",
    "WhatsApp": "whatsapp.com web.whatsapp.com l.wl.co wa.me",
    "Telegram": "t.me web.telegram.org",
    "Lobsters": "lobste.rs",
    "Wikipedia": "wikipedia.org en.wikipedia.org de.m.wikipedia.org",
    "GitHub": "github.com gist.github.com",
    "Bing": "bing.com www.bing.com cn.bing.com",
    "DuckDuckGo": "duckduckgo.com html.duckduckgo.com",
    "Yahoo!": "search.yahoo.com de.search.yahoo.com",
    "Yandex": "yandex.ru ya.ru yandex.com",
    "Baidu": "baidu.com www.baidu.com",
    "Ecosia": "ecosia.org www.ecosia.org",
    "Brave Search": "search.brave.com",
    "Kagi": "kagi.com",
    "Amazon": "amazon.com amazon.de amazon.pl",
    "Gmail": "mail.google.com",
    "ChatGPT": "chatgpt.com chat.openai.com",
    "Perplexity": "perplexity.ai www.perplexity.ai",
    "Claude": "claude.ai claude.com",
    "Gemini": "gemini.google.com bard.google.com",
    "Microsoft Copilot": "copilot.microsoft.com copilot.com copilot.cloud.microsoft",
    "DeepSeek": "chat.deepseek.com",
    "Grok": "grok.com",
    "Mistral": "chat.mistral.ai",
    "Meta AI": "meta.ai",
}


@pytest.mark.parametrize(
    ("host", "name"), [(host, name) for name, hosts in NAMES.items() for host in hosts.split()]
)
def test_a_known_host_has_the_name_people_know(host: str, name: str) -> None:
    assert source_of(host, "").name == name
    assert source_of(host, "/some/page").name == name


@pytest.mark.parametrize(
    ("host", "path", "name"),
    [
        ("x.com", "/i/grok", "Grok"),
        ("x.com", "/i/status/1", "X"),
        ("bing.com", "/chat", "Microsoft Copilot"),
        ("bing.com", "/chatter", "Bing"),
        ("www.bing.com", "/search", "Bing"),
        ("github.com", "/copilot/c/1", "GitHub Copilot"),
        ("kagi.com", "/assistant/", "Kagi Assistant"),
        ("orange.fr", "/webmail", "Orange Webmail"),
    ],
)
def test_host_and_path_together_beat_the_host(host: str, path: str, name: str) -> None:
    assert source_of(host, path).name == name


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("www.example.com", "example.com"),
        ("blog.example.com", "blog.example.com"),
        ("localhost", "localhost"),
        ("google.evil.com", "google.evil.com"),
        ("notgoogle.com", "notgoogle.com"),
        ("nottwitter.com", "nottwitter.com"),
        ("x.com.example.net", "x.com.example.net"),
        ("somebody.github.io", "somebody.github.io"),
        ("somebody.wordpress.com", "somebody.wordpress.com"),
    ],
)
def test_an_unknown_host_is_its_own_name_without_www(host: str, name: str) -> None:
    assert source_of(host, "/path").name == name
    assert source_of(host, "/path").kind == ""


@pytest.mark.parametrize("assistant", list(read_json("referrers_overlay.json")["ai"]))
def test_assistants_are_of_kind_ai_by_host_and_by_name(assistant: str) -> None:
    for place in read_json("referrers_overlay.json")["ai"][assistant]:
        host, _, path = place.partition("/")
        assert source_of(host, path).kind == "ai"
    assert kind_of_name(assistant) == "ai"


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("google", "search"),
        ("GOOGLE", "search"),
        ("bing", "search"),
        ("ddg", "search"),
        ("yahoo", "search"),
        ("facebook", "social"),
        ("Facebook", "social"),
        ("fb", "social"),
        ("meta", "social"),
        ("ig", "social"),
        ("hackernews", "social"),
        ("Hacker News", "social"),
        ("bsky", "social"),
        ("t.co", "social"),
        ("youtube", "video"),
        ("amazon", "shopping"),
        ("gmail", "email"),
        ("chatgpt.com", "ai"),
        ("chatgpt", "ai"),
        ("openai", "ai"),
        ("perplexity", "ai"),
        ("perplexity.ai", "ai"),
        ("claude", "ai"),
        ("gemini", "ai"),
        ("copilot", "ai"),
        ("copilot.microsoft.com", "ai"),
        ("github", ""),
        ("Medium", ""),
        ("example.com", ""),
        ("", ""),
    ],
)
def test_a_utm_source_names_a_source_by_name_host_or_alias(word: str, kind: str) -> None:
    assert kind_of_name(word) == kind


EVERYDAY = "news app web chat search mail m l shop open player checkout blog de us one"


@pytest.mark.parametrize("word", EVERYDAY.split())
def test_the_first_label_of_some_host_is_no_source(word: str) -> None:
    """`news` is not Hacker News and `chat` not ChatGPT: these are words of everyday campaigns."""
    assert kind_of_name(word) == ""


@pytest.mark.parametrize(
    ("package", "name"),
    [
        ("com.google.android.googlequicksearchbox", "Google"),
        ("com.google.android.gm", "Gmail"),
        ("com.reddit.frontpage", "Reddit"),
        ("com.slack", "Slack"),
        ("org.example.unknown", "org.example.unknown"),
    ],
)
def test_an_android_app_has_its_name_or_keeps_its_package(package: str, name: str) -> None:
    assert app_name(package) == name


def test_only_a_leading_www_is_left_out() -> None:
    assert without_www("www.example.com") == "example.com"
    assert without_www("a.www.example.com") == "a.www.example.com"
    assert without_www("wwww.example.com") == "wwww.example.com"


@pytest.mark.parametrize("name", LISTS)
def test_a_list_holds_bare_lower_case_hosts_by_known_kinds(name: str) -> None:
    kinds = read_json(name)
    assert set(kinds) <= KINDS
    for groups in kinds.values():
        for group, places in groups.items():
            assert group.strip()
            for place in places:
                assert place == place.lower().strip("/ ")
                assert "." in place


def test_no_host_stands_twice_in_the_overlay() -> None:
    kinds = read_json("referrers_overlay.json")
    places = [p for groups in kinds.values() for places in groups.values() for p in places]
    assert len(places) == len(set(places))


def test_an_alias_stands_for_a_source_that_is_in_the_lists() -> None:
    known = {g for name in LISTS for groups in read_json(name).values() for g in groups}
    aliases = read_json("source_aliases.json")
    assert set(aliases) <= known
    words = [word for group in aliases.values() for word in group]
    assert len(words) == len(set(words))


def test_the_spam_list_holds_registrable_domains_and_nobody_we_know() -> None:
    suffixes = PublicSuffixList()
    assert spam_domains()
    for domain in spam_domains():
        assert suffixes.privatesuffix(domain) == domain
        assert source_of(domain, "").kind == ""
