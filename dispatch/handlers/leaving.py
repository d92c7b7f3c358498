"""Rides that leave a tour, and what that does to who stays on it."""

from collections.abc import Callable
from dataclasses import replace

from dispatch.events import State
from dispatch.handlers.expected import is_calm
from dispatch.model import BookingId, RideStatus, ShiftId, Visit, VisitStatus
from dispatch.schedule.retime import retime_at, retime_from_facts
from dispatch.tours import without_ride

Retime = Callable[[State, ShiftId], State]


def retimed_from_facts(state: State, shift: ShiftId) -> State:
    """Schedule a tour again from its last report on."""
    tour = retime_from_facts(state, state.shifts[shift])
    return replace(state, tours={**state.tours, shift: tour})


def retimed_at(now_s: int) -> Retime:
    """Return how to schedule a tour again from now on."""

    def retimed(state: State, shift: ShiftId) -> State:
        tour = retime_at(state, state.shifts[shift], now_s)
        return replace(state, tours={**state.tours, shift: tour})

    return retimed


def released(state: State, key: BookingId) -> State:
    """Take a ride that has not begun out of its tour; times stay as they were."""
    booking = state.bookings[key]
    tour = state.tours.get(booking.shift)
    if tour is None or booking.status is not RideStatus.BOOKED:
        return state
    return replace(state, tours={**state.tours, tour.shift: without_ride(state, tour, key)})


def freed(state: State, key: BookingId, retime: Retime) -> State:
    """Take a ride that has not begun out of its tour and schedule that again."""
    free = released(state, key)
    if free is state:
        return state
    return unharmed(state, free, state.bookings[key].shift, retime)


def unharmed(kept: State, free: State, shift: ShiftId, retime: Retime) -> State:
    """Schedule a tour somebody left so that nobody loses by it, compared with the tour they were on.

    Breaks can do harm: one without a place is taken wherever the bus stands, which may be farther
    from the next halt now. So can a bus that leaves sooner: who is aboard rides longer. Then the break
    stays where it was, though nobody needs to go there any more, and the bus leaves when it would have.
    """
    timed = retime(free, shift)
    if is_calm(kept, timed, shift):
        return timed
    where = {visit.id: visit for visit in kept.tours[shift].visits}
    tour = free.tours[shift]
    visits = tuple(_pinned(visit, where.get(visit.id, visit)) for visit in tour.visits)
    return retime(replace(free, tours={**free.tours, shift: replace(tour, visits=visits)}), shift)


def _pinned(visit: Visit, before: Visit) -> Visit:
    if visit.status is VisitStatus.ARRIVED:
        return replace(visit, depart_s=before.depart_s)
    pause = visit.pause
    if pause is None or pause.place is not None or visit.status is not VisitStatus.PLANNED:
        return visit
    return replace(visit, place=before.place, pause=replace(pause, place=before.place))
