"""What a state says of the tour of a shift."""

from dispatch.events import State
from dispatch.model import Shift, ShiftId, Tour


def tour_of(state: State, shift: ShiftId) -> Tour:
    """Look up the tour of a shift; empty if nobody rides yet."""
    return state.tours.get(shift) or Tour(shift)


def delayed(state: State, shift: Shift) -> tuple[int, int]:
    """Index of the visit the bus is known to be late for and when it reaches it; -1, 0 if it is not."""
    delay = state.delays.get(shift.id)
    if delay is not None:
        for k, visit in enumerate(tour_of(state, shift.id).visits):
            if visit.id == delay.visit:
                return k, delay.not_before_s
    return -1, 0
