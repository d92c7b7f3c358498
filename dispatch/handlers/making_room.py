"""A place for one ride by giving another one a different bus: everybody is served as promised."""

from collections.abc import Iterator

from dispatch.events import State
from dispatch.handlers.expected import calm, expected
from dispatch.handlers.finding import settled
from dispatch.handlers.leaving import freed, retimed_at
from dispatch.handlers.placing import placed
from dispatch.handlers.wanted import promised_terms
from dispatch.model import Booking, BookingId, RideStatus

_NEAR_S = 45 * 60
_ASKED_AT_MOST = 24
"""Rides that are tried, those nearest in time first: one costs about as much as a question for a ride."""


def placed_with_room_made(state: State, booking: Booking, now_s: int) -> State | None:
    """Put a ride that stands in no tour into a tour that another ride leaves for another bus.

    The other rider hears nothing of it: the time told stands. None if that helps nobody.
    """
    for other in _others(state, booking, now_s):
        moving = state.bookings[other]
        without = freed(state, other, retimed_at(now_s))
        seated = placed(without, booking, now_s, (promised_terms(booking),), {moving.shift})
        if seated is None:
            continue
        elsewhere = [key for key in state.shifts if key != moving.shift]
        after = placed(seated, moving, now_s, (promised_terms(moving),), elsewhere)
        if after is not None and len(calm(state, after)) == len(after.shifts):
            return after
    return None


def _others(state: State, booking: Booking, now_s: int) -> Iterator[BookingId]:
    """Yield rides that may still be moved, the nearest in time first."""
    near: list[tuple[int, BookingId]] = []
    for key, shift in state.shifts.items():
        boarding = {ride for visit in settled(state, shift, now_s) for ride in visit.board}
        for ride, times in expected(state, key).items():
            open_still = state.bookings[ride].status is RideStatus.BOOKED and ride not in boarding
            if times.pickup_s is None or not open_still or ride == booking.id:
                continue
            apart_s = abs(times.pickup_s - booking.promise.pickup_from_s)
            if apart_s <= _NEAR_S:
                near.append((apart_s, ride))
    yield from (ride for _, ride in sorted(near)[:_ASKED_AT_MOST])
