"""What was agreed with riders: it stays, unless they or reality changed it."""

from collections.abc import Iterator

from dispatch.events import (
    BookingCancelled,
    BookingChanged,
    ConnectionLate,
    DayClosed,
    Event,
    ImprovementFound,
    NoShowReported,
    OfferTaken,
    RiderBoarded,
    ShiftShortened,
    ShiftWithdrawn,
    State,
    TravelChanged,
    VehicleBrokeDown,
    VisitDeparted,
)
from dispatch.model import Booking, BookingId, Offer, Promise, Request, RideStatus
from dispatch.policy import Policy
from dispatch.verify.findings import Violation
from dispatch.verify.rides import OPEN

_MINUTE = 60

_MOVERS = (
    ConnectionLate,
    ImprovementFound,
    ShiftShortened,
    ShiftWithdrawn,
    VehicleBrokeDown,
    TravelChanged,
    RiderBoarded,
)
"""Events that may bring a ride onto another bus."""

_FOLLOWS = {
    RideStatus.BOOKED: frozenset(RideStatus),
    RideStatus.UNASSIGNED: frozenset(
        {RideStatus.UNASSIGNED, RideStatus.BOOKED, RideStatus.CANCELLED}
    ),
    RideStatus.ABOARD: frozenset(RideStatus) - {RideStatus.CANCELLED},
    RideStatus.DONE: frozenset({RideStatus.DONE, RideStatus.NO_SHOW}),
    RideStatus.NO_SHOW: frozenset({RideStatus.NO_SHOW, RideStatus.ABOARD, RideStatus.DONE}),
    RideStatus.CANCELLED: frozenset({RideStatus.CANCELLED}),
}
"""What a ride's status may become: late reports may still say who came and who did not."""

_LED_TO: dict[RideStatus, tuple[type, ...]] = {
    RideStatus.UNASSIGNED: (
        ShiftShortened,
        ShiftWithdrawn,
        VehicleBrokeDown,
        TravelChanged,
        RiderBoarded,
    ),
    RideStatus.ABOARD: (VisitDeparted, RiderBoarded, VehicleBrokeDown),
    RideStatus.DONE: (VisitDeparted, RiderBoarded, VehicleBrokeDown, DayClosed),
    RideStatus.NO_SHOW: (VisitDeparted, NoShowReported),
    RideStatus.CANCELLED: (BookingCancelled,),
}
"""Events that lead to a status; any may find a bus for who has none."""


def booking_losses(before: State, after: State, event: Event | None) -> Iterator[Violation]:
    """Yield bookings that are gone, came from nowhere, became others or are promised less."""
    for key, old in before.bookings.items():
        new = after.bookings.get(key)
        if new is None:
            yield Violation("booking-lost", f"Booking {key} is gone.", booking=key)
        elif new is not old:
            yield from _altered(before, old, new, event)
    for key, booking in after.bookings.items():
        if key not in before.bookings:
            yield from _made(after, booking, event)
        elif _is_left_alone(before, after, booking):
            yield _wrong(booking, "return-alone", "is the way back of a ride that was cancelled")


def _is_left_alone(before: State, after: State, booking: Booking) -> bool:
    """Whether a ride's way out was cancelled, but not the ride itself."""
    if booking.request.return_of is None or booking.status not in OPEN:
        return False
    then = before.bookings.get(booking.request.return_of)
    now = after.bookings.get(booking.request.return_of)
    cancelled = now is not None and now.status is RideStatus.CANCELLED
    return cancelled and then is not None and then.status is not RideStatus.CANCELLED


def _altered(before: State, old: Booking, new: Booking, event: Event | None) -> Iterator[Violation]:
    key = old.id
    asked = _subject(event) == key
    if isinstance(event, BookingChanged) and asked and new != old:
        if not _as_offered(new, event.offer, old):
            yield _wrong(new, "booking-altered", "is not what the rider agreed to")
    else:
        if (new.request, new.fare_cents) != (old.request, old.fare_cents):
            yield _wrong(new, "booking-altered", "is another request now")
        if not _kept(old.promise, new.promise, event if asked else None, before.policy):
            yield _wrong(new, "promise-worse", "was promised more before")
        elif event is not None and not asked and new.promise != old.promise:
            yield _wrong(new, "promise-altered", "was promised something else, and never asked")
    if not _may_become(before, old, new, event):
        yield _wrong(new, "status-altered", f"cannot be {new.status}, it was {old.status}")
    moved = new.shift != old.shift and old.status is not RideStatus.UNASSIGNED and not asked
    if moved and event is not None and not isinstance(event, _MOVERS):
        yield _wrong(new, "ride-moved", f"was on the bus of shift {old.shift}")
    yield from _transferred(old, new, event)


def _subject(event: Event | None) -> BookingId | None:
    """Which booking an event is about that may change what was promised."""
    if isinstance(event, BookingChanged):
        return event.offer.request.id
    return event.booking if isinstance(event, ConnectionLate) else None


def _kept(old: Promise, new: Promise, event: Event | None, policy: Policy) -> bool:
    """Whether a promise is as good as before.

    For a late train all of it may be as much later, or be what anybody is told who asks for a ride from
    then on, with no longer wait at the stop than the area allows.
    """
    until_s, arrive_by_s = old.pickup_until_s, old.arrive_by_s
    if isinstance(event, ConnectionLate) and new != old:
        if new.pickup_from_s < event.ready_s:
            return False
        if new.pickup_from_s > event.ready_s + policy.connection_wait_s + _MINUTE:
            return False
        later_s = max(new.pickup_from_s - old.pickup_from_s, 0)
        until_s = max(until_s + later_s, new.pickup_from_s + policy.pickup_window_s)
        told_s = new.pickup_until_s + new.ride_at_most_s
        arrive_by_s = max(arrive_by_s + later_s, told_s + _MINUTE - 1)
    return (
        new.pickup_from_s >= old.pickup_from_s
        and new.pickup_until_s <= until_s
        and new.arrive_by_s <= arrive_by_s
        and new.ride_at_most_s <= old.ride_at_most_s
    )


def _may_become(before: State, old: Booking, new: Booking, event: Event | None) -> bool:
    """Whether a ride can have come from one status to the other, and the event explains it."""
    left_bus = new.carried_by != old.carried_by
    if new.status is old.status:
        return old.boarded_s is None or new.boarded_s is not None or left_bus
    believed = {
        # what a driver said of a rider by name is never taken back
        RideStatus.NO_SHOW: old.boarded_s is None,
        # and only that outweighs that they did not come
        RideStatus.ABOARD: old.status is not RideStatus.NO_SHOW or new.boarded_s is not None,
        # nobody leaves a bus but where it broke down
        RideStatus.BOOKED: old.status is not RideStatus.ABOARD or left_bus,
        RideStatus.UNASSIGNED: old.status is not RideStatus.ABOARD or left_bus,
    }
    if new.status not in _FOLLOWS[old.status] or not believed.get(new.status, True):
        return False
    if event is None or (before.closed and new.status is RideStatus.DONE):
        return True
    if isinstance(event, BookingCancelled) and new.status is RideStatus.CANCELLED:
        return event.booking in _ways_out(before, old)
    return isinstance(event, _LED_TO.get(new.status, (object,)))


def _ways_out(state: State, booking: Booking) -> Iterator[BookingId]:
    """Yield a ride, the way out it is the way back of, and so on."""
    seen: set[BookingId] = set()
    key: BookingId | None = booking.id
    while key is not None and key not in seen:
        seen.add(key)
        yield key
        known = state.bookings.get(key)
        key = known.request.return_of if known else None


def _transferred(old: Booking, new: Booking, event: Event | None) -> Iterator[Violation]:
    """Yield riders who changed buses without a breakdown."""
    if (new.carried_by, new.stranded_at) == (old.carried_by, old.stranded_at):
        return
    if isinstance(event, BookingChanged) and new.carried_by == old.carried_by:
        return  # who is stranded may walk to another place
    if event is None:
        legs = new.carried_by[: len(old.carried_by)] == old.carried_by
    else:
        legs = isinstance(event, VehicleBrokeDown) and (
            (new.carried_by, new.stranded_at) == ((*old.carried_by, event.shift), event.place)
        )
    if not legs:
        yield _wrong(new, "leg-altered", "changed buses where none broke down")


def _made(after: State, booking: Booking, event: Event | None) -> Iterator[Violation]:
    """Yield new bookings nobody took an offer for, or that are not what was offered."""
    if event is not None and not (
        isinstance(event, OfferTaken)
        and event.offer.request.id == booking.id
        and _as_offered(booking, event.offer, None)
        and (booking.status, booking.carried_by) == (RideStatus.BOOKED, ())
    ):
        yield _wrong(booking, "booking-unexpected", "is not what somebody took an offer for")
    own_s, request = booking.request.ride_at_most_s, booking.request
    if own_s is not None and booking.promise.ride_at_most_s > max(own_s, _direct_s(after, request)):
        yield _wrong(booking, "ride-limit", f"asked for a ride of at most {own_s} s")


def _as_offered(booking: Booking, offer: Offer, old: Booking | None) -> bool:
    """Whether a booking is what was offered; who is stranded keeps where their ride began."""
    request = booking.request
    told = (booking.promise, booking.fare_cents) == (offer.promise, offer.fare_cents)
    if old is not None and old.carried_by:
        return told and (request.destination, request.load) == (
            offer.request.destination,
            offer.request.load,
        )
    return told and request == offer.request


def _direct_s(state: State, request: Request) -> int:
    table_s = int(state.travel.seconds[request.origin, request.destination])
    return state.policy.driving_s(table_s)


def _wrong(booking: Booking, code: str, what: str) -> Violation:
    return Violation(code, f"Booking {booking.id} {what}.", shift=booking.shift, booking=booking.id)
