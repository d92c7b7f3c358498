"""Corrupted times, promises, breaks and bounds."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

from dispatch.events import Delay
from dispatch.model import UNREACHABLE, Break, Limit, PlaceIndex, Travel, Visit, VisitId

# --- times ------------------------------------------------------------------------------------------


def faster_than_one_can_drive(desk: Any) -> Any:
    course, k = desk.any(desk.open_visits())
    return course.later(-course.free_s(k) - desk.beyond(), k, k + 1)


def no_time_to_board(desk: Any) -> Any:
    course, k = desk.any(desk.open_visits())
    policy, bookings, visit = desk.state.policy, desk.state.bookings, course.visits[k]
    needed_s = policy.stop_s if visit.pause is None else visit.pause.seconds
    needed_s += sum(policy.boarding_time_s(bookings[b].request.load) for b in visit.board)
    needed_s += sum(policy.alighting_time_s(bookings[b].request.load) for b in visit.alight)
    return course.visit(k, depart_s=visit.arrive_s + desk.rng.randrange(needed_s))


def gone_before_there(desk: Any) -> Any:
    course = desk.any(desk.tours())
    k = desk.rng.randrange(len(course.visits))
    return course.visit(k, depart_s=course.visits[k].arrive_s - desk.beyond())


def reports_in_the_wrong_order(desk: Any) -> Any:
    pairs = [(course, k) for course in desk.tours() for k in range(1, course.ahead)]
    course, k = desk.any(pairs)
    too_early_s = course.visits[k - 1].arrive_s - desk.beyond()
    return course.visit(k, arrive_s=too_early_s)


def a_halt_for_nobody(desk: Any) -> Any:
    course, k = desk.any(desk.open_visits())
    then = course.visits[k]
    empty = Visit(VisitId("empty"), then.place, then.arrive_s, then.depart_s)
    return course.with_visits((*course.visits[:k], empty, *course.visits[k:]))


def no_road_there(desk: Any) -> Any:
    course = desk.any(desk.tours())
    a, b = desk.any(list(pairwise(course.places()))[course.ahead :])
    desk.need(a != b)
    seconds = desk.state.travel.seconds.copy()
    seconds[a, b] = UNREACHABLE
    return replace(desk.state, travel=Travel(seconds, desk.state.travel.metres))


def planned_before_the_bus_can_be_there(desk: Any) -> Any:
    course = desk.any(desk.tours())
    visit = course.visits[course.ahead]
    delay = Delay(visit.id, visit.arrive_s + desk.beyond(), visit.arrive_s)
    return replace(desk.state, delays={course.shift.id: delay})


def back_too_late(desk: Any) -> Any:
    course = desk.any(desk.tours(fresh=True))
    back_s = course.visits[-1].depart_s + course.drive_s(*course.places()[-2:])
    end_s = back_s - desk.beyond()
    desk.need(end_s > course.shift.start_s)
    return desk.shift(course.shift, end_s=end_s)


# --- promises ---------------------------------------------------------------------------------------


def _told(desk: Any, end: str) -> Any:
    """Choose a ride that boards or leaves ahead, and was never stranded; its tour and the visit."""
    found = [
        (course, k, desk.state.bookings[key])
        for course, k in desk.open_visits()
        for key in getattr(course.visits[k], end)
        if not desk.state.bookings[key].carried_by
    ]
    return desk.any(found)


def the_bus_comes_before_the_time_told(desk: Any) -> Any:
    course, k, booking = _told(desk, "board")
    early_s = course.visits[k].arrive_s - booking.promise.pickup_from_s + desk.beyond()
    return course.later(-early_s, course.ahead, k + 1)


def the_bus_comes_after_the_time_told(desk: Any) -> Any:
    course, k, booking = _told(desk, "board")
    late_s = booking.promise.pickup_until_s - course.visits[k].arrive_s + desk.beyond()
    desk.need(late_s > 0)
    return course.later(late_s, k)


def an_arrival_after_the_time_told(desk: Any) -> Any:
    course, k, booking = _told(desk, "alight")
    late_s = booking.promise.arrive_by_s - course.visits[k].arrive_s + desk.beyond()
    desk.need(late_s > 0)
    return course.later(late_s, k)


def longer_aboard_than_told(desk: Any) -> Any:
    course, k, booking = _told(desk, "alight")
    left_s = course.visits[course.index(booking.id, "board")].depart_s
    longest_s = left_s + booking.promise.ride_at_most_s
    late_s = longest_s - course.visits[k].arrive_s + desk.beyond()
    desk.need(late_s > 0)
    return course.later(late_s, k)


def late_without_a_reason(desk: Any) -> Any:
    """With the state before and what happened: no report explains it."""
    course, k, booking = _told(desk, "alight")
    desk.need(desk.before.tours.get(course.shift.id) is not None)
    late_s = booking.promise.arrive_by_s - course.visits[k].arrive_s + desk.beyond()
    desk.need(late_s > 0)
    return desk.since(course.later(late_s, k))


# --- breaks -----------------------------------------------------------------------------------------


def _pauses(desk: Any, *, fresh: bool = False) -> Any:
    return [(c, k) for c, k in desk.open_visits(fresh=fresh) if c.visits[k].pause is not None]


def a_break_left_out(desk: Any) -> Any:
    course, k = desk.any(_pauses(desk))
    if desk.rng.random() < 0.2 and not any(v.board or v.alight for v in course.visits):
        tours = {key: tour for key, tour in desk.state.tours.items() if key != course.shift.id}
        return replace(desk.state, tours=tours)
    return course.with_visits((*course.visits[:k], *course.visits[k + 1 :]))


def a_break_too_many(desk: Any) -> Any:
    course, k = desk.any(desk.open_visits())
    pause = Break(600, 6 * 3600, 20 * 3600)
    more = Visit(VisitId("more"), course.place(k - 1), 8 * 3600, 8 * 3600 + 600, pause=pause)
    return course.with_visits((*course.visits[:k], more, *course.visits[k:]))


def breaks_exchanged(desk: Any) -> Any:
    two = [course for course in desk.tours() if len(course.shift.breaks) > 1]
    course = desk.any(two)
    return desk.shift(course.shift, breaks=course.shift.breaks[::-1])


def a_break_before_its_time(desk: Any) -> Any:
    course, k = desk.any(_pauses(desk))
    early_s = course.visits[k].arrive_s - course.visits[k].pause.from_s + desk.beyond()
    return course.later(-early_s, k, k + 1)


def a_break_after_its_time(desk: Any) -> Any:
    course, k = desk.any(_pauses(desk))
    late_s = course.visits[k].pause.until_s - course.visits[k].depart_s + desk.beyond()
    desk.need(late_s > 0)
    return course.later(late_s, k)


def a_break_elsewhere(desk: Any) -> Any:
    course, k = desk.any(_pauses(desk))
    elsewhere = PlaceIndex((course.visits[k].place + 1) % desk.state.travel.size)
    return course.visit(k, place=elsewhere)


def a_break_with_somebody_aboard(desk: Any) -> Any:
    course, k = desk.any(_pauses(desk))
    desk.need(len(course.shift.breaks) == 1)
    rest = [*course.visits[:k], *course.visits[k + 1 :]]
    full = [
        i
        for i, riders in enumerate(course.in_order(rest).aboard())
        if riders and i + 1 >= course.ahead
    ]
    i = desk.any(full)
    return course.with_visits((*rest[: i + 1], course.visits[k], *rest[i + 1 :]))


# --- room and bounds --------------------------------------------------------------------------------


def too_many_aboard(desk: Any) -> Any:
    course, key = desk.any(desk.planned_rides())
    limits = desk.state.vehicles[course.shift.vehicle].limits
    booking = desk.state.bookings[key]
    if desk.rng.random() < 0.5:  # the party grows ...
        limit = limits[0]
        load = tuple(limit.at_most + 1 if k == 0 else n for k, n in enumerate(booking.request.load))
        return desk.request(key, load=load)
    uses = [k for k, limit in enumerate(limits) if limit.use(booking.request.load)]
    desk.need(uses and not course.ahead)
    k = desk.rng.choice(uses)  # ... or the bus shrinks
    taken = limits[k].use(booking.request.load)
    smaller = Limit(limits[k].coefficients, desk.rng.randrange(taken))
    return desk.vehicle(course.shift, limits=(*limits[:k], smaller, *limits[k + 1 :]))


def company_for_who_rides_alone(desk: Any) -> Any:
    pooled = [
        (course, riders)
        for course in desk.tours(fresh=True)
        for riders in course.aboard()
        if len(riders) > 1
    ]
    _course, riders = desk.any(pooled)
    return desk.request(desk.rng.choice(sorted(riders)), alone=True)


def _unbegun(desk: Any) -> Any:
    """Choose a tour that could do without some ride."""
    return desk.any(c for c in desk.tours() if any(v.board for v in c.visits[c.ahead :]))


def farther_than_the_battery_lasts(desk: Any) -> Any:
    course = _unbegun(desk)
    stretches, places = [0], course.places()
    for k, (a, b) in enumerate(pairwise(places)):
        stretches[-1] += int(desk.state.travel.metres[a, b])
        if k < len(course.visits):
            pause = course.visits[k].pause
            stretches += [0] if pause is not None and pause.charges else []
    longest_m = max(stretches)
    range_m = max(longest_m - desk.beyond(5000), 1)
    desk.need(range_m < longest_m)
    return desk.vehicle(course.shift, range_m=range_m)


def longer_at_the_wheel_than_allowed(desk: Any) -> Any:
    course = _unbegun(desk)
    driven_s = sum(course.drive_s(a, b) for a, b in pairwise(course.places()))
    return desk.shift(course.shift, driving_at_most_s=driven_s - desk.beyond())


def standing_orders_fill_the_shift(desk: Any) -> Any:
    course, key = desk.any(desk.planned_rides())
    state = desk.request(key, standing=True)
    request = state.bookings[key].request
    direct_s = course.drive_s(request.origin, request.destination)
    share = (direct_s - 1) / (course.shift.end_s - course.shift.start_s)
    return replace(state, policy=replace(state.policy, standing_share=share))


KINDS = {
    faster_than_one_can_drive: {"drive-too-short"},
    no_time_to_board: {"halt-too-short"},
    gone_before_there: {"halt-backwards"},
    reports_in_the_wrong_order: {"visits-backwards"},
    a_halt_for_nobody: {"visit-empty"},
    no_road_there: {"unreachable"},
    planned_before_the_bus_can_be_there: {"delay-ignored"},
    back_too_late: {"shift-end"},
    the_bus_comes_before_the_time_told: {"pickup-early"},
    the_bus_comes_after_the_time_told: {"pickup-late"},
    an_arrival_after_the_time_told: {"arrival-late"},
    longer_aboard_than_told: {"ride-too-long"},
    late_without_a_reason: {
        "pickup-late",
        "arrival-late",
        "ride-too-long",
        "break-late",
        "shift-end",
    },
    a_break_left_out: {"break-missing"},
    a_break_too_many: {"break-unknown"},
    breaks_exchanged: {"break-missing", "break-order"},
    a_break_before_its_time: {"break-early"},
    a_break_after_its_time: {"break-late"},
    a_break_elsewhere: {"break-place"},
    a_break_with_somebody_aboard: {"break-not-empty"},
    too_many_aboard: {"room"},
    company_for_who_rides_alone: {"alone"},
    farther_than_the_battery_lasts: {"range"},
    longer_at_the_wheel_than_allowed: {"driving-time"},
    standing_orders_fill_the_shift: {"standing-quota"},
}


def test_the_checker_finds_every_corruption(find_all: Any) -> None:
    """Whatever is broken, by little or by much, is found by the code it deserves."""
    find_all(KINDS)
