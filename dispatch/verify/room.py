"""Room: what is aboard fits in, and who must not share the bus does not."""

from collections.abc import Iterator
from operator import add, mul, sub

from dispatch.model import LOAD_KINDS, BookingId
from dispatch.verify.course import Course, Finding
from dispatch.verify.findings import Severity


def room_findings(course: Course) -> Iterator[Finding]:
    """Yield visits after which too much is aboard, or a party that travels alone is not.

    What is too much already when the bus leaves the last reported visit happened, and is late, not broken.
    """
    limits = course.state.vehicles[course.shift.vehicle].limits
    driven = [0] * (len(limits) + 1)
    bookings = course.state.bookings
    alone = {key for key in course.riders() if bookings[key].request.alone}
    for k, (aboard, load) in enumerate(_loads(course)):
        strangers = 0 if alone.isdisjoint(aboard) else len(aboard) - 1
        taken = [*(sum(map(mul, limit.coefficients, load)) for limit in limits), strangers]
        bounds = [*(limit.at_most for limit in limits), 0]
        for column, (much, at_most) in enumerate(zip(taken, bounds, strict=True)):
            if k < course.ahead:
                driven[column] = much
            if much <= at_most:
                continue
            happened = k < course.ahead or much <= driven[column]
            code, what = "room", f"takes {much} of {at_most}"
            if column == len(limits):
                code, what = "alone", "brings a party that travels alone together with others"
            severity = Severity.LATE if happened else Severity.BROKEN
            yield Finding(code, what, k, severity=severity)


def _loads(course: Course) -> Iterator[tuple[set[BookingId], tuple[int, ...]]]:
    """Yield who is aboard after each visit, and how much of each kind of load that is."""
    bookings = course.state.bookings
    before: set[BookingId] = set()
    load: tuple[int, ...] = (0,) * len(LOAD_KINDS)
    for aboard in course.aboard_after():
        for key in before - aboard:
            load = tuple(map(sub, load, bookings[key].request.load))
        for key in aboard - before:
            load = tuple(map(add, load, bookings[key].request.load))
        before = aboard
        yield aboard, load
