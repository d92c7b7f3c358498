"""When to stop: objects that are asked between slices of the search, combined as needed.

Each answers how far the search has come, from 0 to 1; at 1 it stops. The temperature follows that figure.
"""

import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Progress:
    """What a criterion may look at."""

    iterations: int
    since_best: int
    """Iterations since the best solution improved."""
    best_cost: float
    """Infinite while a request that must be served is left out."""


@dataclass(frozen=True, slots=True)
class Left:
    """What is left before a criterion says stop, at most."""

    iterations: int = sys.maxsize
    seconds: float = math.inf


class Stop(Protocol):
    """A criterion; ``begin`` is called once, before the first slice."""

    def begin(self) -> None:
        """Note the beginning."""

    def share(self, progress: Progress) -> float:
        """Return how much of the search is done; 1 or more: stop."""

    def left(self, progress: Progress) -> Left:
        """Return what may pass before the next question."""


@dataclass(slots=True)
class MaxIterations:
    """Stop after so many iterations: the same result on every machine."""

    iterations: int

    def begin(self) -> None:
        """Nothing to note."""

    def share(self, progress: Progress) -> float:
        """Return the share of the iterations."""
        return progress.iterations / self.iterations if self.iterations > 0 else 1.0

    def left(self, progress: Progress) -> Left:
        """Return the iterations left."""
        return Left(self.iterations - progress.iterations)


@dataclass(slots=True)
class MaxSeconds:
    """Stop after so many seconds of the clock given."""

    seconds: float
    clock: Callable[[], float] = time.perf_counter
    _begun: float = field(default=0.0, init=False)

    def begin(self) -> None:
        """Read the clock."""
        self._begun = self.clock()

    def share(self, progress: Progress) -> float:  # noqa: ARG002 - the protocol's
        """Return the share of the time."""
        spent = self.clock() - self._begun
        return spent / self.seconds if self.seconds > 0 else 1.0

    def left(self, progress: Progress) -> Left:  # noqa: ARG002 - the protocol's
        """Return the seconds left."""
        return Left(seconds=self.seconds - self.clock() + self._begun)


@dataclass(slots=True)
class NoImprovement:
    """Stop after so many iterations without a better solution."""

    iterations: int

    def begin(self) -> None:
        """Nothing to note."""

    def share(self, progress: Progress) -> float:
        """Return the share of the patience."""
        return progress.since_best / self.iterations if self.iterations > 0 else 1.0

    def left(self, progress: Progress) -> Left:
        """Return the iterations left."""
        return Left(self.iterations - progress.since_best)


@dataclass(slots=True)
class Target:
    """Stop as soon as the cost is at most this."""

    cost: float

    def begin(self) -> None:
        """Nothing to note."""

    def share(self, progress: Progress) -> float:
        """Return 1 when reached."""
        return 1.0 if progress.best_cost <= self.cost else 0.0

    def left(self, progress: Progress) -> Left:  # noqa: ARG002 - the protocol's
        """Return no bound."""
        return Left()


class FirstOf:
    """Stop when any of the criteria does."""

    def __init__(self, *criteria: Stop) -> None:
        self._criteria = criteria

    def begin(self) -> None:
        """Begin all."""
        for criterion in self._criteria:
            criterion.begin()

    def share(self, progress: Progress) -> float:
        """Return the greatest share."""
        return max((c.share(progress) for c in self._criteria), default=1.0)

    def left(self, progress: Progress) -> Left:
        """Return the least of each."""
        all_left = [c.left(progress) for c in self._criteria]
        return Left(min(one.iterations for one in all_left), min(one.seconds for one in all_left))
