"""The objective counts what it says it counts."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from dispatch.model import Break, ShiftId, Tour
from dispatch.objective import Price, cost_of, price_of

DEPOT, ANNA, KARL, DOCTOR = range(4)
POINTS = [(0, 0), (5000, 0), (6000, 0), (12000, 0)]
EARLY = ShiftId("early")


@pytest.fixture
def day(open_day: Callable[..., Any]) -> Any:
    """One bus from eight to one; Anna and Karl ride to the doctor together."""
    day = open_day(POINTS)
    day.open(EARLY, "08:00", "13:00")
    day.book(ANNA, DOCTOR, "09:00")
    day.book(KARL, DOCTOR, "09:00", seat=2)
    return day


def price(day: Any, tour: Tour | None = None) -> Price:
    return price_of(day.state, day.state.shifts[EARLY], tour)


def test_a_tour_is_priced_from_depot_to_depot(day: Any) -> None:
    """Driving 24 km; Anna's ride is longer than direct by Karl's boarding: 30 s and 60 s for each of two."""
    assert price(day) == Price(driving_s=2400, metres=24_000, excess_s=150, used=1)


def test_waiting_counts_for_who_is_aboard(day: Any) -> None:
    """An hour of waiting before the doctor's, with three people aboard."""
    tour = day.state.tours[EARLY]
    last = tour.visits[-1]
    late = replace(last, arrive_s=last.arrive_s + 3600, depart_s=last.depart_s + 3600)
    waiting = price(day, replace(tour, visits=(*tour.visits[:-1], late)))
    assert waiting.waiting_s == 3 * 3600
    assert waiting.excess_s == 150 + 3 * 3600


def test_risk_is_the_slack_that_is_missing(day: Any) -> None:
    """Each visit lacks what it could not be late by."""
    visits = day.state.tours[EARLY].visits
    assert price(day).risk_s == 0
    day.state = replace(day.state, policy=replace(day.state.policy, risk_slack_s=10_000))
    slack = min(b.promise.arrive_by_s for b in day.state.bookings.values()) - visits[-1].arrive_s
    assert price(day).risk_s >= 10_000 - slack


def test_a_bus_that_takes_its_breaks_only_is_not_used(
    open_day: Callable[..., Any], clock: Callable[[str], int]
) -> None:
    day = open_day(POINTS)
    day.open(EARLY, "08:00", "13:00", breaks=(Break(1800, clock("10:00"), clock("11:00")),))
    assert price(day) == Price()
    assert cost_of(day.state, [EARLY]) == 0


def test_weights_are_those_of_the_policy(day: Any) -> None:
    policy = replace(day.state.policy, weight_shift=7.0, weight_ride=0.5, weight_metre=0.1)
    assert price(day).weighted(policy) == pytest.approx(2400 + 2400 + 75 + 7)
