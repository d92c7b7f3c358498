"""Corrupted changes: what was agreed, opened or reported is lost or altered."""

from dataclasses import replace
from typing import Any

import numpy as np

from dispatch.events import (
    BookingCancelled,
    ConnectionLate,
    ImprovementFound,
    OfferTaken,
    State,
    TravelChanged,
    VehicleBrokeDown,
    VisitArrived,
    VisitDeparted,
)
from dispatch.model import BookingId, RideStatus, Travel, VisitStatus

OTHER = 10**6
"""A second beyond all days."""

# --- what a change took away ------------------------------------------------------------------------


def a_booking_gone(desk: Any) -> Any:
    key = desk.any(k for k in desk.before.bookings if not _carried(desk.state, k))
    bookings = {k: b for k, b in desk.state.bookings.items() if k != key}
    return desk.since(replace(desk.state, bookings=bookings))


def _carried(state: State, key: BookingId) -> bool:
    return any(
        key in (*visit.board, *visit.alight)
        for tour in state.tours.values()
        for visit in tour.visits
    )


def _known(desk: Any) -> Any:
    """Choose a booking that was there before and that the event is not about."""
    about = getattr(desk.event, "booking", None)
    return desk.any(k for k in desk.before.bookings if k in desk.state.bookings and k != about)


def another_request_than_was_booked(desk: Any) -> Any:
    key = _known(desk)
    old = desk.state.bookings[key]
    state = desk.rng.choice(
        (
            desk.booking(key, fare_cents=old.fare_cents + 1),
            desk.request(key, priority=(old.request.priority + 1) % 10),
            desk.request(key, time_s=old.request.time_s + 60),
            desk.request(key, walk_to_s=old.request.walk_to_s + 60),
        )
    )
    return desk.since(state)


def a_promise_taken_back(desk: Any) -> Any:
    key = _known(desk)
    promise, much = desk.before.bookings[key].promise, desk.beyond()
    worse: list[dict[str, int]] = [
        {"pickup_until_s": promise.pickup_until_s + much},
        {"arrive_by_s": promise.arrive_by_s + much},
        {"ride_at_most_s": promise.ride_at_most_s + much},
    ]
    return desk.since(desk.promise(key, **desk.rng.choice(worse)))


def another_promise_without_asking(desk: Any) -> Any:
    """Better for the rider, but nobody told them."""
    key = _known(desk)
    longest_s = desk.before.bookings[key].promise.ride_at_most_s
    before = replace(
        desk.before,
        bookings={**desk.before.bookings, key: _promising(desk.before, key, longest_s + 60)},
    )
    return desk.since(desk.state, before=before)


def _promising(state: State, key: BookingId, ride_at_most_s: int) -> Any:
    booking = state.bookings[key]
    return replace(booking, promise=replace(booking.promise, ride_at_most_s=ride_at_most_s))


def _before(desk: Any, key: BookingId, **changes: Any) -> Any:
    changed = replace(desk.before.bookings[key], **changes)
    return replace(desk.before, bookings={**desk.before.bookings, key: changed})


def a_ride_that_comes_back(desk: Any) -> Any:
    """Make it cancelled before, but not now; or done, and not begun now."""
    live = {RideStatus.BOOKED, RideStatus.UNASSIGNED}
    key = desk.any(k for k in desk.before.bookings if desk.state.bookings[k].status in live)
    was = desk.rng.choice((RideStatus.CANCELLED, RideStatus.DONE, RideStatus.NO_SHOW))
    return desk.since(desk.state, before=_before(desk, key, status=was))


def cancelled_by_nobody(desk: Any) -> Any:
    gone = [
        k
        for k, b in desk.state.bookings.items()
        if b.status is RideStatus.CANCELLED and k in desk.before.bookings
    ]
    key = desk.any(gone)
    desk.need(not isinstance(desk.event, BookingCancelled))
    return desk.since(desk.state, before=_before(desk, key, status=RideStatus.BOOKED))


def left_without_a_bus_for_no_reason(desk: Any) -> Any:
    left = [
        k
        for k, b in desk.state.bookings.items()
        if b.status is RideStatus.UNASSIGNED and k in desk.before.bookings
    ]
    key = desk.any(left)
    desk.need(
        isinstance(
            desk.event,
            OfferTaken | BookingCancelled | VisitArrived | VisitDeparted | ConnectionLate,
        )
    )
    return desk.since(desk.state, before=_before(desk, key, status=RideStatus.BOOKED))


def said_to_be_aboard_and_then_not(desk: Any) -> Any:
    key = desk.any(
        k
        for k, b in desk.state.bookings.items()
        if b.status is RideStatus.NO_SHOW and k in desk.before.bookings
    )
    before = _before(desk, key, status=RideStatus.ABOARD, boarded_s=7 * 3600)
    return desk.since(desk.state, before=before)


def on_another_bus_for_no_reason(desk: Any) -> Any:
    quiet = OfferTaken | BookingCancelled | VisitArrived | VisitDeparted
    key = desk.any(k for k, b in desk.before.bookings.items() if b.status is RideStatus.BOOKED)
    desk.need(isinstance(desk.event, quiet))
    other = desk.any(s for s in desk.before.shifts if s != desk.state.bookings[key].shift)
    return desk.since(desk.state, before=_before(desk, key, shift=other))


def a_booking_nobody_made(desk: Any) -> Any:
    """Make it unknown before, and on no tour there."""
    taken = desk.event.offer.request.id if isinstance(desk.event, OfferTaken) else None
    key = desk.any(k for k in desk.before.bookings if k != taken and not _carried(desk.before, k))
    before = {k: b for k, b in desk.before.bookings.items() if k != key}
    return desk.since(desk.state, before=replace(desk.before, bookings=before))


def not_what_was_offered(desk: Any) -> Any:
    desk.need(isinstance(desk.event, OfferTaken))
    offer = desk.event.offer
    promise = replace(offer.promise, arrive_by_s=offer.promise.arrive_by_s - desk.beyond())
    other = desk.rng.choice(
        (replace(offer, fare_cents=offer.fare_cents + 100), replace(offer, promise=promise))
    )
    return desk.since(desk.state, event=OfferTaken(other))


def longer_than_the_rider_wants(desk: Any) -> Any:
    desk.need(isinstance(desk.event, OfferTaken))
    offer = desk.event.offer
    longest_s = offer.promise.ride_at_most_s
    desk.need(longest_s > offer.direct_s)
    own_s = desk.rng.randint(1, longest_s - 1)
    request = replace(offer.request, ride_at_most_s=own_s)
    state = desk.booking(request.id, request=request)
    return desk.since(state, event=OfferTaken(replace(offer, request=request)))


def back_without_there(desk: Any) -> Any:
    desk.need(isinstance(desk.event, BookingCancelled))
    about = desk.event.booking
    waiting = {RideStatus.BOOKED, RideStatus.UNASSIGNED}
    key = desk.any(
        k
        for k, b in desk.before.bookings.items()
        if b.status in waiting and desk.state.bookings[k].status in waiting and k != about
    )
    request = replace(desk.before.bookings[key].request, return_of=about)
    before = _before(desk, key, request=request)
    return desk.since(desk.request(key, return_of=about), before=before)


def changed_buses_without_a_breakdown(desk: Any) -> Any:
    key = desk.any(
        k for k, b in desk.state.bookings.items() if b.carried_by and k in desk.before.bookings
    )
    desk.need(not isinstance(desk.event, VehicleBrokeDown))
    return desk.since(desk.state, before=_before(desk, key, carried_by=(), stranded_at=None))


def another_shift_than_was_opened(desk: Any) -> Any:
    quiet = OfferTaken | BookingCancelled | VisitArrived | VisitDeparted | TravelChanged
    shift = desk.any(s for k, s in desk.state.shifts.items() if k in desk.before.shifts)
    desk.need(isinstance(desk.event, quiet))
    state = desk.rng.choice(
        (
            desk.shift(shift, end_s=shift.end_s + desk.beyond()),
            desk.shift(shift, driver="somebody else"),
            desk.shift(shift, driving_at_most_s=OTHER),
        )
    )
    return desk.since(state)


def a_shift_nobody_opened(desk: Any) -> Any:
    shift = desk.any(desk.state.shifts.values())
    ghost = replace(shift, id="ghost", start_s=OTHER, end_s=2 * OTHER, breaks=())
    shifts = {**desk.state.shifts, ghost.id: ghost}
    return desk.since(replace(desk.state, shifts=shifts))


def another_vehicle_than_was_opened(desk: Any) -> Any:
    shift = desk.any(desk.state.shifts.values())
    return desk.since(desk.vehicle(shift, name="Omnibus"))


def other_rules_during_the_day(desk: Any) -> Any:
    policy = replace(desk.state.policy, late_told_s=desk.state.policy.late_told_s + 1)
    return desk.since(replace(desk.state, policy=policy))


def other_roads_by_themselves(desk: Any) -> Any:
    desk.need(not isinstance(desk.event, TravelChanged))
    travel = Travel(np.array(desk.state.travel.seconds), desk.state.travel.metres)
    return desk.since(replace(desk.state, travel=travel))


def a_day_that_begins_again(desk: Any) -> Any:
    desk.need(not desk.state.closed)
    return desk.since(desk.state, before=replace(desk.before, closed=True))


# --- what was reported ------------------------------------------------------------------------------


def _reported(desk: Any) -> Any:
    """Choose a visit that had been reported before, and is not in the event."""
    about = getattr(desk.event, "visit", None)
    found = [
        (desk.course(key), k)
        for key, tour in desk.state.tours.items()
        if key in desk.before.tours
        for k, visit in enumerate(tour.visits)
        if visit in desk.before.tours[key].visits
        and visit.status != "planned"
        and visit.id != about
    ]
    return desk.any(found)


def a_report_forgotten(desk: Any) -> Any:
    course, k = desk.any(desk.open_visits())
    old = desk.before.tours.get(course.shift.id)
    desk.need(old is not None and course.visits[k].id in [v.id for v in old.visits])
    visits = tuple(
        replace(v, status=VisitStatus.ARRIVED) if v.id == course.visits[k].id else v
        for v in old.visits
    )
    before = replace(
        desk.before, tours={**desk.before.tours, course.shift.id: replace(old, visits=visits)}
    )
    return desk.since(desk.state, before=before)


def other_times_than_were_reported(desk: Any) -> Any:
    desk.need(
        isinstance(desk.event, OfferTaken | BookingCancelled | ConnectionLate | TravelChanged)
    )
    course, k = _reported(desk)
    visit = course.visits[k]
    earlier_s = course.visits[k - 1].depart_s if k else 0
    desk.need(visit.arrive_s > earlier_s)
    arrive_s = desk.rng.randint(earlier_s, visit.arrive_s - 1)
    return desk.since(course.visit(k, arrive_s=arrive_s))


def improved_where_it_is_driven(desk: Any) -> Any:
    course, k = _reported(desk)
    desk.need(desk.before.travel is desk.state.travel)
    desk.need(desk.before.tours[course.shift.id].visits[k] == course.visits[k])
    state = course.visit(k, depart_s=course.visits[k].depart_s + desk.beyond())
    return desk.since(state, event=ImprovementFound({}))


KINDS = {
    a_booking_gone: {"booking-lost"},
    another_request_than_was_booked: {"booking-altered"},
    a_promise_taken_back: {"promise-worse"},
    another_promise_without_asking: {"promise-altered"},
    a_ride_that_comes_back: {"status-altered"},
    cancelled_by_nobody: {"status-altered"},
    left_without_a_bus_for_no_reason: {"status-altered"},
    said_to_be_aboard_and_then_not: {"status-altered"},
    on_another_bus_for_no_reason: {"ride-moved"},
    a_booking_nobody_made: {"booking-unexpected"},
    not_what_was_offered: {"booking-unexpected"},
    longer_than_the_rider_wants: {"ride-limit"},
    back_without_there: {"return-alone"},
    changed_buses_without_a_breakdown: {"leg-altered"},
    another_shift_than_was_opened: {"shift-altered", "shift-overlap"},
    a_shift_nobody_opened: {"shift-unexpected"},
    another_vehicle_than_was_opened: {"vehicle-altered"},
    other_rules_during_the_day: {"policy-altered"},
    other_roads_by_themselves: {"travel-altered"},
    a_day_that_begins_again: {"day-reopened"},
    a_report_forgotten: {"report-lost"},
    other_times_than_were_reported: {"past-altered"},
    improved_where_it_is_driven: {"frozen-changed"},
}


def test_the_checker_finds_every_corruption(find_all: Any) -> None:
    """Whatever is broken, by little or by much, is found by the code it deserves."""
    find_all(KINDS)
