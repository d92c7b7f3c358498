"""Improving a day that is planned, or already driven in part: cheaper tours, the same promises."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dispatch.events import (
    ImprovementDropped,
    ImprovementFound,
    ImprovementTaken,
    ShiftOpened,
    VisitDeparted,
)
from dispatch.improve.day import find_improvement, improvement_of
from dispatch.improve.day_problem import open_day as open_problem
from dispatch.improve.day_rows import Node
from dispatch.improve.day_tours import never, wherever_possible, without_waiting
from dispatch.improve.search import solve
from dispatch.improve.stop import MaxIterations
from dispatch.model import (
    BookingId,
    Break,
    Feature,
    PlaceIndex,
    RideStatus,
    Shift,
    ShiftId,
    VisitStatus,
)
from dispatch.objective import cost_of
from dispatch.policy import Policy

OpenDay = Callable[..., Any]
HOUR = 3600
EDGE = 6
TOWN = [(1500.0 * x, 1500.0 * y) for x in range(EDGE) for y in range(EDGE)]
POLICY = Policy(lead_time_s=0, travel_factor=1.0, weight_shift=100.0)

rides = st.lists(
    st.tuples(
        st.integers(0, EDGE * EDGE - 1),
        st.integers(0, EDGE * EDGE - 1),
        st.integers(0, 36),
        st.sampled_from([{}, {}, {"seat": 3}, {"wheelchair": 1}]),
        st.sampled_from(["", "", "alone", "lift"]),
    ),
    min_size=2,
    max_size=14,
)
pauses = st.sampled_from(
    [None, Break(1800, 10 * HOUR, 12 * HOUR), Break(900, 9 * HOUR, 13 * HOUR, PlaceIndex(0))]
)


def planned_day(open_day: OpenDay, bus: Any, wishes: Any, pause: Break | None) -> Any:
    """Two buses in two corners, one with a lift and a pause, and everybody who can be booked."""
    day = open_day(TOWN, POLICY)
    day.open("a", "08:00", "17:00", depot=0)
    lift = replace(bus("lift"), features=frozenset({Feature.LIFT}), range_m=60_000)
    ends = PlaceIndex(EDGE * EDGE - 1), PlaceIndex(EDGE * EDGE - 1)
    breaks = () if pause is None else (pause,)
    shift = Shift(ShiftId("b"), lift.id, "", 8 * HOUR, 17 * HOUR, *ends, breaks, 6 * HOUR)
    day.do(ShiftOpened(shift, lift))
    for origin, destination, slot, kinds, special in wishes:
        if origin == destination:
            continue
        time = f"{8 + slot // 6:02}:{slot % 6 * 10:02}"
        request = day.request(origin, destination, time, **kinds)
        if special == "alone":
            request = replace(request, alone=True)
        elif special == "lift":
            request = replace(request, needs=frozenset({Feature.LIFT}))
        answer = day.answer(request)
        if isinstance(answer, tuple):
            day.take(answer[0])
    return day


def drive_until(day: Any, now_s: int, late_s: int) -> None:
    """Let the buses report every departure planned before ``now_s``, that much later than planned."""
    for key in day.state.tours:
        while True:
            visits = day.state.tours[key].visits
            ahead = [v for v in visits if v.status is VisitStatus.PLANNED]
            if not ahead or ahead[0].depart_s + late_s > now_s:
                break
            day.now_s = ahead[0].depart_s + late_s
            day.do(VisitDeparted(ahead[0].id, day.now_s))
    day.now_s = now_s


@given(rides, pauses, st.sampled_from([None, 9 * HOUR, 10 * HOUR]), st.sampled_from([0, 240, 1500]))
def test_an_improvement_is_cheaper_and_keeps_what_was_told_and_driven(
    open_day: OpenDay, bus: Any, wishes: Any, pause: Any, now_s: Any, late_s: int
) -> None:
    """Law: taken or not, no promise changes, nothing breaks, no report and no visit about to be is touched."""
    day = planned_day(open_day, bus, wishes, pause)
    if now_s is not None:
        drive_until(day, now_s, late_s)
    found = find_improvement(day.state, day.now_s, MaxIterations(2_000), seed=1)
    if found is None:
        return
    before = day.state
    effects = day.do(found)  # the day's helper lets the checker look and compares all promises
    assert isinstance(effects[0], ImprovementTaken), effects
    assert cost_of(day.state, before.tours) < cost_of(before, before.tours)
    for key, old in before.tours.items():
        fixed = [v for v in old.visits if v.arrive_s <= day.now_s + POLICY.frozen_s]
        assert list(day.state.tours[key].visits[: len(fixed)]) == fixed
    ids = [visit.id for tour in day.state.tours.values() for visit in tour.visits]
    assert len(ids) == len(set(ids))


@given(rides, pauses, st.sampled_from([None, 9 * HOUR, 10 * HOUR]), st.sampled_from([0, 240, 1500]))
def test_the_plan_there_is_solves_the_problem_made_of_it(
    open_day: OpenDay, bus: Any, wishes: Any, pause: Any, now_s: Any, late_s: int
) -> None:
    """Law: the search accepts today's plan as it is, however late the buses are, and gives it back."""
    day = planned_day(open_day, bus, wishes, pause)
    if now_s is not None:
        drive_until(day, now_s, late_s)
    problem = open_problem(day.state, day.now_s)
    result = solve(problem.problem, MaxIterations(0), initial=problem.plan)
    assert result.routes == problem.plan
    assert result.unserved == ()
    assert improvement_of(problem, result.routes) is None


@given(rides, st.randoms(use_true_random=False))
def test_whatever_a_solver_answers_nothing_breaks(
    open_day: OpenDay, bus: Any, wishes: Any, random: Any
) -> None:
    """Law: of routes shuffled at will only what keeps every promise is left; the rest is not proposed."""
    day = planned_day(open_day, bus, wishes, None)
    problem = open_problem(day.state, day.now_s)
    nodes = [v for route in problem.plan for v in route]
    random.shuffle(nodes)
    cuts = random.randrange(len(nodes) + 1), random.randrange(len(nodes) + 1)
    found = improvement_of(
        problem, (tuple(nodes[: min(cuts)]), tuple(nodes[min(cuts) : max(cuts)]))
    )
    if found is not None:
        assert isinstance(day.do(found)[0], ImprovementTaken)


def test_a_ride_goes_to_the_bus_that_came_later_and_is_nearer(open_day: OpenDay) -> None:
    """The ride changes the bus; its promise stays, and its visits get ids no other tablet knows."""
    day = open_day([(0, 0), (20_000, 0), (21_000, 0), (22_000, 0)], POLICY)
    day.open("far", "08:00", "16:00", depot=0)
    booking = day.book(2, 3, "10:00")
    day.open("near", "08:00", "16:00", depot=1)
    found = find_improvement(day.state, day.now_s, MaxIterations(500))
    assert found is not None
    assert set(found.instead_of) == set(found.tours) == {"far", "near"}
    day.do(found)
    assert day.state.bookings[booking.id].shift == "near"
    assert day.state.bookings[booking.id].promise == booking.promise
    assert day.state.tours["far"].visits == ()
    version = day.state.version
    assert [v.id for v in day.state.tours["near"].visits] == [
        f"{booking.id}-board-{version}",
        f"{booking.id}-alight-{version}",
    ]
    assert find_improvement(day.state, day.now_s, MaxIterations(500)) is None


def test_an_improvement_of_yesterdays_plan_is_dropped(open_day: OpenDay) -> None:
    """Somebody booked while the search was under way: the tours are others now."""
    day = open_day([(0, 0), (20_000, 0), (21_000, 0), (22_000, 0)], POLICY)
    day.open("far", "08:00", "16:00", depot=0)
    day.book(2, 3, "10:00")
    day.open("near", "08:00", "16:00", depot=1)
    found = find_improvement(day.state, day.now_s, MaxIterations(500))
    assert found is not None
    day.book(2, 3, "10:00")
    plan = day.state
    assert day.do(found) == (ImprovementDropped("outdated"),)
    assert day.state is plan


def test_without_open_rides_there_is_nothing_to_improve(open_day: OpenDay) -> None:
    day = open_day([(0, 0), (1000, 0)], POLICY)
    assert find_improvement(day.state, day.now_s, MaxIterations(500)) is None
    day.open("a", "08:00", "16:00", depot=0)
    assert find_improvement(day.state, day.now_s, MaxIterations(500)) is None


def test_the_same_seed_finds_the_same(open_day: OpenDay, bus: Any) -> None:
    wishes = [(k, (7 * k + 5) % 36, k, {}, "") for k in range(12)]
    day = planned_day(open_day, bus, wishes, None)
    found = [find_improvement(day.state, day.now_s, MaxIterations(2_000), seed=7) for _ in range(2)]
    assert isinstance(found[0], ImprovementFound)
    assert found[0] == found[1]


def test_halts_join_what_happens_at_one_place() -> None:
    """Who leaves and who boards share a halt; who boards much later does not hold up the others."""
    place, elsewhere = PlaceIndex(4), PlaceIndex(5)
    leaves = Node(place, 0, 900, 30, BookingId("x"))
    boards = Node(place, 600, 1200, 30, BookingId("y"), boards=True)
    later = Node(place, 1000, 1600, 30, BookingId("z"), boards=True)
    away = Node(elsewhere, 0, 900, 30, BookingId("v"))
    returns = Node(place, 0, 2000, 30, BookingId("y"))
    assert wherever_possible((leaves,), boards)
    assert wherever_possible((leaves, boards), later)
    assert not wherever_possible((leaves,), away)
    assert not wherever_possible((boards,), returns)  # nobody boards and leaves in one halt
    assert without_waiting((boards,), leaves)
    assert not without_waiting((leaves, boards), later)
    assert not never((leaves,), boards)


def test_who_has_no_bus_gets_one_where_the_order_of_others_makes_room(open_day: OpenDay) -> None:
    """A ride no bus carries any more is fetched again, though the plan gets dearer by it; the promise is the old one."""
    day = open_day([(0, 0), (2_000, 0), (4_000, 0), (40_000, 0)], POLICY)
    day.open("a", "08:00", "12:00", depot=0)
    booking = day.book(1, 2, "10:00")
    lost = replace(booking, status=RideStatus.UNASSIGNED)
    day.state = replace(
        day.state, tours={}, bookings={lost.id: lost}, version=day.state.version + 1
    )
    found = find_improvement(day.state, day.now_s, MaxIterations(500))
    assert found is not None
    effects = day.do(found)
    assert isinstance(effects[0], ImprovementTaken)
    assert effects[0].saved < 0
    assert day.state.bookings[lost.id] == booking


def test_who_has_no_bus_and_was_promised_an_earlier_time_is_left_to_a_person(
    open_day: OpenDay,
) -> None:
    """Nobody is fetched after the window they were told."""
    day = open_day([(0, 0), (2_000, 0), (4_000, 0)], POLICY)
    day.open("a", "08:00", "12:00", depot=0)
    lost = replace(day.book(1, 2, "09:00"), status=RideStatus.UNASSIGNED)
    day.state = replace(day.state, tours={}, bookings={lost.id: lost})
    assert find_improvement(day.state, lost.promise.pickup_until_s + 1, MaxIterations(500)) is None
    assert find_improvement(day.state, lost.promise.pickup_until_s - 30, MaxIterations(500)) is None
