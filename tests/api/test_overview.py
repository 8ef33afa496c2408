"""`GET /statistics/overview`: who may ask, what doesn't matter, members, how old it may be."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from hoofprint.management.domains import NewDomain, create_domain
from hoofprint.management.users import NewUser, create_user
from hoofprint.records.engine import Records
from hoofprint.records.moments import moment
from hoofprint.records.tables import MemberRecord

from .world import NOW, World

PATH = "/api/v1/statistics/overview"


def overview(world: World, domain_id: str, bearer: str, **query: str) -> Any:
    path = f"{PATH}?{urlencode({'id': domain_id, **query})}"
    answer = world.send("GET", path, bearer=bearer)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_only_a_domain_is_needed_and_it_is_named_when_it_is_missing(world: World) -> None:
    answer = world.send("GET", PATH, bearer=world.cast.domain_token)
    assert answer.status_code == 400
    assert answer.json() == {"validation": {"id": "is required"}, "error": [], "context": {}}
    found = overview(world, world.cast.domain.id, world.cast.domain_token)
    assert (found["visitors"], len(found["visitors_time_series"])) == (0, 7)


def test_what_does_not_matter_may_be_anything(world: World) -> None:
    cast = world.cast
    query = {"from": "x", "tz": "Mars", "sort": "x", "limit": "-1", "pattern": "(", "start": "-1"}
    found = overview(world, cast.domain.id, cast.domain_token, **query)
    assert found == overview(world, cast.domain.id, cast.domain_token)


def test_an_answer_that_is_kept_is_only_for_those_who_may_ask(world: World) -> None:
    cast = world.cast
    overview(world, cast.domain.id, cast.user_token)
    overview(world, cast.sibling.id, cast.user_token)
    asked = f"{PATH}?id={cast.domain.id}"
    assert world.send("GET", asked).status_code == 401
    assert world.send("GET", asked, bearer=cast.access_key).status_code == 403
    other = f"{PATH}?id={cast.sibling.id}"
    assert world.send("GET", other, bearer=cast.domain_token).status_code == 404
    assert world.send("GET", f"{PATH}?id=x", bearer=cast.user_token).status_code == 404


def domain_of(records: Records, owner: str, hostname: str) -> str:
    """The id of a new domain."""
    new = NewDomain(hostname, "UTC")
    return records.write(lambda s: create_domain(s, new, owner, NOW)).id


def join(records: Records, domain_id: str, user_id: str) -> None:
    """Make somebody a member."""
    times = {"def_time": moment(NOW), "mod_time": moment(NOW)}
    member = MemberRecord(domain_id=domain_id, user_id=user_id, role="Viewer", **times)
    records.write(lambda s: s.add(member))


def user(records: Records, email: str) -> str:
    """The id of a new account."""
    return records.write(lambda s: create_user(s, NewUser(email, "x"), NOW)).id


def test_members_are_the_owner_and_the_others_each_once(world: World, records: Records) -> None:
    owner, bearer = world.cast.user_id, world.cast.user_token
    team, alone = (domain_of(records, owner, f"{name}.example") for name in ("team", "alone"))
    for somebody in (owner, user(records, "b@example.org"), user(records, "c@example.org")):
        join(records, team, somebody)
    assert overview(world, team, bearer)["member"] == 3
    assert overview(world, alone, bearer)["member"] == 1


def test_an_overview_is_as_old_as_half_an_hour_and_no_older(world: World, records: Records) -> None:
    now = NOW
    world = world.but(clock=lambda: now)
    domain_id, bearer = domain_of(records, world.cast.user_id, "old.example"), world.cast.user_token
    assert overview(world, domain_id, bearer)["member"] == 1
    join(records, domain_id, user(records, "d@example.org"))
    assert overview(world, domain_id, bearer)["member"] == 1
    now += 1799
    assert overview(world, domain_id, bearer)["member"] == 1
    now += 1
    assert overview(world, domain_id, bearer)["member"] == 2
