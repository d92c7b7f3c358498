"""What no query asks for, as plain data in one column: needs of a ride, breaks of a shift.

Only what differs from the usual is written down. Seconds are those of the service day, positions are
longitude and latitude.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from dispatch.model import (
    Booking,
    BookingId,
    Break,
    Connection,
    Feature,
    PlaceIndex,
    Purpose,
    Request,
    Shift,
    ShiftId,
)

PlaceOf = Callable[[float, float], PlaceIndex]
PositionOf = Callable[[PlaceIndex], tuple[float, float]]
Details = dict[str, Any]


def request_details(request: Request) -> Details:
    """Say what a request asks for beyond places, time and room; :func:`details_of_request` reads it.

    The places a rider would walk to instead are not kept: whoever booked has chosen.
    """
    return _given(
        walk_to_s=request.walk_to_s or None,
        walk_from_s=request.walk_from_s or None,
        ride_at_most_s=request.ride_at_most_s,
        needs=sorted(request.needs),
        alone=request.alone,
        purpose=request.purpose,
        return_of=request.return_of,
        priority=request.priority or None,
        standing=request.standing,
        connection=request.connection and connection_details(request.connection),
    )


def details_of_request(details: Mapping[str, Any]) -> Details:
    """Return the arguments of a :class:`Request` that :func:`request_details` wrote down."""
    purpose, outward = details.get("purpose"), details.get("return_of")
    meets = details.get("connection")
    return {
        "walk_to_s": details.get("walk_to_s", 0),
        "walk_from_s": details.get("walk_from_s", 0),
        "ride_at_most_s": details.get("ride_at_most_s"),
        "needs": frozenset(Feature(need) for need in details.get("needs", ())),
        "alone": details.get("alone", False),
        "purpose": Purpose(purpose) if purpose else None,
        "return_of": BookingId(outward) if outward else None,
        "priority": details.get("priority", 0),
        "standing": details.get("standing", False),
        "connection": connection_of(meets) if meets else None,
    }


def connection_details(connection: Connection) -> Details:
    """Return the line a ride meets as plain data; :func:`connection_of` reads it."""
    return asdict(connection) | {"service_day": connection.service_day.isoformat()}


def connection_of(details: Mapping[str, Any]) -> Connection:
    """Return the line that :func:`connection_details` wrote down."""
    service_day = date.fromisoformat(details["service_day"])
    return Connection(**(dict(details) | {"service_day": service_day}))


def booking_details(booking: Booking, position: PositionOf) -> Details:
    """Say what a booking's request asks for, and where a breakdown left the rider."""
    stranded = None if booking.stranded_at is None else position(booking.stranded_at)
    return request_details(booking.request) | _given(
        stranded_at=stranded and list(stranded),
        carried_by=list(booking.carried_by),
        boarded_s=booking.boarded_s,
    )


def details_of_booking(details: Mapping[str, Any], place: PlaceOf) -> Details:
    """Return the arguments of a :class:`Booking` that :func:`booking_details` wrote down."""
    stranded = details.get("stranded_at")
    return {
        "stranded_at": place(*stranded) if stranded else None,
        "carried_by": tuple(ShiftId(shift) for shift in details.get("carried_by", ())),
        "boarded_s": details.get("boarded_s"),
    }


def shift_details(shift: Shift, position: PositionOf) -> Details:
    """Say when the driver rests and how long they may drive; :func:`details_of_shift` reads it."""
    return _given(
        breaks=[break_details(pause, position) for pause in shift.breaks],
        driving_at_most_s=shift.driving_at_most_s,
    )


def details_of_shift(details: Mapping[str, Any], place: PlaceOf) -> Details:
    """Return the arguments of a :class:`Shift` that :func:`shift_details` wrote down."""
    return {
        "breaks": tuple(break_of(pause, place) for pause in details.get("breaks", ())),
        "driving_at_most_s": details.get("driving_at_most_s"),
    }


def break_details(pause: Break, position: PositionOf) -> Details:
    """Return a break as plain data; :func:`break_of` reads it."""
    at = None if pause.place is None else list(position(pause.place))
    window = {"seconds": pause.seconds, "from_s": pause.from_s, "until_s": pause.until_s}
    return window | _given(at=at, charges=pause.charges)


def break_of(details: Mapping[str, Any], place: PlaceOf) -> Break:
    """Return the break that :func:`break_details` wrote down."""
    at = details.get("at")
    return Break(
        seconds=details["seconds"],
        from_s=details["from_s"],
        until_s=details["until_s"],
        place=place(*at) if at else None,
        charges=details.get("charges", False),
    )


def _given(**values: Any) -> Details:  # noqa: ANN401  # plain data of any kind
    """Leave out what is as usual: none, no, nothing."""
    return {k: v for k, v in values.items() if v is not None and v is not False and v != []}
