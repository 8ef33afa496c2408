from __future__ import annotations

import asyncio

import pytest

from hoofprint.errors import Forbidden, HoofprintError, Invalid, NotFound, Unauthenticated
from hoofprint.management.access import RIGHTS, Access, Action, Asker, Credentials, check
from hoofprint.management.directory import Directory
from hoofprint.management.tokens import Tokens
from hoofprint.model.principal import Principal
from hoofprint.model.role import Role
from hoofprint.records.tables import ClientType, DomainRecord

from .world import World

READER = Principal("c", {"statistics": "r"}, user_id="u")
WRITER = Principal("c", {"hit": "w"}, user_id="u")


@pytest.fixture
def access(world: World, tokens: Tokens) -> Access:
    return Access(Directory(world.records, world.clock, tokens))


class Ask:
    """Asks for the statistics of a domain, in several ways."""

    def __init__(self, world: World, tokens: Tokens, access: Access) -> None:
        self.world, self.tokens, self.access = world, tokens, access

    def bearer(self, client_id: str) -> str:
        return "Bearer " + self.tokens.issue(client_id, self.world.clock())[0]

    def __call__(self, domain_id: str, authorization: str | None = None, code: str = "") -> str:
        pairs = [("from", "2024-01-01"), ("id", domain_id), ("access", code)]
        return asyncio.run(self.access.statistics_domain(pairs, Credentials(authorization))).id


@pytest.fixture
def ask(world: World, tokens: Tokens, access: Access) -> Ask:
    return Ask(world, tokens, access)


def test_every_action_has_a_right() -> None:
    assert set(RIGHTS) == set(Action)


@pytest.mark.parametrize(
    ("asker", "public", "outcome"),
    [
        (Asker(), False, Unauthenticated),
        (Asker(), True, Role.VIEWER),
        (Asker(linked=True), False, Role.VIEWER),
        (Asker(linked=False), False, NotFound),
        (Asker(READER, Role.OWNER), False, Role.OWNER),
        (Asker(READER, Role.VIEWER), True, Role.VIEWER),
        (Asker(READER), False, NotFound),
        (Asker(READER), True, Role.VIEWER),
        (Asker(READER, linked=True), False, Role.VIEWER),
        (Asker(WRITER, Role.OWNER), False, Forbidden),
        (Asker(WRITER), False, Forbidden),
        (Asker(WRITER, Role.OWNER), True, Role.VIEWER),
        (Asker(WRITER, Role.OWNER, linked=True), False, Role.VIEWER),
    ],
)
def test_who_may_read_statistics(
    asker: Asker, public: bool, outcome: Role | type[HoofprintError]
) -> None:
    if isinstance(outcome, Role):
        assert check(Action.READ_STATISTICS, asker, public) is outcome
    else:
        with pytest.raises(outcome):
            check(Action.READ_STATISTICS, asker, public)


@pytest.mark.parametrize("action", [Action.READ_SETTINGS, Action.CHANGE_SETTINGS])
@pytest.mark.parametrize(
    ("scopes", "role", "outcome"),
    [
        ({"domains": "w"}, Role.OWNER, True),
        ({"domains": "rw"}, Role.ADMIN, True),
        ({"domains": "r"}, Role.ADMIN, Action.READ_SETTINGS),
        ({"domains": "w"}, Role.VIEWER, Forbidden),
        ({"domains": "w"}, None, NotFound),
        ({"statistics": "r"}, Role.OWNER, Forbidden),
        ({"statistics": "r"}, None, Forbidden),
    ],
)
def test_who_may_manage_a_domain(
    action: Action,
    scopes: dict[str, str],
    role: Role | None,
    outcome: bool | Action | type[HoofprintError],
) -> None:
    """Neither an access link nor a public domain opens anything there."""
    asker = Asker(Principal("c", scopes, user_id="u"), role, linked=True)
    if outcome in {True, action}:
        assert check(action, asker, public=True) is role
    else:
        error = outcome if isinstance(outcome, type) else Forbidden
        with pytest.raises(error):
            check(action, asker, public=True)


def test_nobody_manages_a_domain_without_a_client() -> None:
    for action in (Action.READ_SETTINGS, Action.CHANGE_SETTINGS):
        with pytest.raises(Unauthenticated):
            check(action, Asker(), public=True)
        with pytest.raises(NotFound):
            check(action, Asker(linked=True), public=True)


def test_every_client_may_read_its_domain_whatever_its_scopes() -> None:
    nothing = Principal("c", {}, domain_id="d", write_only=True)
    assert check(Action.READ_DOMAIN, Asker(nothing, Role.ADMIN), public=False) is Role.ADMIN


def test_a_role_may_what_the_ones_after_it_may() -> None:
    assert [Role.ADMIN.reaches(least) for least in Role] == [False, True, True]


def test_a_domain_client_reads_its_own_domain_only(world: World, ask: Ask) -> None:
    ada = world.user("ada")
    own, other = world.domain(ada), world.domain(ada, "other.test")
    bearer = ask.bearer(world.client(own).record.client_id)
    assert ask(own.id, bearer) == own.id
    for domain_id in (other.id, "x" * 10, "nonsense"):
        with pytest.raises(NotFound):
            ask(domain_id, bearer)


def test_a_user_client_reads_what_its_user_owns_or_is_a_member_of(world: World, ask: Ask) -> None:
    ada, bob = world.user("ada"), world.user("bob")
    own, shared, strange = world.domain(ada), world.domain(bob), world.domain(bob)
    world.member(shared, ada, Role.VIEWER)
    bearer = ask.bearer(world.client(ada).record.client_id)
    assert [ask(d.id, bearer) for d in (own, shared)] == [own.id, shared.id]
    with pytest.raises(NotFound):
        ask(strange.id, bearer)


def test_without_the_scope_nothing_is_told(world: World, ask: Ask) -> None:
    ada = world.user("ada")
    own = world.domain(ada)
    bearers = [
        ask.bearer(world.client(own, hit="w").record.client_id),
        "Bearer " + world.client(own, ClientType.TOKEN).secret,
    ]
    for bearer in bearers:
        for domain_id in (own.id, "x" * 10):
            with pytest.raises(Forbidden):
                ask(domain_id, bearer)


def test_strangers_are_asked_who_they_are_before_anything_is_told(world: World, ask: Ask) -> None:
    domain = world.domain(world.user("ada"))
    for domain_id in (domain.id, "x" * 10):
        for authorization in (None, "", "Bearer", "Bearer  ", "Bearer wrong", "Basic YTpi"):
            with pytest.raises(Unauthenticated):
                ask(domain_id, authorization)


def test_a_public_domain_asks_for_nothing_but_no_lies(world: World, ask: Ask) -> None:
    ada, bob = world.user("ada"), world.user("bob")
    public = world.domain(ada, public=True)
    key = "Bearer " + world.client(bob, ClientType.TOKEN).secret
    for authorization in (None, "Bearer ", key):
        assert ask(public.id, authorization) == public.id
    with pytest.raises(Unauthenticated):
        ask(public.id, "Bearer wrong")


def test_an_access_link_opens_one_domain_until_it_ends(world: World, ask: Ask) -> None:
    ada = world.user("ada")
    domain, other = world.domain(ada), world.domain(ada)
    forever, ending = world.link(domain), world.link(domain, world.clock() + 60)
    assert [ask(domain.id, None, code) for code in (forever, ending)] == [domain.id] * 2
    with pytest.raises(NotFound):
        ask(other.id, None, forever)
    world.clock.now += 60.001
    assert ask(domain.id, None, forever) == domain.id
    for code in (ending, "x" * 32, "nonsense"):
        with pytest.raises(Unauthenticated):
            ask(domain.id, None, code)


def test_a_missing_id_is_named(world: World, ask: Ask) -> None:
    domain = world.domain(world.user("ada"))
    bearer = ask.bearer(world.client(domain).record.client_id)
    with pytest.raises(Invalid) as raised:
        ask("  ", bearer)
    assert raised.value.fields == {"id": "is required"}


def test_a_removed_member_reads_nothing_after_five_seconds(world: World, ask: Ask) -> None:
    ada, bob = world.user("ada"), world.user("bob")
    shared = world.domain(bob)
    world.member(shared, ada, Role.VIEWER)
    bearer = ask.bearer(world.client(ada).record.client_id)
    ask(shared.id, bearer)
    world.records.write(lambda s: s.delete(s.get_one(DomainRecord, shared.id)))
    world.clock.now += 5
    with pytest.raises(NotFound):
        ask(shared.id, bearer)


@pytest.mark.parametrize("spelling", ["Bearer {}", "bearer {}", "  BEARER   {}  "])
def test_the_header_may_be_spelled_in_many_ways(world: World, ask: Ask, spelling: str) -> None:
    key = world.client(world.user("ada"), ClientType.TOKEN)
    found = asyncio.run(ask.access.caller(Credentials(spelling.format(key.secret))))
    assert found is not None
    assert found.client_id == key.record.client_id
