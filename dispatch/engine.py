"""The one function that turns one state of an area's day into the next.

Pure: the shells bring the clock (``now_s``, seconds since the start of this service day, negative for
days to come), the store and the network.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from dispatch.errors import IllegalEvent
from dispatch.events import (
    BookingCancelled,
    Effect,
    Event,
    OfferGone,
    OffersMade,
    OfferTaken,
    RideBooked,
    RideChanged,
    RideRefused,
    RideRequested,
    ShiftOpened,
    State,
    TourChanged,
    TravelChanged,
    VisitArrived,
    VisitDeparted,
)
from dispatch.insertion.search import Terms, find_all, tour_with
from dispatch.legality import (
    check_booking_is_new,
    check_request,
    check_shift,
    check_travel,
    same_travel,
)
from dispatch.model import Booking, Refusal, RideStatus, Rule
from dispatch.offers import offers_for
from dispatch.progress import at_risk, visit_arrived, visit_departed
from dispatch.refusals import impossible, refusal_of
from dispatch.schedule.opening import tour_of
from dispatch.schedule.retime import retime_at, retime_from_facts
from dispatch.schedule.snapshot import Snapshot
from dispatch.tours import without_ride

Decision = tuple[State, tuple[Effect, ...]]


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
    The next state (the same object if nothing changed) and what follows from the event.

    Raises
    ------
    IllegalEvent
        The event makes no sense in this state; see ``dispatch.legality`` for the codes.
    """
    handler: Callable[[State, Any, int], Decision] = _HANDLERS[type(event)]
    return handler(state, event, now_s)


def _requested(state: State, event: RideRequested, now_s: int) -> Decision:
    check_request(state, event.request)
    answer = _answer(state, event, now_s)
    return state, (answer,)


def _answer(state: State, event: RideRequested, now_s: int) -> OffersMade | RideRefused:
    request = event.request
    rule = impossible(state, request, now_s)
    if rule is not None:
        return RideRefused(Refusal(request, rule))
    snapshot = Snapshot.at(state, now_s)
    offers = offers_for(snapshot, request)
    if offers:
        return OffersMade(request, offers)
    return RideRefused(refusal_of(snapshot, request))


def _taken(state: State, event: OfferTaken, now_s: int) -> Decision:
    offer = event.offer
    request = offer.request
    check_request(state, request)
    check_booking_is_new(state, request.id)
    snapshot = Snapshot.at(state, now_s)
    terms = Terms.of_promise(request, offer.promise)
    found = find_all(snapshot, terms)
    if not found:
        answer = _answer(state, RideRequested(request), now_s)
        if isinstance(answer, RideRefused):
            return state, (OfferGone(offer, answer.refusal),)
        return state, (OfferGone(offer, Refusal(request, Rule.VEHICLES_BUSY, answer.offers)),)
    place = next((f for f in found if f.shift.id == offer.shift), found[0])
    tour = tour_with(snapshot, terms, place)
    booking = Booking(request.id, request, offer.promise, place.shift.id, offer.fare_cents)
    booked = replace(
        state,
        tours={**state.tours, tour.shift: tour},
        bookings={**state.bookings, booking.id: booking},
        version=state.version + 1,
    )
    return booked, (RideBooked(booking), TourChanged(tour))


def _cancelled(state: State, event: BookingCancelled, now_s: int) -> Decision:
    booking = state.bookings.get(event.booking)
    if booking is None:
        raise IllegalEvent("booking-unknown", f"There is no booking {event.booking} on this day.")
    if booking.status is RideStatus.CANCELLED:
        return state, ()
    if booking.status is not RideStatus.BOOKED:
        raise IllegalEvent(
            "ride-under-way",
            f"Booking {booking.id} cannot be cancelled any more: its status is {booking.status}.",
        )
    gone = replace(booking, status=RideStatus.CANCELLED)
    tour = without_ride(state, tour_of(state, booking.shift), gone.id)
    state = replace(
        state,
        tours={**state.tours, tour.shift: tour},
        bookings={**state.bookings, gone.id: gone},
        version=state.version + 1,
    )
    tour = retime_at(state, state.shifts[tour.shift], now_s)
    state = replace(state, tours={**state.tours, tour.shift: tour})
    return state, (RideChanged(gone), TourChanged(tour))


def _opened(state: State, event: ShiftOpened, now_s: int) -> Decision:
    del now_s  # a shift may be opened at any time, its past simply cannot be used any more
    shift, vehicle = event.shift, event.vehicle
    if state.shifts.get(shift.id) == shift and state.vehicles.get(vehicle.id) == vehicle:
        return state, ()
    check_shift(state, shift, vehicle)
    opened = replace(
        state,
        vehicles={**state.vehicles, vehicle.id: vehicle},
        shifts={**state.shifts, shift.id: shift},
        version=state.version + 1,
    )
    return opened, ()


def _travel_changed(state: State, event: TravelChanged, now_s: int) -> Decision:
    del now_s  # times follow from what was reported
    check_travel(state, event.travel)
    changed = replace(state, travel=event.travel, version=state.version + 1)
    if same_travel(state, event.travel):
        return changed, ()
    retimed = {key: retime_from_facts(changed, changed.shifts[key]) for key in changed.tours}
    news = tuple(TourChanged(tour) for key, tour in retimed.items() if tour != state.tours[key])
    after = replace(changed, tours=retimed)
    risks = (risk for key in retimed for risk in at_risk(state, after, key))
    return after, (*news, *risks)


_HANDLERS: dict[type, Callable[[State, Any, int], Decision]] = {
    RideRequested: _requested,
    OfferTaken: _taken,
    BookingCancelled: _cancelled,
    VisitArrived: visit_arrived,
    VisitDeparted: visit_departed,
    ShiftOpened: _opened,
    TravelChanged: _travel_changed,
}
