"""Small days solved to proven optimality with OR-Tools CP-SAT: the yardstick beside the heuristics.

A pickup and delivery problem with time windows and ride-time limits (Cordeau 2006, three-index model),
one circuit per shift over optional visits. Each end of a ride is a visit of its own: halts shared at one
place are not modelled, so compare on distinct places. Sensible for up to about eight rides; the import
is slow, so nothing but tests, benchmarks and the planner's tools may import this module.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ortools.sat.python import cp_model

from dispatch.events import State
from dispatch.model import (
    UNREACHABLE,
    Booking,
    PlaceIndex,
    Promise,
    Request,
    Shift,
    Tour,
    Visit,
    VisitId,
)

_LATEST_S = 2 * 86_400
_DEPOT = 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A ride with the terms it must keep."""

    request: Request
    promise: Promise


@dataclass(frozen=True, slots=True)
class Exact:
    """The best day there is: all wanted rides on the shifts of ``state``, or None if they do not fit.

    ``driving_s`` is the sum of planned driving times over all tours; ``proven`` whether no better day exists.
    """

    state: State | None
    driving_s: int
    proven: bool


def solve(state: State, wanted: Sequence[Wanted], *, seconds: float = 20.0, seed: int = 0) -> Exact:
    """Serve all ``wanted`` rides with the least driving, starting from empty tours.

    Parameters
    ----------
    state
        Shifts, vehicles, travel and rules; its tours must be empty.
    seconds
        Limit on the time of search; without it the result is deterministic for a seed.
    """
    model = _Model(state, wanted)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.random_seed = seed
    solver.parameters.num_workers = 1
    status = solver.solve(model.cp)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Exact(None, 0, status == cp_model.INFEASIBLE)
    return Exact(model.read(solver), round(solver.objective_value), status == cp_model.OPTIMAL)


class _Model:
    """Nodes of each circuit: 0 is the depot, 1..n pick the rides up, n+1..2n set them down."""

    def __init__(self, state: State, wanted: Sequence[Wanted]) -> None:
        self.state = state
        self.wanted = wanted
        self.shifts = [state.shifts[key] for key in sorted(state.shifts)]
        self.cp = cp_model.CpModel()
        self.n = len(wanted)
        self.open_s = [self.cp.new_int_var(0, _LATEST_S, f"t{k}") for k in range(2 * self.n + 1)]
        self.arcs: list[dict[tuple[int, int], cp_model.IntVar]] = []
        cost: list[cp_model.LinearExprT] = []
        for shift in self.shifts:
            cost += self._circuit(shift)
        for k in range(1, 2 * self.n + 1):
            self.cp.add_exactly_one(~self._absent(s, k) for s in range(len(self.shifts)))
        self._promises()
        self.cp.minimize(sum(cost))

    def _absent(self, s: int, node: int) -> cp_model.IntVar:
        return self.arcs[s][node, node]

    def _place(self, node: int) -> PlaceIndex:
        request = self.wanted[(node - 1) % self.n].request
        return request.origin if node <= self.n else request.destination

    def _service_s(self, node: int) -> int:
        policy = self.state.policy
        load = self.wanted[(node - 1) % self.n].request.load
        party_s = policy.boarding_time_s if node <= self.n else policy.alighting_time_s
        return policy.stop_s + party_s(load)

    def _driving_s(self, a: PlaceIndex, b: PlaceIndex) -> int | None:
        table_s = int(self.state.travel.seconds[a, b])
        return None if table_s >= UNREACHABLE else self.state.policy.driving_s(table_s)

    def _circuit(self, shift: Shift) -> list[cp_model.LinearExprT]:
        """Add one shift: arcs, times and room along them; return its driving cost."""
        arcs: dict[tuple[int, int], cp_model.IntVar] = {}
        cost: list[cp_model.LinearExprT] = []
        limits = self.state.vehicles[shift.vehicle].limits
        nodes = range(2 * self.n + 1)
        room = [[self.cp.new_int_var(0, limit.at_most, "") for _ in nodes] for limit in limits]
        for a in nodes:
            arcs[a, a] = self.cp.new_bool_var("")
            for b in nodes:
                if a == b:
                    continue
                origin = shift.start_place if a == _DEPOT else self._place(a)
                target = shift.end_place if b == _DEPOT else self._place(b)
                driving_s = self._driving_s(origin, target)
                if driving_s is None:
                    continue
                arc = arcs[a, b] = self.cp.new_bool_var("")
                cost.append(driving_s * arc)
                self._along(shift, a, b, driving_s, arc)
                for index, limit in enumerate(limits):
                    self._load(room[index], limit.coefficients, a, b, arc)
        self.cp.add_circuit([(a, b, literal) for (a, b), literal in arcs.items()])
        for k in range(1, self.n + 1):  # both ends on the same bus
            self.cp.add(arcs[k, k] == arcs[k + self.n, k + self.n])
        self.arcs.append(arcs)
        return cost

    def _along(self, shift: Shift, a: int, b: int, driving_s: int, arc: cp_model.IntVar) -> None:
        """Let time pass along an arc that is driven."""
        if a == _DEPOT:
            self.cp.add(self.open_s[b] >= shift.start_s + driving_s).only_enforce_if(arc)
        elif b == _DEPOT:
            back_s = self.open_s[a] + self._service_s(a) + driving_s
            self.cp.add(back_s <= shift.end_s).only_enforce_if(arc)
        else:
            ready_s = self.open_s[a] + self._service_s(a) + driving_s
            self.cp.add(self.open_s[b] >= ready_s).only_enforce_if(arc)

    def _load(
        self,
        room: list[cp_model.IntVar],
        coefficients: Sequence[int],
        a: int,
        b: int,
        arc: cp_model.IntVar,
    ) -> None:
        """Let the room taken change at the visit an arc leads to; the bus leaves the depot empty."""
        if b == _DEPOT:
            return
        load = self.wanted[(b - 1) % self.n].request.load
        taken = sum(c * k for c, k in zip(coefficients, load, strict=True)) * (
            1 if b <= self.n else -1
        )
        before: cp_model.LinearExprT = 0 if a == _DEPOT else room[a]
        self.cp.add(room[b] == before + taken).only_enforce_if(arc)

    def _promises(self) -> None:
        """Keep the windows, the arrivals and the longest rides."""
        for k, ride in enumerate(self.wanted, start=1):
            promise, pickup, arrival = ride.promise, self.open_s[k], self.open_s[k + self.n]
            self.cp.add_linear_constraint(pickup, promise.pickup_from_s, promise.pickup_until_s)
            self.cp.add(arrival <= promise.arrive_by_s)
            aboard_s = arrival - pickup - self._service_s(k)
            direct_s = self._driving_s(ride.request.origin, ride.request.destination)
            self.cp.add_linear_constraint(aboard_s, direct_s or 0, promise.ride_at_most_s)

    def read(self, solver: cp_model.CpSolver) -> State:
        """Return the solution as a state the checker can look at."""
        tours, bookings = {}, {}
        for shift, arcs in zip(self.shifts, self.arcs, strict=True):
            follows = {a: b for (a, b), arc in arcs.items() if a != b and solver.boolean_value(arc)}
            order = [_DEPOT]
            while follows.get(order[-1], _DEPOT) != _DEPOT:
                order.append(follows[order[-1]])
            visits = tuple(self._visit(k, solver.value(self.open_s[k])) for k in order[1:])
            tours[shift.id] = Tour(shift.id, visits)
            for k in order[1:]:
                ride = self.wanted[(k - 1) % self.n]
                booking = Booking(ride.request.id, ride.request, ride.promise, shift.id, 0)
                bookings[booking.id] = booking
        return replace(self.state, tours=tours, bookings=bookings)

    def _visit(self, node: int, open_s: int) -> Visit:
        ride = self.wanted[(node - 1) % self.n].request.id
        depart_s = open_s + self._service_s(node)
        if node <= self.n:
            return Visit(
                VisitId(f"{ride}-board"), self._place(node), open_s, depart_s, board=(ride,)
            )
        return Visit(VisitId(f"{ride}-alight"), self._place(node), open_s, depart_s, alight=(ride,))


def driving_s(state: State) -> int:
    """Sum of the planned driving times of all tours of a state, depot to depot."""
    total = 0
    for key, tour in state.tours.items():
        if tour.visits:
            shift = state.shifts[key]
            stops = [shift.start_place, *(visit.place for visit in tour.visits), shift.end_place]
            total += sum(
                state.policy.driving_s(int(state.travel.seconds[a, b])) for a, b in pairwise(stops)
            )
    return total
