"""Several steps as one whose outcome is remembered: visitors, pages and browsers come again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Outcome, Step, chained, check_order

GENERATION = 8192
"""How many outcomes make a generation, where a step does not say otherwise."""

LONGEST = 4096
"""What is looked at is not kept if its texts have more characters together."""

Key = tuple[object, ...]


def remembered(
    name: str,
    steps: Sequence[Step],
    key: Callable[..., Key],
    size: int = GENERATION,
    needs: tuple[str, ...] = (),
) -> Step:
    """A step that does what the steps do in turn, once for every key.

    `key` gives, of a request and the facts in `needs`, everything that the steps look at. The
    newest `size` outcomes are kept for sure, and up to as many older ones. Raises WrongOrder unless
    the steps fit together and need no other fact from outside.
    """
    gives = tuple(check_order(steps, known=needs)[len(needs) :])
    outside = len(needs)
    work_out = chained(steps, needs)
    young: dict[Key, Outcome] = {}
    old: dict[Key, Outcome] = {}

    def run(request: Request, *needed: Any) -> Outcome:
        nonlocal young, old
        seen = key(request, *needed)
        outcome = young.get(seen)
        if outcome is None:
            outcome = old.get(seen)
            if outcome is None:
                found = work_out(request, *needed)
                outcome = (*found[outside:],) if isinstance(found, list) else found
                if sum([len(part) for part in seen if part.__class__ is str]) > LONGEST:
                    return outcome
            if len(young) >= size:
                old, young = young, {}
            young[seen] = outcome
        return outcome

    return Step(name, run, needs, gives)
