"""The independent checker of one tour: times, room, promises, the bounds of the shift.

Part of :mod:`dispatch.verify`; like it in plain Python, and without the kernels' code.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from dispatch.events import State
from dispatch.model import (
    LOAD_KINDS,
    UNREACHABLE,
    Booking,
    BookingId,
    PlaceIndex,
    RideStatus,
    Shift,
    ShiftId,
    Tour,
    Visit,
    VisitId,
    VisitStatus,
)


class Severity(StrEnum):
    """How bad a finding is."""

    BROKEN = "broken"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing that is wrong, and where."""

    code: str
    message: str
    severity: Severity = Severity.BROKEN
    shift: ShiftId | None = None
    visit: VisitId | None = None
    booking: BookingId | None = None


def tour_violations(
    state: State, before: State | None, shift: Shift, tour: Tour
) -> Iterator[Violation]:
    """Yield everything that is wrong with a tour whose ids and rides are known to be right."""
    checker = _TourChecker(state, before, shift, tour)
    yield from checker.clock()
    yield from checker.room()
    yield from checker.promises()


class _TourChecker:
    """One tour under examination. Visits up to the last reported one are the past."""

    def __init__(self, state: State, before: State | None, shift: Shift, tour: Tour) -> None:
        self.state = state
        self.shift = shift
        self.visits = tour.visits
        facts = [k for k, v in enumerate(tour.visits) if v.status is not VisitStatus.PLANNED]
        self.ahead = max(facts, default=-1) + 1
        self.before = before
        self.old = before.tours.get(shift.id, Tour(shift.id)) if before else None

    def clock(self) -> Iterator[Violation]:
        """Yield visits the bus cannot reach in time, too short halts, and the end of the shift."""
        for k, visit in enumerate(self.visits):
            if visit.depart_s < visit.arrive_s:
                yield self._wrong("halt-backwards", visit, "ends before it begins")
            if k < self.ahead:
                if k and visit.arrive_s < self.visits[k - 1].arrive_s:
                    yield self._wrong("visits-backwards", visit, "was before the visit before it")
                continue
            if visit.depart_s - visit.arrive_s < self._service_s(visit):
                yield self._wrong("halt-too-short", visit, "leaves no time to board and leave")
            leave_s, place = self._previous(k)
            driving_s = self._driving_s(place, visit.place)
            if driving_s is None:
                yield self._wrong("unreachable", visit, "lies where no road leads")
            elif visit.arrive_s < leave_s + driving_s:
                yield self._wrong("drive-too-short", visit, "is reached faster than one can drive")
        if self.ahead < len(self.visits):
            yield from self._end()

    def _end(self) -> Iterator[Violation]:
        last = self.visits[-1]
        driving_s = self._driving_s(last.place, self.shift.end_place)
        if driving_s is None:
            yield self._wrong("unreachable", last, "has no way back to the depot")
        elif last.depart_s + driving_s > self.shift.end_s:
            was = self.old.visits[-1].depart_s if self.old and self.old.visits else None
            severity = self._severity(last.depart_s, was)
            yield self._wrong(
                "shift-end", last, "is too late to be back when the shift ends", severity
            )

    def room(self) -> Iterator[Violation]:
        """Yield visits after which more is aboard than the vehicle has room for."""
        vehicle = self.state.vehicles[self.shift.vehicle]
        aboard = [0] * len(LOAD_KINDS)
        for visit in self.visits:
            for sign, rides in ((-1, visit.alight), (1, visit.board)):
                for key in rides:
                    booking = self.state.bookings[key]
                    if booking.status is not RideStatus.NO_SHOW:
                        load = booking.request.load
                        aboard = [a + sign * n for a, n in zip(aboard, load, strict=True)]
            for limit in vehicle.limits:
                taken = sum(c * n for c, n in zip(limit.coefficients, aboard, strict=True))
                if taken > limit.at_most:
                    yield self._wrong("room", visit, f"takes {taken} of {limit.at_most}")

    def promises(self) -> Iterator[Violation]:
        """Yield promises the times of this tour do not keep."""
        boarded = {key: (k, v) for k, v in enumerate(self.visits) for key in v.board}
        for k, visit in enumerate(self.visits):
            for key in visit.board:
                yield from self._pickup(k, visit, self.state.bookings[key])
            for key in visit.alight:
                yield from self._arrival(k, visit, self.state.bookings[key], boarded[key][1])

    def _pickup(self, k: int, visit: Visit, booking: Booking) -> Iterator[Violation]:
        promise = booking.promise
        if k >= self.ahead and visit.arrive_s < promise.pickup_from_s:
            yield self._wrong(
                "pickup-early", visit, "opens before the window told", ride=booking.id
            )
        left = visit.status is VisitStatus.DEPARTED and booking.status is not RideStatus.NO_SHOW
        if left and visit.depart_s < promise.pickup_from_s:
            what = "was left before the window told"
            yield self._wrong("left-early", visit, what, Severity.LATE, booking.id)
        if visit.arrive_s > promise.pickup_until_s:
            was = self._old_arrival(booking.id, "board")
            severity = self._severity(visit.arrive_s, was) if k >= self.ahead else Severity.LATE
            yield self._wrong(
                "pickup-late", visit, "opens after the window told", severity, booking.id
            )

    def _arrival(
        self, k: int, visit: Visit, booking: Booking, boarded: Visit
    ) -> Iterator[Violation]:
        promise = booking.promise
        severity = Severity.LATE
        if k >= self.ahead:
            severity = self._severity(visit.arrive_s, self._old_arrival(booking.id, "alight"))
        if visit.arrive_s > promise.arrive_by_s:
            yield self._wrong(
                "arrival-late", visit, "is after the arrival told", severity, booking.id
            )
        if visit.arrive_s - boarded.depart_s > promise.ride_at_most_s:
            yield self._wrong(
                "ride-too-long", visit, "is too long after boarding", severity, booking.id
            )

    def _severity(self, now_s: int, was_s: int | None) -> Severity:
        """Tell a delay by reality from one the plan made.

        Without the state before, reports on this tour are the excuse. With it, the excuse is that the
        tour took up nobody new and kept its order, or that this was expected no earlier already.
        """
        if self.old is None:
            return Severity.LATE if self.ahead else Severity.BROKEN
        if self._nobody_new() and self._same_order():
            return Severity.LATE
        return Severity.LATE if was_s is not None and was_s >= now_s else Severity.BROKEN

    def _nobody_new(self) -> bool:
        rides = {key for visit in self.visits for key in (*visit.board, *visit.alight)}
        old = self.old.visits if self.old else ()
        return rides <= {key for visit in old for key in (*visit.board, *visit.alight)}

    def _same_order(self) -> bool:
        old = [visit.id for visit in self.old.visits] if self.old else []
        new = [visit.id for visit in self.visits]
        return [v for v in new if v in old] == [v for v in old if v in new]

    def _old_arrival(self, ride: BookingId, end: str) -> int | None:
        """When this end of the ride was expected in the state before; None if it was not."""
        for visit in self.old.visits if self.old else ():
            if ride in (visit.board if end == "board" else visit.alight):
                return visit.arrive_s
        return None

    def _previous(self, k: int) -> tuple[int, PlaceIndex]:
        """When and where the bus sets out for a visit."""
        if k == 0:
            return self.shift.start_s, self.shift.start_place
        return self.visits[k - 1].depart_s, self.visits[k - 1].place

    def _driving_s(self, origin: PlaceIndex, destination: PlaceIndex) -> int | None:
        table_s = int(self.state.travel.seconds[origin, destination])
        return None if table_s >= UNREACHABLE else self.state.policy.driving_s(table_s)

    def _service_s(self, visit: Visit) -> int:
        policy = self.state.policy
        loads = [self.state.bookings[key].request.load for key in (*visit.board, *visit.alight)]
        return policy.stop_s + sum(policy.handling_s(load) for load in loads)

    def _wrong(
        self,
        code: str,
        visit: Visit,
        what: str,
        severity: Severity = Severity.BROKEN,
        ride: BookingId | None = None,
    ) -> Violation:
        whose = f" for ride {ride}" if ride else ""
        message = f"Visit {visit.id} of shift {self.shift.id} {what}{whose}."
        return Violation(code, message, severity, self.shift.id, visit.id, ride)
