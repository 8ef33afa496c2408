from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import event, update

from hoofprint.errors import NotFound, Unauthenticated
from hoofprint.management.clients import principal_of
from hoofprint.management.listing import Domains
from hoofprint.model.principal import Principal
from hoofprint.model.role import Role
from hoofprint.records.tables import ClientType, DomainRecord, UserRecord

from .world import World


@pytest.fixture
def domains(world: World) -> Domains:
    return Domains(world.records, world.clock)


class Ask:
    """`GET /domain` with these query parameters."""

    def __init__(self, domains: Domains) -> None:
        self.domains = domains

    def __call__(self, principal: Principal | None, **query: str) -> Any:
        return asyncio.run(self.domains.answer(principal, list(query.items())))

    def one(self, principal: Principal | None, **query: str) -> Any:
        shown = self(principal, **query)
        assert isinstance(shown, dict)
        return shown["id"]


@pytest.fixture
def ask(domains: Domains) -> Ask:
    return Ask(domains)


def caller(world: World, of: DomainRecord | UserRecord) -> Principal:
    """An access key: `GET /domain` asks for no scope."""
    return principal_of(world.client(of, ClientType.TOKEN).record)


def test_a_domain_client_gets_an_array_with_its_one_domain(world: World, ask: Ask) -> None:
    ada = world.user("ada")
    own = world.domain(ada)
    world.domain(ada)
    shown = ask(caller(world, own))
    assert [d["id"] for d in shown] == [own.id]
    assert shown[0]["user_role"] == "Admin"


def test_a_user_client_gets_all_its_domains_with_its_role(world: World, ask: Ask) -> None:
    ada, bob = world.user("ada"), world.user("bob")
    managed, viewed = world.domain(bob), world.domain(bob)
    own = [world.domain(ada), world.domain(ada)]
    world.domain(bob)
    world.member(managed, ada, Role.ADMIN)
    world.member(viewed, ada, Role.VIEWER)
    world.member(viewed, world.user("carl"), Role.ADMIN)
    shown = ask(caller(world, ada))
    assert [(d["id"], d["user_role"]) for d in shown] == [
        (own[0].id, "Owner"),
        (own[1].id, "Owner"),
        (managed.id, "Admin"),
        (viewed.id, "Viewer"),
    ]


def test_a_user_without_domains_gets_an_empty_array(world: World, ask: Ask) -> None:
    assert ask(caller(world, world.user("ada"))) == []


def test_empty_parameters_are_unset(world: World, ask: Ask) -> None:
    own = world.domain(world.user("ada"))
    assert isinstance(ask(caller(world, own), id="", subdomain=" ", access=""), list)


def test_one_domain_is_named_in_four_ways(world: World, ask: Ask) -> None:
    ada = world.user("ada")
    own = world.domain(ada, "www.example.com")
    world.records.write(
        lambda s: s.execute(update(DomainRecord).values(custom_domain="stats.example.net"))
    )
    code = world.link(own)
    for principal in (caller(world, own), caller(world, ada)):
        for query in (
            {"id": own.id},
            {"subdomain": "Example"},
            {"domain": "Stats.example.net"},
            {"domain": "example.com"},
            {"domain": "www.example.com"},
            {"access": code},
            {"access": code, "id": own.id},
        ):
            assert ask.one(principal, **query) == own.id


def test_what_is_unknown_or_not_yours_is_not_found(world: World, ask: Ask) -> None:
    ada, bob = world.user("ada"), world.user("bob")
    own, strange = world.domain(ada, "own.test"), world.domain(bob, "strange.test")
    for principal in (caller(world, own), caller(world, ada)):
        for query in (
            {"id": strange.id},
            {"subdomain": strange.subdomain},
            {"domain": "strange.test"},
            {"id": "x" * 10},
            {"domain": "\0"},
            {"access": "x" * 32},
            {"id": strange.id, "access": world.link(own)},
        ):
            with pytest.raises(NotFound):
                ask(principal, **query)


def test_a_hostname_that_others_measure_too_is_the_callers_own(world: World, ask: Ask) -> None:
    ada, bob = world.user("ada"), world.user("bob")
    world.domain(bob)
    own = world.domain(ada)
    assert ask.one(caller(world, ada), domain="example.com") == own.id


def test_a_custom_domain_beats_a_hostname(world: World, ask: Ask) -> None:
    ada = world.user("ada")
    world.domain(ada, "example.com")
    custom = world.domain(ada, "other.test")
    world.records.write(
        lambda s: s.execute(
            update(DomainRecord)
            .where(DomainRecord.id == custom.id)
            .values(custom_domain="example.com")
        )
    )
    assert ask.one(caller(world, ada), domain="example.com") == custom.id


def test_an_access_link_shows_its_domain_to_everybody_until_it_ends(world: World, ask: Ask) -> None:
    domain = world.domain(world.user("ada"))
    code = world.link(domain, world.clock() + 60)
    for principal in (None, caller(world, world.user("bob"))):
        shown = ask(principal, access=code)
        assert (shown["id"], shown["user_role"]) == (domain.id, "Viewer")
    world.clock.now += 60.001
    with pytest.raises(Unauthenticated):
        ask(None, access=code)


def test_strangers_see_nothing(world: World, ask: Ask) -> None:
    domain = world.domain(world.user("ada"))
    for query in (
        {},
        {"id": domain.id},
        {"subdomain": domain.subdomain},
        {"domain": domain.hostname},
        {"id": "x" * 10},
        {"access": "x" * 32},
    ):
        with pytest.raises(Unauthenticated):
            ask(None, **query)
    with pytest.raises(NotFound):
        ask(None, id="x" * 10, access=world.link(domain))


def test_a_public_domain_is_shown_to_everybody_who_names_it(world: World, ask: Ask) -> None:
    ada, bob = world.user("ada"), world.user("bob")
    world.domain(ada, "example.com")
    public = world.domain(ada, "example.com", public=True)
    for principal in (None, caller(world, bob), caller(world, world.domain(bob, "bob.test"))):
        for query in (
            {"id": public.id},
            {"subdomain": public.subdomain},
            {"domain": "example.com"},
            {"id": public.id, "access": "x" * 32},
        ):
            shown = ask(principal, **query)
            assert (shown["id"], shown["user_role"]) == (public.id, "Viewer")


def test_guests_are_told_nothing_of_the_people_behind_a_domain(world: World, ask: Ask) -> None:
    ada, bob = world.user("ada"), world.user("bob")
    domain = world.domain(ada, public=True)
    private = {
        "google_user_id": "1",
        "google_user_email": "ada@example.com",
        "gsc_domain": "sc-domain:example.com",
        "new_owner": "bob@example.com",
        "notes": {"note": "secret"},
    }
    world.records.write(lambda s: s.execute(update(DomainRecord).values(**private)))
    world.member(domain, bob, Role.VIEWER)
    code = world.link(domain)
    names = ["metadata" if name == "notes" else name for name in private]
    for query in ({"id": domain.id}, {"access": code}):
        assert [ask(None, **query)[name] for name in names] == [None, None, None, None, {}]
    for of in (ada, bob, domain):
        shown = ask(caller(world, of), id=domain.id)
        assert [shown[name] for name in names] == list(private.values())


def test_a_thousand_domains_take_as_many_queries_as_one(world: World, ask: Ask) -> None:
    """Half of them are the caller's own, in the other half it is a member."""
    ada, bob = world.user("ada"), world.user("bob")
    caller_of = caller(world, ada)
    statements: list[str] = []
    event.listen(
        world.records._engine, "before_cursor_execute", lambda *given: statements.append(given[2])
    )

    def queries() -> int:
        statements.clear()
        ask(caller_of)
        return len([s for s in statements if s.startswith("SELECT")])

    world.many_domains(ada, bob, 1)
    few = queries()
    world.many_domains(ada, bob, 499)
    assert queries() == few <= 2
    found = ask(caller_of)
    assert [one["user_role"] for one in found] == ["Owner"] * 500 + ["Viewer"] * 500
