"""The improver: what comes in is a problem and perhaps a plan, what goes out is a better one."""

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dispatch.improve.arrays import IDLE
from dispatch.improve.columns import Combine, columns_of, drawn, idle_cost, routes_of
from dispatch.improve.data import data_of
from dispatch.improve.elite import Elite
from dispatch.improve.params import Params
from dispatch.improve.plan_kernels import keep_best, load, start, unload
from dispatch.improve.problem import Ints, Problem, UnusableProblem
from dispatch.improve.search_kernels import run
from dispatch.improve.state import BEST, CURRENT, Dials, State, fresh
from dispatch.improve.stop import Progress, Stop

_FIRST_SLICE = 16
"""Iterations before the pace is known."""
_TICK = 1e-6
"""Seconds; no clock is finer."""

Routes = tuple[tuple[int, ...], ...]
"""Nodes in order, one route a vehicle."""


@dataclass(frozen=True, slots=True)
class Result:
    """The best plan found."""

    routes: Routes
    cost: float
    """Objective without penalties."""
    unserved: tuple[int, ...]
    """Requests left out."""
    iterations: int
    seconds: float
    history: tuple[tuple[float, float], ...]
    """Seconds and objective (with penalties) of each new best."""


def solve(
    problem: Problem,
    stop: Stop,
    *,
    seed: int = 0,
    params: Params | None = None,
    initial: Routes | None = None,
    combine: Combine | None = None,
    on_improvement: Callable[[Result], None] | None = None,
    clock: Callable[[], float] = time.perf_counter,
) -> Result:
    """Search for the cheapest plan until ``stop`` says so; deterministic for a seed and iterations.

    Parameters
    ----------
    initial
        A feasible plan to begin with; requests it lacks are inserted where they fit.
    combine
        Set partitioning over the routes met, see ``dispatch.exact.partition.combine``; none: without.
    on_improvement
        Called with each better plan, between slices.

    Raises
    ------
    UnusableProblem
        ``initial`` is not a feasible plan.
    """
    return _Search(problem, stop, seed, params or Params(), clock, combine, on_improvement).run(
        initial
    )


class _Search:
    def __init__(
        self,
        problem: Problem,
        stop: Stop,
        seed: int,
        params: Params,
        clock: Callable[[], float],
        combine: Combine | None,
        on_improvement: Callable[[Result], None] | None,
    ) -> None:
        self.data = data_of(problem)
        self.stop, self.params, self.clock = stop, params, clock
        self.combine, self.on_improvement = combine, on_improvement
        longest = min(problem.nodes.place.size + 2, params.longest_route)
        self.state: State = fresh(self.data, longest, params.pool_size, seed)
        self.iterations = self.since_best = 0
        self.begun = clock()
        self.pace = _FIRST_SLICE
        self.rng = np.random.default_rng(seed)
        self.elite = Elite(params.elites, self.rng)
        self.history: list[tuple[float, float]] = []

    def run(self, initial: Routes | None) -> Result:
        self.stop.begin()
        start(self.data, self.state)
        if initial is not None:
            self._load(initial)
        keep_best(self.state)
        p = self.params
        again = p.starts - 1 if initial is None else 0  # what is given is not thrown away
        for _ in range(again):
            self._descend(p.hot, p.start_share)
            self.elite.note(self.state)
            unload(self.data, self.state)
        self._descend(p.hot, p.start_share * (p.starts - again))
        while self.stop.share(self._progress()) < 1:
            self.elite.note(self.state)
            self._recombine()
            self._descend(p.warm, p.child_share)
        return self._result()

    def _descend(self, hot: float, length: float) -> None:
        """Search while the temperature falls from hot to cold, for that share of the whole search."""
        begin = share = self.stop.share(self._progress())
        end = begin + length
        if end + length / 2 > 1:
            end = 1.0  # too little would be left for another
        while share < end:
            self._slice(hot * (self.params.cold / hot) ** ((share - begin) / (end - begin)))
            share = self.stop.share(self._progress())

    def _slice(self, temperature: float) -> None:
        """Run a slice of iterations, short enough for the stop criterion."""
        p = self.params
        dials = Dials(
            self._scale() * temperature,
            p.mean_removed,
            p.longest_string,
            p.blink,
            p.regret,
            p.pool_margin,
            p.crossings,
            p.segments,
            p.strings,
            p.related,
        )
        left = self.stop.left(self._progress())
        count = min(p.slice_iterations, left.iterations)
        if left.seconds < np.inf:
            count = min(count, self.pace)
        begun = self.clock()
        found = run(self.data, self.state, count, dials)
        took = max(self.clock() - begun, _TICK)
        self.pace = max(1, min(int(count * p.slice_seconds / took), 2 * self.pace))
        self.iterations += count
        self.since_best = 0 if found else self.since_best + count
        if found:
            self._tell()

    def _recombine(self) -> None:
        """Go on from a better solution made of routes met before, or else from a new mixture of them."""
        data, state = self.data, self.state
        columns, entries = columns_of(data, state)
        bound = float(state.number[BEST]) - float(idle_cost(data).sum())
        seconds = self.stop.left(self._progress()).seconds * self.params.combine_share
        found = self.combine(columns, bound, seconds) if self.combine else None
        if found is None or (found.chosen is None and self.rng.random() >= self.params.sampled):
            self.elite.cross(data, state)
            return
        chosen = found.chosen or drawn(columns, found.share, self.rng)
        unload(data, state)
        for k, nodes in routes_of(data, state, [int(entries[c]) for c in chosen]):
            load(data, state, k, nodes)
        if state.number[CURRENT] < state.number[BEST]:
            keep_best(state)
            self.since_best = 0
            self._tell()
            self.elite.note(state)

    def _scale(self) -> float:
        """Return the mean cost of a request now (vehicles aside), the unit of temperature."""
        served = max(int((self.state.requests["vehicle"] >= 0).sum()), 1)
        slot = self.state.routes.slot[self.state.vehicles["slot"]]
        fixed = self.data.vehicles["fixed"][slot["size"] > IDLE].sum()
        cost = float(slot["cost"].sum() - fixed) / served
        return cost or float(self.data.cost.mean()) or 1.0

    def _left_out(self) -> tuple[int, ...]:
        """Return the requests the best solution leaves out."""
        served = {
            int(self.data.nodes[v]["request"])
            for k, size in enumerate(self.state.vehicles["best_size"])
            for v in self.state.best_node[k, 1 : size - 1]
        }
        return tuple(r for r in range(self.data.requests.size) if r not in served)

    def _progress(self) -> Progress:
        cost = float(self.state.number[BEST])
        complete = not any(self.data.requests[r]["must"] for r in self._left_out())
        return Progress(self.iterations, self.since_best, cost if complete else np.inf)

    def _load(self, routes: Routes) -> None:
        for k, nodes in enumerate(routes):
            route = np.array(nodes, np.int64)
            if nodes and not (self._whole(k, route) and load(self.data, self.state, k, route)):
                raise UnusableProblem(
                    "initial-plan", f"Route {k} of the initial plan breaks a rule."
                )

    def _whole(self, k: int, route: Ints) -> bool:
        """Return whether vehicle k may take the route's requests, each whole and nowhere else."""
        of = np.unique(self.data.nodes["request"][route])
        ends = 1 + (self.data.requests["pickup"][of] >= 0)
        left = self.state.requests["vehicle"][of] < 0
        distinct = np.unique(route).size == route.size == ends.sum()
        return bool(distinct and left.all() and self.data.allowed[of, k].all())

    def _tell(self) -> None:
        self.history.append((self.clock() - self.begun, float(self.state.number[BEST])))
        if self.on_improvement is not None:
            self.on_improvement(self._result())

    def _result(self) -> Result:
        unserved = self._left_out()
        routes = tuple(
            tuple(int(v) for v in self.state.best_node[k, 1 : size - 1])
            for k, size in enumerate(self.state.vehicles["best_size"])
        )
        cost = float(self.state.number[BEST]) - sum(
            self.data.requests[r]["penalty"] for r in unserved
        )
        seconds = self.clock() - self.begun
        return Result(routes, cost, unserved, self.iterations, seconds, tuple(self.history))
