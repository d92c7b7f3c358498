"""Packs one tour for the kernels, and remembers the packed tours.

A packed tour depends on nothing but the objects it was packed from, all of them frozen. It is found again
by their identity, which is as good as equality here and takes no time: of a day with one new booking only
one tour is packed. The memory never changes an answer; it is bounded and may be emptied at any time.
"""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from threading import Lock

import numpy as np

from dispatch.events import State
from dispatch.model import (
    LOAD_KINDS,
    Booking,
    BookingId,
    Feature,
    Load,
    Shift,
    Tour,
    Vehicle,
    Visit,
    VisitStatus,
    persons,
)
from dispatch.policy import Policy
from dispatch.schedule.arrays import ALONE_TAKES, FAR, Ints
from dispatch.schedule.driving_kernels import ways
from dispatch.schedule.rows import packed
from dispatch.schedule.tables import Tables, road_of

_REMEMBERED_TOURS = 2_048
_FEATURES = {feature: 1 << bit for bit, feature in enumerate(Feature)}


@dataclass(frozen=True, slots=True, eq=False)
class PackedTour:
    """Rows of one tour, as in ``rows.packed``, and what they were made from."""

    shift: Shift
    vehicle: Vehicle
    tour: Tour | None
    policy: Policy
    keys: tuple[BookingId, ...]
    bookings: tuple[Booking, ...]
    bus: tuple[int, ...]
    """The first rows of the bus, up to ``UNUSED``."""
    visits: Ints
    rides: Ints
    limits: Ints
    ends: Ints
    """Places between which the bus drives, and then those between which each ride goes, (n, 2)."""
    tables: Tables
    ways: Ints
    """Seconds and metres between these, (n, 2)."""

    @property
    def legs(self) -> Ints:
        """The ways of the bus: to each visit, and home."""
        return self.ways[: len(self.visits) + 1]

    @property
    def directs(self) -> Ints:
        """The ways of the rides without detours."""
        return self.ways[len(self.visits) + 1 :]

    def is_of(self, state: State, tour: Tour | None) -> bool:
        """Whether packing the tour in this state again would say the same, but for the ways."""
        return (
            self.tour is tour
            and self.policy is state.policy
            and self.vehicle is state.vehicles[self.shift.vehicle]
            and tuple(map(state.bookings.get, self.keys)) == self.bookings
        )


class _Memory:
    """The packed tours used last, by shift and tour."""

    def __init__(self) -> None:
        self.tours: OrderedDict[tuple[int, int], PackedTour] = OrderedDict()
        self.lock = Lock()


_memory = _Memory()


def packed_tour(state: State, shift: Shift, tables: Tables) -> PackedTour:
    """Pack the tour of a shift, or find it packed; ``tables`` are those of the state's travel."""
    tour = state.tours.get(shift.id)
    key = id(shift), id(tour)  # both are kept alive by what is remembered under them
    with _memory.lock:
        known = _memory.tours.get(key)
        if known is not None and known.is_of(state, tour):
            if known.tables == tables:
                _memory.tours.move_to_end(key)
                return known
            new = replace(known, tables=tables, ways=_ways(state, known.ends))
        else:
            new = pack(state, shift, tour)
        _memory.tours[key] = new
        if len(_memory.tours) > _REMEMBERED_TOURS:
            _memory.tours.popitem(last=False)
    return new


def forget() -> None:
    """Empty the memory of packed tours."""
    with _memory.lock:
        _memory.tours.clear()


def pack(state: State, shift: Shift, tour: Tour | None) -> PackedTour:
    """Pack the tour of a shift."""
    visits = tour.visits if tour else ()
    vehicle = state.vehicles[shift.vehicle]
    picks = {key: k for k, visit in enumerate(visits) for key in visit.board}
    rides = [(key, k) for k, visit in enumerate(visits) for key in visit.alight]
    keys = tuple(key for key, _ in rides)
    bookings = tuple(state.bookings[key] for key in keys)
    rows = [
        _ride_row(state.policy, booking, picks.get(key, -1), drop)
        for (key, drop), booking in zip(rides, bookings, strict=True)
    ]
    here, stops = shift.start_place, []
    for visit in visits:
        planned = visit.status is VisitStatus.PLANNED
        anywhere = planned and visit.pause is not None and visit.pause.place is None
        here = here if anywhere else visit.place
        stops.append((here, *_visit_row(visit, state.policy.stop_s), int(anywhere)))
    places = [shift.start_place, *(row[packed.PLACE] for row in stops), shift.end_place]
    ends = [*pairwise(places), *((b.pickup_place, b.request.destination) for b in bookings)]
    between = _table(ends, 2)
    return PackedTour(
        shift,
        vehicle,
        tour,
        state.policy,
        keys,
        bookings,
        _bus_row(state.policy, shift, vehicle, visits),
        _table(stops, packed.VISIT_ROWS),
        _table(rows, packed.LOAD + len(LOAD_KINDS)),
        _limits(vehicle),
        between,
        Tables(state.travel),
        _ways(state, between),
    )


def _ways(state: State, ends: Ints) -> Ints:
    return ways(road_of(state.travel, state.policy), ends)


def feature_bits(features: frozenset[Feature]) -> int:
    """One bit for each feature."""
    return sum(_FEATURES[feature] for feature in features)


def _table(rows: Sequence[tuple[int, ...]], columns: int) -> Ints:
    """Turn rows of numbers into an array, shape (rows, columns)."""
    return np.array(rows, np.int64).reshape(len(rows), columns)


def _bus_row(
    policy: Policy, shift: Shift, vehicle: Vehicle, visits: tuple[Visit, ...]
) -> tuple[int, ...]:
    driving_s = FAR if shift.driving_at_most_s is None else shift.driving_at_most_s
    carries = any(visit.board or visit.alight for visit in visits)
    return (
        shift.start_place,
        shift.end_place,
        shift.start_s,
        shift.end_s,
        FAR if vehicle.range_m is None else vehicle.range_m,
        driving_s,
        feature_bits(vehicle.features),
        int(policy.standing_share * (shift.end_s - shift.start_s)),
        int(not carries),
    )


def _visit_row(visit: Visit, stop_s: int) -> tuple[int, ...]:
    """All rows between the place and ``ANYWHERE``."""
    pause, planned = visit.pause, int(visit.status is VisitStatus.PLANNED)
    real = planned, visit.arrive_s, visit.depart_s
    if pause is None:
        return (*real, 0, -FAR, FAR, stop_s)
    latest_s = pause.until_s - pause.seconds
    return (*real, 1 + pause.charges, pause.from_s, latest_s, pause.seconds)


def _ride_row(policy: Policy, booking: Booking, pick: int, drop: int) -> tuple[int, ...]:
    request, promise = booking.request, booking.promise
    load: Load = request.load
    return (
        pick,
        drop,
        int(request.standing),
        promise.pickup_from_s,
        promise.pickup_until_s,
        promise.arrive_by_s,
        promise.ride_at_most_s,
        policy.boarding_time_s(load),
        policy.alighting_time_s(load),
        persons(load),
        int(request.alone),
        *load,
    )


def _limits(vehicle: Vehicle) -> Ints:
    """Coefficients of each kind of load and the room there is; the first row is that of ``alone``."""
    rows = [(*limit.coefficients, limit.at_most) for limit in vehicle.limits]
    return np.array([(*(0,) * len(LOAD_KINDS), ALONE_TAKES), *rows], np.int64)
