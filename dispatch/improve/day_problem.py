"""A day as a problem for the search: open rides, who is aboard, pauses, and what binds each bus."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dispatch.events import State
from dispatch.improve.day_parts import OpenTour, open_tours, unassigned
from dispatch.improve.day_rows import Node, Rows
from dispatch.improve.day_vehicles import Limits, allowed, vehicles
from dispatch.improve.problem import Floats, Ints, Nodes, Problem, Requests
from dispatch.improve.search import Routes
from dispatch.model import UNREACHABLE, PlaceIndex, persons

NEVER = 1e9
"""Seconds and metres where no way leads."""
LEFT_OUT = 20_000.0
"""What carrying somebody no bus carries yet is worth, in seconds of driving, times one plus priority."""


@dataclass(frozen=True, slots=True)
class OpenDay:
    """The open part of a day as a problem; its vehicle k is ``tours[k]``, its node v is ``nodes[v]``."""

    state: State
    now_s: int
    tours: tuple[OpenTour, ...]
    nodes: tuple[Node, ...]
    problem: Problem
    plan: Routes
    """The plan there is, as the search writes it."""


def open_day(state: State, now_s: int) -> OpenDay:
    """Turn what is open at ``now_s`` into a problem.

    Rides not yet boarded may change the bus; who is aboard leaves the bus they are in; pauses stay with
    their shift. Promises are hard windows; where the plan is late already, what it still keeps is.
    """
    tours = tuple(open_tours(state, now_s))
    rows = Rows(state)
    for number, tour in enumerate(tours):
        rows.add_tour(number, tour)
    for booking in unassigned(state, now_s):
        rows.add_unassigned(booking)
    places, node_place, start, end = _places(tours, rows.nodes)
    time, metres = _tables(state, places)
    limits = Limits(state, tours)
    problem = Problem(
        time=time,
        cost=time + state.policy.weight_metre * metres,
        nodes=_nodes(state, rows, node_place, limits),
        requests=_requests(state, tours, rows),
        vehicles=vehicles(state, tours, limits, start, end),
        metres=metres,
        ride_weight=state.policy.weight_ride,
    )
    return OpenDay(state, now_s, tours, tuple(rows.nodes), problem, tuple(rows.plan))


def _places(tours: Sequence[OpenTour], nodes: Sequence[Node]) -> tuple[Ints, Ints, Ints, Ints]:
    """Return the places of the problem, and which of them the nodes, starts and ends are.

    Starts and places of pauses stand there once more of their own: who boards there later is a halt of its
    own as well.
    """
    places: list[PlaceIndex] = [tour.place for tour in tours]
    known: dict[PlaceIndex, int] = {}

    def number(place: PlaceIndex) -> int:
        if place not in known:
            known[place] = len(places)
            places.append(place)
        return known[place]

    at = []
    for node in nodes:
        if node.place is None:
            at.append(-1)
        elif node.pause is not None:
            at.append(len(places))
            places.append(node.place)
        else:
            at.append(number(node.place))
    ends = [number(tour.shift.end_place) for tour in tours]
    start = np.arange(len(tours), dtype=np.int64)
    return np.array(places, np.int64), np.array(at, np.int64), start, np.array(ends, np.int64)


def _tables(state: State, places: Ints) -> tuple[Floats, Floats]:
    """Return planned driving (P, P) in seconds and metres."""
    policy, rows = state.policy, np.ix_(places, places)
    seconds = state.travel.seconds[rows].astype(np.float64)
    metres = state.travel.metres[rows].astype(np.float64)
    driving = np.ceil(seconds * policy.travel_factor) + policy.travel_buffer_s * (seconds > 0)
    nowhere = seconds >= UNREACHABLE
    driving[nowhere], metres[nowhere] = NEVER, NEVER
    return driving, metres


def _nodes(state: State, rows: Rows, place: Ints, limits: Limits) -> Nodes:
    load = np.zeros((len(rows.nodes), limits.room.shape[1]), np.int64)
    stop = np.zeros(len(rows.nodes))
    for v, node in enumerate(rows.nodes):
        if node.booking is not None:
            use = limits.use(state.bookings[node.booking])
            load[v], stop[v] = (use if node.boards else -use), state.policy.stop_s
    return Nodes(
        place=place,
        lo=np.array([node.lo for node in rows.nodes], np.float64),
        hi=np.array([node.hi for node in rows.nodes], np.float64),
        service=np.array([node.service for node in rows.nodes], np.float64),
        load=load,
        stop=stop,
        empty=np.array([node.pause is not None for node in rows.nodes], np.uint8),
    )


def _requests(state: State, tours: Sequence[OpenTour], rows: Rows) -> Requests:
    riders = [row.booking for row in rows.rows]
    penalty = [
        np.inf if row.must or row.booking is None else LEFT_OUT * (1 + row.booking.request.priority)
        for row in rows.rows
    ]
    return Requests(
        pickup=np.array([row.pickup for row in rows.rows], np.int64),
        drop=np.array([row.drop for row in rows.rows], np.int64),
        ride=np.array([row.ride for row in rows.rows], np.float64),
        allowed=allowed(state, tours, rows.rows),
        penalty=np.array(penalty),
        persons=np.array([persons(b.request.load) if b else 0 for b in riders], np.int64),
        direct=np.array([rows.direct_s(b) if b else 0 for b in riders], np.float64),
    )
