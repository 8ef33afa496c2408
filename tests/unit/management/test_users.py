from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from hoofprint.errors import Invalid
from hoofprint.management.users import (
    create_user,
    find_user,
    list_users,
    owner_named,
    prepare,
    read_email,
    wire_user,
)

from .world import World


def test_a_password_is_kept_as_an_argon2id_hash() -> None:
    new = prepare("a@example.com", "correct horse")
    assert new.password_hash.startswith("$argon2id$")
    assert PasswordHasher().verify(new.password_hash, "correct horse")


def test_every_failing_field_is_named() -> None:
    with pytest.raises(Invalid) as raised:
        prepare("nobody", "1234567", "n" * 201)
    assert raised.value.fields == {
        "email": "is not an e-mail address",
        "password": "must have at least 10 characters",
        "full_name": "must have at most 200 characters",
    }


def test_an_endless_password_is_refused() -> None:
    with pytest.raises(Invalid, match="at most 1024"):
        prepare("a@example.com", "x" * 1025)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("a@example.com", "a@example.com"),
        (" First.Last+tag@Example.COM ", "first.last+tag@example.com"),
        ("ü@münchen.de", "ü@xn--mnchen-3ya.de"),
        ("admin@localhost", "admin@localhost"),
        ("a@b@example.com", None),
        ("a b@example.com", None),
        ("a\n@example.com", None),
        ("@example.com", None),
        ("a@", None),
        ("a@exa mple.com", None),
        ("a@*.example.com", None),
        ("a" * 65 + "@example.com", None),
        ("", None),
    ],
)
def test_a_typed_address_is_read_or_refused(typed: str, read: str | None) -> None:
    assert read_email(typed) == read


def test_an_address_is_taken_whatever_its_case(world: World) -> None:
    world.user("ada")
    new = prepare("ADA@example.com", "correct horse")
    with pytest.raises(Invalid) as raised:
        world.records.write(lambda s: create_user(s, new, 0))
    assert raised.value.fields == {"email": "is taken"}
    assert len(world.records.read(list_users)) == 1


def test_a_user_is_found_whatever_the_case(world: World) -> None:
    ada = world.user("ada")
    found = world.records.read(lambda s: find_user(s, " Ada@EXAMPLE.com"))
    assert found is not None
    assert found.id == ada.id


def test_nothing_shown_of_a_user_is_secret(world: World) -> None:
    assert set(wire_user(world.user("ada"))) == {
        "id",
        "def_time",
        "mod_time",
        "email",
        "full_name",
    }


def test_the_only_user_needs_no_name(world: World) -> None:
    with pytest.raises(Invalid, match="no account yet"):
        world.records.read(lambda s: owner_named(s, None))
    ada = world.user("ada")
    assert world.records.read(lambda s: owner_named(s, None)).id == ada.id
    bob = world.user("bob")
    with pytest.raises(Invalid, match="several"):
        world.records.read(lambda s: owner_named(s, None))
    assert world.records.read(lambda s: owner_named(s, "BOB@example.com")).id == bob.id
    with pytest.raises(Invalid, match="no account"):
        world.records.read(lambda s: owner_named(s, "carl@example.com"))
