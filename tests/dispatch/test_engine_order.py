"""A tablet without network tells of half a day in any order, some of it twice: the end is the same."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.engine import decide
from dispatch.events import (
    Event,
    NoShowReported,
    RiderBoarded,
    State,
    VisitArrived,
    VisitDeparted,
)
from dispatch.model import BookingId, RideStatus, ShiftId, VisitStatus
from dispatch.verify import check_plan

DEPOT, ANNA, KARL, ROSA, DOCTOR, MARKET, FARM = range(7)
POINTS = [(0, 0), (5000, 0), (5500, 0), (6000, 100), (12000, 0), (12200, 0), (6000, 8000)]
EVENING = 20 * 3600
Told = tuple[dict[BookingId, RideStatus], dict[str, tuple[int, int, VisitStatus]]]


@pytest.fixture(scope="module")
def plan(open_day: Callable[..., Any]) -> State:
    """Six rides of one bus, some who board or leave together."""
    day = open_day(POINTS)
    day.open("early", "08:00", "13:00")
    day.book(ANNA, DOCTOR, "09:00")
    day.book(ANNA, MARKET, "09:00")
    day.book(KARL, DOCTOR, "09:00", seat=2)
    day.book(DOCTOR, ROSA, "10:00")
    day.book(MARKET, ROSA, "10:00")
    day.book(ROSA, FARM, "11:00")
    state: State = day.state
    return state


@st.composite
def half_days(draw: st.DrawFn, state: State, *, on_time: bool = True) -> list[Event]:
    """Everything a driver could tell: halts in order, who came, who did not, who came running.

    ``on_time``: the clock is right and nobody drives hours before the plan.
    """
    told: list[Event] = []
    clock_s = 8 * 3600
    for visit in state.tours[ShiftId("early")].visits:
        if on_time:
            clock_s = max(clock_s, visit.arrive_s - draw(st.integers(0, 120)))
        clock_s += draw(st.integers(0, 900))
        if draw(st.integers(0, 9)) == 0:
            continue  # never reported at all
        if draw(st.integers(0, 5)):
            told.append(VisitArrived(visit.id, clock_s))
        missing = []
        for rider in visit.board:
            for word in draw(
                st.sampled_from(["", "", "came", "no", "no came", "came no", "left"])
            ).split():
                clock_s += draw(st.integers(0, 300))
                if word == "came":
                    told.append(RiderBoarded(visit.id, rider, clock_s))
                elif word == "no":
                    told.append(NoShowReported(visit.id, rider, clock_s))
                else:
                    missing.append(rider)
        clock_s += draw(st.integers(0, 300))
        if draw(st.integers(0, 5)):
            told.append(VisitDeparted(visit.id, clock_s, tuple(missing)))
    return told


def end_of(state: State, told: Sequence[Event]) -> Told:
    """Where all rides stand after these reports, and the times of every halt reported."""
    for event in told:
        before = state
        state, _ = decide(before, event, EVENING)
        check_plan(state, before, event)
    halts = {visit.id: visit for visit in state.left_out.values()}
    halts |= {visit.id: visit for tour in state.tours.values() for visit in tour.visits}
    heard = {event.visit for event in told if isinstance(event, VisitArrived | VisitDeparted)}
    times = {
        key: (v.arrive_s, v.depart_s if v.status is VisitStatus.DEPARTED else 0, v.status)
        for key, v in halts.items()
        if key in heard
    }
    return {key: booking.status for key, booking in state.bookings.items()}, times


@given(data=st.data())
@settings(deadline=None)
def test_any_order_ends_the_same(plan: State, data: st.DataObject) -> None:
    """Statuses and reported times depend on what was reported, not on when it came."""
    told = data.draw(half_days(plan))
    assert end_of(plan, _shuffled(data, told)) == end_of(plan, told)


@given(data=st.data())
@settings(deadline=None)
def test_even_a_wrong_clock_does_not_decide_who_was_driven(
    plan: State, data: st.DataObject
) -> None:
    """Times that cannot be may be told in any order: who came and who did not is the same."""
    told = data.draw(half_days(plan, on_time=False))
    ends = end_of(plan, told)[0], end_of(plan, _shuffled(data, told))[0]
    there = {RideStatus.ABOARD, RideStatus.DONE}
    one, other = ({key: status in there or status for key, status in end.items()} for end in ends)
    assert one == other


def _shuffled(data: st.DataObject, told: list[Event]) -> list[Event]:
    """Return reports in another order, some of them twice."""
    again = data.draw(st.lists(st.sampled_from(told), max_size=4)) if told else []
    return data.draw(st.permutations([*told, *again]))


@given(data=st.data())
@settings(deadline=None)
def test_repeating_changes_nothing(plan: State, data: st.DataObject) -> None:
    """The last report once more is no news."""
    state = plan
    for event in data.draw(half_days(plan)):
        state, _ = decide(state, event, EVENING)
        again, effects = decide(state, event, EVENING)
        assert (again is state, effects) == (True, ())


def test_the_drivers_order_counts(plan: State) -> None:
    """Who drives in another order than planned has driven in that order."""
    tour = plan.tours[ShiftId("early")]
    first, second = tour.visits[:2]
    for event in (VisitArrived(second.id, 30_000), VisitArrived(first.id, 31_000)):
        plan, _ = decide(plan, event, EVENING)
    after = plan.tours[ShiftId("early")].visits
    assert [(v.id, v.arrive_s) for v in after[:2]] == [(second.id, 30_000), (first.id, 31_000)]


def test_who_left_unseen_stays_before_whoever_leaves_later(plan: State) -> None:
    """One halt was never reported: the order of the last two reports decides nothing."""
    told: list[Event] = [
        VisitArrived("r1-board", 32_300),
        NoShowReported("r1-board", BookingId("r2"), 32_400),
        RiderBoarded("r1-board", BookingId("r2"), 32_500),
    ]
    late: list[Event] = [VisitDeparted("r2-alight", 33_630), VisitDeparted("r4-alight", 36_801)]
    assert end_of(plan, [*told, *late]) == end_of(plan, [*told, *reversed(late)])
