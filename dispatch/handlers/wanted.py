"""What a ride that must find another place is to keep to, and which goes first."""

from dataclasses import replace

from dispatch.insertion.search import Terms
from dispatch.model import Booking, BookingId, Request, TimeKind
from dispatch.schedule.arrays import FAR

_SOONEST = 1_000.0
"""Weight of time that outweighs all driving: who was stranded is fetched as soon as can be."""


def request_from_here(booking: Booking) -> Request:
    """Return what is left of a wish: after a breakdown the ride begins where the rider stands."""
    return replace(booking.request, origin=booking.pickup_place)


def promised_terms(booking: Booking) -> Terms:
    """Terms on which a ride must be served as it was told."""
    return Terms.of_promise(request_from_here(booking), booking.promise)


def late_terms(booking: Booking) -> tuple[Terms, ...]:
    """Terms for a rider who must get home however late: on time, then soon, then however long it takes."""
    promise = booking.promise
    request = replace(request_from_here(booking), time_kind=TimeKind.ARRIVE_BY)
    soon = Terms(
        request,
        promise.pickup_from_s,
        FAR,
        -FAR,
        FAR,
        promise.ride_at_most_s,
        promise.pickup_from_s,
        _SOONEST,
    )
    return promised_terms(booking), soon, replace(soon, ride_at_most_s=FAR)


def urgency(booking: Booking) -> tuple[bool, int, int, BookingId]:
    """Sort key of rides to be placed: the stranded first, then by priority and the time told."""
    stranded = booking.stranded_at is not None
    return not stranded, -booking.request.priority, booking.promise.pickup_from_s, booking.id
