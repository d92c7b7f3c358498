"""The independent checker: is this plan right, whoever made it?

Plain Python over the nouns of ``dispatch.model``; no code is shared with the kernels. Every finding has
a code, says what is wrong and where. Findings are *broken* (a plan like that is never stored or shown)
or *late* (reality is behind the plan, and nothing in the plan could be sooner: work goes on).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dispatch.errors import DispatchError
from dispatch.events import State
from dispatch.model import (
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


class PlanRefused(DispatchError):
    """The checker does not accept a plan; ``violations`` has all it found broken."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        super().__init__(
            "plan-refused", f"The plan is broken in {len(violations)} places: {violations[0].message}"
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
        found.extend(_Checker(state, before, state.shifts[key], tour).violations())
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
    boards = Counter(b for t in state.tours.values() for v in t.visits for b in v.board)
    alights = Counter(b for t in state.tours.values() for v in t.visits for b in v.alight)
    ...
