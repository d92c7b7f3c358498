"""A way out and its way back."""

from dispatch.events import State
from dispatch.model import Booking, BookingId, RideStatus

OPEN = (RideStatus.BOOKED, RideStatus.UNASSIGNED)
"""Where a ride stands that has not begun."""


def fits_linked_rides(state: State, booking: Booking) -> bool:
    """Whether the way out is promised to end before the way back begins, seen from either of them."""
    promise, outward = booking.promise, booking.request.return_of
    out = state.bookings.get(outward) if outward else None
    counts = out is not None and out.status is not RideStatus.CANCELLED
    if out is not None and counts and promise.pickup_from_s < out.promise.arrive_by_s:
        return False
    back = (
        other.promise.pickup_from_s
        for other in state.bookings.values()
        if other.request.return_of == booking.id and other.status in OPEN
    )
    return all(from_s >= promise.arrive_by_s for from_s in back)


def ways_back(state: State, outward: BookingId) -> list[BookingId]:
    """Rides that have not begun and are the way back of a ride, and the ways back of those."""
    found = [outward]
    for key in found:  # grows while it is walked
        found += (
            other
            for other, booking in state.bookings.items()
            if booking.request.return_of == key and booking.status in OPEN and other not in found
        )
    return found[1:]
