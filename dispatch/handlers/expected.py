"""When riders will be served, as far as is known, and how late that is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dispatch.events import State
from dispatch.model import (
    Booking,
    BookingId,
    Promise,
    RideStatus,
    Shift,
    ShiftId,
    Visit,
    VisitStatus,
)
from dispatch.schedule.opening import tour_of
from dispatch.tours import driving_s

RIDING = (RideStatus.BOOKED, RideStatus.ABOARD)


@dataclass(frozen=True, slots=True)
class Expected:
    """Times of a rider who is still to be served; ``pickup_s`` is None for who is aboard already.

    ``left_s`` is when the bus leaves with them, or left.
    """

    pickup_s: int | None
    left_s: int
    arrival_s: int

    def late_s(self, promise: Promise) -> int:
        """Seconds after the time told, of boarding or arriving; negative while there is slack."""
        late_s = self.arrival_s - promise.arrive_by_s
        if self.pickup_s is not None:
            late_s = max(late_s, self.pickup_s - promise.pickup_until_s)
        return late_s

    def misses_s(self, promise: Promise) -> tuple[int, int, int]:
        """Seconds by which pickup, arrival and longest ride are missed; 0 where they are kept."""
        pickup_s = 0 if self.pickup_s is None else self.pickup_s - promise.pickup_until_s
        ride_s = self.arrival_s - self.left_s - promise.ride_at_most_s
        return max(pickup_s, 0), max(self.arrival_s - promise.arrive_by_s, 0), max(ride_s, 0)


def expected(state: State, shift: ShiftId) -> dict[BookingId, Expected]:
    """When each rider of a tour who is still to be served there boards and arrives."""
    boarded: dict[BookingId, Visit] = {}
    result = {}
    for visit in tour_of(state, shift).visits:
        boarded.update((key, visit) for key in visit.board)
        for key in visit.alight:
            booking = state.bookings[key]
            if rides_on(booking, shift) and booking.status in RIDING:
                board = boarded[key]
                waits = booking.status is RideStatus.BOOKED
                pickup_s = board.arrive_s if waits else None
                result[key] = Expected(pickup_s, board.depart_s, visit.arrive_s)
    return result


def rides_on(booking: Booking, shift: ShiftId) -> bool:
    """Whether this is the bus the ride is on, or goes on with after a breakdown."""
    return booking.shift == shift and shift not in booking.carried_by


def suffering(
    state: State, then: Mapping[BookingId, Expected], now: Mapping[BookingId, Expected]
) -> Iterator[BookingId]:
    """Yield riders who miss anything they were told by more than before."""
    for key, times in now.items():
        promise = state.bookings[key].promise
        before_s = then[key].misses_s(promise) if key in then else (0, 0, 0)
        if any(a > b for a, b in zip(times.misses_s(promise), before_s, strict=True)):
            yield key


def overrun_s(state: State, shift: Shift) -> int:
    """Seconds after the end of the shift at which the bus is back; 0 if in time or nothing is ahead."""
    visits = tour_of(state, shift.id).visits
    if not visits or visits[-1].status is VisitStatus.DEPARTED:
        return 0
    last = visits[-1]
    home_s = driving_s(state, last.place, shift.end_place)
    return max(last.depart_s + home_s - shift.end_s, 0)


def calm(before: State, after: State) -> list[ShiftId]:
    """Shifts whose tours miss nothing by more than before.

    Where reality has just made somebody late, nobody is taken up in the same breath: the plan could
    not show any more whose fault it is.
    """
    return [key for key in after.shifts if is_calm(before, after, key)]


def is_calm(before: State, after: State, key: ShiftId) -> bool:
    """Whether a tour misses nothing by more than before: promises, breaks, the end of the shift."""
    if after.tours.get(key) is before.tours.get(key):
        return True
    shift = after.shifts[key]
    known = before.shifts.get(key, shift)
    if any(suffering(after, expected(before, key), expected(after, key))):
        return False
    late_s, known_s = _pauses_late_s(after, key), _pauses_late_s(before, key)
    return late_s <= known_s and overrun_s(after, shift) <= overrun_s(before, known)


def _pauses_late_s(state: State, shift: ShiftId) -> int:
    visits = tour_of(state, shift).visits
    return sum(max(v.depart_s - v.pause.until_s, 0) for v in visits if v.pause is not None)
