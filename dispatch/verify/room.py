"""Room: what is aboard fits in, and who must not share the bus does not."""

from collections.abc import Collection, Iterator
from operator import mul

from dispatch.model import BookingId, Limit
from dispatch.verify.course import Course, Finding
from dispatch.verify.findings import Severity


def room_findings(course: Course) -> Iterator[Finding]:
    """Yield visits after which too much is aboard, or a party that travels alone is not.

    What is too much already when the bus leaves the last reported visit happened, and is late, not broken.
    """
    limits = course.state.vehicles[course.shift.vehicle].limits
    driven = [0] * (len(limits) + 1)
    for k, aboard in enumerate(course.aboard_after()):
        taken = [*_taken(course, limits, aboard), _strangers(course, aboard)]
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


def _taken(course: Course, limits: tuple[Limit, ...], aboard: Collection[BookingId]) -> list[int]:
    if not aboard:
        return [0] * len(limits)
    loads = zip(*(course.state.bookings[key].request.load for key in aboard), strict=True)
    total = [sum(kind) for kind in loads]
    return [sum(map(mul, limit.coefficients, total)) for limit in limits]


def _strangers(course: Course, aboard: Collection[BookingId]) -> int:
    """How many others ride with a party that must travel alone."""
    alone = any(course.state.bookings[key].request.alone for key in aboard)
    return len(aboard) - 1 if alone else 0
