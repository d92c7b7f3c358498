"""Small changes to the visits of a tour that need no search."""

from collections.abc import Sequence
from dataclasses import replace

from dispatch.errors import IllegalEvent
from dispatch.events import State
from dispatch.model import (
    UNREACHABLE,
    BookingId,
    PlaceIndex,
    RideStatus,
    Shift,
    Tour,
    Visit,
    VisitId,
    VisitStatus,
)
from dispatch.past import in_order, last_fact


def service_s(state: State, visit: Visit) -> int:
    """Add up the seconds a visit takes from doors open to departure."""
    if visit.pause is not None:
        return visit.pause.seconds
    policy, bookings = state.policy, state.bookings
    boarding_s = sum(policy.boarding_time_s(bookings[key].request.load) for key in visit.board)
    alighting_s = sum(policy.alighting_time_s(bookings[key].request.load) for key in visit.alight)
    return policy.stop_s + boarding_s + alighting_s


def ready_s(state: State, visit: Visit) -> int:
    """When a bus that stands at a visit can leave: all is done, and nobody may still come in time."""
    expected = (key for key in visit.board if state.bookings[key].status is RideStatus.BOOKED)
    promised_s = (state.bookings[key].promise.pickup_from_s for key in expected)
    return max(visit.arrive_s + service_s(state, visit), *promised_s, 0)


def driving_s(state: State, origin: PlaceIndex, destination: PlaceIndex) -> int:
    """Planned driving between two places; ``UNREACHABLE`` if there is no way."""
    table_s = int(state.travel.seconds[origin, destination])
    return UNREACHABLE if table_s >= UNREACHABLE else state.policy.driving_s(table_s)


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


def pause_tour(state: State, shift: Shift) -> Tour:
    """Begin the tour of a shift: the visits of its breaks, each as early as it may be."""
    visits: list[Visit] = []
    place, free_s = shift.start_place, shift.start_s
    for k, pause in enumerate(shift.breaks):
        here = place if pause.place is None else pause.place
        arrive_s = max(pause.from_s, free_s + driving_s(state, place, here))
        place, free_s = here, arrive_s + pause.seconds
        name = VisitId(f"{shift.id}-pause-{k}")
        visits.append(Visit(name, here, arrive_s, free_s, pause=pause))
    return Tour(shift.id, tuple(visits))


def without_ride(state: State, tour: Tour, key: BookingId, *, boarded: bool = False) -> Tour:
    """Take a ride out of a tour; visits nobody needs any more go, unless they were reported.

    With ``boarded`` only the drop-off goes: somebody was waited for, but did not come. Times stay, but
    that the bus may leave earlier from where it stands.
    """
    here = last_fact(tour.visits)
    visits = []
    for k, visit in enumerate(tour.visits):
        rest = _without(visit, key, boarded=boarded)
        if rest is visit:
            visits.append(visit)
        elif rest.board or rest.alight or rest.status is not VisitStatus.PLANNED:
            stands = k == here and rest.status is VisitStatus.ARRIVED
            visits.append(replace(rest, depart_s=ready_s(state, rest)) if stands else rest)
    return with_visits(state, tour, visits)


def _without(visit: Visit, key: BookingId, *, boarded: bool) -> Visit:
    board = visit.board if boarded else tuple(b for b in visit.board if b != key)
    alight = tuple(b for b in visit.alight if b != key)
    if board == visit.board and alight == visit.alight:
        return visit
    return replace(visit, board=board, alight=alight)


def with_visits(state: State, tour: Tour, visits: Sequence[Visit]) -> Tour:
    """Give a tour other visits: the past in order, breaks without a place wherever the bus stands."""
    last = state.shifts[tour.shift].start_place
    placed = []
    for visit in in_order(visits):
        pause, planned = visit.pause, visit.status is VisitStatus.PLANNED
        moves = pause is not None and pause.place is None and planned and visit.place != last
        placed.append(replace(visit, place=last) if moves else visit)
        last = placed[-1].place
    return replace(tour, visits=tuple(placed))
