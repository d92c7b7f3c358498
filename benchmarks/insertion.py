"""The answer on the phone: one request against a day that is planned already."""

import time
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import replace
from statistics import median

import numpy as np

from benchmarks.exhaustive_kernels import exhaustive
from benchmarks.record import Record, percentile
from dispatch.engine import decide
from dispatch.events import Effect, OffersMade, OfferTaken, RideRequested, ShiftOpened, State
from dispatch.insertion.arrays import Ask
from dispatch.insertion.search import find_best, wanted, weights_of
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
from dispatch.schedule.snapshot import Snapshot
from dispatch.verify import verify
from dispatch.warm import warm
from dispatch.wishes import wished_terms

SEED = 1
QUESTIONS = 400
WARM_UP, AFTER_BOOKING, PEER = 5, 40, 20
"""Questions that are not timed, that come after a booking, and that are put to the peer."""
EDGE_M = 20_000
M_PER_S = 12
OPEN_S, CLOSE_S = 7 * 3600, 19 * 3600
EVENING_BEFORE_S = -6 * 3600
NOON_S = 12 * 3600
LOADS = (load_of(seat=1), load_of(seat=2, walker=1), load_of(wheelchair=1))


def run(options: Namespace) -> Record:
    """Fill ``--shifts`` with ``--rides`` by the engine, then time ``RideRequested`` to its answer."""
    shifts, rides = (4, 40) if options.quick else (options.shifts, options.rides)
    warm()
    random = np.random.default_rng(SEED)
    state = _fill(_day(shifts, rides, random), rides, random)
    questions = list(_questions(state, random))
    for request in questions[:WARM_UP]:
        _answer(state, request)
    offered: list[float] = []
    refused: list[float] = []
    for request in questions:
        passed, effect = _answer(state, request)
        (offered if isinstance(effect, OffersMade) else refused).append(passed)
    at_noon = [_answer(state, request, NOON_S + k) for k, request in enumerate(questions)]
    under_way = [passed for passed, effect in at_noon if isinstance(effect, OffersMade)]
    exact, best_ms, exhaustive_ms = _peer(state, [q for q in questions if _departs(q)][:PEER])
    planned = sum(len(visit.board) for tour in state.tours.values() for visit in tour.visits)
    return Record(
        "insertion",
        {"shifts": shifts, "rides": planned, "questions": QUESTIONS, "seed": SEED},
        {
            "exact": int(exact),
            "median_ms": median(offered),
            "p99_ms": percentile(offered, 0.99),
            "refusal_p99_ms": percentile(refused, 0.99) if refused else 0.0,
            "after_booking_median_ms": median(_after_booking(state, questions)),
            "under_way_median_ms": median(under_way),
            "best_place_median_ms": best_ms,
            "ratio_exhaustive": exhaustive_ms / best_ms,
            "offered_share": len(offered) / QUESTIONS,
            "violations": len(verify(state)),
        },
        {"exhaustive": {"best_place_median_ms": exhaustive_ms}},
    )


def _answer(state: State, request: Request, now_s: int = EVENING_BEFORE_S) -> tuple[float, Effect]:
    """Milliseconds to the answer, and the answer."""
    begun = time.perf_counter()
    _, effects = decide(state, RideRequested(request), now_s)
    return (time.perf_counter() - begun) * 1000, effects[0]


def _after_booking(state: State, questions: list[Request]) -> Iterator[float]:
    """Time the first answer after each of some bookings."""
    for request, other in zip(questions[:AFTER_BOOKING], questions[AFTER_BOOKING:], strict=False):
        _, answer = _answer(state, request)
        if isinstance(answer, OffersMade):
            booked, _ = decide(state, OfferTaken(answer.offers[0]), EVENING_BEFORE_S)
            yield _answer(booked, other)[0]


def _peer(state: State, questions: list[Request]) -> tuple[bool, float, float]:
    """Whether ours finds the same best places as the exhaustive search, and the median ms of both."""
    snapshot = Snapshot.at(state, EVENING_BEFORE_S)
    ours, theirs, exact = [], [], True
    for request in questions:
        terms = wished_terms(snapshot, request)
        scratch = np.zeros(snapshot.limits.shape[1], np.int64)
        ask = Ask(wanted(snapshot, terms), scratch, weights_of(snapshot, terms), 0)
        begun = time.perf_counter()
        (found,) = find_best(snapshot, terms, (terms.times,))
        ours.append((time.perf_counter() - begun) * 1000)
        exhaustive(snapshot.opened, snapshot.limits, snapshot.road, ask)
        begun = time.perf_counter()
        cost = exhaustive(snapshot.opened, snapshot.limits, snapshot.road, ask)
        theirs.append((time.perf_counter() - begun) * 1000)
        exact = exact and bool(np.isclose(cost, np.inf if found is None else found.cost))
    return exact, median(ours), median(theirs)


def _departs(request: Request) -> bool:
    return request.time_kind is TimeKind.DEPART_AT


def _day(shifts: int, rides: int, random: np.random.Generator) -> State:
    """Open shifts over random places in a square."""
    xy = random.uniform(0, EDGE_M, (2 * rides + 2 * QUESTIONS, 2))
    metres = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    travel = Travel(np.ceil(metres / M_PER_S).astype(np.int32), np.ceil(metres).astype(np.int32))
    state = State(Policy(), travel)
    for number in range(shifts):
        limits = (Limit(load_of(seat=1, wheelchair=2), 8), Limit(load_of(wheelchair=1), 1))
        vehicle = Vehicle(VehicleId(f"bus-{number}"), "", limits)
        depot = PlaceIndex(number)
        shift = Shift(ShiftId(f"s{number:02}"), vehicle.id, "", OPEN_S, CLOSE_S, depot, depot)
        state, _ = decide(state, ShiftOpened(shift, vehicle), EVENING_BEFORE_S)
    return state


def _fill(state: State, rides: int, random: np.random.Generator) -> State:
    """Book until ``rides`` ride or nobody else fits in."""
    booked = 0
    for number in range(3 * rides):
        request = _request(f"r{number}", state.travel.size, random)
        _, (answer,) = decide(state, RideRequested(request), EVENING_BEFORE_S)
        if isinstance(answer, OffersMade):
            state, _ = decide(state, OfferTaken(answer.offers[0]), EVENING_BEFORE_S)
            booked += 1
        if booked == rides:
            break
    return state


def _questions(state: State, random: np.random.Generator) -> Iterator[Request]:
    """Yield what is asked; every fourth wants what hardly any bus can do: everybody, by the hour."""
    for number in range(QUESTIONS):
        request = _request(f"q{number}", state.travel.size, random)
        if number % 4 == 0:
            request = replace(request, load=load_of(seat=8), time_kind=TimeKind.ARRIVE_BY)
        yield request


def _request(name: str, places: int, random: np.random.Generator) -> Request:
    origin, destination = random.choice(places, 2, replace=False)
    time_s = int(random.integers(OPEN_S // 300, (CLOSE_S - 3600) // 300)) * 300
    load = LOADS[int(random.choice(3, p=(0.8, 0.1, 0.1)))]
    ends = PlaceIndex(int(origin)), PlaceIndex(int(destination))
    return Request(BookingId(name), *ends, TimeKind.DEPART_AT, time_s, load)
