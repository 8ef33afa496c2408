"""Steps whose common outcome is remembered by what they look at."""

from __future__ import annotations

import pytest

from hoofprint.ingest import remember
from hoofprint.ingest.hit import Request
from hoofprint.ingest.pipe import Outcome, Step, WrongOrder
from hoofprint.ingest.remember import Key, remembered
from hoofprint.model.reasons import DropReason

from .steps.sample import asked


class Counting:
    """Two steps that note how often they ran; a title `bad` is dropped by the first."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.steps = (
            Step("first", self._first, gives=("title",)),
            Step("second", self._second, needs=("title",), gives=("length",)),
        )

    def _first(self, request: Request) -> Outcome:
        title = request.hit.title or ""
        self.ran.append(title)
        return DropReason.BOT if title == "bad" else (title,)

    def _second(self, _: Request, title: str) -> Outcome:
        return (len(title),)


def by_title(request: Request) -> Key:
    return (request.hit.title, 7, None)


def test_an_outcome_is_worked_out_once_for_each_key() -> None:
    counting = Counting()
    step = remembered("both", counting.steps, by_title)
    assert step.gives == ("title", "length")
    for title in ("a", "bcd", "a", "bad", "bad"):
        found = step.run(asked(title=title))
        assert found == (DropReason.BOT if title == "bad" else (title, len(title)))
    assert counting.ran == ["a", "bcd", "bad"]


def test_a_needed_fact_is_looked_at_if_it_is_in_the_key() -> None:
    ran: list[str] = []

    def longer(_: Request, word: str) -> Outcome:
        ran.append(word)
        return (word + "!",)

    step = remembered(
        "longer",
        (Step("longer", longer, needs=("word",), gives=("longer",)),),
        lambda _, word: (word,),
        needs=("word",),
    )
    assert (step.needs, step.gives) == (("word",), ("longer",))
    assert [step.run(asked(), word) for word in "aba"] == [("a!",), ("b!",), ("a!",)]
    assert ran == ["a", "b"]


def test_what_is_very_long_is_worked_out_every_time() -> None:
    """A few thousand of such keys would fill the memory."""
    counting = Counting()
    step = remembered("both", counting.steps, by_title)
    title = "x" * (remember.LONGEST + 1)
    assert step.run(asked(title=title)) == step.run(asked(title=title))
    assert counting.ran == [title, title]


def test_what_is_used_stays_and_what_is_not_is_forgotten() -> None:
    """No more than two generations are kept, however many keys come by."""
    counting = Counting()
    step = remembered("both", counting.steps, by_title, size=2)
    for title in ("often", "1", "often", "2", "often", "3", "often", "4", "often", "1"):
        step.run(asked(title=title))
    assert counting.ran == ["often", "1", "2", "3", "4", "1"]


def test_steps_that_need_something_from_outside_are_refused() -> None:
    first, second = Counting().steps
    for wrong in ((second,), (second, first), (first, first)):
        with pytest.raises(WrongOrder):
            remembered("wrong", wrong, by_title)
