"""Whether an event makes sense in a state. Every code raised here says what to change."""

import numpy as np

from dispatch.errors import IllegalEvent
from dispatch.events import State
from dispatch.model import LOAD_KINDS, BookingId, Request, Shift, Travel, Vehicle, persons


def check_request(state: State, request: Request) -> None:
    """Refuse a request nobody could ride.

    Raises
    ------
    IllegalEvent
        ``place-unknown``, ``load-wrong``.
    """
    for place in (request.origin, request.destination):
        _check_place(state.travel, place, f"request {request.id}")
    load = request.load
    if len(load) != len(LOAD_KINDS) or min(load) < 0 or persons(load) == 0:
        kinds = ", ".join(LOAD_KINDS)
        raise IllegalEvent(
            "load-wrong",
            f"Request {request.id} asks for room {load}; give a number for each of {kinds}, none of them "
            "negative, with at least one person.",
        )


def check_booking_is_new(state: State, booking: BookingId) -> None:
    """Refuse to book twice under one id.

    Raises
    ------
    IllegalEvent
        ``booking-exists``.
    """
    if booking in state.bookings:
        raise IllegalEvent("booking-exists", f"There is a booking {booking} on this day already.")


def check_shift(state: State, shift: Shift, vehicle: Vehicle) -> None:
    """Refuse a shift nobody could drive.

    Raises
    ------
    IllegalEvent
        ``shift-exists``, ``shift-times``, ``shift-vehicle``, ``shift-overlap``, ``place-unknown``,
        ``vehicle-limits``.
    """
    if shift.id in state.shifts:
        raise IllegalEvent(
            "shift-exists", f"There is another shift {shift.id} on this day already."
        )
    if shift.start_s >= shift.end_s:
        raise IllegalEvent(
            "shift-times", f"Shift {shift.id} must end after it starts ({shift.start_s} s)."
        )
    if shift.vehicle != vehicle.id:
        raise IllegalEvent(
            "shift-vehicle", f"Shift {shift.id} is for vehicle {shift.vehicle}, not {vehicle.id}."
        )
    if any(len(limit.coefficients) != len(LOAD_KINDS) for limit in vehicle.limits):
        raise IllegalEvent(
            "vehicle-limits",
            f"Each limit of vehicle {vehicle.id} needs a coefficient for each of {', '.join(LOAD_KINDS)}.",
        )
    for place in (shift.start_place, shift.end_place):
        _check_place(state.travel, place, f"shift {shift.id}")
    for other in state.shifts.values():
        if other.vehicle == shift.vehicle and _overlap(other, shift):
            raise IllegalEvent(
                "shift-overlap",
                f"Vehicle {vehicle.id} is already in shift {other.id} during shift {shift.id}.",
            )


def _overlap(one: Shift, other: Shift) -> bool:
    return one.start_s < other.end_s and other.start_s < one.end_s


def check_travel(state: State, travel: Travel) -> None:
    """Refuse travel tables that lost places.

    Raises
    ------
    IllegalEvent
        ``travel-too-small``.
    """
    if travel.size < state.travel.size:
        raise IllegalEvent(
            "travel-too-small",
            f"The new travel tables have {travel.size} places, the old ones {state.travel.size}; places "
            "may only be added.",
        )


def same_travel(state: State, travel: Travel) -> bool:
    """Whether driving between the places of today's tours and shifts stays as it was."""
    used = {
        place for shift in state.shifts.values() for place in (shift.start_place, shift.end_place)
    }
    used |= {visit.place for tour in state.tours.values() for visit in tour.visits}
    rows = np.ix_(sorted(used), sorted(used))
    old = state.travel
    return bool(
        np.array_equal(old.seconds[rows], travel.seconds[rows])
        and np.array_equal(old.metres[rows], travel.metres[rows])
    )


def _check_place(travel: Travel, place: int, whose: str) -> None:
    if not 0 <= place < travel.size:
        raise IllegalEvent(
            "place-unknown",
            f"Place {place} of {whose} is not in the travel tables (0 to {travel.size - 1}); add it first.",
        )
