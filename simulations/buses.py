"""What buses do: drive the tours as planned, as fast as the roads let them today."""

import math
import zlib
from dataclasses import dataclass

import numpy as np

from dispatch.events import State
from dispatch.model import PlaceIndex, ShiftId, Visit, VisitStatus


@dataclass(frozen=True, slots=True)
class BusStep:
    """The next thing a bus does: reach ``visit``, or leave it."""

    time_s: int
    shift: ShiftId
    visit: Visit
    arrives: bool


class Roads:
    """How much slower than the table each leg of each tour is: ``exp`` of a normal draw per leg."""

    def __init__(self, noise: float, seed: int) -> None:
        self._noise = noise
        self._seed = seed
        self._legs: dict[tuple[ShiftId, int], float] = {}

    def slowness(self, shift: ShiftId, leg: int) -> float:
        """Return the factor on leg number ``leg``; the same for a seed whatever else happens."""
        key = (shift, leg)
        if key not in self._legs:
            rng = np.random.default_rng([self._seed, zlib.crc32(shift.encode()), leg])
            self._legs[key] = math.exp(self._noise * rng.normal())
        return self._legs[key]


def next_step(state: State, shift: ShiftId, roads: Roads, now_s: int) -> BusStep | None:
    """Return what the bus of a shift does next, None if its tour is over for now.

    It never runs ahead of its plan: when early, it waits. It leaves the depot just in time by the plan.
    """
    visits = state.tours[shift].visits
    leg = next((k for k, v in enumerate(visits) if v.status is not VisitStatus.DEPARTED), None)
    if leg is None:
        return None
    visit = visits[leg]
    if visit.status is VisitStatus.ARRIVED:
        return BusStep(max(visit.depart_s, now_s), shift, visit, arrives=False)
    place, left_s = _left(state, shift, leg)
    table_s = int(state.travel.seconds[place, visit.place])
    real_s = math.ceil(table_s * roads.slowness(shift, leg))
    return BusStep(max(visit.arrive_s, left_s + real_s, now_s), shift, visit, arrives=True)


def _left(state: State, shift: ShiftId, leg: int) -> tuple[PlaceIndex, int]:
    """Where and when the bus set out on leg number ``leg``."""
    visits = state.tours[shift].visits
    if leg > 0:
        return visits[leg - 1].place, visits[leg - 1].depart_s
    roster = state.shifts[shift]
    table_s = int(state.travel.seconds[roster.start_place, visits[0].place])
    in_time_s = visits[0].arrive_s - state.policy.driving_s(table_s)
    return roster.start_place, max(roster.start_s, in_time_s)
