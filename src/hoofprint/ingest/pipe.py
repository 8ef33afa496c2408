"""The step mechanism: a request goes through steps in order and comes out as an arrival or a drop.

A step names the facts it needs and the facts it gives. The order is checked when the pipe is built,
so a step in the wrong place fails at the start of the server and not with the first request.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from hoofprint.ingest.hit import Request
from hoofprint.model.arrival import Arrival, Dropped
from hoofprint.model.reasons import DropReason

Facts = dict[str, Any]
"""What the steps so far have found, by name."""

Outcome = Mapping[str, Any] | DropReason | None
Run = Callable[[Request, Facts], Outcome]
"""What a step does: the facts it adds (nothing if None), or the reason to drop the request."""


class Step(Struct, frozen=True):
    """One step of the pipe; `run` must give every name in `gives` whenever it does not drop."""

    name: str
    run: Run
    needs: tuple[str, ...] = ()
    gives: tuple[str, ...] = ()


class WrongOrder(ValueError):
    """Steps do not fit together; the text names the step and the fact."""


class Pipe:
    """Steps in a checked order, and how an arrival is made of what they gave. Pure."""

    def __init__(
        self,
        steps: Sequence[Step],
        finish: Callable[[Request, Facts], Arrival],
        finish_needs: Sequence[str] = (),
    ) -> None:
        check_order(steps, finish_needs)
        self._runs = tuple(step.run for step in steps)
        self._finish = finish

    def refine(self, request: Request) -> Arrival | Dropped:
        """What the request becomes."""
        facts: Facts = {}
        for run in self._runs:
            found = run(request, facts)
            if found is None:
                continue
            if isinstance(found, DropReason):
                return Dropped(request.domain.id, request.time, found)
            facts.update(found)
        return self._finish(request, facts)


def check_order(steps: Sequence[Step], finish_needs: Sequence[str] = ()) -> None:
    """Raise WrongOrder unless every fact that is needed is given before, and by one step only."""
    given: dict[str, str] = {}
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
