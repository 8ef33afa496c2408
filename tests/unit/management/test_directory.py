from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import delete, event, update

from hoofprint.errors import Unauthenticated
from hoofprint.management.directory import Directory
from hoofprint.management.tokens import Tokens
from hoofprint.model.domain import Domain
from hoofprint.model.principal import Principal
from hoofprint.model.role import Role
from hoofprint.records.tables import ClientRecord, ClientType, DomainRecord

from .world import World


@pytest.fixture
def directory(world: World, tokens: Tokens) -> Directory:
    return Directory(world.records, world.clock, tokens)


def principal(directory: Directory, bearer: str) -> Principal:
    return asyncio.run(directory.principal(bearer))


def token(world: World, tokens: Tokens, client_id: str) -> str:
    return tokens.issue(client_id, world.clock())[0]


def remove(world: World, client_id: str) -> None:
    world.records.write(
        lambda s: s.execute(delete(ClientRecord).where(ClientRecord.client_id == client_id))
    )


def test_a_token_is_its_client(world: World, tokens: Tokens, directory: Directory) -> None:
    domain = world.domain(world.user("ada"))
    client = world.client(domain, hit="w").record
    found = principal(directory, token(world, tokens, client.client_id))
    assert found == Principal(client.client_id, {"hit": "w"}, domain_id=domain.id)


def test_an_access_key_is_its_client(world: World, directory: Directory) -> None:
    ada = world.user("ada")
    issued = world.client(ada, ClientType.TOKEN)
    found = principal(directory, issued.secret)
    assert found.user_id == ada.id
    assert found.write_only
    assert set(found.scopes) == {"hit", "event", "session"}


def test_what_is_fresh_needs_no_database(
    world: World, tokens: Tokens, directory: Directory
) -> None:
    ada = world.user("ada")
    bearers = [
        token(world, tokens, world.client(ada).record.client_id),
        world.client(ada, ClientType.TOKEN).secret,
    ]
    assert [directory.cached_principal(b) for b in bearers] == [None, None]
    found = [principal(directory, b) for b in bearers]
    assert [directory.cached_principal(b) for b in bearers] == found


def test_a_deleted_client_stops_working_within_five_seconds(
    world: World, tokens: Tokens, directory: Directory
) -> None:
    ada = world.user("ada")
    for kind in ClientType:
        issued = world.client(ada, kind)
        bearer = issued.secret
        if kind is ClientType.OAUTH:
            bearer = token(world, tokens, issued.record.client_id)
        principal(directory, bearer)
        remove(world, issued.record.client_id)
        world.clock.now += 4.9
        assert principal(directory, bearer)
        world.clock.now += 0.1
        assert directory.cached_principal(bearer) is None
        with pytest.raises(Unauthenticated):
            principal(directory, bearer)


def test_a_token_ends_with_its_hour_even_if_its_client_was_just_read(
    world: World, tokens: Tokens, directory: Directory
) -> None:
    bearer = token(world, tokens, world.client(world.user("ada")).record.client_id)
    world.clock.now += 3599
    principal(directory, bearer)
    world.clock.now += 1
    assert directory.cached_principal(bearer) is None
    with pytest.raises(Unauthenticated):
        principal(directory, bearer)


def test_a_new_client_works_within_a_second_after_it_was_refused(
    world: World, tokens: Tokens, directory: Directory
) -> None:
    issued = world.client(world.user("ada"))
    bearer = token(world, tokens, issued.record.client_id)
    world.records.write(lambda s: s.execute(update(ClientRecord).values(client_id="z" * 32)))
    with pytest.raises(Unauthenticated):
        principal(directory, bearer)
    world.records.write(
        lambda s: s.execute(update(ClientRecord).values(client_id=issued.record.client_id))
    )
    world.clock.now += 1
    assert principal(directory, bearer)


def test_nobodys_bearers_are_refused(world: World, tokens: Tokens, directory: Directory) -> None:
    issued = world.client(world.user("ada"))
    key = world.client(world.user("bob"), ClientType.TOKEN)
    for bearer in [
        "",
        "garbage",
        "pa_" + "x" * 45,
        "pa_" + "x" * 44,
        "x" * 100_000,
        issued.secret,
        issued.record.client_id,
        key.record.secret_hash,
        token(world, tokens, "x" * 32),
        token(world, tokens, key.record.client_id),
        token(world, tokens, issued.record.client_id)[:-4] + "AAAA",
    ]:
        assert directory.cached_principal(bearer) is None
        with pytest.raises(Unauthenticated):
            principal(directory, bearer)


def test_a_hundred_misses_of_one_key_make_one_query(
    world: World, tokens: Tokens, directory: Directory
) -> None:
    client_id = world.client(world.user("ada")).record.client_id
    bearers = [token(world, tokens, client_id) for _ in range(100)]
    statements: list[str] = []
    event.listen(
        world.records._engine,
        "before_cursor_execute",
        lambda *given: statements.append(given[2]) if "FROM clients" in given[2] else None,
    )

    async def everybody() -> list[Principal]:
        return await asyncio.gather(*(directory.principal(b) for b in bearers))

    assert len(asyncio.run(everybody())) == 100
    assert len(statements) == 1


def test_domains_are_found_by_id_and_by_code(world: World, directory: Directory) -> None:
    record = world.domain(world.user("ada"), "www.example.com", "*.example.org", public=True)
    expected = Domain(
        id=record.id,
        hostname="www.example.com",
        timezone="Europe/Berlin",
        identification_code=record.identification_code,
        hostnames=("*.example.org",),
        public=True,
    )
    assert directory.cached_domain(record.id) is None
    assert directory.cached_domain_by_code(record.identification_code) is None
    assert asyncio.run(directory.domain_by_id(record.id)) == expected
    assert asyncio.run(directory.domain_by_code(record.identification_code)) == expected
    assert directory.cached_domain(record.id) == expected
    assert directory.cached_domain_by_code(record.identification_code) == expected


@pytest.mark.parametrize("text", ["", "x" * 10, "x" * 32, "\0" * 10, "\ud800" * 32, "ä" * 10])
def test_unknown_domains_are_none(directory: Directory, text: str) -> None:
    assert asyncio.run(directory.domain_by_id(text)) is None
    assert asyncio.run(directory.domain_by_code(text)) is None
    assert directory.cached_domain(text) is None


def test_a_new_identification_code_replaces_the_old_one_within_five_seconds(
    world: World, directory: Directory
) -> None:
    record = world.domain(world.user("ada"))
    old = record.identification_code
    asyncio.run(directory.domain_by_code(old))
    world.records.write(
        lambda s: s.execute(update(DomainRecord).values(identification_code="n" * 32))
    )
    assert asyncio.run(directory.domain_by_code("n" * 32)) is not None
    world.clock.now += 5
    assert asyncio.run(directory.domain_by_code(old)) is None


def test_a_users_hits_go_where_the_hostname_says(world: World, directory: Directory) -> None:
    ada, bob = world.user("ada"), world.user("bob")
    first = world.domain(ada, "example.com", "*.example.com")
    world.domain(ada, "example.com")
    shop = world.domain(ada, "shop.example.com")
    world.domain(bob, "bob.test")

    def find(hostname: str) -> str | None:
        found = asyncio.run(directory.domain_for_user(ada.id, hostname))
        return None if found is None else found.id

    assert find("www.Example.com") == first.id
    assert find("shop.example.com") == shop.id
    assert find("blog.example.com") == first.id
    assert find("bob.test") is None
    assert asyncio.run(directory.domain_for_user("nobody", "example.com")) is None


def test_only_admins_write_into_others_domains_and_their_own_come_first(
    world: World, directory: Directory
) -> None:
    ada, bob = world.user("ada"), world.user("bob")
    viewed, managed = world.domain(bob, "viewed.test"), world.domain(bob, "managed.test")
    world.member(viewed, ada, Role.VIEWER)
    world.member(managed, ada, Role.ADMIN)
    assert asyncio.run(directory.domain_for_user(ada.id, "viewed.test")) is None
    found = asyncio.run(directory.domain_for_user(ada.id, "managed.test"))
    assert found is not None
    own = world.domain(ada, "managed.test")
    world.clock.now += 5
    found = asyncio.run(directory.domain_for_user(ada.id, "managed.test"))
    assert found is not None
    assert found.id == own.id
