"""Bookings while the bus is on the road: what is driven, or about to be, stays as it is."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.events import BookingCancelled
from dispatch.model import VisitStatus
from dispatch.policy import Policy

DEPOT, ANNA, KARL, ROSA, DOCTOR, MARKET = range(6)
POINTS = [(0, 0), (5000, 0), (5500, 3000), (6000, 100), (12000, 0), (12200, 0)]
SOON = Policy(lead_time_s=0, travel_factor=1.0)
Make = Callable[..., Any]


@pytest.fixture
def day(open_day: Make) -> Any:
    """One bus from eight to one, and two rides."""
    return _booked(open_day)


def _booked(open_day: Make) -> Any:
    day = open_day(POINTS, SOON)
    day.open("early", "08:00", "13:00")
    day.book(ANNA, DOCTOR, "09:00")
    day.book(MARKET, ROSA, "10:00")
    return day


@given(now_s=st.integers(8 * 3600, 12 * 3600), origin=st.sampled_from([KARL, ROSA, MARKET]))
def test_nothing_new_in_the_past(open_day: Make, now_s: int, origin: int) -> None:
    """New visits come after now; visits whose time has come, or nearly, are not touched."""
    day = _booked(open_day)
    day.now_s = now_s
    before = day.state.tours["early"].visits
    known = {visit.id for visit in before}
    settled = [v for v in before if v.arrive_s <= now_s + SOON.frozen_s]
    answer = day.ask(origin, ANNA, f"{now_s // 3600:02}:{now_s // 60 % 60:02}")
    if not isinstance(answer, tuple):
        answer = answer.alternatives
    for offer in answer[:1]:
        assert offer.planned_pickup_s >= now_s
        day.take(offer)
    after = day.state.tours["early"].visits
    assert list(after[: len(settled)]) == settled
    assert all(visit.arrive_s >= now_s for visit in after if visit.id not in known)


def test_no_detour_in_the_last_moments(day: Any) -> None:
    """Three minutes before Anna is picked up her bus is not sent to Karl first."""
    anna = day.state.tours["early"].visits[0]
    day.now_s = anna.arrive_s - 170
    booking = day.book(KARL, DOCTOR, "08:57")
    assert day.state.tours["early"].visits[0] == anna
    assert day.passed(booking)[0] > 0


def test_what_a_silent_tablet_did_not_report_is_presumed(
    day: Any, clock: Callable[[str], int]
) -> None:
    """Without any report the plan is taken for what happened; nobody is thought to be late."""
    visits = day.state.tours["early"].visits
    day.now_s = clock("09:58")
    day.book(MARKET, ANNA, "10:20")
    assert day.state.tours["early"].visits[:2] == visits[:2]
    assert all(visit.status is VisitStatus.PLANNED for visit in visits)


def test_cancelling_leaves_the_others_their_promise(day: Any, clock: Callable[[str], int]) -> None:
    day.now_s = clock("08:40")
    extra = day.book(ROSA, MARKET, "09:05")
    day.told.pop(extra.id)
    day.do(BookingCancelled(extra.id))
    assert all(extra.id not in v.board + v.alight for v in day.state.tours["early"].visits)


def test_a_lead_time_is_kept_and_said(open_day: Make, clock: Callable[[str], int]) -> None:
    """With an hour's notice a ride at once becomes one in an hour."""
    day = open_day(POINTS, replace(SOON, lead_time_s=3600))
    day.open("early", "08:00", "13:00")
    day.now_s = clock("09:00")
    offers = day.ask(ANNA, DOCTOR, "09:10")
    assert min(offer.promise.pickup_from_s for offer in offers) == clock("10:00")
