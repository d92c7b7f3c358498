"""New times for a tour whose visits or facts changed."""

from dataclasses import replace

from dispatch.events import State
from dispatch.model import PlaceIndex, Shift, Tour
from dispatch.schedule.arrays import FAR
from dispatch.schedule.opening import tour_of
from dispatch.schedule.rows import bus, halt
from dispatch.schedule.snapshot import Snapshot


def retime_from_facts(state: State, shift: Shift) -> Tour:
    """Schedule the tour again from its last reported visit on."""
    return _retime(state, shift, -FAR)


def retime_at(state: State, shift: Shift, now_s: int) -> Tour:
    """Schedule the tour again from ``now_s`` on; what is driven or about to be keeps its times."""
    return _retime(state, shift, now_s)


def _retime(state: State, shift: Shift, now_s: int) -> Tour:
    """Schedule the open part of a tour.

    The schedule keeps every promise if any schedule of this order does. Where reality is later than a
    promise, the late visits come as early as the bus can, and all other limits are still kept. Pauses
    without a place follow the visit before them.
    """
    opened = Snapshot.of_tour(state, shift, now_s).opened
    tour = tour_of(state, shift.id)
    first = int(opened.buses[0, bus.FIRST])
    rows = opened.halts[first:]
    wanted = (halt.PLACE, halt.PLANNED, halt.SERVICE)
    columns = (rows[:, row].tolist() for row in wanted)
    ahead = (
        replace(visit, place=PlaceIndex(place), arrive_s=t, depart_s=t + s)
        for visit, place, t, s in zip(tour.visits[first:], *columns, strict=True)
    )
    return replace(tour, visits=(*tour.visits[:first], *ahead))
