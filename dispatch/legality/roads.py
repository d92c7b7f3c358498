"""Travel tables that cannot follow those of today."""

import numpy as np

from dispatch.errors import IllegalEvent
from dispatch.events import State
from dispatch.model import Travel
from dispatch.schedule.tables import Tables


def check_travel(state: State, travel: Travel) -> None:
    """Refuse travel tables that lost places or are no tables.

    Raises
    ------
    IllegalEvent
        ``travel-shape``, ``travel-too-small``.
    """
    square = (travel.size, travel.size)
    if travel.seconds.shape != square or travel.metres.shape != square:
        raise IllegalEvent(
            "travel-shape",
            f"The new travel tables have the shapes {travel.seconds.shape} and {travel.metres.shape}; give a "
            "row and a column for each place in both.",
        )
    if travel.size < state.travel.size:
        raise IllegalEvent(
            "travel-too-small",
            f"The new travel tables have {travel.size} places, the old ones {state.travel.size}; places "
            "may only be added.",
        )


def same_travel(state: State, travel: Travel) -> bool:
    """Whether driving between the places of today's tours and shifts stays as it was."""
    if Tables(state.travel) == Tables(travel):
        return True  # places were added, nothing else
    used = {
        place for shift in state.shifts.values() for place in (shift.start_place, shift.end_place)
    }
    used |= {visit.place for tour in state.tours.values() for visit in tour.visits}
    rows = np.ix_(sorted(used), sorted(used))
    old = state.travel
    return bool(
        np.array_equal(old.seconds[rows], travel.seconds[rows])
        and np.array_equal(old.metres[rows], travel.metres[rows])
    )
