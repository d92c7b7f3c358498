"""New times for a tour whose visits or facts changed."""

from dataclasses import replace

from dispatch.events import State
from dispatch.model import Shift, Tour
from dispatch.schedule.opening import Opening, opening_after_facts, opening_at, tour_of
from dispatch.schedule.snapshot import Snapshot


def retime_from_facts(state: State, shift: Shift) -> Tour:
    """Schedule the tour again from its last reported visit on."""
    return _retime(state, shift, opening_after_facts(state, shift), 0)


def retime_at(state: State, shift: Shift, now_s: int) -> Tour:
    """Schedule the tour again from ``now_s`` on; what is driven or about to be keeps its times."""
    return _retime(state, shift, opening_at(state, shift, now_s), now_s)


def _retime(state: State, shift: Shift, opening: Opening, now_s: int) -> Tour:
    """Schedule the open part of a tour.

    The schedule keeps every promise if any schedule of this order does. Where reality is later than a
    promise, the late visits come as early as the bus can, and all other limits are still kept.
    """
    snapshot = Snapshot.of(state, now_s, (shift,), (opening,))
    tour = tour_of(state, shift.id)
    planned, service = snapshot.base.planned, snapshot.tours.service
    ahead = (
        replace(visit, arrive_s=int(t), depart_s=int(t + s))
        for visit, t, s in zip(tour.visits[opening.settled :], planned, service, strict=True)
    )
    return replace(tour, visits=(*tour.visits[: opening.settled], *ahead))
