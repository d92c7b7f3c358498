"""Looking up what an event is about."""

from dispatch.errors import IllegalEvent
from dispatch.events import State
from dispatch.model import Booking, BookingId, Shift, ShiftId, Visit
from dispatch.schedule.opening import tour_of
from dispatch.schedule.snapshot import Snapshot


def shift_of(state: State, key: ShiftId) -> Shift:
    """Look up a shift.

    Raises
    ------
    IllegalEvent
        ``shift-unknown``.
    """
    shift = state.shifts.get(key)
    if shift is None:
        raise IllegalEvent(
            "shift-unknown", f"There is no shift {key} on this day; fetch the shifts again."
        )
    return shift


def booking_of(state: State, key: BookingId) -> Booking:
    """Look up a booking.

    Raises
    ------
    IllegalEvent
        ``booking-unknown``.
    """
    booking = state.bookings.get(key)
    if booking is None:
        raise IllegalEvent("booking-unknown", f"There is no booking {key} on this day.")
    return booking


def settled(state: State, shift: Shift, now_s: int) -> tuple[Visit, ...]:
    """Visits of a tour that were reported, are presumed to have happened, or are about to be driven."""
    return tour_of(state, shift.id).visits[: Snapshot.of_tour(state, shift, now_s).settled[0]]
