"""Where somebody is sent after a login: only to a page of our own."""

from __future__ import annotations

from urllib.parse import quote

HOME = "/account"
AS_IT_IS = "/%?#[]@!$&'()*+,;=:~-._"


def local_path(wanted: str) -> str:
    """The path that was asked for, if no browser reads another host into it; else the account's.

    Browsers take two slashes, of either direction and with tabs in between, for another host.
    """
    ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    if not ours or "\\" in wanted or not wanted.isprintable() or " " in wanted:
        return HOME
    return quote(wanted, safe=AS_IT_IS)
