from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from hoofprint.errors import Invalid
from hoofprint.management.domains import NewDomain, create_domain, wire
from hoofprint.management.subdomains import read_subdomain
from hoofprint.model.role import Role
from hoofprint.records.tables import DomainRecord

from .world import NOW, World

# The example of `GET /domain` in `api.md`: what is null in it or may be, and what has which type.
EXAMPLE = json.loads((Path(__file__).parent / "domain_example.json").read_text())
OPTIONAL = {"theme_id", "custom_domain", "display_name"}


def shown_of(world: World, domain: DomainRecord, role: Role) -> dict[str, Any]:
    def show(session: Session) -> dict[str, Any]:
        return wire(session.get_one(DomainRecord, domain.id), role)

    return world.records.read(show)


def test_a_new_domain_shows_exactly_the_documented_fields(world: World) -> None:
    shown = shown_of(world, world.domain(world.user("ada")), Role.OWNER)
    assert list(shown) == list(EXAMPLE)
    for field, example in EXAMPLE.items():
        value = shown[field]
        if example is None or (value is None and field in OPTIONAL):
            assert value is None
        else:
            assert type(value) is type(example), field


def test_what_is_made_up_has_the_documented_form(world: World) -> None:
    ada = world.user("ada")
    shown = shown_of(world, world.domain(ada), Role.VIEWER)
    assert len(shown["id"]) == 10
    assert len(shown["identification_code"]) == 32
    assert shown["identification_code"].isalnum()
    assert shown["user_id"] == ada.id
    assert shown["user_role"] == "Viewer"
    assert shown["def_time"] == "2023-11-14T22:13:20.001000Z"
    assert shown["active_visitors_seconds"] == 600


def test_every_failing_field_is_named(world: World) -> None:
    ada = world.user("ada")
    new = NewDomain("https://example.com", "Mars/Olympus", "no dots.", "x" * 201)
    with pytest.raises(Invalid) as raised:
        world.records.write(lambda s: create_domain(s, new, ada.id, NOW))
    assert set(raised.value.fields) == {"hostname", "timezone", "subdomain", "display_name"}


def test_a_chosen_subdomain_must_be_free(world: World) -> None:
    ada = world.user("ada")
    new = NewDomain("example.com", "UTC", "Mine")
    created = world.records.write(lambda s: create_domain(s, new, ada.id, NOW))
    assert created.subdomain == "mine"
    with pytest.raises(Invalid) as raised:
        world.records.write(lambda s: create_domain(s, new, ada.id, NOW))
    assert raised.value.fields == {"subdomain": "is taken"}


def test_a_subdomain_is_made_from_the_hostname_and_unique(world: World) -> None:
    ada = world.user("ada")
    hostnames = [
        "example.com",
        "www.example.com",
        "example.org",
        "shop.example.co.uk",
        "localhost",
        "api.com",
        "127.0.0.1",
        "___.com",
        ("a" * 63 + ".") * 3 + "com",
    ]
    made = [world.domain(ada, hostname).subdomain for hostname in hostnames]
    assert made[:7] == [
        "example",
        "example-2",
        "example-3",
        "shop-example-co",
        "localhost",
        "api-2",
        "127-0-0",
    ]
    assert made[7] == "site"
    assert all(read_subdomain(name) == name for name in made)


def test_many_domains_of_one_hostname_still_find_a_subdomain(world: World) -> None:
    ada = world.user("ada")
    made = {world.domain(ada).subdomain for _ in range(25)}
    assert len(made) == 25


@pytest.mark.parametrize("name", ["www", "a.b", "-a", "a-", "", "a" * 64, "ä", "a_b"])
def test_an_unusable_subdomain_is_refused(name: str) -> None:
    assert read_subdomain(name) is None


@pytest.mark.parametrize(
    "name", ["", "Foo", "europe/berlin", "../etc/passwd", "Europe", "localtime", "UTC\0"]
)
def test_only_names_of_the_time_zone_database_are_time_zones(world: World, name: str) -> None:
    ada = world.user("ada")
    with pytest.raises(Invalid) as raised:
        world.records.write(lambda s: create_domain(s, NewDomain("a.com", name), ada.id, NOW))
    assert set(raised.value.fields) == {"timezone"}
