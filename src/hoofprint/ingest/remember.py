"""Several steps as one whose outcome is remembered: visitors, pages and browsers come again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Facts, Outcome, Step, check_order
from hoofprint.model.reasons import DropReason

GENERATION = 8192
"""How many outcomes make a generation, where a step does not say otherwise."""

LONGEST = 4096
"""What is looked at is not kept if its texts have more characters together."""

Key = tuple[object, ...]


def remembered(
    name: str, steps: Sequence[Step], key: Callable[[Request], Key], size: int = GENERATION
) -> Step:
    """A step that does what the steps do in turn, once for every key.

    `key` gives everything of a request that the steps look at. The newest `size` outcomes are kept
    for sure, and up to as many older ones. Raises WrongOrder unless the steps
    fit together and need no fact from outside.
    """
    check_order(steps)
    runs = tuple(step.run for step in steps)
    young: dict[Key, Outcome] = {}
    old: dict[Key, Outcome] = {}

    def work_out(request: Request) -> Outcome:
        facts: Facts = {}
        for run in runs:
            found = run(request, facts)
            if isinstance(found, DropReason):
                return found
            if found is not None:
                facts.update(found)
        return facts

    def run(request: Request, _: Facts) -> Outcome:
        nonlocal young, old
        seen = key(request)
        outcome = young.get(seen)
        if outcome is None:
            outcome = old.get(seen)
            if outcome is None:
                outcome = work_out(request)
                if sum(len(part) for part in seen if isinstance(part, str)) > LONGEST:
                    return outcome
            if len(young) >= size:
                old, young = young, {}
            young[seen] = outcome
        return outcome

    return Step(name, run, gives=tuple(fact for step in steps for fact in step.gives))
