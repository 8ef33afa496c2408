"""The mails about accounts: their links work once, and nobody else is told what they say."""

from __future__ import annotations

from hoofprint.mail.letter import Letter
from hoofprint.mail.mail import Mail

UNEXPECTED = "If that was not you, you need do nothing."
TAKEN_OVER = "If that was not you, set a new password at once: somebody else knows yours."


def confirm_account(recipient: str, link: str) -> Mail:
    """Somebody made an account with this address."""
    return Letter(
        "Confirm your e-mail address",
        ("Somebody made a Hoofprint account with this e-mail address.",),
        "Confirm the address",
        link,
        (
            "The link works once, for 24 hours, and asks for the password of the account.",
            UNEXPECTED,
        ),
    ).to(recipient, "confirm")


def account_exists(recipient: str, link: str) -> Mail:
    """Somebody wanted an account with the address of one that is there."""
    return Letter(
        "You have an account already",
        (
            "Somebody wanted to use this e-mail address for a Hoofprint account.",
            "There is one with it already.",
        ),
        "Log in, or set a new password",
        link,
        (UNEXPECTED,),
    ).to(recipient, "exists")


def reset_password(recipient: str, link: str) -> Mail:
    """Somebody wants to set a new password."""
    return Letter(
        "Set a new password",
        ("Somebody asked to set a new password for your Hoofprint account.",),
        "Set a new password",
        link,
        ("The link works once, for one hour.", UNEXPECTED),
    ).to(recipient, "reset")


def confirm_address(recipient: str, link: str) -> Mail:
    """An account shall have this address."""
    return Letter(
        "Confirm your new e-mail address",
        ("A Hoofprint account shall have this e-mail address from now on.",),
        "Confirm the address",
        link,
        (
            "The link works once, for 24 hours, and asks for the password of the account.",
            UNEXPECTED,
        ),
    ).to(recipient, "email")


def address_changed(recipient: str, link: str) -> Mail:
    """The old address is told that the account has another one."""
    return Letter(
        "Your account has another e-mail address",
        (
            "The e-mail address of your Hoofprint account was changed.",
            "This one no longer belongs to it.",
        ),
        "Look at the account",
        link,
        ("If that was not you, tell whoever operates the server.",),
    ).to(recipient, "email")


def password_changed(recipient: str, link: str) -> Mail:
    """The password is another one."""
    return Letter(
        "Your password was changed",
        ("The password of your Hoofprint account was changed.",),
        "Set a new password",
        link,
        (TAKEN_OVER,),
    ).to(recipient, "password")


def account_ends(recipient: str, day: str, link: str) -> Mail:
    """The account will be deleted on a day."""
    return Letter(
        "Your account will be deleted",
        (
            f"Your Hoofprint account and all of its domains will be deleted on {day} (UTC).",
            "If you log in before that, it stays.",
        ),
        "Keep the account",
        link,
        (TAKEN_OVER,),
    ).to(recipient, "ending")
