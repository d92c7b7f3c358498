"""What riders say: they ask, take an offer, change to another, cancel."""

from dataclasses import replace

from dispatch.errors import IllegalEvent
from dispatch.events import (
    BookingCancelled,
    BookingChanged,
    OfferGone,
    OffersMade,
    OfferTaken,
    RideRequested,
    State,
)
from dispatch.handlers.answering import answer_to
from dispatch.handlers.finding import booking_of
from dispatch.handlers.leaving import freed, retimed_at
from dispatch.handlers.linked import OPEN, fits_linked_rides, ways_back
from dispatch.handlers.placing import placed, with_room_used
from dispatch.handlers.telling import Circumstances, Decision, finish
from dispatch.handlers.wanted import promised_terms
from dispatch.model import Booking, BookingId, Offer, Refusal, RideStatus, Rule


def requested(state: State, event: RideRequested, now_s: int) -> Decision:
    """Answer a wish; who has a booking asks as if it were not there."""
    return state, (answer_to(_as_if_new(state, event.request.id, now_s), event.request, now_s),)


def taken(state: State, event: OfferTaken, now_s: int) -> Decision:
    """Book an offer at the best place that keeps what it says, its own bus first."""
    offer = event.offer
    booking = Booking(offer.request.id, offer.request, offer.promise, offer.shift, offer.fare_cents)
    after = _booked(state, booking, now_s)
    if after is None:
        return state, (_gone(state, offer, now_s),)
    return finish(state, after, Circumstances(now_s))


def changed(state: State, event: BookingChanged, now_s: int) -> Decision:
    """Put a booking on the terms of another offer; if that is gone, everything stays."""
    offer = event.offer
    old = _open_booking(state, offer.request.id)
    request, stranded_at = offer.request, None
    if old.carried_by:  # the first part is ridden: only where the rest begins can be chosen
        stranded_at = offer.request.origin
        request = replace(offer.request, origin=old.request.origin)
    new = replace(
        old,
        request=request,
        promise=offer.promise,
        fare_cents=offer.fare_cents,
        shift=offer.shift,
        stranded_at=stranded_at,
    )
    if new == replace(old, shift=offer.shift) and old.status is RideStatus.BOOKED:
        return state, ()
    without = _as_if_new(state, old.id, now_s)
    after = _booked(without, new, now_s)
    if after is None:
        return state, (_gone(without, offer, now_s),)
    return finish(state, with_room_used(state, after, now_s), Circumstances(now_s))


def cancelled(state: State, event: BookingCancelled, now_s: int) -> Decision:
    """Free the seat of a ride, and that of the way back, which makes no sense without it."""
    if booking_of(state, event.booking).status is RideStatus.CANCELLED:
        return state, ()
    _open_booking(state, event.booking)
    after = state
    for key in (event.booking, *ways_back(state, event.booking)):
        after = freed(after, key, retimed_at(now_s))
        gone = replace(after.bookings[key], status=RideStatus.CANCELLED)
        after = replace(after, bookings={**after.bookings, key: gone})
    return finish(state, with_room_used(state, after, now_s), Circumstances(now_s))


def _as_if_new(state: State, key: BookingId, now_s: int) -> State:
    """Return the state without a ride that has not begun; its booking must exist no more to be asked for."""
    booking = state.bookings.get(key)
    if booking is None or booking.status not in OPEN:
        return state
    without = freed(state, key, retimed_at(now_s))
    gone = replace(booking, status=RideStatus.UNASSIGNED)
    return replace(without, bookings={**without.bookings, key: gone})


def _booked(state: State, booking: Booking, now_s: int) -> State | None:
    """Place a ride as promised, on the shift it was offered for if that still does it."""
    if state.closed or not fits_linked_rides(state, booking):
        return None
    return placed(state, booking, now_s, (promised_terms(booking),), state.shifts)


def _gone(state: State, offer: Offer, now_s: int) -> OfferGone:
    """Say that somebody was faster, and what is left to offer."""
    answer = answer_to(state, offer.request, now_s)
    if isinstance(answer, OffersMade):
        return OfferGone(offer, Refusal(offer.request, Rule.VEHICLES_BUSY, answer.offers))
    return OfferGone(offer, answer.refusal)


def _open_booking(state: State, key: BookingId) -> Booking:
    """Look up a ride that has not begun.

    Raises
    ------
    IllegalEvent
        ``booking-unknown``, ``ride-under-way``.
    """
    booking = booking_of(state, key)
    if booking.status not in OPEN:
        raise IllegalEvent(
            "ride-under-way",
            f"Booking {key} cannot be cancelled or changed any more: its status is {booking.status}.",
        )
    return booking
