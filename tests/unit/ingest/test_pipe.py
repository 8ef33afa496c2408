"""The step mechanism (`design.md` 3)."""

from __future__ import annotations

import pytest

from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Facts, Outcome, Pipe, Step, WrongOrder
from hoofprint.model.arrival import Arrival, Dropped, Visit
from hoofprint.model.reasons import DropReason

from .steps.sample import DOMAIN, NOON, asked


def nothing(_: Request, __: Facts) -> Outcome:
    return None


def finish(request: Request, facts: Facts) -> Arrival:
    path = str(facts.get("path", ""))
    return Arrival(request.kind, request.domain.id, request.time, 1, 0, 2, "", path, "", Visit())


def test_facts_of_earlier_steps_are_there_for_later_ones_and_for_the_arrival() -> None:
    def longer(_: Request, facts: Facts) -> Outcome:
        return {"path": facts["word"] + "/c"}

    steps = (
        Step("word", lambda *_: {"word": "/a/b"}, gives=("word",)),
        Step("path", longer, needs=("word",), gives=("path",)),
    )
    found = Pipe(steps, finish, ("path",)).refine(asked())
    assert isinstance(found, Arrival)
    assert found.path == "/a/b/c"


def test_a_step_may_add_nothing() -> None:
    assert isinstance(Pipe((Step("none", nothing),), finish).refine(asked()), Arrival)


def test_a_drop_ends_the_way_through_the_pipe_and_names_domain_time_and_reason() -> None:
    ran: list[str] = []

    def drop(_: Request, __: Facts) -> Outcome:
        ran.append("drop")
        return DropReason.BOT

    def later(_: Request, __: Facts) -> Outcome:
        ran.append("later")
        return None

    found = Pipe((Step("drop", drop), Step("later", later)), finish).refine(asked())
    assert found == Dropped(DOMAIN.id, NOON, DropReason.BOT)
    assert ran == ["drop"]


def test_the_first_of_two_steps_that_drop_gives_the_reason() -> None:
    steps = [Step(r, lambda *_, r=r: r) for r in (DropReason.BOT, DropReason.PREFETCH)]
    found = Pipe(steps, finish).refine(asked())
    assert isinstance(found, Dropped)
    assert found.reason is DropReason.BOT


def test_no_fact_survives_from_one_request_to_the_next() -> None:
    def first_only(request: Request, facts: Facts) -> Outcome:
        assert not facts
        return {"path": "/first"} if request.time == NOON else None

    pipe = Pipe((Step("path", first_only),), finish)
    first, second = pipe.refine(asked()), pipe.refine(asked(time=NOON + 1))
    assert isinstance(first, Arrival)
    assert isinstance(second, Arrival)
    assert (first.path, second.path) == ("/first", "")


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
