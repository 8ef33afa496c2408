"""Law 6 for statistics: every kind of principal on every route gets what the access table says."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlencode

import pytest
from sqlalchemy.orm import Session

from hoofprint.management.clients import NewClient, create_client
from hoofprint.management.domains import NewDomain, create_domain
from hoofprint.management.links import Link, create_link
from hoofprint.management.tokens import LIFETIME_SECONDS, Tokens
from hoofprint.management.users import NewUser, create_user
from hoofprint.model.role import Role
from hoofprint.query.report import Report
from hoofprint.query.reports import REPORTS
from hoofprint.records.engine import Records
from hoofprint.records.moments import moment
from hoofprint.records.tables import ClientType, MemberRecord

from .test_statistics import query_for
from .worked_goals import FUNNEL, store_funnel
from .world import NOW, World

OK, WHO, MAY_NOT, UNKNOWN = 200, 401, 403, 404
DOMAINS = ("private", "public", "missing")


class Visitor(NamedTuple):
    """Credentials, and the status for each of `DOMAINS`."""

    bearer: str | None
    code: str
    statuses: tuple[int, int, int]


class Scene(NamedTuple):
    """Two domains and an id that nobody has, by the names in `DOMAINS`, each with a funnel."""

    ids: dict[str, str]
    funnels: dict[str, str]
    visitors: dict[str, Visitor]


@pytest.fixture(scope="module")
def scene(records: Records, tokens: Tokens) -> Scene:
    return records.write(lambda session: _arrange(session, tokens))


def _arrange(session: Session, tokens: Tokens) -> Scene:
    def user(name: str) -> str:
        made = create_user(session, NewUser(f"{name}@table.example", "x"), NOW)
        session.flush()
        return made.id

    owner, admin, viewer, stranger = map(user, ("owner", "admin", "viewer", "stranger"))
    private, public, strange = (
        create_domain(session, NewDomain(name + ".example", "UTC", public=open_to_all), of, NOW)
        for name, of, open_to_all in (
            ("private", owner, False),
            ("public", owner, True),
            ("strange", stranger, False),
        )
    )
    for domain in (private, public):
        for member, role in ((admin, Role.ADMIN), (viewer, Role.VIEWER)):
            times = {"def_time": moment(NOW), "mod_time": moment(NOW)}
            session.add(MemberRecord(domain_id=domain.id, user_id=member, role=role, **times))

    def client(scopes: dict[str, str], **of: str) -> str:
        new = NewClient(ClientType.OAUTH, scopes=scopes, **of)
        return create_client(session, new, NOW).record.client_id

    def token(scopes: dict[str, str], **of: str) -> str:
        return tokens.issue(client(scopes, **of), NOW)[0]

    def key(domain_id: str | None = None, user_id: str | None = None) -> str:
        new = NewClient(ClientType.TOKEN, domain_id, user_id)
        return create_client(session, new, NOW).secret

    def link(domain_id: str, until: float | None) -> str:
        valid_until = None if until is None else moment(until)
        return create_link(session, domain_id, Link("", valid_until), NOW).code

    statistics = {"statistics": "r"}
    others = {"hit": "w", "event": "w", "session": "w", "domains": "w", "billing": "r"}
    expired = tokens.issue(client(statistics, domain_id=private.id), NOW - LIFETIME_SECONDS)[0]
    own_valid, own_expired = link(private.id, NOW + 1), link(private.id, NOW)
    others_valid, others_expired = link(strange.id, None), link(strange.id, NOW)
    nobody = (WHO, OK, WHO)
    visitors = {
        "nobody": Visitor(None, "", nobody),
        "an empty bearer": Visitor("", "", nobody),
        "a wrong token": Visitor("a.b.c", "", (WHO, WHO, WHO)),
        "an unknown access key": Visitor("pa_" + "x" * 45, "", (WHO, WHO, WHO)),
        "an expired token": Visitor(expired, "", (WHO, WHO, WHO)),
        "an access key": Visitor(key(domain_id=private.id), "", (MAY_NOT, OK, MAY_NOT)),
        "a user's access key": Visitor(key(user_id=owner), "", (MAY_NOT, OK, MAY_NOT)),
        "a domain client": Visitor(token(statistics, domain_id=private.id), "", (OK, OK, UNKNOWN)),
        "a domain client without the scope": Visitor(
            token(others, domain_id=private.id), "", (MAY_NOT, OK, MAY_NOT)
        ),
        "another domain's client": Visitor(
            token(statistics, domain_id=strange.id), "", (UNKNOWN, OK, UNKNOWN)
        ),
        "the owner's client": Visitor(token(statistics, user_id=owner), "", (OK, OK, UNKNOWN)),
        "the owner's client without the scope": Visitor(
            token(others, user_id=owner), "", (MAY_NOT, OK, MAY_NOT)
        ),
        "an admin's client": Visitor(token(statistics, user_id=admin), "", (OK, OK, UNKNOWN)),
        "a viewer's client": Visitor(token(statistics, user_id=viewer), "", (OK, OK, UNKNOWN)),
        "a stranger's client": Visitor(
            token(statistics, user_id=stranger), "", (UNKNOWN, OK, UNKNOWN)
        ),
        "a link": Visitor(None, own_valid, (OK, OK, UNKNOWN)),
        "an expired link": Visitor(None, own_expired, nobody),
        "another domain's link": Visitor(None, others_valid, (UNKNOWN, OK, UNKNOWN)),
        "another domain's expired link": Visitor(None, others_expired, nobody),
        "an unknown link": Visitor(None, "x" * 32, nobody),
        "a link beside an access key": Visitor(
            key(domain_id=private.id), own_valid, (OK, OK, MAY_NOT)
        ),
        "a link beside a wrong token": Visitor("a.b.c", own_valid, (WHO, WHO, WHO)),
        "an expired link beside a client": Visitor(
            token(statistics, domain_id=private.id), own_expired, (OK, OK, UNKNOWN)
        ),
    }
    ids = {"private": private.id, "public": public.id, "missing": "A" * 10}
    funnels = {name: f"Funnel{name[:4]}" for name in ids}
    for name in ("private", "public"):
        store_funnel(session, ids[name], funnels[name])
    return Scene(ids, funnels, visitors)


@pytest.mark.parametrize("report", REPORTS, ids=lambda report: report.route)
def test_everybody_gets_what_the_access_table_says(
    world: World, scene: Scene, report: Report
) -> None:
    for name, visitor in scene.visitors.items():
        for domain, status in zip(DOMAINS, visitor.statuses, strict=True):
            query = {"id": scene.ids[domain], "from": "2026-05-01", "to": "2026-05-02"}
            if visitor.code:
                query["access"] = visitor.code
            needed = query_for(report).replace(FUNNEL, scene.funnels[domain])
            path = f"/api/v1/statistics{report.route}?{urlencode(query)}&{needed}"
            answer = world.send("GET", path, bearer=visitor.bearer)
            assert answer.status_code == status, f"{name}, {domain} domain"
            if status != OK:
                assert list(answer.json()) == ["validation", "error", "context"]


def test_a_refusal_tells_no_private_domain_from_a_missing_one(world: World, scene: Scene) -> None:
    """Byte by byte, for everybody who may read neither."""
    for name, visitor in scene.visitors.items():
        if visitor.statuses[0] != OK:
            answers = []
            for domain in ("private", "missing"):
                query = {"id": scene.ids[domain], "access": visitor.code}
                path = f"/api/v1/statistics/total?{urlencode(query)}"
                answer = world.send("GET", path, bearer=visitor.bearer)
                answers.append((answer.status_code, answer.content, answer.headers))
            assert answers[0] == answers[1], name
