"""Corrupted names, riders and buses: ids that lead nowhere, rides that are not carried as they should be."""

from dataclasses import replace
from typing import Any

from dispatch.model import (
    BookingId,
    Feature,
    PlaceIndex,
    RideStatus,
    ShiftId,
    Tour,
    VisitStatus,
    load_of,
)

# --- what leads nowhere -----------------------------------------------------------------------------


def somebody_who_never_booked(desk: Any) -> Any:
    course, k = desk.any(desk.open_visits())
    return course.visit(k, alight=(*course.visits[k].alight, BookingId("ghost")))


def one_name_for_two_visits(desk: Any) -> Any:
    course, k = desk.any(desk.open_visits())
    desk.need(len(course.visits) >= 2)
    other = course.visits[k - 1] if k else course.visits[k + 1]
    return course.visit(k, id=other.id)


def a_visit_nowhere(desk: Any) -> Any:
    course, k = desk.any(desk.open_visits())
    place = desk.rng.choice((-1, desk.state.travel.size, 9999))
    return course.visit(k, place=PlaceIndex(place))


def a_booking_from_nowhere(desk: Any) -> Any:
    key = desk.any(desk.state.bookings)
    return desk.request(key, origin=desk.state.travel.size)


def a_tour_without_shift(desk: Any) -> Any:
    course = desk.any(desk.tours())
    shifts = {k: s for k, s in desk.state.shifts.items() if k != course.shift.id}
    return replace(desk.state, shifts=shifts)


def a_shift_without_vehicle(desk: Any) -> Any:
    shift = desk.any(desk.state.shifts.values())
    return desk.shift(shift, vehicle="tram")


def a_shift_that_ends_before_it_starts(desk: Any) -> Any:
    shift = desk.any(desk.state.shifts.values())
    return desk.shift(shift, end_s=shift.start_s)


def one_bus_or_driver_in_two_shifts(desk: Any) -> Any:
    fresh = [
        shift
        for key, shift in desk.state.shifts.items()
        if not any(v.status != "planned" for v in desk.state.tours.get(key, Tour(key)).visits)
    ]
    pairs = [
        (a, b)
        for a in fresh
        for b in fresh
        if a.id != b.id and a.start_s < b.end_s and b.start_s < a.end_s
    ]
    pair = desk.any(pairs)
    a, b = pair
    shared = desk.rng.choice(({"vehicle": b.vehicle}, {"driver": b.driver}))
    return desk.shift(a, **shared)


def a_booking_under_another_name(desk: Any) -> Any:
    key = desk.any(desk.state.bookings)
    how = desk.rng.choice((desk.booking, desk.request))
    return how(key, id=BookingId("other"))


def a_load_that_is_none(desk: Any) -> Any:
    key = desk.any(desk.state.bookings)
    load = desk.rng.choice(((1, 0), load_of(), load_of(seat=2, pram=-1)))
    return desk.request(key, load=load)


def a_promise_that_contradicts_itself(desk: Any) -> Any:
    key = desk.any(desk.state.bookings)
    from_s = desk.state.bookings[key].promise.pickup_from_s
    wrong = desk.rng.choice(
        (
            {"pickup_until_s": from_s - desk.beyond()},
            {"arrive_by_s": from_s - desk.beyond()},
            {"ride_at_most_s": -desk.beyond()},
        )
    )
    return desk.promise(key, **wrong)


# --- who rides where --------------------------------------------------------------------------------


def a_rider_forgotten(desk: Any) -> Any:
    course, key = desk.any(desk.planned_rides())
    ends = desk.rng.choice((("board", "alight"), ("board",), ("alight",)))
    visits = [
        replace(v, **{end: tuple(b for b in getattr(v, end) if b != key) for end in ends})
        for v in course.visits
    ]
    return course.with_visits(visits)


def a_rider_twice(desk: Any) -> Any:
    course, key = desk.any(desk.planned_rides())
    end = desk.rng.choice(("board", "alight"))
    k = desk.rng.randrange(course.ahead, len(course.visits))
    return course.visit(k, **{end: (*getattr(course.visits[k], end), key)})


def off_before_on(desk: Any) -> Any:
    course, key = desk.any(desk.planned_rides())
    on, off = course.index(key, "board"), course.index(key, "alight")
    visits = list(course.visits)
    visits[on], visits[off] = visits[off], visits[on]
    return course.with_visits(visits)


def a_halt_elsewhere(desk: Any) -> Any:
    found = [(c, k) for c, k in desk.open_visits() if c.visits[k].pause is None]
    course, k = desk.any(found)
    elsewhere = (course.visits[k].place + 1) % desk.state.travel.size
    return course.visit(k, place=PlaceIndex(elsewhere))


def a_wish_to_go_elsewhere(desk: Any) -> Any:
    _course, key = desk.any(desk.planned_rides())
    end = desk.rng.choice(("origin", "destination"))
    desk.need(end == "destination" or desk.state.bookings[key].stranded_at is None)
    place = getattr(desk.state.bookings[key].request, end)
    return desk.request(key, **{end: (place + 1) % desk.state.travel.size})


def a_booking_for_another_bus(desk: Any) -> Any:
    course, key = desk.any(desk.planned_rides())
    others = [s for s in desk.state.shifts if s != course.shift.id]
    others = [s for s in others if s not in desk.state.bookings[key].carried_by]
    other = desk.any(others)
    return desk.booking(key, shift=other)


def a_status_nobody_reported(desk: Any) -> Any:
    _course, key = desk.any(desk.planned_rides())
    desk.need(not desk.state.closed)
    others = [status for status in RideStatus if status is not RideStatus.BOOKED]
    return desk.booking(key, status=desk.rng.choice(others))


def without_a_bus_but_on_one(desk: Any) -> Any:
    _course, key = desk.any(desk.planned_rides())
    return desk.booking(key, status=RideStatus.UNASSIGNED)


def a_status_against_the_reports(desk: Any) -> Any:
    over = {RideStatus.ABOARD, RideStatus.DONE, RideStatus.NO_SHOW}
    key = desk.any(k for k, b in desk.state.bookings.items() if b.status in over)
    wrong = (RideStatus.BOOKED, RideStatus.CANCELLED)
    return desk.booking(key, status=desk.rng.choice(wrong))


def named_aboard_but_not(desk: Any) -> Any:
    waits = {RideStatus.BOOKED, RideStatus.NO_SHOW}
    key = desk.any(k for k, b in desk.state.bookings.items() if b.status in waits)
    return desk.booking(key, boarded_s=7 * 3600)


def a_bus_without_what_is_needed(desk: Any) -> Any:
    course, key = desk.any(desk.planned_rides())
    if desk.rng.random() < 0.5:
        return desk.request(key, needs=frozenset({Feature.LOW_FLOOR}))
    needing = [(c, k) for c, k in desk.planned_rides() if c.state.bookings[k].request.needs]
    course, _ = desk.any(needing)
    return desk.vehicle(course.shift, features=frozenset())


def back_before_there(desk: Any) -> Any:
    live = [b for b in desk.state.bookings.values() if b.status is not RideStatus.CANCELLED]
    pair = desk.any(
        (a, b)
        for a in live
        for b in live
        if a.id != b.id
        and a.status in {RideStatus.BOOKED, RideStatus.UNASSIGNED}
        and a.promise.pickup_from_s < b.promise.arrive_by_s
    )
    return desk.request(pair[0].id, return_of=pair[1].id)


# --- riders of buses that broke down ----------------------------------------------------------------


def _stranded(desk: Any) -> Any:
    return desk.any(k for k, b in desk.state.bookings.items() if b.carried_by)


def a_leg_forgotten(desk: Any) -> Any:
    key = _stranded(desk)
    return desk.booking(key, carried_by=(), stranded_at=None)


def a_leg_never_ridden(desk: Any) -> Any:
    key = desk.any(desk.state.bookings)
    legs = (*desk.state.bookings[key].carried_by, ShiftId("tram"))
    return desk.booking(key, carried_by=legs, stranded_at=PlaceIndex(1))


def stranded_nowhere(desk: Any) -> Any:
    key = _stranded(desk)
    if desk.rng.random() < 0.5:
        return desk.booking(key, stranded_at=None)
    origin = desk.state.bookings[key].request.origin
    return desk.request(key, origin=(origin + 1) % desk.state.travel.size)


def a_leg_not_driven(desk: Any) -> Any:
    key = _stranded(desk)
    course = desk.course(desk.state.bookings[key].carried_by[0])
    return course.visit(course.index(key, "alight"), status=VisitStatus.ARRIVED)


def on_with_the_broken_bus(desk: Any) -> Any:
    riding = {RideStatus.BOOKED, RideStatus.ABOARD, RideStatus.DONE}
    key = desk.any(k for k, b in desk.state.bookings.items() if b.carried_by and b.status in riding)
    return desk.booking(key, shift=desk.state.bookings[key].carried_by[0])


KINDS = {
    somebody_who_never_booked: {"booking-unknown"},
    one_name_for_two_visits: {"visit-twice"},
    a_visit_nowhere: {"place-unknown"},
    a_booking_from_nowhere: {"place-unknown"},
    a_tour_without_shift: {"shift-unknown"},
    a_shift_without_vehicle: {"vehicle-unknown"},
    a_shift_that_ends_before_it_starts: {"shift-times"},
    one_bus_or_driver_in_two_shifts: {"shift-overlap"},
    a_booking_under_another_name: {"booking-id"},
    a_load_that_is_none: {"load-wrong"},
    a_promise_that_contradicts_itself: {"promise-impossible"},
    a_rider_forgotten: {"ride-count"},
    a_rider_twice: {"ride-count"},
    off_before_on: {"ride-order"},
    a_halt_elsewhere: {"ride-place"},
    a_wish_to_go_elsewhere: {"ride-place"},
    a_booking_for_another_bus: {"ride-shift"},
    a_status_nobody_reported: {"ride-status", "ride-count", "unassigned-carried"},
    without_a_bus_but_on_one: {"unassigned-carried"},
    a_status_against_the_reports: {"ride-status", "ride-count"},
    named_aboard_but_not: {"ride-status"},
    a_bus_without_what_is_needed: {"feature"},
    back_before_there: {"return-early"},
    a_leg_forgotten: {"leg-count", "ride-count", "unassigned-carried"},
    a_leg_never_ridden: {"leg-count"},
    stranded_nowhere: {"leg-place"},
    a_leg_not_driven: {"leg-open"},
    on_with_the_broken_bus: {"leg-count", "ride-count"},
}


def test_the_checker_finds_every_corruption(find_all: Any) -> None:
    """Whatever is broken, by little or by much, is found by the code it deserves."""
    find_all(KINDS)
