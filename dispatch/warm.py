"""Compile the kernels before somebody waits for them."""

from dataclasses import replace

import numpy as np

from dispatch.connections.window_kernels import arrivals_at, departures_from
from dispatch.engine import decide
from dispatch.events import Effect, OffersMade, OfferTaken, RideRequested, ShiftOpened, State
from dispatch.insertion.search import wanted
from dispatch.model import (
    BookingId,
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
from dispatch.wishes import wished_terms

_HOUR = 3600
_MINUTE = 60


def warm() -> None:
    """Run one small day through the engine: two people book, a third is refused."""
    minutes = np.abs(np.subtract.outer(np.arange(3), np.arange(3))).astype(np.int32) * _MINUTE
    state = State(Policy(), Travel(minutes, minutes * 10))
    shift = Shift(
        ShiftId("warm"), VehicleId("warm"), "", 8 * _HOUR, 12 * _HOUR, PlaceIndex(0), PlaceIndex(0)
    )
    state, _ = decide(state, ShiftOpened(shift, Vehicle(shift.vehicle, "", ())), 0)
    for number in range(2):
        state = _book(state, f"warm-{number}")
    decide(state, RideRequested(replace(_request("warm-late"), time_s=13 * _HOUR)), 0)
    _warm_windows(state)


def _warm_windows(state: State) -> None:
    """Ask when a bus could be where, as the search for journeys does."""
    snapshot, places = Snapshot.at(state, 0), np.arange(3)
    ride = wanted(snapshot, wished_terms(snapshot, _request("warm-journey")))
    for kernel in (arrivals_at, departures_from):
        kernel(snapshot.opened, snapshot.limits, snapshot.road, ride, places)


def _book(state: State, name: str) -> State:
    _, effects = decide(state, RideRequested(_request(name)), 0)
    answer: Effect = effects[0]
    if isinstance(answer, OffersMade):
        state, _ = decide(state, OfferTaken(answer.offers[0]), 0)
    return state


def _request(name: str) -> Request:
    wish = TimeKind.DEPART_AT, 9 * _HOUR
    return Request(BookingId(name), PlaceIndex(1), PlaceIndex(2), *wish, load_of(seat=1))
