"""The collection endpoints of server-side clients: hits, events and keep-alives, one or many.

`api.md`, Sending Page Views to Keeping Sessions Alive; the answers are those of `rules.md` 1.3.
Every microsecond here is spent for every hit: no framework, one decoder and one answer for all.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import msgspec
from msgspec import Struct

from hoofprint.api.admission import KeepAlive, admission, place_all, placement
from hoofprint.api.asgi import Handler, Receive, Reply, Scope, read_body, reply
from hoofprint.api.lenient import UNREADABLE, Refused, parse, understand
from hoofprint.api.moments import in_order
from hoofprint.api.services import Services
from hoofprint.errors import Invalid
from hoofprint.ingest.hit import Hit, Request
from hoofprint.ingest.problems import problems
from hoofprint.model.arrival import Arrival, Dropped, Kind
from hoofprint.model.domain import Domain
from hoofprint.model.principal import Scope as Grant

OK = reply(200)
SLICE = 256
"""Items of a batch that are refined before other requests get their turn."""


class What(Struct, frozen=True):
    """What a collection endpoint takes: its kind, the scope it needs and the form of its body."""

    kind: Kind
    grant: Grant
    form: type[Hit]


WHATS: tuple[tuple[str, What], ...] = (
    ("/api/v1/hit", What(Kind.HIT, Grant.HIT, Hit)),
    ("/api/v1/event", What(Kind.EVENT, Grant.EVENT, Hit)),
    ("/api/v1/session", What(Kind.KEEP_ALIVE, Grant.SESSION, KeepAlive)),
)


def collection(services: Services) -> dict[str, Handler]:
    """The handlers of `POST` by path: three single ones and their batches."""
    handlers: dict[str, Handler] = {}
    for path, what in WHATS:
        handlers[path] = single(services, what)
        handlers[path + "/batch"] = batch(services, what)
    return handlers


def single(services: Services, what: What) -> Handler:
    """A handler of one hit, event or keep-alive; its time is the server's."""
    admit = admission(services, what.grant)
    place = placement(services)
    decode = msgspec.json.Decoder(what.form).decode
    cached_domain = services.directory.cached_domain
    refine = services.pipe.refine
    submit = services.spool.submit
    took = services.metrics.took
    clock = services.clock
    limit = services.settings.max_body_bytes
    kind = what.kind

    async def handle(scope: Scope, receive: Receive) -> Reply:
        principal = await admit(scope["headers"])
        body = await read_body(receive, limit)
        wrong: dict[str, str] = {}
        try:
            hit = decode(body)
        except UNREADABLE:
            hit, wrong = _one(body, what.form)
        wrong = problems(kind, hit) | wrong
        if wrong:
            raise Invalid(wrong)
        domain_id = principal.domain_id
        domain = None if domain_id is None else cached_domain(domain_id)
        if domain is None:
            domain = await place(principal, hit)
        records = (refine(Request(kind, hit, domain, int(clock()))),)
        await submit(records)
        took(kind, records)
        return OK

    return handle


def batch(services: Services, what: What) -> Handler:
    """A handler of many at once: all of them are taken, or none."""
    admit = admission(services, what.grant)
    place = placement(services)
    decode = msgspec.json.Decoder(list[what.form]).decode  # type: ignore[name-defined]
    settings = services.settings
    kind = what.kind

    async def handle(scope: Scope, receive: Receive) -> Reply:
        principal = await admit(scope["headers"])
        body = await read_body(receive, settings.max_body_bytes)
        wrong: dict[str, str] = {}
        try:
            hits: list[Hit] = decode(body)
        except UNREADABLE:
            hits, wrong = _many(body, what.form)
        if len(hits) > settings.max_batch_items:
            raise Invalid({}, f"a batch may hold at most {settings.max_batch_items} items")
        order = _checked(kind, hits, services.clock(), wrong)
        domains = [] if wrong else await place_all(place, principal, hits, wrong)
        if wrong:
            raise Invalid(wrong)
        if hits:
            records = await _refined(services, kind, hits, domains, order)
            await services.spool.submit(records)
            services.metrics.took(kind, records)
        return OK

    return handle


def _one(body: bytes, form: type[Hit]) -> tuple[Hit, dict[str, str]]:
    try:
        return understand(form, parse(body), ignore=("time",))
    except Refused as error:
        raise Invalid({}, str(error)) from None


def _many(body: bytes, form: type[Hit]) -> tuple[list[Hit], dict[str, str]]:
    items = parse(body)
    if items is None:
        return [], {}
    if not isinstance(items, list):
        raise Invalid({}, "expected an array")
    hits: list[Hit] = []
    wrong: dict[str, str] = {}
    for index, item in enumerate(items):
        try:
            hit, faults = understand(form, item)
        except Refused as error:
            hit, faults = form(), {"": str(error)}
        hits.append(hit)
        for field, message in faults.items():
            wrong[f"[{index}].{field}" if field else f"[{index}]"] = message
    return hits, wrong


def _checked(
    kind: Kind, hits: Sequence[Hit], now: float, wrong: dict[str, str]
) -> list[tuple[int, int]]:
    """The items' indexes and whole seconds in order; what fails is noted in `wrong`."""
    order, untimely = in_order(hits, now)
    for index, hit in enumerate(hits):
        for field, message in problems(kind, hit).items():
            wrong.setdefault(f"[{index}].{field}", message)
    for index, message in untimely.items():
        wrong.setdefault(f"[{index}].time", message)
    return order


async def _refined(
    services: Services,
    kind: Kind,
    hits: Sequence[Hit],
    domains: Sequence[Domain],
    order: Sequence[tuple[int, int]],
) -> list[Arrival | Dropped]:
    refine = services.pipe.refine
    records: list[Arrival | Dropped] = []
    for done, (index, seconds) in enumerate(order, 1):
        records.append(refine(Request(kind, hits[index], domains[index], seconds)))
        if done % SLICE == 0:
            await asyncio.sleep(0)
    return records
