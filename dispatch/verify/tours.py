"""One tour: its times, breaks, room and promises, and the bounds of its shift."""

from collections.abc import Iterator

from dispatch.events import Event, State
from dispatch.model import UNREACHABLE, Booking, RideStatus, ShiftId, Visit, VisitStatus
from dispatch.verify.breaks import break_findings
from dispatch.verify.course import Course, Finding
from dispatch.verify.excuses import Excuses, violation
from dispatch.verify.findings import Severity, Violation
from dispatch.verify.room import room_findings


def tour_violations(
    state: State, before: State | None, event: Event | None, key: ShiftId
) -> list[Violation]:
    """Find everything that is wrong with the tour of a shift whose rides are known to be right."""
    course = Course(state, key)
    found = list(_findings(course))
    if not found:
        return []
    old = Course(before, key) if before is not None and key in before.shifts else None
    then = _findings(old) if old else ()
    excuses = Excuses(course, old, then, event)
    if before is not None and old is None:
        return [violation(course, each, each.severity) for each in found]
    return [violation(course, each, excuses.severity(each)) for each in found]


def _findings(course: Course) -> Iterator[Finding]:
    yield from _clock(course)
    yield from break_findings(course)
    yield from room_findings(course)
    yield from _promises(course)
    yield from _bounds(course)


def _clock(course: Course) -> Iterator[Finding]:
    """Yield visits the bus cannot reach in time, too short halts, and the end of the shift."""
    for k, visit in enumerate(course.visits):
        if visit.depart_s < visit.arrive_s:
            yield Finding("halt-backwards", "ends before it begins", k)
        if k < course.ahead:
            if k and visit.arrive_s < course.visits[k - 1].arrive_s:
                yield Finding("visits-backwards", "was before the visit before it", k)
            continue
        if visit.depart_s - visit.arrive_s < course.service_s(visit):
            yield Finding("halt-too-short", "leaves no time to board, leave or rest", k)
        if visit.pause is None and not visit.board and not visit.alight:
            yield Finding("visit-empty", "is for nobody", k)
        drive_s = course.drives[k]
        if drive_s is None:
            yield Finding("unreachable", "lies where no road leads", k)
        elif visit.arrive_s < course.leaves_before(k) + drive_s:
            yield Finding("drive-too-short", "is reached faster than one can drive", k)
    yield from _delayed(course)
    if course.ahead < len(course.visits):
        yield from _home(course)


def _delayed(course: Course) -> Iterator[Finding]:
    """Yield a next visit planned for earlier than the bus is known to reach it."""
    delay = course.state.delays.get(course.shift.id)
    if delay is None or course.ahead == len(course.visits):
        return
    visit = course.visits[course.ahead]
    if visit.id == delay.visit and visit.arrive_s < delay.not_before_s:
        yield Finding("delay-ignored", "is planned for before the bus can be there", course.ahead)


def _home(course: Course) -> Iterator[Finding]:
    last, home_s = len(course.visits) - 1, course.home_s()
    if home_s is None:
        yield Finding("unreachable", "has no way back to the depot", last)
        return
    over_s = course.visits[-1].depart_s + home_s - course.shift.end_s
    if over_s > 0:
        what = "is too late to be back when the shift ends"
        yield Finding("shift-end", what, last, amount=over_s, at_end=True)


def _bounds(course: Course) -> Iterator[Finding]:
    """Yield more driving than the battery or the driver can do; the past cannot be helped."""
    if course.ahead == len(course.visits) or course.carries_nobody:
        return
    shift, travel = course.shift, course.state.travel
    range_m = course.state.vehicles[shift.vehicle].range_m
    driven_s, driven_m, places = 0, 0, [visit.place for visit in course.visits]
    longest_m = 0
    for k, place in enumerate([*places, shift.end_place]):
        origin = course.place_before(k)
        metres = int(travel.metres[origin, place])
        driven_m += 0 if metres >= UNREACHABLE else metres
        driven_s += course.driving_s(origin, place) or 0
        longest_m = max(longest_m, driven_m)
        if k < len(places) and _charges(course.visits[k]):
            driven_m = 0
    if range_m is not None and longest_m > range_m:
        what = f"drives {longest_m} m on one charge, at most {range_m} m are possible"
        yield Finding("range", what, amount=longest_m - range_m)
    at_most_s = shift.driving_at_most_s
    if at_most_s is not None and driven_s > at_most_s:
        what = f"drives for {driven_s} s, at most {at_most_s} s are allowed"
        yield Finding("driving-time", what, amount=driven_s - at_most_s)


def _charges(visit: Visit) -> bool:
    return visit.pause is not None and visit.pause.charges


def _promises(course: Course) -> Iterator[Finding]:
    """Yield promises the times of this tour do not keep."""
    bookings, boarded = course.state.bookings, {}
    for k, visit in enumerate(course.visits):
        for key in visit.board:
            boarded[key] = visit
            if course.shift.id not in bookings[key].carried_by:
                yield from _pickup(course, k, visit, bookings[key])
        for key in visit.alight:
            if course.shift.id not in bookings[key].carried_by:
                yield from _arrival(k, visit, boarded[key], bookings[key])


def _pickup(course: Course, k: int, visit: Visit, booking: Booking) -> Iterator[Finding]:
    promise = booking.promise
    if k >= course.ahead and visit.arrive_s < promise.pickup_from_s:
        yield Finding("pickup-early", "opens before the window told", k, booking.id)
    left = visit.status is VisitStatus.DEPARTED and booking.status is not RideStatus.NO_SHOW
    if left and visit.depart_s < promise.pickup_from_s:
        early_s = promise.pickup_from_s - visit.depart_s
        yield Finding("left-early", "was left before the window told", k, booking.id, early_s)
    late_s = visit.arrive_s - promise.pickup_until_s
    if late_s > 0:
        yield _late(booking, Finding("pickup-late", "opens too late", k, booking.id, late_s))


def _arrival(k: int, visit: Visit, boarded: Visit, booking: Booking) -> Iterator[Finding]:
    late_s = visit.arrive_s - booking.promise.arrive_by_s
    if late_s > 0:
        what = "is after the arrival told"
        yield _late(booking, Finding("arrival-late", what, k, booking.id, late_s))
    long_s = visit.arrive_s - boarded.depart_s - booking.promise.ride_at_most_s
    if long_s > 0:
        what = "is too long after boarding"
        yield _late(booking, Finding("ride-too-long", what, k, booking.id, long_s))


def _late(booking: Booking, found: Finding) -> Finding:
    """Return what is wrong; a breakdown excuses it: who was stranded gets home however late."""
    if not booking.carried_by:
        return found
    return Finding(found.code, found.what, found.k, found.ride, found.amount, Severity.LATE)
