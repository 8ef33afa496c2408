"""The mails to people who are invited to something or offered a domain (`clients.md` 2)."""

from __future__ import annotations

from hoofprint.mail.letter import Letter
from hoofprint.mail.mail import Mail

UNEXPECTED = "If you did not expect this mail, you need do nothing."
NO_ACCOUNT = "If you have no account yet, you can make one there with this e-mail address."


def invitation(recipient: str, inviter: str, name: str, link: str) -> Mail:
    """Somebody is invited to see the statistics of a domain or an organization."""
    return Letter(
        f"{inviter} invites you to the statistics of {name}",
        (f"{inviter} would like to share the statistics of {name} with you.", NO_ACCOUNT),
        "Accept the invitation",
        link,
        (UNEXPECTED,),
    ).to(recipient, "invitation")


def offer(recipient: str, owner: str, name: str, link: str) -> Mail:
    """Somebody is offered a domain."""
    return Letter(
        f"{owner} would like to hand over {name} to you",
        (
            f"{owner} would like you to become the owner of {name} and its statistics.",
            f"{owner} stays an admin of it until you decide otherwise.",
            NO_ACCOUNT,
        ),
        "Look at the offer",
        link,
        (UNEXPECTED,),
    ).to(recipient, "transfer")


def taken_over(recipient: str, owner: str, name: str, link: str) -> Mail:
    """The one who offered a domain is told that it has a new owner."""
    return Letter(
        f"{owner} is the owner of {name} now",
        (f"{owner} has accepted {name}. You are an admin of it.",),
        "Open the dashboard",
        link,
    ).to(recipient, "transfer")
