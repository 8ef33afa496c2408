"""Lifelike traffic: what a plan promises."""

from __future__ import annotations

from itertools import pairwise

from hoofprint.ingest.steps.bot import is_bot
from hoofprint.model.arrival import Kind
from hoofprint.testing.traffic import DAY, Plan, Sent, traffic

NOW = 1_775_001_000
PLAN = Plan("shop.example", days=6, views=1200, now=NOW)


def sent(plan: Plan = PLAN) -> list[list[Sent]]:
    return list(traffic(plan))


def views(days: list[list[Sent]]) -> int:
    return sum(one.kind is Kind.HIT for day in days for one in day)


def test_the_same_plan_gives_the_same_traffic_and_another_seed_another() -> None:
    assert sent() == sent()
    assert sent() != sent(Plan("shop.example", 6, 1200, NOW, seed=2))


def test_there_are_as_many_days_as_planned_and_about_as_many_page_views() -> None:
    days = sent()
    assert len(days) == 6
    assert 0.9 * PLAN.views < views(days) < 1.15 * PLAN.views


def test_requests_are_in_order_each_on_its_day_and_none_in_the_future() -> None:
    days = sent()
    for number, day in enumerate(days):
        assert all(one.time // DAY == NOW // DAY - 5 + number for one in day)
    every = [one for day in days for one in day]
    assert all(earlier.time <= later.time for earlier, later in pairwise(every))
    assert every[-1].time <= NOW


def test_people_and_bots_come_with_referrers_campaigns_tags_and_events() -> None:
    hits = [one.hit for day in sent() for one in day]
    agents = {hit.user_agent or "" for hit in hits}
    assert any(map(is_bot, agents))
    assert sum(not is_bot(agent) for agent in agents) > 5
    assert any("utm_campaign=" in (hit.url or "") for hit in hits)
    assert any(hit.referrer == "https://www.google.com/" for hit in hits)
    assert any(hit.tags for hit in hits)
    assert {"Add to cart", "Read article"} <= {hit.event_name for hit in hits}
    assert any(hit.non_interactive for hit in hits)
