"""Checks solutions of instances without sharing code with any solver.

The schedule of a tour is a system of difference constraints: times x with x_b - x_a >= c. It has a
solution if and only if the longest paths of its graph have no positive cycle (Bellman and Ford), so one
procedure decides windows, ride times and tour duration together, waiting wherever it helps.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from benchmarks.instances import UNLIMITED, Instance

Tours = Sequence[Sequence[int]]
Constraint = tuple[int, int, float]
"""(a, b, c): the time at b is at least c after the time at a."""

EXACT = 1e-6
_NO_CHANGE = 1e-9


def check(instance: Instance, tours: Tours, tolerance: float = EXACT) -> list[str]:
    """Return what is wrong with the tours (given without their first and last node); empty if nothing.

    `tolerance` is by how much a time may miss its limit, in the units of the instance.
    """
    driven = [list(tour) for tour in tours if len(tour)]
    faults = _served(instance, driven)
    if len(driven) > instance.vehicles:
        faults.append(f"{len(driven)} vehicles used of {instance.vehicles}")
    if faults:
        return faults
    for number, tour in enumerate(driven):
        faults += [f"tour {number}: {fault}" for fault in _tour_faults(instance, tour, tolerance)]
    return faults


def cost(instance: Instance, tours: Tours) -> float:
    """Return the unrounded length of all tours."""
    return sum(instance.length(tour) for tour in tours if len(tour))


def _served(instance: Instance, tours: Tours) -> list[str]:
    """Every pickup and drop-off is visited exactly once, and nothing else."""
    visits = Counter(node for tour in tours for node in tour)
    ends = {node for ride in instance.rides for node in ride}
    faults = [f"node {node} visited {visits[node]} times" for node in ends if visits[node] != 1]
    return faults + [f"node {node} is no end of a ride" for node in visits if node not in ends]


def _tour_faults(instance: Instance, tour: Sequence[int], tolerance: float) -> list[str]:
    faults = []
    position = {node: k for k, node in enumerate(tour)}
    rides = [ride for ride in instance.rides if ride[0] in position or ride[1] in position]
    for pick, drop in rides:
        if pick not in position or drop not in position:
            faults.append(f"nodes {pick} and {drop} ride in different vehicles")
        elif position[pick] > position[drop]:
            faults.append(f"node {drop} comes before its pickup {pick}")
    aboard = 0
    for node in tour:
        aboard += instance.nodes[node].load
        if aboard > instance.capacity:
            faults.append(f"{aboard} aboard at node {node}, room for {instance.capacity}")
    if not faults and not _has_schedule(instance, tour, rides, tolerance):
        faults.append("no schedule keeps windows, ride times and tour duration")
    return faults


def _has_schedule(
    instance: Instance, tour: Sequence[int], rides: Sequence[tuple[int, int]], tolerance: float
) -> bool:
    """Whether the difference constraints of a tour can be met; variable 0 is the hour zero."""
    stops = [0, *tour, len(instance.nodes) - 1]
    at = {node: k for k, node in enumerate(stops, start=1)}
    constraints: list[Constraint] = []
    for a, b in pairwise(stops):
        apart = instance.nodes[a].service + instance.distance(a, b)
        constraints.append((at[a], at[b], apart))
    for node, k in at.items():
        constraints.append((0, k, instance.nodes[node].earliest))
        constraints.append((k, 0, -instance.nodes[node].latest - tolerance))
    if instance.longest_ride < UNLIMITED:
        for pick, drop in rides:
            at_most = instance.longest_ride + instance.nodes[pick].service
            constraints.append((at[drop], at[pick], -at_most - tolerance))
    if instance.longest_tour < UNLIMITED:
        constraints.append((len(stops), 1, -instance.longest_tour - tolerance))
    return _solvable(len(stops) + 1, constraints)


def _solvable(variables: int, constraints: Sequence[Constraint]) -> bool:
    """Whether longest paths settle: after as many rounds as variables nothing may change any more."""
    times = [0.0] * variables
    for _ in range(variables):
        changed = False
        for a, b, apart in constraints:
            if times[a] + apart > times[b] + _NO_CHANGE:
                times[b] = times[a] + apart
                changed = True
        if not changed:
            return True
    return False
