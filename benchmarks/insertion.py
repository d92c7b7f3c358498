"""The answer on the phone: one request against a day that is planned already."""

import time
from argparse import Namespace
from dataclasses import replace
from statistics import median

import numpy as np

from benchmarks.record import Record, percentile
from dispatch.engine import decide
from dispatch.events import OffersMade, OfferTaken, RideRequested, ShiftOpened, State
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
)
from dispatch.policy import Policy
from dispatch.verify import verify

SEED = 1
QUESTIONS = 200
EDGE_M = 20_000
M_PER_S = 12
OPEN_S, CLOSE_S = 7 * 3600, 19 * 3600
EVENING_BEFORE_S = -6 * 3600


def run(options: Namespace) -> Record:
    """Fill ``--shifts`` with ``--rides`` by the engine, then time ``RideRequested`` to its answer."""
    shifts, rides = (4, 40) if options.quick else (options.shifts, options.rides)
    random = np.random.default_rng(SEED)
    state = _day(shifts, rides, random)
    state = _fill(state, rides, random)
    offered: list[float] = []
    refused: list[float] = []
    for number in range(QUESTIONS):
        request = _request(f"q{number}", state.travel.size, random)
        if number % 4 == 0:  # what no bus can do: everybody at once, in no time
            request = replace(request, load=(8, 0, 0, 0), time_kind=TimeKind.ARRIVE_BY)
        begun = time.perf_counter()
        _, effects = decide(state, RideRequested(request), EVENING_BEFORE_S)
        passed = (time.perf_counter() - begun) * 1000
        (offered if isinstance(effects[0], OffersMade) else refused).append(passed)
    planned = sum(len(visit.board) for tour in state.tours.values() for visit in tour.visits)
    return Record(
        "insertion",
        {"shifts": shifts, "rides": planned, "questions": QUESTIONS, "seed": SEED},
        {
            "median_ms": median(offered),
            "p99_ms": percentile(offered, 0.99),
            "refusal_p99_ms": percentile(refused, 0.99) if refused else 0.0,
            "offered_share": len(offered) / QUESTIONS,
            "violations": len(verify(state)),
        },
    )


def _day(shifts: int, rides: int, random: np.random.Generator) -> State:
    """Open shifts over random places in a square."""
    xy = random.uniform(0, EDGE_M, (2 * rides + 2 * QUESTIONS, 2))
    metres = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    travel = Travel(np.ceil(metres / M_PER_S).astype(np.int32), np.ceil(metres).astype(np.int32))
    state = State(Policy(), travel)
    for number in range(shifts):
        limits = (Limit((1, 2, 0, 0), 8), Limit((0, 1, 0, 0), 1))
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


def _request(name: str, places: int, random: np.random.Generator) -> Request:
    origin, destination = random.choice(places, 2, replace=False)
    time_s = int(random.integers(OPEN_S // 300, (CLOSE_S - 3600) // 300)) * 300
    load = ((1, 0, 0, 0), (2, 0, 1, 0), (0, 1, 0, 0))[int(random.choice(3, p=(0.8, 0.1, 0.1)))]
    ends = PlaceIndex(int(origin)), PlaceIndex(int(destination))
    return Request(BookingId(name), *ends, TimeKind.DEPART_AT, time_s, load)
