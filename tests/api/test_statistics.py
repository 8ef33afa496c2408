"""The statistics endpoints on the wire: documented shapes, refusals, who may ask.

`endpoints_statistics.json` holds the example answers of the API document by route; the numbers
themselves are the matter of `test_worked_stream.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest
from sqlalchemy.orm import Session

from hoofprint.management.domains import NewDomain, create_domain
from hoofprint.management.links import Link, create_link
from hoofprint.management.steps import StepFilter
from hoofprint.management.users import NewUser, create_user
from hoofprint.query.report import Report
from hoofprint.query.reports import GOAL, REPORTS
from hoofprint.records.engine import Records
from hoofprint.records.moments import moment

from .worked_goals import FULL, FUNNEL, store_goals
from .worked_site import Site, open_site
from .world import NOW, Cast, World

ANY_TEXTS: dict[str, str] = {}
"""Stands for an object whose names are keys of tags or metadata."""
LISTED_FUNNEL = {
    **dict.fromkeys(("id", "def_time", "mod_time", "domain_id", "name"), ""),
    "steps": [
        {
            **dict.fromkeys(("id", "def_time", "mod_time", "funnel_id", "name"), ""),
            "step": 0,
            "filter": {
                **{name: [""] for name in StepFilter.__struct_fields__},
                "platform": "",
                "tags": ANY_TEXTS,
                "event_meta": ANY_TEXTS,
            },
        }
    ],
}
"""What `GET /funnel` shows of each."""
DOCUMENTED: dict[str, Any] = json.loads(
    Path(__file__).with_name("endpoints_statistics.json").read_text()
) | {
    # A later version of the API added it, in the shape of its neighbours.
    "/channel": [{"visitors": 42, "relative_visitors": 0.24, "channel": "Direct"}],
    # The API documents two shapes: this is both of them, with rates as in the series of `/visitor`.
    "/overview": {
        "visitors": 52,
        "views": 102,
        "visitor_growth": 0.02,
        "visitors_growth": 0.42,
        "views_growth": 0.23,
        "visitors_time_series": [
            {
                "day": "2024-04-10T00:00:00Z",
                "visitors": 42,
                "views": 57,
                "sessions": 48,
                "bounces": 22,
                "bounce_rate": 0.5312,
                "cr": 0.25,
                "custom_metric_avg": 42.1,
                "custom_metric_total": 0,
            }
        ],
        "member": 4,
    },
}
for report in REPORTS:
    if report.route.startswith("/options/"):  # the document gives one example for all of them
        DOCUMENTED[report.route] = ["/", "/some/path", "/other/path"]
for event in DOCUMENTED["/event/list"]:
    event["meta"] = ANY_TEXTS
for row in DOCUMENTED["/funnel"]["data"]:  # the document writes some fractions as whole numbers
    row |= {name: float(row[name]) for name in row if "relative" in name or name == "drop_off"}
DOCUMENTED["/funnel"]["definition"] = LISTED_FUNNEL
# A later version of the API added them.
DOCUMENTED["/goals"][0]["page_goal"]["tags"] = ANY_TEXTS
UNCONNECTED = "/keywords"
"""Has no rows: there is no connection to a search console."""
NEEDED = {
    "event": "Buy",
    "event_meta_key": "plan",
    "visitor_id": "304",
    "session_id": "15",
    "tag": "author",
    "funnel_id": FUNNEL,
}
"""Values for what a report needs, of the session with most kinds of facts in the stream."""
MAY = {"from": "2026-05-01", "to": "2026-05-31"}
EMPTY = {"from": "2001-01-01", "to": "2001-01-02"}
REQUIRED = "is required"


@pytest.fixture
def site(world: World, records: Records, tmp_path: Path) -> Iterator[Site]:
    """The stream of `worked_stream.py`, counted; its domain has one goal, and funnels."""
    records.write(lambda s: store_goals(s, world.cast.domain.id, FULL))
    with open_site(world, world.services.store, tmp_path / "spool") as opened:
        yield opened


def is_like(answer: Any, example: Any) -> bool:
    """Whether an answer has exactly an example's fields, with the same JSON types.

    Elements of a list are like one of the example's. Whole numbers are whole; where the example
    has a fraction, both will do.
    """
    match example:
        case dict() if example is ANY_TEXTS:
            return isinstance(answer, dict) and all(type(v) is str for v in answer.values())
        case dict():
            same = isinstance(answer, dict) and answer.keys() == example.keys()
            return same and all(is_like(answer[name], example[name]) for name in example)
        case list():
            return isinstance(answer, list) and all(
                any(is_like(element, one) for one in example) for element in answer
            )
        case float():
            return type(answer) in {int, float}
        case _:
            return type(answer) is type(example)


def flat(row: dict[str, Any]) -> dict[str, Any]:
    """The fields of a row; those of goals are in two parts."""
    return row["page_goal"] | row["stats"] if "page_goal" in row else row


def query_for(report: Report) -> str:
    return "&".join(f"{name}={NEEDED[name]}" for name in (*report.needs, *report.single))


def test_is_like_tells_shapes_apart() -> None:
    assert is_like({"a": [1, 2]}, {"a": [7]})
    for answer in ({"a": [1.5]}, {"a": [True]}, {"a": None}, {"a": [1], "b": 1}, {}, [{"a": [1]}]):
        assert not is_like(answer, {"a": [7]})
    assert is_like([{"a": None}, {"a": "x"}], [{"a": ""}, {"a": None}])


def test_every_report_answers_in_the_documented_shape(site: Site) -> None:
    for report in REPORTS:
        example = DOCUMENTED[report.route]
        answer = site.ask(report.route, query_for(report))
        assert is_like(answer, example), (report.route, answer)
        if isinstance(example, list) and report.route != UNCONNECTED:
            for one in example:
                assert any(is_like(row, one) for row in answer), (report.route, one)


def test_without_facts_the_shape_is_the_same_and_lists_are_empty(site: Site) -> None:
    period = urlencode(EMPTY)
    for report in REPORTS:
        answer = site.ask(report.route, f"{period}&{query_for(report)}")
        assert is_like(answer, DOCUMENTED[report.route]), (report.route, answer)
        if report.is_list:
            # Goals are there whether or not they are reached.
            assert answer == [] or report.about, report.route


def test_what_clients_send_in_passing_changes_nothing(site: Site) -> None:
    plain = site.ask("/page", "path=/blog")
    assert plain
    for query in (
        "path[]=/blog",
        "path[0]=/blog",
        "path=/blog&limit=0&offset=0&sort=&scale=&tz=",
        "path=/blog&hostname=&event=&tag=&tag_=&tag_author=&meta_x=&pattern=&search=&direction=",
        "path=/blog&from_time=&to_time=&start=&visitor_id=&session_id=&access=&custom_metric_type=",
        "path=/blog&utm_source=&country=&include_title=&include_avg_time_on_page=&unknown=1",
        "path=/blog&from=2026-05-03T22:15:00.000Z&to=2026-05-04T00:00:00+02:00",
        "path=/blog&from=2026-05-04&to=2026-05-03",
        "path=/blog&limit=1000",
    ):
        assert site.ask("/page", query) == plain, query


class Refused(NamedTuple):
    """A query (readable, without id) and what is said about its parameters."""

    route: str
    query: dict[str, str]
    wrong: dict[str, str]


DATE, TIME = "must be a date like 2026-05-31", "must be a time like 15:07"
RE2 = "is not a regular expression (RE2): "
NUMBER = "must be a whole number of at least 0"
GOAL_FIELDS = ", ".join((*GOAL, "visitors", "views", "cr"))
PAGE_FIELDS, TAG_FIELDS, KEYWORD_FIELDS = (
    ", ".join(DOCUMENTED[route][0]) for route in ("/page", "/tags", "/keywords")
)


def page(query: dict[str, str], **wrong: str) -> Refused:
    return Refused("/page", query, wrong)


@pytest.mark.parametrize(
    "case",
    [
        Refused("/total", {}, {"from": REQUIRED, "to": REQUIRED}),
        Refused("/total", {"from": "2026-05-01"}, {"to": REQUIRED}),
        Refused("/total", {"to": "2026-05-01"}, {"from": REQUIRED}),
        Refused("/total", MAY | {"from": "2026-13-01"}, {"from": DATE}),
        Refused("/total", MAY | {"to": "2026-02-30"}, {"to": DATE}),
        Refused("/total", {"from": "01.05.2026", "to": "today"}, {"from": DATE, "to": DATE}),
        Refused("/total", MAY | {"from": "2026-05-03Tnoon"}, {"from": DATE}),
        Refused(
            "/total",
            MAY | {"from_time": "25:00", "to_time": "1"},
            {"from_time": TIME, "to_time": TIME},
        ),
        Refused(
            "/total", MAY | {"tz": "Mars/Phobos"}, {"tz": "is not a time zone like Europe/Berlin"}
        ),
        page(MAY | {"pattern": "/(a"}, pattern=RE2 + "missing ): /(a"),
        page(MAY | {"pattern": "!a(?=b)"}, pattern=RE2 + "invalid perl operator: (?="),
        page(MAY | {"sort": "colour"}, sort=f"must be one of {PAGE_FIELDS}"),
        page(MAY | {"direction": "up"}, direction="must be asc or desc"),
        page({"start": "3601"}, start="must be a whole number from 0 to 3600"),
        page({"start": "-1"}, start="must be a whole number from 0 to 3600"),
        page({"start": "soon"}, start="must be a whole number from 0 to 3600"),
        page(
            MAY | {"limit": "-1", "offset": "-1"},
            limit=NUMBER,
            offset="must be a whole number from 0 to 1000000000",
        ),
        page(MAY | {"limit": "ten"}, limit=NUMBER),
        page(MAY | {"custom_metric_type": "text"}, custom_metric_type="must be integer or float"),
        page(MAY | {"visitor_id": "me"}, visitor_id="must be a whole number below 2^64"),
        Refused("/event/meta", MAY, {"event": REQUIRED, "event_meta_key": REQUIRED}),
        Refused("/event/page", MAY, {"event": REQUIRED}),
        Refused("/event/page", MAY | {"event": "~"}, {"event": REQUIRED}),
        Refused("/tag/details", MAY, {"tag": REQUIRED}),
        Refused("/options/tag/value", MAY, {"tag": REQUIRED}),
        Refused("/options/tag/value", MAY | {"tag_author": "Jane"}, {"tag": REQUIRED}),
        *(
            Refused(route, MAY | {"tag": value}, {"tag": "must be exactly one value"})
            for route in ("/tag/details", "/options/tag/value")
            for value in ("!author", "~author", "^author")
        ),
        Refused(
            "/tag/details",
            MAY | {"tag": "author", "tag[]": "post"},
            {"tag": "must be exactly one value"},
        ),
        Refused(
            "/tag/details",
            MAY | {"tag[1]": "author", "tag": "~p", "sort": "tag"},
            {
                "tag": "must be exactly one value",
                "sort": f"must be one of {', '.join(DOCUMENTED['/tag/details'][0])}",
            },
        ),
        Refused("/tags", MAY | {"sort": "value"}, {"sort": f"must be one of {TAG_FIELDS}"}),
        Refused("/keywords", MAY | {"sort": "x"}, {"sort": f"must be one of {KEYWORD_FIELDS}"}),
        Refused("/options/page", {"search": "a"}, {"from": REQUIRED, "to": REQUIRED}),
        Refused("/platform", {}, {"from": REQUIRED, "to": REQUIRED}),
        Refused("/funnel", MAY, {"funnel_id": REQUIRED}),
        Refused("/goals", MAY | {"sort": "stats"}, {"sort": f"must be one of {GOAL_FIELDS}"}),
        Refused("/session/details", MAY, {"visitor_id": REQUIRED, "session_id": REQUIRED}),
        Refused(
            "/session/details",
            MAY | {"visitor_id": "x", "session_id": "4294967296"},
            {
                "visitor_id": "must be a whole number below 2^64",
                "session_id": "must be a whole number below 2^32",
            },
        ),
        page(
            {"to": "x", "tz": "x", "pattern": "[", "sort": "x", "direction": "x", "limit": "x"},
            **{"from": REQUIRED, "to": DATE, "tz": "is not a time zone like Europe/Berlin"},
            pattern=RE2 + "missing ]: [",
            sort=f"must be one of {PAGE_FIELDS}",
            direction="must be asc or desc",
            limit=NUMBER,
        ),
    ],
    ids=lambda case: f"{case.route}?{urlencode(case.query)}",
)
def test_everything_that_is_wrong_is_named_at_once(world: World, case: Refused) -> None:
    path = f"/api/v1/statistics{case.route}?"
    for named, wrong in (({"id": world.cast.domain.id}, {}), ({}, {"id": REQUIRED})):
        query = urlencode(named | case.query)
        answer = world.send("GET", path + query, bearer=world.cast.domain_token)
        assert answer.status_code == 400
        assert answer.json() == {"validation": wrong | case.wrong, "error": [], "context": {}}


def test_sort_takes_every_field_of_a_list(site: Site) -> None:
    kinds = {(report.run, len(report.keys), report.metrics): report for report in REPORTS}
    for report in kinds.values():
        fields = report.sortable or (DOCUMENTED[report.route][0] if report.is_list else {})
        for number, field in enumerate(fields):
            descending = number % 2 == 0
            query = f"sort={field}&direction={'desc' if descending else 'asc'}"
            rows = site.ask(report.route, f"{query_for(report)}&{query}")
            found = [flat(row)[field] for row in rows]
            if field in {"meta", "tags"}:
                found = [sorted(meta.items()) for meta in found]
            assert found == sorted(found, reverse=descending), (report.route, field)


class Others(NamedTuple):
    """Domains of a stranger, one of them public, and access links by what they are."""

    strange: str
    public: str
    links: dict[str, str]


@pytest.fixture(scope="module")
def others(records: Records, actors: Cast) -> Others:
    user = records.write(lambda s: create_user(s, NewUser("stranger@example.net", "x"), NOW)).id

    def add(session: Session) -> Others:
        strange, public = (
            create_domain(session, NewDomain(name, "UTC"), user, NOW)
            for name in ("strange.example", "public.example")
        )
        public.public = True
        session.flush()
        ends = {"valid": NOW + 1, "endless": None, "expired": NOW, "other": NOW + 1}
        links = {
            name: create_link(
                session,
                strange.id if name == "other" else actors.domain.id,
                Link(valid_until=None if until is None else moment(until)),
                NOW,
            )
            for name, until in ends.items()
        }
        return Others(strange.id, public.id, {name: link.code for name, link in links.items()})

    return records.write(add)


def status(
    world: World, domain_id: str, bearer: str | None = None, code: str = "", route: str = "/total"
) -> int:
    """What a question is answered with; a refusal has the documented shape."""
    query = urlencode({"id": domain_id, **MAY, "access": code})
    answer = world.send("GET", f"/api/v1/statistics{route}?{query}", bearer=bearer)
    if answer.status_code != 200:
        body = answer.json()
        assert list(body) == ["validation", "error", "context"]
        assert body["validation"] == {}
        assert body["error"]
        assert body["context"] == {}
    return answer.status_code


def test_an_unknown_or_anothers_domain_is_a_404(world: World, others: Others) -> None:
    cast = world.cast
    for bearer in (cast.domain_token, cast.user_token, cast.scoped["statistics"]):
        assert status(world, cast.domain.id, bearer) == 200
        for domain_id in ("AAAAAAAAAA", "x", "ä" * 10, "1" * 5000, others.strange):
            assert status(world, domain_id, bearer) == 404
    assert status(world, cast.sibling.id, cast.user_token) == 200
    assert status(world, cast.sibling.id, cast.domain_token) == 404


def test_without_valid_credentials_it_is_a_401(world: World, others: Others) -> None:
    for bearer in (None, "", "a.b.c", "pa_" + "x" * 45, world.cast.expired_token):
        assert status(world, world.cast.domain.id, bearer) == 401
        assert status(world, others.strange, bearer) == 401
        assert status(world, "AAAAAAAAAA", bearer) == 401


def test_only_the_scope_statistics_reads_and_access_keys_never_do(world: World) -> None:
    for scope, bearer in world.cast.scoped.items():
        expected = 200 if scope == "statistics" else 403
        assert status(world, world.cast.domain.id, bearer) == expected, scope
    assert status(world, world.cast.domain.id, world.cast.access_key) == 403


def test_an_access_link_opens_its_own_domain_while_it_is_valid(
    world: World, others: Others
) -> None:
    own, links = world.cast.domain.id, others.links
    assert status(world, own, code=links["valid"]) == 200
    assert status(world, own, code=links["endless"]) == 200
    assert status(world, own, code=links["expired"]) == 401
    assert status(world, own, code="nothing") == 401
    assert status(world, own, code=links["other"]) == 404
    assert status(world, others.strange, code=links["other"]) == 200
    # With a token that may not, the link still opens; one that may needs no link.
    assert status(world, own, world.cast.access_key, links["valid"]) == 200
    assert status(world, own, world.cast.domain_token, links["expired"]) == 200


def test_a_public_domain_needs_no_token(world: World, others: Others) -> None:
    assert status(world, others.public) == 200
    assert status(world, others.public, world.cast.domain_token) == 200
    assert status(world, others.public, world.cast.expired_token) == 401


def test_every_report_asks_who_is_there(world: World) -> None:
    for report in REPORTS:
        assert status(world, world.cast.domain.id, route=report.route) == 401, report.route


def test_credentials_come_before_what_is_wrong_with_the_question(world: World) -> None:
    path = f"/api/v1/statistics/page?id={world.cast.domain.id}&sort=x&limit=x"
    assert world.send("GET", path).status_code == 401
    assert world.send("GET", path, bearer=world.cast.access_key).status_code == 403
    assert world.send("GET", path, bearer=world.cast.domain_token).status_code == 400


def test_statistics_are_only_read(world: World) -> None:
    for method in ("POST", "PUT", "PATCH"):
        answer = world.send(method, "/api/v1/statistics/total", bearer=world.cast.domain_token)
        assert answer.status_code == 405
        assert list(answer.json()) == ["validation", "error", "context"]
