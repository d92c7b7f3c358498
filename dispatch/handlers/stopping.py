"""A shift that does not go on: what stays of it, and who needs another bus."""

from dataclasses import replace

from dispatch.events import State
from dispatch.handlers.leaving import released, retimed_from_facts
from dispatch.handlers.placing import unassigned
from dispatch.handlers.relief import movable
from dispatch.model import BookingId, Shift, VisitStatus
from dispatch.past import last_fact
from dispatch.schedule.opening import tour_of
from dispatch.tours import driving_s, with_visits


def stopped(state: State, shift: Shift) -> tuple[State, list[BookingId]]:
    """End a shift once who is aboard is home; also return the rides that lost their bus.

    Without any reported visit it leaves the state.
    """
    left = movable(state, shift.id)
    for key in left:
        state = unassigned(released(state, key), key)
    visits = tour_of(state, shift.id).visits
    if last_fact(visits) < 0:
        return removed(state, shift), left
    stay = [v for v in visits if v.pause is None or v.status is not VisitStatus.PLANNED]
    breaks = tuple(visit.pause for visit in stay if visit.pause is not None)
    shorter = replace(shift, breaks=breaks)
    tour = with_visits(state, state.tours[shift.id], stay)
    state = replace(
        state,
        shifts={**state.shifts, shift.id: shorter},
        tours={**state.tours, shift.id: tour},
    )
    return ended_with(retimed_from_facts(state, shift.id), shorter), left


def ended_with(state: State, shift: Shift) -> State:
    """Let a shift end when its bus is back from its last visit."""
    last = state.tours[shift.id].visits[-1]
    back_s = last.depart_s + driving_s(state, last.place, shift.end_place)
    ended = replace(shift, end_s=max(back_s, shift.start_s + 1))
    return replace(state, shifts={**state.shifts, shift.id: ended})


def removed(state: State, shift: Shift) -> State:
    """Take a shift nobody drove out of the state."""
    return replace(
        state,
        shifts={key: other for key, other in state.shifts.items() if key != shift.id},
        tours={key: tour for key, tour in state.tours.items() if key != shift.id},
        delays={key: delay for key, delay in state.delays.items() if key != shift.id},
    )
