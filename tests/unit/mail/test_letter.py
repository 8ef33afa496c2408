"""Letters: what others have written stays text, in both forms and in the subject."""

from __future__ import annotations

from hoofprint.mail.invitations import invitation, offer, taken_over

LINK = "https://stats.example.com/invitation?code=abc&x=1"
EVIL = '<script>alert("1")</script>\r\nBcc: eve@example.com'


def test_what_somebody_is_called_is_no_html_and_no_header() -> None:
    for write in (invitation, offer, taken_over):
        mail = write("ada@example.com", EVIL, EVIL, LINK)
        assert mail.recipient == "ada@example.com"
        assert "\n" not in mail.subject
        assert "\r" not in mail.subject + mail.text
        assert "<script>" not in mail.html
        assert "&lt;script&gt;" in mail.html
        assert "\nBcc" not in mail.text


def test_the_link_is_in_the_text_by_itself_and_in_the_html_to_be_followed() -> None:
    mail = invitation("ada@example.com", "Bob", "example.com", LINK)
    assert LINK in mail.text.splitlines()
    assert f'<a href="{LINK.replace("&", "&amp;")}"' in mail.html
    assert mail.kind == "invitation"
    assert "Bob" in mail.subject
    assert "example.com" in mail.subject
