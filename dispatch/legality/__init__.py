"""Whether an event makes sense in a state. Every code raised here says what to change.

What merely cannot be served today (no bus, no time, no room on that tour) is no error: it is refused.
"""

from dispatch.events import (
    BookingChanged,
    Event,
    NoShowReported,
    OfferTaken,
    PositionReported,
    RiderBoarded,
    RideRequested,
    ShiftOpened,
    State,
    TravelChanged,
    VehicleLate,
    VisitArrived,
    VisitDeparted,
)
from dispatch.legality.reports import check_report
from dispatch.legality.requests import check_booking_is_new, check_offer, check_request
from dispatch.legality.roads import check_travel, same_travel
from dispatch.legality.shifts import check_shift

__all__ = [
    "check_booking_is_new",
    "check_event",
    "check_offer",
    "check_report",
    "check_request",
    "check_shift",
    "check_travel",
    "same_travel",
]


def check_event(state: State, event: Event, now_s: int) -> None:
    """Refuse an event that makes no sense.

    Raises
    ------
    IllegalEvent
        See the functions of this package for the codes.
    """
    match event:
        case RideRequested(request):
            check_request(state, request)
        case OfferTaken(offer):
            check_offer(state, offer, now_s)
            check_booking_is_new(state, offer.request.id)
        case BookingChanged(offer):
            check_offer(state, offer, now_s)
        case ShiftOpened(shift, vehicle) if not _is_open(state, event):
            check_shift(state, shift, vehicle)
        case TravelChanged(travel):
            check_travel(state, travel)
        case (
            VisitArrived()
            | RiderBoarded()
            | NoShowReported()
            | VisitDeparted()
            | PositionReported()
            | VehicleLate()
        ):
            check_report(event)
        case _:
            pass


def _is_open(state: State, event: ShiftOpened) -> bool:
    """Whether this very shift was opened before: saying so again is harmless."""
    vehicle = state.vehicles.get(event.vehicle.id)
    return state.shifts.get(event.shift.id) == event.shift and vehicle == event.vehicle
