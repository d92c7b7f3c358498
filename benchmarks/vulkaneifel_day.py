"""One day of the Vulkaneifel, call by call, through the engine; with improvement in between if wished."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.cluster.vq import kmeans2

from benchmarks.vulkaneifel_data import Trip
from dispatch.engine import decide
from dispatch.events import (
    Event,
    ImprovementTaken,
    OffersMade,
    OfferTaken,
    RideBooked,
    RideRequested,
    ShiftOpened,
    State,
)
from dispatch.improve.day import find_improvement
from dispatch.improve.stop import MaxIterations
from dispatch.model import (
    BookingId,
    Limit,
    PlaceIndex,
    Request,
    Shift,
    ShiftId,
    TimeKind,
    Travel,
    Vehicle,
    VehicleId,
    load_of,
)
from dispatch.policy import Policy
from dispatch.verify import verify
from routing.graph import RoadGraph
from routing.search import Search
from routing.snap import Snapper
from routing.travel_times import TravelTimes

SNAP_M = 2_000
END_S = 28 * 3600
POLICY = Policy(
    lead_time_s=0,
    search_window_s=900,
    ride_factor=1.5,
    ride_extra_s=900,
    ride_at_most_s=6 * 3600,
    boarding_s=0,
    stop_s=60,
    travel_factor=1.0,
)
"""As in the source's configuration: bus within 900 s, ride 1.5 times direct or 900 s more, stop 60 s."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How the day is played: calls ``lead_s`` before the wish, improvement every ``every_s`` (0: never)."""

    lead_s: int
    every_s: int = 0
    iterations: int = 0
    verify_every: int = 1


@dataclass(slots=True)
class Played:
    """A day that is over."""

    state: State
    asked: int = 0
    booked: int = 0
    searches: int = 0
    improvements: int = 0
    states: int = 0
    verified: int = 0
    violations: int = 0
    answering_s: float = 0.0
    improving_s: float = 0.0


def set_up(
    roads: RoadGraph, trips: Sequence[Trip], fleet: int, seed: int
) -> tuple[State, list[Request]]:
    """Return the morning's state with its open shifts, and the requests in order of their times.

    The depots lie in the middle of as many groups of neighbouring trip ends (k-means) as there are buses.
    """
    snapper, times = Snapper(roads), TravelTimes(Search(roads))
    ends = [end for trip in trips for end in (trip.origin, trip.destination)]
    depots = _depots(np.array(ends), fleet, seed)
    indices = times.add_many(snapper.snap(*end, SNAP_M) for end in [*ends, *depots])
    state = State(POLICY, Travel(times.seconds, times.metres))
    for number, place in enumerate(indices[len(ends) :]):
        vehicle = Vehicle(VehicleId(f"bus-{number:03}"), "", (Limit(load_of(seat=1), 8),))
        depot = PlaceIndex(place)
        shift = Shift(ShiftId(f"s{number:03}"), vehicle.id, "", 0, END_S, depot, depot)
        state, _ = decide(state, ShiftOpened(shift, vehicle), 0)
    requests = [
        Request(
            BookingId(f"r{number:05}"),
            PlaceIndex(indices[2 * number]),
            PlaceIndex(indices[2 * number + 1]),
            TimeKind.DEPART_AT,
            trip.time_s,
            load_of(seat=1),
        )
        for number, trip in enumerate(trips)
    ]
    return state, [request for request in requests if request.origin != request.destination]


def play(state: State, requests: Sequence[Request], pace: Pace, seed: int) -> Played:
    """Let everybody call in order and take the first offer; what is planned happens as planned."""
    day = Played(state)
    next_s = requests[0].time_s - pace.lead_s
    for request in requests:
        now_s = request.time_s - pace.lead_s
        while pace.every_s and next_s < now_s:
            _improve(day, next_s, pace, seed)
            next_s += pace.every_s
        _ask(day, request, now_s, pace)
    return day


def _ask(day: Played, request: Request, now_s: int, pace: Pace) -> None:
    before, begun = day.state, time.process_time()
    _, (answer,) = decide(before, RideRequested(request), now_s)
    day.asked += 1
    if not isinstance(answer, OffersMade):
        day.answering_s += time.process_time() - begun
        return
    taken = OfferTaken(answer.offers[0])
    day.state, effects = decide(before, taken, now_s)
    day.answering_s += time.process_time() - begun
    day.booked += any(isinstance(effect, RideBooked) for effect in effects)
    _verify(day, before, taken, pace)


def _improve(day: Played, now_s: int, pace: Pace, seed: int) -> None:
    before, begun = day.state, time.process_time()
    number = seed + day.searches
    found = find_improvement(before, now_s, MaxIterations(pace.iterations), seed=number)
    day.searches += 1
    if found is not None:
        day.state, effects = decide(before, found, now_s)
        day.improvements += any(isinstance(effect, ImprovementTaken) for effect in effects)
    day.improving_s += time.process_time() - begun
    if day.state is not before and found is not None:
        _verify(day, before, found, pace)


def _verify(day: Played, before: State, event: Event, pace: Pace) -> None:
    day.states += 1
    if day.states % pace.verify_every == 0:
        day.verified += 1
        day.violations += len(verify(day.state, before, event))


def _depots(
    ends: np.ndarray[tuple[int, int], np.dtype[np.float64]], fleet: int, seed: int
) -> list[tuple[float, float]]:
    """Return the trip ends nearest to the middles of as many groups of them."""
    middles, _ = kmeans2(ends, fleet, minit="++", seed=seed, missing="warn")
    nearest = ((ends[:, None] - middles[None]) ** 2).sum(axis=2).argmin(axis=0)
    return [(float(lon), float(lat)) for lon, lat in ends[nearest]]
