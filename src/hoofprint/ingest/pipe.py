"""The step mechanism: a request goes through steps in order and comes out as an arrival or a drop.

A step names the facts it needs and the facts it gives. The order is checked when the pipe is built,
so a step in the wrong place fails at the start of the server and not with the first request; from
then on a fact is known by its place, and no name is looked up for a request.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import itemgetter
from typing import Any

from msgspec import Struct

from hoofprint.ingest.hit import Request
from hoofprint.model.arrival import Arrival, Dropped
from hoofprint.model.reasons import DropReason

Facts = Sequence[Any]
"""What steps have found, in the order in which they give it."""

Outcome = tuple[Any, ...] | DropReason | None
Run = Callable[..., Outcome]
"""What a step does with a request and, as further arguments, the facts it needs.

It returns the facts it gives, or the reason to drop the request; None gives nothing.
"""

Pick = Callable[[Facts], tuple[Any, ...]]


class Step(Struct, frozen=True):
    """One step of the pipe; `run` gives what `gives` names, in that order, unless it drops."""

    name: str
    run: Run
    needs: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()


class WrongOrder(ValueError):
    """Steps do not fit together; the text names the step and the fact."""


class Pipe:
    """Steps in a checked order, and how an arrival is made of what they gave. Pure.

    `finish` makes the arrival of a request and the facts that `finish_needs` names, in that order.
    """

    def __init__(
        self,
        steps: Sequence[Step],
        finish: Callable[[Request, Facts], Arrival],
        finish_needs: Sequence[str] = (),
    ) -> None:
        given = check_order(steps, finish_needs)
        self._work_out = chained(steps)
        self._finish = finish
        self._finish_needs = picked(given, finish_needs)

    def refine(self, request: Request) -> Arrival | Dropped:
        """What the request becomes."""
        facts = self._work_out(request)
        if isinstance(facts, list):
            return self._finish(request, self._finish_needs(facts))
        return Dropped(request.domain.id, request.time, facts)


def chained(
    steps: Sequence[Step], given: Sequence[str] = ()
) -> Callable[..., list[Any] | DropReason]:
    """A function that does what the steps do in turn.

    It takes a request and the facts in `given`, and returns these and all that the steps gave.
    """
    names = [*given]
    runs: list[tuple[Run, Pick | None]] = []
    for step in steps:
        runs.append((step.run, picked(names, step.needs) if step.needs else None))
        names += step.gives

    def work_out(request: Request, *known: Any) -> list[Any] | DropReason:
        facts = [*known]
        for run, needed in runs:
            found = run(request) if needed is None else run(request, *needed(facts))
            if isinstance(found, tuple):  # first: to ask whether it is of an enum is slow
                facts += found
            elif found is not None:
                return found
        return facts

    return work_out


def picked(given: Sequence[str], needs: Sequence[str]) -> Pick:
    """A function that picks the needed facts out of the given ones."""
    places = [given.index(fact) for fact in needs]
    if len(places) == 1:
        [place] = places
        return lambda facts: (facts[place],)
    return itemgetter(*places) if places else lambda _: ()


def check_order(
    steps: Sequence[Step], finish_needs: Sequence[str] = (), known: Sequence[str] = ()
) -> list[str]:
    """The names of all facts in the order in which they are given, those `known` before first.

    Raises WrongOrder unless every fact that is needed is given before, and by one step only.
    """
    given = dict.fromkeys(known, "what comes before")
    for step in steps:
        for fact in step.needs:
            if fact not in given:
                raise WrongOrder(f"step {step.name} needs {fact}, which no step before it gives")
        for fact in step.gives:
            if fact in given:
                raise WrongOrder(f"steps {given[fact]} and {step.name} both give {fact}")
            given[fact] = step.name
    for fact in finish_needs:
        if fact not in given:
            raise WrongOrder(f"no step gives {fact}")
    return [*given]
