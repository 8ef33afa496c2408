"""`GET /statistics/overview`: who may ask, what doesn't matter, members, how old it may be."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from msgspec.structs import replace
from sqlalchemy.orm import Session

from hoofprint.api.metrics import Metrics
from hoofprint.bootstrap import open_asking
from hoofprint.management.domains import NewDomain, create_domain
from hoofprint.management.users import NewUser, create_user
from hoofprint.records.engine import Records
from hoofprint.records.moments import moment
from hoofprint.records.tables import MemberRecord
from hoofprint.store.writes import Writes

from .worked_series import LAST_WEEK
from .worked_site import open_site
from .world import NOW, Cast, World

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


@pytest.fixture(scope="module")
def team(records: Records, actors: Cast) -> str:
    """The id of a domain with an owner, who is also listed as a member, and two others."""

    def add(session: Session) -> str:
        owner = actors.user_id
        domain = create_domain(session, NewDomain("team.example", "UTC"), owner, NOW)
        others = [
            create_user(session, NewUser(f"{name}@example.org", "x"), NOW) for name in ("b", "c")
        ]
        session.flush()
        times = {"def_time": moment(NOW), "mod_time": moment(NOW)}
        session.add_all(
            MemberRecord(domain_id=domain.id, user_id=user_id, role="Viewer", **times)
            for user_id in (owner, *(user.id for user in others))
        )
        return domain.id

    return records.write(add)


def test_members_are_the_owner_and_the_others_each_once(world: World, team: str) -> None:
    assert overview(world, team, world.cast.user_token)["member"] == 3
    assert overview(world, world.cast.sibling.id, world.cast.user_token)["member"] == 1


def test_an_overview_is_as_old_as_half_an_hour_and_no_older(world: World, tmp_path: Path) -> None:
    now = NOW
    settings = replace(world.services.settings, query_cache_bytes=0)
    parts = (settings, world.services.store, Writes(), lambda: now, Metrics())
    asking = open_asking(*parts)
    world = world.but(clock=lambda: now, asking=asking)
    domain_id, bearer = world.cast.domain.id, world.cast.domain_token
    empty = overview(world, domain_id, bearer)
    with open_site(world, world.services.store, tmp_path / "spool"):
        assert overview(world, domain_id, bearer) == empty
        now += 1799
        assert overview(world, domain_id, bearer) == empty
        now += 1
        assert overview(world, domain_id, bearer) == LAST_WEEK
