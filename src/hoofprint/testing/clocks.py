"""A clock that a test or a seeder moves."""

from __future__ import annotations


class FakeClock:
    """Tells `now`, in Unix seconds, until somebody sets it to something else."""

    def __init__(self, now: float = 0.0) -> None:
        self.now = now

    def __call__(self) -> float:
        """The time."""
        return self.now
