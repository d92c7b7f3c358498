"""A "no" names what is to blame, and what is nearest to the wish; neither is guessed."""

from collections.abc import Callable
from dataclasses import replace
from itertools import chain
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.engine import decide
from dispatch.events import OffersMade, RideRequested, ShiftOpened, State
from dispatch.model import (
    Access,
    Break,
    Feature,
    Offer,
    PlaceIndex,
    Refusal,
    Request,
    Rule,
    TimeKind,
    load_of,
)
from dispatch.policy import Policy

DEPOT, FARM, STOP, ANNA, KARL, TOWN, MARKET = map(PlaceIndex, range(7))
POINTS = [(0, 0), (4000, 3000), (4000, 0), (6000, 0), (7000, 0), (12000, 0), (12300, 0)]
STRICT = Policy(lead_time_s=1800, travel_factor=1.0, search_window_s=600, ride_extra_s=180)
Make = Callable[..., Any]

places = st.integers(0, 6)
fives = st.integers(7 * 12, 14 * 12).map(lambda n: n * 300)
rides = st.tuples(places, places, st.booleans(), fives, st.sampled_from([1, 1, 3, 6]))
LONG_BEFORE = -30 * 86_400


def made(day: Any, ride: tuple[int, int, bool, int, int], **more: Any) -> Request:
    """Make a request from drawn numbers."""
    origin, destination, arrives, time_s, seats = ride
    kind = TimeKind.ARRIVE_BY if arrives else TimeKind.DEPART_AT
    wish = day.request(origin, destination, "09:00", seat=seats)
    return replace(wish, time_kind=kind, time_s=time_s, **more)


limits = st.tuples(
    st.sampled_from([None, 9, 10, 11]),  # hour of the driver's break
    st.sampled_from([None, 40_000, 60_000]),  # range of the bus in metres
    st.sampled_from([None, 4_000, 6_000]),  # longest driving in seconds
)


def drawn(
    day: Any,
    booked: list[tuple[int, int, bool, int, int]],
    vehicle: Any,
    limits: tuple[int | None, int | None, int | None] = (None, None, None),
) -> None:
    """Open one shift with its limits and fill it with what fits."""
    pause, range_m, driving_s = limits
    breaks = () if pause is None else (Break(1800, pause * 3600, pause * 3600 + 2700),)
    day.open("a", "08:00", "13:00", vehicle=replace(vehicle, range_m=range_m), breaks=breaks)
    shift = replace(day.state.shifts["a"], driving_at_most_s=driving_s)
    day.state = replace(day.state, shifts={"a": shift})
    for row in booked:
        answer = day.answer(made(day, row))
        if isinstance(answer, tuple):
            day.take(answer[0])


def answered(state: State, request: Request, now_s: int) -> bool:
    """Whether the engine has offers for the wish."""
    return isinstance(decide(state, RideRequested(request), now_s)[1][0], OffersMade)


def changed_shifts(state: State, **more: Any) -> State:
    """Return the day with other shifts."""
    return replace(state, shifts={key: replace(s, **more) for key, s in state.shifts.items()})


def changed_buses(state: State, **more: Any) -> State:
    """Return the day with other vehicles."""
    buses = {key: replace(vehicle, **more) for key, vehicle in state.vehicles.items()}
    return replace(state, vehicles=buses)


def emptied(state: State) -> State:
    """Return the day as it was before anybody booked."""
    empty = replace(state, tours={}, shifts={}, bookings={})
    for shift in state.shifts.values():
        opened = ShiftOpened(shift, state.vehicles[shift.vehicle])
        empty, _ = decide(empty, opened, LONG_BEFORE)
    return empty


def without_pauses(state: State) -> State:
    """Return the day without its breaks."""
    tours = {
        key: replace(tour, visits=tuple(visit for visit in tour.visits if not visit.pause))
        for key, tour in state.tours.items()
    }
    return replace(changed_shifts(state, breaks=()), tours=tours)


def relaxed(state: State, request: Request, now_s: int, rule: Rule) -> bool:
    """Whether the engine has offers on a day that does without a rule."""
    policy = state.policy
    match rule:
        case Rule.TOO_SOON:
            # the horizon has no say in how soon is too soon
            state, now_s = (
                replace(state, policy=replace(policy, booking_horizon_s=-LONG_BEFORE)),
                LONG_BEFORE,
            )
        case Rule.ALONE:
            request = replace(request, alone=False)
        case Rule.ROOM:
            state = changed_buses(state, limits=())
        case Rule.RIDE_TIME:
            patient = replace(policy, ride_at_most_s=10**6, ride_extra_s=10**6)
            state = replace(state, policy=patient)
        case Rule.BREAK:
            state = without_pauses(state)
        case Rule.RANGE:
            state = changed_buses(state, range_m=None)
        case Rule.DRIVING_TIME:
            state = changed_shifts(state, driving_at_most_s=None)
        case Rule.VEHICLES_BUSY:
            state = emptied(state)
        case Rule.NO_SHIFT:
            state = changed_shifts(state, start_s=-86_400, end_s=2 * 86_400)
        case _:
            raise AssertionError(rule)
    return answered(state, request, now_s)


# in the order in which they are named
RULES = (
    Rule.TOO_SOON,
    Rule.ALONE,
    Rule.ROOM,
    Rule.RIDE_TIME,
    Rule.BREAK,
    Rule.RANGE,
    Rule.DRIVING_TIME,
    Rule.VEHICLES_BUSY,
    Rule.NO_SHIFT,
)


@given(
    booked=st.lists(rides, max_size=5),
    ride=rides,
    company=st.sampled_from(["alone", "with others"]),
    now=st.sampled_from([-21_600, 27_000]),
    limits=limits,
)
def test_the_rules_named_are_those_to_blame(
    open_day: Make,
    bus: Make,
    booked: list[tuple[int, int, bool, int, int]],
    ride: tuple[int, int, bool, int, int],
    company: str,
    now: int,
    limits: tuple[int | None, int | None, int | None],
) -> None:
    """A rule is named if and only if the engine, asked the same without it, has an offer."""
    day = open_day(POINTS, STRICT)
    drawn(day, booked, bus("bus"), limits)
    request = made(day, ride, alone=company == "alone")
    (answer,) = decide(day.state, RideRequested(request), now)[1]
    if isinstance(answer, OffersMade) or request.origin == request.destination:
        return
    refusal = answer.refusal
    to_blame = [rule for rule in RULES if relaxed(day.state, request, now, rule)]
    if refusal.rule is Rule.TIME:
        assert to_blame == []
        assert len(refusal.also) > 1
    else:
        assert [refusal.rule, *refusal.also] == to_blame or (to_blame, refusal.rule) == (
            [],
            Rule.UNREACHABLE,
        )


@given(
    booked=st.lists(rides, max_size=5),
    ride=rides,
    now=st.sampled_from([-21_600, 30_600]),
    limits=limits,
)
def test_every_alternative_can_be_taken(
    open_day: Make,
    bus: Make,
    booked: list[tuple[int, int, bool, int, int]],
    ride: tuple[int, int, bool, int, int],
    now: int,
    limits: tuple[int | None, int | None, int | None],
) -> None:
    """Each can be booked as it is in the state it was named in, except the second of two parts."""
    day = open_day(POINTS, STRICT)
    drawn(day, booked, bus("bus"), limits)
    day.now_s = now
    far = (Access(STOP, 250), Access(KARL, 900))
    answer = day.answer(made(day, ride, near_origin=far))
    if not isinstance(answer, Refusal):
        return
    before, told = day.state, dict(day.told)
    assert len(answer.alternatives) <= STRICT.offers_at_most + 1
    for alternative in answer.alternatives:
        if alternative.request.id == answer.request.id:
            day.take(alternative)
            day.state, day.told = before, dict(told)


def off_s(request: Request, offer: Offer) -> int:
    """How far from the wish an offer is, later counting positive."""
    if request.time_kind is TimeKind.ARRIVE_BY:
        return offer.planned_arrival_s - request.time_s
    return offer.planned_pickup_s - request.time_s


@given(booked=st.lists(rides, min_size=1, max_size=5), ride=rides)
def test_no_time_of_the_day_is_nearer(
    open_day: Make,
    bus: Make,
    booked: list[tuple[int, int, bool, int, int]],
    ride: tuple[int, int, bool, int, int],
) -> None:
    """Asked for every five minutes of the day, the engine has no ride nearer to the wish on its side."""
    day = open_day(POINTS, STRICT)
    drawn(day, booked, bus("bus"))
    request = made(day, ride)
    answer = day.answer(request)
    if not isinstance(answer, Refusal) or request.origin == request.destination:
        return
    alternatives = [a for a in answer.alternatives if a.request.load == request.load]
    asked = chain(range(7 * 3600, request.time_s, 300), range(request.time_s, 14 * 3600, 300))
    exact = replace(STRICT, search_window_s=0, arrive_early_s=60)
    for time_s in asked:
        moved = replace(request, time_s=time_s)
        if answered(replace(day.state, policy=exact), moved, day.now_s):
            nearest_s = min(abs(off_s(request, each)) for each in alternatives)
            assert nearest_s <= abs(time_s - request.time_s) + 60


def test_alternatives_come_nearest_first_on_both_sides(open_day: Make) -> None:
    day = open_day(POINTS, STRICT)
    day.open("early", "08:00", "13:00")
    day.book(DEPOT, TOWN, "09:30", seat=4)
    request = day.request(DEPOT, TOWN, "09:30", seat=5)
    refusal = day.answer(request)
    assert refusal.rule is Rule.ROOM
    assert Rule.VEHICLES_BUSY in refusal.also
    whole = [each for each in refusal.alternatives if each.request.load == request.load]
    offs = [off_s(request, each) for each in whole]
    assert offs == sorted(offs, key=abs)
    assert min(offs) < 0 < max(offs)


def test_a_stop_farther_away_is_named(open_day: Make) -> None:
    """The farm lies too far off the tour that is due; the stop on the main road does not."""
    day = open_day(POINTS, replace(STRICT, ride_factor=1.0, ride_extra_s=120))
    day.open("early", "08:00", "13:00")
    day.book(DEPOT, TOWN, "09:00")
    request = day.request(FARM, TOWN, "09:05")
    at_stop = Access(STOP, 420)
    assert STRICT.walk_s(STRICT.walk_m) < at_stop.walk_s
    refusal = day.answer(replace(request, near_origin=(at_stop,)))
    assert isinstance(refusal, Refusal)
    walking = [each for each in refusal.alternatives if each.request.origin == STOP]
    assert [each.request.walk_to_s for each in walking] == [420]
    day.take(walking[0])


def test_a_longer_ride_is_named_with_the_least_that_is_longer(open_day: Make) -> None:
    """Round by the farm it takes longer than the rules let a rider sit in the bus."""
    rules = replace(STRICT, search_window_s=300, ride_factor=1.0, ride_extra_s=60)
    day = open_day(POINTS, rules)
    day.open("early", "08:00", "13:00")
    day.book(FARM, MARKET, "09:00")
    request = day.request(STOP, MARKET, "08:50")
    refusal = day.answer(request)
    assert refusal.rule is Rule.RIDE_TIME
    usual_s = rules.longest_ride_s(830)
    longer = [each for each in refusal.alternatives if each.promise.ride_at_most_s > usual_s]
    (offer,) = longer
    assert offer.planned_arrival_s - offer.planned_pickup_s > usual_s
    assert offer.promise.ride_at_most_s <= rules.ride_at_most_s
    day.take(offer)


def test_the_riders_own_limit_gives_way_only_to_a_yes(open_day: Make) -> None:
    rules = replace(STRICT, search_window_s=300, ride_factor=3.0)
    day = open_day(POINTS, rules)
    day.open("early", "08:00", "13:00")
    day.book(FARM, MARKET, "09:00")
    request = replace(day.request(STOP, MARKET, "08:50"), ride_at_most_s=900)
    refusal = day.answer(request)
    assert refusal.rule is Rule.RIDE_TIME
    longer = [each for each in refusal.alternatives if each.promise.ride_at_most_s > 900]
    assert longer
    assert longer[0].request.ride_at_most_s == longer[0].promise.ride_at_most_s


@pytest.mark.parametrize(
    ("wish", "rule"),
    [
        ({"needs": frozenset({Feature.LIFT})}, Rule.FEATURE),
        ({"load": load_of(seat=9)}, Rule.ROOM),
    ],
)
def test_what_no_bus_has(open_day: Make, wish: dict[str, Any], rule: Rule) -> None:
    day = open_day(POINTS, STRICT)
    day.open("early", "08:00", "13:00")
    refusal = day.answer(replace(day.request(ANNA, TOWN, "09:00"), **wish))
    assert refusal.rule is rule
    assert refusal.also == ()


def test_who_rides_alone_hears_that_this_is_why(open_day: Make) -> None:
    day = open_day(POINTS, replace(STRICT, search_window_s=300))
    day.open("early", "08:00", "13:00")
    day.book(DEPOT, MARKET, "09:00")
    request = replace(day.request(ANNA, TOWN, "09:12"), alone=True)
    refusal = day.answer(request)
    assert refusal.rule is Rule.ALONE
    for each in refusal.alternatives:
        assert not each.shared


def test_the_way_back_waits_for_the_way_there(open_day: Make) -> None:
    day = open_day(POINTS, STRICT)
    day.open("early", "08:00", "13:00")
    there = day.book(ANNA, TOWN, "-10:30")
    request = replace(day.request(TOWN, ANNA, "09:30"), return_of=there.id)
    refusal = day.answer(request)
    assert refusal.rule is Rule.AFTER_OUTWARD
    assert refusal.alternatives[0].promise.pickup_from_s >= there.promise.arrive_by_s
    day.take(refusal.alternatives[0])


def test_standing_orders_leave_room_for_single_calls(open_day: Make) -> None:
    # the ride takes 600 s of driving, the share is 900 s of five hours
    day = open_day(POINTS, replace(STRICT, standing_share=0.05))
    day.open("early", "08:00", "13:00")
    series = replace(day.request(ANNA, TOWN, "09:00"), standing=True)
    day.take(day.answer(series)[0])
    refusal = day.answer(replace(series, id="one-more", time_s=series.time_s + 7200))
    assert (refusal.rule, refusal.also) == (Rule.STANDING_QUOTA, ())
    assert isinstance(day.ask(ANNA, TOWN, "11:00"), tuple)


def test_the_range_of_the_battery(open_day: Make, bus: Make) -> None:
    day = open_day(POINTS, STRICT)
    day.open("early", "08:00", "13:00", vehicle=replace(bus("battery"), range_m=20_000))
    refusal = day.ask(ANNA, TOWN, "09:00")
    assert (refusal.rule, refusal.also) == (Rule.RANGE, ())
    assert refusal.alternatives == ()


def test_the_drivers_hours(open_day: Make) -> None:
    day = open_day(POINTS, STRICT)
    day.open("early", "08:00", "13:00")
    shift, vehicle = day.state.shifts["early"], day.state.vehicles["bus of early"]
    day = open_day(POINTS, STRICT)
    day.do(ShiftOpened(replace(shift, driving_at_most_s=1200), vehicle))
    refusal = day.ask(ANNA, TOWN, "09:00")
    assert (refusal.rule, refusal.also) == (Rule.DRIVING_TIME, ())


def test_the_drivers_break(open_day: Make, clock: Make) -> None:
    day = open_day(POINTS, STRICT)
    pause = Break(seconds=3600, from_s=clock("09:00"), until_s=clock("10:00"))
    day.open("early", "08:00", "13:00", breaks=(pause,))
    refusal = day.ask(ANNA, TOWN, "09:20")
    assert refusal.rule is Rule.BREAK
    for each in refusal.alternatives:
        arrives_before = each.planned_arrival_s <= pause.from_s
        assert arrives_before or each.planned_pickup_s >= pause.until_s


def test_several_rules_together(open_day: Make, bus: Make, clock: Make) -> None:
    """Too late to ask and beyond the hours: neither alone would help; both are named."""
    day = open_day(POINTS, replace(STRICT, lead_time_s=3600))
    day.open("early", "08:00", "13:00", vehicle=bus("small", seats=1))
    day.now_s = clock("08:50")
    refusal = day.ask(ANNA, TOWN, "09:00", seat=1, wheelchair=0, luggage=0)
    assert refusal.rule is Rule.TOO_SOON
    day.book(KARL, MARKET, "10:30")
    day.now_s = clock("10:00")
    refusal = day.ask(KARL, MARKET, "10:30")
    assert refusal.rule is Rule.TIME
    assert set(refusal.also) <= {Rule.TOO_SOON, Rule.ROOM, Rule.VEHICLES_BUSY}
    assert Rule.TOO_SOON in refusal.also
    assert len(refusal.also) > 1


def test_a_day_nobody_drives_and_places_nobody_can_reach(open_day: Make) -> None:
    day = open_day(POINTS, STRICT)
    assert day.ask(ANNA, TOWN, "09:00").rule is Rule.NO_SHIFT
    day.open("early", "08:00", "13:00")
    assert day.ask(ANNA, ANNA, "09:00").rule is Rule.SAME_PLACE
    request = replace(day.request(ANNA, ANNA, "09:00"), near_destination=(Access(TOWN, 30),))
    assert isinstance(day.answer(request), tuple)
