"""Goals and funnels of the stream, counted by hand from `worked_stream.py`."""

from __future__ import annotations

from typing import Any

from msgspec.structs import asdict
from sqlalchemy import delete
from sqlalchemy.orm import Session

from hoofprint.management.goals import Goal, create_goal
from hoofprint.management.steps import StepFilter
from hoofprint.records.moments import moment
from hoofprint.records.tables import FunnelRecord, FunnelStepRecord, GoalRecord

from .worked_site import Asked
from .world import NOW

FUNNEL, SHOPPING = "FunnelHome", "FunnelShop"
FULL = Goal(
    name="Pro",
    path_pattern="/PRIC*",
    event_name="Buy",
    event_meta_key="plan",
    event_meta_value="pro",
    custom_metric_key="amount",
    custom_metric_type="float",
    visitors=5432,
    cr=42.11,
    custom_metric_total_goal=346,
    custom_metric_avg_goal=95.3,
    delete_reached=True,
    email_reached=True,
)
"""All that the API documents."""
GOALS = (
    Goal("Pro", "/PRIC*", "Buy", "plan", "pro"),
    Goal("Below the blog", "/blog/**"),
    Goal("Read", event_name="Read"),
    Goal("John", tags={"author": "John"}),
)
STEPS = {
    FUNNEL: (StepFilter(path=("/",)), StepFilter(path=("/pricing",))),
    SHOPPING: (
        StepFilter(path_pattern=("/pric*",)),
        StepFilter(event_name=("Buy",), event_meta={"plan": "pro"}),
        StepFilter(event_name=("~buy",), path=("/thanks",)),
        StepFilter(country=("us",)),
    ),
}


def store_goals(session: Session, domain_id: str, *goals: Goal) -> None:
    """The domain has these goals and no others, and the two funnels."""
    session.execute(delete(GoalRecord).where(GoalRecord.domain_id == domain_id))
    for goal in goals:
        create_goal(session, domain_id, goal, NOW)
    for funnel_id in STEPS:
        store_funnel(session, domain_id, funnel_id)


def store_funnel(session: Session, domain_id: str, funnel_id: str) -> None:
    """A funnel with an id that is known; another one with it is replaced."""
    times = {"def_time": moment(NOW), "mod_time": moment(NOW)}
    if (before := session.get(FunnelRecord, funnel_id)) is not None:
        session.delete(before)
        session.flush()
    steps = [
        FunnelStepRecord(name=f"Step {place}", step=place, filter=asdict(wanted), **times)
        for place, wanted in enumerate(STEPS.get(funnel_id, STEPS[FUNNEL]))
    ]
    session.add(
        FunnelRecord(id=funnel_id, domain_id=domain_id, name=funnel_id, steps=steps, **times)
    )


class Called:
    """Equals every goal with a name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __eq__(self, other: object) -> bool:
        return isinstance(other, dict) and other["name"] == self.name

    def __hash__(self) -> int:
        return hash(self.name)

    def __repr__(self) -> str:
        return self.name


def goal(name: str, visitors: int, views: int, of: int = 10) -> dict[str, Any]:
    stats = {"visitors": visitors, "views": views, "cr": visitors / of}
    return {"page_goal": Called(name), "stats": stats}


PRO = goal("Pro", 1, 2)  # both page views of Dee1: the event was on /pricing
BELOW = goal("Below the blog", 1, 1)  # Ann3: /blog itself is not below it
READ = goal("Read", 2, 4)  # Ann1 and Eve2, all of their page views
JOHN = goal("John", 2, 3)  # Ann1, Ann3 and Ann4


def step(number: int, visitors: int, before: int = 0, first: int = 0) -> dict[str, Any]:
    return {
        "step": number,
        "visitors": visitors,
        "relative_visitors": visitors / first if first else 1,
        "previous_visitors": before,
        "relative_previous_visitors": before / first if first else 0,
        "dropped": before - visitors if first else 0,
        "drop_off": (before - visitors) / before if before else 0,
    }


QUESTIONS = (
    Asked("goals by visitors, then name", "/goals", "", [JOHN, READ, BELOW, PRO]),
    Asked("goals by another number", "/goals", "sort=views", [READ, JOHN, PRO, BELOW]),
    Asked("goals by name", "/goals", "sort=name&direction=asc", [BELOW, JOHN, PRO, READ]),
    Asked("a search looks at the names", "/goals", "search=RE", [READ]),
    Asked("goals one by one", "/goals", "limit=1&offset=1", [READ]),
    Asked(
        "a filter of the dashboard applies to every goal",
        "/goals",
        "country=de",
        # Ann and Dee are from there
        [goal("John", 2, 3), goal("Below the blog", 1, 1), goal("Pro", 1, 2), goal("Read", 1, 3)],
    ),
    Asked(
        "a path of the dashboard counts page views of it",
        "/goals",
        "path=/pricing",
        # Ann1 and Eve2 read and saw the prices, Dee1 bought there
        [
            *(goal("Read", 2, 2), goal("Pro", 1, 1)),
            *(goal("Below the blog", 0, 0), goal("John", 0, 0)),
        ],
    ),
    Asked(
        "two events are both asked for",
        "/goals",
        "event=Buy",
        [PRO, goal("Below the blog", 0, 0), goal("John", 0, 0), goal("Read", 0, 0)],
    ),
    Asked(
        "the later page comes after the earlier one, in one session",
        "/funnel",
        f"funnel_id={FUNNEL}",
        # Ann1, Ann2, Cem1, Eve1, Ann4, Cem2; Ann2 saw the prices before
        {"definition": Called(FUNNEL), "data": [step(1, 5), step(2, 1, 5, 5)]},
    ),
    Asked(
        "other filters have no effect on a funnel",
        "/funnel",
        f"funnel_id={FUNNEL}&country=us&path=/none",
        {"definition": Called(FUNNEL), "data": [step(1, 5), step(2, 1, 5, 5)]},
    ),
    Asked(
        "unless the dashboard's are to apply to the first step",
        "/funnel",
        f"funnel_id={FUNNEL}&country=de&apply_filter=true",
        {"definition": Called(FUNNEL), "data": [step(1, 2), step(2, 1, 2, 2)]},
    ),
    Asked(
        "steps look at pages, events and visits",
        "/funnel",
        f"funnel_id={SHOPPING}",
        # Ann1 and Ann2, Dee1, Eve2, Ben2; only Dee1 bought, and is not from there
        {
            "definition": Called(SHOPPING),
            "data": [step(1, 4), step(2, 1, 4, 4), step(3, 1, 1, 4), step(4, 0, 1, 4)],
        },
    ),
    Asked(
        "the period is that of the page views and events",
        "/funnel",
        f"funnel_id={SHOPPING}&from=2026-05-04&to=2026-05-04",
        # Eve2 and Ben2: Dee1 saw the prices the day before
        {
            "definition": Called(SHOPPING),
            "data": [step(1, 2), step(2, 0, 2, 2), step(3, 0, 0, 2), step(4, 0, 0, 2)],
        },
    ),
)
