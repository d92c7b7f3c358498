"""An area's day at one moment, packed for the kernels once per decision."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.events import State
from dispatch.model import Load, Shift, Tour, Travel
from dispatch.policy import Policy
from dispatch.schedule.arrays import Base, Ints, Road, Tours
from dispatch.schedule.kernels import base_of
from dispatch.schedule.opening import Opening, opening_at, tour_of
from dispatch.schedule.rows import Rows


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """Open parts of the tours of ``shifts``, in that order."""

    state: State
    now_s: int
    shifts: tuple[Shift, ...]
    settled: tuple[int, ...]
    """How many visits of each tour are settled, see ``dispatch.schedule.opening``."""
    tours: Tours
    road: Road
    base: Base

    @classmethod
    def at(cls, state: State, now_s: int) -> "Snapshot":
        """Pack all shifts for insertions at ``now_s``, in the order of their ids."""
        shifts = tuple(state.shifts[key] for key in sorted(state.shifts))
        return cls.of(state, now_s, shifts, [opening_at(state, shift, now_s) for shift in shifts])

    @classmethod
    def of(
        cls, state: State, now_s: int, shifts: Sequence[Shift], openings: Sequence[Opening]
    ) -> "Snapshot":
        """Pack some shifts with given openings."""
        rows = Rows(state)
        for shift, opening in zip(shifts, openings, strict=True):
            rows.add(shift, opening)
        tours, road = rows.tours(), road_of(state.travel, state.policy)
        settled = tuple(opening.settled for opening in openings)
        return cls(state, now_s, tuple(shifts), settled, tours, road, base_of(tours, road))

    def tour(self, index: int) -> Tour:
        """Look up the whole tour of the shift at ``index``."""
        return tour_of(self.state, self.shifts[index].id)

    def needs(self, load: Load) -> Ints:
        """Room (shifts, limits) a load takes in the limits of each shift's vehicle."""
        needs = np.zeros_like(self.tours.room)
        for row, shift in zip(needs, self.shifts, strict=True):
            for column, limit in enumerate(self.state.vehicles[shift.vehicle].limits):
                row[column] = limit.use(load)
        return needs


def road_of(travel: Travel, policy: Policy) -> Road:
    """Wrap the travel tables for the kernels (read-only views: one type, compiled once)."""
    seconds, metres = travel.seconds.view(), travel.metres.view()
    seconds.flags.writeable = metres.flags.writeable = False
    return Road(seconds, metres, float(policy.travel_factor), int(policy.travel_buffer_s))
