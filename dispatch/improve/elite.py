"""The best solutions of the descents, and new ones made of two of them."""

from dataclasses import dataclass, field

import numpy as np

from dispatch.improve.arrays import Data
from dispatch.improve.plan_kernels import load, unload
from dispatch.improve.problem import Ints
from dispatch.improve.state import CURRENT, State

_SAME = 1e-6
"""Costs nearer than that belong to the same solution, in all likelihood."""
_BEST, _KEPT = 0.5, 0.5
"""Probabilities: that the best solution is one of the two; that a route of the first is kept."""


@dataclass(slots=True)
class Elite:
    """Up to ``size`` solutions of different cost, the cheapest first."""

    size: int
    rng: np.random.Generator
    solutions: list[tuple[float, list[Ints]]] = field(default_factory=list)
    """Cost, and the nodes of each vehicle."""

    def note(self, state: State) -> None:
        """Keep the current solution if it is new and among the best."""
        cost = float(state.number[CURRENT])
        if any(abs(cost - other) < _SAME for other, _ in self.solutions):
            return
        routes = [
            state.routes.pos["node"][row["slot"], 1 : state.routes.slot[row["slot"]]["size"] - 1]
            for row in state.vehicles
        ]
        self.solutions.append((cost, [route.copy() for route in routes]))
        self.solutions.sort(key=lambda one: one[0])
        del self.solutions[self.size :]

    def cross(self, data: Data, state: State) -> None:
        """Load routes of one solution and what they leave of another's; requests may stay out.

        A route-based crossover; the search puts the rest back. With a single solution nothing changes.
        """
        if len(self.solutions) <= 1:
            return
        one, two = (int(x) for x in self.rng.choice(len(self.solutions), 2, replace=False))
        if self.rng.random() < _BEST:
            one, two = 0, two or one
        mine, others = self.solutions[one][1], self.solutions[two][1]
        unload(data, state)
        free = []
        for k, route in enumerate(mine):
            if route.size and self.rng.random() < _KEPT:
                load(data, state, k, route)
            else:
                free.append(k)
        kind = data.vehicles["kind"]
        for k, left in _rest(data, state, others):
            same = (f for f in free if kind[f] == kind[k])
            to = k if k in free else next(same, None)
            if to is not None and load(data, state, to, left):
                free.remove(to)


def _rest(data: Data, state: State, routes: list[Ints]) -> list[tuple[int, Ints]]:
    """Return vehicles and routes without what is served already, those that lose least first."""
    found = []
    for k, route in enumerate(routes):
        left = route[state.requests["vehicle"][data.nodes["request"][route]] < 0]
        if left.size:
            found.append((left.size / route.size, k, left))
    found.sort(key=lambda one: -one[0])
    return [(k, left) for _, k, left in found]
