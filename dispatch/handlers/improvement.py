"""Better tours somebody found: taken only if everything about them is right."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace

from dispatch.events import ImprovementDropped, ImprovementFound, ImprovementTaken, State
from dispatch.handlers.finding import settled
from dispatch.handlers.placing import with_room_used
from dispatch.handlers.telling import Circumstances, Decision, finish
from dispatch.model import BookingId, RideStatus, ShiftId, Tour, Visit, VisitStatus
from dispatch.objective import cost_of
from dispatch.schedule.opening import tour_of
from dispatch.schedule.retime import retime_at
from dispatch.tours import with_visits
from dispatch.verify import PlanRefused, check_plan

_WORTH_IT = 1e-6


def improvement_found(state: State, event: ImprovementFound, now_s: int) -> Decision:
    """Put better tours in force, or say why not; a wrong proposal changes nothing.

    Only the order of visits is taken over: the times are computed here, from now on.
    """
    why = _unusable(state, event, now_s)
    if why:
        return state, (ImprovementDropped(why),)
    after = _with_tours(state, event.tours, now_s)
    try:
        check_plan(after, state, event)
    except PlanRefused:
        return state, (ImprovementDropped("refused"),)
    saved = cost_of(state, event.tours) - cost_of(after, event.tours)
    if saved <= _WORTH_IT and not _more(state, event):
        return state, (ImprovementDropped("not-better"),)
    taken = ImprovementTaken(tuple(event.tours), round(saved, 6))
    return finish(state, with_room_used(state, after, now_s), Circumstances(now_s), (taken,))


def _unusable(state: State, event: ImprovementFound, now_s: int) -> str | None:
    """Say why tours cannot be used, before anything is computed with them; None if they can."""
    tours = event.tours
    if state.closed or any(key not in state.shifts for key in tours):
        return "outdated"
    if any(tour_of(state, key) != event.instead_of.get(key, Tour(key)) for key in tours):
        return "outdated"
    for key, tour in tours.items():
        driven = settled(state, state.shifts[key], now_s)
        if tour.visits[: len(driven)] != driven:
            return "driven"
    sound = all(_is_sound(state, key, tour) for key, tour in tours.items())
    missing = _carried(tour_of(state, key) for key in tours) - _carried(tours.values())
    more = (state.bookings.get(ride) for _, ride in _more(state, event))
    waiting = all(booking and booking.status is RideStatus.UNASSIGNED for booking in more)
    in_order = all(map(_in_order, tours.values()))
    return None if sound and waiting and in_order and not missing else "refused"


def _is_sound(state: State, key: ShiftId, tour: Tour) -> bool:
    """Whether a tour is the shift's, lies where there are places, and claims no reports."""
    known = tour_of(state, key).visits
    return tour.shift == key and all(
        0 <= visit.place < state.travel.size
        and (visit.status is VisitStatus.PLANNED or visit in known)
        for visit in tour.visits
    )


def _more(state: State, event: ImprovementFound) -> Counter[tuple[str, BookingId]]:
    """Who boards and who leaves in better tours that nobody carries yet."""
    return _carried(event.tours.values()) - _carried(tour_of(state, key) for key in event.tours)


def _carried(tours: Iterable[Tour]) -> Counter[tuple[str, BookingId]]:
    """Who boards and who leaves in some tours, and how often."""
    visits = [visit for tour in tours for visit in tour.visits]
    boards = Counter(("board", key) for visit in visits for key in visit.board)
    return boards + Counter(("alight", key) for visit in visits for key in visit.alight)


def _in_order(tour: Tour) -> bool:
    """Whether everybody boards before they leave, in the same tour."""
    aboard: set[BookingId] = set()
    for visit in tour.visits:
        if not aboard.issuperset(visit.alight):
            return False
        aboard |= set(visit.board)
    return True


def _with_tours(state: State, tours: Mapping[ShiftId, Tour], now_s: int) -> State:
    """Put tours into the state, their rides on the shifts that carry them now, at new times."""
    bookings = dict(state.bookings)
    for key, tour in tours.items():
        driven = len(settled(state, state.shifts[key], now_s))
        for ride in _boarding(tour.visits[driven:]):
            bookings[ride] = replace(bookings[ride], shift=key, status=RideStatus.BOOKED)
    ordered = {key: with_visits(state, tour, tour.visits) for key, tour in tours.items()}
    state = replace(state, tours={**state.tours, **ordered}, bookings=bookings)
    timed = {key: retime_at(state, state.shifts[key], now_s) for key in tours}
    return replace(state, tours={**state.tours, **timed})


def _boarding(visits: Iterable[Visit]) -> Iterable[BookingId]:
    return (key for visit in visits for key in visit.board)
