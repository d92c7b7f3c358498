"""Who drives a shift."""

from dataclasses import replace

from dispatch.events import DriverChanged, State
from dispatch.handlers.finding import shift_of
from dispatch.handlers.telling import Circumstances, Decision, finish
from dispatch.legality.shifts import check_overlap


def driver_changed(state: State, event: DriverChanged, now_s: int) -> Decision:
    """Give a shift to another driver: no visit and no promise is touched by it.

    Raises
    ------
    IllegalEvent
        ``shift-unknown``, ``shift-overlap``.
    """
    shift = shift_of(state, event.shift)
    if shift.driver == event.driver:
        return state, ()
    driven = replace(shift, driver=event.driver)
    check_overlap(state, driven)
    after = replace(state, shifts={**state.shifts, shift.id: driven})
    return finish(state, after, Circumstances(now_s))
