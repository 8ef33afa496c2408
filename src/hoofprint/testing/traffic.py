"""Lifelike traffic of a made-up shop: who comes when, from where, and what they do there.

Everything is drawn from one seed, so that the same plan gives the same traffic.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import accumulate
from random import Random

from msgspec import Struct

from hoofprint.ingest.hit import Hit, Scalar
from hoofprint.model.arrival import Kind
from hoofprint.testing.audience import BOTS, Visitor, draw_visitor
from hoofprint.testing.shop import BLOG, SHOP, SOURCES, Page, Source

DAY = 86_400
POOL = 20_000
"""Visitors who may come back."""
BY_HOUR = (
    14,
    9,
    6,
    5,
    5,
    8,
    15,
    28,
    44,
    58,
    64,
    66,
    62,
    63,
    66,
    66,
    62,
    58,
    57,
    62,
    66,
    58,
    42,
    25,
)
BY_WEEKDAY = (1.05, 1.08, 1.06, 1.02, 0.92, 0.74, 0.82)
SEASONS = ("winter", "spring", "summer", "autumn")
CURRENCY = "EUR"


class Plan(Struct, frozen=True):
    """About `views` page views of `hostname` on the `days` days that end at `now` (Unix seconds).

    `utc_offset` is how many hours the visitors' clocks are ahead of UTC.
    """

    hostname: str
    days: int
    views: int
    now: int
    seed: int = 1
    utc_offset: int = 1


class Sent(Struct, frozen=True, gc=False):
    """One request: what it reports and when, in Unix seconds."""

    time: int
    kind: Kind
    hit: Hit


def traffic(plan: Plan) -> Iterator[list[Sent]]:
    """The requests of each UTC day in the order in which they happened."""
    visits = _Visits(plan)
    last = plan.now // DAY
    weights = [_weight(plan, day, visits.draw) for day in range(last - plan.days + 1, last + 1)]
    passed = (plan.now % DAY) / DAY
    whole = sum(weights[:-1]) + weights[-1] * passed
    late: list[Sent] = []
    for day, weight in enumerate(weights, last - plan.days + 1):
        share = passed if day == last else 1.0
        today = late + visits.of_day(day, round(plan.views * weight * share / whole))
        today.sort(key=lambda sent: sent.time)
        end = (day + 1) * DAY
        late = [sent for sent in today if sent.time >= end]
        yield [sent for sent in today if sent.time < end and sent.time <= plan.now]


def _weight(plan: Plan, day: int, draw: Random) -> float:
    """How busy a day is: the shop grows, weekends are quiet, some days a post is widely read."""
    age = plan.now // DAY - day
    growth = 1 + 1.4 * (1 - age / max(plan.days, 1))
    season = 1 + 0.15 * math.sin(2 * math.pi * day / 365.25)
    weekday = BY_WEEKDAY[(day + 3) % 7]
    return growth * season * weekday * draw.lognormvariate(0, 0.1) * (2.5 if age % 47 == 5 else 1)


def _falling(count: int) -> list[float]:
    """Zipf's weights, as running sums."""
    return list(accumulate(1 / rank for rank in range(1, count + 1)))


class _Visits:
    """Draws visits, one after the other."""

    def __init__(self, plan: Plan) -> None:
        self.draw = Random(plan.seed)
        self._plan = plan
        self._pool: deque[Visitor] = deque(maxlen=POOL)
        self._sources = list(accumulate(source.share for source in SOURCES))
        self._hours = list(accumulate(BY_HOUR))
        self._shop, self._blog = _falling(len(SHOP)), _falling(len(BLOG))

    def of_day(self, day: int, views: int) -> list[Sent]:
        """Visits that begin on a UTC day, about so many page views, with a few bots among them."""
        sent: list[Sent] = []
        seen = 0
        while seen < views:
            visit = self._visit(day)
            seen += sum(one.kind is Kind.HIT for one in visit)
            sent += visit
            if self.draw.random() < 0.06:
                sent.append(self._bot(day))
        return sent

    def _visit(self, day: int) -> list[Sent]:
        draw = self.draw
        [source] = draw.choices(SOURCES, cum_weights=self._sources)
        steps = _Steps(draw, self._plan.hostname, self._visitor(), self._start(day), source)
        blog = source.lands == "blog" or (source.lands == "anywhere" and draw.random() < 0.5)
        page: Page | None = self._page(blog=blog)
        while page is not None:
            steps.view(page)
            if page.path.startswith("/shop/"):
                page = self._after_product(steps, page)
            elif page.path.startswith("/blog/"):
                page = self._after_post(steps, page)
            else:
                page = self._page(blog=draw.random() < 0.3) if draw.random() < 0.55 else None
        return steps.sent

    def _page(self, *, blog: bool) -> Page:
        pages, weights = (BLOG, self._blog) if blog else (SHOP, self._shop)
        [page] = self.draw.choices(pages, cum_weights=weights)
        return page

    def _after_product(self, steps: _Steps, page: Page) -> Page | None:
        """Some buy, some look further, most leave."""
        draw = self.draw
        if draw.random() < 0.24:
            price = 9 + 10 * draw.randrange(1, 9)
            steps.event("Add to cart", {"product": page.title, "price": price})
            if draw.random() < 0.5:
                steps.view(_CHECKOUT)
                if draw.random() < 0.55:
                    steps.view(_THANKS)
                    paid: dict[str, Scalar] = {"amount": price + 4.9, "currency": CURRENCY}
                    steps.event("Purchase", {"product": page.title, **paid})
                return None
        return self._page(blog=False) if draw.random() < 0.5 else None

    def _after_post(self, steps: _Steps, page: Page) -> Page | None:
        draw = self.draw
        if draw.random() < 0.35:
            steps.wait()
            author = page.tags.get("author", "")
            steps.event(
                "Read article", {"title": page.title, "author": author}, draw.randrange(180)
            )
        if draw.random() < 0.05:
            steps.event("Newsletter", {"place": draw.choice(("footer", "post"))})
        if draw.random() < 0.06:
            url = "https://maps.example/" + page.path.rpartition("/")[2]
            steps.event("Outbound Link Click", {"url": url}, non_interactive=True)
        return self._page(blog=draw.random() < 0.6) if draw.random() < 0.4 else None

    def _visitor(self) -> Visitor:
        """Somebody new, or somebody who was here before."""
        if self._pool and self.draw.random() < 0.35:
            return self.draw.choice(self._pool)
        visitor = draw_visitor(self.draw)
        self._pool.append(visitor)
        return visitor

    def _start(self, day: int) -> int:
        [hour] = self.draw.choices(range(24), cum_weights=self._hours)
        second = (hour - self._plan.utc_offset) % 24 * 3600 + self.draw.randrange(3600)
        return day * DAY + second

    def _bot(self, day: int) -> Sent:
        visitor = draw_visitor(self.draw)
        page = self._page(blog=self.draw.random() < 0.5)
        url = f"https://{self._plan.hostname}{page.path}"
        hit = Hit(url=url, ip=visitor.ip, user_agent=self.draw.choice(BOTS), title=page.title)
        return Sent(self._start(day), Kind.HIT, hit)


_CHECKOUT, _THANKS = SHOP[-2:]


class _Steps:
    """What one visitor does during one visit."""

    def __init__(
        self, draw: Random, hostname: str, visitor: Visitor, start: int, source: Source
    ) -> None:
        self.sent: list[Sent] = []
        self._draw = draw
        self._root = f"https://{hostname}"
        self._visitor = visitor
        self._time = start
        self._page: Page | None = None
        self._referrer = source.referrer
        month = datetime.fromtimestamp(start, UTC).month
        query = source.query.format(season=SEASONS[month % 12 // 3])
        self._query = f"?{query}" if query else ""

    def wait(self) -> None:
        """Stay on the page for a while."""
        self._time += 1 + int(min(self._draw.lognormvariate(3.4, 1.0), 1500))

    def view(self, page: Page) -> None:
        """Look at a page; where the visitor came from shows on the first one only."""
        if self._page is not None:
            self.wait()
            self._referrer, self._query = self._root + self._page.path, ""
        self._page = page
        self._send(Kind.HIT, self._hit(page))

    def event(
        self,
        name: str,
        meta: Mapping[str, Scalar],
        duration: int = 0,
        *,
        non_interactive: bool = False,
    ) -> None:
        """Do something on the page."""
        if self._page is None:
            return
        self._time += self._draw.randrange(1, 12)
        hit = self._hit(self._page)
        hit.event_name, hit.event_duration = name, duration
        hit.event_meta = dict(meta)
        hit.non_interactive = non_interactive
        self._send(Kind.EVENT, hit)

    def _hit(self, page: Page) -> Hit:
        visitor = self._visitor
        hints = visitor.device.hints
        return Hit(
            url=self._root + page.path + self._query,
            ip=visitor.ip,
            user_agent=visitor.device.agent,
            accept_language=visitor.language,
            title=page.title,
            referrer=self._referrer,
            screen_width=visitor.width,
            tags=dict(page.tags),
            sec_ch_ua=hints.brands,
            sec_ch_ua_mobile=hints.mobile,
            sec_ch_ua_platform=hints.system,
            sec_ch_ua_platform_version=hints.system_version,
        )

    def _send(self, kind: Kind, hit: Hit) -> None:
        self.sent.append(Sent(self._time, kind, hit))
