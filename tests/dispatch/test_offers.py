"""Offers: each can be taken and says what will be; together they differ usefully."""

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.events import BookingCancelled
from dispatch.model import Access, Offer, PlaceIndex, Promise, Request, TimeKind
from dispatch.offers import offers_for
from dispatch.policy import Policy
from dispatch.schedule.snapshot import Snapshot
from dispatch.variants import variants_of

# depot; a farm with a stop on the main road; neighbours along it; the town
DEPOT, FARM, STOP, ANNA, KARL, TOWN, MARKET = map(PlaceIndex, range(7))
POINTS = [(0, 0), (4000, 3000), (4000, 0), (6000, 0), (7000, 0), (12000, 0), (12300, 0)]
KIND = Policy(lead_time_s=0, travel_factor=1.0)
Make = Callable[..., Any]

places = st.integers(0, 6)
rides = st.tuples(
    places, places, st.booleans(), st.integers(8 * 12, 13 * 12).map(lambda n: n * 300)
)
walks = st.lists(st.builds(Access, places.map(PlaceIndex), st.integers(0, 400)), max_size=2)


@pytest.fixture
def day(open_day: Make) -> Any:
    """One bus from eight to one."""
    day = open_day(POINTS, KIND)
    day.open("early", "08:00", "13:00")
    return day


def made(day: Any, ride: tuple[int, int, bool, int], **more: Any) -> Request:
    """Make a request from drawn numbers."""
    origin, destination, arrives, time_s = ride
    kind = TimeKind.ARRIVE_BY if arrives else TimeKind.DEPART_AT
    wish = day.request(origin, destination, "09:00")
    return replace(wish, time_kind=kind, time_s=time_s, **more)


def leaves_s(offer: Offer) -> int:
    return offer.planned_pickup_s - offer.request.walk_to_s


def arrives_s(offer: Offer) -> int:
    return offer.planned_arrival_s + offer.request.walk_from_s


def walk_s(offer: Offer) -> int:
    return offer.request.walk_to_s + offer.request.walk_from_s


@given(booked=st.lists(rides, max_size=5), ride=rides, near=walks, beside=walks)
def test_every_offer_can_be_taken_and_keeps_the_wish(
    open_day: Make,
    booked: list[tuple[int, int, bool, int]],
    ride: tuple[int, int, bool, int],
    near: list[Access],
    beside: list[Access],
) -> None:
    """Taking any offer in the state it was made in books it as told, on the wish's side of time.

    The checker looks at every state; the planned times are those the tour then has.
    """
    day = open_day(POINTS, replace(KIND, walk_m=400))
    for depot, name in enumerate(("a", "b")):
        day.open(name, "08:00", "13:00", depot=depot)
    for row in booked:
        answer = day.answer(made(day, row))
        if isinstance(answer, tuple):
            day.take(answer[0])
    request = made(day, ride, near_origin=tuple(near), near_destination=tuple(beside))
    answer = day.answer(request)
    if not isinstance(answer, tuple):
        return
    before, told = day.state, dict(day.told)
    for offer in answer:
        promise = offer.promise
        assert promise.pickup_from_s <= offer.planned_pickup_s <= promise.pickup_until_s
        assert offer.planned_arrival_s <= promise.arrive_by_s
        if request.time_kind is TimeKind.DEPART_AT:
            assert promise.pickup_from_s >= request.time_s + offer.request.walk_to_s
        else:
            assert promise.arrive_by_s + offer.request.walk_from_s <= request.time_s
        assert Access(offer.request.origin, offer.request.walk_to_s) in (
            Access(request.origin, 0),
            *request.near_origin,
        )
        booking = day.take(offer)
        board, leave = day.passed(booking)
        assert day.state.bookings[booking.id].request == offer.request
        if booking.shift == offer.shift:
            visits = day.state.tours[booking.shift].visits
            assert visits[board].place == offer.request.origin
            assert visits[leave].place == offer.request.destination
        day.state, day.told = before, dict(told)


@given(booked=st.lists(rides, max_size=5), ride=rides, near=walks)
def test_offers_differ_usefully(
    open_day: Make,
    booked: list[tuple[int, int, bool, int]],
    ride: tuple[int, int, bool, int],
    near: list[Access],
) -> None:
    """Each offer has another time, a clearly shorter ride or a clearly shorter walk than those before."""
    day = open_day(POINTS, KIND)
    for depot, name in enumerate(("a", "b")):
        day.open(name, "08:00", "13:00", depot=depot)
    for row in booked:
        answer = day.answer(made(day, row))
        if isinstance(answer, tuple):
            day.take(answer[0])
    request = made(day, ride, near_origin=tuple(near))
    offers = offers_for(Snapshot.at(day.state, day.now_s), request)
    assert len(offers) <= KIND.offers_at_most
    minute = 60  # planned times follow from told times, which are whole minutes
    for first, second in combinations(offers, 2):
        apart_s = min(
            abs(leaves_s(first) - leaves_s(second)), abs(arrives_s(first) - arrives_s(second))
        )
        ride_s = [offer.planned_arrival_s - offer.planned_pickup_s for offer in (first, second)]
        assert (
            apart_s > KIND.offers_apart_s - minute
            or ride_s[0] - ride_s[1] > KIND.ride_shorter_s - minute
            or walk_s(first) - walk_s(second) >= KIND.walk_shorter_s
        )


@given(booked=st.lists(rides, max_size=4), ride=rides, near=walks, beside=walks)
def test_the_best_offer_is_that_of_the_best_places(
    open_day: Make,
    booked: list[tuple[int, int, bool, int]],
    ride: tuple[int, int, bool, int],
    near: list[Access],
    beside: list[Access],
) -> None:
    """What is best over all places is best for its own places, and there is one if any place has one."""
    day = open_day(POINTS, KIND)
    day.open("a", "08:00", "13:00")
    for row in booked:
        answer = day.answer(made(day, row))
        if isinstance(answer, tuple):
            day.take(answer[0])
    request = made(day, ride, near_origin=tuple(near), near_destination=tuple(beside))
    snapshot = Snapshot.at(day.state, day.now_s)
    offers = offers_for(snapshot, request)
    single = {v: offers_for(snapshot, v)[:1] for v in variants_of(day.state, request)}
    assert bool(offers) == any(single.values())
    if offers:
        assert single[offers[0].request] == offers[:1]


def test_who_walks_to_the_main_road_is_fetched_there(day: Any) -> None:
    wish = day.request(FARM, TOWN, "09:00")
    near = replace(wish, near_origin=(Access(STOP, 240),))
    (best, *others) = day.answer(near)
    assert (best.request.origin, best.request.walk_to_s) == (STOP, 240)
    assert best.promise.pickup_from_s >= near.time_s + 240
    assert FARM in {offer.request.origin for offer in others}, (
        "who would not walk hears of the door"
    )


def test_walking_can_be_too_dear(open_day: Make) -> None:
    day = open_day(POINTS, replace(KIND, weight_walk=50.0))
    day.open("early", "08:00", "13:00")
    near = replace(day.request(FARM, TOWN, "09:00"), near_origin=(Access(STOP, 240),))
    assert {offer.request.origin for offer in day.answer(near)} == {FARM}


def test_a_way_back_begins_after_the_way_there(day: Any) -> None:
    there = day.book(ANNA, TOWN, "-10:00")
    back = replace(day.request(TOWN, ANNA, "09:30"), return_of=there.id)
    for offer in day.answer(back):
        assert offer.promise.pickup_from_s >= there.promise.arrive_by_s
    day.told.clear()
    day.do(BookingCancelled(there.id))
    (first, *_) = day.answer(back)
    assert first.promise.pickup_from_s < there.promise.arrive_by_s, (
        "no way there, nothing to wait for"
    )


def test_the_riders_own_longest_ride_is_promised(day: Any) -> None:
    wish = replace(day.request(ANNA, TOWN, "09:00"), ride_at_most_s=800)
    assert {offer.promise.ride_at_most_s for offer in day.answer(wish)} == {800}
    shorter_than_direct = replace(wish, ride_at_most_s=60)
    for offer in day.answer(shorter_than_direct):
        assert offer.promise.ride_at_most_s == offer.direct_s


def test_a_clearly_shorter_ride_is_an_offer_of_its_own(open_day: Make) -> None:
    """Riding round by the farm saves a bus; who would rather not hears of the other bus."""
    rules = replace(KIND, ride_factor=3.0, search_window_s=300, weight_shift=3000.0)
    day = open_day(POINTS, rules)
    day.open("first", "08:00", "13:00")
    day.open("second", "08:00", "13:00")
    farmer = day.book(FARM, MARKET, "09:00")
    best, other = day.ask(STOP, MARKET, "08:50")
    assert best.shift == farmer.shift
    assert other.shift != farmer.shift
    ride_s = [offer.planned_arrival_s - offer.planned_pickup_s for offer in (best, other)]
    assert ride_s[0] - ride_s[1] >= rules.ride_shorter_s


def test_the_lead_time_shifts_offers_not_the_wish(open_day: Make, clock: Make) -> None:
    day = open_day(POINTS, replace(KIND, lead_time_s=3600))
    day.open("early", "08:00", "13:00")
    day.now_s = clock("08:30")
    for offer in day.ask(ANNA, TOWN, "09:00"):
        assert offer.promise.pickup_from_s >= clock("09:30")


def test_no_more_offers_than_the_rules_say(open_day: Make) -> None:
    day = open_day(POINTS, replace(KIND, offers_at_most=1))
    day.open("early", "08:00", "13:00")
    (only,) = day.ask(ANNA, TOWN, "09:00")
    assert isinstance(only.promise, Promise)
