"""A day of on-demand trips in the Vulkaneifel: service and kilometres, with and without improvement.

The trips of the day (a ``--share`` of them, drawn by ``--seed``) are asked for ``--lead`` minutes ahead, in
order; everybody takes the first offer, and what is planned happens as planned. Every ``--every`` minutes
the open part of the day is improved by ``--iterations`` of the search. The fleet (8 seats, on duty all day)
is scaled to the requests so that about 96 in 100 are served without improvement. Seconds are the processor's.
"""

from argparse import Namespace
from itertools import pairwise

import numpy as np

from benchmarks.record import Record
from benchmarks.vulkaneifel_data import folder_of, read_roads, read_trips
from benchmarks.vulkaneifel_day import Pace, Played, play, set_up
from dispatch.events import State

_QUICK_SHARE = 0.01
_FLEET_FACTOR, _FLEET_POWER = 0.126, 0.77
"""Measured: 5 buses carry 107 requests a day, 16 carry 536, 46 carry 2,145, 160 carry 10,724."""
_WARMING = 10
"""Requests played beforehand, so that loading and compiling kernels is not counted."""
_VERIFY_ALL = 3_000
_VERIFY_SOME = 50
"""With more requests than that only every fiftieth state is verified."""


def run(options: Namespace) -> Record:
    """Play the day without improvement and, unless told not to, once more with it."""
    share = _QUICK_SHARE if options.quick else options.share
    folder = folder_of(options.data)
    trips = read_trips(folder, share, options.seed)
    fleet = options.fleet or usual_fleet(len(trips))
    state, requests = set_up(read_roads(folder), trips, fleet, options.seed)
    verify_every = 1 if len(requests) <= _VERIFY_ALL else _VERIFY_SOME
    lead_s, every_s = options.lead * 60, options.every * 60
    play(state, requests[:_WARMING], Pace(lead_s, every_s, 1), options.seed)
    plain = play(state, requests, Pace(lead_s, verify_every=verify_every), options.seed)
    figures = _figures(plain)
    if options.improve:
        pace = Pace(lead_s, every_s, options.iterations, verify_every)
        better = play(state, requests, pace, options.seed)
        before, figures = figures, _figures(better)
        figures["improvement_km_saved"] = 1 - figures["km_per_ride"] / before["km_per_ride"]
        figures["improvements"] = better.improvements
        figures["violations"] += before["violations"]
        figures |= {f"plain_{name}": value for name, value in before.items()}
    work = {
        "share": share,
        "requests": len(requests),
        "fleet": fleet,
        "seed": options.seed,
        "lead_min": options.lead,
        "every_min": options.every if options.improve else 0,
        "iterations": options.iterations if options.improve else 0,
    }
    return Record("vulkaneifel", work, figures)


def usual_fleet(requests: int) -> int:
    """Return how many buses serve about 96 in 100 of so many requests: the more, the better shared."""
    buses: float = _FLEET_FACTOR * requests**_FLEET_POWER
    return max(1, round(buses))


def _figures(day: Played) -> dict[str, float]:
    return {
        "served_share": day.booked / day.asked,
        "km_per_ride": _driven_m(day.state) / 1000 / max(day.booked, 1),
        "mean_excess": _mean_excess_s(day.state),
        "seconds_computing": day.answering_s + day.improving_s,
        "answer_mean_ms": 1000 * day.answering_s / day.asked,
        "violations": day.violations,
        "states_verified": day.verified,
    }


def _driven_m(state: State) -> int:
    """Add up the metres of all tours, depot to depot."""
    metres = 0
    for key, tour in state.tours.items():
        shift = state.shifts[key]
        if tour.visits:
            stops = (shift.start_place, *(visit.place for visit in tour.visits), shift.end_place)
            metres += sum(int(state.travel.metres[a, b]) for a, b in pairwise(stops))
    return metres


def _mean_excess_s(state: State) -> float:
    """Return the mean of seconds aboard beyond the direct ride."""
    visits = [visit for tour in state.tours.values() for visit in tour.visits]
    left_s = {key: visit.depart_s for visit in visits for key in visit.board}
    excess_s = []
    for visit in visits:
        for key in visit.alight:
            request = state.bookings[key].request
            table_s = int(state.travel.seconds[request.origin, request.destination])
            excess_s.append(visit.arrive_s - left_s[key] - state.policy.driving_s(table_s))
    return float(np.mean(excess_s)) if excess_s else 0.0
