"""Mails that ask somebody to follow a link, as text and as HTML."""

from __future__ import annotations

from html import escape

from msgspec import Struct

from hoofprint.mail.mail import Mail
from hoofprint.mail.message import one_line

BUTTON = "background:#1f6f54;border-radius:6px;color:#fff;padding:10px 18px;text-decoration:none"
PAGE = "font-family:system-ui,sans-serif;font-size:16px;line-height:1.5;max-width:36em"


class Letter(Struct, frozen=True):
    """What a mail says before its link, what following it does, and what it says after it.

    Texts of others may hold anything: each of these is one line of text, never HTML.
    """

    subject: str
    before: tuple[str, ...]
    action: str
    link: str
    after: tuple[str, ...] = ()

    def to(self, recipient: str, kind: str) -> Mail:
        """The mail to an address; `kind` is what it is about, in one word."""
        before, after = ([one_line(text) for text in part] for part in (self.before, self.after))
        text = "\n\n".join([*before, f"{self.action}:\n{self.link}", *after]) + "\n"
        button = f'<a href="{escape(self.link)}" style="{BUTTON}">{escape(self.action)}</a>'
        shown = [*map(escape, before), button, *map(escape, after)]
        paragraphs = "\n".join(f"<p>{one}</p>" for one in shown)
        html = f'<!doctype html>\n<html><body style="{PAGE}">\n{paragraphs}\n</body></html>\n'
        return Mail(recipient, one_line(self.subject), text, html, kind)
