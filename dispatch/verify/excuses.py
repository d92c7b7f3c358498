"""What reality did to a tour, and what the plan did."""

from collections.abc import Iterable

from dispatch.events import (
    BookingCancelled,
    ConnectionLate,
    Event,
    NoShowReported,
    PositionReported,
    RiderBoarded,
    ShiftShortened,
    ShiftWithdrawn,
    TravelChanged,
    VehicleBrokeDown,
    VehicleLate,
    VisitArrived,
    VisitDeparted,
)
from dispatch.model import VisitId
from dispatch.verify.course import Course, Finding
from dispatch.verify.findings import Severity, Violation

_REAL = (
    VisitArrived,
    VisitDeparted,
    RiderBoarded,
    NoShowReported,
    PositionReported,
    VehicleLate,
    VehicleBrokeDown,
    TravelChanged,
    ConnectionLate,
    ShiftShortened,
    ShiftWithdrawn,
    BookingCancelled,
)
"""Events after which a tour may be later than before without anybody's fault."""


class Excuses:
    """Tells what reality did to a tour from what the plan did.

    Parameters
    ----------
    course
        The tour as it is.
    before, then
        The tour as it was, and what was wrong with it already; None and nothing if that is not known.
    event
        What happened between.
    """

    def __init__(
        self,
        course: Course,
        before: Course | None,
        then: Iterable[Finding],
        event: Event | None,
    ) -> None:
        self._course = course
        self._before = before
        self._event = event
        self._known = {(f.code, f.ride, _visit_id(before, f)): f.amount or 0 for f in then}
        self._soonest_s = course.soonest_s()

    def severity(self, found: Finding) -> Severity:
        """How bad a finding is that is a matter of degree."""
        if found.amount is None:
            return found.severity
        course = self._course
        known = self._known.get((found.code, found.ride, _visit_id(course, found)))
        past = found.k is not None and found.k < course.ahead
        if past or found.severity is Severity.LATE or (known is not None and found.amount <= known):
            return Severity.LATE
        helped = not self._timely(found.k) if found.k is not None else not self._same_driving()
        return Severity.BROKEN if helped else Severity.LATE

    def _timely(self, k: int) -> bool:
        """Whether a visit is as early as can be, and something real is behind its being late."""
        course, before = self._course, self._before
        visit = course.visits[k]
        if before is None:
            real = course.ahead > 0 or course.shift.id in course.state.delays
            return real and visit.arrive_s <= self._soonest_s[k]
        if not self._same_order():
            return False
        was_s = (v.arrive_s for v in before.visits if v.id == visit.id)
        return visit.arrive_s <= max(self._soonest_s[k], *was_s, 0)

    def _same_driving(self) -> bool:
        """Whether a tour drives too far, or too long, without anything that could be left out."""
        if self._before is None or isinstance(self._event, TravelChanged | RiderBoarded):
            return not self._course.is_movable
        return self._same_order()

    def _same_order(self) -> bool:
        """Whether nobody new came in, the order ahead is the same, and something real happened."""
        if self._before is None or not (self._event is None or isinstance(self._event, _REAL)):
            return False
        if not self._course.riders() <= self._before.riders():
            return False
        old = [visit.id for visit in self._before.visits]
        new = [visit.id for visit in self._course.visits[self._course.ahead :]]
        return [v for v in new if v in old] == [v for v in old if v in new]


def _visit_id(course: Course | None, found: Finding) -> VisitId | None:
    """Which visit a finding is of, where no ride names it."""
    if course is None or found.k is None or found.ride is not None or found.at_end:
        return None
    return course.visits[found.k].id


def violation(course: Course, found: Finding, severity: Severity) -> Violation:
    """Say a finding in a sentence."""
    visit = None if found.k is None else course.visits[found.k].id
    where = "Tour" if visit is None else f"Visit {visit}"
    whose = f" for ride {found.ride}" if found.ride else ""
    message = f"{where} of shift {course.shift.id} {found.what}{whose}."
    return Violation(
        found.code, message, severity, course.shift.id, visit, found.ride, found.amount or 0
    )
