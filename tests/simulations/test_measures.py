"""Measures of a tiny plan, calculated by hand."""

from dataclasses import replace

import numpy as np
import pytest

from dispatch.events import State
from dispatch.model import (
    Booking,
    BookingId,
    Offer,
    PlaceIndex,
    Promise,
    Request,
    RideStatus,
    Rule,
    Shift,
    ShiftId,
    TimeKind,
    Tour,
    Travel,
    Vehicle,
    VehicleId,
    Visit,
    VisitId,
    VisitStatus,
    load_of,
)
from dispatch.policy import Policy
from simulations.demand import Wish
from simulations.driven import legs_of
from simulations.measures import measure
from simulations.places import Spot
from simulations.world import Fate, Lived, Outcome

FRUEH = ShiftId("frueh")
A, B, C = BookingId("a"), BookingId("b"), BookingId("c")


def wish(key: str, kind: TimeKind, time_s: int, load: tuple[int, ...]) -> Wish:
    spot = Spot(9.0, 48.0, "")
    return Wish(key, 0, "shopping", spot, spot, kind, time_s, load, 3600)


def booked(
    key: BookingId, ends: tuple[int, int], load: tuple[int, ...], promise: Promise
) -> Booking:
    origin, destination = (PlaceIndex(end) for end in ends)
    request = Request(key, origin, destination, TimeKind.DEPART_AT, 0, load)
    return Booking(key, request, promise, FRUEH, 250, RideStatus.DONE)


def taken(booking: Booking, direct_s: int) -> Offer:
    return Offer(
        request=booking.request,
        shift=FRUEH,
        promise=booking.promise,
        planned_pickup_s=0,
        planned_arrival_s=0,
        direct_s=direct_s,
        added_s=0,
        added_m=0,
        fare_cents=250,
        shared=True,
    )


def visit(number: int, arrive_s: int, depart_s: int, **who: tuple[BookingId, ...]) -> Visit:
    return Visit(
        VisitId(f"v{number}"),
        PlaceIndex(number),
        arrive_s,
        depart_s,
        status=VisitStatus.DEPARTED,
        **who,
    )


@pytest.fixture
def lived() -> Lived:
    """Four places in a row, 1 km and 100 s apart. A rides 1 to 3 alone, then with B (two people).

    The bus: depot 0 - A boards at 1 (1000-1060) - B boards at 2 (1160-1220) - both leave at 3 (1320) - 0.
    """
    apart = np.abs(np.subtract.outer(np.arange(4), np.arange(4))).astype(np.int32)
    one, two = load_of(seat=1), load_of(seat=1, wheelchair=1)
    a = booked(A, (1, 3), one, Promise(990, 1010, 1300, 300))  # arrives 20 s late
    b = booked(B, (2, 3), two, Promise(1100, 1150, 1400, 100))  # picked up 10 s late
    c = replace(booked(C, (1, 2), one, b.promise), status=RideStatus.CANCELLED)
    visits = (
        visit(1, 1000, 1060, board=(A,)),
        visit(2, 1160, 1220, board=(B,)),
        visit(3, 1320, 1400, alight=(A, B)),
    )
    state = State(
        policy=Policy(travel_factor=1.0),
        travel=Travel(apart * np.int32(100), apart * np.int32(1000)),
        vehicles={VehicleId("bus"): Vehicle(VehicleId("bus"), "Bus", ())},
        shifts={
            FRUEH: Shift(FRUEH, VehicleId("bus"), "Beck", 0, 7200, PlaceIndex(0), PlaceIndex(0))
        },
        tours={FRUEH: Tour(FRUEH, visits)},
        bookings={A: a, B: b, C: c},
    )
    by, at = TimeKind.ARRIVE_BY, TimeKind.DEPART_AT
    back = replace(wish("d-back", at, 3000, one), outward="d")
    outcomes = (
        Outcome(wish("a", at, 900, one), Fate.SERVED, offer=taken(a, 200)),
        Outcome(wish("b", by, 1500, two), Fate.SERVED, offer=taken(b, 100)),
        Outcome(wish("c", at, 900, one), Fate.CANCELLED, offer=taken(c, 100)),
        Outcome(wish("d", at, 900, one), Fate.REFUSED, rule=Rule.ROOM),
        Outcome(back, Fate.NOT_NEEDED),
    )
    return Lived(state, outcomes, 7, frozenset({A, B}))


def test_answers_are_counted(lived: Lived) -> None:
    answers = measure(lived).answers
    assert (answers.riders, answers.wishes, answers.not_needed, answers.asked) == (4, 5, 1, 4)
    assert (answers.served, answers.refused, answers.cancelled) == (2, 1, 1)
    assert (answers.declined, answers.no_shows) == (0, 0)
    assert answers.refusals == {"room": 1}
    assert answers.served_share == 0.5


def test_times_are_from_doors_open_to_doors_open(lived: Lived) -> None:
    times = measure(lived).times
    assert (times.wait_mean_s, times.wait_p90_s) == (100, 100)  # only A named a departure
    assert times.early_mean_s == 180  # only B named an arrival
    assert times.ride_mean_s == (260 + 100) / 2
    assert times.direct_mean_s == 150
    assert times.detour_factor == pytest.approx(360 / 300)


def test_promises_are_held_against_what_happened(lived: Lived) -> None:
    kept = measure(lived).kept
    assert (kept.window_share, kept.arrival_share, kept.ride_share) == (0.5, 0.5, 1.0)
    assert kept.promise_share == 0.0
    assert kept.at_risk == 2


def test_driving_is_from_depot_to_depot(lived: Lived) -> None:
    driving = measure(lived).driving
    assert (driving.tours, driving.driven_m, driving.occupied_m) == (1, 6000, 2000)
    assert driving.occupied_share == pytest.approx(1 / 3)
    assert driving.passenger_m == 1000 * 1 + 1000 * 3
    assert driving.occupancy_mean == pytest.approx(4 / 6)
    assert driving.pooled_share == 1.0
    assert (driving.driving_s, driving.shift_s) == (600, 7200)
    assert driving.rides_per_shift_hour == 1.0
    assert driving.fares_cents == 500


def test_legs_say_who_is_aboard_when(lived: Lived) -> None:
    legs = [(leg.left_s, leg.reached_s, leg.aboard) for leg in legs_of(lived.state)]
    assert legs == [
        (900, 1000, ()),
        (1060, 1160, (A,)),
        (1220, 1320, (A, B)),
        (1400, 1700, ()),
    ]


def test_a_day_on_which_nothing_happened_measures_zero(lived: Lived) -> None:
    state = replace(lived.state, tours={}, bookings={}, shifts={})
    data = measure(Lived(state, (), 0, frozenset())).as_dict()
    assert data["answers"].pop("refusals") == {}
    assert {value for part in data.values() for value in part.values()} == {0}
