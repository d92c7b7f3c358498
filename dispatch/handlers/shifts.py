"""Shifts that open, become shorter, or are withdrawn."""

from collections.abc import Iterator
from dataclasses import replace

from dispatch.errors import IllegalEvent
from dispatch.events import Reason, ShiftOpened, ShiftShortened, ShiftWithdrawn, State
from dispatch.handlers.expected import calm, overrun_s
from dispatch.handlers.finding import shift_of
from dispatch.handlers.leaving import retimed_from_facts
from dispatch.handlers.placing import seated_anew, with_room_used
from dispatch.handlers.relief import shrunk
from dispatch.handlers.stopping import ended_with, stopped
from dispatch.handlers.telling import Circumstances, Decision, finish
from dispatch.model import Break, Shift, Visit, VisitStatus
from dispatch.past import last_fact
from dispatch.schedule.opening import tour_of
from dispatch.tours import pause_tour, with_visits


def opened(state: State, event: ShiftOpened, now_s: int) -> Decision:
    """Make a shift bookable; rides without a bus may find room in it.

    A shift may be opened at any time, its past simply cannot be used any more.
    """
    shift, vehicle = event.shift, event.vehicle
    if state.shifts.get(shift.id) == shift and state.vehicles.get(vehicle.id) == vehicle:
        return state, ()
    after = replace(
        state,
        vehicles={**state.vehicles, vehicle.id: vehicle},
        shifts={**state.shifts, shift.id: shift},
    )
    if shift.breaks:
        after = replace(after, tours={**after.tours, shift.id: pause_tour(after, shift)})
        after = retimed_from_facts(after, shift.id)
    return finish(state, with_room_used(state, after, now_s), Circumstances(now_s))


def withdrawn(state: State, event: ShiftWithdrawn, now_s: int) -> Decision:
    """Take a shift back: who is aboard is brought home, all others get another bus or are called."""
    shift = shift_of(state, event.shift)
    after, left = stopped(state, shift)
    if after == state:
        return state, ()
    others = [key for key in after.shifts if key != shift.id]
    after = seated_anew(after, left, now_s, others)
    return finish(state, after, Circumstances(now_s, Reason.SHIFT_CHANGED))


def shortened(state: State, event: ShiftShortened, now_s: int) -> Decision:
    """Let a shift begin later or end earlier; rides that do not fit any more find another place.

    Riders aboard are brought to their destinations even if that takes longer than the new end.
    """
    old = shift_of(state, event.shift)
    if (event.start_s, event.end_s) == (old.start_s, old.end_s):
        return state, ()
    _check_shorter(state, old, event)
    visits, breaks = [], []
    for visit in tour_of(state, old.id).visits:
        fitted = _fitted(visit, event)
        if fitted is not None:
            visits.append(fitted)
            breaks += [fitted.pause] if fitted.pause else []
    shift = replace(old, start_s=event.start_s, end_s=event.end_s, breaks=tuple(breaks))
    after = _put(state, shift, visits)
    after, left = shrunk(state, after, shift.id)
    after = _brought_home(after, shift)
    after = seated_anew(after, left, now_s, calm(state, after))
    return finish(state, after, Circumstances(now_s, Reason.SHIFT_CHANGED))


def _check_shorter(state: State, old: Shift, event: ShiftShortened) -> None:
    """Refuse times that are no shortening.

    Raises
    ------
    IllegalEvent
        ``shift-times``, ``shift-not-shorter``, ``shift-under-way``.
    """
    if event.start_s >= event.end_s:
        raise IllegalEvent(
            "shift-times", f"Shift {old.id} must end after it starts ({event.start_s} s)."
        )
    if event.start_s < old.start_s or event.end_s > old.end_s:
        raise IllegalEvent(
            "shift-not-shorter",
            f"Shift {old.id} was opened from {old.start_s} to {old.end_s} s; it can only become shorter.",
        )
    if event.start_s > old.start_s and last_fact(tour_of(state, old.id).visits) >= 0:
        raise IllegalEvent(
            "shift-under-way", f"Shift {old.id} is under way, it cannot begin later any more."
        )


def _fitted(visit: Visit, event: ShiftShortened) -> Visit | None:
    """Return a visit as it is in the shorter shift; None for a break there is no time for."""
    pause = visit.pause
    if pause is None or visit.status is not VisitStatus.PLANNED:
        return visit
    from_s, until_s = max(pause.from_s, event.start_s), min(pause.until_s, event.end_s)
    if until_s - from_s < pause.seconds:
        return None
    return replace(visit, pause=replace(pause, from_s=from_s, until_s=until_s))


def _put(state: State, shift: Shift, visits: list[Visit]) -> State:
    state = replace(state, shifts={**state.shifts, shift.id: shift})
    if shift.id not in state.tours:
        return state
    tour = with_visits(state, state.tours[shift.id], visits)
    return retimed_from_facts(replace(state, tours={**state.tours, shift.id: tour}), shift.id)


def _brought_home(state: State, shift: Shift) -> State:
    """Give up breaks at the end the bus would be back too late for, then let the shift last as it must."""
    while overrun_s(state, shift) and (visits := state.tours[shift.id].visits):
        last = visits[-1]
        if last.pause is None or last.status is not VisitStatus.PLANNED:
            break
        shift = replace(shift, breaks=tuple(_breaks(visits[:-1])))
        state = _put(state, shift, list(visits[:-1]))
    return ended_with(state, shift) if overrun_s(state, shift) else state


def _breaks(visits: tuple[Visit, ...]) -> Iterator[Break]:
    return (visit.pause for visit in visits if visit.pause is not None)
