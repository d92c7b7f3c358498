"""What binds the buses of an open day, for the search: room, features, range, driving time, the shift."""

from collections.abc import Sequence

import numpy as np

from dispatch.events import State
from dispatch.improve.day_parts import OpenTour
from dispatch.improve.day_rows import Row
from dispatch.improve.problem import Flags, Ints, Vehicles
from dispatch.model import Booking, Load, Shift

_ALONE = 1000
"""Room of the limit that keeps parties apart who must not share; who does not mind takes 1 of it."""
_NO_LIMIT = 10**6


class Limits:
    """The limits of all vehicles as columns: one for each weighting of loads, one to be alone.

    ``room`` (K, L) is what each vehicle has of them.
    """

    def __init__(self, state: State, tours: Sequence[OpenTour]) -> None:
        self._state = state
        vehicles = [state.vehicles[tour.shift.vehicle] for tour in tours]
        weights = {limit.coefficients for vehicle in vehicles for limit in vehicle.limits}
        self._weights = sorted(weights)
        self.room = np.full((len(tours), len(weights) + 1), _NO_LIMIT, np.int64)
        self.room[:, -1] = _ALONE
        for k, vehicle in enumerate(vehicles):
            for limit in vehicle.limits:
                column = self._weights.index(limit.coefficients)
                self.room[k, column] = min(self.room[k, column], limit.at_most)

    def use(self, booking: Booking) -> Ints:
        """Return the room a party takes in each column."""
        load = booking.request.load
        taken = [sum(c * n for c, n in zip(each, load, strict=True)) for each in self._weights]
        return np.array([*taken, _ALONE if booking.request.alone else 1], np.int64)

    def aboard(self, tours: Sequence[OpenTour]) -> Ints:
        """Return the room taken where the open part begins."""
        taken = np.zeros_like(self.room)
        for k, tour in enumerate(tours):
            for key in tour.aboard:
                taken[k] += self.use(self._state.bookings[key])
        return taken


def allowed(state: State, tours: Sequence[OpenTour], rows: Sequence[Row]) -> Flags:
    """Mark which vehicle may take which request (n, K).

    Rides of standing orders stay where they are if a quota holds there.
    """
    marks = np.zeros((len(rows), len(tours)), np.uint8)
    kinds: dict[tuple[Load, frozenset[str]], Flags] = {}
    for r, row in enumerate(rows):
        if row.vehicle is not None:
            marks[r, row.vehicle] = 1
        elif row.booking is not None:
            request = row.booking.request
            kind = request.load, frozenset[str](request.needs)
            if kind not in kinds:
                kinds[kind] = np.array([_can(state, tour.shift, *kind) for tour in tours], np.uint8)
            marks[r] = kinds[kind]
            if request.standing and state.policy.standing_share < 1:
                marks[r] &= [tour.shift.id == row.booking.shift for tour in tours]
    return marks


def _can(state: State, shift: Shift, load: Load, needs: frozenset[str]) -> bool:
    vehicle = state.vehicles[shift.vehicle]
    return vehicle.has_room(load) and needs <= vehicle.features


def vehicles(
    state: State, tours: Sequence[OpenTour], limits: Limits, start: Ints, end: Ints
) -> Vehicles:
    """Return the buses: what is left of their limits, at least what the plan there is needs."""
    carries = [any(v.board or v.alight for v in tour.past) for tour in tours]
    return Vehicles(
        start=start,
        end=end,
        earliest=np.array([tour.free_s for tour in tours], np.float64),
        latest=np.array([max(tour.shift.end_s, tour.home_s) for tour in tours], np.float64),
        room=limits.room,
        driving=np.array([_left(t.shift.driving_at_most_s, t.driven_s, t.ahead_s) for t in tours]),
        range_m=np.array([_left(_reach_m(state, t), t.driven_m, t.ahead_m) for t in tours]),
        fixed=np.where(carries, 0.0, state.policy.weight_shift),
        initial=limits.aboard(tours),
        begun=np.array([tour.settled > 0 for tour in tours], np.uint8),
    )


def _left(at_most: int | None, used: int, planned: int) -> float:
    """Return what is left of a limit; at least what the plan needs."""
    return np.inf if at_most is None else float(max(at_most - used, planned))


def _reach_m(state: State, tour: OpenTour) -> int | None:
    """Return the metres a bus can drive with the charging pauses still ahead.

    Between which of them it drives how far is for the checker.
    """
    reach_m = state.vehicles[tour.shift.vehicle].range_m
    charges = sum(visit.pause is not None and visit.pause.charges for visit in tour.visits)
    return None if reach_m is None else reach_m * (1 + charges)
