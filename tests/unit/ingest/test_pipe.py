"""The step mechanism (`design.md` 3)."""

from __future__ import annotations

import pytest

from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Facts, Outcome, Pipe, Step, WrongOrder
from hoofprint.model.arrival import Arrival, Dropped, Visit
from hoofprint.model.reasons import DropReason

from .steps.sample import DOMAIN, NOON, asked


def nothing(_: Request) -> Outcome:
    return None


def finish(request: Request, facts: Facts) -> Arrival:
    path = "+".join(facts)
    return Arrival(request.kind, request.domain.id, request.time, 1, 0, 2, "", path, "", Visit())


def test_facts_of_earlier_steps_are_there_for_later_ones_and_for_the_arrival() -> None:
    """In the order in which they are needed, whatever the order in which they are given."""

    def joined(_: Request, last: str, first: str) -> Outcome:
        return (last + first,)

    steps = (
        Step("two", lambda _: ("a", "b"), gives=("first", "last")),
        Step("joined", joined, needs=("last", "first"), gives=("joined",)),
        Step("again", lambda _, joined: (joined * 2,), needs=("joined",), gives=("twice",)),
    )
    for needs, path in (
        (("twice", "first", "joined"), "baba+a+ba"),
        (("joined",), "ba"),
        ((), ""),
    ):
        found = Pipe(steps, finish, needs).refine(asked())
        assert isinstance(found, Arrival)
        assert found.path == path


def test_a_step_may_add_nothing() -> None:
    assert isinstance(Pipe((Step("none", nothing),), finish).refine(asked()), Arrival)


def test_a_drop_ends_the_way_through_the_pipe_and_names_domain_time_and_reason() -> None:
    ran: list[str] = []

    def drop(_: Request) -> Outcome:
        ran.append("drop")
        return DropReason.BOT

    def later(_: Request) -> Outcome:
        ran.append("later")
        return None

    found = Pipe((Step("drop", drop), Step("later", later)), finish).refine(asked())
    assert found == Dropped(DOMAIN.id, NOON, DropReason.BOT)
    assert ran == ["drop"]


def test_the_first_of_two_steps_that_drop_gives_the_reason() -> None:
    steps = [Step(r, lambda _, r=r: r) for r in (DropReason.BOT, DropReason.PREFETCH)]
    found = Pipe(steps, finish).refine(asked())
    assert isinstance(found, Dropped)
    assert found.reason is DropReason.BOT


def test_no_fact_survives_from_one_request_to_the_next() -> None:
    """Not even where a step adds to what it got."""

    def steal(_: Request, seen: list[str]) -> Outcome:
        seen.append("x")
        return (str(len(seen)),)

    steps = (
        Step("seen", lambda _: ([],), gives=("seen",)),
        Step("path", steal, needs=("seen",), gives=("path",)),
    )
    pipe = Pipe(steps, finish, ("path",))
    for found in (pipe.refine(asked()), pipe.refine(asked())):
        assert isinstance(found, Arrival)
        assert found.path == "1"


GIVES = Step("gives", nothing, gives=("a",))
NEEDS = Step("needs", nothing, needs=("a",))


@pytest.mark.parametrize(
    ("steps", "finish_needs", "message"),
    [
        ((NEEDS, GIVES), (), "step needs needs a, which no step before it gives"),
        ((NEEDS,), (), "step needs needs a, which no step before it gives"),
        ((GIVES, Step("again", nothing, gives=("a",))), (), "steps gives and again both give a"),
        ((GIVES,), ("a", "b"), "no step gives b"),
        (
            (Step("own", nothing, needs=("a",), gives=("a",)),),
            (),
            "step own needs a, which no step before it gives",
        ),
    ],
)
def test_steps_that_do_not_fit_fail_when_the_pipe_is_built(
    steps: tuple[Step, ...], finish_needs: tuple[str, ...], message: str
) -> None:
    with pytest.raises(WrongOrder, match=f"^{message}$"):
        Pipe(steps, finish, finish_needs)
