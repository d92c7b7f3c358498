"""Where the open part of a tour begins.

The visits of a tour fall in two parts. *Settled* are those that were reported, those whose planned time
has come (a tablet may be silent for an hour: until it says otherwise, what was planned is presumed to
have happened) and those within ``policy.frozen_s``. The rest is *open*: new visits go between them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from dispatch.events import State
from dispatch.model import PlaceIndex, Shift, ShiftId, Tour, Visit, VisitStatus
from dispatch.schedule.arrays import FAR


@dataclass(frozen=True, slots=True)
class Opening:
    """The first ``settled`` visits of a tour stay; the bus is free at ``place`` after them.

    ``free_s`` is when it may leave there for the first open visit, ``free_new_s`` the same for a visit
    inserted before that; the first open visit is reached not before ``not_before_s``.
    """

    settled: int
    place: PlaceIndex
    free_s: int
    free_new_s: int
    not_before_s: int = -FAR


def tour_of(state: State, shift: ShiftId) -> Tour:
    """Look up the tour of a shift; empty if nobody rides yet."""
    return state.tours.get(shift) or Tour(shift)


def opening_after_facts(state: State, shift: Shift) -> Opening:
    """Everything after the last reported visit is open, from the reported time on."""
    visits = tour_of(state, shift.id).visits
    settled = len(visits)
    while settled > 0 and visits[settled - 1].status is VisitStatus.PLANNED:
        settled -= 1
    place, free_s = _free(shift, visits, settled)
    return Opening(settled, place, free_s, free_s)


def opening_at(state: State, shift: Shift, now_s: int) -> Opening:
    """Settled is what was reported, presumed or frozen; nothing new is reached before ``now_s``.

    If the bus must be on its way to the first open visit by now, that visit keeps at least its time:
    nobody knows where the bus is, and an earlier time could be one it cannot keep.
    """
    visits = tour_of(state, shift.id).visits
    settled = len(visits)
    while settled > 0 and _is_open(visits[settled - 1], now_s + state.policy.frozen_s):
        settled -= 1
    place, free_s = _free(shift, visits, settled)
    free_new_s = max(free_s, now_s)
    if settled < len(visits):
        ahead = visits[settled]
        driving_s = state.policy.driving_s(int(state.travel.seconds[place, ahead.place]))
        if ahead.arrive_s - driving_s <= now_s:
            return Opening(settled, place, free_s, free_new_s, ahead.arrive_s)
    return Opening(settled, place, free_new_s, free_new_s)


def _is_open(visit: Visit, frozen_until_s: int) -> bool:
    return visit.status is VisitStatus.PLANNED and visit.arrive_s > frozen_until_s


def _free(shift: Shift, visits: Sequence[Visit], settled: int) -> tuple[PlaceIndex, int]:
    """Place and time from which the bus is free after its settled visits."""
    if settled == 0:
        return shift.start_place, shift.start_s
    return visits[settled - 1].place, visits[settled - 1].depart_s
