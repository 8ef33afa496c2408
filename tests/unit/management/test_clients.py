from __future__ import annotations

import hashlib
from functools import partial

import pytest

from hoofprint.errors import Invalid
from hoofprint.management.clients import (
    NewClient,
    create_client,
    list_clients,
    owner_ids,
    principal_of,
    wire_client,
)
from hoofprint.management.scopes import COLLECTING, POSSIBLE, USUAL, read_scopes
from hoofprint.model.principal import Scope
from hoofprint.records.tables import ClientType

from .world import World


def test_the_secrets_of_a_client_have_the_documented_lengths(world: World) -> None:
    issued = world.client(world.user("ada"))
    assert len(issued.record.client_id) == 32
    assert len(issued.secret) == 64
    assert (issued.record.client_id + issued.secret).isalnum()


def test_an_access_key_has_its_prefix_and_45_characters(world: World) -> None:
    issued = world.client(world.user("ada"), ClientType.TOKEN)
    assert issued.secret.startswith("pa_")
    assert len(issued.secret) == 48


def test_of_a_secret_only_a_hash_is_kept(world: World) -> None:
    for kind in ClientType:
        issued = world.client(world.user(kind), kind)
        expected = hashlib.sha256(issued.secret.encode()).hexdigest()
        assert issued.record.secret_hash == expected
        assert issued.secret not in str(vars(issued.record))


def test_an_oauth_client_may_collect_and_look_unless_told_otherwise(world: World) -> None:
    assert world.client(world.user("ada")).record.scopes == USUAL
    assert USUAL == {"hit": "w", "event": "w", "session": "w", "statistics": "r", "domains": "r"}


def test_an_access_key_only_collects(world: World) -> None:
    ada = world.user("ada")
    assert world.client(ada, ClientType.TOKEN).record.scopes == COLLECTING
    assert world.client(ada, ClientType.TOKEN, hit="rw").record.scopes == {"hit": "w"}
    with pytest.raises(Invalid) as raised:
        world.client(ada, ClientType.TOKEN, statistics="r")
    assert set(raised.value.fields) == {"scope_statistics"}
    assert principal_of(world.client(ada, ClientType.TOKEN).record).write_only


@pytest.mark.parametrize(
    ("name", "mode", "kept"),
    [
        ("hit", "w", "w"),
        ("hit", "rw", "w"),
        ("hit", "wr", "w"),
        ("hit", "", None),
        ("statistics", "r", "r"),
        ("statistics", "rw", "r"),
        ("statistics", "w", "r"),
        ("domains", "r", "r"),
        ("domains", "w", "w"),
        ("domains", "rw", "w"),
        ("billing", "rw", "r"),
    ],
)
def test_a_scope_is_kept_as_the_most_it_grants(name: str, mode: str, kept: str | None) -> None:
    assert read_scopes({name: mode}, POSSIBLE).get(name) == kept


def test_every_wrong_scope_is_named() -> None:
    with pytest.raises(Invalid) as raised:
        read_scopes({"hit": "r", "domains": "x", "cookies": "w", "themes": "r"}, POSSIBLE)
    assert set(raised.value.fields) == {"scope_hit", "scope_domains", "scope_cookies"}


def test_writing_includes_reading(world: World) -> None:
    principal = principal_of(world.client(world.user("ada"), domains="w").record)
    assert principal.may(Scope.DOMAINS, "r")
    assert principal.may(Scope.DOMAINS, "w")
    assert not principal.may(Scope.STATISTICS, "r")


def test_a_client_belongs_to_a_domain_or_to_a_user(world: World) -> None:
    ada = world.user("ada")
    domain = world.domain(ada)
    for domain_id, user_id in ((None, None), (domain.id, ada.id)):
        new = NewClient(ClientType.OAUTH, domain_id, user_id)
        creating = partial(create_client, new=new, now=0)
        with pytest.raises(Invalid, match="a domain or to a user"):
            world.records.write(creating)


def test_all_unknown_owners_are_named(world: World) -> None:
    with pytest.raises(Invalid) as raised:
        world.records.read(lambda s: owner_ids(s, "nonsense", "nobody@example.com"))
    assert set(raised.value.fields) == {"domain", "user"}


def test_clients_are_listed_by_what_they_belong_to(world: World) -> None:
    ada = world.user("ada")
    domain = world.domain(ada)
    own, its = world.client(ada).record, world.client(domain).record
    every = world.records.read(list_clients)
    assert {c.id for c in every} == {own.id, its.id}
    of_domain = world.records.read(lambda s: list_clients(s, domain_id=domain.id))
    of_user = world.records.read(lambda s: list_clients(s, user_id=ada.id))
    assert ([c.id for c in of_domain], [c.id for c in of_user]) == ([its.id], [own.id])


def test_a_shown_client_holds_no_secret(world: World) -> None:
    shown = wire_client(world.client(world.domain(world.user("ada"))).record)
    assert set(shown) == {
        "id",
        "def_time",
        "mod_time",
        "domain_id",
        "user_id",
        "type",
        "client_id",
        "description",
        *(f"scope_{scope}" for scope in Scope),
    }
