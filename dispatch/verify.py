"""The independent checker: find out whether a plan is right, whoever made it.

Plain Python over the nouns of ``dispatch.model``; no code is shared with the kernels. Every finding has
a code, says what is wrong and where. Findings are *broken* (a plan like that is never stored or shown)
or *late* (reality is behind the plan, and nothing in the plan could be sooner: work goes on).
"""

from collections.abc import Iterator, Sequence

from dispatch.errors import DispatchError
from dispatch.events import State
from dispatch.model import (
    Booking,
    BookingId,
    PlaceIndex,
    Promise,
    RideStatus,
    ShiftId,
    VisitId,
    VisitStatus,
)
from dispatch.verify_tour import Severity, Violation, tour_violations

__all__ = ["PlanRefused", "Severity", "Violation", "check_plan", "verify"]


class PlanRefused(DispatchError):
    """The checker does not accept a plan; ``violations`` has all it found broken."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        super().__init__(
            "plan-refused",
            f"The plan is broken in {len(violations)} places: {violations[0].message}",
        )
        self.violations = tuple(violations)


def check_plan(state: State, before: State | None = None) -> None:
    """Refuse a broken plan.

    Parameters
    ----------
    state
        What is about to be stored or shown.
    before
        The state it was decided from, if there is one; see :func:`verify`.

    Raises
    ------
    PlanRefused
        At least one violation is broken, not just late.
    """
    broken = [v for v in verify(state, before) if v.severity is Severity.BROKEN]
    if broken:
        raise PlanRefused(broken)


def verify(state: State, before: State | None = None) -> tuple[Violation, ...]:
    """Find everything that is wrong with the tours and bookings of a state.

    A promise that is missed is *late* if it cannot be helped: with ``before``, if the ride was expected
    no earlier there or the order of visits there would be no sooner now; without, if the tour has
    reported visits and follows them as fast as it can. Otherwise it is broken. With ``before`` it is also
    checked that no promise, booking or report of that state was lost or made worse.
    """
    found = [*_bookings(state), *_unknowns(state)]
    if found:
        return tuple(found)  # the rest would stumble over these
    for key, tour in state.tours.items():
        found.extend(tour_violations(state, before, state.shifts[key], tour))
    if before is not None:
        found.extend(_losses(before, state))
    return tuple(found)


def _unknowns(state: State) -> Iterator[Violation]:
    """Yield ids that lead nowhere and visits that stand twice."""
    seen: set[VisitId] = set()
    for key, tour in state.tours.items():
        shift = state.shifts.get(key)
        if shift is None or tour.shift != key:
            yield Violation("shift-unknown", f"Tour {key} belongs to no shift.", shift=key)
        elif shift.vehicle not in state.vehicles:
            yield Violation("vehicle-unknown", f"Shift {key} has no vehicle.", shift=key)
        for visit in tour.visits:
            if visit.id in seen:
                yield Violation(
                    "visit-twice", f"Visit {visit.id} stands twice.", shift=key, visit=visit.id
                )
            seen.add(visit.id)
            if not 0 <= visit.place < state.travel.size:
                yield Violation(
                    "place-unknown", f"Visit {visit.id} is nowhere.", shift=key, visit=visit.id
                )
            for ride in (*visit.board, *visit.alight):
                if ride not in state.bookings:
                    yield Violation(
                        "booking-unknown", f"Nobody booked as {ride}.", shift=key, booking=ride
                    )


def _bookings(state: State) -> Iterator[Violation]:
    """Yield rides that are not carried exactly once, from their origin to their destination."""
    boards = _stations(state, "board")
    alights = _stations(state, "alight")
    for key, booking in state.bookings.items():
        wanted = _CARRIED[booking.status]
        found = len(boards.get(key, ())), len(alights.get(key, ()))
        if found != wanted:
            yield Violation(
                "ride-count",
                f"Ride {key} ({booking.status}) boards {found[0]} and leaves {found[1]} times instead of "
                f"{wanted[0]} and {wanted[1]}.",
                shift=booking.shift,
                booking=key,
            )
            continue
        yield from _ends(booking, boards.get(key, ()), alights.get(key, ()))


_CARRIED = {
    RideStatus.BOOKED: (1, 1),
    RideStatus.ABOARD: (1, 1),
    RideStatus.DONE: (1, 1),
    RideStatus.NO_SHOW: (1, 0),
    RideStatus.CANCELLED: (0, 0),
}
"""How often a ride boards and leaves, by its status: who did not come was at least waited for."""

_Station = tuple[ShiftId, int, PlaceIndex, VisitStatus]


def _stations(state: State, end: str) -> dict[BookingId, list[_Station]]:
    """Where each ride boards or leaves: shift, index of the visit, place, what was reported of it."""
    found: dict[BookingId, list[_Station]] = {}
    for key, tour in state.tours.items():
        for k, visit in enumerate(tour.visits):
            for ride in visit.board if end == "board" else visit.alight:
                found.setdefault(ride, []).append((key, k, visit.place, visit.status))
    return found


def _ends(
    booking: Booking, boards: Sequence[_Station], alights: Sequence[_Station]
) -> Iterator[Violation]:
    """Yield what is wrong with the order, the bus and the places of a ride's two ends."""
    request = booking.request
    for (shift, _, place, _), wanted in (
        *((station, request.origin) for station in boards),
        *((station, request.destination) for station in alights),
    ):
        if shift != booking.shift:
            yield Violation(
                "ride-shift",
                f"Ride {booking.id} belongs to shift {booking.shift} but stands in {shift}.",
                shift=shift,
                booking=booking.id,
            )
        if place != wanted:
            yield Violation(
                "ride-place",
                f"Ride {booking.id} wants place {wanted} but the visit is at {place}.",
                shift=shift,
                booking=booking.id,
            )
    if boards and alights and boards[0][1] >= alights[0][1]:
        yield Violation(
            "ride-order",
            f"Ride {booking.id} leaves before it boards.",
            shift=booking.shift,
            booking=booking.id,
        )
    if boards and not _borne_out(booking.status, boards[0][3], alights[0][3] if alights else None):
        yield Violation(
            "ride-status",
            f"Ride {booking.id} is {booking.status}, but that is not what was reported of its visits.",
            shift=booking.shift,
            booking=booking.id,
        )


def _borne_out(status: RideStatus, board: VisitStatus, alight: VisitStatus | None) -> bool:
    """Whether the reports of a ride's visits say what its status says."""
    boarded, left = board is VisitStatus.DEPARTED, alight is VisitStatus.DEPARTED
    match status:
        case RideStatus.DONE:
            return left  # perhaps nobody ever reported where the ride began
        case RideStatus.NO_SHOW:
            return boarded
        case RideStatus.ABOARD:
            return boarded and not left
        case _:
            return not boarded and not left


_FOLLOWS = {
    RideStatus.BOOKED: frozenset(RideStatus),
    RideStatus.ABOARD: frozenset({RideStatus.ABOARD, RideStatus.DONE}),
    RideStatus.DONE: frozenset({RideStatus.DONE, RideStatus.NO_SHOW}),
    RideStatus.NO_SHOW: frozenset({RideStatus.NO_SHOW}),
    RideStatus.CANCELLED: frozenset({RideStatus.CANCELLED}),
}
"""What a ride's status may become. A late report can still say that somebody did not come."""

_PROGRESS = (VisitStatus.PLANNED, VisitStatus.ARRIVED, VisitStatus.DEPARTED)


def _losses(before: State, after: State) -> Iterator[Violation]:
    """Yield what a change took away: bookings, parts of promises, reports, shifts."""
    for key, old in before.bookings.items():
        new = after.bookings.get(key)
        if new is None:
            yield Violation("booking-lost", f"Booking {key} is gone.", booking=key)
        elif new.request != old.request or new.status not in _FOLLOWS[old.status]:
            yield Violation(
                "booking-altered",
                f"Booking {key} became another ({old.status} to {new.status}).",
                booking=key,
            )
        elif not _as_good(new.promise, old.promise):
            yield Violation(
                "promise-worse", f"Booking {key} was promised more before.", booking=key
            )
    for shift_id, shift in before.shifts.items():
        if after.shifts.get(shift_id) != shift:
            yield Violation(
                "shift-altered", f"Shift {shift_id} is another one now.", shift=shift_id
            )
    yield from _lost_reports(before, after)


def _as_good(new: Promise, old: Promise) -> bool:
    return (
        new.pickup_from_s >= old.pickup_from_s
        and new.pickup_until_s <= old.pickup_until_s
        and new.arrive_by_s <= old.arrive_by_s
        and new.ride_at_most_s <= old.ride_at_most_s
    )


def _lost_reports(before: State, after: State) -> Iterator[Violation]:
    """Yield reported visits that are gone, went back, or at which others board or leave now."""
    visits = {visit.id: visit for tour in after.tours.values() for visit in tour.visits}
    for key, tour in before.tours.items():
        for old in tour.visits:
            if old.status is VisitStatus.PLANNED:
                continue
            new = visits.get(old.id)
            if new is None or _PROGRESS.index(new.status) < _PROGRESS.index(old.status):
                yield Violation(
                    "report-lost",
                    f"What was reported of visit {old.id} is gone.",
                    shift=key,
                    visit=old.id,
                )
            elif old.status is VisitStatus.DEPARTED and not set(new.board) <= set(old.board):
                yield Violation(
                    "past-altered",
                    f"Somebody boards at visit {old.id}, which the bus has left.",
                    shift=key,
                    visit=old.id,
                )
