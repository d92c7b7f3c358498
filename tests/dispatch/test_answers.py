"""What is said to be different about an answer is what is different; other days are asked in turn."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.answers import (
    Kind,
    OtherDay,
    answers_on_other_days,
    describe_alternative,
    describe_offers,
)
from dispatch.engine import decide
from dispatch.events import OfferTaken, RideBooked
from dispatch.model import Access, Offer, PlaceIndex, Refusal, TimeKind, load_of
from dispatch.policy import Policy

DEPOT, FARM, STOP, ANNA, KARL, TOWN, MARKET = map(PlaceIndex, range(7))
POINTS = [(0, 0), (4000, 3000), (4000, 0), (6000, 0), (7000, 0), (12000, 0), (12300, 0)]
STRICT = Policy(lead_time_s=0, travel_factor=1.0, search_window_s=600, ride_extra_s=180)
DAY = 86_400
Make = Callable[..., Any]

places = st.integers(0, 6)
fives = st.integers(7 * 12, 14 * 12).map(lambda n: n * 300)
rides = st.tuples(places, places, st.booleans(), fives, st.sampled_from([1, 3, 6, 9]))


@given(booked=st.lists(rides, max_size=4), ride=rides, walk_s=st.integers(0, 900))
def test_every_answer_is_described_as_it_is(
    open_day: Make,
    booked: list[tuple[int, int, bool, int, int]],
    ride: tuple[int, int, bool, int, int],
    walk_s: int,
) -> None:
    """The kind of an alternative names a rule it really bends; figures are those of the offer."""
    day = open_day(POINTS, STRICT)
    day.open("a", "08:00", "13:00")
    day.open("b", "08:00", "13:00", depot=TOWN)
    answer: tuple[Offer, ...] | Refusal = ()
    for origin, destination, arrives, time_s, seats in (*booked, ride):
        request = replace(
            day.request(origin, destination, "09:00", seat=seats),
            time_kind=TimeKind.ARRIVE_BY if arrives else TimeKind.DEPART_AT,
            time_s=time_s,
            near_origin=(Access(STOP, walk_s),),
        )
        answer = day.answer(request)
        if isinstance(answer, tuple):
            best, *others = describe_offers(STRICT, request, answer)
            assert best.kind is Kind.BEST
            assert {each.kind for each in others} <= {
                Kind.EARLIER,
                Kind.LATER,
                Kind.OTHER_STOP,
                Kind.SHORTER_RIDE,
            }
            day.take(answer[0])
    if isinstance(answer, tuple):
        return
    for offer in answer.alternatives:
        told = describe_alternative(STRICT, answer.request, offer)
        wish = answer.request
        if told.kind is Kind.PART:
            assert told.persons < sum(wish.load)
        elif told.kind is Kind.LONGER_RIDE:
            usual_s = STRICT.longest_ride_s(offer.direct_s)
            assert told.longer_s == offer.promise.ride_at_most_s - usual_s > 0
        elif told.kind is Kind.OTHER_STOP:
            assert offer.request.walk_to_s == walk_s > 0
        else:
            assert told.kind is (Kind.LATER if told.later_s > 0 else Kind.EARLIER)
        door_s = offer.planned_pickup_s - offer.request.walk_to_s
        if wish.time_kind is TimeKind.ARRIVE_BY:
            door_s = offer.planned_arrival_s + offer.request.walk_from_s
        assert told.later_s == door_s - wish.time_s


@pytest.fixture
def week(open_day: Make) -> Any:
    """Open the day of the wish, a day without a bus, and one whose bus starts late."""
    days = [open_day(POINTS, STRICT) for _ in range(3)]
    days[0].open("early", "08:00", "13:00")
    days[2].open("late", "14:00", "18:00")
    return days


def asked(week: Any, request: Any, seen: list[int]) -> Iterator[OtherDay]:
    """Hand out the days after the first one, noting which were looked at."""
    for ahead in (1, 2):
        seen.append(ahead)
        now_s = week[0].now_s - ahead * DAY
        yield OtherDay(ahead, week[ahead].state, request, now_s)


def test_the_first_other_day_with_a_bus(week: Any) -> None:
    request = week[0].request(ANNA, TOWN, "20:00")
    assert isinstance(week[0].answer(request), Refusal)
    seen: list[int] = []
    ((day, offer),) = answers_on_other_days(asked(week, request, seen))
    assert day.ahead == 2
    _, effects = decide(week[2].state, OfferTaken(offer), day.now_s)
    assert isinstance(effects[0], RideBooked)
    told = describe_alternative(STRICT, request, offer, day.ahead)
    assert (told.kind, told.days) == (Kind.OTHER_DAY, 2)
    assert offer.planned_pickup_s <= 18 * 3600


def test_no_day_is_looked_at_before_it_is_asked_for(open_day: Make) -> None:
    days = [open_day(POINTS, STRICT) for _ in range(3)]
    for day in days:
        day.open("early", "08:00", "13:00")
    seen: list[int] = []
    answers = answers_on_other_days(asked(days, days[0].request(ANNA, TOWN, "09:00"), seen))
    next(answers)
    assert seen == [1]


def test_beyond_the_horizon_no_day_answers(week: Any) -> None:
    request = week[0].request(ANNA, TOWN, "15:00")
    far = OtherDay(2, week[2].state, request, -STRICT.booking_horizon_s - 1)
    assert list(answers_on_other_days([far])) == []
    assert list(answers_on_other_days([replace(far, now_s=-DAY)]))


def test_a_part_is_told_by_its_persons(open_day: Make) -> None:
    day = open_day(POINTS, STRICT)
    day.open("a", "08:00", "13:00")
    request = replace(day.request(ANNA, TOWN, "09:00"), load=load_of(seat=9))
    (part,) = day.answer(request).alternatives
    told = describe_alternative(STRICT, request, part)
    assert (told.kind, told.persons) == (Kind.PART, 8)
