"""Packs tours into the kernels' arrays, one after the other."""

from collections.abc import Sequence

import numpy as np

from dispatch.events import State
from dispatch.model import BookingId, Load, Shift, Vehicle, Visit, persons
from dispatch.schedule.arrays import FAR, Ints, Tours
from dispatch.schedule.opening import Opening, tour_of


class Rows:
    """Collects the rows of :class:`Tours`.

    Parameters
    ----------
    state
        Where bookings, vehicles and rules are looked up.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._shifts: list[tuple[int, ...]] = []
        self._rooms: list[list[int]] = []
        self._aboard: list[list[int]] = []
        self._visits: list[tuple[int, int, int, int]] = []
        self._uses: list[list[int]] = []
        self._riders: list[tuple[int, ...]] = []
        self._first = [0]
        self._rider_first = [0]
        self._handling: dict[Load, int] = {}

    def add(self, shift: Shift, opening: Opening) -> None:
        """Append the open part of one tour."""
        visits = tour_of(self._state, shift.id).visits
        ahead = visits[opening.settled :]
        left_at = {key: v.depart_s for v in visits[: opening.settled] for key in v.board}
        picks: dict[BookingId, int] = {}
        for k, visit in enumerate(ahead):
            lo = opening.not_before_s if k == 0 else -FAR
            for key in visit.board:
                picks[key] = k
            for key in visit.alight:
                self._add_rider(key, picks.get(key, -1), k, left_at.get(key, 0))
            self._visits.append(
                (visit.place, *self._window(visit, lo, left_at), self._service(visit))
            )
        self._add_loads(self._state.vehicles[shift.vehicle], ahead, picks)
        bounds = (opening.place, opening.free_s, opening.free_new_s, shift.end_place, shift.end_s)
        self._shifts.append((*bounds, int(not visits)))
        self._first.append(len(self._visits))
        self._rider_first.append(len(self._riders))

    def _window(self, visit: Visit, lo: int, left_at: dict[BookingId, int]) -> tuple[int, int]:
        """When the doors may open: pickup windows, arrivals, and ride times of who is aboard."""
        bookings, hi = self._state.bookings, FAR
        for key in visit.board:
            promise = bookings[key].promise
            lo, hi = max(lo, promise.pickup_from_s), min(hi, promise.pickup_until_s)
        for key in visit.alight:
            promise = bookings[key].promise
            hi = min(hi, promise.arrive_by_s)
            if key in left_at:
                hi = min(hi, left_at[key] + promise.ride_at_most_s)
        return lo, hi

    def _service(self, visit: Visit) -> int:
        total, bookings = self._state.policy.stop_s, self._state.bookings
        for key in (*visit.board, *visit.alight):
            load = bookings[key].request.load
            if load not in self._handling:
                self._handling[load] = self._state.policy.handling_s(load)
            total += self._handling[load]
        return total

    def _add_rider(self, key: BookingId, pick: int, drop: int, left_at: int) -> None:
        booking = self._state.bookings[key]
        request = booking.request
        table_s = int(self._state.travel.seconds[request.origin, request.destination])
        direct_s = self._state.policy.driving_s(table_s)
        limit = booking.promise.ride_at_most_s
        self._riders.append((pick, drop, limit, left_at, direct_s, persons(request.load)))

    def _add_loads(
        self, vehicle: Vehicle, ahead: Sequence[Visit], picks: dict[BookingId, int]
    ) -> None:
        """Append the room taken in each limit: when the tour opens, and after each visit."""
        uses: dict[Load, list[int]] = {}

        def use(key: BookingId) -> list[int]:
            load = self._state.bookings[key].request.load
            if load not in uses:
                uses[load] = [limit.use(load) for limit in vehicle.limits]
            return uses[load]

        taken = [0] * len(vehicle.limits)
        for visit in ahead:
            for key in visit.alight:
                if key not in picks:
                    taken = [a + b for a, b in zip(taken, use(key), strict=True)]
        self._aboard.append(taken)
        self._rooms.append([limit.at_most for limit in vehicle.limits])
        for visit in ahead:
            for key in visit.alight:
                taken = [a - b for a, b in zip(taken, use(key), strict=True)]
            for key in visit.board:
                taken = [a + b for a, b in zip(taken, use(key), strict=True)]
            self._uses.append(taken)

    def tours(self) -> Tours:
        """All rows as arrays; vehicles with fewer limits get columns nothing can fill."""
        width = max((len(row) for row in self._rooms), default=0)
        origin, free_s, free_new_s, end_place, end_s, unused = _columns(self._shifts, 6)
        place, lo, hi, service = _columns(self._visits, 4)
        pick, drop, limit, departed, direct, people = _columns(self._riders, 6)
        return Tours(
            first=np.array(self._first, np.int64),
            origin=origin,
            free_s=free_s,
            free_new_s=free_new_s,
            end_place=end_place,
            end_s=end_s,
            unused=unused,
            aboard=_padded(self._aboard, width, 0),
            room=_padded(self._rooms, width, FAR),
            place=place,
            lo=lo,
            hi=hi,
            service=service,
            use=_padded(self._uses, width, 0),
            rider_first=np.array(self._rider_first, np.int64),
            pick=pick,
            drop=drop,
            limit=limit,
            departed=departed,
            direct=direct,
            persons=people,
        )


def _columns(rows: Sequence[tuple[int, ...]], columns: int) -> Ints:
    """Turn rows of numbers into one contiguous array per column, shape (columns, rows)."""
    table = np.array(rows, np.int64).reshape(len(rows), columns)
    return np.ascontiguousarray(table.T)


def _padded(rows: Sequence[Sequence[int]], width: int, filler: int) -> Ints:
    """Fill rows of different lengths up to one array (rows, width)."""
    table = np.full((len(rows), width), filler, np.int64)
    for target, row in zip(table, rows, strict=True):
        target[: len(row)] = row
    return table
