"""Small changes to the visits of a tour that need no search."""

from collections.abc import Sequence
from dataclasses import replace

from dispatch.errors import IllegalEvent
from dispatch.events import State
from dispatch.model import BookingId, Shift, Tour, Visit, VisitId, VisitStatus


def service_s(state: State, visit: Visit) -> int:
    """Add up the seconds a visit takes from doors open to departure."""
    loads = (state.bookings[key].request.load for key in (*visit.board, *visit.alight))
    return state.policy.stop_s + sum(state.policy.handling_s(load) for load in loads)


def locate(state: State, visit: VisitId) -> tuple[Shift, int]:
    """Find the shift whose tour has the visit, and the visit's index there.

    Raises
    ------
    IllegalEvent
        ``visit-unknown``: no tour has it (any more).
    """
    for key, tour in state.tours.items():
        for k, candidate in enumerate(tour.visits):
            if candidate.id == visit:
                return state.shifts[key], k
    raise IllegalEvent(
        "visit-unknown", f"No tour of this day has a visit {visit}; fetch the tours again."
    )


def without_ride(state: State, tour: Tour, key: BookingId, *, boarded: bool = False) -> Tour:
    """Take a ride out of a tour; visits nobody needs any more go, unless they were reported.

    With ``boarded`` only the drop-off goes: somebody was waited for, but did not come.
    """
    visits = (_without(state, visit, key, boarded=boarded) for visit in tour.visits)
    return replace(tour, visits=in_order([visit for visit in visits if visit is not None]))


def _without(state: State, visit: Visit, key: BookingId, *, boarded: bool) -> Visit | None:
    board = visit.board if boarded else tuple(b for b in visit.board if b != key)
    alight = tuple(b for b in visit.alight if b != key)
    if board == visit.board and alight == visit.alight:
        return visit
    if visit.status is VisitStatus.PLANNED and not board and not alight:
        return None
    visit = replace(visit, board=board, alight=alight)
    if visit.status is VisitStatus.DEPARTED:
        return visit
    return replace(visit, depart_s=visit.arrive_s + service_s(state, visit))


def last_fact(visits: Sequence[Visit]) -> int:
    """Index of the last reported visit, -1 if none was."""
    reported = (k for k, visit in enumerate(visits) if visit.status is not VisitStatus.PLANNED)
    return max(reported, default=-1)


def in_order(visits: Sequence[Visit]) -> tuple[Visit, ...]:
    """Let nothing before the last reported visit be later than it.

    Reports come late and out of order; what stands before a reported visit happened before it.
    """
    last = last_fact(visits)
    result = list(visits[max(last, 0) :])
    for visit in reversed(visits[: max(last, 0)]):
        ceiling_s = result[0].arrive_s
        depart_s = min(visit.depart_s, ceiling_s)
        arrive_s = min(visit.arrive_s, depart_s)
        result.insert(0, replace(visit, arrive_s=arrive_s, depart_s=depart_s))
    return tuple(result)
