"""`hoofprint user password` and `totp-off`: for people who are locked out."""

from __future__ import annotations

import io
import sys

import pytest
from argon2 import PasswordHasher
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from hoofprint.management.accounts.logins import Device, open_login
from hoofprint.management.users import find_user
from hoofprint.records.engine import open_records
from hoofprint.records.moments import moment
from hoofprint.records.tables import LoginRecord, SecondFactorRecord

from .conftest import Terminal

EMAIL, NEW = "ada@example.com", "another horse"
RESCUE = ("user", "password", "--email", EMAIL)


def test_a_new_password_counts_and_ends_the_logins(terminal: Terminal) -> None:
    terminal.user()
    records = open_records(f"sqlite:///{terminal.data}/records.sqlite3")

    def log_in(session: Session) -> None:
        ada = find_user(session, EMAIL)
        assert ada is not None
        open_login(session, ada, Device(), 0)

    records.write(log_in)
    assert terminal.one(*RESCUE, "--password", NEW)["email"] == EMAIL
    ada = records.read(lambda s: find_user(s, EMAIL))
    assert ada is not None
    assert PasswordHasher().verify(ada.password_hash, NEW)
    assert records.read(lambda s: s.scalar(select(func.count(LoginRecord.id)))) == 0
    records.close()


def test_a_password_may_be_piped_in_and_must_be_a_good_one(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal.user()
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{NEW}\n"))
    assert NEW not in str(terminal.one(*RESCUE))
    code, lines = terminal.fails(*RESCUE, "--password", "short")
    assert (code, lines) == (2, ["password: must have at least 10 characters"])


def test_the_second_factor_is_turned_off(terminal: Terminal) -> None:
    ada = terminal.user()
    records = open_records(f"sqlite:///{terminal.data}/records.sqlite3")
    times = {"def_time": moment(0), "mod_time": moment(0)}
    factor = SecondFactorRecord(user_id=ada["id"], secret="A" * 32, active=True, **times)
    records.write(lambda s: s.add(factor))
    assert terminal.one("user", "totp-off", "--email", EMAIL.upper())["id"] == ada["id"]
    assert records.read(lambda s: s.scalar(select(func.count(SecondFactorRecord.id)))) == 0
    records.close()


@pytest.mark.parametrize("command", [("password", "--password", NEW), ("totp-off",)])
def test_an_unknown_address_is_said_to_be_one(terminal: Terminal, command: tuple[str, ...]) -> None:
    code, lines = terminal.fails("user", *command, "--email", "nobody@example.com")
    assert (code, lines) == (2, ["email: has no account"])
