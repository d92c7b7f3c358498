"""The one function that turns one state of an area's day into the next.

Pure: the shells bring the clock (``now_s``, seconds since the start of this service day, negative for
days to come), the store and the network. What each event does stands in ``dispatch.handlers``.
"""

from collections.abc import Callable
from typing import Any

from dispatch.errors import IllegalEvent
from dispatch.events import (
    BookingCancelled,
    BookingChanged,
    ConnectionLate,
    DayClosed,
    DriverChanged,
    Event,
    ImprovementFound,
    NoShowReported,
    OfferTaken,
    PositionReported,
    RiderBoarded,
    RideRequested,
    ShiftOpened,
    ShiftShortened,
    ShiftWithdrawn,
    State,
    TravelChanged,
    VehicleBrokeDown,
    VehicleLate,
    VisitArrived,
    VisitDeparted,
)
from dispatch.handlers import (
    breakdown,
    closing,
    connection,
    improvement,
    moving,
    reports,
    riders,
    roads,
    shifts,
    staffing,
)
from dispatch.handlers.telling import Decision
from dispatch.legality import check_event

_HANDLERS: dict[type, Callable[[State, Any, int], Decision]] = {
    RideRequested: riders.requested,
    OfferTaken: riders.taken,
    BookingChanged: riders.changed,
    BookingCancelled: riders.cancelled,
    VisitArrived: reports.arrived,
    RiderBoarded: reports.boarded,
    NoShowReported: reports.no_show,
    VisitDeparted: reports.departed,
    PositionReported: moving.positioned,
    VehicleLate: moving.late,
    VehicleBrokeDown: breakdown.broke_down,
    ShiftOpened: shifts.opened,
    ShiftShortened: shifts.shortened,
    ShiftWithdrawn: shifts.withdrawn,
    DriverChanged: staffing.driver_changed,
    TravelChanged: roads.travel_changed,
    ConnectionLate: connection.connection_late,
    ImprovementFound: improvement.improvement_found,
    DayClosed: closing.day_closed,
}

_UNHEARD = (PositionReported, VehicleLate, VehicleBrokeDown, ConnectionLate)
_TOO_LATE = (
    BookingCancelled,
    BookingChanged,
    ShiftOpened,
    ShiftShortened,
    ShiftWithdrawn,
    DriverChanged,
)


def decide(state: State, event: Event, now_s: int) -> Decision:
    """Decide what an event does.

    Parameters
    ----------
    state
        The area's day; never modified.
    event
        What happened.
    now_s
        Seconds since the start of this service day.

    Returns
    -------
    The next state (the same object if nothing changed) and what follows from the event. Once the day
    is closed, only late reports of what was driven still change something.

    Raises
    ------
    IllegalEvent
        The event makes no sense in this state; see ``dispatch.legality`` and the handlers for the codes.
    """
    if state.closed and isinstance(event, _UNHEARD):
        return state, ()
    if state.closed and isinstance(event, _TOO_LATE):
        raise IllegalEvent(
            "day-closed", "This service day is over; nothing about it can be changed."
        )
    check_event(state, event, now_s)
    return _HANDLERS[type(event)](state, event, now_s)
